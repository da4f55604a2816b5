"""The search index: a row for each stem of a status and for each word of an account's names.

All rows are derived, and may be written twice. A row may outlive what it names. So whoever finds one also reads what
it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..accounts import accounts
from ..accounts.accounts import Account
from ..accounts.claims import Claim, nickname_claim
from ..dynamo.attributes import UnicodeAttribute, UnicodeSetAttribute
from ..dynamo.bounds import NOTHING, strictly_between
from ..dynamo.parallel import together
from ..dynamo.table import Record, Table, fetch, named, write_batch
from ..relationships import relations
from ..relationships.relations import Relation
from ..statuses.statuses import Status
from ..statuses.visibilities import VisibilityAttribute
from ..timelines import feeds
from ..timelines.feeds import FeedRow, Span


class StatusWord(Record):
    """A stem of a status: `s#`stem.

    Asked: which statuses have this stem, newest first, with these other stems and without those (query, filtered).
    """

    class Meta(Table):
        table_name = named("search")

    term = UnicodeAttribute(hash_key=True)
    status_id = UnicodeAttribute(range_key=True, attr_name="k")
    author_id = UnicodeAttribute(attr_name="w")
    visibility = VisibilityAttribute(attr_name="v")
    stems = UnicodeSetAttribute(attr_name="sx")
    quoted = UnicodeAttribute(attr_name="q", null=True)
    """What the status quotes. `quoted_by`: who wrote that."""
    quoted_by = UnicodeAttribute(attr_name="qw", null=True)


class AccountWord(Record):
    """A word of an account's names: `a#`its first character, and the word with the account's id.

    Asked: whose names have a word that begins so? (query)
    """

    class Meta(Table):
        table_name = named("search")

    term = UnicodeAttribute(hash_key=True)
    word_and_id = UnicodeAttribute(range_key=True, attr_name="k")


# Statuses.


def status_words(status: Status, stems: Sequence[str]) -> list[StatusWord]:
    """The rows of the index that a status has."""
    return [StatusWord(f"s#{stem}", status.id, author_id=status.account_id, visibility=status.visibility,
                       stems=set(stems), quoted=status.quote_of, quoted_by=status.quote_of_account_id)
            for stem in stems]


def write(rows: Iterable[StatusWord]) -> None:
    write_batch(puts=rows)


def remove_status(status_id: str, stems: Iterable[str]) -> None:
    write_batch(deletes=[StatusWord.stub(f"s#{stem}", status_id) for stem in stems])


@dataclass(frozen=True)
class StatusHit:
    id: str
    author_id: str
    visibility: str
    quoted: tuple[str, str] | None = None
    """What it quotes, and who wrote that."""


class Within(NamedTuple):
    """Among which statuses is looked: those of an author, and those between two ids. None: no bound."""

    author_id: str | None = None
    above: str | None = None
    below: str | None = None


@dataclass(frozen=True)
class StatusHits:
    """What one query found, newest first, and the id down to which it looked (None: to the end)."""

    hits: list[StatusHit]
    floor: str | None


def statuses_with(stem: str, within: Within, *, also: Sequence[str] = (), without: Sequence[str] = (),
                  limit: int | None = None) -> StatusHits:
    """One query of the rows of a stem. It looks at `limit` rows or a megabyte, and leaves out what is not wanted."""
    conditions: list[Any] = [StatusWord.stems.contains(each) for each in also]
    conditions += [~StatusWord.stems.contains(each) for each in without]
    if within.author_id is not None:
        conditions.append(StatusWord.author_id == within.author_id)
    bounds = strictly_between(StatusWord.status_id, within.above, within.below)
    if bounds is NOTHING:
        return StatusHits([], None)
    wanted = None
    for condition in conditions:
        wanted = condition if wanted is None else wanted & condition
    found = StatusWord.query(
        f"s#{stem}", bounds, wanted, scan_index_forward=False, page_size=limit,
        attributes_to_get=["k", "w", "v", "q", "qw"],
    )
    page: Any = next(found.page_iter)
    last = found.page_iter.last_evaluated_key
    rows = [StatusWord.from_raw_data(item) for item in page["Items"]]
    return StatusHits([StatusHit(row.status_id, row.author_id, row.visibility,
                                 (row.quoted, row.quoted_by) if row.quoted else None) for row in rows],
                      last["k"]["S"] if last else None)


def statuses_by(within: Within, limit: int, *, only_media: bool) -> StatusHits:
    """What an author wrote, whatever its words: one query of their feed. Without an author: what is on the public
    timeline of this server, a query for each partition of it, at the same time.
    """
    author_id, above, below = within
    names = feeds.public_feeds() if author_id is None else [f"m#{author_id}" if only_media else f"a#{author_id}"]
    asked = together(*[lambda name=name: feeds.stretch(FeedRow, name, Span(above, below), limit=limit, strong=False)
                       for name in names])
    floor = max((each.end for each in asked if each.end is not None), default=None)
    rows = sorted((row for each in asked for row in each.rows if floor is None or row.id >= floor),
                  key=lambda row: str(row.id), reverse=True)
    return StatusHits([StatusHit(row.id, row.author_id, row.visibility,
                                 (row.quote_of, row.quote_of_author_id) if row.quote_of else None) for row in rows],
                      floor)


def owners_of(nicknames: Iterable[str]) -> dict[str, str]:
    """The ids of accounts by their case-folded names, one call for all that exist."""
    wanted = {nickname: nickname_claim(nickname) for nickname in nicknames}
    found = fetch(strong=list(wanted.values())) if wanted else None
    claims = {nickname: found.get(Claim, each.hash) for nickname, each in wanted.items()} if found else {}
    return {nickname: claim.id for nickname, claim in claims.items() if claim is not None}


# Accounts.


def add_account(account_id: str, words: Iterable[str]) -> None:
    write_batch(puts=[AccountWord(f"a#{word[0]}", f"{word}#{account_id}") for word in words])


def remove_account(account_id: str, words: Iterable[str]) -> None:
    write_batch(deletes=[AccountWord.stub(f"a#{word[0]}", f"{word}#{account_id}") for word in words])


@dataclass(frozen=True)
class AccountHits:
    """For each word asked for, the accounts whose names have a word that begins so: ids with that word."""

    by_word: dict[str, list[tuple[str, str]]]
    named: str | None = None
    """The id of the account with the nickname that was asked for."""
    followed: frozenset[str] | None = None
    """The accounts that the viewer follows. None when that was not asked, or when they are too many."""


def accounts_with(words: Sequence[str], *, limit: int, nickname: str | None = None, followed_by: str | None = None,
                  most_followed: int = 0, strong: bool = False) -> AccountHits:
    """One round: a query for each word, the claim of a nickname, and the accounts that `followed_by` follows."""
    def hits(word: str) -> list[tuple[str, str]]:
        rows = AccountWord.query(f"a#{word[0]}", AccountWord.word_and_id.startswith(word), consistent_read=strong,
                                 limit=limit, page_size=limit)
        return [(id, whole) for whole, _, id in (row.word_and_id.rpartition("#") for row in rows)]

    def owner() -> str | None:
        if nickname is None:
            return None
        wanted = nickname_claim(nickname)
        claim = fetch(strong=[wanted]).get(Claim, wanted.hash)
        return claim.id if claim is not None else None

    def followed() -> frozenset[str] | None:
        if followed_by is None:
            return None
        ids, more = relations.following_ids(followed_by, limit=most_followed)
        return None if more else frozenset(ids)

    *found, named, friends = together(*[lambda word=word: hits(word) for word in words], owner, followed)
    return AccountHits(dict(zip(words, found, strict=True)), named, friends)


@dataclass(frozen=True)
class Candidates:
    """Accounts by id, and how the viewer stands to them."""

    accounts: Mapping[str, Account] = field(default_factory=dict)
    relations: Mapping[str, Relation] = field(default_factory=dict)


def candidates(account_ids: Sequence[str], viewer_id: str | None) -> Candidates:
    """Profiles and, for a viewer, relations, in one round. Profiles written a moment ago may take a second one."""
    keys = [accounts.profile_key(each) for each in account_ids]
    pairs = [relations.relation_key(viewer_id, each) for each in account_ids] if viewer_id else []
    found = fetch(strong=pairs, eventual=keys)
    missing = [each for each in keys if found.get(*each) is None]
    if missing:
        found = found.joined(fetch(strong=missing))
    return Candidates({each.id: each for each in found.all(Account)},
                      {each.other: each for each in found.all(Relation)})
