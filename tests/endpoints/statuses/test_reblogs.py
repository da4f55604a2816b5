"""Reblogs."""

from __future__ import annotations

import pytest

from chalicelib.store.statuses import statuses
from tests.endpoints.statuses.acting import act, ids, show, unread


def test_a_reblog_wraps_the_original(alice, bob, status):
    wrapper = act(bob, status, "reblog").json

    assert wrapper["id"] != status
    assert wrapper["account"]["id"] == bob.id
    assert (wrapper["reblog"]["id"], wrapper["reblogged"]) == (status, True)
    assert (wrapper["reblog"]["reblogs_count"], wrapper["reblogs_count"]) == (1, 0)
    assert wrapper["uri"] == wrapper["url"] == wrapper["reblog"]["uri"]
    assert wrapper["pleroma"] == {"local": True}
    assert [mention["id"] for mention in wrapper["mentions"]] == [alice.id]
    assert wrapper == show(bob, wrapper["id"])
    assert unread(alice) == 1


def test_reblogging_again_answers_the_same_reblog(alice, bob, status):
    first = act(bob, status, "reblog").json

    assert act(bob, status, "reblog").json["id"] == first["id"]
    assert show(alice, status)["reblogs_count"] == 1


def test_a_reblog_reaches_followers_and_the_profile(alice, bob, carol, status, drain):
    carol.follows(bob)
    wrapper = act(bob, status, "reblog").json["id"]
    drain()

    assert carol.home() == [wrapper]
    assert bob.home() == [wrapper]
    assert ids(carol.get(f"/api/v1/accounts/{bob.id}/statuses")) == [wrapper]
    assert ids(carol.get(f"/api/v1/accounts/{bob.id}/statuses", {"exclude_reblogs": True})) == []
    assert bob.account.statuses_count == 0


def test_reblogs_of_ones_own_statuses_are_not_on_ones_home(alice, bob, status, drain):
    alice.follows(bob)
    act(bob, status, "reblog")
    drain()

    assert alice.home() == [status]


def test_reblogs_are_no_public_originals(bob, status):
    act(bob, status, "reblog")

    assert ids(bob.get("/api/v1/timelines/public")) == [status]


def test_a_reblog_is_taken_back(alice, bob, status):
    wrapper = act(bob, status, "reblog").json["id"]

    reply = act(bob, status, "unreblog")

    assert (reply.json["id"], reply.json["reblogged"], reply.json["reblogs_count"]) == (status, False, 0)
    assert bob.get(f"/api/v1/statuses/{wrapper}").status == 404
    assert bob.home() == []
    assert unread(alice) == 0
    assert act(bob, status, "unreblog").json == {"error": "Could not unrepeat"}


@pytest.mark.parametrize(("visibility", "by_author", "status_code"), [
    ("private", True, 200), ("direct", True, 404), ("private", False, 404), ("unlisted", False, 200),
    ("local", False, 200),
])
def test_what_may_be_reblogged_and_by_whom(alice, bob, visibility, by_author, status_code):
    bob.follows(alice)
    id = alice.posts("x @bob", visibility=visibility)["id"]

    assert act(alice if by_author else bob, id, "reblog").status == status_code


def test_a_reblog_of_a_reblog_is_not_found(bob, carol, status):
    wrapper = act(bob, status, "reblog").json["id"]

    assert act(carol, wrapper, "reblog").status == 404


@pytest.mark.parametrize(("wanted", "shown"), [(None, "public"), ("unlisted", "public"), ("private", "private"),
                                               ("direct", "private")])
def test_a_reblog_has_a_visibility_of_its_own(bob, status, wanted, shown):
    assert act(bob, status, "reblog", **({"visibility": wanted} if wanted else {})).json["visibility"] == shown


def test_a_local_statuses_reblog_is_local_and_a_private_one_stays_private(alice, bob):
    local, private = alice.posts("x", visibility="local")["id"], alice.posts("x", visibility="private")["id"]

    assert act(bob, local, "reblog").json["visibility"] == "local"
    assert act(alice, private, "reblog").json["visibility"] == "private"
    assert act(alice, private, "reblog", visibility="public").status == 404


def test_private_reblogs_are_listed_for_their_author_only(bob, carol, status):
    act(bob, status, "reblog", visibility="private")
    act(carol, status, "reblog")

    assert ids(carol.get(f"/api/v1/statuses/{status}/reblogged_by")) == [carol.id]
    assert set(ids(bob.get(f"/api/v1/statuses/{status}/reblogged_by"))) == {bob.id, carol.id}


def test_a_deleted_status_takes_its_reblogs_along(alice, bob, status, drain):
    wrapper = act(bob, status, "reblog").json["id"]
    drain()

    alice.delete(f"/api/v1/statuses/{status}")
    assert bob.home() == []
    drain()

    assert statuses.find(wrapper) is None
    assert ids(bob.get(f"/api/v1/accounts/{bob.id}/statuses")) == []
