"""Edits between servers: those of people here are sent, and those of others are seen here."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.cast import Person
from tests.endpoints.federation.sending import Drain, create, mention, sends, to, told, uri
from tests.endpoints.federation.test_delivery import comes, follows, heard
from tests.endpoints.federation.test_inbox import acct
from tests.peers.scripted import PUBLIC, Document, Peer


def edit(person: Person, id: str, **said: Any) -> dict[str, Any]:
    reply = person.put(f"/api/v1/statuses/{id}", json=said)
    assert reply.status == 200, reply.body
    found: dict[str, Any] = reply.json
    return found


def contents(person: Person, id: str) -> list[str]:
    return [each["content"] for each in person.get(f"/api/v1/statuses/{id}/history").json]


def updated(far: Peer, fern: Document, note: Document, content: str, at: str | None, **said: Any) -> Document:
    changed = {**note, "content": content, **said} | ({"updated": at} if at is not None else {})
    return far.activity("Update", fern, changed)


# Those of people here.


def test_an_edit_is_sent_to_whoever_got_the_status(alice: Person, far: Peer, third: Peer, drain: Drain) -> None:
    follows(comes(far), alice)
    comes(third, "gary")
    picture = io.BytesIO()
    Image.new("RGB", (8, 4)).save(picture, "PNG")
    media = alice.post("/api/v1/media", form={"focus": "0,1"},
                       files={"file": ("a.png", picture.getvalue(), "image/png")}).json["id"]
    status = alice.posts("one")
    drain()

    shown = edit(alice, status["id"], status=f"two @{acct(third, 'gary')}", language="fr", media_ids=[media])
    (update,) = heard(far, drain)

    note = update["object"]
    assert (update["type"], note["id"], note["published"]) == ("Update", status["uri"], status["created_at"])
    assert (note["updated"], note["content"]) == (shown["edited_at"], shown["content"])
    assert note["contentMap"] == {"fr": shown["content"]}
    assert {name: note["attachment"][0][name] for name in ("width", "height", "focalPoint")} == {
        "width": 8, "height": 4, "focalPoint": [0.0, 1.0]}
    assert note["attachment"][0]["blurhash"] == shown["media_attachments"][0]["blurhash"]
    assert [each.json["type"] for each in third.received] == ["Update"], "who is named gets it too"
    assert far.received[-1].json["id"] != edit(alice, status["id"], status="three")["uri"]
    (again,) = heard(far, drain)
    assert again["id"] != update["id"]
    assert again["object"]["updated"] > note["updated"]


def test_what_does_not_leave_is_not_sent_when_it_is_edited(alice: Person, far: Peer, drain: Drain) -> None:
    follows(comes(far), alice)
    drain()
    status = alice.posts("one", visibility="local")
    edit(alice, status["id"], status="two")

    assert heard(far, drain) == []


def test_others_see_when_a_status_was_edited(alice: Person, anonymous: Person) -> None:
    status = alice.posts("one")
    path = status["uri"].removeprefix("http://kenoma.test")
    asked = {"headers": {"Accept": "application/activity+json"}}

    before = anonymous.get(path, **asked).json
    shown = edit(alice, status["id"], status="two")
    after = anonymous.get(path, **asked).json

    assert ("updated" in before, "contentMap" in before) == (False, False)
    assert (after["updated"], after["content"]) == (shown["edited_at"], "two")


# Those of others.


def test_an_edit_elsewhere_is_seen_and_told_of_here(far: Peer, alice: Person, bob: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    note = far.note(fern, "one", **to(alice))
    sends(far, create(far, note, fern), fern)
    drain()
    id = alice.get("/api/v1/notifications").json[0]["status"]["id"]
    assert bob.post(f"/api/v1/statuses/{id}/reblog").status == 200
    drain()
    activity = updated(far, fern, note, "<p>two</p>", "2098-02-01T00:00:00Z")
    for _ in range(2):
        sends(far, activity, fern)
        drain()
    sends(far, updated(far, fern, note, "<p>too old</p>", "2098-01-15T00:00:00Z"), fern)
    sends(far, updated(far, fern, note, "<p>two</p>", "2098-02-01T00:00:00Z"), fern)
    drain()

    shown = bob.get(f"/api/v1/statuses/{id}").json
    assert (shown["content"], shown["edited_at"]) == ("<p>two</p>", "2098-02-01T00:00:00.000Z")
    assert contents(bob, id) == ["<p>one</p>", "<p>two</p>"]
    assert (told(bob), told(alice)) == ([("update", acct(far))], [("mention", acct(far))])


def test_an_edit_without_a_date_is_one_all_the_same(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    note = far.note(fern, "one", **to(alice))
    sends(far, create(far, note, fern), fern)
    drain()
    id = alice.get("/api/v1/notifications").json[0]["status"]["id"]
    sends(far, updated(far, fern, note, "<p>one</p>", None, summary="a subject"), fern)
    sends(far, updated(far, fern, note, "<p>one</p>", None, summary="a subject"), fern)
    drain()

    shown = alice.get(f"/api/v1/statuses/{id}").json
    assert (shown["spoiler_text"], shown["edited_at"] >= shown["created_at"]) == ("a subject", True)
    assert len(contents(alice, id)) == 2


@pytest.mark.parametrize("dated", [True, False])
def test_new_counts_of_a_poll_are_no_edit(far: Peer, alice: Person, drain: Drain, dated: bool) -> None:
    fern = far.actor("fern")

    def options(count: int) -> list[Document]:
        return [{"type": "Note", "name": name, "replies": {"totalItems": count}} for name in ("tea", "milk")]

    asked = far.note(fern, "which?", type="Question", oneOf=options(0), **to(alice))
    sends(far, create(far, asked, fern), fern)
    drain()
    id = alice.get("/api/v1/notifications").json[0]["status"]["id"]
    sends(far, updated(far, fern, asked, asked["content"], "2098-01-01T00:00:00Z" if dated else None,
                       oneOf=options(3)), fern)
    drain()

    shown = alice.get(f"/api/v1/statuses/{id}").json
    assert (shown["edited_at"], shown["poll"]["votes_count"], len(contents(alice, id))) == (None, 6, 1)


def test_whom_an_edit_elsewhere_names_in_a_direct_status_gets_the_conversation(
        far: Peer, alice: Person, bob: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    note = far.note(fern, "psst", to=[uri(alice)], tag=[mention(alice)], cc=[])
    sends(far, create(far, note, fern), fern)
    drain()
    sends(far, updated(far, fern, note, "<p>you too</p>", "2098-01-01T00:00:00Z", to=[uri(alice), uri(bob)],
                       tag=[mention(alice), mention(bob)]), fern)
    drain()

    (entry,) = bob.get("/api/v1/conversations").json
    assert (entry["last_status"]["content"], entry["unread"]) == ("<p>you too</p>", True)
    assert told(bob) == [("mention", acct(far))]


def test_what_was_edited_before_it_came_says_when(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    note = far.note(fern, "two", **to(alice), updated="2098-01-02T00:00:00Z", contentMap={"de": "<p>two</p>"})
    sends(far, create(far, note, fern), fern)
    drain()

    shown = alice.get("/api/v1/notifications").json[0]["status"]
    assert (shown["edited_at"], shown["language"]) == ("2098-01-02T00:00:00.000Z", "de")
    assert PUBLIC in note["to"]
    assert len(contents(alice, shown["id"])) == 1
