"""Imported lists: followed, blocked and muted in chunks, repeated and cut short without harm, counted exactly."""

from __future__ import annotations

import json
import logging
from functools import partial
from typing import Any

import pytest

from chalicelib.domain.relationships.following import local_nickname
from chalicelib.domain.relationships.importing import imports
from chalicelib.ids import new_flake
from chalicelib.queues import messages
from chalicelib.store import jobs
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.dynamo.table import Overloaded, create, remove, update
from chalicelib.store.instance.counters import import_figures
from chalicelib.store.jobs import Job
from chalicelib.store.notifications.notifications import Notification
from chalicelib.store.relationships import imports as store
from chalicelib.store.relationships import relations
from chalicelib.store.timelines.feeds import FeedRow, HomeRow
from tests.at_once import at_once
from tests.domain.relationships.pairs import assert_exact, blocks, eyes, told
from tests.faults import before_call


@pytest.mark.parametrize(("name", "nickname"), [
    ("alice", "alice"), ("ALICE", "alice"), ("alice@kenoma.test", "alice"), ("alice@KENOMA.test", "alice"),
    ("https://kenoma.test/users/Alice", "alice"), ("http://KENOMA.TEST/users/alice/", "alice"),
    ("alice@elsewhere.example", None), ("alice@kenoma.test@x", None), ("@alice", None), ("", None),
    ("x" * 256, None), ("https://elsewhere.example/users/alice", None), ("https://kenoma.test/users/", None),
    ("https://kenoma.test/", None), ("https://kenoma.test/notice/alice", None), ("https://[", None), ("http://", None),
    ("https://kenoma.test/@Alice", "alice"), ("HTTPS://KENOMA.test/%40alice/", "alice"),
    ("https://kenoma.test/@alice?page=2#top", "alice"), ("https://elsewhere.example/@alice", None),
    ("https://elsewhere.example/@alice@kenoma.test", "alice"), ("https://kenoma.test/@alice@elsewhere.example", None),
    ("https://kenoma.test/@", None), ("https://kenoma.test/@alice/following", None),
    ("https://kenoma.test/alice", None),
])
def test_a_name_means_a_local_nickname(name, nickname):
    assert local_nickname(name) == nickname


@pytest.mark.parametrize(("name", "nickname"), [
    ("alice@localhost:8000", "alice"), ("alice@localhost", "alice"), ("alice@LocalHost:8000", "alice"),
    ("alice@localhost:8001", None), ("http://localhost:8000/users/alice", "alice"),
])
def test_the_local_host_may_be_named_with_or_without_its_port(name, nickname, setting):
    setting(base_url="http://localhost:8000")

    assert local_nickname(name) == nickname


# Following it.


def starts(person, brought, kind="following"):
    imports.start(brought, kind, by=eyes(person))


def test_everybody_who_can_be_followed_is_and_the_rest_is_skipped(cast, alice, drain):
    friends = cast.people(5, "friend")
    locked = cast.person("locked", locked=True)
    deactivated = cast.person("deactivated")
    update(Account.stub(deactivated.id, PROFILE), [Account.deactivated.set(True)])
    blocker = cast.person("blocker")
    blocks(blocker, alice)
    starts(alice, "Account address,Show boosts\n" + "\n".join([
        "friend0,true", "@friend1", "friend2@kenoma.test,false", "http://kenoma.test/users/friend3", "FRIEND4",
        "friend0@KENOMA.TEST", "alice", "nobody", "deactivated", "blocker", "locked", "mary@elsewhere.example",
        "not/a name", "https://[", "@@@", "x" * 300,
    ]))

    drained = drain()

    assert drained.failed == 0
    assert sorted(relations.following_ids(alice.id)[0]) == sorted(each.id for each in friends)
    assert relations.find(alice.id, locked.id).requested
    assert not relations.find(alice.id, blocker.id).follows
    assert [len(told(each)) for each in [*friends, locked, deactivated, blocker]] == [1, 1, 1, 1, 1, 1, 0, 0]
    assert_exact(alice, *friends, locked, deactivated, blocker)


def test_accounts_that_are_followed_already_stay_as_they_are(alice, bob, drain):
    alice.post(f"/api/v1/accounts/{bob.id}/follow", {"reblogs": "false"})
    before = relations.find(alice.id, bob.id)

    starts(alice, "bob")
    drain()

    after = relations.find(alice.id, bob.id)
    assert (after.follow_id, after.follows_reblogs, after.version) == (before.follow_id, False, before.version)
    assert len(told(bob)) == 1


def test_an_import_brings_the_newest_statuses_home(alice, bob, drain):
    ids = [new_flake() for _ in range(25)]
    for id in ids:
        create(FeedRow(f"a#{bob.id}", id, author_id=bob.id, visibility="public", thread=id))

    starts(alice, "bob")
    drain()

    assert [row.id for row in HomeRow.query(f"h#{alice.id}")] == ids[5:]


