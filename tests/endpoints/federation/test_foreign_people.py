"""Accounts of other servers among the people of this one: how they look, and what they are told of (nothing)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.federation.arriving import learn_account
from chalicelib.store.notifications.notifications import Notification
from chalicelib.store.relationships.relations import Relation
from chalicelib.store.timelines.feeds import HomeRow
from tests.cast import Person
from tests.domain.federation.foreigners import FAR, actor, comes, posts

BLOB = {"type": "Emoji", "name": ":blob:", "icon": {"type": "Image", "url": f"{FAR}/blob.png"}}


def test_an_account_of_another_server_is_shown_as_its_own(alice: Person) -> None:
    fern = comes(icon={"type": "Image", "url": f"{FAR}/fern.png"}, tag=BLOB, type="Service",
                 manuallyApprovesFollowers=True)

    shown = alice.get(f"/api/v1/accounts/{fern.id}").json

    assert (shown["acct"], shown["username"], shown["display_name"]) == ("fern@far.example", "fern", "Fern")
    assert (shown["url"], shown["pleroma"]["ap_id"]) == (f"{FAR}/@fern", f"{FAR}/users/fern")
    assert shown["note"] == "<p>From afar</p>"
    assert shown["avatar"] == f"{FAR}/fern.png"
    assert shown["header"] == "http://kenoma.test/images/banner.png"
    assert shown["emojis"][0] | {"visible_in_picker": False} == {
        "shortcode": "blob", "url": f"{FAR}/blob.png", "static_url": f"{FAR}/blob.png", "visible_in_picker": False}
    assert (shown["bot"], shown["locked"], shown["created_at"]) == (True, True, "2024-05-06T00:00:00.000Z")
    assert shown["pleroma"]["accepts_chat_messages"] is None


def test_it_is_found_by_name_and_by_words_of_its_names(alice: Person) -> None:
    fern = comes()

    assert alice.get("/api/v1/accounts/fern@far.example").json["id"] == fern.id
    assert [each["id"] for each in alice.get("/api/v1/accounts/search", {"q": "fern"}).json] == [fern.id]


def test_it_counts_among_nobody_here(alice: Person, admin: Person) -> None:
    comes()

    assert alice.get("/api/v1/instance").json["stats"]["user_count"] == 2
    listed = admin.get("/api/pleroma/admin/users", {"filters": "local"}).json
    assert {each["nickname"] for each in listed["users"]} == {"alice", "admin"}
    listed = admin.get("/api/pleroma/admin/users", {"filters": "external"}).json
    assert [each["nickname"] for each in listed["users"]] == ["fern@far.example"]


def test_a_status_of_another_server_is_shown_as_its_own(alice: Person) -> None:
    status = posts(comes(), url=[{"type": "Link", "mediaType": "text/html", "href": f"{FAR}/@fern/1"}], tag=BLOB,
                   published="2024-05-06T07:08:09Z", contentMap={"en": "<p>Hello from afar</p>"})

    shown = alice.get(f"/api/v1/statuses/{status.id}").json

    assert (shown["uri"], shown["url"]) == (f"{FAR}/notes/1", f"{FAR}/@fern/1")
    assert shown["created_at"] == "2024-05-06T07:08:09.000Z"
    assert (shown["content"], shown["language"]) == ("<p>Hello from afar</p>", "en")
    assert shown["pleroma"]["content"] == {"text/plain": "Hello from afar"}
    assert shown["pleroma"]["local"] is False
    assert shown["emojis"][0]["url"] == f"{FAR}/blob.png"
    assert shown["account"]["acct"] == "fern@far.example"


def test_foreign_media_are_linked(alice: Person) -> None:
    picture = {"type": "Document", "mediaType": "image/png", "url": f"{FAR}/1.png", "name": "A fern", "blurhash": "ab"}
    status = posts(comes(), attachment=[picture])

    (shown,) = alice.get(f"/api/v1/statuses/{status.id}").json["media_attachments"]

    assert (shown["type"], shown["url"], shown["remote_url"], shown["preview_url"]) == ("image", *[f"{FAR}/1.png"] * 3)
    assert (shown["description"], shown["blurhash"]) == ("A fern", "ab")


def test_a_poll_shows_what_its_server_counted(alice: Person) -> None:
    options = [{"type": "Note", "name": name, "replies": {"totalItems": count}} for name, count in [("a", 3), ("b", 4)]]
    one = posts(comes(), 1, type="Question", oneOf=options, endTime=None)
    several = posts(comes(), 2, type="Question", anyOf=options, votersCount=5, closed="2024-01-01T00:00:00Z")
    unknown = posts(comes(), 3, type="Question", anyOf=options)

    first, second, third = (alice.get(f"/api/v1/statuses/{each.id}").json["poll"] for each in (one, several, unknown))

    assert (first["multiple"], first["voters_count"], first["votes_count"]) == (False, 7, 7)
    assert (first["expires_at"], first["expired"]) == (None, False)
    assert [(each["title"], each["votes_count"]) for each in first["options"]] == [("a", 3), ("b", 4)]
    assert (second["multiple"], second["voters_count"], second["expired"]) == (True, 5, True)
    assert second["expires_at"] == "2024-01-01T00:00:00.000Z"
    assert third["voters_count"] is None


def test_somebody_here_can_mention_somebody_elsewhere(alice: Person) -> None:
    fern = comes()

    shown = alice.posts("hello @fern@far.example")

    assert shown["mentions"] == [
        {"id": fern.id, "acct": "fern@far.example", "username": "fern", "url": f"{FAR}/@fern"}]
    assert f'href="{FAR}/@fern"' in shown["content"]


@pytest.mark.parametrize("visibility", ["public", "direct"])
def test_people_elsewhere_have_no_rows_here(visibility: str, alice: Person, drain: Callable[[], object]) -> None:
    """Neither notifications nor a home timeline nor conversations: they read at their own servers."""
    fern = comes()
    status = posts(fern)

    alice.posts("hello @fern@far.example", visibility=visibility)
    alice.post(f"/api/v1/statuses/{status.id}/favourite")
    alice.post(f"/api/v1/accounts/{fern.id}/follow")
    drain()

    assert list(Notification.query(fern.id)) == []
    assert [row.feed for feed in ("h#", "d#") for row in HomeRow.query(f"{feed}{fern.id}")] == []


def test_followers_elsewhere_get_nothing_on_a_timeline_here(alice: Person, bob: Person,
                                                            drain: Callable[[], object]) -> None:
    fern = comes()
    bob.follows(alice)
    Relation(alice.id, fern.id, followed="a", follower_id=fern.id, other_inbox=f"{FAR}/inbox").save()

    status = alice.posts("hello")
    drain()

    assert bob.home() == [status["id"]]
    assert list(HomeRow.query(f"h#{fern.id}")) == []


@pytest.mark.parametrize("said", [
    {"name": None}, {"name": "   "}, {"summary": None}, {"icon": None, "image": None}, {"attachment": None},
    {"tag": None}, {"endpoints": "https://far.example/e"}, {"followers": None, "outbox": None}, {"publicKey": None},
])
def test_an_account_that_lacks_something_is_shown_all_the_same(said: dict[str, Any], alice: Person) -> None:
    fern = learn_account(actor() | said)

    shown = alice.get(f"/api/v1/accounts/{fern.id}").json

    assert shown["display_name"] == ("fern" if "name" in said else "Fern")


def test_pages_may_show_pictures_films_and_sound_of_other_servers(anonymous: Person) -> None:
    policy = anonymous.get("/api/v1/instance").headers["content-security-policy"]

    assert "img-src 'self' data: https:;" in policy
    assert "media-src 'self' https:;" in policy


def test_a_direct_status_from_elsewhere_is_part_of_a_conversation(alice: Person, bob: Person) -> None:
    fern = comes()
    posts(fern, to=["http://kenoma.test/users/alice"], cc=[])

    (conversation,) = alice.get("/api/v1/conversations").json

    assert conversation["unread"]
    assert [each["acct"] for each in conversation["accounts"]] == ["fern@far.example"]
    assert conversation["last_status"]["visibility"] == "direct"
    assert bob.get("/api/v1/conversations").json == []


def test_what_was_written_elsewhere_can_be_passed_on_here(alice: Person, bob: Person,
                                                           drain: Callable[[], object]) -> None:
    status = posts(comes())
    bob.follows(alice)

    wrapper = alice.post(f"/api/v1/statuses/{status.id}/reblog").json
    drain()

    assert bob.home() == [wrapper["id"]]
    shown = bob.get(f"/api/v1/statuses/{wrapper['id']}").json
    assert shown["reblog"]["uri"] == f"{FAR}/notes/1"
    assert (shown["pleroma"]["local"], shown["reblog"]["pleroma"]["local"]) == (True, False)
