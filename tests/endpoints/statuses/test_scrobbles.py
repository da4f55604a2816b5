"""Scrobbles: what somebody listens to."""

from __future__ import annotations

from tests.endpoints.statuses.acting import ids


def listens(person, **params):
    return person.post("/api/v1/pleroma/scrobble", form={"title": "Some Title", **params})


def test_a_scrobble_is_noted_and_tells_nobody(alice, bob):
    reply = listens(alice, artist="Some <b>Artist</b>", album="Album", length="180000")

    assert reply.status == 200
    assert set(reply.json) == {"id", "account", "created_at", "title", "artist", "album", "length", "externalLink",
                               "external_link"}
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


def test_newer_clients_name_a_scope_of_its_own(cast, alice):
    listener = cast.person("listener", scopes="write:scrobbles read:scrobbles")
    id = listens(listener, visibility="private").json["id"]

    assert ids(listener.get("/api/v1/pleroma/accounts/listener/scrobbles")) == [id]


def test_a_scrobble_leads_to_the_music_by_either_name(alice):
    link = "https://music.example/1"

    for name in ("external_link", "externalLink"):
        shown = listens(alice, **{name: link}).json
        assert (shown["external_link"], shown["externalLink"]) == (link, link)
    assert listens(alice, external_link="javascript:alert(1)").json["external_link"] is None


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
