"""Profiles: what an account says about itself, and what a change of it may be.

A change is all or nothing: everything is checked, and pictures are redrawn, before anything is stored. What others
read is made at the change and not at each reading: links and mentions in bio and fields, custom emoji, addresses of
pictures. Only what `ProfileChange` names can be changed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from ...settings import settings
from ...store.accounts.accounts import Account, listing
from ...store.accounts.profiles import AccountGone, Writing
from ...store.federation import presence
from ...store.media import uploads as media
from ...store.media.uploads import NewFile
from .. import documents, events
from ..emoji import custom
from ..event_types.accounts import ProfileChanged
from ..event_types.event import Event
from ..listeners.federating import PROFILE_TURN
from ..lookup import people_named
from ..media import pictures as images
from ..media.pictures import NotAnImage, StoredPicture
from ..refusals import BadRequest, Forbidden, TooLarge
from ..search import index
from ..text import fits, format_field, format_note, mentioned_names
from ..viewer import Viewer
from . import birthdays, changing, saying
from .changing import Decide

INVALID = "Invalid request"
INVALID_IMAGE = "Invalid image"
SIGNED_OUT = "Invalid credentials."
VISIBILITIES = frozenset({"public", "unlisted", "local", "private", "direct", "list"})
TYPES = frozenset({"Person", "Service"})
SWITCHES = frozenset({
    "discoverable", "no_rich_text", "show_role", "hide_followers", "hide_follows", "hide_followers_count",
    "hide_follows_count", "hide_favorites", "skip_thread_containment", "allow_following_move", "accepts_chat_messages",
})
NEWER_SWITCHES = frozenset({
    "indexable", "show_birthday", "default_sensitive", "permit_followback", "show_media", "show_media_replies",
    "show_featured",
})
"""Those that people change for themselves only."""
PICTURES = frozenset({"avatar", "header", "background"})

# The reference has no such limits. They keep a profile in one item, which every page that shows it has to load.
MOST_MARKUP = 4
"""How much longer a field may be as typed than as shown."""
MOST_NAMED = 500
TOO_LONG = "should be at most"
IS_INVALID = "is invalid"
TOO_LARGE = "is too large"
MOST_URL = 2_000
_NOT_IN_A_URL = re.compile(r"[\s\x00-\x20\x7f-\x9f\"<>\\^`{|}]")


@dataclass(frozen=True)
class ProfileChange:
    """What to change in a profile. None, or a name that is absent, leaves that part as it is.

    `sayings`: what `saying` has rules for, by name; an empty value takes it back. `pictures` are bytes as sent, or None
    for the default. `settings_store` is what frontends keep, each by its name.
    """

    display_name: str | None = None
    note: str | None = None
    fields: Sequence[tuple[str, str]] | None = None
    also_known_as: Sequence[str] | None = None
    default_scope: str | None = None
    actor_type: str | None = None
    locked: bool | None = None
    switches: Mapping[str, bool] = field(default_factory=dict)
    sayings: Mapping[str, Any] = field(default_factory=dict)
    pictures: Mapping[str, bytes | None] = field(default_factory=dict)
    settings_store: Mapping[str, Any] | None = None


class Faulty(Exception):
    """Rules are broken: what is wrong, by the names in `ProfileChange`. Nothing has changed."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(faults)
        self.faults = faults


class PictureTooLarge(TooLarge):
    """More bytes than this picture may have."""

    def __init__(self, picture: str, text: str) -> None:
        super().__init__(text)
        self.faults = {picture: text}


