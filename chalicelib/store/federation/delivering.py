"""What must be read to deliver an activity: its sender, and whatever it is about, in one round."""

from __future__ import annotations

from dataclasses import dataclass

from ..accounts import accounts
from ..accounts.accounts import Account, ViewerSet
from ..dynamo.keys import Key
from ..dynamo.table import fetch
from ..relationships import relations
from ..relationships.relations import Relation
from ..statuses import marks, statuses
from ..statuses.marks import Mark
from ..statuses.statuses import Status
from .keys import KEYS, SigningKeys, keys_key


@dataclass(frozen=True)
class Needs:
    """What is to be read beside the sender. `status_id` with `mark`: the sender's mark on it. `relation`: the sender's
    row with the other.
    """

    account_id: str
    other_id: str = ""
    status_id: str = ""
    mark: bool = False
    relation: bool = False


@dataclass(frozen=True)
class Concerned:
    """The sender, and what the activity is about, as far as it was asked for and is there."""

    account: Account
    hides: ViewerSet
    keys: SigningKeys | None = None
    other: Account | None = None
    status: Status | None = None
    mark: Mark | None = None
    relation: Relation | None = None


def load(wanted: Needs, *, to_sign: bool) -> Concerned | None:
    """All of it, read strongly. `to_sign`: with the sender's keys, else with what the sender hides. None: no sender."""
    me, other, status_id = wanted.account_id, wanted.other_id, wanted.status_id
    keys: list[Key] = [accounts.profile_key(me), keys_key(me) if to_sign else accounts.viewer_set_key(me)]
    if other:
        keys.append(accounts.profile_key(other))
    if other and wanted.relation:
        keys.append(relations.relation_key(me, other))
    if status_id:
        keys.append(statuses.status_key(status_id))
    if status_id and wanted.mark:
        keys.append(marks.mark_key(me, status_id))
    found = fetch(strong=keys)
    account = accounts.in_found(found, me)
    if account is None:
        return None
    status = found.get(Status, status_id)
    return Concerned(
        account, accounts.viewer_set_in(found, me), found.get(SigningKeys, me, KEYS), accounts.in_found(found, other),
        None if status is None or status.deleted else status, found.get(Mark, me, status_id),
        found.get(Relation, me, other),
    )
