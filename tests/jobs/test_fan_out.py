"""Fan-out reaches every follower once, however many there are and however often the worker dies."""

import itertools
import json
import random
from collections import Counter

import pytest

from chalicelib.domain.search import index
from chalicelib.domain.statuses import cascades, fan_out
from chalicelib.ids import new_flake
from chalicelib.jobs.sweep import sweep
from chalicelib.queues import running
from chalicelib.queues.messages import outbox, to_text
from chalicelib.queues.statuses import Deliver, DeliverPages, DeliverPosted
from chalicelib.settings import settings
from chalicelib.store import jobs
from chalicelib.store.accounts import accounts
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.dynamo.table import write_batch
from chalicelib.store.instance.counters import statistics
from chalicelib.store.leaving import cascades as store
from chalicelib.store.notifications.notifications import Notice
from chalicelib.store.notifications.notifications import row as notification
from chalicelib.store.relationships.relations import ACCEPTED, Relation
from chalicelib.store.statuses import delivery, statuses, undelivered
from chalicelib.store.statuses.marks import Mark
from chalicelib.store.timelines import feeds
from chalicelib.store.timelines.feeds import FeedRow, HomeRow
from tests.faults import Killed, before_write, die
from tests.lengths import FOLLOWERS, say


def crowd_following(author, count):
    """Ids of `count` accounts that follow the author; only the rows that fan-out reads."""
    ids = [new_flake() for _ in range(count)]
    write_batch(puts=[Relation(author.id, id, followed=ACCEPTED, follower_id=id) for id in ids])
    return ids


def home_of(id):
    return [row.id for row in feeds.read(HomeRow, f"h#{id}", limit=10)]


def brought(aws):
    """How many rows each home timeline has."""
    pages = aws.dynamodb.get_paginator("scan").paginate(
        TableName=settings.table_prefix + "home", ProjectionExpression="feed", ConsistentRead=True)
    return Counter(item["feed"]["S"] for page in pages for item in page["Items"])


def drain_though_workers_die(drain, aws, fate):
    """Run what is queued. Again and again a worker dies before some write, and its messages come back."""
    deaths = 0
    while True:
        try:
            with before_write(fate.randint(1, 30) if deaths == 0 else fate.randint(100, 500), die):
                drain()
        except Killed:
            deaths += 1
            aws.time_out("timelines")
        else:
            return deaths


@pytest.mark.size
def test_every_follower_gets_the_status_once_though_workers_keep_dying(alice, drain, aws):
    followers = crowd_following(alice, FOLLOWERS)

    id = alice.posts("to all of you")["id"]
    deaths = drain_though_workers_die(drain, aws, random.Random(4))

    say(f"{FOLLOWERS:,} followers, {deaths} dead workers")
    assert deaths > 0
    assert aws.messages("dead") == []
    assert brought(aws) == Counter(f"h#{each}" for each in [alice.id, *followers])
    assert home_of(followers[0]) == home_of(followers[-1]) == [id]
    assert statistics().statuses == 1
    assert aws.count("jobs") == 0


def run(*wanted):
    """Run these messages as one batch. Answers the numbers of those that failed."""
    records = [{"messageId": str(number), "body": to_text(each)} for number, each in enumerate(wanted)]
    failed = running.run_batch("timelines", {"Records": records})["batchItemFailures"]
    return [each["itemIdentifier"] for each in failed]


def kinds(aws):
    """How many messages of each kind wait."""
    return Counter(json.loads(body)["kind"] for body in aws.messages("timelines"))


def test_followers_beyond_the_first_page_are_messages_of_their_own(alice, aws, drain):
    drain()
    followers = crowd_following(alice, 1200)
    id = alice.posts("to all of you")["id"]

    assert run(DeliverPosted(id, alice.id)) == []
    assert kinds(aws) == {"deliver_posted": 1, "deliver_pages": 1}
    assert brought(aws).total() == 501

    drain()
    assert brought(aws) == Counter(f"h#{each}" for each in [alice.id, *followers])
    assert aws.count("jobs") == 0


