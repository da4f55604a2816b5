"""What a status of another server quotes, and who may quote it.

| it quotes | then |
|---|---|
| a status of its own author | it is accepted |
| one of this server | its policy decides, at once |
| one of a server that says nothing of quotes, or that everybody may | it is accepted |
| any other | it waits until its stamp has been looked at |
| what is not for everybody, of somebody else | that is not shown |
"""

from __future__ import annotations

from typing import Any

from ....store.accounts.accounts import Account
from ....store.quotes import quotes
from ....store.statuses.addressing import Addressee
from ....store.statuses.statuses import Status
from ...event_types.quotes import QuoteMet
from ...quotes import permissions
from ...visibility import is_open
from .. import addresses
from ..reading.status import ForeignPolicy, ForeignStatus


def groups_of(policy: ForeignPolicy | None, author: Account) -> dict[str, Any] | None:
    """The groups of people that a policy names. None: the server says nothing of quotes."""
    if policy is None:
        return None
    profile = author.profile
    names = {"": quotes.EVERYBODY, profile.get("followers"): quotes.FOLLOWERS,
             profile.get("following"): permissions.FOLLOWING}

    def words(told: list[str]) -> list[str]:
        others = [each for each in told if each != author.foreign_uri]
        return list(dict.fromkeys(names.get(each, permissions.UNSUPPORTED) for each in others))

    return {"automatic": words(list(policy.automatic)), "manual": words(list(policy.manual))}


def policy_in(groups: dict[str, Any] | None) -> str | None:
    """What the status keeps for readers of rows: whether it matters who follows whom."""
    followers = {quotes.FOLLOWERS, permissions.FOLLOWING}
    return quotes.FOLLOWERS if groups and followers & {*groups["automatic"], *groups["manual"]} else None


def attach(status: Status, quoted: Status, author: Addressee | None, *, has_stamp: bool) -> bool:
    """Let a status quote another one, in the state that follows. False: that is not for its readers.

    `author`: that of the quoted status, if it is of this server.
    """
    if quoted.reblog_of or quoted.id == status.id:
        return False
    if quoted.account_id != status.account_id and not is_open(quoted.visibility):
        return False
    if quoted.host is None and author is None:
        return False
    status.quote_of, status.quote_of_account_id = quoted.id, quoted.account_id
    status.quote_state = _state(status, quoted, author, has_stamp=has_stamp)
    return True


def _state(status: Status, quoted: Status, author: Addressee | None, *, has_stamp: bool) -> str | None:
    if quoted.account_id == status.account_id:
        return None
    if author is not None:
        relation = author.relation
        answer = permissions.answer_to(quoted, status.account_id, follows=relation.followed_by,
                                       followed=relation.follows)
        blocked = status.account_id in author.hides.blocked
        return None if answer == permissions.AUTOMATIC and not blocked else quotes.REJECTED
    everybody = quotes.EVERYBODY in permissions.approval_of(quoted).automatic
    return None if "can_quote" not in quoted.content or (everybody and not has_stamp) else quotes.PENDING


def met(status: Status, foreign: ForeignStatus) -> list[QuoteMet]:
    """What happens if the quoted status has to be fetched, or a stamp has to be looked at."""
    unknown = status.quote_of is None and foreign.quote is not None and addresses.is_foreign(foreign.quote)
    unproved = status.quote_state == quotes.PENDING and foreign.quote_stamp is not None
    return [QuoteMet(status.id, foreign.quote_stamp or "")] if unknown or unproved else []
