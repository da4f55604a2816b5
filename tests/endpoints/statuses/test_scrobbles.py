"""Scrobbles: what somebody listens to."""

from __future__ import annotations

from tests.endpoints.statuses.acting import ids


def listens(person, **params):
    return person.post("/api/v1/pleroma/scrobble", form={"title": "Some Title", **params})


def test_a_scrobble_is_noted_and_tells_nobody(alice, bob):
    reply = listens(alice, artist="Some <b>Artist</b>", album="Album", length="180000")

    assert reply.status == 200
    assert set(reply.json) == {"id", "account", "created_at", "title", "artist", "album", "length"}
    assert (reply.json["artist"], reply.json["length"]) == ("Some Artist", 180000)
    assert reply.json["account"]["id"] == alice.id
    assert alice.home() == []
    assert alice.account.statuses_count == 0
    for id in (alice.id, "alice"):
        assert bob.get(f"/api/v1/pleroma/accounts/{id}/scrobbles").json[0]["id"] == reply.json["id"]


def test_what_is_missing_is_empty_and_a_title_is_needed(alice):
    reply = listens(alice)
    assert (reply.json["artist"], reply.json["album"], reply.json["length"]) == ("", "", None)

    missing = alice.post("/api/v1/pleroma/scrobble")
    assert (missing.status, missing.json["error"]) == (400, "Missing field: title.")
    assert listens(alice, length="long").status == 400


def test_scrobbles_need_the_whole_scope(cast):
    writer = cast.person("writer", scopes="write:statuses read")

    assert listens(writer).json == {"error": "Insufficient permissions: write."}


def test_scrobbles_are_paged_and_shown_to_whom_they_are_for(alice, bob, carol, anonymous):
    bob.follows(alice)
    made = {visibility: listens(alice, visibility=visibility).json["id"]
            for visibility in ("public", "unlisted", "private", "direct")}
    path = f"/api/v1/pleroma/accounts/{alice.id}/scrobbles"

    assert ids(alice.get(path)) == list(made.values())[::-1]
    assert ids(bob.get(path)) == [made["private"], made["unlisted"], made["public"]]
    assert ids(carol.get(path)) == ids(anonymous.get(path)) == [made["unlisted"], made["public"]]
    page = bob.get(path, {"limit": 2})
    assert ids(bob.get(path, page.links()["next"])) == [made["public"]]
    assert ids(bob.get(path, {"min_id": made["public"], "limit": 1})) == [made["unlisted"]]
    assert bob.get("/api/v1/pleroma/accounts/nobody/scrobbles").json == {"error": "Record not found"}
