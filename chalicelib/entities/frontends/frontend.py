"""A frontend, as administrators choose one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict


class Frontend(TypedDict):
    """`installed_refs`: the versions that are installed here, for newer clients. There are none."""

    name: str
    git: str | None
    build_url: str | None
    ref: str
    installed: bool
    installed_refs: list[str]


def render_frontend(available: Mapping[str, Any]) -> Frontend:
    return {"name": available["name"], "git": available.get("git"), "build_url": available.get("build_url"),
            "ref": available["ref"], "installed": False, "installed_refs": []}
