"""Fan-out reaches every follower once, however many there are and however often the worker dies."""

import random
from collections import Counter

import pytest

from chalicelib.domain.statuses import cascades, fan_out
from chalicelib.ids import new_flake
from chalicelib.settings import settings
from chalicelib.store.dynamo.table import write_batch
from chalicelib.store.instance.counters import statistics
from chalicelib.store.leaving import cascades as store
from chalicelib.store.notifications.notifications import Notice
from chalicelib.store.notifications.notifications import row as notification
from chalicelib.store.relationships.relations import ACCEPTED, Relation
from chalicelib.store.statuses import statuses
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
    assert aws.messages("timelines-dead") == []
    assert brought(aws) == Counter(f"h#{each}" for each in [alice.id, *followers])
    assert home_of(followers[0]) == home_of(followers[-1]) == [id]
    assert int(statistics().statuses) == 1
    assert aws.count("jobs") == 0


def test_followers_beyond_the_first_page_are_messages_of_their_own(alice, aws):
    crowd_following(alice, 1200)
    id = alice.posts("to all of you")["id"]
    waiting = len(aws.messages("timelines"))

    fan_out.deliver(id)

    assert len(aws.messages("timelines")) - waiting == 2


def test_statistics_count_a_status_once_and_forget_it_when_it_goes(alice, drain):
    id = alice.posts("one")["id"]
    alice.posts("private", visibility="private")
    drain()
    assert int(statistics().statuses) == 1

    alice.delete(f"/api/v1/statuses/{id}")
    drain()
    assert int(statistics().statuses) == 0


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
    assert int(statistics().statuses) == 1
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
