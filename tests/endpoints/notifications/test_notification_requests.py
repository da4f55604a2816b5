"""Notification requests: whom they are of, accepting and dismissing them."""

import pytest

from chalicelib.store.notifications import requests as store
from tests.endpoints.notifications.telling import becomes, ids, listed, rows, types

PATH = "/api/v1/notifications/requests"
POLICY = "/api/v2/notifications/policy"


@pytest.fixture
def alice(alice):
    """Alice holds back what comes from accounts that she does not follow."""
    assert alice.request("PATCH", POLICY, json={"for_not_following": "filter"}).status == 200
    return alice


def requests(person, **params):
    reply = person.get(PATH, params)
    assert reply.status == 200, reply.body
    return reply.json


def summary(person):
    shown = person.get(POLICY).json["summary"]
    return shown["pending_requests_count"], shown["pending_notifications_count"]


def test_a_request_has_these_keys(alice, bob):
    mine = alice.posts("mine")["id"]
    first = bob.posts("@alice hello")["id"]
    bob.post(f"/api/v1/statuses/{mine}/favourite")

    [shown] = requests(alice)

    assert shown.keys() == {"id", "created_at", "updated_at", "account", "notifications_count", "last_status"}
    assert (shown["account"]["id"], shown["notifications_count"], shown["last_status"]["id"]) == (bob.id, "2", first)
    assert shown["id"].isdigit()
    assert shown["updated_at"] >= shown["created_at"]
    assert alice.get(f"{PATH}/{shown['id']}").json == shown
    assert summary(alice) == (1, 2)


def test_who_wrote_nothing_has_no_last_status(alice, bob):
    bob.post(f"/api/v1/statuses/{alice.posts('mine')['id']}/favourite")

    [shown] = requests(alice)

    assert "last_status" not in shown


def test_a_last_status_that_is_gone_is_not_shown(alice, bob):
    status = bob.posts("@alice hello")["id"]
    bob.delete(f"/api/v1/statuses/{status}")

    [shown] = requests(alice)

    assert "last_status" not in shown


def test_requests_come_in_pages_newest_first_at_one_cost(alice, cast):
    people = cast.people(5)
    for person in people[:2]:
        person.posts("@alice hello")
    two = alice.get(PATH)
    for person in people[2:]:
        person.posts("@alice hello")
    five = alice.get(PATH)

    assert [each["account"]["id"] for each in five.json] == [person.id for person in reversed(people)]
    assert (two.calls, two.rounds) == (five.calls, five.rounds) == (3, 3)
    first = alice.get(PATH, {"limit": 3})
    second = alice.get(PATH, first.links()["next"])
    assert first.json + second.json == five.json
    assert requests(alice, since_id=five.json[1]["id"]) == five.json[:1]
    assert requests(alice, min_id=five.json[4]["id"], limit=1) == five.json[3:4]


def test_hidden_accounts_have_no_requests(alice, bob, carol):
    for person in (bob, carol):
        person.posts("@alice hello")
    alice.post(f"/api/v1/accounts/{bob.id}/block")
    becomes(carol, deactivated=True)

    assert requests(alice) == []
    assert summary(alice)[0] == 1


def test_an_accepted_account_passes_from_then_on(alice, bob, drain):
    status = alice.posts("mine")["id"]
    bob.posts("@alice hello")
    bob.post(f"/api/v1/statuses/{status}/favourite")
    [request] = requests(alice)

    assert alice.post(f"{PATH}/{request['id']}/accept").json == {}
    assert alice.get(f"{PATH}/merged").json == {"merged": False}
    drain()

    assert alice.get(f"{PATH}/merged").json == {"merged": True}
    assert sorted(types(alice)) == ["favourite", "mention"]
    assert types(alice, types=["favourite"]) == ["favourite"]
    assert all("filtered" not in each for each in listed(alice))
    assert (requests(alice), summary(alice)) == ([], (0, 0))
    bob.posts("@alice again")
    assert types(alice)[0] == "mention"
    assert len(listed(alice)) == 3


