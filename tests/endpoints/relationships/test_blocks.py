"""Blocking, muting and follow requests."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update
from chalicelib.store.relationships import relations

KEYS = {"id", "following", "followed_by", "blocking", "blocked_by", "muting", "muting_notifications", "subscribing",
        "requested", "domain_blocking", "showing_reblogs", "endorsed"}


def act(viewer, person, verb, **params):
    return viewer.post(f"/api/v1/accounts/{person.id}/{verb}", form=params or None)


def ids(reply):
    return [each["id"] for each in reply.json]


def unread(person):
    return person.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"]


def counts(person):
    account = person.account
    return int(account.followers_count), int(account.following_count)


@pytest.fixture
def dora(cast):
    """A locked account."""
    return cast.person("dora", locked=True)


# Blocks.


def test_a_block_ends_all_ties(alice, bob, drain):
    alice.follows(bob)
    bob.follows(alice)
    bob.post(f"/api/v1/pleroma/accounts/{alice.id}/subscribe")
    bob.posts("hello")
    drain()

    reply = act(alice, bob, "block")

    assert reply.status == 200
    assert set(reply.json) == KEYS
    assert (reply.json["blocking"], reply.json["following"], reply.json["followed_by"]) == (True, False, False)
    theirs = bob.relationship(alice)
    assert (theirs["blocked_by"], theirs["following"], theirs["followed_by"], theirs["subscribing"]) == (
        True, False, False, False)
    assert counts(alice) == counts(bob) == (0, 0)
    assert alice.home() == []
    alice.posts("unheard")
    drain()
    assert unread(bob) == 1  # alice's follow, from before


def test_blocking_twice_is_harmless_and_tells_nobody(alice, bob):
    assert act(alice, bob, "block").json == act(alice, bob, "block").json
    assert unread(bob) == 0


def test_a_block_keeps_their_follow_where_the_setting_says_so(alice, bob, setting):
    setting(unfollow_blocked=False)
    bob.follows(alice)

    assert act(alice, bob, "block").json["followed_by"] is True
    assert counts(alice) == (1, 0)


def test_a_block_takes_back_a_request_with_its_notification(dora, bob):
    bob.follows(dora)
    assert unread(dora) == 1

    act(dora, bob, "block")

    assert unread(dora) == 0
    assert bob.relationship(dora)["requested"] is False
    assert dora.get("/api/v1/follow_requests").json == []


def test_a_block_marks_shared_conversations_as_read(alice, bob, carol):
    bob.posts("@alice psst", visibility="direct")
    carol.posts("@alice psst", visibility="direct")

    act(alice, bob, "block")

    shown = alice.get("/api/v1/accounts/verify_credentials").json
    assert shown["pleroma"]["unread_conversation_count"] == 1


def test_the_blocked_cannot_follow_and_are_not_seen(alice, bob, drain):
    act(alice, bob, "block")

    assert act(bob, alice, "follow").json == {"error": "rejected"}
    bob.posts("@alice hello")
    drain()
    assert alice.home() == []
    assert alice.get("/api/v1/timelines/public").json == []
    assert bob.get(f"/api/v1/accounts/{alice.id}").status == alice.get(f"/api/v1/accounts/{bob.id}").status == 200


def test_unblocking_removes_only_the_block(alice, bob):
    alice.follows(bob)
    act(alice, bob, "block")

    reply = act(alice, bob, "unblock")

    assert (reply.json["blocking"], reply.json["following"]) == (False, False)
    again = act(alice, bob, "unblock")
    assert (again.status, again.json) == (403, {"error": "not_blocking"})
    assert bob.post(f"/api/v1/accounts/{alice.id}/follow").status == 200


@pytest.mark.parametrize("verb", ["block", "mute"])
def test_nobody_does_it_to_oneself_or_the_unknown(alice, verb):
    assert act(alice, alice, verb).status == 403
    for id in ("unknown", "0" * 18):
        assert alice.post(f"/api/v1/accounts/{id}/{verb}").json == {"error": "Record not found"}


# Mutes.


def test_a_mute_hides_and_keeps_the_follow(alice, bob, drain):
    alice.follows(bob)
    bob.posts("hello")
    drain()

    reply = act(alice, bob, "mute")

    assert (reply.json["muting"], reply.json["muting_notifications"], reply.json["following"]) == (True, True, True)
    assert alice.home() == []
    assert len(alice.home(with_muted=True)) == 1
    bob.posts("@alice hello")
    assert unread(alice) == 0


def test_a_mute_may_leave_notifications(alice, bob):
    reply = act(alice, bob, "mute", notifications=False)
    assert (reply.json["muting"], reply.json["muting_notifications"]) == (True, False)

    act(alice, bob, "mute")
    assert act(alice, bob, "mute", notifications=False).json["muting_notifications"] is True


def test_unmuting_is_harmless(alice, bob):
    act(alice, bob, "mute")

    assert act(alice, bob, "unmute").json["muting"] is False
    assert act(alice, bob, "unmute").json["muting_notifications"] is False


def test_a_mute_for_a_while_ends_by_itself(alice, bob, monkeypatch):
    from chalicelib.domain.relationships import mutes

    assert act(alice, bob, "mute", expires_in=60).json["muting"] is True
    until = int(relations.find(alice.id, bob.id).mutes_until)

    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 61)
    assert alice.relationship(bob)["muting"] is False
    assert alice.get("/api/v1/mutes").json == []
    act(alice, bob, "mute")
    mutes.end(alice.id, bob.id, until)
    assert alice.relationship(bob)["muting"] is True


def test_a_mute_that_ran_out_is_cleaned_away(alice, bob, monkeypatch, drain):
    from chalicelib.jobs.sweep import sweep

    act(alice, bob, "mute", expires_in=600)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 601)
    sweep()
    drain()

    assert relations.find(alice.id, bob.id).mutes is False


def test_a_time_must_be_a_number(alice, bob):
    assert act(alice, bob, "mute", expires_in="soon").status == 400


# The lists.


@pytest.mark.parametrize(("verb", "path"), [("block", "/api/v1/blocks"), ("mute", "/api/v1/mutes")])
def test_whom_one_hides_is_listed_in_the_order_of_ids(alice, cast, verb, path):
    crowd = cast.people(5)
    for person in reversed(crowd):
        act(alice, person, verb)
    wanted = sorted(person.id for person in crowd)

    assert ids(alice.get(path)) == wanted
    page = alice.get(path, {"limit": 2})
    assert ids(page) == wanted[:2]
    assert ids(alice.get(path + "/", page.links()["next"])) == wanted[2:4]
    assert ids(alice.get(path, {"since_id": wanted[0], "max_id": wanted[3]})) == wanted[1:3]
    assert ids(alice.get(path, {"limit": 0})) == []


def test_who_left_is_not_listed(alice, bob):
    act(alice, bob, "block")
    update(Account.stub(bob.id, PROFILE), [Account.deactivated.set(True)])

    assert alice.get("/api/v1/blocks").json == []


# Follow requests.


def test_a_locked_account_is_asked(alice, dora):
    reply = act(alice, dora, "follow")

    assert (reply.json["requested"], reply.json["following"]) == (True, False)
    assert ids(dora.get("/api/v1/follow_requests")) == [alice.id]
    assert dora.get("/api/v1/accounts/verify_credentials").json["follow_requests_count"] == 1
    assert counts(dora) == (0, 0)


def test_an_authorized_request_is_a_follow(alice, dora, drain):
    status = dora.posts("for friends", visibility="private")["id"]
    alice.follows(dora)

    reply = dora.post(f"/api/v1/follow_requests/{alice.id}/authorize")

    assert (reply.json["id"], reply.json["followed_by"]) == (alice.id, True)
    assert alice.relationship(dora)["following"] is True
    assert (counts(dora), counts(alice)) == ((1, 0), (0, 1))
    assert alice.home() == [status]
    assert unread(dora) == 1
    assert dora.get("/api/v1/follow_requests").json == []


def test_a_rejected_request_is_gone_and_may_be_made_again(alice, dora):
    alice.follows(dora)

    reply = dora.post(f"/api/v1/follow_requests/{alice.id}/reject")

    assert (reply.status, reply.json["followed_by"]) == (200, False)
    assert alice.relationship(dora)["requested"] is False
    assert unread(dora) == 0
    assert act(alice, dora, "follow").json["requested"] is True
    assert unread(dora) == 1


@pytest.mark.parametrize("verb", ["authorize", "reject"])
def test_without_a_request_there_is_nothing_to_answer(alice, bob, dora, verb):
    alice.follows(bob)

    for path in (alice.id, "unknown", dora.id):
        assert dora.post(f"/api/v1/follow_requests/{path}/{verb}").json == {"error": "Record not found"}
    assert bob.post(f"/api/v1/follow_requests/{alice.id}/{verb}").status == 404
    assert counts(dora) == (0, 0)


# Together.


def test_follow_and_block_of_one_pair_at_once_end_in_one_state(alice, bob):
    acts = [(bob, alice, "follow"), (alice, bob, "block"), (bob, alice, "unfollow"), (alice, bob, "unblock"),
            (alice, bob, "follow"), (bob, alice, "mute")] * 4
    random.Random(7).shuffle(acts)

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda each: act(*each).status, acts))

    assert set(statuses) <= {200, 400, 403}
    mine, theirs = relations.find(alice.id, bob.id), relations.find(bob.id, alice.id)
    assert (mine.blocks, mine.follows, mine.followed_by) == (theirs.blocked_by, theirs.followed_by, theirs.follows)
    assert counts(alice) == (int(theirs.follows), int(mine.follows))
    assert counts(bob) == (int(mine.follows), int(theirs.follows))
    assert not (mine.blocks and theirs.follows)


@pytest.mark.parametrize(("verb", "scopes"), [
    ("block", "follow | write:blocks"), ("unblock", "follow | write:blocks"), ("mute", "follow | write:mutes"),
    ("unmute", "follow | write:mutes"),
])
def test_each_needs_its_scope(cast, anonymous, bob, verb, scopes):
    reader = cast.person("reader", scopes="read")

    assert act(reader, bob, verb).json == {"error": f"Insufficient permissions: {scopes}."}
    assert act(anonymous, bob, verb).json == {"error": "Invalid credentials."}


def test_what_each_costs(alice, bob, dora):
    alice.follows(bob)
    alice.follows(dora)

    block, mute = act(alice, bob, "block"), act(alice, dora, "mute")
    answer = dora.post(f"/api/v1/follow_requests/{alice.id}/reject")

    assert (block.calls, mute.calls, answer.calls) == (3, 3, 2)
