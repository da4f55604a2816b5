"""Following, unfollowing, and who follows whom."""

from __future__ import annotations

import pytest

from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update
from tests.endpoints.relationships.acting import BLANK, followed

NOT_FOUND = {"error": "Record not found"}
STRANGE_IDS = ["0", "x" * 5_000, "..%2F..", "%00", "bob", "é", "a b", "%F0%9F%94%A5"]


def test_a_follow_answers_the_relationship(alice, bob):
    assert followed(alice, bob) == {"id": bob.id, **BLANK, "following": True}
    assert bob.relationship(alice) == {"id": alice.id, **BLANK, "followed_by": True}


def test_a_follow_of_a_locked_account_answers_that_it_was_requested(cast, alice):
    bob = cast.person("bob", locked=True)

    assert followed(alice, bob) == {"id": bob.id, **BLANK, "requested": True}


def test_reblogs_are_hidden_and_shown_again(alice, bob):
    assert followed(alice, bob, reblogs="false")["showing_reblogs"] is False
    assert followed(alice, bob)["showing_reblogs"] is True
    assert alice.post(f"/api/v1/accounts/{bob.id}/follow", json={"reblogs": False}).json["showing_reblogs"] is False
    assert alice.post(f"/api/v1/accounts/{bob.id}/follow", json={"reblogs": None}).json["showing_reblogs"] is True


@pytest.mark.parametrize("reblogs", ["maybe", 1, [], {}, "yes"])
def test_reblogs_that_is_no_boolean_is_refused(alice, bob, reblogs):
    reply = alice.post(f"/api/v1/accounts/{bob.id}/follow", json={"reblogs": reblogs})

    assert reply.status == 400
    assert reply.json["error"].startswith("reblogs - Invalid boolean. Got: ")
    assert alice.relationship(bob)["following"] is False


def test_one_cannot_follow_oneself(alice):
    reply = alice.post(f"/api/v1/accounts/{alice.id}/follow")

    assert (reply.status, reply.json) == (400, {"error": "Can not follow yourself"})


def test_a_deactivated_account_rejects(alice, bob):
    update(Account.stub(bob.id, PROFILE), [Account.deactivated.set(True)])

    reply = alice.post(f"/api/v1/accounts/{bob.id}/follow")

    assert (reply.status, reply.json) == (403, {"error": "rejected"})


@pytest.mark.parametrize("locked", [False, True])
def test_whoever_is_tagged_for_it_rejects_new_follows_only(cast, alice, bob, carol, locked):
    bob.follows(alice)
    update(Account.stub(alice.id, PROFILE), [Account.tags.set(["mrf_tag:disable-any-subscription"]),
                                             Account.locked.set(locked)])

    reply = carol.post(f"/api/v1/accounts/{alice.id}/follow")

    assert (reply.status, reply.json) == (403, {"error": "rejected"})
    assert carol.relationship(alice)["requested"] is False
    assert carol.post("/api/v1/follows", {"uri": "alice"}).status == 403
    assert followed(bob, alice, reblogs="false")["showing_reblogs"] is False
    assert alice.account.followers_count == 1


def test_whoever_is_tagged_for_it_rejects_followers_of_other_servers(cast, alice, bob):
    dora = cast.person("dora", host="elsewhere.example")
    update(Account.stub(alice.id, PROFILE), [Account.tags.set(["mrf_tag:disable-remote-subscription"])])

    assert dora.post(f"/api/v1/accounts/{alice.id}/follow").status == 403
    assert followed(bob, alice)["following"] is True


@pytest.mark.parametrize("action", ["follow", "unfollow"])
@pytest.mark.parametrize("id", [*STRANGE_IDS, "BCgPj6v0EVJVZtuzdA"])
def test_an_unknown_account_is_not_found(alice, action, id):
    reply = alice.post(f"/api/v1/accounts/{id}/{action}")

    assert (reply.status, reply.json) == (404, NOT_FOUND)


def test_a_nickname_is_not_an_id(alice, bob):
    assert alice.post("/api/v1/accounts/bob/follow").status == 404


