"""What frontends keep with an account: settings by the name of an app, and Akkoma's named profiles of settings.

Both are read and written as a whole, under the version of the account's preferences. So nothing that two frontends
write at once is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...store.accounts import preferences
from ...store.accounts.accounts import Preferences
from ...store.dynamo.keys import Key
from .. import documents
from ..refusals import NotFound, TooLarge, Unacceptable
from ..retrying import retried
from ..viewer import Viewer

LARGEST_PROFILES = 100_000
LONGEST_NAME = 255
UNKNOWN = "Not found"
MISSED = "version must be incremented by 1"
Map = Mapping[str, Any]


def ahead(viewer_id: str, **_: str) -> list[Key]:
    """What every request about these settings reads first."""
    return [preferences.preferences_key(viewer_id)]


def get(app: str, viewer: Viewer) -> dict[str, Any]:
    """What an app has kept. An object in any case: others may have kept something else by `update_credentials`."""
    kept = (preferences.find(viewer.id).settings_store or {}).get(app)
    return kept if isinstance(kept, dict) else {}


def merge(app: str, change: Map, viewer: Viewer) -> dict[str, Any]:
    """Merge a change into what an app has kept, level by level. Null takes away. Answers what is kept then."""
    def merged(kept: Preferences) -> tuple[dict[str, Any], dict[str, Any]]:
        store = kept.settings_store or {}
        before = store.get(app)
        after = _merged(before if isinstance(before, dict) else {}, change)
        return {"settings_store": _bounded({**store, app: after}, documents.LARGEST_SETTINGS_STORE)}, after

    _check_name(app)
    return _change(viewer, merged)


def _merged(before: Map, change: Map) -> dict[str, Any]:
    after = dict(before)
    for name, value in change.items():
        if value is None:
            after.pop(name, None)
        elif isinstance(value, dict):
            known = after.get(name)
            after[name] = _merged(known if isinstance(known, dict) else {}, value)
        else:
            after[name] = value
    return after


# Named profiles.


def list_profiles(frontend: str, viewer: Viewer) -> list[tuple[str, int]]:
    """The names and versions of a frontend's profiles, by name."""
    kept = _profiles(preferences.find(viewer.id), frontend)
    return sorted((name, profile["version"]) for name, profile in kept.items())


def get_profile(frontend: str, name: str, viewer: Viewer) -> dict[str, Any]:
    """A profile: its `settings` and `version`. Raises NotFound."""
    return _demand(preferences.find(viewer.id), frontend, name)


def put_profile(frontend: str, name: str, wanted: Map, version: int, viewer: Viewer) -> dict[str, Any]:
    """Write a profile. Raises Unacceptable if its version is not the next one: another device has written it."""
    def written(kept: Preferences) -> tuple[dict[str, Any], dict[str, Any]]:
        profiles = _profiles(kept, frontend)
        if version < 1 or (name in profiles and version != profiles[name]["version"] + 1):
            raise Unacceptable(MISSED)
        after = {**profiles, name: {"settings": dict(wanted), "version": version}}
        return _with(kept, frontend, after), dict(wanted)

    _check_name(frontend)
    _check_name(name)
    return _change(viewer, written)


def delete_profile(frontend: str, name: str, viewer: Viewer) -> None:
    """Raises NotFound."""
    def deleted(kept: Preferences) -> tuple[dict[str, Any], dict[str, Any]]:
        profile = _demand(kept, frontend, name)
        left = {each: value for each, value in _profiles(kept, frontend).items() if each != name}
        return _with(kept, frontend, left), profile

    _change(viewer, deleted)


def _profiles(kept: Preferences, frontend: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = (kept.frontend_profiles or {}).get(frontend, {})
    return found


def _with(kept: Preferences, frontend: str, profiles: Map) -> dict[str, Any]:
    every = {**(kept.frontend_profiles or {}), frontend: profiles}
    left = {each: value for each, value in every.items() if value}
    return {"frontend_profiles": _bounded(left, LARGEST_PROFILES) or None}


def _demand(kept: Preferences, frontend: str, name: str) -> dict[str, Any]:
    found = _profiles(kept, frontend).get(name)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _change(viewer: Viewer, decide: Callable[[Preferences], tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, Any]:
    """Write what `decide` says. Answers the second of what it gives."""
    def attempt() -> dict[str, Any]:
        kept = preferences.find(viewer.id)
        values, answer = decide(kept)
        preferences.save(viewer.id, int(kept.version or 0), values)
        return answer

    return retried(attempt)


def _check_name(name: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME:
        raise Unacceptable("name is too long")


def _bounded(document: dict[str, Any], most: int) -> dict[str, Any]:
    """Raises TooLarge, or Unacceptable for what is not JSON: a form may send a file in any place."""
    try:
        size = documents.size(document)
    except TypeError:
        raise Unacceptable("settings must be JSON") from None
    if size > most:
        raise TooLarge("settings are too large")
    return document
