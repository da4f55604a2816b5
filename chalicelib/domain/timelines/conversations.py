"""Conversations: direct statuses of one thread, and each participant's own view of them.

The thread is shared. A *participation* is one account's entry: its id, unread mark and recipients. Clients see only
participations, and call them conversations. The recipients of a reply change only when the entry's owner says so.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from ...ids import is_flake
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.dynamo.stretches import Stretch, end_of
from ...store.statuses import surroundings
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.timelines import conversations, feeds
from ...store.timelines.conversations import Participation, participants_hash
from ...store.timelines.feeds import FeedRow
from ..pages import fill
from ..paging import Cursors, Window
from ..refusals import NotFound
from ..relationships import domain_blocks
from ..viewer import Viewer
from ..visibility import is_active, is_shown, takes_part
from . import timelines
from .timelines import Timeline

MOST_RECIPIENTS = 1000
MOST_READ = 400
LOOKED_BACK = 40
UNKNOWN = "Unknown conversation id"


@dataclass(frozen=True)
class ConversationView:
    """An entry with what it shows. `last` is the newest direct status that its owner may see."""

    entry: Participation
    recipients: list[Account]
    last: Status | None

    @property
    def id(self) -> str:
        return str(int(self.entry.id))


@dataclass(frozen=True)
class Conversations:
    """Conversations, latest first, with what is needed to show their last statuses."""

    listed: list[ConversationView] = field(default_factory=list)
    around: Surroundings = field(default_factory=Surroundings)
    continues: str | None = None


def list_of(viewer: Viewer, page: Cursors, with_people: Sequence[str] | None = None) -> Conversations:
    """The viewer's conversations that have a visible status. `with_people`: with exactly these participants."""
    wanted_hash = participants_hash({viewer.id, *with_people}) if with_people else None
    around = Surroundings()
    last: str | None = None

    def read(left: Window, turn: int) -> Stretch[Participation]:
        nonlocal last
        rows = conversations.recent(viewer.id, above=left.above, below=left.below, ascending=left.ascending,
                                    limit=left.limit, participants_hash=wanted_hash)
        last = end_of(rows, left.limit, lambda row: str(int(row.id)))
        return Stretch(rows, end_of(rows, left.limit, lambda row: str(row.last)))

    def show(rows: Sequence[Participation]) -> list[ConversationView]:
        nonlocal around
        loaded = _load(conversations.find_many(viewer.id, [int(row.id) for row in rows]), viewer)
        around = around.joined(loaded.around)
        return [each for each in loaded.listed if each.last is not None]

    found = fill(_window(viewer, page), read, show)
    return Conversations(found.shown, around, last if found.continues else None)


def _window(viewer: Viewer, page: Cursors) -> Window:
    """The window of a page. Cursors are ids of conversations; they are sorted by the ids of their newest statuses."""
    numbers = {name: number_of(text) for name, text in (
        ("max", page.max_id), ("since", page.since_id), ("min", page.min_id)) if text}
    found = conversations.find_many(viewer.id, [number for number in numbers.values() if number is not None])
    places = {int(entry.id): entry.last for entry in found}
    place = {name: places.get(number) if number is not None else None for name, number in numbers.items()}
    lows = [low for low in (place.get("since"), place.get("min")) if low is not None]
    empty = page.limit <= 0 or ("max" in place and place["max"] is None)
    return Window(max(lows, default=None), place.get("max"), place.get("min") is not None, page.limit, empty)