def test_who_goes_through_the_pages_stops_in_time_and_goes_on_where_it_was(alice, aws, drain, monkeypatch):
    monkeypatch.setattr(fan_out, "FOLLOWERS_PER_PAGE", 2)
    monkeypatch.setattr(fan_out, "PAGES_A_RUN", 3)
    followers = sorted(crowd_following(alice, 20))
    id = alice.posts("to all of you")["id"]
    assert run(DeliverPosted(id, alice.id)) == []
    pages = DeliverPages(id, alice.id, followers[1])

    assert run(pages) == []
    assert kinds(aws)["deliver_chunk"] == 3
    assert jobs.find(pages.job).cursor == followers[7]

    drain()
    assert brought(aws) == Counter(f"h#{each}" for each in [alice.id, *followers])
    assert aws.count("jobs") == 0


def test_a_batch_of_statuses_costs_little_more_than_one(alice, bob, carol, drain, aws):
    bob.follows(alice)
    alice.follows(carol)
    drain()

    def calls(count):
        wanted = [DeliverPosted(each.posts(f"number {number}")["id"], each.id)
                  for number, each in zip(range(count), itertools.cycle([alice, carol]), strict=False)]
        with counted() as ledger:
            assert run(*wanted) == []
        return ledger.calls, ledger.rounds

    one, _ = calls(1)
    ten, rounds = calls(10)

    assert one <= 8
    assert ten <= one + 9 * 3 + 3  # of each: subscribers, lists, followers; more than 25 rows take further calls
    assert rounds <= 9


def test_a_status_that_cannot_be_delivered_leaves_the_others_of_its_batch_alone(alice, bob, drain, monkeypatch):
    bob.follows(alice)
    drain()
    good, bad = alice.posts("good")["id"], alice.posts("bad")["id"]
    rows = index.rows

    def failing(status):
        if status.id == bad:
            raise RuntimeError("no")
        return rows(status)

    with monkeypatch.context() as broken:
        broken.setattr(index, "rows", failing)
        assert run(DeliverPosted(good, alice.id), DeliverPosted(bad, alice.id)) == ["1"]

    assert home_of(bob.id) == [good]
    drain()
    assert home_of(bob.id) == [bad, good]


def test_one_status_asked_for_twice_in_a_batch_is_delivered_once(alice, bob, drain, aws):
    bob.follows(alice)
    drain()
    id = alice.posts("news")["id"]

    assert run(DeliverPosted(id, alice.id), DeliverPosted(id, alice.id)) == []

    assert home_of(bob.id) == [id]
    assert aws.count("jobs") == 0


def test_a_job_of_a_release_before_does_not_name_the_author(alice, bob, drain):
    bob.follows(alice)
    drain()
    id = alice.posts("news")["id"]
    jobs.add([outbox(Deliver(id))])

    body = json.dumps({"kind": "deliver", "status_id": id})
    assert running.run_batch("timelines", {"Records": [{"messageId": "0", "body": body}]}) == {"batchItemFailures": []}

    assert home_of(bob.id) == [id]


def test_what_was_delivered_is_not_delivered_again(alice, bob, drain):
    bob.follows(alice)
    drain()
    id = alice.posts("news")["id"]
    drain()
    write_batch(deletes=[HomeRow.stub(f"h#{bob.id}", id)])

    assert run(DeliverPosted(id, alice.id)) == []

    assert home_of(bob.id) == []


@pytest.mark.parametrize("what", ["post", "reblog"])
def test_a_message_that_is_lost_is_made_up_for_by_the_sweep(alice, bob, carol, drain, aws, clock, what):
    bob.follows(alice)
    original = carol.posts("what a view")["id"]
    drain()
    id = alice.posts("news")["id"] if what == "post" else alice.post(f"/api/v1/statuses/{original}/reblog").json["id"]
    aws.wipe_queues()

    sweep()
    drain()
    assert id not in home_of(bob.id), "it is not overdue yet"

    clock.pass_by(jobs.PATIENCE + 1)
    sweep()
    assert kinds(aws) == {"deliver": 1}
    drain()
    assert home_of(bob.id)[0] == id
    assert aws.count("jobs") == 0
    assert undelivered.overdue() == []


