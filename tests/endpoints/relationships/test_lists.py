"""Lists, their timelines, and statuses for a list."""

import pytest


@pytest.fixture
def friends(alice):
    return alice.post("/api/v1/lists", form={"title": "friends"}).json["id"]


def puts(alice, list_id, *people):
    reply = alice.post(f"/api/v1/lists/{list_id}/accounts", form={"account_ids": [person.id for person in people]})
    assert (reply.status, reply.json) == (200, {})


def ids(reply):
    return [each["id"] for each in reply.json]


def timeline(alice, list_id, **params):
    return ids(alice.get(f"/api/v1/timelines/list/{list_id}", params))


def test_a_list_is_made_shown_renamed_and_deleted(alice):
    made = alice.post("/api/v1/lists", json={"title": "friends"})
    path = f"/api/v1/lists/{made.json['id']}"

    assert (made.status, made.json) == (200, {
        "id": made.json["id"], "title": "friends", "replies_policy": "list", "exclusive": False})
    assert alice.get(path).json == made.json
    assert alice.put(path, form={"title": "foes"}).json["title"] == "foes"
    assert alice.get(path).json["title"] == "foes"
    assert (alice.delete(path).json, alice.get(path).status) == ({}, 404)


def test_lists_are_newest_first(alice, bob):
    made = [alice.post("/api/v1/lists", form={"title": title}).json["id"] for title in "abc"]
    bob.post("/api/v1/lists", form={"title": "bob's"})

    assert ids(alice.get("/api/v1/lists")) == made[::-1]


@pytest.mark.parametrize(("sent", "status", "error"), [
    ({}, 400, "Missing field: title."), ({"title": None}, 400, "title - null value where string expected."),
    ({"title": ""}, 422, "can't be blank"), ({"title": "  "}, 422, "can't be blank"),
])
def test_a_title_is_needed(alice, friends, sent, status, error):
    for reply in (alice.post("/api/v1/lists", json=sent), alice.put(f"/api/v1/lists/{friends}", json=sent)):
        assert (reply.status, reply.json["error"]) == (status, error)


@pytest.mark.parametrize(("method", "below"), [
    ("get", ""), ("put", ""), ("delete", ""), ("get", "/accounts"), ("post", "/accounts"), ("delete", "/accounts"),
])
def test_somebody_elses_list_is_not_found(bob, friends, method, below):
    for id in (friends, "0", "0" * 18):
        reply = getattr(bob, method)(f"/api/v1/lists/{id}{below}", json={"title": "x", "account_ids": ["x"]})
        assert (reply.status, reply.json) == (404, {"error": "List not found"})


def test_members_come_and_go(alice, bob, carol, friends):
    puts(alice, friends, bob, carol, bob)
    alice.post(f"/api/v1/lists/{friends}/accounts", json={"account_ids": ["unknown", "0" * 18]})
    path = f"/api/v1/lists/{friends}/accounts"

    assert ids(alice.get(path)) == [carol.id, bob.id]
    assert alice.request("DELETE", path, json={"account_ids": [bob.id]}).json == {}
    assert ids(alice.get(path)) == [carol.id]
    assert alice.delete(path, {"account_ids": [carol.id]}).json == {}
    assert ids(alice.get(path)) == []
    assert alice.post(path).json["error"] == "Missing field: account_ids."


def test_the_lists_that_hold_an_account(alice, bob, carol, friends):
    other = alice.post("/api/v1/lists", form={"title": "other"}).json["id"]
    puts(alice, friends, bob)
    puts(alice, other, bob)

    assert ids(alice.get(f"/api/v1/accounts/{bob.id}/lists")) == [other, friends]
    assert ids(alice.get(f"/api/v1/accounts/{carol.id}/lists")) == []
    assert alice.get("/api/v1/accounts/unknown/lists").json == {"error": "Record not found"}


def test_a_lists_timeline_holds_its_members_originals(alice, bob, carol, friends, drain):
    puts(alice, friends, bob)
    public, unlisted = bob.posts("p")["id"], bob.posts("u", visibility="unlisted")["id"]
    bob.posts("f", visibility="private")
    bob.posts("@alice", visibility="direct")
    bob.post(f"/api/v1/statuses/{carol.posts('x')['id']}/reblog")
    drain()

    assert timeline(alice, friends) == [unlisted, public]
    assert timeline(alice, friends, limit=1, max_id=unlisted) == [public]
    assert "link" in alice.get(f"/api/v1/timelines/list/{friends}").headers


