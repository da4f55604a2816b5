"""Whether visitors may look at pages at all: what the settings of the instance close to them."""

from __future__ import annotations

from ...settings import settings
from ..refusals import Forbidden
from ..viewer import Viewer


class MembersOnly(Forbidden):
    """Raised for visitors. Who signs in may see it."""

    default = "This server shows its pages to members only."


def demand_profiles(viewer: Viewer | None) -> None:
    _demand(viewer, settings.restrict_profiles)


def demand_timelines(viewer: Viewer | None) -> None:
    _demand(viewer, settings.restrict_timelines)


def demand_statuses(viewer: Viewer | None) -> None:
    _demand(viewer, settings.restrict_statuses)


def shows_timelines() -> bool:
    """Whether visitors see what is new."""
    return settings.public and not settings.restrict_timelines


def shows_profiles() -> bool:
    """Whether visitors see who is here."""
    return settings.public and not settings.restrict_profiles


def _demand(viewer: Viewer | None, is_restricted: bool) -> None:
    if viewer is None and (is_restricted or not settings.public):
        raise MembersOnly