@pytest.mark.parametrize("action", ["follow", "unfollow"])
def test_the_scope_is_asked_for(cast, bob, action):
    reader = cast.person("reader", scopes="read")

    reply = reader.post(f"/api/v1/accounts/{bob.id}/{action}")

    assert (reply.status, reply.json) == (403, {"error": "Insufficient permissions: follow | write:follows."})


def test_nobody_follows_without_signing_in(anonymous, bob):
    reply = anonymous.post(f"/api/v1/accounts/{bob.id}/follow")

    assert (reply.status, reply.json) == (403, {"error": "Invalid credentials."})


def test_a_follow_fills_the_home_timeline_at_once(alice, bob, drain):
    posted = [bob.posts(f"number {number}")["id"] for number in range(3)]

    followed(alice, bob)

    assert alice.home() == list(reversed(posted))


def test_a_status_posted_after_the_follow_comes_home_once(alice, bob, drain):
    followed(alice, bob)
    status = bob.posts("hello")["id"]

    drain()

    assert alice.home() == [status]


def test_a_mention_stays_at_home_when_the_follow_ends(alice, bob, drain):
    bob.posts("to everybody")
    mention = bob.posts("@alice to you")["id"]
    followed(alice, bob)
    drain()

    alice.post(f"/api/v1/accounts/{bob.id}/unfollow")
    drain()

    assert alice.home() == [mention]


def test_a_follow_costs_three_rounds(alice, bob):
    for number in range(3):
        bob.posts(f"number {number}")

    reply = alice.post(f"/api/v1/accounts/{bob.id}/follow")

    assert (reply.rounds, reply.calls) == (3, 4)


def test_an_unfollow_answers_the_relationship(alice, bob):
    followed(alice, bob)

    reply = alice.post(f"/api/v1/accounts/{bob.id}/unfollow")

    assert (reply.status, reply.json) == (200, {"id": bob.id, **BLANK})
    assert (alice.account.following_count, bob.account.followers_count) == (0, 0)
    assert (reply.rounds, reply.calls) == (2, 2)


def test_who_is_not_followed_is_told_so(alice, bob):
    reply = alice.post(f"/api/v1/accounts/{bob.id}/unfollow")

    assert (reply.status, reply.json) == (400, {"error": "Not subscribed!"})


def test_one_cannot_unfollow_oneself(alice):
    reply = alice.post(f"/api/v1/accounts/{alice.id}/unfollow")

    assert (reply.status, reply.json) == (400, {"error": "Can not unfollow yourself"})


def test_statuses_leave_home_with_the_unfollow(alice, bob):
    bob.posts("hello")
    followed(alice, bob)

    alice.post(f"/api/v1/accounts/{bob.id}/unfollow")

    assert alice.home() == []


def test_follow_and_unfollow_of_one_account_share_a_limit(alice, bob, carol, setting):
    setting(rate_limits=True)
    statuses = [alice.post(f"/api/v1/accounts/{bob.id}/{action}").status for action in ("follow", "unfollow", "follow")]

    assert statuses == [200, 200, 429]
    assert alice.post(f"/api/v1/accounts/{carol.id}/follow").status == 200


@pytest.mark.parametrize("uri", ["bob", "BOB", "bob@kenoma.test", "bob@KENOMA.test"])
def test_an_account_is_followed_by_name(alice, bob, uri):
    reply = alice.post("/api/v1/follows", form={"uri": uri})

    assert (reply.status, reply.json) == (200, {"id": bob.id, **BLANK, "following": True})


@pytest.mark.parametrize("uri", ["nobody", "bob@elsewhere.example", "", "@", "https://[", "x" * 9_000])
def test_an_unknown_name_is_not_found(alice, bob, uri):
    reply = alice.post("/api/v1/follows", form={"uri": uri})

    assert (reply.status, reply.json) == (404, NOT_FOUND)


def test_a_name_is_needed(alice):
    reply = alice.post("/api/v1/follows")

    assert reply.status == 400
    assert reply.json["error"] == "Missing field: uri."