class RulesBroken(Forbidden):
    """A change that breaks rules, as their owner hears of it. `faults`: as `Faulty` has them."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(INVALID)
        self.faults = faults


@dataclass(frozen=True)
class _Html:
    """Bio and fields as others read them, as far as they change."""

    note: str | None
    fields: list[list[str]] | None


def update(viewer: Viewer, change: ProfileChange) -> Viewer:
    """Change the viewer's profile. Answers the viewer with the changed profile.

    Raises Forbidden if a rule is broken, TooLarge for a picture. Then nothing has changed.
    """
    try:
        return _update(viewer, change)
    except Faulty as faulty:
        raise RulesBroken(faulty.faults) from None


def set_picture(viewer: Viewer, name: str, data: bytes | None) -> Viewer:
    """Change one picture. Raises BadRequest if the bytes are no picture, TooLarge."""
    try:
        return _update(viewer, ProfileChange(pictures={name: data}))
    except Faulty:
        raise BadRequest(INVALID_IMAGE) from None


def _update(viewer: Viewer, change: ProfileChange) -> Viewer:
    def write(decide: Decide) -> Account:
        return changing.change(viewer.account, decide, with_settings_store=change.settings_store is not None)

    try:
        return replace(viewer, account=apply(viewer.account, change, write))
    except AccountGone:
        raise Forbidden(SIGNED_OUT) from None


def apply(account: Account, change: ProfileChange, write: Callable[[Decide], Account]) -> Account:
    """Change a profile. `write` writes what is decided. Answers the changed account. Raises Faulty, TooLarge."""
    faults = find_faults(change)
    if faults:
        raise Faulty(faults)
    html = _linked(change)
    pictures = {name: _read(name, data) if data is not None else None for name, data in change.pictures.items()}

    def decide(account: Account, settings_store: dict[str, Any]) -> Writing:
        return _writing(account, settings_store, change, html, pictures)

    decide(account, {})  # what breaks a rule is refused before a file is stored
    uploads = media.keep(account.id, [NewFile(each.name, each.type, each.data) for each in pictures.values() if each])
    if change.display_name is not None:
        index.index_account(account, display_name=change.display_name)
    birthdays.expect(account.id, account.profile, {**account.profile, **change.sayings, **change.switches})
    try:
        changed = write(decide)
    except Exception:
        media.forget(uploads)
        raise
    if change.display_name is not None:
        index.reindex_account(account, changed)
    birthdays.settle(account.id, account.profile, changed.profile)
    return changed


def _read(picture: str, data: bytes) -> StoredPicture:
    try:
        return images.read(data, _limit(picture))
    except NotAnImage:
        raise Faulty({picture: IS_INVALID}) from None
    except TooLarge as refusal:
        raise PictureTooLarge(picture, refusal.message) from None


def _limit(picture: str) -> int:
    return {"avatar": settings.avatar_upload_limit, "header": settings.banner_upload_limit,
            "background": settings.background_upload_limit}[picture]


# The rules.


def find_faults(change: ProfileChange) -> dict[str, str]:
    """What breaks a rule, by its name in `ProfileChange`."""
    name_length, bio_length = settings.user_name_length, settings.user_bio_length
    rules = [
        ("display_name", _fits(change.display_name, name_length), too_long(name_length)),
        ("note", _fits(change.note, bio_length), too_long(bio_length)),
        ("fields", change.fields is None or _are_fields(change.fields), "invalid"),
        ("fields", documents.size([change.note, change.fields]) <= documents.LARGEST_PROFILE, TOO_LARGE),
        ("also_known_as", change.also_known_as is None or all(map(_is_url, change.also_known_as)), IS_INVALID),
        ("default_scope", change.default_scope is None or change.default_scope in VISIBILITIES, IS_INVALID),
        ("actor_type", change.actor_type is None or change.actor_type in TYPES, IS_INVALID),
        ("switches", change.switches.keys() <= SWITCHES | NEWER_SWITCHES, IS_INVALID),
        ("sayings", saying.are_right(change.sayings), IS_INVALID),
        ("pictures", change.pictures.keys() <= PICTURES, IS_INVALID),
    ]
    return {name: text for name, is_kept, text in reversed(rules) if not is_kept}


def too_long(most: int) -> str:
    return f"{TOO_LONG} {most} character(s)"


def _fits(text: str | None, most: int) -> bool:
    return text is None or fits(most, text)


def _are_fields(fields: Sequence[tuple[str, str]]) -> bool:
    """Checks names, and values as they were typed. The values are measured again once they are HTML."""
    return len(fields) <= settings.max_account_fields and all(
        _fits(name, settings.account_field_name_length)
        and _fits(value, settings.account_field_value_length * MOST_MARKUP) for name, value in fields
    )


def _is_url(text: str) -> bool:
    """An absolute http(s) address with a host."""
    if len(text) > MOST_URL or _NOT_IN_A_URL.search(text):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def named_fields(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields that have a name: clients also send their empty lines."""
    return [(name, value) for name, value in fields if name]


