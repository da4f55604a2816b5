"""All that must be known about a page of statuses before any of them can be filtered or shown.

After one query of a feed every key is known. So one round reads statuses, originals, authors, the viewer's marks and,
for followers-only statuses, how the viewer stands to their authors. Twenty statuses take as many rounds as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..accounts import accounts
from ..accounts.accounts import Account
from ..dynamo.keys import Key
from ..dynamo.parallel import together
from ..dynamo.table import FoundRecords, fetch
from ..federation import presence
from ..quotes import quotes
from ..relationships import lists, relations
from ..relationships.lists import ListRow
from ..relationships.relations import Relation
from ..timelines.feeds import QUOTED_BY_SOME, Row
from . import marks, statuses
from .addressing import Addressee
from .marks import Mark
from .statuses import Status
from .visibilities import PRIVATE, list_in

RANGE_MARKS = 100
MOST_DOUBTED = 100


@dataclass(frozen=True)
class Eyes:
    """For whom statuses are shown: the viewer's id, whom the viewer does not want to see, and whom only in some
    languages.
    """

    id: str
    hidden: frozenset[str] = frozenset()
    limited: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Surroundings:
    statuses: dict[str, Status] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    """The viewer's rows with authors of followers-only statuses and those of `Eyes.limited`, by author."""
    on_lists: set[str] = field(default_factory=set)
    """The lists that statuses are for and the viewer is on."""
    reactions: dict[str, list[Mark]] = field(default_factory=dict)
    """The marks of accounts that the viewer hides, on statuses to which these may have reacted."""

    def joined(self, other: Surroundings) -> Surroundings:
        """Both together."""
        return Surroundings(
            self.statuses | other.statuses, self.accounts | other.accounts, self.marks | other.marks,
            self.relations | other.relations, self.on_lists | other.on_lists, self.reactions | other.reactions,
        )

    def quoted_by(self, status: Status) -> Status | None:
        """The status that one quotes, or that the original of a reblog quotes, if it is there."""
        return self.statuses.get(status.quote_of) if status.quote_of else None

    def original_of(self, status: Status) -> Status:
        """The status that a reblog passes on. The status itself, if it is no reblog."""
        return self.statuses.get(status.reblog_of, status) if status.reblog_of else status


def load_rows(rows: Sequence[Row], eyes: Eyes | None, *, dense: bool = False, learns: bool = False) -> Surroundings:
    """Everything around the rows of a feed.

    `dense`: neighbours in the feed are neighbours in time. Then the viewer's marks are one range query instead of a
    key for each status. `learns`: the same round asks whether there is anything of other servers.
    """
    ids = [row.id for row in rows]
    originals = [row.original_id for row in rows if row.original_id]
    people = {row.author_id for row in rows} | {row.original_author_id for row in rows if row.original_author_id}
    private = {row.author_id for row in rows if row.visibility == PRIVATE and row.author_id != (eyes and eyes.id)}
    private |= {row.author_id for row in rows if eyes is not None and row.author_id in eyes.limited}
    private |= {row.original_author_id or row.author_id for row in rows if QUOTED_BY_SOME in row.flags}
    private.discard(eyes.id if eyes else "")
    listed = {(row.author_id, list_id) for row in rows if (list_id := list_in(row.visibility)) is not None}
    also = [presence.fact_key()] if learns else []
    quoted = [(row.quote_of, row.quote_of_author_id) for row in rows if row.quote_of]
    return _load(Needed(ids, originals, people, private, listed=listed, also=also, quoted=quoted), eyes, dense=dense)


def load_known(status_ids: Sequence[str], people: Iterable[str], eyes: Eyes | None, *,
               relations_with: Iterable[str] = (), quoted: Iterable[tuple[str, str]] = ()) -> Surroundings:
    """Statuses whose authors are known to be among `people`, with these accounts, in one round.

    `relations_with`: those of the people to whom the viewer's relation matters. `quoted`: what the statuses quote, with
    the authors, as far as that is known. The rest takes another round.
    """
    return _load(Needed(status_ids, [], people, relations_with, quoted=quoted), eyes)


