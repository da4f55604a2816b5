"""Emoji reactions: one account may put several different emoji on a status, each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..ids import new_flake
from ..settings import settings
from ..store import accounts, marks, reactions, statuses
from ..store.accounts import Account
from ..store.addressing import Addressee
from ..store.marks import Mark
from ..store.notifications import Notice
from ..store.parallel import together
from ..store.reactions import Changed
from ..store.statuses import Status
from ..store.surroundings import Surroundings
from ..store.table import Overloaded
from . import notifications, push, text, visibility
from .refusals import BadRequest, NotFound
from .viewer import Viewer

MOST_LISTED = 400
TRIES = 20


@dataclass(frozen=True)
class Reaction:
    """One emoji on a status as the viewer sees it: `accounts` latest first, at most 400, `count` goes on."""

    name: str
    count: int
    me: bool
    accounts: list[Account]


def add(status_id: str, emoji: str, by: Viewer) -> tuple[Status, Surroundings]:
    """React to a status; the same emoji twice counts once and tells nobody again."""
    refusal = BadRequest("Could not add reaction emoji")
    if not text.is_emoji(emoji):
        raise refusal
    for _ in range(TRIES):
        status, around, author = _open_to(status_id, by, refusal)
        mark = around.marks.get(status.id)
        if emoji in _own(mark):
            return status, around
        flake = new_flake()
        told = _notice(status, author, by, emoji, flake)
        try:
            reactions.add(status, mark, by.id, emoji, flake, told)
        except Changed:
            continue
        push.announce([told])
        return _after(status, around, mark, by, added=(emoji, flake))
    raise Overloaded("a status' reactions kept changing")


def remove(status_id: str, emoji: str, by: Viewer) -> tuple[Status, Surroundings]:
    """Take a reaction back, and the notification it made."""
    refusal = BadRequest("Could not remove reaction emoji")
    for _ in range(TRIES):
        status, around, _ = _open_to(status_id, by, refusal)
        mark = around.marks.get(status.id)
        if mark is None or emoji not in _own(mark):
            raise refusal
        try:
            reactions.remove(status, mark, by.id, emoji, status.account_id)
        except Changed:
            continue
        return _after(status, around, mark, by, removed=emoji)
    raise Overloaded("a status' reactions kept changing")


def _open_to(status_id: str, by: Viewer, refusal: BadRequest) -> tuple[Status, Surroundings, Addressee | None]:
    try:
        return visibility.open_to(status_id, by)
    except NotFound:
        raise refusal from None


def _own(mark: Mark | None) -> dict[str, str]:
    return dict(mark.reactions or {}) if mark is not None else {}


def _notice(status: Status, author: Addressee | None, by: Viewer, emoji: str, flake: str) -> Notice | None:
    if author is None:
        return None
    return notifications.notice(
        "pleroma:emoji_reaction", recipient=author.account, hides=author.hides, relation=author.relation,
        by=by.account, cause=flake, status=status, emoji=emoji,
    )


def _after(status: Status, around: Surroundings, mark: Mark | None, by: Viewer, *,
           added: tuple[str, str] | None = None, removed: str | None = None) -> tuple[Status, Surroundings]:
    """The status in hand with the change applied: what another read would show."""
    summary = {emoji: dict(entry) for emoji, entry in (status.reactions or {}).items()}
    own = _own(mark)
    if added is not None:
        emoji, flake = added
        own[emoji] = flake
        entry = summary.setdefault(emoji, {"f": flake, "n": 0})
        entry["n"] += 1
    if removed is not None:
        own.pop(removed, None)
        if removed in summary:
            summary[removed]["n"] -= 1
            if summary[removed]["n"] <= 0:
                del summary[removed]
    status.reactions = summary
    mark = mark or Mark(by.id, status.id)
    mark.reactions = own
    return status, Surroundings(around.statuses, around.accounts, around.marks | {status.id: mark}, around.relations)


def list_of(status_id: str, viewer: Viewer | None, *, with_muted: bool = False,
            only: str | None = None) -> list[Reaction]:
    """Who reacted with what: emoji by first use, within one the latest account first. Unknown status: nothing."""
    status = statuses.find(status_id)
    if status is None or not settings.show_reactions or not status.reactions:
        return []
    try:
        (_, around), all_marks = together(
            lambda: visibility.shown(status, viewer), lambda: marks.of_status(status.id, MOST_LISTED))
    except NotFound:
        return []
    own = around.marks.get(status.id)
    everybody = _everybody(all_marks, viewer, own)
    shown = {id: account for id, account in accounts.find_many(_listed(everybody, only)).items()
             if visibility.is_active(account) and not hidden(viewer, id, with_muted)}
    first = {emoji: entry["f"] for emoji, entry in status.reactions.items()}
    names = sorted({emoji for reacted in everybody.values() for emoji in reacted}, key=lambda emoji: (
        first.get(emoji) or min(reacted[emoji] for reacted in everybody.values() if emoji in reacted)
    ))
    found = []
    for name in names:
        people = _latest_first(name, everybody, shown)
        if people and only in (None, name):
            unlisted = max(int(status.reactions.get(name, {}).get("n", 0)) - MOST_LISTED, 0)
            me = viewer is not None and name in _own(own)
            found.append(Reaction(name, len(people) + (unlisted if len(people) >= MOST_LISTED else 0), me, people))
    return found


def _everybody(known: Iterable[Mark], viewer: Viewer | None, own: Mark | None) -> dict[str, dict[str, str]]:
    """Emoji to flake, by account; the viewer's own from their own row, which is never late."""
    found = {mark.account_id: dict(mark.reactions) for mark in known if mark.reactions}
    if viewer is not None:
        found.pop(viewer.id, None)
        if _own(own):
            found[viewer.id] = _own(own)
    return found


def _listed(everybody: dict[str, dict[str, str]], only: str | None) -> Iterable[str]:
    return [id for id, reacted in everybody.items() if only is None or only in reacted]


def _latest_first(name: str, everybody: dict[str, dict[str, str]], shown: dict[str, Account]) -> list[Account]:
    ids = [id for id, reacted in everybody.items() if name in reacted and id in shown]
    return [shown[id] for id in sorted(ids, key=lambda id: everybody[id][name], reverse=True)]


def hidden(viewer: Viewer | None, account_id: str, with_muted: bool) -> bool:
    """Whether the viewer does not want to see what this account does."""
    return viewer is not None and (viewer.blocks(account_id) or (not with_muted and viewer.mutes(account_id)))
