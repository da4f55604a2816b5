"""Accounts of other servers as those who act: found, or learnt when they are met for the first time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ....store.accounts import accounts
from ....store.accounts.accounts import VIEWER_SET, Account, ViewerSet
from ....store.accounts.claims import Claim
from ....store.federation import received
from ....store.federation.accounts import NameTaken
from ...accounts import deletion
from ...viewer import Viewer
from .. import addresses, arriving, resolving
from ..fetching import NotFetched, Unanswered
from ..reading.account import read_account
from ..reading.values import Unreadable
from .activity import Activity, Dropped


class Later(Exception):
    """It cannot be done now, but perhaps in so many seconds."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


PUT_OFF = 900


def acting(account: Account) -> Viewer:
    """The account as one who does something here. What it hides is known to its own server only."""
    return Viewer(account, ViewerSet.blank(account.id, VIEWER_SET))


def of_claim(claim: Claim) -> Account:
    """The account of a claim. Raises Dropped if it is gone, or the staff has deactivated it."""
    if claim.gone:
        raise Dropped("the account is gone")
    account = accounts.find(claim.id)
    if account is None or account.deleted or account.deactivated:
        raise Dropped("the account is gone or deactivated")
    return account


def learn(uri: str, document: Mapping[str, Any] | None = None) -> Account:
    """The account of an actor that is not known yet. `document`: its document, if it was fetched. Raises Dropped and
    Later.
    """
    if document is not None and document["id"] != uri:
        raise Dropped("the actor has another id")
    with _faults_told():
        return resolving.account_of(uri) if document is None else resolving.learn_account(dict(document))


@contextmanager
def _faults_told() -> Iterator[None]:
    """What may go wrong with an actor, as Dropped and Later."""
    try:
        yield
    except Unanswered as fault:
        raise Later(PUT_OFF, str(fault)) from fault
    except (NotFetched, Unreadable) as fault:
        raise Dropped(f"no actor: {fault}") from fault
    except NameTaken:
        raise Dropped("another account has the name") from None


def find_or_learn(uri: str) -> Account:
    """The account of an actor, known or not. Raises Dropped and Later."""
    claim = received.look_up([uri], None).accounts.get(uri)
    return of_claim(claim) if claim is not None else learn(uri)


def update(activity: Activity) -> Account:
    """An account is as its server says now."""
    document = {"@context": activity.document.get("@context"), **(activity.object or {})}
    try:
        foreign = read_account(document)
        return arriving.learn_account(foreign)
    except Unreadable as fault:
        raise Dropped(str(fault)) from fault
    except NameTaken:
        raise Dropped("another account has the name") from None


def renewed(uri: str) -> Account:
    """The account of an actor as its server shows it now. Raises Dropped and Later."""
    with _faults_told():
        return resolving.renewed(uri)


def delete(uri: str) -> None:
    """An account was deleted where it belongs: everything of it goes here too, and it does not come back."""
    claim = received.look_up([uri], None).accounts.get(uri)
    if claim is None:
        raise Dropped("the account is not known")
    account = accounts.find(claim.id)
    if account is not None and not account.deleted:
        deletion.begin(account.id)
    received.mark_gone(uri)


def local(address: str | None) -> Account | None:
    """The account of this server that an address of ours names."""
    nickname = addresses.account_in(address) if address else None
    account = accounts.find_by_nickname(nickname) if nickname else None
    return account if account is not None and account.host is None else None

