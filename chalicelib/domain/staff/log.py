"""The moderation log: what each act of an administrator is called, and in which words it is told.

An entry is written in the transaction of the act (`store.staff.log.add`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ...store.accounts.accounts import Account
from ...store.staff import log as store
from ...store.staff.log import Entries, LoggedAct, Wanted
from .acting import Administrator

MOST = 100
"""Entries of a page."""


def read(wanted: Wanted, page: int, page_size: int) -> Entries:
    """A page of the log, newest first; pages are numbered from 1. At most 100 entries."""
    size = min(max(page_size, 1), MOST)
    return store.read(wanted, (page - 1) * size, size)


def wanted(*, user_id: str | None, start: datetime | None, end: datetime | None, text: str | None) -> Wanted:
    """Which entries are asked for. The period includes both moments."""
    return Wanted(user_id or None, _milliseconds(start), _milliseconds(end), text or "")


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1_000)


# Accounts.


def created(admin: Administrator, accounts: Sequence[Account]) -> LoggedAct:
    return _entry(admin, "create", f"created users: {_list(accounts)}", subjects=_users(accounts))


def deleted(admin: Administrator, accounts: Sequence[Account]) -> LoggedAct:
    return _about(admin, "delete", "deleted users", accounts)


def activated(admin: Administrator, accounts: Sequence[Account]) -> LoggedAct:
    return _about(admin, "activate", "activated users", accounts)


def deactivated(admin: Administrator, accounts: Sequence[Account]) -> LoggedAct:
    return _about(admin, "deactivate", "deactivated users", accounts)


def approved(admin: Administrator, accounts: Sequence[Account]) -> LoggedAct:
    return _about(admin, "approve", "approved users", accounts)


def forced_password_reset(admin: Administrator, accounts: Sequence[Account]) -> LoggedAct:
    return _about(admin, "force_password_reset", "forced password reset for users", accounts)


def updated_users(admin: Administrator, accounts: Sequence[Account]) -> LoggedAct:
    return _about(admin, "updated_users", "updated users", accounts)


def confirmed_email(admin: Administrator, accounts: Sequence[Account]) -> LoggedAct:
    return _about(admin, "confirm_email", "confirmed email for users", accounts)


def resent_confirmation_email(admin: Administrator, accounts: Sequence[Account]) -> LoggedAct:
    return _about(admin, "resend_confirmation_email", "re-sent confirmation email for users", accounts)


def tagged(admin: Administrator, nicknames: Sequence[str], tags: Sequence[str]) -> LoggedAct:
    text = f"added tags: {', '.join(tags)} to users: {_names(nicknames)}"
    return _entry(admin, "tag", text, nicknames=list(nicknames), tags=list(tags))


def untagged(admin: Administrator, nicknames: Sequence[str], tags: Sequence[str]) -> LoggedAct:
    text = f"removed tags: {', '.join(tags)} from users: {_names(nicknames)}"
    return _entry(admin, "untag", text, nicknames=list(nicknames), tags=list(tags))


def granted(admin: Administrator, accounts: Sequence[Account], group: str) -> LoggedAct:
    return _entry(admin, "grant", f"made {_list(accounts)} {group}", subject=_users(accounts), permission=group)


def revoked(admin: Administrator, accounts: Sequence[Account], group: str) -> LoggedAct:
    text = f"revoked {group} role from {_list(accounts)}"
    return _entry(admin, "revoke", text, subject=_users(accounts), permission=group)


def followed(admin: Administrator, follower: Account, followed: Account) -> LoggedAct:
    text = f"made @{follower.nickname} follow @{followed.nickname}"
    return _entry(admin, "follow", text, follower=_user(follower), followed=_user(followed))


def unfollowed(admin: Administrator, follower: Account, followed: Account) -> LoggedAct:
    text = f"made @{follower.nickname} unfollow @{followed.nickname}"
    return _entry(admin, "unfollow", text, follower=_user(follower), followed=_user(followed))


def suggested(admin: Administrator, accounts: Sequence[Account]) -> LoggedAct:
    return _about(admin, "add_suggestion", "added suggested users", accounts)


def unsuggested(admin: Administrator, accounts: Sequence[Account]) -> LoggedAct:
    return _about(admin, "remove_suggestion", "removed suggested users", accounts)


def created_backup(admin: Administrator, account: Account) -> LoggedAct:
    return _entry(admin, "create_backup", f"requested account backup for @{account.nickname}", subject=_user(account))


# Reports. `by`: who filed the report, which the words call the user that it is on. None: the account is gone.


def updated_report(admin: Administrator, report_id: str, state: str, by: Account | None) -> LoggedAct:
    on = f" (on user @{by.nickname})" if by is not None else ""
    return _entry(admin, "report_update", f"updated report #{report_id}{on} with '{state}' state",
                  **_report(report_id, state, by))


def noted_report(admin: Administrator, report_id: str, state: str, by: Account | None, text: str) -> LoggedAct:
    return _entry(admin, "report_note", f"added note '{text}' to report #{report_id}{_on(by)}",
                  **_report(report_id, state, by), text=text)


def deleted_note(admin: Administrator, report_id: str, state: str, by: Account | None, text: str) -> LoggedAct:
    return _entry(admin, "report_note_delete", f"deleted note '{text}' from report #{report_id}{_on(by)}",
                  **_report(report_id, state, by), text=text)


def _on(by: Account | None) -> str:
    return f" on user @{by.nickname}" if by is not None else ""


def _report(report_id: str, state: str, by: Account | None) -> dict[str, Any]:
    subject = {"subject": {"type": "report", "id": report_id, "state": state}}
    return subject | ({"subject_actor": _user(by)} if by is not None else {})


# Statuses and chats.


def updated_status(admin: Administrator, status_id: str, sensitive: bool | None, visibility: str | None) -> LoggedAct:
    """`sensitive`, `visibility`: as they were sent. None: not sent."""
    sent = {"sensitive": None if sensitive is None else str(sensitive).lower(), "visibility": visibility}
    words = ", ".join(f"{name}: '{value}'" for name, value in sent.items() if value is not None) or "visibility: ''"
    return _entry(admin, "status_update", f"updated status #{status_id}, set {words}",
                  subject={"type": "status", "id": status_id}, sensitive=sensitive, visibility=visibility)


def deleted_status(admin: Administrator, status_id: str) -> LoggedAct:
    return _entry(admin, "status_delete", f"deleted status #{status_id}", subject_id=status_id)


def deleted_chat_message(admin: Administrator, message_id: str) -> LoggedAct:
    """The one entry that does not stand in the administrator's own log, and does not name their id."""
    entry = _entry(admin, "chat_message_delete", f"deleted chat message #{message_id}", subject_id=message_id)
    return LoggedAct(None, {**entry.data, "actor": {"nickname": admin.nickname}})


