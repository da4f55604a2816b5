"""Imported lists: read as people have them, followed in chunks, repeated and cut short without harm."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from chalicelib.domain.relationships import imports
from chalicelib.domain.relationships.following import local_nickname
from chalicelib.ids import new_flake
from chalicelib.queues import messages
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.dynamo.table import Overloaded, create, update
from chalicelib.store.notifications.notifications import Notification
from chalicelib.store.relationships import relations
from chalicelib.store.timelines.feeds import FeedRow, HomeRow
from tests.domain.relationships.pairs import assert_exact, blocks, eyes, told
from tests.faults import before_call

# Reading a list.


@pytest.mark.parametrize(("text", "names"), [
    ("alice", ["alice"]),
    ("alice\nbob", ["alice", "bob"]),
    ("alice\r\nbob\r\n", ["alice", "bob"]),
    ("alice bob\tcarol", ["alice", "bob", "carol"]),
    ("@alice @@bob@kenoma.test", ["alice", "bob@kenoma.test"]),
    ("\ufeffalice", ["alice"]),
    ("\ufeffAccount address,Show boosts\nalice@a.example,true", ["alice@a.example"]),
    ("Account address,Show boosts,Notify on new posts,Languages\nalice@a.example,true,false,", ["alice@a.example"]),
    ('"Account address",Show boosts\n"alice@a.example",true', ["alice@a.example"]),
    ("Account address\nalice", ["alice"]),
    ("alice,bob", ["alice"]),
    ("alice\nalice\n@alice", ["alice"]),
    ("", []),
    (" \n\t\r\n ,, \n@", []),
    ("a\x00b c\ud800d e", ["e"]),
    ("x" * 501 + " y", ["y"]),
    ("https://kenoma.test/users/alice http://kenoma.test/users/bob", [
        "https://kenoma.test/users/alice", "http://kenoma.test/users/bob"]),
])
def test_a_list_names(text, names):
    assert imports.names_in(text) == names


@pytest.mark.parametrize(("name", "nickname"), [
    ("alice", "alice"), ("ALICE", "alice"), ("alice@kenoma.test", "alice"), ("alice@KENOMA.test", "alice"),
    ("https://kenoma.test/users/Alice", "alice"), ("http://KENOMA.TEST/users/alice/", "alice"),
    ("alice@elsewhere.example", None), ("alice@kenoma.test@x", None), ("@alice", None), ("", None),
    ("x" * 256, None), ("https://elsewhere.example/users/alice", None), ("https://kenoma.test/users/", None),
    ("https://kenoma.test/", None), ("https://kenoma.test/notice/alice", None), ("https://[", None), ("http://", None),
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


def starts(person, text):
    imports.start_follows(text, by=eyes(person))


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

    message: Any = messages.from_text(body)
    progress = imports.follow_all(message.names, account_id=message.account_id, since=message.import_id)

    assert (progress.followed, progress.already, progress.failed) == (0, 5, 0)
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
    assert len(aws.messages("imports-dead")) == 1


def test_an_importer_who_is_gone_ends_the_work(cast, alice, aws, drain):
    friend = cast.person("friend")
    starts(alice, "friend")
    update(Account.stub(alice.id, PROFILE), [Account.deactivated.set(True)])

    assert drain().failed == 0
    assert told(friend) == []
    assert aws.count("jobs") == 0


def test_a_chunk_of_a_hundred_is_read_in_as_many_rounds_as_one_of_two(cast, alice):
    cast.people(30, "friend")
    by = eyes(alice)
    imports.follow_all([f"friend{number}" for number in range(30)], account_id=by.id, since=new_flake())

    with counted() as few:
        imports.follow_all(["friend0", "friend1"], account_id=by.id, since=new_flake())
    with counted() as many:
        imports.follow_all([f"friend{n}" for n in range(30)] + ["nobody"] * 70, account_id=by.id, since=new_flake())

    assert few.rounds == many.rounds == 3


def test_operators_see_how_an_import_goes(cast, alice, drain, caplog):
    caplog.set_level(logging.INFO, logger="kenoma.jobs")
    cast.people(2, "friend")

    starts(alice, "friend0 friend1 nobody alice")
    drain()

    started, done = (each for each in caplog.records if hasattr(each, "import_id"))
    assert (started.names, started.chunks) == (4, 1)
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