# What others read.


def _linked(change: ProfileChange) -> _Html:
    """Bio and fields as HTML. Everybody mentioned in them is looked up once."""
    note, fields = change.note, change.fields
    names = mentioned_names(note, "text/plain") if note else []
    for _, value in fields or ():
        names += [*mentioned_names(value, "text/plain"), *mentioned_names(value, "text/html")]
    people = people_named(list(dict.fromkeys(names))[:MOST_NAMED])
    html = _Html(
        None if note is None else format_note(note, people=people, base_url=settings.base_url),
        None if fields is None else [
            [name, value, format_field(value, people=people, base_url=settings.base_url)] for name, value in fields
        ],
    )
    if not all(fits(settings.account_field_value_length, shown) for _, _, shown in html.fields or ()):
        raise Faulty({"fields": "invalid"})
    return html


# What is written.


def _writing(account: Account, kept: dict[str, Any], change: ProfileChange, html: _Html,
             pictures: Mapping[str, StoredPicture | None]) -> Writing:
    """The change, applied to a profile and to what frontends keep with it. Raises Faulty if that gets too large."""
    values: dict[str, Any] = {}
    if change.locked is not None:
        values["locked"] = change.locked
    if change.actor_type is not None:
        values["actor_type"] = change.actor_type
    if change.display_name is not None:
        values["display_lower"] = (change.display_name.casefold() or account.nickname_lower)[:200]
    doc = _document(account.profile, change, html, pictures)
    if doc != account.profile:
        _bound("note", doc, documents.LARGEST_PROFILE)
        values["doc"] = doc
    if listing(account.host, doc) != account.listed:
        values["listed"] = listing(account.host, doc)
    owed = events.owed(*_happened(account, values))
    if change.settings_store is None:
        return Writing(values, jobs=owed)
    merged = {**kept, **change.settings_store}
    _bound("settings_store", merged, documents.LARGEST_SETTINGS_STORE)
    return Writing(values, merged, owed)


def rewritten(account: Account, values: Mapping[str, Any], happened: Sequence[Event] = ()) -> Writing:
    """The profile's document with these values. None, or an empty one, takes a value out of it. `happened`: besides
    that the profile has changed.
    """
    doc = {name: value for name, value in {**account.profile, **values}.items() if value is not None}
    told: Sequence[Event] = _happened(account, {"doc": doc}) if account.host is None else []
    return Writing({"doc": doc}, jobs=events.owed(*happened, *told))


def _happened(account: Account, values: Mapping[str, Any]) -> list[ProfileChanged]:
    """What other servers may have to hear. There is nothing to tell at once: changes made together go together."""
    if not values or not (account.foreign_followers_count or presence.is_known()):
        return []
    return [ProfileChanged(account.id, int(time.time()) // PROFILE_TURN)]


def _document(profile: Mapping[str, Any], change: ProfileChange, html: _Html,
              pictures: Mapping[str, StoredPicture | None]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "display_name": change.display_name, "note": change.note, "note_html": html.note, "fields": html.fields,
        "also_known_as": None if change.also_known_as is None else list(change.also_known_as),
        "default_scope": change.default_scope, **change.switches, **change.sayings,
    }
    doc = {**profile, **{name: value for name, value in said.items() if value is not None}}
    for name, picture in pictures.items():
        if picture is None:
            doc.pop(f"{name}_description", None)
    for name, picture in pictures.items():
        doc[name] = f"/{media.PREFIX}{picture.name}" if picture is not None else ""
    if change.display_name is not None or change.note is not None or change.fields is not None:
        fields = [text for name, value, _ in doc.get("fields") or () for text in (name, value)]
        doc["emojis"] = custom.find_in(doc.get("display_name") or "", doc.get("note") or "", *fields)
    return {name: value for name, value in doc.items() if value not in ("", [], {})}


def _bound(name: str, document: dict[str, Any], most: int) -> None:
    """Raises Faulty if it is larger than may be stored, or not JSON: a form may send a file in any place."""
    try:
        has_room = documents.size(document) <= most
    except TypeError:
        has_room = False
    if not has_room:
        raise Faulty({name: TOO_LARGE})
