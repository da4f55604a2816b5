"""Emoji reactions: one account may put several different emoji on a status, each once.

A custom emoji of this server is called by its shortcode. One of another server is called `name@host`. An account there
brings it, with the address of its picture. Then people here may put it on the same status too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ...ids import new_flake
from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.statuses import marks, reactions, statuses
from ...store.statuses.addressing import Addressee
from ...store.statuses.marks import Mark
from ...store.statuses.reactions import Reaction, entry_of, picture_of
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from .. import events, text, visibility
from ..emoji import custom
from ..event_types.statuses import ReactionAdded, ReactionRemoved
from ..notifications import making
from ..refusals import BadRequest, NotFound
from ..retrying import retried
from ..viewer import Viewer
from . import keeping

MOST_LISTED = 400
Reacted = dict[str, dict[str, str]]
"""By account: emoji to flake."""


@dataclass(frozen=True)
class SeenReaction:
    """One emoji on a status as the viewer sees it. `accounts`: latest first, 400 for all emoji. `count`: no limit."""

    name: str
    count: int
    me: bool
    accounts: list[Account]
    picture: str | None = None


def add(status_id: str, emoji: str, by: Viewer, picture: str | None = None) -> tuple[Status, Surroundings]:
    """React to a status. The same emoji again counts once, and notifies nobody.

    `picture`: that of a custom emoji, which an account of another server brings.
    """
    refusal = BadRequest("Could not add reaction emoji")
    one = _spelt(emoji)
    if one is None:
        raise refusal
    return retried(lambda: _add(status_id, Reaction(one, new_flake(), picture), by, refusal))


def _spelt(emoji: str) -> str | None:
    """The one spelling in which an emoji is counted. A custom one may come between colons."""
    return text.find_emoji(emoji) or emoji.strip(":") or None


def _add(status_id: str, new: Reaction, by: Viewer, refusal: BadRequest) -> tuple[Status, Surroundings]:
    status, around, author = _open_to(status_id, by, refusal)
    mark = around.marks.get(status.id)
    if new.emoji in _own(mark):
        return status, around
    new = _pictured(new, status, refusal)
    told = making.notice("pleroma:emoji_reaction", author, by=by.account, cause=new.flake, status=status,
                         emoji=new.emoji)
    if told is not None:
        told.emoji_url = new.picture
    event = ReactionAdded(status.id, by.id, new.emoji, new.flake, _author_elsewhere(status, by))
    kept = keeping.kept(status, by)
    reactions.add(status, mark, by.id, new, told, events.owed(event, *kept))
    events.tell(event, *kept, *events.told([told]))
    return _after(status, around, mark, by, added=new)


def _pictured(new: Reaction, status: Status, refusal: BadRequest) -> Reaction:
    """The reaction with the picture that the status has for it. A custom emoji needs one, and room on the status."""
    if text.find_emoji(new.emoji) is not None:
        return replace(new, picture=None)
    known = picture_of(status, new.emoji)
    if known is None and "@" not in new.emoji:
        new = replace(new, picture=custom.picture_of(new.emoji))
    if known is None and (new.picture is None or len(status.reactions or {}) >= reactions.MOST_EMOJI):
        raise refusal
    return replace(new, picture=known or new.picture)


def _author_elsewhere(status: Status, by: Viewer) -> str | None:
    """The author, if their server has to hear of it from this one."""
    return status.account_id if status.host is not None and by.account.host is None else None


def remove(status_id: str, emoji: str, by: Viewer) -> tuple[Status, Surroundings]:
    """Take a reaction back, and the notification it made."""
    return retried(lambda: _remove(status_id, _spelt(emoji) or emoji, by))


def _remove(status_id: str, emoji: str, by: Viewer) -> tuple[Status, Surroundings]:
    refusal = BadRequest("Could not remove reaction emoji")
    status, around, _ = _open_to(status_id, by, refusal)
    mark = around.marks.get(status.id)
    if mark is None or emoji not in _own(mark):
        raise refusal
    pictures: Any = mark.reaction_pictures or {}
    event = ReactionRemoved(status.id, by.id, emoji, mark.reactions[emoji], _author_elsewhere(status, by), status.uri,
                            pictures.get(emoji))
    reactions.remove(status, mark, by.id, emoji, events.owed(event))
    events.tell(event)
    return _after(status, around, mark, by, removed=emoji)


def _open_to(status_id: str, by: Viewer, refusal: BadRequest) -> tuple[Status, Surroundings, Addressee | None]:
    try:
        return visibility.open_to(status_id, by)
    except NotFound:
        raise refusal from None


def _own(mark: Mark | None) -> dict[str, str]:
    return dict(mark.reactions or {}) if mark is not None else {}


def _after(status: Status, around: Surroundings, mark: Mark | None, by: Viewer, *,
           added: Reaction | None = None, removed: str | None = None) -> tuple[Status, Surroundings]:
    """The loaded status with the change applied: what another read would show."""
    summary = {emoji: dict(entry) for emoji, entry in (status.reactions or {}).items()}
    own = _own(mark)
    if added is not None:
        own[added.emoji] = added.flake
        if added.emoji in summary:
            summary[added.emoji]["n"] += 1
            summary[added.emoji]["w"] = [*summary[added.emoji].get("w", ()), by.id]
        else:
            summary[added.emoji] = entry_of(added.flake, added.picture, by.id)
    if removed is not None:
        own.pop(removed, None)
        if removed in summary:
            summary[removed]["n"] -= 1
            summary[removed]["w"] = [id for id in summary[removed].get("w", ()) if id != by.id]
            if summary[removed]["n"] <= 0:
                del summary[removed]
    status.reactions = summary
    mark = mark or Mark.blank(by.id, status.id)
    mark.reactions = own
    return status, Surroundings(around.statuses, around.accounts, around.marks | {status.id: mark}, around.relations)


def list_of(status_id: str, viewer: Viewer | None, *, with_muted: bool = False,
            only: str | None = None) -> list[SeenReaction]:
    """Who reacted with what: emoji by first use, within one the latest account first. Unknown status: nothing."""
    only = only and (_spelt(only) or only)
    status = statuses.find(status_id)
    if status is None or not settings.show_reactions or not status.reactions:
        return []
    try:
        (_, around), known = together(
            lambda: visibility.shown(status, viewer), lambda: marks.reactions_of(status.id))
    except NotFound:
        return []
    own = _own(around.marks.get(status.id))
    by_emoji = _by_emoji(_with_own(known, viewer, own), viewer, with_muted)
    first = {emoji: status.reactions[emoji]["f"] if emoji in status.reactions else min(flakes.values())
             for emoji, flakes in by_emoji.items()}
    latest = {emoji: sorted(by_emoji[emoji], key=by_emoji[emoji].__getitem__, reverse=True)
              for emoji in sorted(by_emoji, key=first.__getitem__) if only in (None, emoji)}
    listed = {emoji: latest[emoji][:share] for emoji, share in _shares(latest).items()}
    people = accounts.find_many({id for ids in listed.values() for id in ids})
    found = []
    for emoji, ids in latest.items():
        active = [people[id] for id in listed[emoji] if id in people and visibility.is_active(people[id])]
        count = len(ids) - (len(listed[emoji]) - len(active))
        if count:
            me = viewer is not None and emoji in own
            found.append(SeenReaction(emoji, count, me, active, picture_of(status, emoji)))
    return found


def _with_own(known: Reacted, viewer: Viewer | None, own: dict[str, str]) -> Reacted:
    """Who reacted with what. Others are from the index, the viewer from the own mark, which is never late."""
    if viewer is None:
        return known
    return {id: reacted for id, reacted in known.items() if id != viewer.id} | {viewer.id: own}


def _by_emoji(everybody: Reacted, viewer: Viewer | None, with_muted: bool) -> dict[str, dict[str, str]]:
    """By emoji: account to flake, without accounts that the viewer does not want to see."""
    found: dict[str, dict[str, str]] = {}
    for id, reacted in everybody.items():
        if not hidden(viewer, id, with_muted):
            for emoji, flake in reacted.items():
                found.setdefault(emoji, {})[id] = flake
    return found


def _shares(people: dict[str, list[str]]) -> dict[str, int]:
    """How many accounts of each emoji fit into a list. Rare emoji show all of them; the others share the rest."""
    left, shares = MOST_LISTED, {}
    for place, emoji in enumerate(sorted(people, key=lambda emoji: len(people[emoji]))):
        shares[emoji] = min(len(people[emoji]), left // (len(people) - place))
        left -= shares[emoji]
    return shares


def hidden(viewer: Viewer | None, account_id: str, with_muted: bool) -> bool:
    """Whether the viewer does not want to see what this account does."""
    return viewer is not None and (viewer.blocks(account_id) or (not with_muted and viewer.mutes(account_id)))
