"""Permissions: who may quote a status.

| the quoted status is | who may |
|---|---|
| public, unlisted, local | whom its policy lets: everybody, followers of the author, or nobody |
| private | its author, for nobody whom the quoted one is not for |
| direct, for a list | nobody |

Authors may always quote what others may. A *policy* of another server names groups of people. Those of `automatic` may
quote; those of `manual` have to ask. Where a server says nothing of quotes, everybody may, as there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...store.accounts.accounts import Account
from ...store.quotes.quotes import EVERYBODY, FOLLOWERS, NOBODY
from ...store.relationships.relations import Relation
from ...store.statuses.statuses import Status
from ..visibility import is_open, is_private

FOLLOWING, UNSUPPORTED = "following", "unsupported_policy"
AUTOMATIC, MANUAL, DENIED, UNKNOWN = "automatic", "manual", "denied", "unknown"


class Approval(NamedTuple):
    """Which groups of people may quote, and which have to ask: `public`, `followers`, `following` of the author."""

    automatic: Sequence[str] = ()
    manual: Sequence[str] = ()

    def answer(self, *, follows: bool | None, followed: bool | None) -> str:
        """What somebody may do who follows the author, and whom the author follows. None: that is not known."""
        if EVERYBODY in self.automatic:
            return AUTOMATIC
        if not self.automatic and not self.manual:
            return DENIED
        belongs = {EVERYBODY: True, FOLLOWERS: follows, FOLLOWING: followed}
        for groups, answer in ((self.automatic, AUTOMATIC), (self.manual, MANUAL)):
            if any(belongs.get(group) for group in groups):
                return answer
        doubtful = any(belongs.get(group) is None for group in (*self.automatic, *self.manual))
        return UNKNOWN if doubtful else DENIED


EVERYBODY_MAY = Approval((EVERYBODY,))
"""As with most statuses."""


def policy_for(visibility: str, wanted: str | None, author: Account) -> str | None:
    """The policy of a new status. None: everybody may quote it, or nobody may because of its visibility."""
    policy = wanted or author.profile.get("quote_policy")
    return policy if policy in (FOLLOWERS, NOBODY) and is_open(visibility) else None


def approval_of(status: Status) -> Approval:
    """Who may quote a status, besides its author."""
    if not is_open(status.visibility):
        return Approval()
    told = status.content.get("can_quote")
    if told is not None:
        return Approval(told["automatic"], told["manual"])
    policy = status.quote_policy or EVERYBODY
    return EVERYBODY_MAY if policy == EVERYBODY else Approval(() if policy == NOBODY else (policy,))


def answer_to(status: Status, account_id: str | None, *, follows: bool | None = None,
              followed: bool | None = None, approval: Approval | None = None) -> str:
    """Whether an account may quote a status that it sees: `automatic`, `manual`, `denied` or `unknown`.

    `approval`: as `approval_of` says, if that is known.
    """
    if account_id is None:
        return DENIED
    if status.account_id == account_id:
        return AUTOMATIC if is_open(status.visibility) or is_private(status.visibility) else DENIED
    return (approval or approval_of(status)).answer(follows=follows, followed=followed)


def answer_to_viewer(status: Status, viewer_id: str | None, relation: Relation | None,
                     approval: Approval | None = None) -> str:
    """As `answer_to`. `relation`: how the viewer stands to the author, if that was read."""
    if relation is None:
        return answer_to(status, viewer_id, approval=approval)
    return answer_to(status, viewer_id, follows=relation.follows, followed=relation.followed_by, approval=approval)
