"""Backups of accounts: a row for each, its finished file beside the media, and its parts while it is being built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import files, jobs
from ..accounts.accounts import PROFILE, Account, in_found, profile_key
from ..dynamo.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from ..dynamo.keys import key
from ..dynamo.table import ConditionFailed, Record, Table, fetch, named, remove, transaction
from ..federation import presence
from ..instance.counters import next_number
from ..jobs import Job
from ..staff import log
from ..staff.log import LoggedAct

FOLDER = "media/backups/"
PARTS = "backups/"
CACHING = "private, no-store"
TYPE = "application/zip"
LATEST = 0


class Backup(Record):
    """One archive of an account. The row 0 is no archive: it holds the latest number, so that two requests at once make
    only one backup.

    Asked: those of an account, newest first (query) · one (get).
    """

    class Meta(Table):
        table_name = named("backups")

    ABSENT = {"size": 0, "processed": False, "inserted": 0}
    account_id = UnicodeAttribute(hash_key=True, attr_name="acct")
    id = NumberAttribute(range_key=True)
    name = UnicodeAttribute(attr_name="file", null=True)
    size = NumberAttribute(null=True)
    processed = BooleanAttribute(null=True)
    inserted = NumberAttribute(null=True)
    by_admin = UnicodeAttribute(null=True)
    latest = NumberAttribute(null=True)


def next_id() -> int:
    return next_number("backup")


def list_of(account_id: str) -> tuple[list[Backup], int | None]:
    """The backups of an account, newest first, and the latest number that any of them was given."""
    rows = list(Backup.query(account_id, consistent_read=True, scan_index_forward=False))
    latest = next((int(row.latest) for row in rows if row.id == LATEST), None)
    return [row for row in rows if row.id != LATEST], latest


def find(account_id: str, id: int) -> Backup | None:
    return fetch(strong=[key(Backup, account_id, id)]).get(Backup, account_id, id)


def find_with_owner(account_id: str, id: int) -> tuple[Backup | None, Account | None]:
    """A backup and whose it is. Also learns whether there are other servers. One call."""
    found = fetch(strong=[key(Backup, account_id, id), profile_key(account_id), presence.fact_key()])
    if not presence.is_known():
        presence.learn(found)
    return found.get(Backup, account_id, id), in_found(found, account_id)


def add(backup: Backup, latest: int | None, rows: Sequence[Job], logged: LoggedAct | None = None) -> bool:
    """Write a new backup with its jobs, if `latest` is still the latest number. `logged`: what an administrator did.

    False: another request was faster, or the account is gone.
    """
    unchanged = Backup.latest.does_not_exist() if latest is None else Backup.latest == latest
    account_id = str(backup.account_id)
    try:
        with transaction() as write:
            write.check(Account.stub(account_id, PROFILE), _is_there())
            write.put(Backup(account_id, LATEST, latest=backup.id), unchanged)
            write.put(backup)
            for row in rows:
                write.put(row)
            if logged is not None:
                log.add(write, logged)
    except ConditionFailed:
        return False
    return True


def finish(backup: Backup, size: int, letter: Job | None) -> bool:
    """Mark a backup as processed, and write the job of the letter.

    False: the backup was processed before, or it or the account is gone.
    """
    account_id = str(backup.account_id)
    try:
        with transaction() as write:
            write.check(Account.stub(account_id, PROFILE), _is_there())
            write.update(Backup.stub(account_id, backup.id), [Backup.size.set(size), Backup.processed.set(True)],
                         Backup.name.exists() & Backup.processed.does_not_exist())
            if letter is not None:
                write.put(letter)
    except ConditionFailed:
        return False
    return True


def _is_there() -> Any:
    return Account.id.exists() & Account.deleted.does_not_exist()


# Files.


def part_path(account_id: str, id: int, part: str = "") -> str:
    return f"{PARTS}{account_id}/{id}/{part}"


def put_part(account_id: str, id: int, part: str, data: bytes) -> None:
    files.put(part_path(account_id, id, part), data, "application/octet-stream")


def get_part(account_id: str, id: int, part: str) -> bytes:
    data = files.get(part_path(account_id, id, part))
    if data is None:
        raise PartMissing(part)
    return data


class PartMissing(Exception):
    """A part that was written has expired, or somebody deleted it."""


def remove_part(account_id: str, id: int, part: str) -> None:
    files.remove(part_path(account_id, id, part))


def remove_parts(account_id: str, id: int) -> None:
    files.remove_folder(part_path(account_id, id))


def remove_file(name: str) -> None:
    files.remove(FOLDER + name)


def wipe(backup: Backup, timer: str | None) -> None:
    """Delete a backup: its files, the job `timer` that would delete it later, then its row.

    The row goes last, so that a second try still finds the backup. `timer` is None when that very job is at work:
    without its row nobody would try a second time.
    """
    account_id, id = str(backup.account_id), int(backup.id)
    if backup.name:
        remove_file(backup.name)
    remove_parts(account_id, id)
    if timer is not None:
        jobs.cancel([timer])
    remove(Backup.stub(account_id, id))