# Other servers, and relays.


def purged(admin: Administrator, host: str) -> LoggedAct:
    return _entry(admin, "instance_purge", f"purged instance: {host}", target=host)


def followed_relay(admin: Administrator, url: str) -> LoggedAct:
    return _entry(admin, "relay_follow", f"followed relay: {url}", target=url)


def unfollowed_relay(admin: Administrator, url: str) -> LoggedAct:
    return _entry(admin, "relay_unfollow", f"unfollowed relay: {url}", target=url)


# Frontends.


def installed_frontend(admin: Administrator, name: str, ref: str) -> LoggedAct:
    return _entry(admin, "frontend_install", f"installed frontend: {name}/{ref}", target=f"{name}/{ref}")


def removed_frontend(admin: Administrator, name: str, ref: str | None) -> LoggedAct:
    """`ref` None: all of its versions."""
    return _entry(admin, "frontend_remove", f"removed frontend: {name}/{ref or '*'}", target=f"{name}/{ref or '*'}")


def chose_frontend(admin: Administrator, part: str, name: str | None, ref: str | None) -> LoggedAct:
    """`part`: primary or admin. `name` None: our own pages again."""
    chosen = f"{name}/{ref or 'newest'}" if name else "none"
    return _entry(admin, "frontend_choose", f"chose {part} frontend: {chosen}", target=chosen)


# The parts of an entry.


def _about(admin: Administrator, action: str, words: str, accounts: Sequence[Account]) -> LoggedAct:
    return _entry(admin, action, f"{words}: {_list(accounts)}", subject=_users(accounts))


def _entry(admin: Administrator, action: str, words: str, **more: Any) -> LoggedAct:
    who = {"id": admin.id, "nickname": admin.nickname, "type": "user"}
    return LoggedAct(admin.id, {"actor": who, "action": action, "message": f"@{admin.nickname or ''} {words}", **more})


def _users(accounts: Sequence[Account]) -> list[dict[str, Any]]:
    return [_user(account) for account in accounts]


def _user(account: Account) -> dict[str, Any]:
    return {"id": account.id, "nickname": account.nickname, "type": "user"}


def _list(accounts: Sequence[Account]) -> str:
    return _names([account.nickname for account in accounts])


def _names(nicknames: Sequence[str]) -> str:
    return ", ".join(f"@{nickname}" for nickname in nicknames)
