"""Account settings: the e-mail address, the password, and what the account is notified of.

These refuse with `Declined`, which clients get with 200. The order of the checks is fixed: the password comes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...ids import new_flake
from ...queues.notifications import Mail
from ...store.accounts import accounts, users
from ...store.accounts.accounts import Account, Secret
from ...store.accounts.creating import Taken
from ...store.accounts.profiles import AccountGone, Writing
from ...store.dynamo.keys import Key
from .. import events
from ..event_types.streaming import TokensEnded
from ..mail import mailing
from ..mail.addresses import is_email
from ..notifications import policy
from ..notifications.making import DEFAULTS
from ..refusals import Declined, Forbidden
from ..retrying import retried_from
from ..signing_in import passwords
from ..viewer import Viewer
from .changing import change

WRONG_PASSWORD = "Invalid password."
SIGNED_OUT = "Invalid credentials."
OLDER_NAMES = {"privacy_option": "hide_notification_contents"}
"""Older names of the same switches. If both names are sent, the newer one counts."""
_WORDS = {"true": True, "1": True, "false": False, "0": False}


def ahead(viewer_id: str, **_: str) -> list[Key]:
    """What a request with a password reads first."""
    return users.keys(viewer_id)


def get_email(viewer: Viewer) -> str:
    """The viewer's address. Empty if there is none."""
    secret = users.find(viewer.id)
    return (secret.email if secret is not None else None) or ""


def change_email(viewer: Viewer, password: str | None, email: str | None) -> None:
    """Change the address of the viewer's account at once, and tell both addresses. Raises Declined."""
    retried_from(None, lambda _: _change_email(viewer, password, email),
                 lambda: _demand_account(viewer, password, "email"))


def _change_email(viewer: Viewer, password: str | None, email: str | None) -> None:
    secret = check_password(viewer, password)
    if email is None or not email.strip():
        raise Declined("Email can't be blank.")
    if not is_email(email):
        raise Declined("Email has invalid format.")
    told = [Mail(new_flake(), mailing.EMAIL_CHANGED, viewer.id, {"to": to, "email": email})
            for to in dict.fromkeys(filter(None, (secret.email, email)))]
    try:
        users.change_email(secret, email, mailing.owed(told))
    except Taken:
        raise Declined("Email has already been taken.") from None
    mailing.hurry(told)


def change_password(viewer: Viewer, password: str | None, new: str | None, confirmation: str | None) -> None:
    """Change the password, which ends every token and code of the account. Raises Declined."""
    retried_from(None, lambda _: _change_password(viewer, password, new, confirmation),
                 lambda: _demand_account(viewer, password, "password"))


def _change_password(viewer: Viewer, password: str | None, new: str | None, confirmation: str | None) -> None:
    secret = check_password(viewer, password)
    if _is_blank(new) and _is_blank(confirmation):
        raise Declined("New password can't be blank.")
    if new is None or new != confirmation:
        raise Declined("New password does not match confirmation.")
    users.change_password(secret, passwords.hashed(new))
    events.tell(TokensEnded(viewer.id))


def _demand_account(viewer: Viewer, password: str | None, what: str) -> None:
    """Whoever lost a race looks whether it is the end of the account that they lost against."""
    check_password(viewer, password)
    account = accounts.find(viewer.id)
    if account is None or account.deleted:
        raise Declined(f"Unable to change {what}.")


def check_password(viewer: Viewer, password: str | None) -> Secret:
    """The viewer's credentials, if the password is right."""
    secret = users.find(viewer.id)
    if secret is None or not passwords.fits(password, secret):
        raise Declined(WRONG_PASSWORD)
    return secret


def _is_blank(text: str | None) -> bool:
    return text is None or not text.strip()


def update_notifications(viewer: Viewer, wanted: Mapping[str, Any]) -> None:
    """Change the switches that are sent (None: not sent). Raises Declined if one is neither on nor off."""
    sent = {name: _switch(name, value) for name, value in wanted.items() if value is not None}
    older = {OLDER_NAMES[name]: value for name, value in sent.items() if name in OLDER_NAMES}
    changes = older | {name: value for name, value in sent.items() if name in DEFAULTS}

    def decide(account: Account, _: dict[str, Any]) -> Writing:
        return Writing({"notification_settings": {**(account.notification_settings or {}), **changes}})

    if not changes:
        return
    try:
        change(viewer.account, decide)
    except AccountGone:
        raise Forbidden(SIGNED_OUT) from None


def update_policy(viewer: Viewer, wanted: Mapping[str, str]) -> Account:
    """Change the rules of the notification policy that are sent. Answers the changed account. Raises Forbidden."""
    def decide(account: Account, _: dict[str, Any]) -> Writing:
        return Writing({"notification_settings": {**(account.notification_settings or {}), **policy.as_kept(wanted)}})

    try:
        return change(viewer.account, decide) if wanted else viewer.account
    except AccountGone:
        raise Forbidden(SIGNED_OUT) from None


def _switch(name: str, value: Any) -> bool:
    word = str(value).lower() if isinstance(value, (str, int)) else ""
    if word not in _WORDS:
        raise Declined(f"{name} must be true or false.")
    return _WORDS[word]
