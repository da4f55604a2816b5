"""Accounts and their collections, as other servers ask for them."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from app import api_handler
from chalicelib.domain import vault
from chalicelib.domain.federation.documents.context import CONTEXT
from chalicelib.store import files
from chalicelib.store.accounts import accounts
from chalicelib.store.dynamo.table import update
from chalicelib.store.federation import keys
from tests.cast import PASSWORD
from tests.edges import Sent, http_api, local_stage, reply_of
from tests.pictures import picture

ACTIVITY = "application/activity+json"
BASE = "http://kenoma.test"
ALICE = f"{BASE}/users/alice"
EVERYBODY = "https://www.w3.org/ns/activitystreams#Public"


def ask(person, path, accept=ACTIVITY, method="GET", **params):
    return person.request(method, path, params or None, headers={"Accept": accept} if accept is not None else None)


# The actor.


def test_an_actor(anonymous, alice):
    reply = ask(anonymous, "/users/alice")

    assert reply.status == 200
    assert reply.headers["content-type"] == "application/activity+json; charset=utf-8"
    key = reply.json.pop("publicKey")
    assert {name: value for name, value in reply.json.items() if name != "publicKey"} == {
        "@context": CONTEXT, "id": ALICE, "type": "Person", "preferredUsername": "alice", "name": "alice",
        "summary": "", "url": ALICE, "inbox": f"{ALICE}/inbox", "outbox": f"{ALICE}/outbox",
        "followers": f"{ALICE}/followers", "following": f"{ALICE}/following",
        "featured": f"{ALICE}/collections/featured", "endpoints": {"sharedInbox": f"{BASE}/inbox"},
        "manuallyApprovesFollowers": False, "discoverable": False, "indexable": False,
        "published": f"{alice.account.created_at[:10]}T00:00:00Z", "webfinger": "alice@kenoma.test",
        "capabilities": {"acceptsChatMessages": True}, "attachment": [], "tag": [],
    }
    assert (key["id"], key["owner"]) == (f"{ALICE}#main-key", ALICE)
    assert key["publicKeyPem"].startswith("-----BEGIN PUBLIC KEY-----\n")
    assert key["publicKeyPem"].endswith("\n-----END PUBLIC KEY-----\n")


def test_what_an_account_says_of_itself_is_in_it(anonymous, alice):
    alice.patch("/api/v1/accounts/update_credentials", form={
        "display_name": "Alice", "note": "about me", "fields_attributes[0][name]": "Garden", "locked": True,
        "fields_attributes[0][value]": "https://a.example", "discoverable": True, "accepts_chat_messages": False,
        "bot": True,
    }, files={"avatar": ("a.png", picture(), "image/png"), "header": ("h.png", picture(), "image/png")})

    actor = ask(anonymous, "/users/alice").json

    assert (actor["type"], actor["name"], actor["summary"]) == ("Service", "Alice", "about me")
    assert (actor["manuallyApprovesFollowers"], actor["discoverable"]) == (True, True)
    assert actor["capabilities"] == {"acceptsChatMessages": False}
    (field,) = actor["attachment"]
    assert (field["type"], field["name"]) == ("PropertyValue", "Garden")
    assert 'href="https://a.example"' in field["value"]
    shown = alice.get("/api/v1/accounts/verify_credentials").json
    assert actor["icon"] == {"type": "Image", "mediaType": "image/png", "url": shown["avatar"]}
    assert actor["image"] == {"type": "Image", "mediaType": "image/png", "url": shown["header"]}


def test_a_picture_that_is_only_the_default_is_no_picture(anonymous, alice):
    assert {"icon", "image", "alsoKnownAs", "movedTo"} & set(ask(anonymous, "/users/alice").json) == set()


@pytest.mark.parametrize("kind", ["jpg", "jpeg", "png", "gif", "webp"])
def test_a_picture_always_has_a_media_type(anonymous, alice, kind):
    update(accounts.Account.stub(alice.id, "P"), [accounts.Account.doc.set({"avatar": f"/media/x.{kind}"})])

    icon = ask(anonymous, "/users/alice").json["icon"]

    assert icon["mediaType"] == f"image/{'jpeg' if kind == 'jpg' else kind}"


def test_other_names_are_wishes(anonymous, alice):
    other = "https://far.example/users/alice"
    update(accounts.Account.stub(alice.id, "P"), [accounts.Account.doc.set({"also_known_as": [other]})])

    assert ask(anonymous, "/users/alice").json["alsoKnownAs"] == [other]


@pytest.mark.parametrize(("kept", "shown"), [("Person", "Person"), ("Service", "Service"), ("Application", "Service"),
                                             ("Group", "Person")])
def test_only_the_server_is_an_application(anonymous, alice, kept, shown):
    update(accounts.Account.stub(alice.id, "P"), [accounts.Account.actor_type.set(kept)])

    assert ask(anonymous, "/users/alice").json["type"] == shown


def test_custom_emoji_are_told_with_their_pictures(anonymous, alice):
    update(accounts.Account.stub(alice.id, "P"), [accounts.Account.doc.set({"emojis": {"blob": "pack/a b.png"}})])

    url = f"{BASE}/emoji/pack/a%20b.png"
    assert ask(anonymous, "/users/alice").json["tag"] == [
        {"type": "Emoji", "id": url, "name": ":blob:",
         "icon": {"type": "Image", "mediaType": "image/png", "url": url}}]


def test_the_key_stays_the_same(anonymous, alice):
    first, second = (ask(anonymous, "/users/alice") for _ in range(2))

    assert first.json["publicKey"] == second.json["publicKey"]
    assert "PRIVATE" not in first.text


def test_nothing_that_is_read_of_an_account_has_the_private_half(anonymous, alice, aws, drain, capfd):
    public = ask(anonymous, "/users/alice").json["publicKey"]["publicKeyPem"]
    row = keys.find(alice.id)
    opened = vault.unseal(row.private, about=f"key {alice.id}")
    alice.post("/api/v1/pleroma/backups")
    drain()

    (backup,) = alice.get("/api/v1/pleroma/backups").json
    archive = zipfile.ZipFile(io.BytesIO(files.get(backup["url"].removeprefix(f"{BASE}/"))))
    told = [archive.read(name).decode() for name in archive.namelist()]
    told += [ask(anonymous, path).text for path in ("/users/alice", "/internal/fetch", "/users/alice/outbox")]
    told += [alice.get("/api/v1/accounts/verify_credentials").text, *capfd.readouterr(), repr(row), repr(alice.account)]

    assert json.loads(archive.read("actor.json"))["publicKey"]["publicKeyPem"] == public
    for secret in (opened, row.private, "PRIVATE KEY"):
        assert [text for text in told if secret in text] == []


def test_without_an_encryption_key_an_actor_has_no_key(anonymous, alice, setting):
    setting(encryption_key="")

    assert "publicKey" not in ask(anonymous, "/users/alice").json


def test_what_an_actor_costs(anonymous, alice):
    ask(anonymous, "/users/alice")

    reply = ask(anonymous, "/users/alice")

    assert (reply.calls, reply.rounds) == (2, 2)


# Which form is wanted.


DOCUMENT = [
    ACTIVITY, "application/activity+json, application/ld+json",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"', "application/ld+json", "application/json",
    'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams", text/html;q=0.1',
]
PAGE = ["*/*", "text/html", "", None, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"]


@pytest.mark.parametrize("accept", DOCUMENT)
def test_a_server_gets_the_actor(anonymous, alice, accept):
    reply = ask(anonymous, "/users/alice", accept)

    assert (reply.status, reply.json["id"]) == (200, ALICE)
    assert reply.headers["content-type"] == "application/activity+json; charset=utf-8"


@pytest.mark.parametrize("accept", PAGE)
def test_people_get_a_page(anonymous, alice, accept):
    alice.patch("/api/v1/accounts/update_credentials", json={"display_name": "<Alice>", "note": "<i>about</i> me"})

    reply = ask(anonymous, "/users/alice", accept)

    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "&lt;Alice&gt;" in reply.text
    assert "@alice@kenoma.test" in reply.text


@pytest.mark.parametrize(("accept", "vary", "kept"), [
    (ACTIVITY, "Accept, Accept-Encoding", "public, max-age=0, s-maxage=10"),
    ("text/html", "Accept, Cookie, Accept-Encoding", "public, max-age=30"),
])
def test_caches_know_that_one_address_has_two_bodies(anonymous, alice, accept, vary, kept):
    reply = ask(anonymous, "/users/alice", accept)

    assert reply.headers["vary"] == vary
    assert reply.headers["cache-control"] == kept
    assert "set-cookie" not in reply.headers
    assert reply.headers["access-control-allow-origin"] == "*"


def test_somebody_signed_in_gets_the_same_and_no_cookie(alice):
    reply = ask(alice, "/users/alice")

    assert reply.json["id"] == ALICE
    assert reply.headers["cache-control"] == "no-store"
    assert "set-cookie" not in reply.headers


def test_two_headers_accept_count_as_one(anonymous, alice):
    sent = Sent("GET", "/users/alice", headers=(("Accept", "text/html;q=0.1"), ("Accept", ACTIVITY)))

    for edge in (http_api, local_stage):
        status, _, _, body = reply_of(api_handler(edge(sent), None))
        assert (status, json.loads(body)["id"]) == (200, ALICE)


@pytest.mark.parametrize(("told", "is_document"), [("activity", True), ("json", True), ("html", False)])
def test_what_the_cdn_keeps_a_reply_under_decides(anonymous, alice, told, is_document):
    """Else somebody could make it keep the one form for those who want the other."""
    headers = {"X-Kenoma-Front": "the key of the CDN of these tests", "X-Kenoma-Wants": told,
               "Accept": "text/html" if is_document else ACTIVITY}

    reply = anonymous.get("/users/alice", headers=headers)

    assert reply.headers["content-type"].startswith(ACTIVITY) is is_document


def test_nobody_else_can_say_that(anonymous, alice):
    reply = anonymous.get("/users/alice", headers={"X-Kenoma-Wants": "activity", "Accept": "text/html"})

    assert reply.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/users/alice", "/users/alice/outbox", "/users/alice/followers",
                                  "/users/alice/following", "/users/alice/collections/featured", "/internal/fetch"])
def test_head_answers_as_get(anonymous, alice, path):
    asked, head = ask(anonymous, path), ask(anonymous, path, method="HEAD")

    assert (head.status, head.text) == (200, "")
    assert head.headers["content-type"] == asked.headers["content-type"]
    assert head.headers["vary"] == asked.headers["vary"]


@pytest.mark.parametrize("path", ["/users/alice/", "/users/alice/outbox/", "/users/alice/collections/featured/",
                                  "/internal/fetch/"])
def test_a_slash_at_the_end_changes_nothing(anonymous, alice, path):
    assert ask(anonymous, path).json == ask(anonymous, path.rstrip("/")).json


# Who is found.


@pytest.mark.parametrize("accept", [ACTIVITY, "text/html"])
@pytest.mark.parametrize("path", ["/users/ALICE", "/@alice", "/@Alice", "/%40alice", "/@alice/"])
def test_other_addresses_lead_to_the_one_that_is_the_id(anonymous, alice, path, accept):
    reply = ask(anonymous, path, accept)

    assert (reply.status, reply.headers["location"]) == (302, ALICE)


@pytest.mark.parametrize("accept", [ACTIVITY, "text/html"])
def test_an_id_leads_there_too(anonymous, alice, accept):
    reply = ask(anonymous, f"/users/{alice.id}", accept)

    assert (reply.status, reply.headers["location"]) == (302, ALICE)


def test_a_nickname_wins_over_an_id(cast, anonymous, alice):
    """Nobody takes an address away by being called like somebody's id."""
    cast.person(alice.id)

    assert ask(anonymous, f"/users/{alice.id}").json["preferredUsername"] == alice.id


