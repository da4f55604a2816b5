"""What favourites, reblogs, bookmarks, pins and muted threads have in common."""

from __future__ import annotations

import pytest

from chalicelib.domain.statuses import interactions
from tests.endpoints.statuses.acting import act, ids


@pytest.mark.parametrize("tab", ["favourited_by", "reblogged_by"])
def test_who_did_is_empty_for_the_unknown_and_hidden_for_the_hidden(alice, bob, tab):
    secret = alice.posts("x", visibility="private")["id"]

    assert bob.get(f"/api/v1/statuses/unknown/{tab}").json == []
    assert bob.get(f"/api/v1/statuses/{secret}/{tab}").status == 404


def test_who_favourited_last_is_found_among_any_number(alice, bob, carol, status, monkeypatch):
    """The index of marks is sorted by account, but whoever favourited last is listed, however old the account is."""
    monkeypatch.setattr(interactions, "MOST_LISTED", 2)
    for person in (carol, bob, alice):
        act(person, status, "favourite")
        act(person, status, "reblog")

    for tab, costs in (("favourited_by", (4, 3)), ("reblogged_by", (5, 4))):
        reply = carol.get(f"/api/v1/statuses/{status}/{tab}")
        assert ids(reply) == [alice.id, bob.id]
        assert (reply.calls, reply.rounds) == costs


@pytest.mark.parametrize("verb", ["favourite", "unfavourite", "reblog", "unreblog", "bookmark", "unbookmark", "mute",
                                  "unmute"])
def test_what_one_may_not_see_is_not_found(alice, bob, verb):
    secret = alice.posts("x", visibility="private")["id"]

    for id in (secret, "unknown", "0" * 18):
        reply = act(bob, id, verb)
        assert (reply.status, reply.json) == (404, {"error": "Record not found"})


@pytest.mark.parametrize(("verb", "scope"), [
    ("favourite", "write:favourites"), ("reblog", "write:statuses"), ("bookmark", "write:bookmarks"),
    ("pin", "write:accounts"), ("mute", "write:mutes"),
])
def test_each_needs_its_scope(cast, anonymous, status, verb, scope):
    reader = cast.person("reader", scopes="read")

    assert act(reader, status, verb).json == {"error": f"Insufficient permissions: {scope}."}
    assert act(anonymous, status, verb).json == {"error": "Invalid credentials."}


def test_what_each_costs(bob, status):
    costs = {verb: (reply.calls, reply.rounds) for verb in ("favourite", "unfavourite", "reblog", "bookmark")
             for reply in [act(bob, status, verb)]}

    assert costs == {"favourite": (3, 3), "unfavourite": (3, 3), "reblog": (3, 3), "bookmark": (3, 3)}


@pytest.mark.parametrize("path", ["/api/v1/favourites", "/api/v1/bookmarks"])
def test_a_page_of_forty_takes_the_rounds_of_a_page_of_two(alice, bob, path):
    for number in range(42):
        id = alice.posts(f"{number}")["id"]
        act(bob, id, "favourite")
        act(bob, id, "bookmark")

    two, forty = (bob.get(path, {"limit": limit}) for limit in (2, 40))

    assert (len(two.json), len(forty.json)) == (2, 40)
    assert two.rounds == forty.rounds
    assert forty.calls - two.calls in (0, 1)


def test_a_private_reblog_is_told_to_those_who_may_see_it(alice, bob, cast):
    carol = cast.person("carol")
    carol.follows(bob)
    id = alice.posts("hello")["id"]
    bob.post(f"/api/v1/statuses/{id}/reblog", {"visibility": "private"})

    told = {person.nickname: [each["id"] for each in person.get(f"/api/v1/statuses/{id}/reblogged_by").json]
            for person in (alice, bob, carol)}

    assert told == {"alice": [], "bob": [bob.id], "carol": [bob.id]}