def test_private_statuses_of_members_one_follows_are_on_it(alice, bob, friends, drain):
    puts(alice, friends, bob)
    alice.follows(bob)
    private = bob.posts("f", visibility="private")["id"]
    drain()

    assert timeline(alice, friends) == [private]


def test_a_new_member_brings_statuses_and_takes_them_away(alice, bob, friends, drain):
    earlier = bob.posts("before")["id"]
    drain()

    puts(alice, friends, bob)
    assert timeline(alice, friends) == [earlier]
    alice.delete(f"/api/v1/lists/{friends}/accounts", {"account_ids": [bob.id]})
    assert timeline(alice, friends) == []


def test_an_unknown_lists_timeline_is_an_error(alice, bob, friends):
    for viewer, id in ((alice, "unknown"), (bob, friends)):
        reply = viewer.get(f"/api/v1/timelines/list/{id}")
        assert (reply.status, reply.json) == (403, {"error": "Error."})


def test_a_lists_timeline_costs_the_same_for_two_and_forty(alice, bob, friends, drain):
    puts(alice, friends, bob)
    for number in range(42):
        bob.posts(f"{number}")
    drain()

    two, forty = (alice.get(f"/api/v1/timelines/list/{friends}", {"limit": limit}) for limit in (2, 40))

    assert len(forty.json) == 40
    assert two.rounds == forty.rounds == 5
    assert forty.calls == two.calls


def test_a_status_for_a_list_is_for_its_present_members(alice, bob, carol, friends, drain):
    puts(alice, friends, bob)
    status = alice.posts("to my friends", visibility=f"list:{friends}")
    drain()
    path = f"/api/v1/statuses/{status['id']}"

    assert status["visibility"] == "list"
    assert bob.home() == [status["id"]]
    assert bob.get(path).json["visibility"] == "list"
    assert carol.get(path).status == 404
    assert ids(bob.get(f"/api/v1/accounts/{alice.id}/statuses")) == [status["id"]]
    assert ids(carol.get(f"/api/v1/accounts/{alice.id}/statuses")) == []
    assert ids(alice.get("/api/v1/timelines/direct")) == [status["id"]]
    assert alice.account.statuses_count == 0

    alice.delete(f"/api/v1/lists/{friends}/accounts", {"account_ids": [bob.id]})
    assert bob.get(path).status == 404
    assert bob.home() == []
    puts(alice, friends, carol)
    assert carol.get(path).status == 200


def test_a_status_for_a_list_addresses_whom_it_mentions(alice, bob, carol, friends):
    status = alice.posts("@carol look", visibility=f"list:{friends}")

    assert carol.get(f"/api/v1/statuses/{status['id']}").status == 200
    assert bob.get(f"/api/v1/statuses/{status['id']}").status == 404


def test_a_reply_to_a_list_status_is_direct(alice, bob, friends):
    puts(alice, friends, bob)
    status = alice.posts("x", visibility=f"list:{friends}")

    assert bob.posts("@alice yes", in_reply_to_id=status["id"])["visibility"] == "direct"


def test_a_status_for_a_list_can_be_liked_and_not_reblogged(alice, bob, friends):
    puts(alice, friends, bob)
    id = alice.posts("x", visibility=f"list:{friends}")["id"]

    assert bob.post(f"/api/v1/statuses/{id}/favourite").status == 200
    for person in (alice, bob):
        assert person.post(f"/api/v1/statuses/{id}/reblog").status == 404


@pytest.mark.parametrize("visibility", ["list:", "list:unknown", "list:" + "0" * 18])
def test_a_status_for_no_list_of_ones_own_is_refused(bob, friends, visibility):
    for wanted in (visibility, f"list:{friends}"):
        reply = bob.post("/api/v1/statuses", json={"status": "x", "visibility": wanted})
        assert (reply.status, reply.json) == (404, {"error": "List not found"})
    assert bob.home() == []


def test_a_deleted_lists_statuses_are_for_nobody_else(alice, bob, friends):
    puts(alice, friends, bob)
    id = alice.posts("x", visibility=f"list:{friends}")["id"]

    alice.delete(f"/api/v1/lists/{friends}")

    assert bob.get(f"/api/v1/statuses/{id}").status == 404
    assert alice.get(f"/api/v1/statuses/{id}").status == 200


def test_lists_need_their_scopes(cast, anonymous):
    nobody = cast.person("reader", scopes="write:statuses")

    assert nobody.get("/api/v1/lists").json == {"error": "Insufficient permissions: read:lists."}
    assert nobody.post("/api/v1/lists", form={"title": "x"}).json == {
        "error": "Insufficient permissions: write:lists."}
    assert anonymous.get("/api/v1/lists").json == {"error": "Invalid credentials."}


