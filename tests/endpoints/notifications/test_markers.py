"""Markers: how far somebody has read."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

PATH = "/api/v1/markers"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z")


def marker(person):
    return person.get(PATH, {"timeline": ["notifications"]}).json.get("notifications")


def ids(person):
    return [each["id"] for each in person.get("/api/v1/notifications").json]


def reads(person, **what):
    assert person.post("/api/v1/pleroma/notifications/read", form=what).status == 200


def test_nothing_asked_is_nothing_answered(alice, bob):
    bob.posts("@alice hello")

    assert alice.get(PATH).json == {}
    assert alice.post(PATH, json={}).json == {}


def test_what_was_never_marked_is_absent(alice):
    assert alice.get(PATH, {"timeline": ["home", "notifications"]}).json == {}


@pytest.mark.parametrize("how", ["json", "form"])
def test_a_marker_is_kept(alice, how):
    body = {"json": {"notifications": {"last_read_id": "69420"}}, "form": {"notifications[last_read_id]": "69420"}}

    shown = alice.post(PATH, **{how: body[how]}).json

    assert alice.get(PATH, {"timeline": ["notifications"]}).json == shown
    updated_at = shown["notifications"].pop("updated_at")
    assert shown == {"notifications": {"last_read_id": "69420", "version": 0, "pleroma": {"unread_count": 0}}}
    assert TIME.fullmatch(updated_at)


def test_home_is_kept_beside_it(alice):
    alice.post(PATH, json={"home": {"last_read_id": "1"}, "notifications": {"last_read_id": "2"}})
    alice.post(PATH, json={"home": {"last_read_id": "3"}})

    shown = alice.get(PATH, {"timeline": ["home", "notifications"]}).json

    assert {name: each["last_read_id"] for name, each in shown.items()} == {"home": "3", "notifications": "2"}
    assert list(alice.get(PATH, {"timeline": ["home"]}).json) == ["home"]


def test_unknown_timelines_are_ignored(alice):
    alice.post(PATH, json={"home": {"last_read_id": "1"}, "moon": {"last_read_id": "2"}})

    assert list(alice.get(PATH, {"timeline": ["home", "moon"]}).json) == ["home"]


@pytest.mark.parametrize("id", [None, "", " ", "9" * 65])
def test_an_id_must_be_one(alice, id):
    assert alice.post(PATH, json={"notifications": {"last_read_id": id}}).status == 422
    assert marker(alice) is None


def test_unread_are_counted_of_all_types(alice, bob, carol):
    bob.posts("@alice hello")
    carol.follows(alice)
    carol.reacts(alice.posts("hello")["id"], "😀")

    assert marker(alice)["pleroma"]["unread_count"] == 3


def test_it_comes_into_being_with_the_first_notification(alice, bob):
    bob.posts("@alice hello")

    shown = marker(alice)

    assert shown["last_read_id"] == ""
    assert TIME.fullmatch(shown["updated_at"])


def test_without_ever_being_moved_it_is_at_the_newest_read(alice, bob, carol):
    alice.post(f"/api/v1/accounts/{carol.id}/mute", form={"notifications": False})
    bob.posts("@alice one")
    carol.posts("@alice two")  # read from the start
    bob.posts("@alice three")

    assert marker(alice)["last_read_id"] == ids(alice)[1]


@pytest.mark.parametrize("how", ["id", "max_id"])
def test_reading_moves_it_onwards_only(alice, bob, how):
    for text in ("one", "two", "three"):
        bob.posts(f"@alice {text}")
    newest, middle, oldest = ids(alice)

    reads(alice, **{how: middle})
    assert marker(alice)["last_read_id"] == middle
    assert marker(alice)["pleroma"]["unread_count"] == (2 if how == "id" else 1)
    reads(alice, id=oldest)
    assert marker(alice)["last_read_id"] == middle
    reads(alice, **{how: newest})
    assert marker(alice)["last_read_id"] == newest


def test_moving_it_reads_nothing(alice, bob):
    bob.posts("@alice hello")
    (id,) = ids(alice)

    reply = alice.post(PATH, json={"notifications": {"last_read_id": id}})

    assert reply.json["notifications"]["pleroma"]["unread_count"] == 1
    assert alice.get(f"/api/v1/notifications/{id}").json["pleroma"]["is_seen"] is False


def test_what_a_client_has_set_stays_until_something_is_read(alice, bob):
    bob.posts("@alice one")
    alice.post(PATH, json={"notifications": {"last_read_id": "7"}})
    bob.posts("@alice two")
    assert marker(alice)["last_read_id"] == "7"

    reads(alice, max_id=ids(alice)[0])

    assert marker(alice)["last_read_id"] == ids(alice)[0]


@pytest.mark.parametrize("how", ["json", "form"])
def test_who_knows_an_older_version_is_refused_and_changes_nothing(alice, how):
    def sends(version, id="9"):
        body = {"json": {"home": {"last_read_id": id, "version": version}},
                "form": {"home[last_read_id]": id, "home[version]": str(version)}}
        return alice.post(PATH, **{how: body[how]})

    assert [sends(version).json["home"]["version"] for version in (0, 0, 1)] == [0, 1, 2]
    before = alice.get(PATH, {"timeline": ["home"]}).json
    reply = sends(1, "10")

    assert (reply.status, reply.json) == (409, {"error": "Conflict during update, please try again"})
    assert alice.get(PATH, {"timeline": ["home"]}).json == before
    assert sends(2, "10").json["home"]["version"] == 3
    assert alice.post(PATH, json={"home": {"last_read_id": "11"}}).json["home"]["version"] == 4


def test_a_conflict_of_one_timeline_leaves_the_other_too(alice):
    both = {"home": {"last_read_id": "1"}, "notifications": {"last_read_id": "1"}}
    for _ in range(2):
        alice.post(PATH, json=both)

    reply = alice.post(PATH, json={"home": {"last_read_id": "2"}, "notifications": {"last_read_id": "2", "version": 0}})

    assert reply.status == 409
    assert alice.get(PATH, {"timeline": ["home"]}).json["home"]["last_read_id"] == "1"


def test_reading_counts_the_version_up(alice, bob):
    bob.posts("@alice one")
    alice.post(PATH, json={"notifications": {"last_read_id": "7"}})

    reads(alice, max_id=ids(alice)[0])

    assert marker(alice)["version"] == 1
    assert alice.post(PATH, json={"notifications": {"last_read_id": "8", "version": 0}}).status == 409


def test_of_many_at_once_who_know_the_same_version_one_is_heard(alice):
    sent = {"home": {"last_read_id": "1", "version": 0}}
    alice.post(PATH, json=sent)
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: alice.post(PATH, json=sent).status, range(4)))

    assert sorted(replies) == [200, 409, 409, 409]


def test_they_need_a_user_and_a_scope(cast, alice, anonymous):
    narrow = cast.signs_in(alice.account, "read:notifications")

    assert anonymous.get(PATH).json == anonymous.post(PATH).json == {"error": "Invalid credentials."}
    assert narrow.get(PATH).json == {"error": "Insufficient permissions: read:statuses."}
    assert narrow.post(PATH).json == {"error": "Insufficient permissions: write:statuses."}


def test_markers_cost_few_calls(alice, bob):
    bob.posts("@alice hello")

    asked = alice.get(PATH, {"timeline": ["home", "notifications"]})
    put = alice.post(PATH, json={"home": {"last_read_id": "1"}})
    again = alice.get(PATH, {"timeline": ["home"]})

    assert (asked.calls, asked.rounds) == (3, 2), "the token with the state, the newest, the count"
    assert (put.calls, put.rounds) == (2, 2)
    assert (again.calls, again.rounds) == (1, 1)
