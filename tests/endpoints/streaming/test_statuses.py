"""Statuses on streams: who hears of a new one, of an edit, and of a deletion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Person
from tests.endpoints.streaming.conftest import Drain, Listens
from tests.other_server import serving
from tests.sockets import Gateway, Socket

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000"
                    "000301010018dd8db00000000049454e44ae426082")


def updates(socket: Socket, name: str = "update") -> list[str]:
    return [payload["id"] for _, payload in socket.events(name)]


# Home.


def test_followers_hear_of_a_status_at_once(listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    alice.follows(bob)
    drain()
    socket = listens(alice, "user")

    status = bob.posts("hello")
    drain()

    assert socket.names == ["update"]
    ((stream, payload),) = socket.events()
    assert stream == ["user"]
    shown = alice.get(f"/api/v1/statuses/{status['id']}").json
    assert payload == {**shown, "filtered": []}


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "local"])
def test_followers_hear_of_what_is_for_them_and_strangers_do_not(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person, visibility: str) -> None:
    alice.follows(bob)
    drain()
    follower, stranger, author = listens(alice, "user"), listens(carol, "user"), listens(bob, "user")

    status = bob.posts("hello", visibility=visibility)
    drain()

    assert (updates(follower), updates(stranger), updates(author)) == ([status["id"]], [], [status["id"]])


def test_only_those_addressed_hear_of_a_direct_status(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person) -> None:
    alice.follows(bob)
    drain()
    follower, named = listens(alice, "user"), listens(carol, "user")

    status = bob.posts("@carol hello", visibility="direct")
    drain()

    assert updates(follower) == []
    assert updates(named) == [status["id"]]


def test_a_status_for_a_list_is_heard_of_by_its_members(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person) -> None:
    list_id = bob.post("/api/v1/lists", {"title": "friends"}).json["id"]
    bob.follows(alice)
    drain()
    bob.post(f"/api/v1/lists/{list_id}/accounts", {"account_ids": [alice.id]})
    member, stranger = listens(alice, "user"), listens(carol, "user")

    status = bob.posts("hello", visibility=f"list:{list_id}")
    drain()

    assert updates(member) == [status["id"]]
    assert updates(stranger) == []


def test_a_tag_that_somebody_follows_brings_a_status_home(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person) -> None:
    alice.post("/api/v1/tags/cats/follow")
    carol.post("/api/v1/tags/cats/follow")
    carol.post(f"/api/v1/accounts/{bob.id}/block")
    drain()
    follower, blocker = listens(alice, "user"), listens(carol, "user")

    status = bob.posts("look #Cats")
    bob.posts("look #cats", visibility="unlisted")
    drain()

    assert updates(follower) == [status["id"]]
    assert updates(blocker) == []


def _blocks(viewer: Person, author: Person) -> None:
    viewer.post(f"/api/v1/accounts/{author.id}/block")


def _mutes(viewer: Person, author: Person) -> None:
    viewer.post(f"/api/v1/accounts/{author.id}/mute")


def _filters(viewer: Person, author: Person) -> None:
    viewer.post("/api/v2/filters", json={"title": "cats", "context": ["home", "public"], "filter_action": "hide",
                                         "keywords_attributes": [{"keyword": "cats"}]})


@pytest.mark.parametrize("does", [_blocks, _mutes, _filters])
@pytest.mark.parametrize("stream", ["user", "list"])
def test_a_viewer_does_not_hear_what_they_hide(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person, does: Callable[..., None],
        stream: str) -> None:
    lists = {}
    for person in (alice, carol):
        person.follows(bob)
        lists[person.id] = person.post("/api/v1/lists", {"title": "all"}).json["id"]
        person.post(f"/api/v1/lists/{lists[person.id]}/accounts", {"account_ids": [bob.id]})
    drain()
    does(alice, bob)
    drain()
    hides, hears = [listens(each, stream, **({"list": lists[each.id]} if stream == "list" else {}))
                    for each in (alice, carol)]

    status = bob.posts("cats")
    drain()

    assert (updates(hides), updates(hears)) == ([], [status["id"]])


@pytest.mark.parametrize("does", [_blocks, _mutes])
@pytest.mark.parametrize("stream", ["public", "public:local", "hashtag"])
def test_hidden_people_are_not_heard_in_public_by_who_is_signed_in(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person, does: Callable[..., None],
        stream: str) -> None:
    does(alice, bob)
    drain()
    more = {"tag": "cats"} if stream == "hashtag" else {}
    hides, hears, nobody = (listens(each, stream, **more) for each in (alice, carol, None))

    status = bob.posts("#cats")
    drain()

    assert (updates(hides), updates(hears), updates(nobody)) == ([], [status["id"]], [status["id"]])


def test_who_addresses_a_hidden_account_is_not_heard(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person) -> None:
    alice.follows(bob)
    _blocks(alice, carol)
    drain()
    home, public = listens(alice, "user"), listens(alice, "public")

    bob.posts("@carol hello")
    drain()

    assert updates(home) == updates(public) == []


def test_a_muted_thread_is_not_heard(listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    alice.follows(bob)
    first = bob.posts("one")
    alice.post(f"/api/v1/statuses/{first['id']}/mute")
    drain()
    home, public = listens(alice, "user"), listens(alice, "public")

    bob.posts("two", in_reply_to_id=first["id"])
    drain()

    assert updates(home) == updates(public) == []


def test_a_filter_that_only_warns_is_told(listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    alice.follows(bob)
    alice.post("/api/v2/filters", json={"title": "cats", "context": ["home"], "filter_action": "warn",
                                        "keywords_attributes": [{"keyword": "cats"}]})
    drain()
    home, public = listens(alice, "user"), listens(alice, "public")

    bob.posts("cats")
    drain()

    (_, at_home), (_, in_public) = home.events("update")[0], public.events("update")[0]
    assert [each["filter"]["title"] for each in at_home["filtered"]] == ["cats"]
    assert in_public["filtered"] == []


def test_a_reblog_comes_home_but_not_into_public(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person) -> None:
    alice.follows(bob)
    drain()
    status = carol.posts("hello")
    drain()
    home, public, author = listens(alice, "user"), listens(alice, "public"), listens(carol, "user")

    reblog = bob.post(f"/api/v1/statuses/{status['id']}/reblog").json
    drain()

    assert [(payload["id"], payload["reblog"]["id"]) for _, payload in home.events("update")] == [
        (reblog["id"], status["id"])]
    assert updates(public) == updates(author) == []


def test_hidden_reblogs_are_not_heard(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person) -> None:
    alice.post(f"/api/v1/accounts/{bob.id}/follow", {"reblogs": False})
    status = carol.posts("hello")
    drain()
    home = listens(alice, "user")

    bob.post(f"/api/v1/statuses/{status['id']}/reblog")
    drain()

    assert updates(home) == []


# Lists.


def test_a_list_has_what_its_members_write_and_no_reblogs(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person) -> None:
    alice.follows(bob)
    list_id = alice.post("/api/v1/lists", {"title": "one"}).json["id"]
    other_id = alice.post("/api/v1/lists", {"title": "none"}).json["id"]
    alice.post(f"/api/v1/lists/{list_id}/accounts", {"account_ids": [bob.id]})
    carols = carol.posts("hello")
    drain()
    members, others = listens(alice, "list", list=list_id), listens(alice, "list", list=other_id)

    status = bob.posts("hello", visibility="private")
    bob.post(f"/api/v1/statuses/{carols['id']}/reblog")
    drain()

    assert [(stream, payload["id"]) for stream, payload in members.events()] == [(["list", list_id], status["id"])]
    assert others.frames == []


# What is public.


def test_a_status_is_on_each_public_stream_where_it_belongs(
        listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    names = [f"public{place}{kind}" for place in ("", ":local", ":remote") for kind in ("", ":media")]
    heard = {name: listens(None, name) for name in names}
    media = bob.post("/api/v1/media", files={"file": ("a.png", PNG, "image/png")}).json["id"]

    plain = bob.posts("hello")["id"]
    picture = bob.posts("look", media_ids=[media])["id"]
    for visibility in ("unlisted", "private", "local", "direct"):
        bob.posts("hello", visibility=visibility)
    drain()

    assert {name: sorted(updates(each)) for name, each in heard.items()} == {
        "public": [plain, picture], "public:media": [picture], "public:local": [plain, picture],
        "public:local:media": [picture], "public:remote": [], "public:remote:media": []}
    assert {tuple(stream) for each in heard.values() for stream, _ in each.events()} == {
        ("public",), ("public:media",), ("public:local",), ("public:local:media",)}


def test_what_is_local_is_heard_by_who_is_signed_in(listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    signed_in, nobody, public = listens(alice, "public:local"), listens(None, "public:local"), listens(alice, "public")

    status = bob.posts("hello", visibility="local")
    drain()

    assert (updates(signed_in), updates(nobody), updates(public)) == ([status["id"]], [], [])


def test_a_tag_is_heard_in_any_letter_case_and_named_as_it_was_asked_for(
        listens: Listens, drain: Drain, bob: Person) -> None:
    upper, local, other = (listens(None, "hashtag", tag="CATS"), listens(None, "hashtag:local", tag="cats"),
                           listens(None, "hashtag", tag="dogs"))

    status = bob.posts("#Cats")
    bob.posts("#cats", visibility="unlisted")
    drain()

    assert [(stream, payload["id"]) for stream, payload in upper.events()] == [(["hashtag", "CATS"], status["id"])]
    assert [(stream, payload["id"]) for stream, payload in local.events()] == [
        (["hashtag:local", "cats"], status["id"])]
    assert other.frames == []


def test_two_subscriptions_of_a_socket_get_a_status_twice(
        sockets: Gateway, listens: Listens, drain: Drain, bob: Person) -> None:
    socket = listens(bob, "public")
    sockets.say(socket, type="subscribe", stream="user")

    bob.posts("hello")
    drain()

    assert sorted(stream for stream, _ in socket.events("update")) == [["public"], ["user"]]


# Edits and deletions.


def test_an_edit_is_heard_where_the_status_was(listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    alice.follows(bob)
    status = bob.posts("hello #cats")
    alice.post(f"/api/v1/statuses/{status['id']}/favourite")
    drain()
    home, public, tag = listens(alice, "user"), listens(None, "public"), listens(None, "hashtag", tag="cats")

    bob.put(f"/api/v1/statuses/{status['id']}", {"status": "hello again #cats"})
    drain()

    for each in (home, public, tag):
        assert updates(each, "status.update") == [status["id"]]
        assert updates(each) == []
    assert home.events("status.update")[0][1]["favourited"] is True
    assert public.events("status.update")[0][1]["favourited"] is False


def test_a_preview_that_comes_later_is_heard_where_the_status_is(
        listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    alice.follows(bob)
    drain()
    home, public = listens(alice, "user"), listens(None, "public")

    page = b'<title>x</title><meta property="og:title" content="The page"><meta name="description" content="x">'
    with serving({"/page": (200, page, {"Content-Type": "text/html"})}) as web:
        status = bob.posts(f"look {web.url}/page")
        drain()

    for each in (home, public):
        assert each.names == ["update", "status.update"]
        assert updates(each, "status.update") == [status["id"]]
        assert each.events("status.update")[0][1]["card"]["title"] == "The page"


def test_a_status_that_the_staff_hides_is_gone_for_those_who_may_not_see_it_any_more(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person, admin: Person) -> None:
    alice.follows(bob)
    status = bob.posts("hello #cats")
    drain()
    lose = [listens(None, "public"), listens(carol, "user"), listens(None, "hashtag", tag="cats")]
    keep = [listens(alice, "user"), listens(bob, "user")]
    other = listens(None, "hashtag", tag="dogs")

    admin.put(f"/api/v1/pleroma/admin/statuses/{status['id']}", json={"visibility": "private"})
    drain()

    for each in lose:
        assert [(name, payload) for name, (_, payload) in zip(each.names, each.events(), strict=True)] == [
            ("delete", status["id"])]
    for each in keep:
        assert each.names == ["status.update"]
        assert each.events()[0][1]["visibility"] == "private"
    assert other.frames == []


def test_a_status_that_the_staff_shows_is_told_to_those_who_see_it_now(
        listens: Listens, drain: Drain, alice: Person, bob: Person, admin: Person) -> None:
    status = bob.posts("hello", visibility="unlisted")
    drain()
    public, home = listens(None, "public"), listens(alice, "user")

    admin.put(f"/api/v1/pleroma/admin/statuses/{status['id']}", json={"visibility": "public"})
    drain()

    assert updates(public, "status.update") == [status["id"]]
    assert home.frames == []


def test_a_status_that_leaves_the_public_timeline_is_not_gone(
        listens: Listens, drain: Drain, alice: Person, bob: Person, admin: Person) -> None:
    """Clients that hear of a deletion forget a status everywhere."""
    alice.follows(bob)
    status = bob.posts("hello")
    drain()
    public, home = listens(alice, "public"), listens(alice, "user")

    admin.put(f"/api/v1/pleroma/admin/statuses/{status['id']}", json={"visibility": "unlisted"})
    drain()

    assert (public.names, home.names) == ([], ["status.update"])


def test_a_deletion_is_an_id_for_all_whom_the_status_may_have_reached(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person) -> None:
    status = bob.posts("hello #cats")
    drain()
    heard = [listens(carol, "user"), listens(None, "public"), listens(None, "hashtag", tag="Cats")]
    others = [listens(None, "hashtag", tag="dogs"), listens(alice, "user:notification"), listens(alice, "direct")]

    bob.delete(f"/api/v1/statuses/{status['id']}")
    drain()

    assert [each.events("delete") for each in heard] == [
        [(["user"], status["id"])], [(["public"], status["id"])], [(["hashtag", "Cats"], status["id"])]]
    assert [each.frames for each in others] == [[], [], []]


def test_of_what_was_direct_only_the_addressed_hear_that_it_is_gone(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person) -> None:
    status = bob.posts("@alice hello", visibility="direct")
    private = bob.posts("hello", visibility="private")
    carol.follows(bob)
    drain()
    named, follower, nobody = listens(alice, "user"), listens(carol, "user"), listens(None, "public")

    bob.delete(f"/api/v1/statuses/{status['id']}")
    bob.delete(f"/api/v1/statuses/{private['id']}")
    drain()

    assert [payload for _, payload in named.events("delete")] == [status["id"]]
    assert [payload for _, payload in follower.events("delete")] == [private["id"]]
    assert nobody.frames == []


def test_a_reblog_that_is_taken_back_is_gone(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person) -> None:
    alice.follows(bob)
    status = carol.posts("hello")
    reblog = bob.post(f"/api/v1/statuses/{status['id']}/reblog").json["id"]
    drain()
    home = listens(alice, "user")

    bob.post(f"/api/v1/statuses/{status['id']}/unreblog")
    drain()

    assert home.events("delete") == [(["user"], reblog)]


def test_an_update_that_comes_after_the_deletion_is_not_sent(
        listens: Listens, drain: Drain, bob: Person) -> None:
    public = listens(None, "public")

    status = bob.posts("hello")
    bob.delete(f"/api/v1/statuses/{status['id']}")
    drain()

    assert public.names == ["delete"]


# Who may hear is decided when something is sent.


@pytest.mark.parametrize("ends", ["revoked", "password", "deactivated"])
def test_who_may_not_see_it_any_more_does_not_hear_it(
        listens: Listens, drain: Drain, alice: Person, bob: Person, admin: Person, aws: Any, ends: str) -> None:
    alice.follows(bob)
    drain()
    home, public = listens(alice, "user"), listens(alice, "public")
    if ends == "revoked":
        alice.post("/oauth/revoke", {"token": alice.token})
    elif ends == "password":
        alice.post("/api/pleroma/change_password", {
            "password": "kenoma-local", "new_password": "another", "new_password_confirmation": "another"})
    else:
        admin.patch("/api/v1/pleroma/admin/users/deactivate", json={"nicknames": ["alice"]})
    aws.wipe_queues()  # the sockets are not closed yet

    bob.posts("hello")
    drain()

    assert home.frames == public.frames == []


def test_an_unfollow_counts_at_once(listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    alice.follows(bob)
    drain()
    home = listens(alice, "user")

    bob.posts("hello")
    alice.post(f"/api/v1/accounts/{bob.id}/unfollow")
    drain()

    assert updates(home) == []


def test_where_timelines_were_closed_meanwhile_nobody_hears_them(
        listens: Listens, drain: Drain, setting: Any, bob: Person, alice: Person) -> None:
    nobody, signed_in = listens(None, "public"), listens(alice, "public")
    setting(restrict_timelines=True)

    bob.posts("hello")
    drain()

    assert (nobody.names, signed_in.names) == ([], ["update"])


def test_who_follows_in_some_languages_hears_of_these(
        listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    alice.post(f"/api/v1/accounts/{bob.id}/follow", json={"languages": ["de"]})
    drain()
    follower, visitor = listens(alice, "user"), listens(alice, "public")

    german, dutch = bob.posts("german", language="de"), bob.posts("dutch", language="nl")
    drain()

    assert updates(follower) == [german["id"]]
    assert sorted(updates(visitor)) == [german["id"], dutch["id"]]
