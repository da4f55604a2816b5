"""Arrivals: the steps that a new account goes through after signing up.

It may have to confirm an address, and then to be approved. When nothing is pending any more, it is welcomed. The
transaction that brings an account to a step also writes the job that acts on it, so that each step is done once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ...queues import queue
from ...queues.accounts import Arrival
from ...queues.messages import outbox
from ...queues.notifications import Mail
from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts import arrivals as store
from ...store.accounts.accounts import Account
from ...store.instance import counters
from ...store.jobs import Job
from ...store.mail.letters import DoneBefore
from ...store.staff.log import LoggedAct
from .. import chats
from ..lookup import LONGEST_NAME
from ..mail import mailing
from ..refusals import Refusal
from ..relationships import following
from ..retrying import expect
from ..statuses import posting
from ..statuses.drafts import Draft
from ..viewer import Viewer

CONFIRM, REVIEW, WELCOME = "confirm", "review", "welcome"


def message_for(account: Account, *, confirmed: bool = False, approved: bool = False) -> Arrival | None:
    """What has to be done for the account, once it is `confirmed` or `approved`. None: nothing."""
    if account.confirmation_pending and not confirmed:
        return Arrival(account.id, CONFIRM) if settings.mail and not approved else None
    if account.approval_pending and not approved:
        return Arrival(account.id, REVIEW) if settings.mail else None
    wanted = (settings.autofollowed_nicknames, settings.autofollowing_nicknames, _greeting(), _first_message(),
              settings.welcome_email and settings.mail)
    return Arrival(account.id, WELCOME) if any(wanted) else None


def is_waiting(account: Account) -> bool:
    """Whether it can be approved."""
    return bool(account.approval_pending) and not account.deleted


def approve_all(waiting: Sequence[Account], entry: LoggedAct) -> None:
    """Let these accounts in, all or none, with the entry of the moderation log. Raises Overtaken."""
    messages = [message for account in waiting if (message := message_for(account, approved=True)) is not None]
    expect(store.approve(waiting, map(outbox, messages), entry))
    queue.send_all(messages)


def is_unconfirmed(account: Account) -> bool:
    """Whether its address can be confirmed."""
    return bool(account.confirmation_pending) and not account.host


def confirm_all(pending: Sequence[Account], entry: LoggedAct) -> None:
    """Count the addresses of these accounts as confirmed, all or none, with the entry of the log. Raises Overtaken."""
    messages = [message for account in pending if (message := message_for(account, confirmed=True)) is not None]
    expect(store.confirm_all(pending, map(outbox, messages), entry))
    queue.send_all(messages)


def take_step(message: Arrival | None, write: Callable[[Job | None], bool]) -> bool:
    """Write the step with the job of its message, then send the message. False if the step was not written."""
    written = write(outbox(message) if message is not None else None)
    if written and message is not None:
        queue.send(message)
    return written


# The job.


def follow_up(account_id: str, step: str) -> dict[str, int] | None:
    """Do what follows from a step. What has been done already is not done again."""
    account, hides = accounts.find_with_hides(account_id)
    if account is None or account.deactivated or account.deleted:
        return None
    match step:
        case "confirm":
            mailing.ask([Mail(f"{step}#{account_id}", mailing.CONFIRMATION, account_id)])
        case "review":
            mailing.ask(_about_review(account_id))
        case "welcome":
            return _welcome(Viewer(account, hides))
    return None


def _about_review(account_id: str) -> list[Mail]:
    """A letter to the account, and one to everybody who may approve it."""
    to_staff = [Mail(f"{REVIEW}#{account_id}#{id}", mailing.TO_BE_APPROVED, id, {"about": account_id})
                for id in sorted(counters.staff_ids())]
    return [Mail(f"{REVIEW}#{account_id}", mailing.AWAITING_APPROVAL, account_id), *to_staff]


def _welcome(new: Viewer) -> dict[str, int]:
    followed = _follow_all(_named(settings.autofollowed_nicknames), lambda other: (new, other.id))
    followers = _follow_all(_named(settings.autofollowing_nicknames), lambda other: (other, new.id))
    if settings.welcome_email:
        mailing.ask([Mail(f"{WELCOME}#{new.id}", mailing.WELCOME, new.id)])
    return {"followed": followed, "followers": followers, "greeted": _greet(new.account), "written": _write_to(new.id)}


def _named(setting: str) -> list[Viewer]:
    """The accounts of this server that a setting names, without those that are not active."""
    nicknames = [name for name in re.split(r"[\s,]+", setting) if 0 < len(name) <= LONGEST_NAME]
    found, _ = accounts.find_by_nicknames(nicknames)
    people = [accounts.find_with_hides(account.id) for account in found.values() if not account.host]
    return [Viewer(account, hides) for account, hides in people if account is not None and account.status == "active"]


def _follow_all(others: list[Viewer], pair: Callable[[Viewer], tuple[Viewer, str]]) -> int:
    """Let the first of each pair follow the second, unless a rule forbids it. Answers how many follow."""
    count = 0
    for by, account_id in map(pair, others):
        try:
            following.follow(account_id, by=by)
            count += 1
        except Refusal:
            continue
    return count


def _greeting() -> str:
    """What the direct status to a new account says. Empty: there is none."""
    return settings.welcome_direct_message if settings.welcome_direct_enabled else ""


def _first_message() -> str:
    """What the chat message to a new account says. Empty: there is none."""
    return settings.welcome_chat_message if settings.welcome_chat_enabled else ""


def _greet(account: Account) -> int:
    """Post a direct status to a new account, from the account that the settings name."""
    greeting = _greeting()
    senders = _named(settings.welcome_direct_sender) if greeting else []
    text = f"@{account.nickname}\n{greeting}"
    draft = Draft(status=text, visibility="direct")
    return _unless_done(lambda: posting.post(draft, senders[0], once=f"greet#{account.id}")) if senders else 0


def _write_to(account_id: str) -> int:
    """Send a chat message to a new account, from the account that the settings name."""
    message = _first_message()
    senders = _named(settings.welcome_chat_sender) if message else []
    draft = chats.MessageDraft(message)

    def write() -> None:
        [chat] = chats.with_account(account_id, senders[0]).listed
        chats.post(chat.id, draft, senders[0], once=f"chat#{account_id}")

    return _unless_done(write) if senders else 0


def _unless_done(act: Callable[[], object]) -> int:
    try:
        act()
    except DoneBefore:
        return 0
    return 1
