"""Backups: an account's archive. The owner or an administrator asks for it, and a letter tells when it is ready.

A request writes the row and two jobs. One job builds the archive step by step; the other deletes it after a month. Each
step may be cut short at any point and done again. A backup that cannot be built stays unprocessed.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...queues import queue
from ...queues.accounts import BackupBuild, BackupPurge
from ...queues.messages import outbox
from ...queues.notifications import Mail
from ...settings import settings
from ...store import jobs
from ...store.accounts.accounts import Account
from ...store.backups import backups
from ...store.backups.backups import Backup
from ...store.signing_in import sessions
from ..lookup import get_any
from ..mail import mailing
from ..refusals import BadRequest
from ..retrying import expect, retried
from ..staff import log
from ..staff.acting import Administrator, acting
from ..viewer import Viewer
from . import archive_files

DAY = 86_400
ENTRIES_PER_RUN = archive_files.ENTRIES_PER_PART
SECONDS_PER_RUN = 60.0
ALIVE_EVERY = 30.0
NOBODY = "nobody"
"""Stands in place of an administrator's id if the request came with the admin token."""


# Asking.


def list_of(viewer: Viewer) -> list[Backup]:
    """The viewer's backups, newest first."""
    return backups.list_of(viewer.id)[0]


def request(viewer: Viewer) -> list[Backup]:
    """Begin a backup of the viewer's account. Answers all backups, newest first.

    Raises BadRequest if no letter can be sent, or if the last backup is too recent.
    """
    _demand_address(viewer.id)

    def attempt() -> list[Backup]:
        found, latest = backups.list_of(viewer.id)
        if found:
            _demand_age(found[0])
        return [_begin(viewer.account, latest), *found]

    return retried(attempt)


def request_for(nickname: str, by: Viewer | None) -> Account:
    """Begin a backup of an account for an administrator, however recent the last one is. Answers the account.

    `by` is None if the request came with the admin token, which belongs to nobody.
    """
    account = get_any(nickname)
    _demand_address(account.id)

    def attempt() -> None:
        _, latest = backups.list_of(account.id)
        _begin(account, latest, acting(by))

    retried(attempt)
    return account


def _demand_address(account_id: str) -> None:
    if not settings.mail:
        raise BadRequest("Backups require enabled email")
    secret = sessions.find_by_id(account_id).secret
    if secret is None or not secret.email:
        raise BadRequest("Email is required")


def _demand_age(newest: Backup) -> None:
    days = settings.backup_limit_days
    if (int(time.time()) - int(newest.inserted)) // DAY <= days:
        raise BadRequest(f"Last export was less than {'a day' if days == 1 else f'{days} days'} ago")


def _begin(account: Account, latest: int | None, admin: Administrator | None = None) -> Backup:
    """Write the row and its jobs, and log it if an administrator asks. Raises Overtaken if another was faster."""
    now = int(time.time())
    moment = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now))
    name = f"archive-{account.nickname}-{moment}-{secrets.token_urlsafe(32)}.zip"
    backup = Backup(account.id, backups.next_id(), name=name, inserted=now,
                    by_admin=admin and (admin.id or NOBODY))
    build = BackupBuild(account.id, int(backup.id), name)
    purge = outbox(_purge_of(backup), due_in=settings.backup_purge_after_days * DAY)
    logged = log.created_backup(admin, account) if admin is not None else None
    expect(backups.add(backup, latest, [outbox(build), purge], logged))
    queue.send(build)
    return backup


def _purge_of(backup: Backup) -> BackupPurge:
    return BackupPurge(str(backup.account_id), int(backup.id), str(backup.name))


# Building.


@dataclass(frozen=True)
class Step:
    """How a run ended, and how many entries it wrote.

    `done` · `more`: the next run comes at once · `overtaken`: another run was faster · `gone`: nobody wants it now
    """

    outcome: str
    entries: int = 0


def go_on(wanted: BackupBuild) -> Step:
    """Go on with a backup from the cursor in its job row."""
    backup, account = backups.find_with_owner(wanted.account_id, wanted.backup_id)
    if backup is None or account is None or account.deleted:
        _forget(wanted)
        return Step("gone")
    if backup.processed:
        _tidy(backup)
        return Step("done")
    before = (row := jobs.find(wanted.job)) and row.cursor
    cursor = before or archive_files.beginning()
    end, entries = time.monotonic() + SECONDS_PER_RUN, 0
    while not archive_files.is_gathered(cursor):
        after = archive_files.gather(backup, account, cursor)
        if not jobs.advance(wanted.job, before, after):
            archive_files.discard(backup, cursor, after)
            return Step("overtaken", entries)
        entries += sum(after["entries"].values()) - sum(cursor["entries"].values())
        before = cursor = after
        if entries >= ENTRIES_PER_RUN or time.monotonic() > end:
            return Step("more", entries)
    try:
        size = archive_files.seal(backup, account, cursor, _sign_of_life(wanted.job))
    except backups.PartMissing:
        there = backups.find(wanted.account_id, wanted.backup_id)
        if there is not None and not there.processed:
            raise
        return go_on(wanted)  # another run has finished it and tidied up
    letter = Mail(wanted.job, mailing.BACKUP, account.id, {"id": str(int(backup.id)), "by": backup.by_admin or ""})
    if not backups.finish(backup, size, outbox(letter) if settings.mail else None):
        return go_on(wanted)  # it is finished already, or not wanted any more
    if settings.mail:
        queue.send(letter)
    _tidy(backup)
    return Step("done", entries)


def _sign_of_life(job: str) -> Callable[[], Any]:
    """A function to be called often. Now and then it marks the job as being at work."""
    last = [time.monotonic()]

    def alive() -> None:
        if time.monotonic() - last[0] > ALIVE_EVERY:
            last[0] = time.monotonic()
            jobs.touch(job)

    return alive


def _tidy(backup: Backup) -> None:
    """Delete what a finished backup replaces: the account's older backups, and its own parts."""
    for other in backups.list_of(str(backup.account_id))[0]:
        if other.id < backup.id:
            _wipe(other)
    backups.remove_parts(str(backup.account_id), int(backup.id))


def _forget(wanted: BackupBuild) -> None:
    """Delete the files of a backup whose row is gone."""
    backups.remove_parts(wanted.account_id, wanted.backup_id)
    backups.remove_file(wanted.name)


# Deleting.


def purge(wanted: BackupPurge) -> None:
    """Delete a backup whose time is over. May be repeated."""
    backup = backups.find(wanted.account_id, wanted.backup_id)
    if backup is None:
        backups.remove_file(wanted.name)
    else:
        backups.wipe(backup, timer=None)


def wipe_all(account_id: str) -> None:
    """Delete every backup of an account that is being deleted."""
    for backup in backups.list_of(account_id)[0]:
        _wipe(backup)


def _wipe(backup: Backup) -> None:
    backups.wipe(backup, timer=_purge_of(backup).job)
