"""A frontend, as administrators choose one."""

from __future__ import annotations

from typing import TypedDict

from ...domain.frontends.installing import ShownFrontend


class Frontend(TypedDict):
    """`installed_refs`: the versions that are installed, newest first. `ref`: the chosen one, or else the newest."""

    name: str
    git: str | None
    build_url: str | None
    ref: str
    installed: bool
    installed_refs: list[str]
    primary: bool
    admin: bool


def render_frontends(shown: list[ShownFrontend]) -> list[Frontend]:
    return [render_frontend(each) for each in shown]


def render_frontend(shown: ShownFrontend) -> Frontend:
    return {"name": shown.name, "git": shown.about.get("git"), "build_url": shown.about.get("build_url"),
            "ref": shown.ref, "installed": bool(shown.refs), "installed_refs": list(shown.refs),
            "primary": shown.is_primary, "admin": shown.is_admin}
