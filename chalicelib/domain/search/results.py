"""What a search shows: the statuses, accounts and hashtags that the viewer may see.

The index gives ids. Some are of what is no longer there, or not for the viewer; they are sorted out here. How much is
read has limits, so a page may end before the last hit: [data-model.md] says where.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from typing import TypeVar

from ...ids import flake_of, is_flake
from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.dynamo.stretches import Stretch
from ...store.relationships.relations import Relation
from ...store.search import index as store
from ...store.search.index import AccountHits
from ...store.statuses import surroundings
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.tags import follows
from .. import visibility
from ..federation import resolving
from ..lookup import is_visible
from ..pages import Loading, fill
from ..paging import Slice, Window
from ..refusals import NotFound
from ..relationships import domain_blocks
from ..relationships.following import local_nickname
from ..tags.known import KnownTag
from ..text import fold_tag
from ..viewer import Viewer
from . import index, queries
from .index import Match
from .likeness import likeness
from .operators import ME
from .queries import Alternative
from .stems import words_of_name

LONGEST_QUERY = 5000
SLACK = 1.25
NEXT_PAGES = (100, 400, 1000)
BATCHES = (100, 400)
MOST_LOADED = 1000
MOST_QUERY_WORDS = 8
MOST_RANKED = 80
LONGEST_COMPARED = 300
NICKNAME_WEIGHS = 4
"""How many times more the nickname's likeness counts than that of the display name."""
LIFTS = {(True, True): 1.5, (True, False): 1.3, (False, True): 1.1}
"""By what a score is multiplied, if the viewer follows the account, and if the account follows the viewer."""

log = logging.getLogger("kenoma.search")
T = TypeVar("T")


@dataclass(frozen=True)
class FoundStatuses:
    statuses: list[Status] = field(default_factory=list)
    around: Surroundings = field(default_factory=Surroundings)


@dataclass(frozen=True)
class FoundAccount:
    """An account, and the relation between the viewer and it, if there is one."""

    account: Account
    relation: Relation | None


@dataclass(frozen=True)
class Everything:
    accounts: list[FoundAccount] = field(default_factory=list)
    statuses: FoundStatuses = field(default_factory=FoundStatuses)
    hashtags: list[KnownTag] = field(default_factory=list)


@dataclass(frozen=True)
class AccountWishes:
    """`following`: only accounts that the viewer follows. `resolve`: the one that is named exactly, even if blocked."""

    following: bool = False
    resolve: bool = False


EVERYBODY = AccountWishes()


@dataclass(frozen=True)
class Among:
    """Among which statuses is searched: those of an author, and those between two ids."""

    author_id: str | None = None
    above: str | None = None
    below: str | None = None

    def has(self, id: str, author_id: str) -> bool:
        return (self.author_id in (None, author_id) and (self.above is None or id > self.above)
                and (self.below is None or id < self.below))


ALL_STATUSES = Among()


def find_everything(query: str, viewer: Viewer | None, part: Slice, *, kind: str | None = None,
               among: Among | None = None, wishes: AccountWishes | None = None) -> Everything:
    """Accounts, statuses and hashtags, or only those of one `kind`. If one kind fails, the others are still shown."""
    query = query[:LONGEST_QUERY].strip()
    if not query:
        return Everything()
    wishes = wishes or EVERYBODY
    words = queries.without_operators(query)
    resolved = _resolved(query, viewer, wishes) if kind != "hashtags" and words == query else None

    def wanted(name: str, find: Callable[[], T], nothing: T) -> Callable[[], T]:
        return lambda: _or_nothing(name, find, nothing) if kind in (None, name) else nothing

    people, posted, tags = together(
        wanted("accounts", lambda: find_accounts(words, viewer, part, wishes, resolved), []),
        wanted("statuses", lambda: find_statuses(query, viewer, part, among=among or ALL_STATUSES, resolved=resolved),
               FoundStatuses()),
        wanted("hashtags", lambda: _tags(part.of(queries.hashtags(words)), viewer), []),
    )
    return Everything(people, posted, tags)


def _tags(names: Sequence[str], viewer: Viewer | None) -> list[KnownTag]:
    """The tags, with whether the viewer follows them. How often they are used is not counted up here."""
    followed = follows.those_followed(viewer.id, [fold_tag(name) for name in names]) if viewer and names else set()
    return [KnownTag(name, following=None if viewer is None else fold_tag(name) in followed) for name in names]


def _resolved(query: str, viewer: Viewer | None, wishes: AccountWishes) -> Account | Status | None:
    """What the query names at another server, if the viewer wants it looked for there."""
    return resolving.resolve(query, viewer) if wishes.resolve and viewer is not None else None


def _or_nothing(name: str, find: Callable[[], T], nothing: T) -> T:
    """What `find` gives, or `nothing` if it fails in any way: then clients show the other kinds."""
    try:
        return find()
    except Exception:
        log.exception("searching %s failed", name)
        return nothing


# Statuses.


