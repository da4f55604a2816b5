"""What other servers send: taken at once, done once, and only by those who may."""

from __future__ import annotations

import time
from typing import Any

import pytest

from chalicelib.domain import events, policies
from chalicelib.domain.event_types.accounts import FollowRejected
from chalicelib.domain.event_types.event import Event
from chalicelib.domain.federation import addresses
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import PROFILE, Account
from tests.cast import Person
from tests.endpoints.federation.sending import Drain, create, follow, followers, sends, to, told, undo, uri
from tests.peers.scripted import PUBLIC, Document, Peer


def person_at(far: Peer, name: str = "fern") -> Document:
    return far.actor(name)


def acct(far: Peer, name: str = "fern") -> str:
    return f"{name}@{far.host}"


def object_of(status: dict[str, Any]) -> str:
    return str(status["uri"])


# Follows.


def test_somebody_elsewhere_follows_and_stops(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    wanted = follow(far, fern, alice)

    assert sends(far, wanted, fern).status == 202
    drain()

    assert followers(alice) == [acct(far)]
    assert told(alice) == [("follow", acct(far))]
    assert (alice.account.followers_count, alice.account.foreign_followers_count) == (1, 1)

    sends(far, undo(far, wanted), fern)
    drain()
    assert followers(alice) == []
    assert (alice.account.followers_count, alice.account.foreign_followers_count) == (0, 0)


def test_a_follow_is_undone_by_its_address_alone(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    wanted = follow(far, fern, alice)
    sends(far, wanted, fern)
    drain()

    sends(far, far.activity("Undo", fern, wanted["id"]), fern)
    drain()

    assert followers(alice) == []


def test_follows_of_one_address_are_told_apart_by_time(
        far: Peer, alice: Person, drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    """Misskey gives all follows of an account by another one address, and all their ends another."""
    fern, now = person_at(far), time.time()
    wanted = {**follow(far, fern, alice), "id": f"{fern['id']}/follows/2"}
    ended = {**undo(far, wanted), "id": f"{wanted['id']}/undo"}

    for late in (0, 400):
        monkeypatch.setattr(time, "time", lambda late=late: now + late)
        for activity in (wanted, wanted, ended, ended, wanted):
            sends(far, activity, fern)
            drain()
        assert followers(alice) == [], "a copy that comes late changes nothing"

        monkeypatch.setattr(time, "time", lambda late=late: now + late + 310)
        sends(far, wanted, fern)
        drain()
        assert followers(alice) == [acct(far)]


def test_who_stopped_twice_may_follow_anew(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    wanted = follow(far, fern, alice)
    for activity in (wanted, undo(far, wanted), undo(far, wanted), follow(far, fern, alice)):
        sends(far, activity, fern)
        drain()

    assert followers(alice) == [acct(far)]


def test_a_locked_account_is_asked(far: Peer, alice: Person, drain: Drain) -> None:
    alice.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    fern = person_at(far)
    wanted = follow(far, fern, alice)
    sends(far, wanted, fern)
    drain()

    assert told(alice) == [("follow_request", acct(far))]
    asking = alice.get("/api/v1/follow_requests").json
    assert [each["acct"] for each in asking] == [acct(far)]
    assert alice.relation_to(asking[0]["id"]).followed_uri == wanted["id"]
    alice.post(f"/api/v1/follow_requests/{asking[0]['id']}/authorize")
    assert followers(alice) == [acct(far)]
    assert alice.account.foreign_followers_count == 1


def test_who_asked_follows_if_they_ask_again_when_it_is_open(far: Peer, alice: Person, drain: Drain) -> None:
    alice.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    fern = person_at(far)
    sends(far, follow(far, fern, alice), fern)
    drain()
    alice.patch("/api/v1/accounts/update_credentials", json={"locked": False})
    sends(far, follow(far, fern, alice), fern)
    drain()

    assert followers(alice) == [acct(far)]
    assert told(alice) == [("follow", acct(far))]


def test_whom_a_locked_account_follows_may_follow_back(far: Peer, alice: Person, drain: Drain) -> None:
    alice.patch("/api/v1/accounts/update_credentials", json={"locked": True, "permit_followback": True})
    fern = person_at(far)
    sends(far, far.activity("Accept", fern, asks(alice, far, fern, drain)), fern)
    drain()
    sends(far, follow(far, fern, alice), fern)
    drain()

    assert followers(alice) == [acct(far)]
    assert ("follow", acct(far)) in told(alice)
    assert ("follow_request", acct(far)) not in told(alice)


def test_a_request_that_is_taken_back_is_gone(far: Peer, alice: Person, drain: Drain) -> None:
    alice.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    fern = person_at(far)
    wanted = follow(far, fern, alice)
    for activity in (wanted, undo(far, wanted)):
        sends(far, activity, fern)
        drain()

    assert alice.get("/api/v1/follow_requests").json == []
    assert told(alice) == []


def test_a_repeated_follow_counts_once_and_has_its_new_name(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    sends(far, follow(far, fern, alice), fern)
    drain()
    again = follow(far, fern, alice)
    sends(far, again, fern)
    drain()

    assert alice.account.followers_count == 1
    known = accounts.find_by_nickname(acct(far))
    assert known is not None
    assert alice.relation_to(known.id).followed_uri == again["id"]
    assert len(told(alice)) == 1


def test_a_blocked_account_does_not_follow(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    sends(far, follow(far, fern, alice), fern)
    drain()
    known = accounts.find_by_nickname(acct(far))
    assert known is not None
    alice.post(f"/api/v1/accounts/{known.id}/block")
    assert followers(alice) == []

    sends(far, follow(far, fern, alice), fern)
    drain()

    assert followers(alice) == []
    assert alice.account.foreign_followers_count == 0


@pytest.fixture
def rejected(monkeypatch: pytest.MonkeyPatch) -> list[FollowRejected]:
    """The rejections that are raised, for whoever delivers them."""
    found: list[FollowRejected] = []
    raised = events.tell

    def listen(*happened: Event) -> None:
        found.extend(each for each in happened if isinstance(each, FollowRejected))
        raised(*happened)

    monkeypatch.setattr(events, "tell", listen)
    return found


@pytest.mark.parametrize("why", ["blocked", "its host is blocked", "deactivated", "no followers from elsewhere"])
def test_whom_an_account_does_not_want_it_rejects(
        far: Peer, alice: Person, drain: Drain, rejected: list[FollowRejected], why: str) -> None:
    fern = person_at(far)
    sends(far, create(far, far.note(fern, "hi", **to(alice)), fern), fern)
    drain()
    known = accounts.find_by_nickname(acct(far))
    assert known is not None
    changed: dict[str, Any] = {"deactivated": Account.deactivated.set(True),
                               "no followers from elsewhere": Account.tags.set([policies.DISABLE_REMOTE])}
    if why == "blocked":
        alice.post(f"/api/v1/accounts/{known.id}/block")
    elif why == "its host is blocked":
        alice.post("/api/v1/domain_blocks", form={"domain": "127.0.0.1"})
    else:
        Account.stub(alice.id, PROFILE).update([changed[why]])
    wanted = follow(far, fern, alice)

    sends(far, wanted, fern)
    drain()

    assert [(each.account_id, each.other_id, each.host, each.uri) for each in rejected] == [
        (alice.id, known.id, far.host, wanted["id"])]
    assert alice.account.followers_count == 0


def asks(alice: Person, far: Peer, fern: Document, drain: Drain) -> Document:
    """Alice wants to follow; the follow as its server heard of it."""
    sends(far, create(far, far.note(fern, "hello", **to(alice)), fern), fern)
    drain()
    known = accounts.find_by_nickname(acct(far))
    assert known is not None
    alice.post(f"/api/v1/accounts/{known.id}/follow")
    relation = alice.relation_to(known.id)
    assert relation.requested
    address = addresses.of_activity(relation.follow_id or "")
    return {"type": "Follow", "id": address, "actor": uri(alice), "object": fern["id"]}


@pytest.mark.parametrize("spelt", ["embedded", "embedded with an id of theirs", "address"])
def test_a_follow_begins_when_it_is_accepted(far: Peer, alice: Person, drain: Drain, spelt: str) -> None:
    fern = person_at(far)
    asked = asks(alice, far, fern, drain)
    named: Any = {"embedded": asked, "embedded with an id of theirs": {**asked, "id": f"{far.url}/f/1"},
                  "address": asked["id"]}[spelt]

    sends(far, far.activity("Accept", fern, named), fern)
    drain()

    assert [each["acct"] for each in alice.get(f"/api/v1/accounts/{alice.id}/following").json] == [acct(far)]
    sends(far, far.activity("Accept", fern, named), fern)
    drain()
    assert alice.account.following_count == 1


def test_a_follow_that_is_accepted_brings_what_is_here(far: Peer, alice: Person, bob: Person, drain: Drain) -> None:
    fern = person_at(far)
    asked = asks(alice, far, fern, drain)
    note = far.note(fern, "for bob", **to(bob))
    sends(far, create(far, note, fern), fern)
    drain()
    assert shown(alice, note) is None

    sends(far, far.activity("Accept", fern, asked), fern)
    drain()

    assert shown(alice, note) is not None
    known = accounts.find_by_nickname(acct(far))
    assert known is not None
    alice.post(f"/api/v1/pleroma/accounts/{known.id}/subscribe")
    sends(far, far.activity("Reject", fern, asked), fern)
    drain()
    assert shown(alice, note) is None
    assert alice.relation_to(known.id).subscribes is False


@pytest.mark.parametrize("accepted", [False, True])
def test_a_rejected_follow_ends_and_may_be_tried_again(far: Peer, alice: Person, drain: Drain, accepted: bool) -> None:
    fern = person_at(far)
    asked = asks(alice, far, fern, drain)
    if accepted:
        sends(far, far.activity("Accept", fern, asked), fern)
        drain()

    sends(far, far.activity("Reject", fern, asked), fern)
    drain()

    known = accounts.find_by_nickname(acct(far))
    assert known is not None
    relation = alice.relation_to(known.id)
    assert relation.follow is None
    assert alice.account.following_count == 0
    assert alice.post(f"/api/v1/accounts/{known.id}/follow").json["requested"] is True


def test_nobody_accepts_for_somebody_else(far: Peer, alice: Person, drain: Drain) -> None:
    fern, ivy = person_at(far), person_at(far, "ivy")
    asked = asks(alice, far, fern, drain)
    sends(far, create(far, far.note(ivy, "hi", **to(alice)), ivy), ivy)
    drain()

    for named in (asked, asked["id"], {**asked, "object": ivy["id"]}):
        sends(far, far.activity("Accept", ivy, named), ivy)
    drain()

    assert alice.account.following_count == 0


def test_an_acceptance_of_what_was_withdrawn_changes_nothing(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    asked = asks(alice, far, fern, drain)
    known = accounts.find_by_nickname(acct(far))
    assert known is not None
    alice.post(f"/api/v1/accounts/{known.id}/unfollow")

    sends(far, far.activity("Accept", fern, asked), fern)
    drain()

    assert alice.account.following_count == 0


# Favourites and reblogs.


def counts(person: Person, status: dict[str, Any]) -> tuple[int, int]:
    shown = person.get(f"/api/v1/statuses/{status['id']}").json
    return shown["favourites_count"], shown["reblogs_count"]


@pytest.mark.parametrize("type", ["Like", "Announce"])
def test_a_favourite_or_reblog_counts_once_and_is_taken_back(far: Peer, alice: Person, drain: Drain, type: str) -> None:
    fern, status = person_at(far), alice.posts("hello")
    done = far.activity(type, fern, object_of(status), to=[PUBLIC])
    one = (1, 0) if type == "Like" else (0, 1)
    for path in ("/inbox", "/inbox", f"/users/{alice.nickname}/inbox"):
        assert sends(far, done, fern, path).status == 202
    drain()
    sends(far, done, fern)
    drain()

    assert counts(alice, status) == one
    assert told(alice) == [("favourite" if type == "Like" else "reblog", acct(far))]

    for each in (undo(far, done), undo(far, done)):
        sends(far, each, fern)
        drain()
    assert counts(alice, status) == (0, 0)
    assert told(alice) == []
    sends(far, done, fern)
    drain()
    assert counts(alice, status) == (0, 0), "what was taken back does not come again"


@pytest.mark.parametrize("type", ["Like", "Announce", "Follow"])
@pytest.mark.parametrize("embedded", [True, False])
def test_what_is_taken_back_before_it_comes_is_left_out(
        far: Peer, alice: Person, drain: Drain, type: str, embedded: bool) -> None:
    fern, status = person_at(far), alice.posts("hello")
    done = far.activity(type, fern, uri(alice) if type == "Follow" else object_of(status), to=[PUBLIC])

    sends(far, undo(far, done) if embedded else far.activity("Undo", fern, done["id"]), fern)
    drain()
    sends(far, done, fern)
    drain()

    assert counts(alice, status) == (0, 0)
    assert followers(alice) == []
    assert told(alice) == []


def test_nobody_takes_back_what_somebody_else_did(far: Peer, alice: Person, drain: Drain) -> None:
    fern, ivy, status = person_at(far), person_at(far, "ivy"), alice.posts("hello")
    liked = far.activity("Like", fern, object_of(status))
    sends(far, liked, fern)
    sends(far, far.activity("Like", ivy, object_of(alice.posts("two"))), ivy)
    drain()

    for named in (liked, liked["id"], {**liked, "actor": ivy["id"]}):
        sends(far, far.activity("Undo", ivy, named), ivy)
    drain()

    assert counts(alice, status) == (1, 0)


@pytest.mark.parametrize("visibility", ["private", "direct", "list"])
def test_what_is_for_others_is_neither_favourited_nor_reblogged(
        far: Peer, alice: Person, drain: Drain, visibility: str) -> None:
    friends = alice.post("/api/v1/lists", json={"title": "friends"}).json["id"]
    for_whom = f"list:{friends}" if visibility == "list" else visibility
    fern, status = person_at(far), alice.posts("hush", visibility=for_whom)

    for type in ("Like", "Announce"):
        sends(far, far.activity(type, fern, object_of(status), to=[PUBLIC]), fern)
    drain()

    assert counts(alice, status) == (0, 0)


# Statuses.


def test_who_is_mentioned_reads_it_and_is_told(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    note = far.note(fern, "hello alice", **to(alice))
    for path in ("/inbox", "/users/alice/inbox", "/inbox"):
        sends(far, create(far, note, fern), fern, path)
    drain()

    home = alice.get("/api/v1/timelines/home").json
    assert [(each["uri"], each["content"]) for each in home] == [(note["id"], "<p>hello alice</p>")]
    assert told(alice) == [("mention", acct(far))]


def test_followers_read_it_at_home(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    sends(far, far.activity("Accept", fern, asks(alice, far, fern, drain)), fern)
    drain()
    note = far.note(fern, "for all")
    announced = far.note(person_at(far, "ivy"), "of another")
    sends(far, create(far, note, fern), fern)
    sends(far, far.activity("Announce", fern, announced["id"], to=[PUBLIC]), fern)
    drain()

    home = alice.get("/api/v1/timelines/home").json
    assert {each["content"] for each in home} >= {"<p>for all</p>"}
    assert [each["reblog"]["uri"] for each in home if each["reblog"]] == [announced["id"]]


def test_what_concerns_nobody_here_is_not_stored(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    note = far.note(fern, "to nobody")

    assert sends(far, create(far, note, fern), fern).status == 202
    drain()

    assert accounts.find_by_nickname(acct(far)) is None


def test_a_reply_stands_below_what_it_answers(far: Peer, alice: Person, drain: Drain) -> None:
    fern, status = person_at(far), alice.posts("question")
    note = far.note(fern, "answer", inReplyTo=object_of(status), **to(alice))
    sends(far, create(far, note, fern), fern)
    drain()

    below = alice.get(f"/api/v1/statuses/{status['id']}/context").json["descendants"]
    assert [each["uri"] for each in below] == [note["id"]]


@pytest.mark.parametrize("owned", [True, False])
def test_a_direct_one_is_a_conversation(far: Peer, alice: Person, drain: Drain, owned: bool) -> None:
    fern = person_at(far)
    note = far.note(fern, "psst", **to(alice, public=False), cc=[])
    sends(far, create(far, note, fern), fern, "/users/alice/inbox" if owned else "/inbox")
    drain()

    assert [each["last_status"]["uri"] for each in alice.get("/api/v1/conversations").json] == [note["id"]]


def shown(person: Person, note: Document) -> dict[str, Any] | None:
    found = person.get("/api/v1/timelines/home").json
    return next((each for each in found if each["uri"] == note["id"]), None)


def test_an_edit_changes_it_unless_it_is_older(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    note = far.note(fern, "one", **to(alice))
    sends(far, create(far, note, fern), fern, "/inbox")
    drain()
    status = alice.get("/api/v1/notifications").json[0]["status"]
    for content, at in (("three", "2098-01-03T00:00:00Z"), ("two", "2098-01-02T00:00:00Z")):
        sends(far, far.activity("Update", fern, {**note, "content": content, "updated": at}), fern)
        drain()

    assert alice.get(f"/api/v1/statuses/{status['id']}").json["content"] == "three"


def test_nobody_edits_or_deletes_what_is_of_another_host(
        far: Peer, third: Peer, alice: Person, drain: Drain) -> None:
    fern, eve = person_at(far), third.actor("eve")
    note = far.note(fern, "mine", **to(alice))
    sends(far, create(far, note, fern), fern)
    sends(third, follow(third, eve, alice), eve)
    drain()
    for activity in (third.activity("Update", eve, {**note, "content": "yours"}),
                     third.activity("Update", eve, {**note, "attributedTo": eve["id"], "content": "yours"}),
                     third.activity("Delete", eve, note["id"]), third.activity("Delete", eve, fern["id"]),
                     third.activity("Delete", eve, {"id": note["id"], "type": "Tombstone"})):
        assert sends(third, activity, eve).status == 202
    drain()

    found = shown(alice, note)
    assert found is not None
    assert found["content"] == "<p>mine</p>"


@pytest.mark.parametrize("tombstone", [True, False])
def test_what_is_deleted_goes_and_does_not_come_back(far: Peer, alice: Person, drain: Drain, tombstone: bool) -> None:
    fern = person_at(far)
    note = far.note(fern, "oops", **to(alice))
    sends(far, create(far, note, fern), fern)
    drain()

    gone: Any = {"id": note["id"], "type": "Tombstone"} if tombstone else note["id"]
    sends(far, far.activity("Delete", fern, gone), fern)
    drain()
    sends(far, create(far, note, fern), fern)
    drain()

    assert shown(alice, note) is None
    assert told(alice) == []


def test_what_is_deleted_before_it_comes_is_left_out(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    sends(far, far.activity("Accept", fern, asks(alice, far, fern, drain)), fern)
    drain()
    note = far.note(fern, "never", **to(alice))

    sends(far, far.activity("Delete", fern, note["id"]), fern)
    drain()
    sends(far, create(far, note, fern), fern)
    drain()

    assert shown(alice, note) is None


def test_an_account_changes_its_profile_and_goes(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    sends(far, follow(far, fern, alice), fern)
    drain()
    sends(far, far.activity("Update", fern, {**fern, "name": "Fern the Second"}), fern)
    drain()
    known = accounts.find_by_nickname(acct(far))
    assert known is not None
    assert alice.get(f"/api/v1/accounts/{known.id}").json["display_name"] == "Fern the Second"

    sends(far, far.activity("Delete", fern, fern["id"]), fern)
    drain()

    assert followers(alice) == []
    sends(far, far.activity("Update", fern, fern), fern)
    sends(far, follow(far, fern, alice), fern)
    drain()
    assert followers(alice) == []


# What the other server hears of it.


def test_a_follow_is_accepted_under_the_name_that_it_has(far: Peer, alice: Person, drain: Drain) -> None:
    fern = person_at(far)
    for wanted in (follow(far, fern, alice), follow(far, fern, alice)):
        sends(far, wanted, fern)
        drain()
        answer = far.received[-1]
        assert (answer.json["type"], answer.json["actor"]) == ("Accept", uri(alice))
        assert answer.json["object"]["id"] == wanted["id"]


def test_a_request_is_rejected_under_the_name_that_it_has(far: Peer, alice: Person, drain: Drain) -> None:
    alice.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    fern = person_at(far)
    wanted = follow(far, fern, alice)
    sends(far, wanted, fern)
    drain()
    assert far.received == []
    asking = alice.get("/api/v1/follow_requests").json[0]["id"]

    alice.post(f"/api/v1/follow_requests/{asking}/reject")
    drain()

    assert [(each.json["type"], each.json["object"]["id"]) for each in far.received] == [("Reject", wanted["id"])]


def test_what_others_do_here_is_not_told_in_their_name(far: Peer, alice: Person, drain: Drain) -> None:
    fern, status = person_at(far), alice.posts("hello")
    sends(far, follow(far, fern, alice), fern)
    drain()
    far.asked.clear()
    done = [far.activity(type, fern, object_of(status), to=[PUBLIC]) for type in ("Like", "Announce")]
    note = far.note(fern, "hi", **to(alice))
    for activity in (*done, *(undo(far, each) for each in done), create(far, note, fern),
                     far.activity("Update", fern, {**note, "content": "two", "updated": "2098-01-01T00:00:00Z"}),
                     far.activity("Delete", fern, note["id"]), undo(far, follow(far, fern, alice)),
                     far.activity("Delete", fern, fern["id"])):
        sends(far, activity, fern)
        drain()

    assert [each.json["type"] for each in far.received] == []
