"""Polls: asking with a status, and voting once."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.store.statuses import statuses


@pytest.fixture
def poll(alice):
    return alice.posts("tea?", poll={"options": ["yes", "no", "both"], "expires_in": 3600})["id"]


@pytest.fixture
def several(alice):
    return alice.posts("what?", poll={"options": ["a", "b", "c"], "expires_in": 60, "multiple": True})["id"]


def vote(person, id, *choices):
    return person.post(f"/api/v1/polls/{id}/votes", form={"choices": list(choices)})


def test_a_status_carries_its_poll(alice, bob, poll):
    shown = bob.get(f"/api/v1/statuses/{poll}").json["poll"]

    assert shown == {
        "id": poll, "expires_at": shown["expires_at"], "expired": False, "multiple": False, "votes_count": 0,
        "voters_count": 0, "voted": False, "own_votes": [], "emojis": [],
        "options": [{"title": title, "votes_count": 0} for title in ("yes", "no", "both")],
    }
    assert shown["expires_at"].endswith(".000Z")
    assert bob.get(f"/api/v1/polls/{poll}").json == shown
    assert alice.get(f"/api/v1/polls/{poll}").json["voted"] is True


def test_a_poll_may_come_as_a_form(alice):
    reply = alice.post("/api/v1/statuses", form=[
        ("status", "x"), ("poll[options][]", "a"), ("poll[options][]", "b"), ("poll[expires_in]", "60"),
        ("poll[multiple]", "1"),
    ])

    assert [option["title"] for option in reply.json["poll"]["options"]] == ["a", "b"]
    assert reply.json["poll"]["multiple"] is True


@pytest.mark.parametrize(("poll", "status", "error"), [
    ({"expires_in": 60}, 400, "Missing field: options."),
    ({"options": ["a"]}, 422, "Invalid poll"),
    ({"options": [], "expires_in": 60}, 422, "Invalid poll"),
    ({"options": ["a"], "expires_in": 31536001}, 422, "Expiration date is too far in the future"),
    ({"options": ["a"], "expires_in": -1}, 422, "Expiration date is too soon"),
    ({"options": ["a"] * 21, "expires_in": 60}, 422, "Poll can't contain more than 20 options"),
    ({"options": ["a" * 201], "expires_in": 60}, 422, "Poll options cannot be longer than 200 characters each"),
    ({"options": ["a"] * 21, "expires_in": -1}, 422, "Expiration date is too soon"),
    ({"options": [""], "expires_in": 60}, 422, "Poll options cannot be blank"),
    ({"options": ["a", " \t\n"], "expires_in": 60}, 422, "Poll options cannot be blank"),
    ({"options": ["a", "\u200b\u3000\ufe0f"], "expires_in": 60}, 422, "Poll options cannot be blank"),
    ({"options": ["\u3164", "a"], "expires_in": 60}, 422, "Poll options cannot be blank"),
    ({"options": ["a", "b", "a"], "expires_in": 60}, 422, "Poll options must differ from each other"),
    ({"options": ["a", " a "], "expires_in": 60}, 422, "Poll options must differ from each other"),
    ({"options": ["a  b", "a b"], "expires_in": 60}, 422, "Poll options must differ from each other"),
    ({"options": ["caf\u00e9", "cafe\u0301"], "expires_in": 60}, 422, "Poll options must differ from each other"),
    ({"options": ["a", "a\u200b"], "expires_in": 60}, 422, "Poll options must differ from each other"),
    ({"options": ["❤", "❤\ufe0f"], "expires_in": 60}, 422, "Poll options must differ from each other"),
])
def test_a_poll_that_cannot_be_is_refused_and_posts_nothing(alice, poll, status, error):
    reply = alice.post("/api/v1/statuses", json={"status": "x" * 9000, "poll": poll, "expires_in": 5})

    assert (reply.status, reply.json["error"]) == (status, error)
    assert alice.home() == []


@pytest.mark.parametrize("options", [
    ["a", "A"], ["🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"], ["می\u200cخواهم", "میخواهم"], ["👍", "👍🏽"], ["naive", "naïve"],
    ["1", "１"], ["!", "?"], ["only"],
])
def test_options_that_look_different_differ(alice, options):
    shown = alice.posts("which?", poll={"options": options, "expires_in": 60})

    assert [each["title"] for each in shown["poll"]["options"]] == options


def test_a_poll_needs_a_text(alice):
    reply = alice.post("/api/v1/statuses", json={"poll": {"options": ["a"], "expires_in": 60}})

    assert reply.json == {"error": "Cannot post an empty status without attachments"}


def test_a_vote_is_counted_once(bob, poll):
    reply = vote(bob, poll, 1)

    assert reply.status == 200
    assert [option["votes_count"] for option in reply.json["options"]] == [0, 1, 0]
    assert (reply.json["votes_count"], reply.json["voters_count"], reply.json["voted"]) == (1, 1, True)
    again = vote(bob, poll, 0)
    assert (again.status, again.json) == (422, {"error": "Already voted"})
    assert bob.get(f"/api/v1/polls/{poll}").json == reply.json


def test_several_choices_where_they_are_allowed(bob, several):
    reply = vote(bob, several, 0, 2, 2)

    assert [option["votes_count"] for option in reply.json["options"]] == [1, 0, 1]
    assert (reply.json["votes_count"], reply.json["voters_count"]) == (2, 1)


@pytest.mark.parametrize(("choices", "error"), [
    ([3], "Invalid indices"), ([-1], "Invalid indices"), ([0, 1], "Too many choices"), ([7, 8], "Invalid indices"),
])
def test_a_vote_that_cannot_be_changes_nothing(bob, poll, choices, error):
    reply = vote(bob, poll, *choices)

    assert (reply.status, reply.json) == (422, {"error": error})
    assert bob.get(f"/api/v1/polls/{poll}").json["votes_count"] == 0


def test_authors_do_not_vote(alice, poll):
    assert vote(alice, poll, 9).json == {"error": "Poll's author can't vote"}


def test_a_poll_that_is_over_takes_no_votes(bob, poll, monkeypatch):
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 3601)

    assert vote(bob, poll, 0).json == {"error": "Poll has already ended"}
    assert bob.get(f"/api/v1/polls/{poll}").json["expired"] is True


def test_choices_are_needed_and_are_numbers(bob, poll):
    assert bob.post(f"/api/v1/polls/{poll}/votes").json["error"] == "Missing field: choices."
    assert bob.post(f"/api/v1/polls/{poll}/votes", json={"choices": ["x"]}).status == 400


def test_what_has_no_poll_or_is_hidden_is_not_found(alice, bob, anonymous):
    plain = alice.posts("x")["id"]
    secret = alice.posts("x", visibility="private", poll={"options": ["a"], "expires_in": 60})["id"]

    for id in (plain, secret, "unknown"):
        assert bob.get(f"/api/v1/polls/{id}").status == 404
        assert vote(bob, id, 0).json == {"error": "Record not found"}
        assert anonymous.get(f"/api/v1/polls/{id}").status == 404


def test_votes_tell_nobody(alice, bob, poll):
    vote(bob, poll, 0)

    assert alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"] == 0


def test_many_votes_at_once_end_with_exact_counts(cast, several):
    crowd = cast.people(12)

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda person: [vote(person, several, 0, 1).status for _ in range(2)], crowd))

    assert all(sorted(each) == [200, 422] for each in replies)
    stored = statuses.find(several)
    assert ([int(count) for count in stored.poll_counts], int(stored.voters_count)) == ([12, 12, 0], 12)


def test_a_vote_costs_three_calls(bob, poll):
    reply = vote(bob, poll, 0)

    assert (reply.calls, reply.rounds) == (3, 3)
