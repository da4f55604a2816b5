"""Pins: the statuses that come first on their author's profile."""

from __future__ import annotations

from ...ids import new_flake
from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.statuses import pins, statuses
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from .. import events, visibility
from ..event_types.statuses import StatusPinned, StatusUnpinned
from ..refusals import BadRequest, NotFound
from ..retrying import expect, retried, retried_from
from ..viewer import Viewer


def may_pin(status: Status, account: Account) -> bool:
    return status.account_id == account.id and visibility.is_open(status.visibility) and not status.reblog_of


def add(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    """Pin a status of one's own. A second time changes nothing."""
    status, around = _own(status_id, by, BadRequest("Could not pin"))
    if not may_pin(status, by.account):
        raise BadRequest("Could not pin")

    def pin(account: Account) -> tuple[Status, Surroundings]:
        pinned = list(account.pins or [])
        if status.id not in pinned:
            if len(pinned) >= settings.max_pinned_statuses:
                pinned = _still_there(pinned)
            if len(pinned) >= settings.max_pinned_statuses:
                raise BadRequest("You have already pinned the maximum number of statuses")
            pinned = [status.id, *pinned]
            event = StatusPinned(status.id, account.id, new_flake(), _leaves(status, account))
            expect(pins.set_pins(account, pinned, events.owed(event)))
            events.tell(event)
        return _after(status, around, account, pinned)

    return retried_from(by.account, pin, lambda: _again(by))


def _still_there(pinned: list[str]) -> list[str]:
    """Without those that were deleted just now: the job that takes them off the profile may not have run yet."""
    there = statuses.find_all(pinned)
    return [id for id in pinned if id in there]


def remove(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    """Unpin a status. Harmless if it was not pinned."""
    status, around = _own(status_id, by, BadRequest("Could not unpin"))

    def unpin(account: Account) -> tuple[Status, Surroundings]:
        pinned = list(account.pins or [])
        left = [each for each in pinned if each != status.id]
        if left != pinned:
            event = StatusUnpinned(status.id, account.id, status.expires, new_flake(), _leaves(status, account))
            expect(pins.set_pins(account, left, events.owed(event)))
            events.tell(event)
        return _after(status, around, account, left)

    return retried_from(by.account, unpin, lambda: _again(by))


def _leaves(status: Status, account: Account) -> bool:
    """Whether followers elsewhere hear of the pin. What is only for this server is not among the pins there."""
    return account.foreign_followers_count > 0 and visibility.is_for_everybody(status.visibility)


def forget(account_id: str, status_id: str) -> None:
    """Remove the pin of a deleted status."""
    def take_off() -> None:
        account = accounts.find(account_id)
        if account is not None and status_id in (account.pins or []):
            expect(pins.set_pins(account, [each for each in account.pins if each != status_id]))

    retried(take_off)


def _own(status_id: str, by: Viewer, refusal: BadRequest) -> tuple[Status, Surroundings]:
    try:
        status, around = visibility.readable(status_id, by)
    except NotFound:
        raise refusal from None
    if status.account_id != by.id:
        raise refusal
    return status, around


def _again(by: Viewer) -> Account:
    account = accounts.find(by.id)
    if account is None:
        raise NotFound
    return account


def _after(status: Status, around: Surroundings, account: Account, pinned: list[str]) -> tuple[Status, Surroundings]:
    account.pins = pinned
    around.accounts[account.id] = account
    return status, around
