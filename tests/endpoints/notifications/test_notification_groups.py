"""Notifications in groups: how they are folded, counted, shown, dismissed."""

import time

import pytest

from chalicelib.domain.notifications import groups as reading_groups
from chalicelib.ids import flake_at, new_flake
from chalicelib.store.dynamo.table import write_batch
from chalicelib.store.notifications import notifications, reading
from chalicelib.store.notifications.notifications import Notice
from tests.endpoints.notifications.telling import becomes, listed, rows

PATH = "/api/v2/notifications"
HALF_DAY = 43_200


def page(person, **params):
    reply = person.get(PATH, params)
    assert reply.status == 200, reply.body
    return reply.json


def groups(person, **params):
    return page(person, **params)["notification_groups"]


def sizes(shown):
    return [(each["type"], each["notifications_count"]) for each in shown]


def favourites(person, status_id, people, *, start=None, type="favourite", **more):
    """Write notifications of one status directly into the table, a millisecond apart."""
    start = half_day() if start is None else start
    made = [notifications.row(Notice(person.id, type, flake_at(int(start * 1000) + place), by.id, status_id, **more))
            for place, by in enumerate(people)]
    write_batch(puts=made)
    return [str(int(row.id)) for row in made]


def half_day(ago=1):
    """When a half of a day began, some before the present one."""
    return (int(time.time()) // HALF_DAY - ago) * HALF_DAY


def test_what_several_did_to_one_status_is_a_group(alice, bob, carol):
    first, second = alice.posts("one")["id"], alice.posts("two")["id"]
    for person in (bob, carol):
        person.post(f"/api/v1/statuses/{first}/favourite")
    carol.post(f"/api/v1/statuses/{second}/favourite")

    shown = page(alice)

    newest, older = shown["notification_groups"]
    assert (newest["status_id"], newest["notifications_count"]) == (second, 1)
    assert (older["status_id"], older["notifications_count"], older["type"]) == (first, 2, "favourite")
    assert older["sample_account_ids"] == [carol.id, bob.id]
    assert {each["id"] for each in shown["accounts"]} == {bob.id, carol.id}
    assert {each["id"] for each in shown["statuses"]} == {first, second}
    assert (len(shown["accounts"]), len(shown["statuses"])) == (2, 2)
    assert "partial_accounts" not in shown


def test_a_group_has_these_keys(alice, bob, carol):
    status = alice.posts("hello")["id"]
    for person in (bob, carol):
        person.post(f"/api/v1/statuses/{status}/favourite")
    newest, older = (each["id"] for each in listed(alice))

    [group] = groups(alice)

    assert group.keys() == {"group_key", "notifications_count", "type", "most_recent_notification_id", "page_min_id",
                            "page_max_id", "latest_page_notification_at", "sample_account_ids", "status_id"}
    assert group["most_recent_notification_id"] == int(newest) < 2**53
    assert (group["page_min_id"], group["page_max_id"]) == (older, newest)
    assert group["latest_page_notification_at"].endswith(".000Z")
    assert group["group_key"].startswith(f"favourite-{status}-")


def test_other_notifications_are_groups_of_one(alice, bob):
    bob.posts("@alice hello")
    bob.posts("@alice again")

    shown = listed(alice)

    assert [each["group_key"] for each in shown] == [f"ungrouped-{each['id']}" for each in shown]
    assert [each["group_key"] for each in groups(alice)] == [f"ungrouped-{each['id']}" for each in shown]


def test_the_plain_list_names_the_same_groups(alice, bob, carol):
    status = alice.posts("hello")["id"]
    for person in (bob, carol):
        person.post(f"/api/v1/statuses/{status}/favourite")
        person.follows(alice)

    keys = [each["group_key"] for each in listed(alice)]

    assert len(set(keys)) == 2
    assert {each["group_key"] for each in groups(alice)} == set(keys)


def test_follows_have_no_target(alice, bob, carol):
    for person in (bob, carol):
        person.follows(alice)

    [group] = groups(alice)

    assert sizes([group]) == [("follow", 2)]
    assert "status_id" not in group
    assert group["group_key"].count("-") == 1


def test_reactions_are_grouped_by_their_emoji(alice, bob, carol, cast):
    status = alice.posts("hello")["id"]
    for person, emoji in ((bob, "😀"), (carol, "😀"), (cast.person("dan"), "😱")):
        person.reacts(status, emoji)

    shown = groups(alice)

    assert [(each["emoji"], each["notifications_count"]) for each in shown] == [("😱", 1), ("😀", 2)]


def test_the_halves_of_a_day_are_apart(alice, bob, carol):
    status = alice.posts("hello")["id"]
    favourites(alice, status, [bob], start=half_day() - 1)
    favourites(alice, status, [carol], start=half_day())
    favourites(alice, status, [bob], start=half_day() + HALF_DAY - 1)

    assert sizes(groups(alice)) == [("favourite", 2), ("favourite", 1)]


def test_only_the_types_that_are_asked_for_are_grouped(alice, bob, carol):
    status = alice.posts("hello")["id"]
    for person in (bob, carol):
        person.post(f"/api/v1/statuses/{status}/favourite")
        person.follows(alice)

    shown = groups(alice, grouped_types=["follow", "mention", "unknown"])

    assert sizes(shown) == [("follow", 2), ("favourite", 1), ("favourite", 1)]
    assert shown[1]["group_key"].startswith("ungrouped-")


def test_a_group_counts_what_is_beyond_the_page(alice, cast):
    people = cast.people(12)
    first, second = alice.posts("one")["id"], alice.posts("two")["id"]
    favourites(alice, first, people[:6])
    favourites(alice, second, people[6:8], start=half_day() + 1)
    favourites(alice, first, people[8:], start=half_day() + 2)

    [group] = groups(alice, limit=1)

    assert (group["status_id"], group["notifications_count"], len(group["sample_account_ids"])) == (first, 10, 8)
    assert group["sample_account_ids"][:5] == [people[place].id for place in (11, 10, 9, 8, 5)]
    ids = [each["id"] for each in listed(alice)]
    assert (group["page_max_id"], group["page_min_id"]) == (ids[0], ids[3])


def test_pages_show_every_notification_once(alice, cast):
    people = cast.people(3)
    statuses = [alice.posts(str(number))["id"] for number in range(4)]
    for place, person in enumerate(people):
        for number, status in enumerate(statuses):
            favourites(alice, status, [person], start=half_day() + place * 10 + number)
    everything, params, seen = [each["id"] for each in listed(alice)], {"limit": 3}, []
    while True:
        reply = alice.get(PATH, params)
        shown = reply.json["notification_groups"]
        if not shown:
            break
        seen += [each["page_max_id"] for each in shown]
        params = reply.links()["next"]

    assert [id for id in everything if id in seen] == sorted(set(seen), key=int, reverse=True)
    assert seen[:3] == everything[:3]
    assert int(params["max_id"]) == int(everything[-1])


def test_newer_groups_are_found_by_min_id_and_since_id(alice, cast):
    people = cast.people(6)
    status = alice.posts("hello")["id"]
    ids = favourites(alice, status, people)

    for cursor in ("min_id", "since_id"):
        [group] = groups(alice, **{cursor: ids[3]})
        assert (group["page_min_id"], group["page_max_id"], group["notifications_count"]) == (ids[4], ids[5], 6)
    [group] = groups(alice, max_id=ids[4])
    assert (group["page_max_id"], group["notifications_count"]) == (ids[3], 4)


def test_partial_avatars_spare_the_others(alice, cast):
    people = cast.people(3)
    favourites(alice, alice.posts("hello")["id"], people)

    shown = page(alice, expand_accounts="partial_avatars")

    assert [each["id"] for each in shown["accounts"]] == [people[2].id]
    assert [each["id"] for each in shown["partial_accounts"]] == [people[1].id, people[0].id]
    assert shown["partial_accounts"][0].keys() == {"id", "acct", "url", "avatar", "avatar_static", "locked", "bot"}
    assert alice.get(PATH, {"expand_accounts": "some"}).status == 400


def test_types_and_accounts_narrow_the_page(alice, bob, carol):
    status = alice.posts("hello")["id"]
    for person in (bob, carol):
        person.post(f"/api/v1/statuses/{status}/favourite")
        person.follows(alice)

    assert sizes(groups(alice, types=["favourite", "unknown"])) == [("favourite", 2)]
    assert sizes(groups(alice, types="favourite")) == [("favourite", 2)]
    assert sizes(groups(alice, **{"exclude_types[]": "favourite"})) == [("follow", 2)]
    assert sizes(groups(alice, account_id=bob.id)) == [("follow", 1), ("favourite", 1)]
    assert alice.get(PATH, {"account_id": new_flake()}).status == 404


def test_those_of_hidden_accounts_are_not_counted(alice, bob, carol, cast):
    dan = cast.person("dan")
    favourites(alice, alice.posts("hello")["id"], [bob, carol, dan])
    alice.post(f"/api/v1/accounts/{carol.id}/mute")
    becomes(dan, deactivated=True)

    [group] = groups(alice)

    assert (group["notifications_count"], group["sample_account_ids"]) == (1, [bob.id])
    assert group["most_recent_notification_id"] < int(group["page_max_id"])


def test_a_group_whose_newest_are_gone_shows_the_next(alice, bob, cast):
    gone = cast.people(8)
    favourites(alice, alice.posts("hello")["id"], [bob, *gone])
    for person in gone:
        becomes(person, deactivated=True)

    [group] = groups(alice)

    assert (group["notifications_count"], group["sample_account_ids"]) == (1, [bob.id])


def test_a_large_page_costs_as_many_calls_as_a_small_one(alice, cast):
    people = cast.people(30)
    statuses = [alice.posts(str(number))["id"] for number in range(3)]
    favourites(alice, statuses[0], people[:2], start=half_day(5))
    favourites(alice, statuses[1], people[:2], start=half_day(5) + 1)
    small = alice.get(PATH)
    for place in range(3):
        favourites(alice, statuses[place], people, start=half_day(3) + place)

    large = alice.get(PATH)

    assert sizes(small.json["notification_groups"]) == [("favourite", 2)] * 2
    assert sizes(large.json["notification_groups"]) == [("favourite", 30)] * 3 + [("favourite", 2)] * 2
    assert (small.calls, small.rounds) == (large.calls, large.rounds) == (3, 3)


def test_counting_beyond_the_page_is_one_call(alice, cast, monkeypatch):
    monkeypatch.setattr(reading_groups, "FEWEST_FIRST", 5)
    people = cast.people(20)
    for number in range(3):
        favourites(alice, alice.posts(str(number))["id"], people, start=half_day() + number)

    one = alice.get(PATH, {"limit": 1})
    two = alice.get(PATH, {"limit": 2})

    assert sizes(two.json["notification_groups"]) == [("favourite", 20)] * 2
    assert (one.calls, two.calls) == (4, 4)


# One group.


def test_one_group_is_shown_by_its_key(alice, cast):
    people = cast.people(10)
    status = alice.posts("hello")["id"]
    favourites(alice, status, people)
    favourites(alice, alice.posts("other")["id"], people, start=half_day() + 1)
    [key] = {each["group_key"] for each in groups(alice) if each["status_id"] == status}

    reply = alice.get(f"{PATH}/{key}")

    [group] = reply.json["notification_groups"]
    assert (group["group_key"], group["notifications_count"], len(group["sample_account_ids"])) == (key, 10, 8)
    assert not {"page_min_id", "page_max_id"} & group.keys()
    assert [each["id"] for each in reply.json["statuses"]] == [status]
    assert (reply.calls, reply.rounds) == (3, 3)


def test_a_single_notification_is_shown_by_its_key(alice, bob):
    status = bob.posts("@alice hello")["id"]
    [key] = [each["group_key"] for each in groups(alice)]

    [group] = alice.get(f"{PATH}/{key}").json["notification_groups"]

    assert (group["group_key"], group["status_id"], group["type"]) == (key, status, "mention")
    assert [each["id"] for each in alice.get(f"{PATH}/{key}/accounts").json] == [bob.id]


@pytest.mark.parametrize("key", ["favourite", "favourite-1-2", "ungrouped-1", "ungrouped-x", "unknown-2", "follow-x",
                                 "follow-" + "9" * 30, "a" * 300, "%00", "é"])
def test_unknown_groups_are_not_found(alice, key):
    assert alice.get(f"{PATH}/{key}").status == 404
    assert alice.post(f"{PATH}/{key}/dismiss").json == {}


def test_another_ones_group_is_not_found(alice, bob, carol):
    carol.posts("@alice hello")
    [key] = [each["group_key"] for each in groups(alice)]

    assert bob.get(f"{PATH}/{key}").status == 404
    bob.post(f"{PATH}/{key}/dismiss")
    assert len(groups(alice)) == 1


def test_all_accounts_of_a_group_are_listed_in_pages(alice, cast):
    people = cast.people(12)
    favourites(alice, alice.posts("hello")["id"], people)
    [key] = [each["group_key"] for each in groups(alice)]

    first = alice.get(f"{PATH}/{key}/accounts", {"limit": 7})
    second = alice.get(f"{PATH}/{key}/accounts", first.links()["next"])

    assert [each["id"] for each in first.json + second.json] == [each.id for each in reversed(people)]


def test_a_dismissed_group_is_gone_and_the_others_stay(alice, bob, carol, cast):
    first, second = alice.posts("one")["id"], alice.posts("two")["id"]
    for person in (bob, carol):
        person.post(f"/api/v1/statuses/{first}/favourite")
        person.post(f"/api/v1/statuses/{second}/favourite")
        person.follows(alice)
    [key] = [each["group_key"] for each in groups(alice) if each.get("status_id") == first]

    assert alice.post(f"{PATH}/{key}/dismiss").json == {}

    assert sizes(groups(alice)) == [("follow", 2), ("favourite", 2)]
    assert len(rows(alice)) == 4


def test_a_group_beyond_one_request_is_dismissed_by_a_job(alice, cast, drain, monkeypatch):
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    people = cast.people(7)
    first, second = alice.posts("one")["id"], alice.posts("two")["id"]
    favourites(alice, first, people)
    favourites(alice, second, people[:2], start=half_day() + 1)
    [key] = [each["group_key"] for each in groups(alice) if each["status_id"] == first]

    alice.post(f"{PATH}/{key}/dismiss")
    drain()

    assert [each["status_id"] for each in groups(alice)] == [second]


# Counting.


def test_unread_counts_what_is_newer_than_the_marker(alice, bob, carol):
    status = alice.posts("hello")["id"]
    bob.posts("@alice first")
    [first] = listed(alice)
    alice.post("/api/v1/markers", json={"notifications": {"last_read_id": first["id"]}})
    for person in (bob, carol):
        person.post(f"/api/v1/statuses/{status}/favourite")
    bob.posts("@alice second")

    plain = alice.get("/api/v1/notifications/unread_count")
    grouped = alice.get(f"{PATH}/unread_count")

    assert (plain.json, grouped.json) == ({"count": 3}, {"count": 2})
    assert (plain.calls, grouped.calls) == (2, 2)
    assert alice.get("/api/v1/notifications/unread_count", {"limit": 2}).json == {"count": 2}
    assert alice.get(f"{PATH}/unread_count", {"limit": 1}).json == {"count": 1}
    assert alice.get("/api/v1/notifications/unread_count", {"types[]": "mention"}).json == {"count": 1}
    assert alice.get(f"{PATH}/unread_count", {"exclude_types[]": "mention"}).json == {"count": 1}
    assert alice.get("/api/v1/notifications/unread_count", {"account_id": carol.id}).json == {"count": 1}


def test_without_a_marker_what_was_read_counts_no_more(alice, bob):
    bob.posts("@alice first")
    bob.posts("@alice second")
    assert alice.get("/api/v1/notifications/unread_count").json == {"count": 2}

    newest = listed(alice)[0]["id"]
    alice.post("/api/v1/pleroma/notifications/read", {"max_id": newest})
    bob.posts("@alice third")

    assert alice.get("/api/v1/notifications/unread_count").json == {"count": 1}


def test_a_report_has_its_newer_name_for_who_asks_by_it(alice, bob, admin, drain):
    alice.post("/api/v1/reports", json={"account_id": bob.id, "comment": "look"})
    drain()

    for path in (PATH, "/api/v1/notifications"):
        assert "admin.report" not in admin.get(path).body
        assert '"type":"admin.report"' in admin.get(path, {"types[]": "admin.report"}).body
        assert '"type":"pleroma:report"' in admin.get(path, {"types": ["admin.report", "pleroma:report"]}).body
        assert "report" not in admin.get(path, {"types[]": "pleroma:report", "exclude_types[]": "admin.report"}).body
    assert alice.get(PATH, {"types[]": "admin.report"}).json["notification_groups"] == []


def test_a_group_needs_a_token_that_may_read(cast, alice, anonymous):
    writer = cast.person("writer", scopes="write")

    assert anonymous.get(PATH).status == 403
    assert writer.get(PATH).json == {"error": "Insufficient permissions: read:notifications."}