def test_followers_are_listed_newest_account_first(cast, alice, anonymous):
    people = cast.people(5)
    for person in people:
        followed(person, alice)

    reply = anonymous.get(f"/api/v1/accounts/{alice.id}/followers")

    assert [each["id"] for each in reply.json] == [each.id for each in reversed(people)]
    assert [each["pleroma"]["relationship"] for each in reply.json] == [{}] * 5


def test_followed_accounts_are_paged_by_account_id(cast, alice):
    people = cast.people(5)
    for person in people:
        followed(alice, person)
    ids = [each.id for each in people]

    first = alice.get(f"/api/v1/accounts/{alice.id}/following", {"limit": 2})
    second = alice.get(f"/api/v1/accounts/{alice.id}/following", first.links()["next"])
    back = alice.get(f"/api/v1/accounts/{alice.id}/following", second.links()["prev"])
    since = alice.get(f"/api/v1/accounts/{alice.id}/following", {"since_id": ids[0], "max_id": ids[3]})

    assert [each["id"] for each in first.json] == [ids[4], ids[3]]
    assert [each["id"] for each in second.json] == [ids[2], ids[1]]
    assert [each["id"] for each in back.json] == [ids[4], ids[3]]
    assert [each["id"] for each in since.json] == [ids[2], ids[1]]


def test_pending_and_deactivated_accounts_are_not_listed(cast, alice):
    pending, gone, stays = cast.person("pending", locked=True), cast.person("gone"), cast.person("stays")
    for person in (pending, gone, stays):
        followed(alice, person)
    update(Account.stub(gone.id, PROFILE), [Account.deactivated.set(True)])

    listed = alice.get(f"/api/v1/accounts/{alice.id}/following").json

    assert [each["id"] for each in listed] == [stays.id]


def test_a_page_emptied_of_deactivated_accounts_is_filled_from_behind(cast, alice):
    people = cast.people(4)
    for person in people:
        followed(alice, person)
    for person in people[2:]:
        update(Account.stub(person.id, PROFILE), [Account.deactivated.set(True)])

    listed = alice.get(f"/api/v1/accounts/{alice.id}/following", {"limit": 2}).json

    assert [each["id"] for each in listed] == [people[1].id, people[0].id]


@pytest.mark.parametrize(("tab", "switch"), [("followers", "hide_followers"), ("following", "hide_follows")])
def test_a_hidden_list_is_for_its_owner(alice, bob, anonymous, tab, switch):
    followed(alice, bob)
    followed(bob, alice)
    update(Account.stub(bob.id, PROFILE), [Account.doc.set({switch: True})])

    assert alice.get(f"/api/v1/accounts/{bob.id}/{tab}").json == []
    assert anonymous.get(f"/api/v1/accounts/{bob.id}/{tab}").json == []
    assert [each["id"] for each in bob.get(f"/api/v1/accounts/{bob.id}/{tab}").json] == [alice.id]


def test_relationships_are_embedded_on_request(alice, bob, carol):
    followed(alice, bob)
    followed(carol, bob)

    listed = alice.get(f"/api/v1/accounts/{bob.id}/followers", {"with_relationships": "true"}).json

    assert [each["pleroma"]["relationship"]["id"] for each in listed] == [carol.id, alice.id]


@pytest.mark.parametrize("tab", ["followers", "following"])
@pytest.mark.parametrize("id", [*STRANGE_IDS, "BCgPj6v0EVJVZtuzdA"])
def test_lists_of_an_unknown_account_are_not_found(alice, tab, id):
    reply = alice.get(f"/api/v1/accounts/{id}/{tab}")

    assert (reply.status, reply.json) == (404, NOT_FOUND)


def test_a_page_of_forty_followers_costs_what_two_cost(cast, alice, bob):
    for person in cast.people(40):
        followed(person, alice)

    two = alice.get(f"/api/v1/accounts/{alice.id}/followers", {"limit": 2})
    forty = alice.get(f"/api/v1/accounts/{alice.id}/followers", {"limit": 40})
    of_another = bob.get(f"/api/v1/accounts/{alice.id}/followers", {"limit": 40})

    assert len(forty.json) == 40
    assert two.rounds == forty.rounds == of_another.rounds == 3
