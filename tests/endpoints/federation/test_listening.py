"""Scrobbles between servers."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.store.accounts import accounts
from chalicelib.store.timelines.feeds import FeedRow, Span, read
from tests.cast import Person
from tests.endpoints.federation.sending import Drain, create, follow, sends, to, uri
from tests.endpoints.federation.test_inbox import acct
from tests.endpoints.federation.test_moves import follows
from tests.peers.scripted import PUBLIC, Document, Peer

SONG = {"type": "Audio", "title": "Song", "artist": "Singer", "album": "Album", "length": 180_000}


def listens(far: Peer, fern: Document, **said: Any) -> Document:
    return far.activity("Listen", fern, {"id": f"{far.url}/audio/1", **SONG}, **{"to": [PUBLIC], **said})


def heard(person: Person, id: str) -> list[tuple[str, str, str, int]]:
    found = person.get(f"/api/v1/pleroma/accounts/{id}/scrobbles").json
    return [(each["title"], each["artist"], each["album"], each["length"]) for each in found]


def test_what_a_followed_account_listens_to_is_kept_for_a_while(far: Peer, alice: Person, bob: Person,
                                                               drain: Drain) -> None:
    fern = far.actor("fern")
    account = follows(alice, far, fern, drain)
    song = listens(far, fern)
    for _ in range(2):
        sends(far, song, fern)
        drain()
    sends(far, listens(far, fern, to=[fern["followers"]]), fern)
    drain()

    assert heard(alice, account.id) == [("Song", "Singer", "Album", 180_000)] * 2
    assert len(heard(bob, account.id)) == 1, "one is for followers"
    assert all(row.ttl for row in read(FeedRow, f"s#{account.id}", Span(), limit=5, strong=True))


@pytest.mark.parametrize("why", ["nobody follows", "no title", "no audio", "for somebody else"])
def test_what_nobody_here_hears_of_is_left_out(far: Peer, alice: Person, drain: Drain, why: str) -> None:
    fern = far.actor("fern")
    sends(far, create(far, far.note(fern, "hi", **to(alice)), fern), fern)
    drain()
    if why != "nobody follows":
        follows(alice, far, fern, drain)
    known = accounts.find_by_nickname(acct(far))
    assert known is not None
    sent = listens(far, fern, to=[uri(alice) + "x"] if why == "for somebody else" else [PUBLIC])
    if why == "no title":
        del sent["object"]["title"]
    if why == "no audio":
        sent["object"] = "https://other.example/1"

    assert sends(far, sent, fern).status == 202
    drain()

    assert heard(alice, known.id) == []


@pytest.mark.parametrize(("visibility", "heard_of"), [
    ("public", True), ("private", True), ("local", False), ("direct", False)])
def test_scrobbles_are_told_to_followers_elsewhere(far: Peer, alice: Person, drain: Drain, visibility: str,
                                                  heard_of: bool) -> None:
    fern = far.actor("fern")
    sends(far, follow(far, fern, alice), fern)
    drain()
    before = len(far.received)
    alice.post("/api/v1/pleroma/scrobble", json={"title": "<b>Song</b>", "artist": "Singer", "visibility": visibility})
    drain()

    got = [each.json for each in far.received[before:]]
    assert [each["type"] for each in got] == (["Listen"] if heard_of else [])
    for each in got:
        about = each["object"]
        assert (about["type"], about["title"], about["artist"]) == ("Audio", "Song", "Singer")
        assert (PUBLIC in each["to"]) == (visibility == "public")
        assert f"{uri(alice)}/followers" in each["to"] + each["cc"]
