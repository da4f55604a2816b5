"""The index: what is indexed, and what an index is asked. Another search engine would be put in here.

Statuses are indexed by the job that delivers them. Accounts are indexed before they are stored: an entry of an account
that was never stored does no harm, but an account without an entry could not be found. The index answers ids only;
`results` decides what is shown of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.search import index as store
from ...store.search.index import AccountHits, StatusWord
from ...store.statuses import delivery, statuses
from ...store.statuses.statuses import Status
from ..visibility import is_searchable
from . import stems as text
from .queries import Alternative

MOST_QUERIES = 4
MOST_ACCOUNT_WORDS = 40
LONGEST_WORD = 40
LONGEST_DISPLAY_NAME = 200
HITS_PER_WORD = 200
HITS_AMONG_FOLLOWED = 2000
MOST_FOLLOWED = 5000
ROWS_PER_QUERY = (400, None, None, None)
"""How many rows each query of a filtered search reads, one query after the other. None: a megabyte of them."""
ROWS_OF_A_FEED = 100
"""So many are read at least where their statuses decide if they fit."""


# Statuses.


def stems_of(status: Status) -> list[str] | None:
    """The stems that a new status is found by, if it is for everybody. It notes them, for its deletion."""
    if not settings.search_statuses or not is_searchable(status.visibility) or status.reblog_of:
        return None
    if status.host is not None and not settings.search_foreign:
        return None
    return text.stems(status.content.get("plain", "")) or None


def rows(status: Status) -> list[StatusWord]:
    """What makes a status findable."""
    return store.status_words(status, status.stems or [])


def refresh(found: Sequence[Status]) -> None:
    """Index statuses as a new one would be, and remove what is left of how they were indexed before.

    While both are there, the status knows the words of both, so whoever deletes it deletes all rows.
    """
    wanted: list[tuple[Status, list[str], list[str]]] = []
    for status in found:
        old, new = list(status.stems or []), stems_of(status) or []
        if (old or new) and (new == old or _renote(status, list(dict.fromkeys([*old, *new])))):
            wanted.append((status, old, new))
    store.write(row for status, _, new in wanted for row in store.status_words(status, new))
    there = {status.id for status in delivery.find((status.id, status.account_id) for status, _, _ in wanted)}
    for status, old, new in wanted:
        if status.id not in there:  # deleted meanwhile, perhaps before these rows were there
            store.remove_status(status.id, dict.fromkeys([*old, *new]))
        elif new != old:
            store.remove_status(status.id, [stem for stem in old if stem not in new])
            _renote(status, new)


def _renote(status: Status, stems: list[str]) -> bool:
    """Note other stems. False if it is gone, or another run notes them."""
    noted = statuses.note_stems(status, stems)
    status.stems = stems
    return noted


def remove(status: Status) -> None:
    """Take a status out of the index. Its tombstone is enough to know the words."""
    if status.stems:
        store.remove_status(status.id, status.stems)


@dataclass(frozen=True)
class Match:
    """A status that has the stems of these alternatives."""

    id: str
    author_id: str
    alternatives: list[Alternative]
    quoted: tuple[str, str] | None = None


@dataclass(frozen=True)
class Matches:
    """Newest first. `below`: the id to go on from; None: that was all."""

    matches: list[Match]
    below: str | None


def find_statuses(alternatives: Sequence[Alternative], *, wanted: int, turn: int, author_id: str | None = None,
                  below: str | None = None) -> Matches | None:
    """Statuses that have the stems of an alternative. Their text has still to be compared with the phrases, and what
    they are with the conditions.

    Makes one query for each alternative, all at the same time; one without words and author asks the public timeline.
    None: the search may make no more queries.
    """
    if (turn + 1) * len(alternatives) > MOST_QUERIES or not alternatives or not settings.search_statuses:
        return None

    def ask(alternative: Alternative) -> store.StatusHits:
        asked = alternative.conditions
        within = store.Within(asked.author if author_id is None else author_id, asked.above,
                              min(filter(None, (below, asked.below)), default=None))
        if author_id is not None and asked.author not in (None, author_id):
            return store.StatusHits([], None)
        if not alternative.stems:
            return store.statuses_by(within, max(wanted, ROWS_OF_A_FEED) if asked.is_about_content else wanted,
                                     only_media=asked.is_of_media)
        first, *others = sorted(alternative.stems, key=len, reverse=True)
        is_plain = alternative.is_one_stem and author_id is None
        return store.statuses_with(first, within, also=others, without=alternative.without_stems,
                                   limit=wanted if is_plain else ROWS_PER_QUERY[turn])

    asked = together(*[lambda each=each: ask(each) for each in alternatives])
    floor = max((each.floor for each in asked if each.floor is not None), default=None)
    found: dict[str, Match] = {}
    for alternative, each in zip(alternatives, asked, strict=True):
        for hit in each.hits:
            if is_searchable(hit.visibility) and (floor is None or hit.id >= floor):
                found.setdefault(hit.id, Match(hit.id, hit.author_id, [], hit.quoted)).alternatives.append(alternative)
    return Matches([found[id] for id in sorted(found, reverse=True)], floor)


def ids_of(names: Iterable[str]) -> dict[str, str]:
    """Whose names these are, as far as anybody has them. Case-folded; those of other servers with their host."""
    return store.owners_of(names)


# Accounts.


def index_account(account: Account, *, display_name: str | None = None) -> None:
    """Make an account findable by its names, or by a new `display_name`. Call it before they are stored."""
    store.add_account(account.id, words_of(account, display_name))


def refresh_accounts(found: Sequence[Account]) -> None:
    """Index accounts by the words of their names, without those that only an older release made."""
    for account in found:
        if not account.deleted:
            new = words_of(account)
            store.add_account(account.id, new)
            store.remove_account(account.id, [word for word in _indexed_words_of(account) if word not in new])


def reindex_account(before: Account, after: Account) -> None:
    """Bring the index up to date after a change of names: add new words, then remove old ones."""
    old, new = _indexed_words_of(before), words_of(after)
    store.add_account(after.id, [word for word in new if word not in old])
    store.remove_account(before.id, [word for word in old if word not in new])


def remove_account(account: Account) -> None:
    """Take an account out of the index, by the names in its profile."""
    store.remove_account(account.id, _indexed_words_of(account))


def words_of(account: Account, display_name: str | None = None) -> list[str]:
    """The words that an account is found by: of nickname, host and display name. None: the present display name."""
    name = account.display_lower if display_name is None else display_name.casefold()[:LONGEST_DISPLAY_NAME]
    return _words([account.nickname_lower, account.host, name], text.words_of_name)


def _indexed_words_of(account: Account) -> list[str]:
    """The words of all its rows. Those that were written before accents were folded have them."""
    before = _words([account.nickname_lower, account.host, account.display_lower], text.words_as_written)
    return list(dict.fromkeys([*words_of(account), *before]))


def _words(names: Sequence[str | None], split: Callable[[str], list[str]]) -> list[str]:
    found = dict.fromkeys(word[:LONGEST_WORD] for each in names if each for word in split(each))
    return list(found)[:MOST_ACCOUNT_WORDS]


def find_accounts(words: Sequence[str], *, nickname: str | None = None, followed_by: str | None = None,
                  strong: bool = False) -> AccountHits:
    """Accounts that have a word which begins with one of `words`, and the owner of a nickname.

    `followed_by`: whom that account follows is looked up too.
    """
    limit = HITS_PER_WORD if followed_by is None else HITS_AMONG_FOLLOWED
    return store.accounts_with([word[:LONGEST_WORD] for word in words], limit=limit, nickname=nickname,
                               followed_by=followed_by, most_followed=MOST_FOLLOWED, strong=strong)
