"""Whom a status addresses: the accounts behind the names, with all that notifying them needs, in two rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..accounts import accounts
from ..accounts.accounts import Account, ViewerSet
from ..accounts.claims import Claim, nickname_claim
from ..dynamo.table import fetch
from ..media.uploads import Upload, upload_key
from ..relationships import lists, relations
from ..relationships.lists import ListRow
from ..relationships.relations import Relation
from ..timelines.conversations import Participation, participation_key
from .statuses import Status, status_key


@dataclass(frozen=True)
class NamedPeople:
    """First round: the accounts of the names, the status replied to, the author's entry of the conversation."""

    owners: dict[str, str]
    """Account ids by case-folded nickname."""
    parent: Status | None
    participation: Participation | None
    uploads: list[Upload] = field(default_factory=list)
    """Those of the uploads asked for that are the author's, in the order asked."""

    also: list[str] = field(default_factory=list)
    """Ids of accounts that a direct status was for, without being known when it came."""

    uris: list[str] = field(default_factory=list)
    """The uris of those who are not known yet."""

    quoted: Status | None = None
    """The status that is quoted."""


@dataclass(frozen=True)
class Addressee:
    """One local account that may be told of the status. `relation`: how it stands to the author."""

    account: Account
    hides: ViewerSet
    relation: Relation


@dataclass(frozen=True)
class People:
    """Second round: the accounts by id. `to_parent`: how the author stands to the author of the parent."""

    by_id: dict[str, Addressee]
    to_parent: Relation | None = None
    on_lists: frozenset[str] = frozenset()
    """The list that the parent is for, if the author is on it."""


def look_up(names: Iterable[str], author_id: str, parent_id: str | None, participation: int | None,
            uploads: Sequence[str] = (), quoted_id: str | None = None) -> NamedPeople:
    claims = {name.casefold(): nickname_claim(name) for name in names}
    keys = [*claims.values(), *(status_key(id) for id in {parent_id, quoted_id} if id)]
    if participation is not None:
        keys.append(participation_key(author_id, participation))
    keys += [upload_key(id) for id in uploads]
    found = fetch(strong=keys)
    owners = {name: found.get(Claim, claim.hash) for name, claim in claims.items()}
    parent, quoted = (found.get(Status, id) if id else None for id in (parent_id, quoted_id))
    return NamedPeople(
        {name: str(claim.id) for name, claim in owners.items() if claim is not None},
        None if parent is None or parent.deleted else parent,
        found.get(Participation, author_id, participation) if participation is not None else None,
        [upload for id in uploads if (upload := found.get(Upload, id)) is not None and upload.owner == author_id],
        quoted=None if quoted is None or quoted.deleted else quoted,
    )


def people(account_ids: Iterable[str], author_id: str, parent: Status | None = None) -> People:
    """The accounts that exist and are active, in one round."""
    wanted = list(dict.fromkeys(account_ids))
    keys = [*map(accounts.profile_key, wanted), *map(accounts.viewer_set_key, wanted)]
    keys += [relations.relation_key(account_id, author_id) for account_id in wanted]
    if parent is not None:
        keys.append(relations.relation_key(author_id, parent.account_id))
        if parent.list_id is not None:
            keys.append(lists.member_key(parent.account_id, parent.list_id, author_id))
    found = fetch(strong=keys)
    by_id = {}
    for account_id in wanted:
        account = accounts.in_found(found, account_id)
        if account is None or account.deactivated or account.deleted:
            continue
        relation = found.get(Relation, account_id, author_id) or relations.blank(account_id, author_id)
        by_id[account_id] = Addressee(account, accounts.viewer_set_in(found, account_id), relation)
    if parent is None:
        return People(by_id)
    on_lists = frozenset(row.id for row in found.all(ListRow))
    return People(by_id, found.get(Relation, author_id, parent.account_id), on_lists)