# What newer clients know of lists.


def listed(person, id, **params):
    return [each["acct"] for each in person.get(f"/api/v1/lists/{id}/accounts", params).json]


def test_a_list_may_be_exclusive_and_have_a_policy(alice):
    made = alice.post("/api/v1/lists", json={"title": "x", "replies_policy": "none", "exclusive": True}).json
    path = f"/api/v1/lists/{made['id']}"

    assert (made["replies_policy"], made["exclusive"]) == ("none", True)
    assert alice.put(path, form={"title": "y"}).json == {**made, "title": "y"}
    changed = alice.put(path, form={"title": "y", "replies_policy": "followed", "exclusive": "false"}).json
    assert (changed["replies_policy"], changed["exclusive"]) == ("followed", False)
    assert alice.get(path).json == alice.get("/api/v1/lists").json[0] == changed
    refused = alice.put(path, json={"title": "y", "replies_policy": "all"})
    assert (refused.status, alice.get(path).json) == (422, changed)


def test_members_of_an_exclusive_list_are_not_at_home(alice, bob, carol, friends, drain):
    for person in (bob, carol):
        alice.follows(person)
    path = f"/api/v1/lists/{friends}"
    alice.post(f"{path}/accounts", json={"account_ids": [bob.id, alice.id]})
    status, other = bob.posts("hello")["id"], carol.posts("hello")["id"]
    passed_on = bob.post(f"/api/v1/statuses/{other}/reblog").json["id"]
    named, own = bob.posts("@alice hello")["id"], alice.posts("mine")["id"]
    drain()
    everything = [own, named, passed_on, other, status]
    assert alice.home() == everything

    alice.put(path, json={"title": "friends", "exclusive": True})
    assert alice.home() == [own, other]
    assert alice.get(f"/api/v1/timelines/list/{friends}").json[-1]["id"] == status
    alice.post(f"{path}/accounts", json={"account_ids": [carol.id]})
    assert alice.home() == [own]
    alice.delete(f"{path}/accounts", {"account_ids": [bob.id]})
    assert alice.home() == [own, named, passed_on, status]
    alice.put(path, json={"title": "friends", "exclusive": False})
    assert alice.home() == everything


def test_whoever_is_on_two_exclusive_lists_comes_home_with_the_last_of_them(alice, bob, friends, drain):
    alice.follows(bob)
    other = alice.post("/api/v1/lists", json={"title": "other", "exclusive": True}).json["id"]
    alice.put(f"/api/v1/lists/{friends}", json={"title": "friends", "exclusive": True})
    for id in (friends, other):
        alice.post(f"/api/v1/lists/{id}/accounts", json={"account_ids": [bob.id]})
    status = bob.posts("hello")["id"]
    drain()

    alice.delete(f"/api/v1/lists/{other}")
    assert alice.home() == []
    alice.delete(f"/api/v1/lists/{friends}")
    assert alice.home() == [status]


def test_a_lists_timeline_has_the_replies_that_its_policy_wants(alice, bob, carol, cast, friends, drain):
    dora, eve = cast.person("dora"), cast.person("eve")
    alice.follows(dora)
    alice.post(f"/api/v1/lists/{friends}/accounts", json={"account_ids": [bob.id, carol.id]})
    ids = {}
    for person in (alice, carol, dora, eve, bob):
        parent = person.posts("a question")["id"]
        ids[person.nickname] = bob.posts("an answer", in_reply_to_id=parent)["id"]
    drain()
    answers = {id: name for name, id in ids.items()}

    def shown(policy):
        alice.put(f"/api/v1/lists/{friends}", json={"title": "friends", "replies_policy": policy})
        reply = alice.get(f"/api/v1/timelines/list/{friends}")
        return {answers[each["id"]] for each in reply.json if each["id"] in answers}

    assert shown("list") == {"alice", "carol", "bob"}
    assert shown("followed") == {"alice", "dora", "bob"}
    assert shown("none") == {"alice", "bob"}


def test_members_are_all_there_or_page_by_page(alice, bob, carol, friends):
    alice.post(f"/api/v1/lists/{friends}/accounts", json={"account_ids": [alice.id, bob.id, carol.id]})

    assert listed(alice, friends) == listed(alice, friends, limit=0) == ["carol", "bob", "alice"]
    page = alice.get(f"/api/v1/lists/{friends}/accounts", {"limit": 2})
    assert [each["acct"] for each in page.json] == ["carol", "bob"]
    assert listed(alice, friends, **page.links()["next"]) == ["alice"]
