"""Counters against a recount, after random operations; `tests/lengths.py` says how many."""

import random

from tests.cast import Person
from tests.lengths import STEPS

RELATIONS = ("follow", "follow", "unfollow", "block", "unblock", "mute", "unmute")


def listed(person, path):
    """The first page of a list, as long as a page may be."""
    return person.get(path, {"limit": 80}).json


def own(person):
    return person.get("/api/v1/accounts/verify_credentials").json


def test_who_follows_whom_is_counted_exactly_after_many_steps(cast, alice, bob, carol, drain):
    chance = random.Random(11)
    people = [alice, bob, carol, cast.person("dora", locked=True), cast.person("eve", locked=True)]

    for number in range(STEPS):
        one, other = chance.sample(people, 2)
        if chance.random() < 0.2:
            one.post(f"/api/v1/follow_requests/{other.id}/{chance.choice(['authorize', 'reject'])}")
        else:
            one.post(f"/api/v1/accounts/{other.id}/{chance.choice(RELATIONS)}")
        if number % 50 == 49:
            drain()
            for person in people:
                counted = own(person)
                assert counted["followers_count"] == len(listed(person, f"/api/v1/accounts/{person.id}/followers"))
                assert counted["following_count"] == len(listed(person, f"/api/v1/accounts/{person.id}/following"))
                assert counted["follow_requests_count"] == len(listed(person, "/api/v1/follow_requests"))


def test_unread_conversations_are_counted_exactly_after_many_steps(alice, bob, carol, drain):
    chance = random.Random(12)
    people = [alice, bob, carol]
    posted: list[tuple[Person, str]] = []

    def post(by):
        others = " ".join(f"@{each.nickname}" for each in people if each is not by and chance.random() < 0.7)
        parent = {"in_reply_to_id": chance.choice(posted)[1]} if posted and chance.random() < 0.5 else {}
        reply = by.post("/api/v1/statuses", json={"status": f"psst {others}", "visibility": "direct"} | parent)
        if reply.status == 200:
            posted.append((by, reply.json["id"]))

    def delete(_):
        if posted:
            by, id = posted.pop(chance.randrange(len(posted)))
            by.delete(f"/api/v1/statuses/{id}")

    def read(by):
        if rows := by.get("/api/v1/conversations", {"limit": 40}).json:
            by.post(f"/api/v1/conversations/{chance.choice(rows)['id']}/read")

    def relate(by):
        by.post(f"/api/v1/accounts/{chance.choice(people).id}/{chance.choice(RELATIONS[3:])}")

    steps = [(10, post), (2, delete), (8, read), (1, relate),
             (0.5, lambda by: by.post("/api/v1/pleroma/conversations/read"))]
    for number in range(STEPS):
        chance.choices([step for _, step in steps], [weight for weight, _ in steps])[0](chance.choice(people))
        if number % 50 == 49:
            drain()
            told = {person.nickname: own(person)["pleroma"]["unread_conversation_count"] for person in people}
            assert told == {person.nickname: unread(person) for person in people}


def unread(person):
    """Recounted over all pages."""
    found, more = 0, dict[str, str]()
    while rows := person.get("/api/v1/conversations", {"limit": 40, **more}).json:
        found += sum(row["unread"] for row in rows)
        more = {"max_id": rows[-1]["id"]}
    return found