def test_a_list_is_cut_into_chunks_of_a_hundred(alice, aws):
    starts(alice, "\n".join(f"someone{number}" for number in range(250)))

    bodies = aws.messages("imports")
    chunks = sorted((json.loads(body) for body in bodies), key=lambda chunk: chunk["chunk"])
    assert [len(chunk["names"]) for chunk in chunks] == [100, 100, 50]
    assert [name for chunk in chunks for name in chunk["names"]] == [f"someone{number}" for number in range(250)]


def test_chunks_stay_well_below_what_a_message_holds(alice, aws):
    starts(alice, "\n".join(f"{number}" + "名" * 490 for number in range(100)))

    bodies = aws.messages("imports")
    assert max(len(body) for body in bodies) < 64_000
    assert sum(len(json.loads(body)["names"]) for body in bodies) == 100


def test_a_list_without_names_starts_nothing(alice, aws):
    starts(alice, " \n,\n")

    assert aws.messages("imports") == []
    assert aws.count("jobs") == 0


def test_a_chunk_runs_twice_without_harm(cast, alice, aws, drain):
    friends = cast.people(5, "friend")
    starts(alice, " ".join(each.nickname for each in friends))
    (body,) = aws.messages("imports")
    drain()

    progress = imports.run(chunk_in(json.loads(body)))

    assert (progress.before, progress.followed, progress.already, progress.failed) == (1, 0, 0, 0)
    assert [len(told(each)) for each in friends] == [1] * 5
    assert_exact(alice, *friends)


def _visible_again(aws):
    """As when the visibility timeout of what a dead worker held has passed."""
    from moto.sqs.models import sqs_backends

    for backend in sqs_backends.values():
        for region in backend.values():
            for each in region.queues.values():
                for message in each._messages:
                    message.visible_at = 0
                    each.pending_messages.discard(message)


def test_a_message_lost_with_its_queue_comes_back_from_its_row(cast, alice, aws, drain, monkeypatch):
    from chalicelib.jobs.sweep import sweep
    from tests.jobs.worker import Clock

    friends = cast.people(3, "friend")
    starts(alice, " ".join(each.nickname for each in friends))
    aws.sqs.purge_queue(QueueUrl=aws.names["ImportsQueue"])
    clock = Clock()
    monkeypatch.setattr("time.time", clock.now)

    clock.pass_by(121)
    sweep()
    drain()

    assert alice.account.following_count == 3


def test_a_failure_of_one_name_lets_the_others_go_on_and_brings_the_chunk_back(cast, alice, aws, drain):
    friends = cast.people(6, "friend")
    starts(alice, " ".join(each.nickname for each in friends))

    def overload() -> None:
        raise Overloaded("this one only")

    with before_call("TransactWriteItems", 2, overload):
        first = drain()
    followed_before = alice.account.following_count
    _visible_again(aws)
    second = drain()

    assert (first.failed, followed_before, second.failed) == (1, 5, 0)
    assert alice.account.following_count == 6
    assert_exact(alice, *friends)


def test_a_chunk_that_cannot_be_read_ends_in_the_dead_letter_queue_beside_good_ones(
        cast, alice, aws, drain_with_retries):
    friends = cast.people(3, "friend")
    aws.sqs.send_message(QueueUrl=aws.names["ImportsQueue"], MessageBody='{"kind":"import_follows","names":"all"}')
    starts(alice, " ".join(each.nickname for each in friends))

    drain_with_retries()

    assert alice.account.following_count == 3
    assert aws.messages("imports") == []
    assert len(aws.messages("dead")) == 1


def test_an_importer_who_is_gone_ends_the_work(cast, alice, aws, drain):
    friend = cast.person("friend")
    starts(alice, "friend")
    update(Account.stub(alice.id, PROFILE), [Account.deactivated.set(True)])

    assert drain().failed == 0
    assert told(friend) == []
    assert aws.count("jobs") == 0


def chunk_in(message: dict[str, Any]) -> Any:
    """A chunk as the queue would hand it over."""
    return messages.from_text(json.dumps(message))


def ran(person, names, kind="following"):
    """Bring a list and run its only chunk. What that cost."""
    starts(person, " ".join(names), kind)
    (job,) = (job for job in Job.scan() if job.queue == "imports")
    with counted() as ledger:
        progress = imports.run(chunk_in({"kind": job.kind, **job.payload}))
    jobs.done([job.id])
    return ledger, progress


@pytest.mark.parametrize("kind", ["following", "blocks", "mutes"])
def test_a_chunk_of_a_hundred_is_read_and_counted_in_as_many_rounds_as_one_of_two(cast, alice, kind):
    cast.people(30, "friend")
    everybody = [f"friend{number}" for number in range(30)]
    ran(alice, everybody, kind)

    few, _ = ran(alice, everybody[:2], kind)
    many, progress = ran(alice, everybody + [f"nobody{number}" for number in range(70)], kind)

    assert (progress.already, progress.unknown) == (30, 70)
    # What it is about → names → people → counted → ended. If all are hidden: does another run hide them just now?
    # Names of which nothing became are written with the count, which is read once more then.
    assert few.rounds == many.rounds - 1 == (5 if kind == "following" else 6)


