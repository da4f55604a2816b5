"""Announcements: written by administrators, read, dismissed and reacted to by everybody."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from chalicelib.settings import settings
from tests.at_once import at_once
from tests.emoji import made

PATH, ADMIN = "/api/v1/announcements", "/api/v1/pleroma/admin/announcements"
PAST, FUTURE = "2020-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z"


@pytest.fixture
def announce(admin):
    def announce(content="Hello <b>all</b>.", **more):
        reply = admin.post(ADMIN, json={"content": content, **more})
        assert reply.status == 200, reply.body
        return reply.json["id"]

    return announce


def shown_to(person, **params):
    return person.get(PATH, params).json


def test_everybody_reads_what_is_announced(announce, alice, bob):
    id = announce(all_day=True, starts_at=PAST, ends_at=FUTURE)

    (shown,) = shown_to(alice)

    assert id.isdigit(), "a client reads it as JSON"
    assert shown == {
        "id": id, "content": shown["content"], "text": "Hello <b>all</b>.", "starts_at": PAST, "ends_at": FUTURE,
        "all_day": True, "published_at": shown["published_at"], "updated_at": shown["updated_at"], "read": False,
        "mentions": [], "statuses": [], "tags": [], "emojis": [], "reactions": []}
    assert "<b>" not in shown["content"]
    assert shown_to(bob) == [shown]


@pytest.mark.parametrize(("times", "is_shown"), [
    ({}, True), ({"starts_at": FUTURE}, False), ({"ends_at": PAST}, False), ({"starts_at": PAST}, True),
    ({"ends_at": FUTURE}, True)])
def test_it_is_shown_in_its_time(announce, alice, admin, times, is_shown):
    id = announce(**times)

    assert [each["id"] for each in shown_to(alice)] == ([id] if is_shown else [])
    assert [each["id"] for each in admin.get(ADMIN).json] == [id]
    assert alice.post(f"{PATH}/{id}/dismiss").status == (200 if is_shown else 404)


def test_what_is_dismissed_is_shown_only_if_asked_for(announce, alice, bob):
    first, second = announce(), announce()

    reply = alice.post(f"{PATH}/{first}/dismiss")

    assert (reply.status, reply.json) == (200, {})
    assert [each["id"] for each in shown_to(alice)] == [second]
    assert [(each["id"], each["read"]) for each in shown_to(alice, with_dismissed=True)] == [
        (first, True), (second, False)]
    assert [each["read"] for each in shown_to(bob)] == [False, False]


def test_people_react_once_with_each_emoji(announce, alice, bob):
    id = announce()
    fire = f"{PATH}/{id}/reactions/{quote('🔥')}"

    replies = [alice.put(fire), alice.put(fire), bob.put(fire)]

    assert [(reply.status, reply.json) for reply in replies] == [(200, {})] * 3
    assert shown_to(alice)[0]["reactions"] == [{"name": "🔥", "count": 2, "me": True}]
    for _ in range(2):
        assert alice.delete(fire).status == 200
    assert shown_to(alice)[0]["reactions"] == [{"name": "🔥", "count": 1, "me": False}]
    bob.delete(fire)
    assert shown_to(alice)[0]["reactions"] == []


def test_all_who_react_at_once_count(announce, cast, alice):
    id = announce()
    people = cast.people(5)

    at_once(*[lambda each=each: each.put(f"{PATH}/{id}/reactions/{quote('🔥')}") for each in people])

    assert shown_to(alice)[0]["reactions"][0]["count"] == 5


def test_emoji_of_this_server_have_pictures(announce, alice):
    made("blob", 1)
    id = announce("Hello :blob0:")

    alice.put(f"{PATH}/{id}/reactions/:blob0:")

    (shown,) = shown_to(alice)
    (reaction,) = shown["reactions"]
    assert (reaction["name"], reaction["count"]) == ("blob0", 1)
    assert reaction["url"] == reaction["static_url"] == shown["emojis"][0]["url"]
    assert reaction["url"].startswith(settings.base_url)


@pytest.mark.parametrize("name", ["nothing", "two%20words", "%F0%9F%94%A5%F0%9F%94%A5", "x" * 500])
def test_what_is_no_emoji_is_refused(announce, alice, name):
    id = announce()

    for method in ("PUT", "DELETE"):
        assert alice.request(method, f"{PATH}/{id}/reactions/{name}").status == 422
    assert shown_to(alice)[0]["reactions"] == []


@pytest.mark.parametrize("id", ["9", "x", "-1", "9" * 30])
def test_an_unknown_announcement(announce, alice, admin, id):
    announce()

    assert alice.post(f"{PATH}/{id}/dismiss").status == 404
    assert alice.put(f"{PATH}/{id}/reactions/{quote('🔥')}").status == 404
    for method in ("GET", "PATCH", "DELETE"):
        assert admin.request(method, f"{ADMIN}/{id}").status == 404
    assert len(shown_to(alice)) == 1


def test_administrators_change_and_take_back(announce, admin, alice):
    id = announce()
    alice.put(f"{PATH}/{id}/reactions/{quote('🔥')}")

    changed = admin.patch(f"{ADMIN}/{id}", json={"content": "Bye.", "ends_at": FUTURE})

    assert changed.json["pleroma"] == {"raw_content": "Bye."}
    assert (shown_to(alice)[0]["text"], shown_to(alice)[0]["ends_at"]) == ("Bye.", FUTURE)
    assert len(shown_to(alice)[0]["reactions"]) == 1
    assert admin.get(f"{ADMIN}/{id}").json == changed.json
    assert (admin.delete(f"{ADMIN}/{id}").status, shown_to(alice)) == (200, [])
    assert announce() != id, "a number is given once"


def test_an_announcement_says_something(admin, announce):
    id = announce()

    assert admin.post(ADMIN, json={"content": " "}).status == admin.post(ADMIN).status == 400
    assert admin.patch(f"{ADMIN}/{id}", json={"content": "\n"}).status == 400
    assert admin.post(ADMIN, json={"content": "x" * 10_001}).status == 400


def test_they_are_listed_in_pages_for_administrators(announce, admin):
    ids = [announce() for _ in range(3)]

    assert [each["id"] for each in admin.get(ADMIN, {"limit": 2}).json] == ids[:0:-1]
    assert [each["id"] for each in admin.get(ADMIN, {"offset": 2}).json] == ids[:1]


def test_a_list_of_forty_costs_the_calls_of_two(announce, alice):
    for _ in range(2):
        announce()
    few = alice.get(PATH)
    for _ in range(10):
        announce()

    assert (few.calls, alice.get(PATH).calls) == (2, 2)
