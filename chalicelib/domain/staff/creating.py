"""Accounts that an administrator makes: without captcha, invite and the confirmation of the address."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from ...queues import queue
from ...queues.messages import outbox
from ...settings import settings
from ...store.accounts import creating as store
from ...store.accounts.accounts import SECRET, Account, Secret
from ..accounts import arrivals, nicknames, registration
from ..accounts.registration import BLANK, MALFORMED, TAKEN
from ..mail.addresses import is_email
from ..refusals import BadRequest, Conflict
from ..signing_in import passwords
from . import log
from .acting import Administrator

MOST_AT_ONCE = 16
"""All are made in one transaction, with up to five items of a hundred for each."""
BIO = "."


@dataclass(frozen=True)
class NewUser:
    nickname: str
    email: str
    password: str


class NotCreated(Conflict):
    """What is wrong with each of the wanted accounts, in their order. Empty: nothing. None of them was made."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__()
        self.faults = faults


def create(wanted: Sequence[NewUser], by: Administrator) -> None:
    """Make all of these accounts, or none. Raises NotCreated, BadRequest: too many at once."""
    if len(wanted) > MOST_AT_ONCE:
        raise BadRequest(f"At most {MOST_AT_ONCE} users at once")
    _refuse([_fault(wish) for wish in wanted])
    _refuse(_taken(wanted))
    accounts = [_account(wish) for wish in wanted]
    messages = [arrivals.message_for(account) for account in accounts]
    made = [
        store.New(account, Secret(account.id, SECRET, password_hash=passwords.hashed(wish.password),
                                  **registration.address_of(wish.email)), outbox(message) if message else None)
        for wish, account, message in zip(wanted, accounts, messages, strict=True)
    ]
    with ExitStack() as indexed:
        for account in accounts:
            indexed.enter_context(registration.findable(account))
        try:
            store.create_all(made, log.created(by, accounts))
        except store.SomeTaken as taken:
            _refuse([_told(taken.what.get(place)) for place in range(len(wanted))])
    queue.send_all(message for message in messages if message is not None)


def _account(wish: NewUser) -> Account:
    account = registration.new_account(wish.nickname, wish.nickname, BIO)
    account.approval_pending = settings.account_approval_required
    return account


def _refuse(faults: Sequence[str]) -> None:
    if any(faults):
        raise NotCreated(faults)


def _fault(wish: NewUser) -> str:
    """The first thing that is wrong with a wish, whoever else there is."""
    blank = not wish.nickname.strip()
    rules = [
        ("nickname " + MALFORMED, not blank and not nicknames.is_nickname(wish.nickname)),
        ("nickname is reserved", wish.nickname.casefold() in nicknames.RESERVED),
        ("nickname " + BLANK, blank),
        ("email " + BLANK, not wish.email.strip() and settings.account_activation_required),
        ("email Invalid email", registration.is_blacklisted(wish.email)),
        ("email " + MALFORMED, bool(wish.email) and not is_email(wish.email)),
        ("password " + BLANK, not wish.password.strip()),
    ]
    return next((text for text, is_so in rules if is_so), "")


def _taken(wanted: Sequence[NewUser]) -> list[str]:
    """What somebody else has already, or an earlier wish wants."""
    owned = store.find_all_taken([(wish.nickname, wish.email) for wish in wanted])
    nicknames = [wish.nickname.casefold() for wish in wanted]
    addresses = [wish.email.casefold() for wish in wanted]
    for place in range(len(wanted)):
        if nicknames[place] in nicknames[:place]:
            owned[place] = store.NICKNAME
        elif addresses[place] and addresses[place] in addresses[:place]:
            owned.setdefault(place, store.EMAIL)
    return [_told(owned.get(place)) for place in range(len(wanted))]


def _told(what: str | None) -> str:
    return f"{what} {TAKEN}" if what else ""