def number_of(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 17 else None


def get(id: str, viewer: Viewer, unknown: str = UNKNOWN) -> Conversations:
    """One of the viewer's conversations, as a list of one."""
    return _load([_own(id, viewer, unknown)], viewer)


def _own(id: str, viewer: Viewer, unknown: str = UNKNOWN) -> Participation:
    number = number_of(id)
    entry = conversations.find(viewer.id, number) if number is not None else None
    if entry is None:
        raise NotFound(unknown)
    return entry


def list_statuses(id: str, viewer: Viewer, page: Cursors) -> Timeline:
    """The statuses of a conversation's thread that the viewer may see, newest first."""
    return timelines.of_thread(_own(id, viewer).thread, viewer, page)


def read(id: str, viewer: Viewer) -> Conversations:
    """Mark a conversation as read."""
    entry = _own(id, viewer, NotFound.default)
    if not conversations.mark_read(viewer.id, int(entry.id)):
        raise NotFound
    entry.unread = None
    return _load([entry], viewer)


def mark_unread(id: str, viewer: Viewer) -> Conversations:
    """Mark a conversation as unread."""
    entry = _own(id, viewer, NotFound.default)
    if entry.last and not conversations.mark_unread(viewer.id, int(entry.id), entry.last):
        raise NotFound
    entry.unread = entry.last
    return _load([entry], viewer)


def remove(id: str, viewer: Viewer) -> None:
    """Take a conversation off the viewer's list. Its statuses stay, and a new one brings it back, unread."""
    number = number_of(id)
    if number is None or not conversations.remove_entry(viewer.id, number):
        raise NotFound


def read_all(viewer: Viewer) -> Conversations:
    """Mark all as read. Answers those that were unread, at most four hundred at a time."""
    unread = conversations.find_many(viewer.id, conversations.unread_numbers(viewer.id, MOST_READ))
    together(*[lambda entry=entry: conversations.mark_read(viewer.id, int(entry.id)) for entry in unread])
    for entry in unread:
        entry.unread = None
    return _load(unread, viewer)


def set_recipients(id: str, account_ids: Iterable[str], viewer: Viewer) -> Conversations:
    """Set whom a reply will address: these accounts, as far as they exist, and the owner."""
    entry = _own(id, viewer)
    wanted = [each for each in dict.fromkeys(account_ids) if is_flake(each)][:MOST_RECIPIENTS]
    known = accounts.find_many(wanted)
    recipients = {viewer.id, *(each for each in wanted if is_active(known.get(each)))}
    if not conversations.set_recipients(viewer.id, int(entry.id), recipients):
        raise NotFound(UNKNOWN)
    entry.recipients = recipients
    return _load([entry], viewer)


# What a conversation shows.


def _load(entries: Sequence[Participation], viewer: Viewer) -> Conversations:
    """The entries with recipients and last statuses. One round of reads, and more only if a last status is hidden."""
    people = {id for entry in entries for id in (*(entry.recipients or ()), entry.last_by or viewer.id)}
    around = surroundings.load_known([entry.last for entry in entries if entry.last], people, viewer.eyes)
    unwanted = domain_blocks.find_unwanted(around.accounts.values(), viewer)
    lasts = {entry.id: _last(entry, viewer, around, unwanted) for entry in entries}
    hidden = [entry for entry in entries if entry.last and lasts[entry.id] is None]
    if hidden:
        earlier, more = _earlier(hidden, viewer, unwanted)
        lasts |= earlier
        around = around.joined(more)
    return Conversations([
        ConversationView(entry, _recipients(entry, viewer, around), lasts[entry.id]) for entry in entries
    ], around)


def _recipients(entry: Participation, viewer: Viewer, around: Surroundings) -> list[Account]:
    """The owner first, then the others by their ids."""
    ids = [viewer.id, *sorted(set(entry.recipients or ()) - {viewer.id})]
    known = around.accounts | {viewer.id: viewer.account}
    return [known[id] for id in ids if id in known and is_active(known[id])]


def _last(entry: Participation, viewer: Viewer, around: Surroundings, unwanted: Container[str]) -> Status | None:
    status = around.statuses.get(entry.last) if entry.last else None
    if status is None or not is_shown(status, viewer, around) or _hides(status, viewer):
        return None
    return None if status.account_id in unwanted else status


def _hides(status: Status, viewer: Viewer) -> bool:
    own = status.account_id == viewer.id
    return viewer.blocks(status.account_id) or (not own and any(viewer.blocks(each) for each in status.addressed))


def _earlier(entries: Sequence[Participation], viewer: Viewer,
             unwanted: Container[str]) -> tuple[dict[int, Status | None], Surroundings]:
    """The newest visible status before a hidden one, among the latest of each thread."""
    found = together(*[
        lambda entry=entry: feeds.read(FeedRow, f"t#{entry.thread}", limit=LOOKED_BACK, strong=True)
        for entry in entries
    ])
    candidates = {
        entry.id: next((row for row in rows if takes_part(row, viewer) and not timelines.hides_direct(row, viewer)
                        and row.author_id not in unwanted), None)
        for entry, rows in zip(entries, found, strict=True)
    }
    around = surroundings.load_rows([row for row in candidates.values() if row is not None], viewer.eyes)
    shown = {id: around.statuses.get(row.id) if row is not None else None for id, row in candidates.items()}
    return {id: status if status is not None and is_shown(status, viewer, around) else None
            for id, status in shown.items()}, around