PATHS = ["/users/{}", "/@{}", "/users/{}/outbox", "/users/{}/followers", "/users/{}/following",
         "/users/{}/collections/featured", "/users/{}/outbox?page=true", "/users/{}/followers?page=true"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("state", [{"deactivated": True}, {"approval_pending": True}, None])
def test_who_is_not_shown_looks_like_nobody(cast, anonymous, path, state, setting):
    if state is not None:
        cast.person("hidden", **state)

    reply = ask(anonymous, path.format("hidden"))

    assert (reply.status, reply.json) == (404, {"error": "Not found"})
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PATHS)
def test_who_was_deleted_is_gone_for_ever(anonymous, alice, path, drain):
    assert alice.post("/api/pleroma/delete_account", json={"password": PASSWORD}).status == 200
    drain()

    reply = ask(anonymous, path.format("alice"))
    assert (reply.status, reply.json) == (410, {"error": "Gone"})


@pytest.mark.parametrize("name", ["internal.fetch", "x" * 5_000, "alice@kenoma.test", "bob@far.example", "..", "%00"])
def test_odd_names_are_nobodys(anonymous, alice, name):
    ask(anonymous, "/internal/fetch")

    assert ask(anonymous, f"/users/{name}").status == 404


def test_a_server_that_speaks_with_no_other_has_no_documents(anonymous, alice, setting):
    setting(federating=False)

    for path in (*PATHS[2:], "/internal/fetch"):
        reply = ask(anonymous, path.format("alice"))
        assert (reply.status, reply.json) == (404, {"error": "Not implemented"})
    assert ask(anonymous, "/users/alice").status == 404
    assert ask(anonymous, "/users/alice", "text/html").status == 200


