"""Lists that clients ask for when they start and that stay empty: trends, suggestions, announcements, and so on."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("path", ["", "/tags", "/statuses", "/links"])
def test_nothing_is_in_fashion(anonymous, alice, path):
    for asking in (anonymous, alice):
        reply = asking.get(f"/api/v1/trends{path}")
        assert (reply.status, reply.json) == (200, [])


@pytest.mark.parametrize(("path", "scope"), [
    ("/api/v1/suggestions", "read"), ("/api/v1/endorsements", "read:accounts"),
    ("/api/v1/accounts/0/identity_proofs", "read:accounts"),
    ("/api/v1/severed_relationships", "read:follows"),
    ("/api/v1/pleroma/bookmark_folders", "read:bookmarks"), ("/api/v1/followed_tags", "follow | read:follows"),
])
def test_empty_lists_still_ask_who_calls(anonymous, alice, cast, path, scope):
    writer = cast.person("writer", scopes="write read:statuses")

    assert alice.get(path).json == []
    assert anonymous.get(path).json == {"error": "Invalid credentials."}
    assert writer.get(path).json == {"error": f"Insufficient permissions: {scope}."}


def test_announcements_need_an_account_but_no_scope(anonymous, cast):
    assert cast.person("writer", scopes="write:media").get("/api/v1/announcements").json == []
    assert anonymous.get("/api/v1/announcements").json == {"error": "Invalid credentials."}
