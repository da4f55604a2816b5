"""New passwords that an administrator demands."""

from __future__ import annotations

from ..domain.signing_in import password_reset
from ..queues.accounts import ForcePasswordReset
from ..queues.queue import Counts, job


@job(queue="timelines")
def force_password_reset(message: ForcePasswordReset) -> Counts:
    """Demand a new password, unless the account has had one since it was asked: twice is harmless."""
    return {"forced": int(password_reset.force(message.account_id, message.generation))}