def load_statuses(shown: Sequence[Status], eyes: Eyes | None) -> Surroundings:
    """Everything around statuses that are in hand already."""
    quoting = [status for status in shown if status.is_quote]
    originals = [status.reblog_of for status in shown if status.reblog_of]
    originals += [status.quote_of for status in quoting if status.quote_of]
    people = {status.account_id for status in shown} | {str(each.quote_of_account_id) for each in quoting}
    people |= {status.reblog_of_account_id for status in shown if status.reblog_of_account_id}
    viewer_id = eyes.id if eyes else None
    private = {each.account_id for each in shown if each.visibility == PRIVATE and each.account_id != viewer_id}
    private |= {each.reblog_of_account_id or each.account_id for each in shown if quotes.depends_on_follows(each)}
    private |= {str(each.quote_of_account_id) for each in quoting}
    private.discard(viewer_id or "")
    marked = [status.id for status in shown if not status.reblog_of]
    listed = {(each.account_id, each.list_id) for each in shown if each.list_id is not None}
    quoted = quoted_in(each for each in shown if each.reblog_of)
    around = _load(Needed([], originals, people, private, marked, listed, quoted=quoted.items()), eyes)
    around.statuses.update({status.id: status for status in shown})
    return with_hidden_reactions(around, eyes)


@dataclass(frozen=True)
class Needed:
    """What is to be read: statuses with and without the viewer's marks, their authors, and those to whom the viewer's
    relation matters. `marked`: statuses in hand, of which only the marks are missing."""

    ids: Sequence[str]
    originals: Sequence[str]
    people: Iterable[str]
    private: Iterable[str]
    marked: Sequence[str] = ()
    listed: Iterable[tuple[str, str]] = ()
    also: Sequence[Key] = ()
    quoted: Iterable[tuple[str, str]] = ()


def _load(needed: Needed, eyes: Eyes | None, *, dense: bool = False) -> Surroundings:
    ids, originals, marked = needed.ids, needed.originals, needed.marked
    keys = [statuses.status_key(each) for each in dict.fromkeys([*ids, *originals])]
    keys += [accounts.profile_key(each) for each in needed.people]
    keys += needed.also
    quoted = dict(needed.quoted)
    own: list[Key] = []
    if eyes is not None:
        keys += [relations.relation_key(eyes.id, author) for author in needed.private]
        keys += [lists.member_key(author, list_id, eyes.id) for author, list_id in needed.listed]
        keys += [relations.relation_key(eyes.id, author) for author in quoted.values() if author != eyes.id]
        wanted = [*originals, *marked, *quoted] if dense else [*originals, *marked, *ids, *quoted]
        own = [marks.mark_key(eyes.id, each) for each in dict.fromkeys(wanted)]
    everything = [*keys, *_keys_of(quoted)]
    if dense and eyes is not None and ids:
        found, near = together(lambda: fetch(strong=own, eventual=everything), lambda: _marks_between(eyes.id, ids))
    else:
        found, near = fetch(strong=own, eventual=everything), {}
    if needed.also:
        presence.learn(found)
    around = _gather(_with_stragglers(found, keys, eyes), near)
    if eyes is not None:
        for other in {*needed.private, *quoted.values()} - {eyes.id}:
            around.relations.setdefault(other, relations.blank(eyes.id, other))
    return around if marked else with_hidden_reactions(around, eyes)


def with_hidden_reactions(around: Surroundings, eyes: Eyes | None) -> Surroundings:
    """Add the reactions of accounts that the viewer hides, where they may have reacted: one more round, rarely."""
    if eyes is None or not eyes.hidden:
        return around
    wanted = [marks.mark_key(other, status.id) for status in around.statuses.values() if status.reactions
              for other in _doubtful(status, eyes.hidden)]
    if wanted:
        for mark in fetch(eventual=wanted).all(Mark):
            around.reactions.setdefault(mark.status_id, []).append(mark)
    return around


