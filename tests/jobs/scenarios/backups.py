"""Jobs that are about files: backups, and a change of emoji that was left half done."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from chalicelib.domain.backups import archive_files, building
from chalicelib.queues.accounts import BackupBuild, BackupPurge
from chalicelib.queues.instance import TidyEmoji
from chalicelib.store import files
from chalicelib.store.emoji import changes
from tests.cast import Person
from tests.emoji import BY_NAME, ROOT, made, picture
from tests.faults import Killed, power_cut
from tests.jobs.scenarios.registry import leaves
from tests.jobs.world import Shows, World

URL = "/api/v1/pleroma/backups"


def _asks(world: World) -> Person:
    """Alice, who has written, passed on and marked, and asks for her backup."""
    alice, bob = world.people("alice", "bob")
    for number in range(3):
        alice.posts(f"number {number}")
        theirs = bob.posts(f"theirs {number}")["id"]
        for kind in ("reblog", "favourite", "bookmark"):
            alice.post(f"/api/v1/statuses/{theirs}/{kind}")
    world.run_all()
    assert alice.post(URL).status == 200
    return alice


def _archives(person: Person) -> dict[str, Any]:
    """Every backup, and what is in its file."""
    backups = person.get(URL).json
    data = [files.get(each["url"].removeprefix("http://kenoma.test/")) for each in backups]
    return {"backups": [{**each, "file_size": each["file_size"] > 0} for each in backups],
            "archives": [_unpacked(each) if each is not None else None for each in data]}


def _unpacked(data: bytes) -> dict[str, Any]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return {name: json.loads(archive.read(name)) for name in archive.namelist()}


@leaves(BackupBuild)
def backup_build(world: World) -> Shows:
    """In parts and pieces so small that it needs many runs; an older backup goes when it is done."""
    for name, value in {"ENTRIES_PER_PART": 3, "STATUSES_AT_ONCE": 2, "ROWS_PER_QUERY": 4, "IDS_AT_ONCE": 2}.items():
        world.patch.setattr(archive_files, name, value)
    world.patch.setattr(building, "ENTRIES_PER_RUN", 5)
    world.patch.setattr(files, "PIECE", 2_000)
    world.patch.setattr("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", 1)
    world.set(backup_limit_days=-1)
    alice = _asks(world)
    world.run_all()
    assert alice.post(URL).status == 200
    return lambda: _archives(alice)


@leaves(BackupPurge)
def backup_purge(world: World) -> Shows:
    alice = _asks(world)
    world.run_all()
    return lambda: _archives(alice)


@leaves(TidyEmoji)
def tidy_emoji(world: World) -> Shows:
    """Whoever took an emoji out of a pack died when that was seen, and its file was still there."""
    admin = world.cast.person("admin", is_admin=True, scopes="read write follow push admin")
    world.patch.setattr(changes, "_now", world.clock.now)
    made("cats", 3)
    with power_cut(0) as writes:
        assert BY_NAME.remove(admin, "cats", "cats0").status == 200
    committed = writes.index("TransactWriteItems") + 1
    try:
        with power_cut(committed, after=True):
            BY_NAME.remove(admin, "cats", "cats1")
    except Killed:
        world.clock.pass_by(changes.LEASE + 1)
    return lambda: {"packs": admin.get(f"{ROOT}/packs").json, "emoji": admin.get("/api/v1/custom_emojis").json,
                    "next": BY_NAME.add(admin, "cats", "new.png", picture(9)).status}