@pytest.mark.parametrize("closed", [{"public": False}, {"restrict_profiles": True}])
def test_visitors_see_no_page_where_profiles_are_for_members(anonymous, alice, setting, closed):
    setting(**closed)

    assert ask(anonymous, "/users/alice", "text/html").status == 403


# The server itself.


def test_the_server_is_an_actor_too(anonymous, setting):
    reply = ask(anonymous, "/internal/fetch")

    id = f"{BASE}/internal/fetch"
    actor = reply.json
    key = actor.pop("publicKey")
    assert (key["id"], key["owner"]) == (f"{id}#main-key", id)
    assert {name: value for name, value in actor.items() if name not in ("name", "summary")} == {
        "@context": CONTEXT, "id": id, "type": "Application", "preferredUsername": "internal.fetch",
        "inbox": f"{id}/inbox", "endpoints": {"sharedInbox": f"{BASE}/inbox"}, "invisible": True,
        "manuallyApprovesFollowers": True,
    }
    assert reply.headers["content-type"] == "application/activity+json; charset=utf-8"


@pytest.mark.parametrize("accept", [None, "text/html", "*/*"])
def test_it_answers_whatever_form_is_wanted(anonymous, accept):
    assert ask(anonymous, "/internal/fetch", accept).json["type"] == "Application"


