"""Mailing: who gets which letter. A request writes a job row; the job looks whether the letter is still due.

A message holds no secret: tokens are read, or made, when the letter is written. If a letter is asked for by a name, the
request does not even look for the account. So neither the reply nor its time tells who exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ... import metrics
from ...aws import mail
from ...aws.mail import Letter
from ...ids import is_flake, new_flake
from ...metrics import Value
from ...queues import queue
from ...queues.messages import outbox
from ...queues.notifications import Mail, MailNamed
from ...settings import settings
from ...store import jobs
from ...store.accounts import accounts, arrivals
from ...store.backups import backups
from ...store.jobs import Job
from ...store.mail import letters as once
from ...store.signing_in import password_resets, sessions
from ...store.signing_in.sessions import Session
from ...store.signing_in.tokens import random_token
from ...store.staff import reports
from ..lookup import LONGEST_NAME, local_name
from ..retrying import expect, retried
from . import letters

CONFIRMATION, PASSWORD_RESET, WELCOME = "confirmation", "password_reset", "welcome"
AWAITING_APPROVAL, TO_BE_APPROVED, INVITATION = "awaiting_approval", "to_be_approved", "invitation"
REPORT, BACKUP, EMAIL_CHANGED = "report", "backup", "email_changed"
NOBODY = "0"
"""In place of an account, where a letter is caused by nobody in particular."""


# Asking.


def ask(wanted: Sequence[Mail]) -> None:
    """Ask for letters, where no transaction writes their jobs."""
    jobs.add(owed(wanted))
    hurry(wanted)


def owed(wanted: Sequence[Mail]) -> list[Job]:
    """The job rows of letters, for the transaction that causes these. None where no letters are sent."""
    return [outbox(message) for message in wanted] if settings.mail else []


def hurry(wanted: Sequence[Mail]) -> None:
    """Send the messages of letters whose job rows are written."""
    if settings.mail:
        queue.send_all(wanted)


def ask_named(template: str, name: str | None) -> None:
    """Ask for a letter to the account with this nickname or address. The job looks whether it is due."""
    if settings.mail and name and len(name) <= LONGEST_NAME:
        message = MailNamed(new_flake(), template, name)
        jobs.add([outbox(message)])
        queue.send(message)


# Sending.


def send_named(id: str, template: str, name: str) -> str:
    """As `send`, to the account that has the name as nickname, as address, or as nickname with this server's host."""
    for each in dict.fromkeys([name, local_name(name)]):
        found = sessions.find_by_name(each)
        if found.account is not None:
            return send(id, template, found.account.id, {})
    return "nobody"


def send(id: str, template: str, account_id: str, args: Mapping[str, str]) -> str:
    """Send the letter, unless it was sent before or is not due any more. Answers which. Raises LetterUnderWay."""
    if not settings.mail:
        return "off"
    if not once.begin(id):
        return "sent before"
    try:
        letter = _TEMPLATES[template](sessions.find_by_id(account_id), args)
        if letter is None:
            outcome = "not due"
        else:
            mail.send(letter)
            outcome = "sent"
    except mail.Refused as refused:
        outcome = f"refused: {refused}"
        metrics.note(Value("DeliveriesFailed", 1))
    except Exception:
        once.give_back(id)
        raise
    once.done(id)
    return outcome


# Which letter is due to whom.


def _address(to: Session) -> str | None:
    """The address of an account of this server. None: it gets no letters."""
    if to.account is None or to.secret is None or to.account.host or to.account.deleted:
        return None
    return to.secret.email


def _confirmation(to: Session, args: Mapping[str, str]) -> Letter | None:
    """`anyway`: an administrator wants it sent, whether or not it is pending."""
    address = _address(to)
    if address is None or to.account is None or to.secret is None:
        return None
    if "anyway" in args:
        return letters.confirmation(address, to.account, to.secret.confirm_token or _new_token(to.account.id))
    if not (to.secret.confirm_token and to.account.confirmation_pending and settings.account_activation_required):
        return None
    return letters.confirmation(address, to.account, to.secret.confirm_token)


def _new_token(account_id: str) -> str:
    """A token for an account that has none, because its address is confirmed already, or never had to be."""
    def attempt() -> str:
        secret = sessions.find_by_id(account_id).secret
        held = secret.confirm_token if secret is not None else None
        token: str = held or random_token()
        expect(bool(held) or arrivals.give_token(account_id, token))
        return token

    return retried(attempt)


def _password_reset(to: Session, args: Mapping[str, str]) -> Letter | None:
    address = _address(to)
    if address is None or to.account is None or to.account.deactivated:
        return None
    token = password_resets.add(to.account, settings.password_reset_token_validity)
    return letters.password_reset(address, to.account, token)


def _awaiting_approval(to: Session, args: Mapping[str, str]) -> Letter | None:
    address = _address(to)
    if address is None or to.account is None or not to.account.approval_pending:
        return None
    return letters.awaiting_approval(address, to.account)


def _to_be_approved(to: Session, args: Mapping[str, str]) -> Letter | None:
    address = _address(to)
    about = sessions.find_by_id(args["about"])
    if address is None or to.account is None or to.account.status != "active":
        return None
    if about.account is None or not about.account.approval_pending or about.secret is None:
        return None
    return letters.to_be_approved(address, about.account, about.secret.reason or "")


def _welcome(to: Session, args: Mapping[str, str]) -> Letter | None:
    address = _address(to)
    if address is None or to.account is None or to.account.status != "active" or not settings.welcome_email:
        return None
    return letters.welcome(address, to.account)


def _report(to: Session, args: Mapping[str, str]) -> Letter | None:
    address = _address(to)
    filed = reports.find(args["about"])
    if address is None or to.account is None or to.account.status != "active" or filed is None:
        return None
    if not (to.account.is_admin or to.account.is_moderator):
        return None
    people = accounts.find_many([filed.account_id, filed.by], strong=True)
    if not {filed.account_id, filed.by} <= people.keys():
        return None
    return letters.report(address, people[filed.account_id], people[filed.by], filed.content.get("comment", ""),
                          filed.status_ids or ())


def _backup(to: Session, args: Mapping[str, str]) -> Letter | None:
    address = _address(to)
    if address is None or to.account is None:
        return None
    found = backups.find(to.account.id, int(args["id"]))
    if found is None or not found.processed:
        return None
    admin = accounts.find(args["by"]) if is_flake(args["by"]) else None
    asked = f"Admin @{admin.nickname}" if admin is not None else "An administrator" if args["by"] else None
    return letters.backup(address, to.account, f"{settings.base_url}/{backups.FOLDER}{found.name}", asked)


def _email_changed(of: Session, args: Mapping[str, str]) -> Letter | None:
    """To the new address and to the old one, whose reader may know nothing of it."""
    if of.account is None or of.account.deleted:
        return None
    if args["to"] == args["email"]:
        return letters.new_email(args["to"], of.account)
    return letters.old_email(args["to"], of.account)


def _invitation(by: Session, args: Mapping[str, str]) -> Letter:
    return letters.invitation(args["to"], args["name"], by.account, args["token"])


_TEMPLATES: dict[str, Callable[[Session, Mapping[str, str]], Letter | None]] = {
    CONFIRMATION: _confirmation,
    PASSWORD_RESET: _password_reset,
    AWAITING_APPROVAL: _awaiting_approval,
    TO_BE_APPROVED: _to_be_approved,
    WELCOME: _welcome,
    INVITATION: _invitation,
    REPORT: _report,
    BACKUP: _backup,
    EMAIL_CHANGED: _email_changed,
}
