"""Accounts of other servers: the same rows as our own, with claims of their uri and name, and without secrets."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..accounts import accounts, standings
from ..accounts.accounts import PROFILE, Account
from ..accounts.claims import Claim, nickname_claim, uri_claim
from ..accounts.standings import Move
from ..dynamo import foreseen
from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, Writes, fetch, transaction, update
from . import host_rows, presence

ACCOUNT, STATUS, MESSAGE, FOLLOW, FAVOURITE, REACTION, BLOCK, STAMP = "A", "S", "M", "F", "L", "R", "B", "Q"
"""What a claim of a uri is of."""
URI, NAME, HOST = "uri", "name", "host"


class NameTaken(Exception):
    """Another account of another server has the name. `owner_id`: which one."""

    def __init__(self, owner_id: str) -> None:
        super().__init__(owner_id)
        self.owner_id = owner_id


@dataclass(frozen=True)
class ForeignKey:
    """The public key of an account, as its server writes it."""

    id: str
    pem: str


@dataclass(frozen=True)
class KnownAccount:
    """What is known of a uri: its claim, and the account if there still is one."""

    claim: Claim | None
    account: Account | None
    name_owner: str | None
    """The id of whoever has the name."""
    is_host_met: bool = True


def look_up(uri: str, nickname: str, host: str) -> KnownAccount:
    """What is known of an account of another server, and of its host. One round if it is not known, else two.

    What was foreseen is older than the document that is being learnt, so it is read anew. Raises Overtaken if another
    run has entered the account between the two claims.
    """
    foreseen.forget()
    wanted = [uri_claim(uri), nickname_claim(nickname)]
    found = fetch(strong=[*wanted, host_rows.row_key(host)])
    claim, named = found.get(Claim, wanted[0].hash), found.get(Claim, wanted[1].hash)
    account = accounts.find(claim.id) if claim is not None and claim.kind == ACCOUNT else None
    if claim is None and named is not None and _is_of(str(named.id), uri):
        raise Overtaken
    return KnownAccount(claim, account, None if named is None else str(named.id), host_rows.is_met(found, host))


def _is_of(id: str, uri: str) -> bool:
    owner = accounts.find(id)
    return owner is not None and owner.foreign_uri == uri


def enter(account: Account, key: ForeignKey | None, *, is_host_met: bool) -> None:
    """Write a new account with both claims. `is_host_met`: it is not the first of its host.

    Raises Overtaken if its uri is known meanwhile, or its host, and NameTaken.
    """
    try:
        with transaction() as write:
            write.put(_claim(account, key), Claim.key.does_not_exist(), label=URI)
            name = Claim(nickname_claim(account.nickname).hash, id=account.id, spelling=account.nickname)
            write.put(name, Claim.key.does_not_exist(), label=NAME, old=True)
            standings.enter(write, account)
            presence.note(write)
            if not is_host_met:
                host_rows.meet(write, str(account.host), account.shared_inbox or account.inbox, HOST)
    except ConditionFailed as failed:
        if URI in failed.labels or HOST in failed.labels:
            raise Overtaken from failed
        raise NameTaken(failed.old.get(NAME, {}).get("id", {}).get("S", "")) from failed
    presence.learn()


def _claim(account: Account, key: ForeignKey | None) -> Claim:
    return Claim(
        uri_claim(account.foreign_uri or "").hash, id=account.id, kind=ACCOUNT, public_key=key.pem if key else None,
        key_id=key.id if key else None, keyed=int(time.time()) if key else None,
    )


def refresh(account: Account, values: Mapping[str, Any], key: ForeignKey | None) -> Account:
    """Write what is new of an account, with its key. Raises Overtaken if the account changed since it was read."""
    version = int(account.version or 0)
    changed = {**values, "version": version + 1}
    same = Account.version == version if version else Account.version.does_not_exist()
    alive = Account.id.exists() & Account.deleted.does_not_exist()
    try:
        with transaction() as write:
            standings.move(write, Move(account, changed, condition=alive & same))
            if key is not None:
                _rekey(write, account, key)
    except ConditionFailed as failed:
        raise Overtaken from failed
    return _with(account, changed)


def renamed(account: Account, display_lower: str) -> Account:
    """The account as it will be under another display name. Nothing is written."""
    return _with(account, {"display_lower": display_lower})


def _with(account: Account, values: Mapping[str, Any]) -> Account:
    changed = Account.__new__(Account)
    changed.attribute_values = {**account.attribute_values, **values}
    for name, absent in Account.ABSENT.items():
        if changed.attribute_values.get(name) is None:
            changed.attribute_values[name] = absent
    return changed


def _rekey(write: Writes, account: Account, key: ForeignKey) -> None:
    claim = Claim.stub(uri_claim(account.foreign_uri or "").hash)
    write.update(claim, [Claim.public_key.set(key.pem), Claim.key_id.set(key.id), Claim.keyed.set(int(time.time()))],
                 Claim.key.exists())


def note_missed(account: Account, at: float, *, missing: bool) -> bool:
    """The account could not be had. `missing`: its server said that it is not there. False: it changed meanwhile."""
    actions = [Account.seen.set(int(at)), Account.failures.add(1)]
    if missing and account.missing_since is None:
        actions.append(Account.missing_since.set(int(at)))
    same = Account.seen == account.seen if account.seen is not None else Account.seen.does_not_exist()
    return update(Account.stub(account.id, PROFILE), actions, Account.id.exists() & same)


def note_totals(account: Account, totals: Mapping[str, int]) -> bool:
    """Keep what the account's server counts of its followers and so on. False: the account changed meanwhile."""
    version = int(account.version or 0)
    doc = {**account.profile, "remote": dict(totals)}
    return update(Account.stub(account.id, PROFILE), [Account.doc.set(doc), Account.version.set(version + 1)],
                  Account.id.exists() & (Account.version == version if version else Account.version.does_not_exist()))


def give_up_name(owner: Account, nickname: str) -> None:
    """Rename an account that is gone where it belonged, so that another one can have its name. Raises Overtaken."""
    try:
        with transaction() as write:
            write.update(Account.stub(owner.id, PROFILE),
                         [Account.nickname.set(nickname), Account.nickname_lower.set(nickname.casefold())],
                         Account.nickname == owner.nickname)
            write.delete(Claim.stub(nickname_claim(owner.nickname).hash), Claim.id == owner.id)
            renamed = Claim(nickname_claim(nickname).hash, id=owner.id, spelling=nickname)
            write.put(renamed, Claim.key.does_not_exist())
    except ConditionFailed as failed:
        raise Overtaken from failed