def find_statuses(query: str, viewer: Viewer | None, part: Slice, *, among: Among = ALL_STATUSES,
                  resolved: Account | Status | None = None) -> FoundStatuses:
    """First the status whose address the query is, if the viewer may see it. Then public and unlisted ones by words."""
    if not part.limit or part.offset >= MOST_LOADED:
        return FoundStatuses()
    alternatives = _with_ids(queries.alternatives(query), viewer)
    id = str(resolved.id) if isinstance(resolved, Status) else _addressed(query)
    if id is None:
        found, around = _read(alternatives, viewer, part.end, among)
        return FoundStatuses(part.of(found), around)
    (first, near), (found, around) = together(
        lambda: _one(id, viewer, among), lambda: _read(alternatives, viewer, part.end, among))
    found = first + [status for status in found if status.id != id]
    return FoundStatuses(part.of(found), around.joined(near))


def _with_ids(alternatives: Sequence[Alternative], viewer: Viewer | None) -> list[Alternative]:
    """The alternatives with the ids of those whom they name, without those that nothing can fit. One call for names.

    What asks for one's library alone asks for what one wrote.
    """
    names = {name: whole for each in alternatives for name in each.conditions.names
             if name != ME and (whole := _whole_name(_without_at(name))) is not None}
    ids = index.ids_of(names.values()) if names else {}
    known = {name: ids[whole] for name, whole in names.items() if whole in ids}
    if viewer is not None:
        known[ME] = viewer.id
    found: list[Alternative] = []
    for each in alternatives:
        asked = each.conditions
        if asked.in_library and not (each.stems or asked.authors):
            asked = replace(asked, authors=frozenset({ME}))
        conditions = asked.known(known) if viewer is not None or not asked.in_library else None
        if conditions is not None:
            found.append(replace(each, conditions=conditions))
    return found


def _addressed(query: str) -> str | None:
    """The id of a status of this server, if the query is its uri or url."""
    for prefix, id_of in ((f"{settings.base_url}/objects/", flake_of), (f"{settings.base_url}/notice/", str)):
        if query.startswith(prefix):
            id = id_of(query.removeprefix(prefix).rstrip("/"))
            return id if is_flake(id) else None
    return None


Page = tuple[list[Status], Surroundings]


def _one(id: str, viewer: Viewer | None, among: Among) -> Page:
    try:
        status, around = visibility.readable(id, viewer)
    except NotFound:
        return [], Surroundings()
    return ([status] if among.has(status.id, status.account_id) else []), around


def _read(alternatives: Sequence[Alternative], viewer: Viewer | None, wanted: int, among: Among) -> Page:
    search = _Search(alternatives, viewer, min(wanted, MOST_LOADED), among)
    part = Window(None, among.below, ascending=False, limit=search.wanted)
    found = fill(part, search.ask, search.show, Loading(search.size))
    return found.shown, search.around


class _Search:
    """A search for statuses under way: what has been loaded, and how much more may be loaded."""

    def __init__(self, alternatives: Sequence[Alternative], viewer: Viewer | None, wanted: int,
                 among: Among) -> None:
        self.alternatives, self.viewer, self.wanted, self.among = alternatives, viewer, wanted, among
        self.around = Surroundings()
        self._room = MOST_LOADED
        must_read = any(each.must_be_read for each in alternatives)
        self._batches = chain([max(wanted, BATCHES[0]) if must_read else wanted], BATCHES, repeat(BATCHES[-1]))

    def ask(self, left: Window, turn: int) -> Stretch[Match]:
        """Hits whose authors the viewer does not block. None once the limits are reached."""
        asked = NEXT_PAGES[turn - 1] if turn else int(self.wanted * SLACK) + 1
        found = index.find_statuses(self.alternatives, wanted=asked, turn=turn, author_id=self.among.author_id,
                                    below=left.below) if self._room else None
        if found is None:
            return Stretch([], None)
        wanted = [each for each in found.matches if self.among.has(each.id, each.author_id)
                  and (self.viewer is None or not self.viewer.blocks(each.author_id))]
        is_done = self.among.above is not None and found.below is not None and found.below <= self.among.above
        return Stretch(wanted, None if is_done else found.below)

    def size(self, lacks: int) -> int:
        size = min(next(self._batches), self._room)
        self._room -= size
        return size

    def show(self, matches: Sequence[Match]) -> list[Status]:
        loaded = surroundings.load_known([each.id for each in matches], {each.author_id for each in matches},
                                         self.viewer.eyes if self.viewer else None,
                                         quoted=[each.quoted for each in matches if each.quoted])
        self.around = self.around.joined(loaded)
        return _showable(matches, self.viewer, loaded)


def _showable(matches: Sequence[Match], viewer: Viewer | None, around: Surroundings) -> list[Status]:
    unwanted = domain_blocks.find_unwanted(around.accounts.values(), viewer)
    return [
        status for match in matches
        if (status := around.statuses.get(match.id)) is not None
        and visibility.is_searchable(status.visibility)
        and visibility.is_shown(status, viewer, around)
        and status.account_id not in unwanted
        and _is_in_reach(around.accounts[status.account_id], viewer)
        and any(each.phrases_match(status.content.get("plain", ""))
                and each.conditions.hold_of(status, viewer.id if viewer else None, around.marks.get(status.id))
                for each in match.alternatives)
    ]


