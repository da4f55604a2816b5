"""Lists that clients ask for when they start and that stay empty: trends, suggestions, endorsements, proofs."""

from __future__ import annotations

import pytest


def test_nothing_is_in_fashion(anonymous):
    assert anonymous.get("/api/v1/trends").json == []


@pytest.mark.parametrize(("path", "scope"), [
    ("/api/v1/suggestions", "read"), ("/api/v1/endorsements", "read:accounts"),
    ("/api/v1/accounts/0/identity_proofs", "read:accounts"),
])
def test_empty_lists_still_ask_who_calls(anonymous, alice, cast, path, scope):
    writer = cast.person("writer", scopes="write read:statuses")

    assert alice.get(path).json == []
    assert anonymous.get(path).json == {"error": "Invalid credentials."}
    assert writer.get(path).json == {"error": f"Insufficient permissions: {scope}."}