def _doubtful(status: Status, hidden: frozenset[str]) -> list[str]:
    """Which of the hidden accounts may have reacted. The status names the first fifty; others are unknown."""
    known = sorted(hidden.intersection(status.reactors or ()))
    if not status.more_reactions:
        return known
    return [*known, *sorted(hidden.difference(known))][:MOST_DOUBTED]


def _gather(found: FoundRecords, near: dict[str, Mark]) -> Surroundings:
    return Surroundings(
        {status.id: status for status in found.all(Status) if not status.deleted},
        {account.id: account for account in found.all(Account)},
        near | {mark.status_id: mark for mark in found.all(Mark)},
        {relation.other: relation for relation in found.all(Relation)},
        {row.id for row in found.all(ListRow)},
    )


def quoted_in(shown: Iterable[Status]) -> dict[str, str]:
    """What these statuses quote: the authors by the ids."""
    return {str(status.quote_of): str(status.quote_of_account_id) for status in shown if status.quote_of}


def _keys_of(quoted: Mapping[str, str]) -> list[Key]:
    return [*map(statuses.status_key, quoted), *map(accounts.profile_key, dict.fromkeys(quoted.values()))]


def _with_stragglers(found: FoundRecords, keys: list[Key], eyes: Eyes | None) -> FoundRecords:
    """Read missing records once more, strongly: an eventual read may miss what was written a moment ago.

    The same round brings what is quoted, where that was not known before the statuses themselves. It does not look for
    what they say is deleted.
    """
    quoted = quoted_in(each for each in found.all(Status) if each.is_quote)
    missing = [each for each in [*keys, *_keys_of(quoted)]
               if each.model in (Status, Account) and found.get(*each) is None]
    if not missing:
        return found
    own = [marks.mark_key(eyes.id, each.hash) for each in missing if each.hash in quoted] if eyes is not None else []
    return found.joined(fetch(strong=[*own, *missing]))


def _marks_between(viewer_id: str, ids: Sequence[str]) -> dict[str, Mark]:
    """The viewer's marks on the statuses from the oldest to the newest of `ids`."""
    oldest, newest = min(ids), max(ids)
    rows = list(Mark.query(viewer_id, Mark.status_id.between(oldest, newest), consistent_read=True,
                           scan_index_forward=False, limit=RANGE_MARKS))
    found = {mark.status_id: mark for mark in rows}
    if len(rows) == RANGE_MARKS:  # the viewer marks nearly everything: get the rest by key
        found |= marks.find_many(viewer_id, [each for each in ids if each < rows[-1].status_id])
    return found


def load_to_act(status: Status, eyes: Eyes) -> tuple[Surroundings, Addressee | None]:
    """Everything around one status that the viewer is about to favourite, react to or reblog.

    The same round reads what notifying the author needs (None for one's own status, or if the author is not active).
    """
    author, viewer_id = status.account_id, eyes.id
    keys = [accounts.profile_key(author), marks.mark_key(viewer_id, status.id)]
    if author != viewer_id:
        keys += [accounts.viewer_set_key(author), relations.relation_key(author, viewer_id)]
        if status.visibility == PRIVATE:
            keys.append(relations.relation_key(viewer_id, author))
        if status.list_id is not None:
            keys.append(lists.member_key(author, status.list_id, viewer_id))
        if quotes.depends_on_follows(status):
            keys.append(relations.relation_key(viewer_id, author))
    quoted = quoted_in([status])
    keys += [*_keys_of(quoted), *(marks.mark_key(viewer_id, each) for each in quoted)]
    found = fetch(strong=dict.fromkeys(keys))
    around = _gather(found, {})
    around.relations.setdefault(author, relations.blank(viewer_id, author))
    around.statuses[status.id] = status
    around = with_hidden_reactions(around, eyes)
    account = around.accounts.get(author)
    if author == viewer_id or account is None or account.status == "deactivated":
        return around, None
    relation = found.get(Relation, author, viewer_id) or relations.blank(author, viewer_id)
    around.relations.pop(viewer_id, None)
    return around, Addressee(account, accounts.viewer_set_in(found, author), relation)
