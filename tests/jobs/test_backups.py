"""Building backups: whatever dies or runs twice, nothing in them is lost or doubled, and no other files are left."""

from __future__ import annotations

import io
import json
import random
import zipfile
from typing import Any

import pytest

from chalicelib.domain.backups import archive_files, building
from chalicelib.jobs.sweep import sweep
from chalicelib.queues import messages, running
from chalicelib.queues.accounts import BackupBuild
from chalicelib.settings import settings
from chalicelib.store import files, jobs
from chalicelib.store.backups import backups as store
from chalicelib.store.dynamo.ledgers import counted
from tests import leftovers
from tests.faults import Killed, before_call, before_write, die

URL = "/api/v1/pleroma/backups"
WRITTEN, PASSED_ON = 7, 3


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Parts, queries and pieces so small that a few statuses need many of each."""
    for name, value in {"ENTRIES_PER_PART": 4, "STATUSES_AT_ONCE": 3, "ROWS_PER_QUERY": 5, "IDS_AT_ONCE": 2}.items():
        monkeypatch.setattr(archive_files, name, value)
    monkeypatch.setattr(building, "ENTRIES_PER_RUN", 6)
    monkeypatch.setattr(files, "PIECE", 700)
    monkeypatch.setattr("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", 1)


class World:
    """Alice, who has asked for a backup, what must be in it, and everything as it was then."""

    def __init__(self, aws, cast):
        self.alice, bob = cast.people(2, "writer")
        bobs = [bob.posts(f"bob {number}")["uri"] for number in range(PASSED_ON)]
        alices = [self.alice.posts(f"number {number}")["uri"] for number in range(WRITTEN)]
        for kind, wanted in (("reblog", bobs), ("favourite", bobs), ("bookmark", bobs[::-1])):
            for uri in wanted:
                self.alice.post(f"/api/v1/statuses/{self.id_of(bob, uri)}/{kind}")
        self.expected = {"outbox": alices + bobs, "likes": bobs, "bookmarks": bobs[::-1]}
        self.asked = self.alice.post(URL).json[0]
        self.before = leftovers.contents(aws)

    def id_of(self, person, uri):
        return next(each["id"] for each in person.get(f"/api/v1/accounts/{person.id}/statuses").json
                    if each["uri"] == uri)

    @property
    def message(self):
        return BackupBuild(self.alice.id, self.asked["id"], self.asked["url"].rpartition("/")[2])

    def is_whole(self, aws):
        """Check that the archive holds everything once, in order, and that the bucket holds nothing else."""
        (backup,) = self.alice.get(URL).json
        data = files.get(backup["url"].removeprefix("http://kenoma.test/"))
        archive = zipfile.ZipFile(io.BytesIO(data))
        assert archive.testzip() is None
        for name, uris in self.expected.items():
            collection = json.loads(archive.read(f"{name}.json"))
            items = [each if isinstance(each, str) else
                     each["object"] if each["type"] == "Announce" else each["object"]["id"]
                     for each in collection["orderedItems"]]
            assert items == uris
            assert collection["totalItems"] == len(uris)
        assert (backup["processed"], backup["file_size"]) == (True, len(data))
        assert list(leftovers.files(aws)) == [f"media/backups/{self.message.name}"]
        assert len([each for each in aws.letters.letters() if "archive" in each["subject"]]) == 1
        return True


_built: list[Any] = []


@pytest.fixture
def world(aws, cast):
    """The world, made once and then restored for each test."""
    if not _built:
        _built.append(World(aws, cast))
    leftovers.restore(aws, _built[0].before)
    return _built[0]


@pytest.fixture
def comes_back(drain, clock):
    """Run what waits, after the sweep has found what a dead worker left."""

    def run():
        clock.pass_by(150)
        sweep()
        drain()

    return run


def run(message):
    """The message arrives; whether it came to an end."""
    record = {"messageId": "1", "body": messages.to_text(message), "attributes": {}}
    return running.run_batch("archives", {"Records": [record]}) == {"batchItemFailures": []}


def test_in_small_parts_and_pieces_it_is_whole(aws, world, drain):
    with before_write(1, lambda: None) as seen:
        run(world.message)
        drain()

    assert world.is_whole(aws)
    assert seen.count("UploadPart") >= 3, "this world is too small to show anything"


def test_each_run_ends_after_a_part_and_asks_for_the_next(aws, world):
    run(world.message)

    assert [json.loads(body)["kind"] for body in aws.messages("archives")] == ["backup_build"]
    assert jobs.find(world.message.job).cursor["entries"]["outbox"] >= 4
    assert world.alice.get(URL).json[0]["processed"] is False


def test_five_workers_die_one_after_the_other(aws, world, drain, comes_back, clock):
    dice = random.Random(6)
    for _ in range(5):
        with pytest.raises(Killed), before_write(dice.randint(1, 5), die):
            run(world.message)
            drain()
        clock.pass_by(150)

    comes_back()

    assert world.is_whole(aws)


@pytest.mark.parametrize("which", [2, 14])
def test_two_workers_at_once_write_nothing_twice(aws, world, drain, comes_back, which):
    """In the middle of one run a second one starts, and goes on as far as it can."""
    with before_write(which, lambda: (run(world.message), drain())):
        run(world.message)
        drain()

    comes_back()

    assert world.is_whole(aws)


def test_who_was_overtaken_leaves_the_job_to_the_other(aws, world):
    with before_call("UpdateItem", 1, lambda: run(world.message), about="kenoma-jobs"):
        run(world.message)

    assert len(aws.messages("archives")) == 1
    assert jobs.find(world.message.job) is not None


def test_a_failure_leaves_no_file_and_no_unfinished_upload(aws, world, drain):
    with before_write(1, lambda: None) as writes:
        run(world.message)
        drain()
    leftovers.restore(aws, world.before)

    def fails():
        raise OSError

    with before_write(writes.index("CompleteMultipartUpload") + 1, fails):
        run(world.message)
        drain()

    assert f"media/backups/{world.message.name}" not in leftovers.files(aws)
    assert aws.s3.list_multipart_uploads(Bucket=settings.bucket).get("Uploads", []) == []
    assert world.alice.get(URL).json[0]["processed"] is False


def test_a_backup_that_was_taken_away_meanwhile_leaves_nothing(aws, world, drain):
    run(world.message)
    store.wipe(store.find(world.alice.id, world.message.backup_id), "no timer")

    drain()

    assert leftovers.files(aws) == {}
    assert jobs.find(world.message.job) is None


def test_a_backup_that_is_taken_away_at_the_last_moment_leaves_nothing(aws, world, drain):
    def taken():
        store.wipe(store.find(world.alice.id, world.message.backup_id), "no timer")

    with before_call("TransactWriteItems", 1, taken):
        run(world.message)
        drain()

    assert leftovers.files(aws) == {}


def test_what_a_status_costs(world, monkeypatch):
    monkeypatch.undo()
    with counted() as ledger:
        step = building.go_on(world.message)

    assert step.entries == sum(map(len, world.expected.values()))
    # Row, account and job; what was written and passed on; the statuses and their authors; favourites; bookmarks;
    # three cursors; the transaction; the backups again.
    assert ledger.calls <= 15


def test_the_job_says_that_it_is_at_work(world, monkeypatch, clock):
    monkeypatch.setattr(building, "ALIVE_EVERY", -1.0)
    due = jobs.find(world.message.job).due
    seen = []
    monkeypatch.setattr(jobs, "touch", lambda id: seen.append(id))

    run(world.message)
    for _ in range(6):
        run(world.message)

    assert set(seen) == {world.message.job}
    assert due


def test_who_makes_the_zip_while_another_finishes_it_does_not_fail(aws, world, drain):
    """By then the other one has deleted the parts."""
    with before_write(1, lambda: None) as writes:
        run(world.message)
        drain()
    leftovers.restore(aws, world.before)

    with before_write(writes.index("UploadPart") + 1, lambda: (run(world.message), drain())):
        run(world.message)
        done = drain()

    assert done.failed == 0
    assert world.is_whole(aws)


def test_a_job_without_its_parts_fails_and_says_where(aws, world, monkeypatch, drain):
    run(world.message)
    files.remove_folder(f"backups/{world.alice.id}/")

    done = drain()

    assert done.failed == 1
    assert world.alice.get(URL).json[0]["processed"] is False
