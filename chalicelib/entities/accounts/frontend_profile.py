"""Named profiles of a frontend's settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict


class FrontendProfileName(TypedDict):
    name: str
    version: int


class FrontendProfile(TypedDict):
    settings: dict[str, Any]
    version: int


def render_frontend_profile_names(profiles: Iterable[tuple[str, int]]) -> list[FrontendProfileName]:
    return [{"name": name, "version": version} for name, version in profiles]


def render_frontend_profile(profile: Mapping[str, Any]) -> FrontendProfile:
    return {"settings": profile["settings"], "version": profile["version"]}
