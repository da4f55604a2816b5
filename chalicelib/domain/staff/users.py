"""What administrators do with accounts: let them in, deactivate and activate them, suggest them, delete them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...store.accounts import accounts
from ...store.accounts.accounts import Account, WithSecret
from ...store.federation import received
from ...store.staff import suggesting
from ...store.staff.log import LoggedAct
from .. import lookup
from ..accounts import arrivals, deactivation, deletion
from ..refusals import BadRequest
from . import log
from .acting import Administrator
from .changing import Known, change, those

MOST_SUGGESTED = 40
"""Who asks whom to follow loads them all."""


def get(name: str) -> WithSecret:
    """The account of this name or id, deleted or not. Raises NotFound."""
    [shown] = _as_they_are(lookup.get_all([name]))
    return shown


def activate(names: Iterable[str], by: Administrator) -> list[WithSecret]:
    """Activate accounts. Those that are active, or were deleted, pass through. Answers all of them."""
    return _changed(lookup.get_all(names), deactivation.may_return, deactivation.enable_all, log.activated, by)


def deactivate(names: Iterable[str], by: Administrator) -> list[WithSecret]:
    """Deactivate accounts. Their tokens are nobody's at once. Answers all accounts of these names."""
    return _changed(lookup.get_all(names), deactivation.is_active, deactivation.disable_all, log.deactivated, by)


def toggle(name: str, by: Administrator) -> WithSecret:
    """Deactivate an active account, activate another one."""
    named = lookup.get_all([name])
    [shown] = deactivate([named[0].id], by) if deactivation.is_active(named[0]) else activate([named[0].id], by)
    return shown


def approve(names: Iterable[str], by: Administrator) -> list[WithSecret]:
    """Let accounts in. Those that do not wait for it pass through. Answers all of them."""
    return _changed(lookup.get_all(names), arrivals.is_waiting, arrivals.approve_all, log.approved, by)


def suggest(names: Iterable[str], by: Administrator) -> list[WithSecret]:
    """Suggest accounts to everybody. Answers all accounts of these names. Raises BadRequest: there would be too many.

    They come first among whom to follow, as long as they want to be found.
    """
    named = lookup.get_all(names)
    if len(suggesting.list_ids().union(account.id for account in named)) > MOST_SUGGESTED:
        raise BadRequest("Too many suggested accounts")
    return _suggested(named, True, log.suggested, by)


def unsuggest(names: Iterable[str], by: Administrator) -> list[WithSecret]:
    """Suggest accounts no longer. Answers all accounts of these names."""
    return _suggested(lookup.get_all(names), False, log.unsuggested, by)


def _suggested(named: Sequence[Account], wanted: bool, entry: Callable[[Administrator, Known], LoggedAct],
               by: Administrator) -> list[WithSecret]:
    return _changed(named, lambda account: not account.deleted and bool(account.suggested) != wanted,
                    lambda chosen, act: suggesting.set_suggested(chosen, wanted, act), entry, by)


def delete(names: Iterable[str], by: Administrator) -> None:
    """Let accounts be deleted by jobs. They are deactivated at once. Those of other servers do not come back either."""
    def not_yet(known: Known) -> Known:
        asked = deletion.find_asked(known)
        return [account for account in known if account.id not in asked]

    def write(chosen: Known) -> None:
        deletion.begin_all(chosen, log.deleted(by, chosen))
        for account in chosen:
            if account.foreign_uri is not None:
                received.mark_gone(account.foreign_uri)

    change(lookup.get_all(names), not_yet, write)


def _changed(named: Sequence[Account], is_due: Callable[[Account], bool], write: Callable[[Known, LoggedAct], None],
             entry: Callable[[Administrator, Known], LoggedAct], by: Administrator) -> list[WithSecret]:
    """Change the accounts for which it is due. Answers all of them, as they are then."""
    change(named, those(is_due), lambda chosen: write(chosen, entry(by, chosen)))
    return _as_they_are(named)


def _as_they_are(named: Iterable[Account]) -> list[WithSecret]:
    return accounts.find_with_secrets(account.id for account in named)
