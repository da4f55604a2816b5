"""Accounts elsewhere that go on as another one. Nothing is believed that the other one does not say too.

Only a Move takes followers along. An account that says in its document where it has gone (`movedTo`) is shown so.
"""

from __future__ import annotations

from ....store.accounts.accounts import Account
from ....store.accounts.profiles import AccountGone
from ...accounts import moving
from ...accounts.moving import Unmovable
from .. import addresses
from ..reading import values
from . import people
from .activity import Activity, Dropped


def move(activity: Activity, by: Account) -> None:
    """Let the followers here follow the account to which another one has moved. A second time changes nothing."""
    if not activity.is_about_itself:
        raise Dropped("nobody moves somebody else")
    _follow(by, values.id_of(activity.document.get("target")), takes_followers=True)


def update(activity: Activity) -> None:
    """An account is as its server says now. If it says that it has moved, that is looked at."""
    show(people.update(activity))


def show(account: Account) -> None:
    """Show where an account says to have gone, if that is so. Raises Dropped and Later."""
    uri = account.profile.get("moved_to")
    if uri is not None and not account.profile.get("moved"):
        _follow(account, uri, takes_followers=False)


def _follow(account: Account, uri: str | None, *, takes_followers: bool) -> None:
    try:
        target = _target(account, uri)
        moving.demand_agreement(account, target)
        moving.move(account, target, takes_followers=takes_followers)
    except Unmovable as fault:
        raise Dropped(str(fault)) from None
    except AccountGone:
        raise Dropped("the account is gone") from None


def _target(account: Account, uri: str | None) -> Account:
    """Where the account goes: one of ours, or another server's as that shows it now."""
    if uri is None or uri == account.uri:
        raise Dropped("moves nowhere")
    if not addresses.is_own(uri) and not addresses.is_foreign(uri):
        raise Dropped("moves to nobody")
    target = people.local(uri) if addresses.is_own(uri) else people.renewed(uri)
    if target is None or target.deleted or target.deactivated:
        raise Dropped("moves to nobody")
    return target