def test_a_dismissed_request_is_gone_and_another_may_come(alice, bob, drain):
    bob.posts("@alice hello")
    [request] = requests(alice)

    assert alice.post(f"{PATH}/{request['id']}/dismiss").json == {}
    bob.posts("@alice again")
    drain()

    [later] = requests(alice)
    assert later["notifications_count"] == "1"
    assert later["id"] != request["id"]
    assert types(alice) == []
    assert len(listed(alice, include_filtered=True)) == 1


@pytest.mark.parametrize("verb", ["accept", "dismiss"])
@pytest.mark.parametrize("sent", [{}, {"id": []}])
def test_none_are_none(alice, verb, sent):
    reply = alice.post(f"{PATH}/{verb}", json=sent)

    assert (reply.status, reply.json) == (200, {})


@pytest.mark.parametrize("verb", ["accept", "dismiss"])
def test_several_are_decided_at_once(alice, cast, drain, verb):
    people = cast.people(3)
    for person in people:
        person.posts("@alice hello")
    wanted = [each["id"] for each in requests(alice)]

    reply = alice.post(f"{PATH}/{verb}", json={"id": [*wanted[:2], "1", "unknown"]})
    drain()

    assert (reply.status, reply.json) == (200, {})
    assert [each["id"] for each in requests(alice)] == wanted[2:]
    assert len(types(alice)) == (2 if verb == "accept" else 0)


def test_many_notifications_are_released_step_by_step(alice, bob, drain, monkeypatch):
    monkeypatch.setattr(store, "AT_ONCE", 2)
    for number in range(5):
        bob.posts(f"@alice {number}")
    [request] = requests(alice)

    alice.post(f"{PATH}/accept", json={"id": request["id"]})
    drain()

    assert len(ids(alice)) == 5


@pytest.mark.parametrize("id", ["1", "unknown-id", "9" * 40, "%00"])
def test_unknown_requests_are_not_found(alice, bob, id):
    bob.posts("@alice hello")
    before = requests(alice)

    assert alice.post(f"{PATH}/{id}/accept").status == 404
    assert alice.post(f"{PATH}/{id}/dismiss").status == 404
    assert alice.get(f"{PATH}/{id}").status == 404
    assert requests(alice) == before


def test_nobody_decides_for_another(alice, bob, carol):
    bob.posts("@alice hello")
    [request] = requests(alice)

    assert carol.get(f"{PATH}/{request['id']}").status == 404
    assert carol.post(f"{PATH}/{request['id']}/accept").status == 404
    assert requests(carol) == []
    assert len(requests(alice)) == 1


def test_clearing_takes_requests_along(alice, bob):
    bob.posts("@alice hello")
    alice.post("/api/v1/notifications/clear")

    assert (requests(alice), rows(alice)) == ([], [])


def test_requests_need_their_scopes(cast):
    reader, writer = cast.person("reader", scopes="read"), cast.person("writer", scopes="write")

    assert writer.get(PATH).status == 403
    assert reader.post(f"{PATH}/accept", json={"id": ["1"]}).status == 403


def test_many_addressed_are_held_back_once(alice, bob, cast, drain):
    others = cast.people(16)
    text = " ".join(f"@{each.nickname}" for each in [*others, alice])
    from chalicelib.domain.statuses import fan_out
    from chalicelib.queues.statuses import Deliver

    id = bob.posts(f"{text} hello")["id"]
    drain()
    fan_out.deliver([Deliver(id, bob.id)])

    [shown] = requests(alice)
    assert shown["notifications_count"] == "1"


def test_a_follow_by_a_list_is_held_back_too(alice, bob, drain):
    bob.post("/api/pleroma/follow_import", json={"list": "alice"})
    drain()

    [shown] = requests(alice)
    assert (shown["account"]["id"], types(alice)) == (bob.id, [])