@pytest.mark.parametrize(("kind", "each"), [("following", 3), ("blocks", 1), ("mutes", 1)])
def test_an_account_more_costs_only_what_is_done_to_it(cast, alice, kind, each):
    """A follow is its transaction, the newest statuses of the other, and their way home."""
    cast.people(12, "friend")
    few, _ = ran(alice, ["friend0", "friend1"], kind)
    many, progress = ran(alice, [f"friend{number}" for number in range(2, 12)], kind)

    assert progress.counts["done"] == 10
    assert many.calls - few.calls <= each * 8


@pytest.mark.parametrize("kind", ["following", "blocks", "mutes"])
def test_chunks_are_counted_once_though_each_runs_twice_at_once_and_the_last_first(
        cast, alice, monkeypatch, caplog, kind):
    caplog.set_level(logging.INFO, logger="kenoma.jobs")
    monkeypatch.setattr(imports, "NAMES_PER_CHUNK", 4)
    friends = cast.people(9, "friend")
    starts(alice, " ".join([*(each.nickname for each in friends), "nobody", "alice"]), kind)
    rows = sorted(Job.scan(), key=lambda job: -job.payload["chunk"])

    for job in rows:
        chunk = chunk_in({"kind": job.kind, **job.payload})
        at_once(*[partial(imports.run, chunk)] * 2)

    (row,) = store.list_of(alice.id)
    assert len(rows) == len(row.counted) == 3
    assert row.outcome == {store.VERBS[kind]: 9, "already": 0, "unknown": 1, "refused": 1}
    assert [each.message for each in caplog.records].count("import ended") == 1
    assert import_figures()[store.VERBS[kind]] == 9


def test_what_another_run_hides_meanwhile_was_not_hidden_before(alice, bob):
    starts(alice, "bob", "blocks")
    (job,) = Job.scan()

    def other_run() -> None:
        jobs.advance(job.id, None, [])
        alice.post(f"/api/v1/accounts/{bob.id}/block")

    with before_call("BatchGetItem", 3, other_run):  # what it is about, names, people
        progress = imports.run(chunk_in({"kind": job.kind, **job.payload}))

    assert (progress.hidden, progress.already) == (1, 0)


def test_a_chunk_of_an_import_that_is_not_kept_any_more_does_its_work_all_the_same(cast, alice, drain):
    cast.people(1, "friend")
    starts(alice, "friend0")
    (row,) = store.list_of(alice.id)
    remove(row)

    drain()

    assert alice.account.following_count == 1
    assert (store.list_of(alice.id), import_figures()["imports"]) == ([], 0)


def test_a_message_of_an_earlier_version_is_understood(cast, alice, drain):
    """It says nothing of columns, and has no row of an import."""
    cast.people(1, "friend")
    chunk = chunk_in({
        "kind": "import_follows", "account_id": alice.id, "import_id": new_flake(), "chunk": 0, "names": ["friend0"]})

    assert imports.run(chunk).followed == 1


def test_the_import_of_somebody_who_is_gone_ends_with_everything_refused(cast, alice, drain):
    cast.person("friend")
    starts(alice, "friend nobody")
    update(Account.stub(alice.id, PROFILE), [Account.deactivated.set(True)])

    drain()

    (row,) = store.list_of(alice.id)
    assert (row.outcome["refused"], row.ended is not None) == (2, True)


def test_operators_see_how_an_import_goes(cast, alice, drain, caplog):
    caplog.set_level(logging.INFO, logger="kenoma.jobs")
    cast.people(2, "friend")

    starts(alice, "friend0 friend1 nobody alice")
    drain()

    started, ended, done = (each for each in caplog.records if hasattr(each, "import_id"))
    assert (started.message, started.kind, started.names, started.chunks) == ("import started", "following", 4, 1)
    assert (ended.message, ended.kind, ended.total) == ("import ended", "following", 4)
    assert (ended.followed, ended.already, ended.unknown, ended.refused) == (2, 0, 1, 1)
    assert (done.chunk, done.followed, done.skipped, done.failed) == (0, 2, 2, 0)
    assert "friend0" not in "".join(str(vars(each)) for each in caplog.records)


def test_two_imports_of_the_same_list_at_once_count_once(cast, alice, drain):
    friends = cast.people(10, "friend")
    names = " ".join(each.nickname for each in friends)
    starts(alice, names)
    starts(alice, names)

    drain()

    assert alice.account.following_count == 10
    assert sum(Notification.count(each.id) for each in friends) == 10
