"""Standings: the state of an account in one short text, by which the accounts are listed and counted.

    L/Person       an account of this server, active
    Lda/Service    … deactivated, an administrator, a bot
    R/Person       an account of another server

The text is an attribute of the profile and the hash key of the index `directory`. The statistics of the instance count
the accounts of each standing. So whatever changes a standing is written by `move`, `enter` or `leave`, which change
profile, counters and the list of staff in one transaction. Nothing else writes these attributes: `tests/test_house.py`
looks for it, and `python -m infra.audit` compares the counters with the accounts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, Writes, transaction
from ..instance import counters
from ..instance.counters import Counted
from .accounts import PROFILE, Account

LOCAL, REMOTE = "L", "R"
FLAGS = {"deactivated": "d", "approval_pending": "w", "confirmation_pending": "u", "is_admin": "a",
         "is_moderator": "m"}
DECIDING = frozenset({*FLAGS, "actor_type", "host"})
"""The attributes of a profile that its standing is made of."""


class AccountState(NamedTuple):
    is_local: bool
    deactivated: bool
    approval_pending: bool
    confirmation_pending: bool
    is_admin: bool
    is_moderator: bool
    actor_type: str

    @property
    def text(self) -> str:
        letters = "".join(letter for name, letter in FLAGS.items() if getattr(self, name))
        return f"{LOCAL if self.is_local else REMOTE}{letters}/{self.actor_type}"

    @classmethod
    def read(cls, text: str) -> Self:
        letters, _, actor_type = text.partition("/")
        flags: dict[str, Any] = {name: letter in letters[1:] for name, letter in FLAGS.items()}
        return cls(is_local=letters[:1] == LOCAL, actor_type=actor_type, **flags)


@dataclass(frozen=True)
class Move:
    """A change of one profile. `values`: what it becomes, by attribute; None takes an attribute away.

    `more`: what else is done to the profile. The account must still be as it was read, as far as its standing says.
    """

    account: Account
    values: Mapping[str, Any]
    more: Sequence[Action] = field(default=())
    condition: Condition | None = None
    label: str = ""

    @property
    def after(self) -> str | None:
        """The standing that the account gets. None: it is not listed, before and after."""
        return None if self.account.standing is None else of(self.account, self.values).text

    @property
    def actions(self) -> list[Action]:
        changed = dict(self.values)
        if self.after != self.account.standing:
            changed["standing"] = self.after
        return [*self.more, *(_becomes(name, value) for name, value in changed.items())]


def of(account: Account, values: Mapping[str, Any] | None = None) -> AccountState:
    """The standing of an account once it has these `values`."""
    def value(name: str) -> Any:
        return values[name] if values is not None and name in values else getattr(account, name)

    flags: dict[str, Any] = {name: bool(value(name)) for name in FLAGS}
    return AccountState(is_local=value("host") is None, actor_type=value("actor_type") or "Person", **flags)


def is_right(account: Account) -> bool:
    """Whether the account's standing is what its attributes say. That of an older version is not."""
    return account.standing is None or account.standing == of(account).text


def move(write: Writes, *moves: Move) -> None:
    """Change profiles within a transaction, each under the condition that its standing is still the one that was read.
    """
    for each in moves:
        unchanged = _same(each.account)
        condition = unchanged if each.condition is None else unchanged & each.condition
        write.update(Account.stub(each.account.id, PROFILE), each.actions, condition, label=each.label)
    counters.count_accounts(write, [_counted(each.account, each.after, each.values) for each in moves])


def correct(account: Account) -> None:
    """Give an account the standing that its attributes say, if it has another one. Raises Overtaken."""
    if is_right(account):
        return
    try:
        with transaction() as write:
            move(write, Move(account, {}))
    except ConditionFailed as failed:
        raise Overtaken from failed


def enter(write: Writes, *accounts: Account) -> None:
    """Put new profiles within the transaction that makes them, and count them."""
    for account in accounts:
        account.standing = None if is_internal(account) else of(account).text
        write.put(account)
    counters.count_accounts(write, [
        Counted(account.id, None, account.standing, int(_counts(account)), 1 if _is_staff(account, {}) else 0,
                new=account.host is None and not is_internal(account))
        for account in accounts
    ])


def replace(write: Writes, account: Account, by: Account, condition: Condition) -> None:
    """Put another profile in place of this one."""
    by.standing = None if account.standing is None else of(by).text
    write.put(by, condition & _same(account))
    users = int(_counts(by)) - int(_counts(account))
    counters.count_accounts(write, [Counted(account.id, account.standing, by.standing, users, 0)])


def leave(write: Writes, account: Account, condition: Condition) -> None:
    """Delete a profile, and count the account no longer."""
    write.delete(Account.stub(account.id, PROFILE), condition & _same(account))
    counters.count_accounts(write, [Counted(account.id, account.standing, None, -int(_counts(account)), 0)])


def local_texts() -> list[str]:
    """The standings that accounts of this server have, with the one that older versions gave all of them."""
    return [LOCAL, *(text for text in counters.standings() if AccountState.read(text).is_local)]


def is_internal(account: Account) -> bool:
    """Whether it is an account of the server's own, which nobody lists."""
    return account.host is None and str(account.nickname).startswith("internal.")


def _counted(account: Account, after: str | None, values: Mapping[str, Any]) -> Counted:
    users = 0
    if "deactivated" in values:
        users = int(not values["deactivated"]) - int(not account.deactivated) if not account.host else 0
    staff = int(_is_staff(account, values)) - int(_is_staff(account, {}))
    return Counted(account.id, account.standing, after, users, staff)


def _counts(account: Account) -> bool:
    """Whether it counts among the users of this server."""
    return not account.host and not account.deactivated


def _is_staff(account: Account, values: Mapping[str, Any]) -> bool:
    return any(values.get(name, getattr(account, name)) for name in ("is_admin", "is_moderator"))


def _same(account: Account) -> Condition:
    same: Condition = Account.id.exists() & (Account.standing == account.standing if account.standing is not None
                                             else Account.standing.does_not_exist())
    return same


def _becomes(name: str, value: Any) -> Action:
    attribute = getattr(Account, name)
    absent = Account.ABSENT.get(name)
    action: Action = attribute.remove() if value is None or value == absent else attribute.set(value)
    return action
