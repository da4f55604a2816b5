"""Mentions between servers: strangers in a text, people whom an edit names, and conversations of several servers."""

from __future__ import annotations

import time
from typing import Any

import pytest

from chalicelib.domain.federation import resolving
from chalicelib.store.accounts import accounts
from tests.cast import Person
from tests.endpoints.federation.sending import Drain, create, mention, sends, told, uri
from tests.endpoints.federation.test_inbox import acct
from tests.peers.scripted import PUBLIC, Document, Peer, slowly


def mentioned(status: dict[str, Any]) -> list[str]:
    return [each["acct"] for each in status["mentions"]]


# Strangers whom a text names.


def test_a_stranger_whom_a_text_names_is_looked_for_and_gets_it(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")

    status = alice.posts(f"@{acct(far)} hello, whoever you are")
    drain()

    assert mentioned(status) == [acct(far)]
    assert fern["url"] in status["content"]
    assert [(each.json["type"], fern["id"] in each.json["to"]) for each in far.received] == [("Create", True)]
    asked = len(far.asked)
    alice.posts(f"@{acct(far)} again")
    assert len(far.asked) == asked, "who is known is not looked for"


@pytest.mark.parametrize("what", ["unknown there", "no server", "our own host"])
def test_who_cannot_be_had_stays_text(far: Peer, alice: Person, what: str) -> None:
    name = {"unknown there": acct(far, "nobody"), "no server": "fern@127.0.0.1:1", "our own host": "fern@kenoma.test"}

    status = alice.posts(f"@{name[what]} hello")

    assert mentioned(status) == []
    assert "<a" not in status["content"]
    asked = len(far.asked)
    alice.posts(f"@{name[what]} hello")
    assert len(far.asked) == asked, "it is not asked for again at once"


def test_a_slow_server_holds_nobody_up_for_long(far: Peer, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "STRANGER_SECONDS", 0.3)
    far.answers["/.well-known/webfinger"] = slowly(2)
    began = time.monotonic()

    status = alice.posts(" ".join(f"@{acct(far, name)}" for name in ("fern", "gary", "ivy")))

    assert mentioned(status) == []
    assert time.monotonic() - began < 1.5, "all are waited for together"


def test_five_strangers_of_a_text_are_looked_for(far: Peer, alice: Person) -> None:
    names = [f"person{number}" for number in range(7)]
    for name in names:
        far.actor(name)

    status = alice.posts(" ".join(f"@{acct(far, name)}" for name in names))

    assert mentioned(status) == [acct(far, name) for name in names[:5]]


def test_a_preview_looks_for_nobody(far: Peer, alice: Person) -> None:
    far.actor("fern")
    alice.post("/api/v1/statuses", json={"status": f"@{acct(far)} hi", "preview": True})

    assert far.asked == []


def test_strangers_of_a_scheduled_status_are_looked_for_when_it_is_scheduled(far: Peer, alice: Person) -> None:
    far.actor("fern")
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3_600))
    alice.post("/api/v1/statuses", json={"status": f"@{acct(far)} hi", "scheduled_at": at})

    assert accounts.find_by_nickname(acct(far)) is not None


# Edits.


def edited(far: Peer, fern: Document, note: Document, **said: Any) -> Document:
    return far.activity("Update", fern, {**note, "content": "now for more", "updated": "2098-01-01T00:00:00Z", **said})


@pytest.mark.parametrize("visibility", ["public", "direct"])
def test_whom_an_edit_newly_mentions_is_told_once(far: Peer, alice: Person, bob: Person, drain: Drain,
                                                 visibility: str) -> None:
    fern, everybody = far.actor("fern"), [PUBLIC] if visibility == "public" else []
    note = far.note(fern, "for alice", to=[*everybody, uri(alice)], tag=[mention(alice)], cc=[])
    sends(far, create(far, note, fern), fern)
    drain()
    both = edited(far, fern, note, to=[*everybody, uri(alice), uri(bob)], tag=[mention(alice), mention(bob)])
    for activity in (both, edited(far, fern, note, to=both["object"]["to"], tag=both["object"]["tag"])):
        sends(far, activity, fern)
        drain()

    assert told(alice) == told(bob) == [("mention", acct(far))]
    (notice,) = bob.get("/api/v1/notifications").json
    assert notice["status"]["uri"] == note["id"]
    assert mentioned(notice["status"]) == ["alice", "bob"]


def test_an_edit_that_names_without_addressing_tells_nobody(far: Peer, alice: Person, bob: Person,
                                                           drain: Drain) -> None:
    fern = far.actor("fern")
    note = far.note(fern, "for alice", to=[uri(alice)], tag=[mention(alice)], cc=[])
    sends(far, create(far, note, fern), fern)
    sends(far, edited(far, fern, note, tag=[mention(alice), mention(bob)]), fern)
    drain()

    assert told(bob) == []


# Conversations.


def test_everybody_in_a_conversation_of_three_servers_is_shown_and_answered(
        far: Peer, third: Peer, alice: Person, drain: Drain) -> None:
    fern, gary = far.actor("fern"), third.actor("gary")
    alice.get(f"/api/v2/search?resolve=true&q={gary['id']}")
    note = far.note(fern, "psst", to=[uri(alice), gary["id"]], cc=[], tag=[mention(alice)])
    sends(far, create(far, note, fern), fern)
    drain()

    (entry,) = alice.get("/api/v1/conversations").json
    assert sorted(mentioned(entry["last_status"])) == sorted(["alice", acct(third, "gary")])
    assert sorted(each["acct"] for each in entry["accounts"]) == sorted([acct(far), acct(third, "gary")])

    reply = alice.posts("psst to you", visibility="direct", in_reply_to_conversation_id=entry["id"])
    drain()

    assert sorted(mentioned(reply)) == sorted([acct(far), acct(third, "gary")])
    for peer in (far, third):
        (got,) = [each.json for each in peer.received]
        assert sorted(got["to"]) == sorted([fern["id"], gary["id"]])
        assert got["object"]["conversation"] == got["object"]["context"]


def test_an_answer_also_reaches_those_who_were_unknown(far: Peer, third: Peer, alice: Person, drain: Drain) -> None:
    fern, gary = far.actor("fern"), third.actor("gary")
    note = far.note(fern, "psst", to=[uri(alice), gary["id"], f"{third.url}/users/nobody"], cc=[], tag=[mention(alice)])
    sends(far, create(far, note, fern), fern)
    drain()
    assert third.asked == [], "nobody is fetched because somebody names them"
    (entry,) = alice.get("/api/v1/conversations").json

    reply = alice.posts(f"@{acct(far)} hello", visibility="direct", in_reply_to_id=entry["last_status"]["id"])
    drain()

    assert sorted(mentioned(reply)) == sorted([acct(far), acct(third, "gary")])
    assert [each.json["type"] for each in third.received] == ["Create"]
    (got,) = [each.json for each in far.received]
    assert set(got["to"]) == {fern["id"], gary["id"], f"{third.url}/users/nobody"}
