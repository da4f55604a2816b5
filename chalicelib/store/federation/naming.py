"""What the uris in a foreign status stand for: who is named, what it answers, and whether it is known already.

Two rounds, whatever it names: the claims, with what our own uris name; then the people and the parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..accounts import accounts
from ..accounts.accounts import Account
from ..accounts.claims import Claim, nickname_claim, uri_claim
from ..dynamo.table import FoundRecords, fetch
from ..relationships import lists, relations
from ..relationships.lists import ListRow
from ..relationships.relations import Relation
from ..statuses.addressing import Addressee
from ..statuses.statuses import Status, status_key
from . import accounts as foreign

MOST_NAMED = 1_000


@dataclass(frozen=True)
class NamedByUri:
    """First round. `ids`: of accounts, by uri. `own`: those of them that are accounts of this server."""

    known: Claim | None
    ids: Mapping[str, str]
    own: frozenset[str]
    parent: Status | None = None
    parent_id: str | None = None
    parent_author_id: str | None = None
    quoted: Status | None = None
    quoted_id: str | None = None
    quoted_author_id: str | None = None


@dataclass(frozen=True)
class Around:
    """Second round. `to_parent`: how the author stands to the parent's author."""

    people: Mapping[str, Account]
    addressees: Mapping[str, Addressee] = field(default_factory=dict)
    """The active accounts of this server among them, as somebody to be notified."""
    parent: Status | None = None
    to_parent: Relation | None = None
    on_lists: frozenset[str] = frozenset()
    quoted: Status | None = None


@dataclass(frozen=True)
class NamedStatuses:
    """What a status answers and quotes: the uris of foreign ones, the ids of ours."""

    parent: str | None = None
    own_parent: str | None = None
    quoted: str | None = None
    own_quoted: str | None = None


def look_up(uri: str, *, people: Iterable[str], own_people: Mapping[str, str], named: NamedStatuses) -> NamedByUri:
    """`people`: uris of foreign accounts. `own_people`: nicknames of ours, by uri."""
    parent, own_parent = named.parent, named.own_parent
    strangers = list(dict.fromkeys(people))[:MOST_NAMED]
    by_uri = {each: uri_claim(each) for each in [uri, *strangers, *filter(None, (parent, named.quoted))]}
    by_name = {each: nickname_claim(nickname) for each, nickname in own_people.items()}
    own_statuses = map(status_key, filter(None, {own_parent, named.own_quoted}))
    found = fetch(strong=[*by_uri.values(), *by_name.values(), *own_statuses])
    claims = {each: found.get(Claim, wanted.hash) for each, wanted in {**by_name, **by_uri}.items()}
    ids = {each: str(claim.id) for each in [*own_people, *strangers] if (claim := claims[each]) is not None
           and (each in own_people or claim.kind == foreign.ACCOUNT)}
    own = frozenset(ids[each] for each in own_people if each in ids)
    quoted = _quoted(named, claims, found)
    answered = claims[parent] if parent else None
    if answered is not None and answered.kind == foreign.STATUS:
        return NamedByUri(claims[uri], ids, own, None, str(answered.id), answered.by, *quoted)
    status = found.get(Status, own_parent) if own_parent else None
    return NamedByUri(claims[uri], ids, own, status, own_parent if status is not None else None,
                      None if status is None else status.account_id, *quoted)


def _quoted(named: NamedStatuses, claims: Mapping[str, Claim | None], found: FoundRecords,
            ) -> tuple[Status | None, str | None, str | None]:
    """What is quoted, if it is one of ours; the id and the author of what is quoted."""
    if named.own_quoted:
        status = found.get(Status, named.own_quoted)
        return (None, None, None) if status is None else (status, status.id, status.account_id)
    claim = claims[named.quoted] if named.quoted else None
    if claim is None or claim.kind != foreign.STATUS:
        return None, None, None
    return None, str(claim.id), claim.by


def gather(named: NamedByUri, author_id: str) -> Around:
    """The people, the parent, and how they stand to the author."""
    ids = dict.fromkeys([*named.ids.values(), *([named.parent_author_id] if named.parent_author_id else [])])
    if named.quoted_author_id:
        ids[named.quoted_author_id] = None
    own = named.own | ({named.quoted_author_id} if named.quoted is not None and named.quoted_author_id else set())
    keys = [accounts.profile_key(each) for each in ids]
    keys += [accounts.viewer_set_key(each) for each in own]
    keys += [relations.relation_key(each, author_id) for each in own]
    if named.quoted_id and named.quoted is None:
        keys.append(status_key(named.quoted_id))
    if named.parent_author_id:
        keys.append(relations.relation_key(author_id, named.parent_author_id))
    if named.parent_id and named.parent is None:
        keys.append(status_key(named.parent_id))
    if named.parent is not None and named.parent.list_id is not None:
        keys.append(lists.member_key(named.parent.account_id, named.parent.list_id, author_id))
    found = fetch(strong=dict.fromkeys(keys))
    people = {each.id: each for each in found.all(Account) if not (each.deactivated or each.deleted)}
    addressees = {each: Addressee(people[each], accounts.viewer_set_in(found, each),
                                  found.get(Relation, each, author_id) or relations.blank(each, author_id))
                  for each in own if each in people}
    parent = named.parent or (found.get(Status, named.parent_id) if named.parent_id else None)
    quoted = named.quoted or (found.get(Status, named.quoted_id) if named.quoted_id else None)
    to_parent = found.get(Relation, author_id, named.parent_author_id) if named.parent_author_id else None
    return Around(people, addressees, None if parent is None or parent.deleted else parent, to_parent,
                  frozenset(row.id for row in found.all(ListRow)),
                  None if quoted is None or quoted.deleted else quoted)


def find_claims(uris: Iterable[str]) -> dict[str, Claim]:
    """The claims of foreign uris that are known, in one round."""
    wanted = {uri: uri_claim(uri) for uri in uris}
    found = fetch(strong=wanted.values())
    return {uri: claim for uri, each in wanted.items() if (claim := found.get(Claim, each.hash)) is not None}
