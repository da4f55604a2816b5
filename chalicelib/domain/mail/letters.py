"""Letters: what each says, as text and as HTML. In the HTML, everything that somebody typed is escaped.

A letter is a few paragraphs. A paragraph is a text, a `Link` by itself, or a `QuotedText` that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from ...aws.mail import Letter
from ...settings import settings
from ...store.accounts.accounts import Account


@dataclass(frozen=True)
class Link:
    url: str
    label: str


@dataclass(frozen=True)
class QuotedText:
    text: str


Paragraph = str | Link | QuotedText
Paragraphs = Sequence[Paragraph]
_STYLE = "font:16px/1.5 sans-serif;max-width:36em;margin:0 auto;padding:1em"


def _letter(to: str, subject: str, paragraphs: Paragraphs, *, name: str = "") -> Letter:
    return Letter(to, subject, _as_text(paragraphs), _as_html(subject, paragraphs), name)


def _as_text(paragraphs: Paragraphs) -> str:
    return "\n\n".join(map(_plain, paragraphs)) + "\n"


def _plain(paragraph: Paragraph) -> str:
    match paragraph:
        case Link(url, _):
            return url
        case QuotedText(text):
            return "\n".join(f"> {line}" for line in text.splitlines())
        case _:
            return paragraph


def _as_html(subject: str, paragraphs: Paragraphs) -> str:
    body = "\n".join(map(_marked_up, paragraphs))
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(subject)}</title></head>\n'
            f'<body style="{_STYLE}">\n{body}\n</body></html>\n')


def _marked_up(paragraph: Paragraph) -> str:
    match paragraph:
        case Link(url, label):
            return f'<p><a href="{escape(url)}">{escape(label)}</a></p>'
        case QuotedText(text):
            return f"<blockquote>{_lines(text)}</blockquote>"
        case _:
            return f"<p>{_lines(paragraph)}</p>"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


# The letters.


def confirmation_url(account_id: str, token: str) -> str:
    return f"{settings.base_url}/api/account/confirm_email/{account_id}/{quote(token, safe='')}"


def password_reset_url(token: str) -> str:
    return f"{settings.base_url}/api/pleroma/password_reset/{quote(token, safe='')}"


def confirmation(to: str, account: Account, token: str) -> Letter:
    """Asks the reader of an address to confirm that the account is theirs."""
    instance = settings.instance_name
    return _letter(to, f"{instance} account confirmation", [
        f"Welcome to {instance}!",
        f"The account {account.nickname} was made with this e-mail address. Please confirm that it is yours:",
        Link(confirmation_url(account.id, token), "Confirm the address"),
        "If you did not sign up, there is nothing to do.",
    ])


def password_reset(to: str, account: Account, token: str) -> Letter:
    """Brings a link to choose a new password."""
    hours = max(settings.password_reset_token_validity // 3600, 1)
    return _letter(to, "Password reset", [
        f"Somebody, we hope you, asked for a new password for the account {account.nickname} at "
        f"{settings.instance_name}. You can choose one here:",
        Link(password_reset_url(token), "Choose a new password"),
        f"The link works once, within {hours} hour{'s' if hours > 1 else ''}. If you did not ask for it, there is "
        "nothing to do: the password stays as it is.",
    ])


def new_email(to: str, account: Account) -> Letter:
    """Tells the reader of an address that it is now an account's."""
    return _letter(to, "Your new e-mail address", [
        f"This is now the address of the account {account.nickname} at {settings.instance_name}. Letters about it come "
        "here, and you can sign in with the address.",
    ])


def old_email(to: str, account: Account) -> Letter:
    """Tells the reader of an address that an account has another one now. It does not say which."""
    return _letter(to, "Your e-mail address was changed", [
        f"The account {account.nickname} at {settings.instance_name} has another e-mail address now. No more letters "
        "about it come here.",
        f"If it was not you who changed it, somebody knows your password. Then write to {settings.instance_email} "
        "soon.",
    ])


def awaiting_approval(to: str, account: Account) -> Letter:
    """Tells people who signed up that they have to wait for an approval."""
    return _letter(to, "Your account is awaiting approval", [
        f"Your account {account.nickname} at {settings.instance_name} is awaiting approval.",
        "Somebody of the staff will look at it. You can sign in as soon as it is approved.",
    ])


def to_be_approved(to: str, account: Account, reason: str) -> Letter:
    """Tells staff that an account waits for approval."""
    instance, review = settings.instance_name, f"{settings.base_url}/pleroma/admin/#/users/{account.id}/"
    paragraphs: list[Paragraph] = [f"@{account.nickname} would like to join {instance}:",
                                   Link(account.url, f"@{account.nickname}")]
    if reason:
        paragraphs += ["The reason given:", QuotedText(reason)]
    return _letter(to, f"New account up for review on {instance} (@{account.nickname})", [
        *paragraphs, "It can be approved or deleted here:", Link(review, "Review the account"),
    ])


def welcome(to: str, account: Account) -> Letter:
    """Greets a new account with the text of the setting."""
    sentence = f"Welcome to {settings.instance_name}"
    text = settings.welcome_email_text or f"{sentence}, {account.nickname}!"
    return _letter(to, sentence, [each for each in text.split("\n\n") if each.strip()])


def report(to: str, account: Account, by: Account, comment: str, status_ids: Sequence[str]) -> Letter:
    """Tells staff what somebody reported."""
    paragraphs: list[Paragraph] = [f"{by.nickname} ({by.url}) has reported {account.nickname} ({account.url}).",
                                   Link(by.url, by.nickname), Link(account.url, account.nickname)]
    if comment:
        paragraphs.append(f"Comment: {comment}")
    if status_ids:
        urls = [f"{settings.base_url}/notice/{id}" for id in status_ids]
        paragraphs += ["Statuses:", *[Link(url, url) for url in urls]]
    reports = f"{settings.base_url}/pleroma/admin/#/reports/index"
    return _letter(to, f"{settings.instance_name} Report", [*paragraphs, "All reports:", Link(reports, reports)])


def backup(to: str, account: Account, url: str, asked_by: str | None) -> Letter:
    """Brings the link to an account's archive. `asked_by`: who asked for it, if not the owner."""
    who = "You" if asked_by is None else asked_by
    days = settings.backup_purge_after_days
    return _letter(to, "Your account archive is ready", [
        f"{who} requested a full backup of your account {account.nickname} at {settings.instance_name}. "
        "It is ready to be loaded:",
        Link(url, url),
        f"Whoever has the link can load it. It works for {days} days at most, and until there is a newer backup.",
    ])


def invitation(to: str, name: str, inviter: Account | None, token: str) -> Letter:
    """Invites somebody who has no account yet. `inviter`: None if an administrator without an account did."""
    instance = settings.instance_name
    who = inviter.profile.get("display_name") or inviter.nickname if inviter is not None else "An administrator"
    return _letter(to, f"Invitation to {instance}", [
        f"Hello {name}," if name else "Hello,",
        f"{who} invites you to join {instance}:",
        Link(f"{settings.base_url}/account/sign-up?token={quote(token, safe='')}", f"Sign up at {instance}"),
        f"Where you sign up you are asked for an invite. It is: {token}",
    ], name=name)