def test_a_sweep_that_dies_loses_no_status(alice, bob, drain, aws, clock):
    bob.follows(alice)
    drain()
    id = alice.posts("news")["id"]
    aws.wipe_queues()
    clock.pass_by(jobs.PATIENCE + 1)

    for number in (1, 2):
        with pytest.raises(Killed), before_write(number, die):
            sweep()
    clock.pass_by(jobs.PATIENCE + 1)
    sweep()
    drain()

    assert home_of(bob.id) == [id]
    clock.pass_by(jobs.PATIENCE * 3)
    assert sweep() == {"sent": 0, "given_up": 0, "unknown": 0}


def test_a_status_deleted_while_it_is_delivered_leaves_no_rows(alice, bob, drain, aws, monkeypatch):
    bob.follows(alice)
    drain()
    id = alice.posts("quick regret", visibility="public")["id"]
    write = delivery.write

    def delete_before(rows):
        alice.delete(f"/api/v1/statuses/{id}")
        cascades.clear_up(id, [])
        write(rows)

    with monkeypatch.context() as late:
        late.setattr(delivery, "write", delete_before)
        assert run(DeliverPosted(id, alice.id)) == []

    assert home_of(bob.id) == []
    assert aws.count("search") == len(accounts_words(alice, bob))
    assert feeds.read(FeedRow, "all", limit=5) == []


def accounts_words(*people):
    return [word for each in people for word in index.words_of(accounts.find(each.id))]


def test_statistics_count_a_status_once_and_forget_it_when_it_goes(alice, drain):
    id = alice.posts("one")["id"]
    alice.posts("private", visibility="private")
    drain()
    assert statistics().statuses == 1

    alice.delete(f"/api/v1/statuses/{id}")
    drain()
    assert statistics().statuses == 0


def test_a_cascade_ends_with_nothing_left(alice, bob, drain, aws):
    id = alice.posts("bye @bob #tag")["id"]
    reply = bob.posts("no", in_reply_to_id=id)["id"]
    bob.reacts(id, "😀")
    drain()

    alice.delete(f"/api/v1/statuses/{id}")
    drain()

    assert statuses.find_tombstone(id) is None
    assert statuses.find(reply).parent_id is None
    assert aws.count("marks") == aws.count("jobs") == 0
    assert feeds.read(FeedRow, "g#tag", limit=5) == []
    assert statistics().statuses == 1
    assert bob.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"] == 0


def test_a_cascade_without_its_tombstone_is_finished(aws):
    cascades.clear_up("0" * 18, [])

    assert aws.count("statuses") == 0


def test_a_cascade_reaches_every_reply_and_every_mark(alice, bob, drain, aws, monkeypatch):
    monkeypatch.setattr(store, "THREAD_PAGE", 3)
    monkeypatch.setattr(store, "PAGE", 4)
    id = alice.posts("root")["id"]
    replies = [bob.posts("well", in_reply_to_id=id)["id"] for _ in range(7)]
    marks = [Mark(new_flake(), id, favourite=new_flake(), reactions={"😀": new_flake()}) for _ in range(9)]
    write_batch(puts=marks)
    write_batch(puts=[notification(Notice(alice.id, kind, cause, mark.account_id, id)) for mark in marks for kind, cause
                      in (("favourite", mark.favourite), ("pleroma:emoji_reaction", mark.reactions["😀"]))])

    alice.delete(f"/api/v1/statuses/{id}")
    drain()

    assert {statuses.find(reply).parent_id for reply in replies} == {None}
    assert aws.count("marks") == 0
    assert aws.count("notifications") == len(replies)
