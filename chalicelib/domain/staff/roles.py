"""Roles of the staff, which the API calls permission groups: administrators and moderators."""

from __future__ import annotations

from collections.abc import Iterable

from ...store.accounts.accounts import Account
from ...store.staff import appointing as store
from .. import lookup
from ..refusals import Forbidden, NotFound
from . import log
from .acting import Administrator
from .changing import change, those

OWN_ROLES = "You can't revoke your own admin/moderator status."
OWN_ROLE = "You can't revoke your own admin status."


def attribute_of(group: str) -> str:
    """What an account has that is in this group: `is_admin`, `is_moderator`. Raises NotFound."""
    if group not in store.ROLES:
        raise NotFound("No such permission_group")
    return store.ROLES[group]


def get(name: str, group: str | None = None) -> Account:
    """The account of this name or id, whose groups somebody asks for. Raises NotFound."""
    if group is not None:
        attribute_of(group)
    [account] = lookup.get_all([name])
    return account


def grant(names: Iterable[str], group: str, by: Administrator) -> None:
    """Take accounts into a group. Raises NotFound."""
    attribute_of(group)
    _set(lookup.get_all(names), group, True, by)


def revoke(names: Iterable[str], group: str, by: Administrator, *, own: str = OWN_ROLES) -> None:
    """Take accounts out of a group. Raises NotFound, Forbidden(`own`) if whoever asks is among them."""
    attribute_of(group)
    named = lookup.get_all(names)
    if any(account.id == by.id for account in named):
        raise Forbidden(own)
    _set(named, group, False, by)


def _set(named: list[Account], group: str, has: bool, by: Administrator) -> None:
    name = attribute_of(group)
    told = log.granted if has else log.revoked
    change(named, those(lambda account: not account.deleted and bool(getattr(account, name)) != has),
           lambda chosen: store.set_role(chosen, group, has, told(by, chosen, group)))