def _is_in_reach(account: Account, viewer: Viewer | None) -> bool:
    """Whether the viewer may find it: a setting limits strangers, or everybody, to accounts of this server."""
    limited = settings.limit_to_local_content
    return account.host is None or not (limited == "all" or (limited == "unauthenticated" and viewer is None))


# Accounts.


def search_accounts(query: str, viewer: Viewer | None, part: Slice, wishes: AccountWishes) -> list[FoundAccount]:
    """As `find_accounts`, and what the query names at another server is looked for there, if that is wished."""
    return find_accounts(query, viewer, part, wishes, _resolved(query[:LONGEST_QUERY].strip(), viewer, wishes))


def find_accounts(query: str, viewer: Viewer | None, part: Slice,
                  wishes: AccountWishes = EVERYBODY, resolved: Account | Status | None = None) -> list[FoundAccount]:
    """Accounts with a word that begins with one of the query's words. The one that the query names comes first.

    `resolved`: what the query names at another server.
    """
    if isinstance(resolved, Account):
        query = resolved.acct
    asked = _without_at(query[:LONGEST_QUERY].strip())
    beginnings = list(dict.fromkeys(words_of_name(asked)))[:MOST_QUERY_WORDS]
    starts = tuple(each[:index.LONGEST_WORD] for each in beginnings)
    hidden = viewer is None and (settings.restrict_profiles or wishes.following)
    if not beginnings or not part.limit or part.offset >= MOST_RANKED or hidden:
        return []
    hits = index.find_accounts(beginnings, nickname=_whole_name(asked), strong=viewer is not None,
                               followed_by=viewer.id if viewer and wishes.following else None)
    exempt = hits.named if wishes.resolve else None
    near = store.candidates(_candidates(hits, viewer, exempt), viewer.id if viewer else None)
    unwanted = domain_blocks.find_unwanted(near.accounts.values(), viewer, near.relations) - {exempt}

    def is_wanted(account: Account) -> bool:
        return (
            is_visible(account, viewer) and not account.deleted and account.standing is not None
            and account.id not in unwanted and _is_in_reach(account, viewer)
            and (account.id == hits.named or _has_any(account, starts))
            and (not wishes.following or (account.id in near.relations and near.relations[account.id].follows))
        )

    def rank(account: Account) -> tuple[bool, float, str]:
        score = _score(account, asked[:LONGEST_COMPARED]) * _lift(near.relations.get(account.id))
        return account.id != hits.named, -score, account.nickname_lower

    found = sorted(filter(is_wanted, near.accounts.values()), key=rank)
    return [FoundAccount(each, near.relations.get(each.id)) for each in part.of(found)]


def _whole_name(asked: str) -> str | None:
    """The name of exactly one account, here or at another server, case-folded."""
    elsewhere = resolving.handle_in(asked)
    return "@".join(elsewhere).casefold() if elsewhere is not None else local_nickname(asked)


def _without_at(query: str) -> str:
    """The query without a first `@`, and without this host: `nick` for `@nick` and for `nick@this-host`."""
    query = query.removeprefix("@")
    name, _, host = query.rpartition("@")
    return name if name and host.casefold() in (settings.host.casefold(), settings.hostname.casefold()) else query


def _candidates(hits: AccountHits, viewer: Viewer | None, exempt: str | None) -> list[str]:
    """The ids worth loading: the account that the query names, then those that match most words, most completely."""
    matched: dict[str, list[int]] = {}
    for asked, found in hits.by_word.items():
        best: dict[str, int] = {}
        for id, word in found:
            best[id] = min(best.get(id, len(word)), len(word) - len(asked))
        for id, rest in best.items():
            matched.setdefault(id, []).append(rest)
    if hits.named is not None:
        matched.setdefault(hits.named, [])
    wanted = [id for id in matched if not (viewer is not None and viewer.blocks(id) and id != exempt)
              and (hits.followed is None or id in hits.followed)]
    return sorted(wanted, key=lambda id: (id != hits.named, -len(matched[id]), min(matched[id], default=0), id)
                  )[:MOST_RANKED]


def _has_any(account: Account, beginnings: tuple[str, ...]) -> bool:
    """Whether the present names match: the index may still have older ones."""
    return any(word.startswith(beginnings) for word in index.words_of(account))


def _score(account: Account, asked: str) -> float:
    """How like the account's names are to the query. The nickname (with or without host) counts most."""
    nickname = max(likeness(asked, account.acct), likeness(asked, account.username))
    return NICKNAME_WEIGHS * nickname + likeness(asked, account.profile.get("display_name") or "")


def _lift(relation: Relation | None) -> float:
    if relation is None:
        return 1.0
    return LIFTS.get((relation.follows, relation.followed_by), 1.0)
