"""What may be asked of a queue about other servers: an activity that is gathered for, sent, and sent again."""

from __future__ import annotations

from dataclasses import dataclass

from .messages import Message

EVERY_SERVER = "every server"
"""`said` of what all servers have to hear, not only those with which the sender has to do."""


@dataclass(frozen=True)
class Federate(Message, kind="federate", queue="timelines", row=("activity", "subject", "cause"), lasts=60):
    """Find out which inboxes of other servers an activity goes to, and ask for it to be sent there.

    `activity`: its type; an Undo names that of the undone too. `subject`: the status or account that it is about.
    `cause`: what gives the activity its id. `other_id`: whom else it is for. `said`: what will not be in the tables by
    then. Everything else is read when it is sent.
    """

    activity: str
    account_id: str
    subject: str
    cause: str
    other_id: str = ""
    said: str = ""


@dataclass(frozen=True)
class SendActivity(Message, kind="send_activity", queue="outside", lasts=30):
    """Send an activity to some inboxes. The fields are those of `Federate`.

    `attempt`: how often these inboxes were tried before. `waits`: how often their server was not free.
    """

    activity: str
    account_id: str
    subject: str
    cause: str
    inboxes: list[str]
    other_id: str = ""
    said: str = ""
    attempt: int = 0
    waits: int = 0


@dataclass(frozen=True)
class SendAgain(Message, kind="send_again", queue="outside", row=("id", "attempt", "waits"), lasts=30):
    """Send an activity to an inbox that did not take it for a while. `id`: of the two."""

    id: str
    activity: str
    account_id: str
    subject: str
    cause: str
    inboxes: list[str]
    other_id: str = ""
    said: str = ""
    attempt: int = 0
    waits: int = 0


@dataclass(frozen=True)
class ForgetKeys(Message, kind="forget_keys", queue="timelines", row=("account_id",)):
    """Destroy the keys of a deleted account, or the key that was replaced, when everybody has heard of it."""

    account_id: str