# The outbox.


def ids_in(reply):
    return [item["id"] for item in reply.json["orderedItems"]]


def activity_of(status):
    return status["uri"].replace("/objects/", "/activities/")


def test_an_outbox_has_what_was_written_and_reblogged_for_everybody(anonymous, alice, bob):
    bobs = bob.posts("from bob")
    first, second = alice.posts("first"), alice.posts("second", visibility="unlisted")
    reblog = alice.post(f"/api/v1/statuses/{bobs['id']}/reblog").json
    for visibility in ("private", "local", "direct"):
        alice.posts("@bob not for everybody", visibility=visibility)
    alice.post(f"/api/v1/statuses/{alice.posts('mine', visibility='private')['id']}/reblog")
    third = alice.posts("@bob third", in_reply_to_id=bobs["id"])

    whole, page = ask(anonymous, "/users/alice/outbox"), ask(anonymous, "/users/alice/outbox", page="true")

    assert whole.json == {
        "@context": CONTEXT, "id": f"{ALICE}/outbox", "type": "OrderedCollection",
        "totalItems": alice.account.statuses_count, "first": f"{ALICE}/outbox?page=true",
    }
    assert {name: page.json[name] for name in ("@context", "id", "type", "partOf")} == {
        "@context": CONTEXT, "id": f"{ALICE}/outbox?page=true", "type": "OrderedCollectionPage",
        "partOf": f"{ALICE}/outbox"}
    assert ids_in(page) == [activity_of(third), reblog["uri"].replace(bobs["uri"], wrapper_of(reblog)),
                            activity_of(second), activity_of(first)]
    items = page.json["orderedItems"]
    assert [item["type"] for item in items] == ["Create", "Announce", "Create", "Create"]
    assert items[1]["object"] == bobs["uri"]
    assert items[0]["object"]["inReplyTo"] == bobs["uri"]
    assert items[3]["object"]["content"] == "first"
    assert "@context" not in items[0]
    assert "next" not in page.json
    assert page.json["prev"] == f"{ALICE}/outbox?page=true&min_id={third['id']}"


def wrapper_of(reblog):
    from chalicelib.store.statuses.statuses import uri_of

    return uri_of(reblog["id"])


def test_an_outbox_is_read_to_its_end_by_pages(anonymous, alice):
    written = [alice.posts(str(number)) for number in range(45)]

    pages = list(pages_of(anonymous, f"{ALICE}/outbox?page=true"))

    assert [len(page.json["orderedItems"]) for page in pages] == [20, 20, 5]
    assert [id for page in pages for id in ids_in(page)] == [activity_of(each) for each in reversed(written)]
    assert len({page.json["id"] for page in pages}) == 3
    assert {(page.calls, page.rounds) for page in pages} == {(6, 5)}
    back = ask(anonymous, *split(pages[1].json["prev"]))
    assert ids_in(back) == ids_in(pages[0])


def pages_of(person, address):
    while address:
        reply = ask(person, *split(address))
        assert reply.status == 200
        yield reply
        address = reply.json.get("next")


def split(address):
    return (address.removeprefix(BASE),)


@pytest.mark.parametrize("cursor", ["max_id=nonsense", "min_id=nonsense", "max_id=" + "x" * 300, "max_id=0"])
@pytest.mark.parametrize("collection", ["outbox", "followers", "following"])
def test_an_unknown_place_has_nothing_in_it(anonymous, alice, bob, collection, cursor):
    alice.posts("hello")
    alice.follows(bob)
    bob.follows(alice)

    page = ask(anonymous, f"/users/alice/{collection}?page=true&{cursor}")

    assert (page.status, page.json["orderedItems"]) == (200, [])
    assert "next" not in page.json


def test_a_reblog_of_what_is_no_longer_there_is_left_out(anonymous, alice, bob):
    status = bob.posts("soon gone")
    alice.post(f"/api/v1/statuses/{status['id']}/reblog")
    bob.delete(f"/api/v1/statuses/{status['id']}")

    assert ids_in(ask(anonymous, "/users/alice/outbox", page="true")) == []


def test_an_empty_outbox_is_not_a_hidden_one(anonymous, alice):
    assert ask(anonymous, "/users/alice/outbox").json["first"] == f"{ALICE}/outbox?page=true"
    assert ids_in(ask(anonymous, "/users/alice/outbox", page="true")) == []


# Followers and following.


@pytest.mark.parametrize(("collection", "counted"), [("followers", 3), ("following", 3)])
def test_people_are_named_by_their_ids(cast, anonymous, alice, collection, counted):
    others = cast.people(3)
    for other in others:
        if collection == "followers":
            other.follows(alice)
        else:
            alice.follows(other)

    whole = ask(anonymous, f"/users/alice/{collection}")
    page = ask(anonymous, f"/users/alice/{collection}", page="true")

    assert whole.json == {
        "@context": CONTEXT, "id": f"{ALICE}/{collection}", "type": "OrderedCollection", "totalItems": counted,
        "first": f"{ALICE}/{collection}?page=true",
    }
    assert page.json["orderedItems"] == [f"{BASE}/users/{other.nickname}" for other in reversed(others)]
    assert page.json["partOf"] == f"{ALICE}/{collection}"


def test_followers_are_read_to_their_end_by_pages(cast, anonymous, alice):
    people = cast.people(43)
    for other in people:
        other.follows(alice)

    pages = list(pages_of(anonymous, f"{ALICE}/followers?page=true"))

    assert [len(page.json["orderedItems"]) for page in pages] == [40, 3]
    assert [uri for page in pages for uri in page.json["orderedItems"]] == [
        f"{BASE}/users/{each.nickname}" for each in reversed(people)]
    assert {(page.calls, page.rounds) for page in pages} == {(4, 4)}


@pytest.mark.parametrize(("collection", "setting_name"), [
    ("followers", "hide_followers"), ("following", "hide_follows")])
def test_a_hidden_list_has_no_pages_and_perhaps_no_count(anonymous, alice, bob, collection, setting_name):
    alice.follows(bob)
    bob.follows(alice)
    alice.patch("/api/v1/accounts/update_credentials", json={setting_name: True})

    whole = ask(anonymous, f"/users/alice/{collection}").json

    assert ("first" in whole, whole["totalItems"]) == (False, 1)
    page = ask(anonymous, f"/users/alice/{collection}", page="true")
    assert (page.status, page.json) == (403, {"error": "Access denied"})

    alice.patch("/api/v1/accounts/update_credentials", json={f"{setting_name}_count": True})

    assert "totalItems" not in ask(anonymous, f"/users/alice/{collection}").json


def test_a_hidden_count_alone_changes_nothing(anonymous, alice):
    alice.patch("/api/v1/accounts/update_credentials", json={"hide_followers_count": True})

    assert ask(anonymous, "/users/alice/followers").json["totalItems"] == 0


def test_who_is_deactivated_is_no_follower(anonymous, alice, bob, drain):
    bob.follows(alice)
    bob.post("/api/pleroma/disable_account", json={"password": PASSWORD})
    drain()

    assert ask(anonymous, "/users/alice/followers", page="true").json["orderedItems"] == []


# What is pinned.


def test_pinned_notes_are_whole_and_polls_are_named(anonymous, alice, setting):
    setting(max_pinned_statuses=8)
    note = alice.posts("pinned")
    poll = alice.posts("tea?", poll={"options": ["yes", "no"], "expires_in": 600})
    for status in (note, poll):
        assert alice.post(f"/api/v1/statuses/{status['id']}/pin").status == 200

    featured = ask(anonymous, "/users/alice/collections/featured").json

    assert {name: featured[name] for name in ("@context", "id", "type", "totalItems")} == {
        "@context": CONTEXT, "id": f"{ALICE}/collections/featured", "type": "OrderedCollection", "totalItems": 2}
    assert featured["orderedItems"][0] == poll["uri"]
    assert (featured["orderedItems"][1]["id"], featured["orderedItems"][1]["type"]) == (note["uri"], "Note")
    assert "@context" not in featured["orderedItems"][1]


def test_no_more_than_five_are_featured_and_none_that_is_not_for_everybody(anonymous, alice, setting):
    setting(max_pinned_statuses=8)
    for number in range(6):
        alice.post(f"/api/v1/statuses/{alice.posts(str(number))['id']}/pin")

    assert ask(anonymous, "/users/alice/collections/featured").json["totalItems"] == 5

    alice.post(f"/api/v1/statuses/{alice.posts('here', visibility='local')['id']}/pin")

    items = ask(anonymous, "/users/alice/collections/featured").json["orderedItems"]
    assert "here" not in [item["content"] for item in items]


def test_nothing_pinned_reads_nothing_more(anonymous, alice):
    reply = ask(anonymous, "/users/alice/collections/featured")

    assert (reply.json["orderedItems"], reply.calls) == ([], 2)
