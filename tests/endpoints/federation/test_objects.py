"""Statuses, reblogs and activities by their addresses, as other servers ask for them; and their pages."""

from __future__ import annotations

import pytest

from chalicelib.domain.federation.documents.context import CONTEXT
from chalicelib.ids import new_flake, uuid_of
from chalicelib.store.statuses.statuses import uri_of
from tests.cast import PASSWORD

ACTIVITY = "application/activity+json"
BASE = "http://kenoma.test"
ALICE = f"{BASE}/users/alice"
EVERYBODY = "https://www.w3.org/ns/activitystreams#Public"
NOT_FOUND = (404, {"error": "Not found"})


def ask(person, address, accept=ACTIVITY, method="GET"):
    return person.request(method, address.removeprefix(BASE), headers={"Accept": accept} if accept else None)


def activity_of(status):
    return status["uri"].replace("/objects/", "/activities/")


def test_a_note(anonymous, alice, bob):
    parent = bob.posts("hello")
    status = alice.posts("@bob hi #news", in_reply_to_id=parent["id"], spoiler_text="careful", sensitive=True)

    reply = ask(anonymous, status["uri"])

    thread = f"{BASE}/contexts/{uuid_of(parent['id'])}"
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/activity+json; charset=utf-8"
    assert reply.json == {
        "@context": CONTEXT, "id": status["uri"], "type": "Note", "attributedTo": ALICE, "actor": ALICE,
        "published": status["created_at"], "to": [EVERYBODY, f"{BASE}/users/bob"], "cc": [f"{ALICE}/followers"],
        "content": status["content"], "summary": "careful", "sensitive": True, "url": f"{BASE}/notice/{status['id']}",
        "source": {"content": "@bob hi #news", "mediaType": "text/plain"},
        "inReplyTo": parent["uri"], "context": thread, "conversation": thread,
        "tag": [{"type": "Mention", "href": f"{BASE}/users/bob", "name": "@bob@kenoma.test"},
                {"type": "Hashtag", "href": f"{BASE}/tag/news", "name": "#news"}],
        "attachment": [],
        "interactionPolicy": {"canQuote": {
            "automaticApproval": ["https://www.w3.org/ns/activitystreams#Public"], "manualApproval": []}},
        "replies": {"type": "Collection", "id": f"{status['uri']}/replies", "first": {
            "type": "CollectionPage", "partOf": f"{status['uri']}/replies", "items": [],
            "next": f"{status['uri']}/replies?page=true"}},
    }


def test_what_a_text_is_written_in_is_kept(anonymous, alice):
    status = alice.posts("*hi*", content_type="text/markdown")

    assert ask(anonymous, status["uri"]).json["source"] == {"content": "*hi*", "mediaType": "text/markdown"}


def test_nonsense_there_counts_as_plain_text(anonymous, alice):
    status = alice.posts("hi", content_type="x" * 3_000)

    assert ask(anonymous, status["uri"]).json["source"]["mediaType"] == "text/plain"


def test_a_question_with_its_tallies(anonymous, alice, bob):
    poll = alice.posts("tea?", poll={"options": ["yes", "no"], "expires_in": 600})
    bob.post(f"/api/v1/polls/{poll['poll']['id']}/votes", json={"choices": [1]})

    question = ask(anonymous, poll["uri"]).json

    assert (question["type"], question["votersCount"]) == ("Question", 1)
    assert [(each["name"], each["replies"]["totalItems"]) for each in question["oneOf"]] == [("yes", 0), ("no", 1)]
    assert "closed" not in question


def test_a_reblog_is_an_announcement(anonymous, alice, bob):
    status = bob.posts("hello")
    reblog = alice.post(f"/api/v1/statuses/{status['id']}/reblog").json

    reply = ask(anonymous, uri_of(reblog["id"]))

    assert reply.json == {
        "@context": CONTEXT, "id": uri_of(reblog["id"]), "type": "Announce", "actor": ALICE,
        "published": reblog["created_at"], "to": [EVERYBODY], "cc": [f"{ALICE}/followers", f"{BASE}/users/bob"],
        "context": f"{BASE}/contexts/{uuid_of(status['id'])}", "object": status["uri"],
    }


def test_the_activity_of_writing(anonymous, alice):
    status = alice.posts("hello", visibility="unlisted")

    activity = ask(anonymous, activity_of(status)).json

    written = activity.pop("object")
    assert activity == {
        "@context": CONTEXT, "id": activity_of(status), "type": "Create", "actor": ALICE,
        "published": status["created_at"], "to": [f"{ALICE}/followers"], "cc": [EVERYBODY],
        "context": f"{BASE}/contexts/{uuid_of(status['id'])}", "directMessage": False,
    }
    assert {"@context": CONTEXT, **written} == ask(anonymous, status["uri"]).json


def test_a_reblog_has_no_activity_besides(anonymous, alice):
    reblog = alice.post(f"/api/v1/statuses/{alice.posts('hello')['id']}/reblog").json

    reply = ask(anonymous, uri_of(reblog["id"]).replace("/objects/", "/activities/"))

    assert (reply.status, reply.json) == NOT_FOUND


# Who sees what.


@pytest.mark.parametrize("form", ["uri", "activity", "replies", "replies?page=true"])
@pytest.mark.parametrize("visibility", ["private", "direct", "local", "list", "unknown"])
def test_what_is_not_for_everybody_looks_as_if_it_had_never_been(anonymous, alice, bob, visibility, form):
    if visibility == "list":
        made = alice.post("/api/v1/lists", json={"title": "friends"}).json["id"]
        visibility = f"list:{made}"
    uri = uri_of(new_flake()) if visibility == "unknown" else alice.posts("@bob hi", visibility=visibility)["uri"]
    addresses = {"uri": uri, "activity": activity_of({"uri": uri})}

    for asker in (anonymous, alice, bob):
        reply = ask(asker, addresses.get(form) or f"{uri}/{form}")
        assert (reply.status, reply.json) == NOT_FOUND


def test_a_reblog_of_ones_own_private_status_is_for_nobody_else(anonymous, alice):
    private = alice.posts("friends", visibility="private")
    reblog = alice.post(f"/api/v1/statuses/{private['id']}/reblog").json

    assert (ask(anonymous, uri_of(reblog["id"])).status) == 404


@pytest.mark.parametrize("which", ["author", "reblogger"])
def test_nobody_hears_of_who_is_deactivated(anonymous, alice, bob, drain, which):
    status = alice.posts("hello")
    reblog = bob.post(f"/api/v1/statuses/{status['id']}/reblog").json
    gone = alice if which == "author" else bob
    gone.post("/api/pleroma/disable_account", json={"password": PASSWORD})
    drain()

    assert ask(anonymous, uri_of(reblog["id"])).status == 404
    assert ask(anonymous, status["uri"]).status == (404 if which == "author" else 200)
    assert ask(anonymous, activity_of(status)).status == (404 if which == "author" else 200)


@pytest.mark.parametrize(("visibility", "status_code"), [("public", 410), ("unlisted", 410), ("private", 404),
                                                        ("local", 404), ("direct", 404)])
def test_a_deleted_status_leaves_a_tombstone_for_a_while(anonymous, alice, drain, visibility, status_code):
    status = alice.posts("gone", visibility=visibility)
    alice.delete(f"/api/v1/statuses/{status['id']}")

    reply = ask(anonymous, status["uri"])

    assert reply.status == status_code
    if status_code == 410:
        assert reply.json == {"@context": CONTEXT, "id": status["uri"], "type": "Tombstone", "formerType": "Note"}
        assert reply.headers["content-type"] == "application/activity+json; charset=utf-8"
        assert reply.headers["cache-control"] == "no-store"
    assert ask(anonymous, activity_of(status)).status == 404

    drain()

    assert ask(anonymous, status["uri"]).status == 404


def test_a_deleted_poll_was_a_question(anonymous, alice):
    poll = alice.posts("tea?", poll={"options": ["yes", "no"], "expires_in": 600})
    alice.delete(f"/api/v1/statuses/{poll['id']}")

    assert ask(anonymous, poll["uri"]).json["formerType"] == "Question"


@pytest.mark.parametrize("address", [
    "/objects/nonsense", "/objects/ffffffff-ffff-ffff-ffff-ffffffffffff", "/activities/1", "/objects/%00",
    "/objects/nonsense/replies", "/notice/nonsense", "/notice/%00",
])
@pytest.mark.parametrize("accept", [ACTIVITY, "*/*"])
def test_what_is_no_address_of_ours(anonymous, address, accept):
    reply = ask(anonymous, address, accept)

    assert (reply.status, reply.json) == NOT_FOUND


def test_a_uuid_in_another_spelling_names_nothing(anonymous, alice):
    uri = alice.posts("hello")["uri"]
    start, _, uuid = uri.rpartition("/")

    for other in (uuid.upper(), uuid.replace("-", ""), f"{{{uuid}}}"):
        assert other == uuid or ask(anonymous, f"{start}/{other}").status == 404


def test_a_server_that_speaks_with_no_other_has_no_documents(anonymous, alice, setting):
    status = alice.posts("hello")
    setting(federating=False)

    for address in (status["uri"], activity_of(status), status["url"], f"{status['uri']}/replies"):
        assert ask(anonymous, address).status == 404
    assert ask(anonymous, status["url"], "text/html").status == 200


# Pages and redirects.


@pytest.mark.parametrize("accept", ["text/html", "*/*", None])
def test_people_are_led_to_the_page(anonymous, alice, accept):
    status = alice.posts("<b>hello</b> & more")

    for address in (status["uri"], activity_of(status)):
        reply = ask(anonymous, address, accept)
        assert (reply.status, reply.headers["location"]) == (302, status["url"])
        assert reply.headers["vary"] == "Accept, Accept-Encoding"
    page = ask(anonymous, status["url"], accept)
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "&lt;b&gt;hello&lt;/b&gt; &amp; more" in page.text
    assert page.headers["vary"] == "Accept, Cookie, Accept-Encoding"


def test_that_tells_nobody_whether_there_is_one(anonymous, alice):
    private, unknown = alice.posts("friends", visibility="private")["id"], new_flake()

    for id in (private, unknown):
        reply = ask(anonymous, uri_of(id), "text/html")
        assert (reply.status, reply.headers["location"], reply.calls) == (302, f"{BASE}/notice/{id}", 0)
        assert ask(anonymous, f"/notice/{id}", "text/html").status == 404


def test_servers_are_led_from_the_page_to_the_object(anonymous, alice):
    status = alice.posts("hello")

    reply = ask(anonymous, status["url"])

    assert (reply.status, reply.headers["location"], reply.calls) == (302, status["uri"], 1)

    alice.delete(f"/api/v1/statuses/{status['id']}")

    assert ask(anonymous, status["url"]).headers["location"] == status["uri"]


@pytest.mark.parametrize("visibility", ["private", "direct", "local"])
def test_they_are_not_led_to_what_they_may_not_have(anonymous, alice, visibility):
    status = alice.posts("hello", visibility=visibility)

    reply = ask(anonymous, f"/notice/{status['id']}")

    assert (reply.status, reply.json) == NOT_FOUND


@pytest.mark.parametrize("closed", [{"public": False}, {"restrict_statuses": True}])
def test_visitors_see_no_page_where_statuses_are_for_members(anonymous, alice, setting, closed):
    status = alice.posts("hello")
    setting(**closed)

    assert ask(anonymous, status["url"], "text/html").status == 403


def test_the_page_of_a_reblog_leads_to_what_it_passes_on(anonymous, alice, bob):
    original = bob.posts("from bob")
    reblog = alice.post(f"/api/v1/statuses/{original['id']}/reblog").json

    reply = ask(anonymous, f"/notice/{reblog['id']}", "text/html")

    assert (reply.status, reply.headers["location"]) == (302, original["url"])


@pytest.mark.parametrize("path", ["uri", "activity", "url", "replies"])
@pytest.mark.parametrize("accept", [ACTIVITY, "text/html"])
def test_head_answers_as_get(anonymous, alice, path, accept):
    status = alice.posts("hello")
    address = {"uri": status["uri"], "activity": activity_of(status), "url": status["url"],
               "replies": f"{status['uri']}/replies"}[path]

    asked, head = ask(anonymous, address, accept), ask(anonymous, address, accept, "HEAD")

    assert (head.status, head.text) == (asked.status, "")
    assert head.headers["content-type"] == asked.headers["content-type"]


def test_caches_may_keep_a_document_for_a_moment(anonymous, alice):
    status = alice.posts("hello")

    for address in (status["uri"], f"{status['uri']}/replies"):
        reply = ask(anonymous, address)
        assert reply.headers["cache-control"] == "public, max-age=0, s-maxage=10"
        assert reply.headers["vary"] == "Accept, Accept-Encoding"


# Replies.


def test_the_first_replies_by_the_author_are_in_the_object(anonymous, alice, bob):
    status = alice.posts("first")
    bob.posts("@alice from bob", in_reply_to_id=status["id"])
    own = [alice.posts(str(number), in_reply_to_id=status["id"])["uri"] for number in range(6)]
    alice.posts("friends", in_reply_to_id=status["id"], visibility="private")

    shown = ask(anonymous, status["uri"]).json["replies"]

    assert shown["first"]["items"] == own[:5]
    assert ask(anonymous, f"{status['uri']}/replies").json == {"@context": CONTEXT, **shown}


def test_replies_are_read_to_their_end_by_pages(cast, anonymous, alice, bob):
    status = alice.posts("first")
    answers = [bob.posts(f"@alice {number}", in_reply_to_id=status["id"]) for number in range(42)]
    bob.posts("@alice deeper", in_reply_to_id=answers[0]["id"])
    for visibility in ("private", "direct", "local"):
        bob.posts("@alice hidden", in_reply_to_id=status["id"], visibility=visibility)

    first = ask(anonymous, f"{status['uri']}/replies?page=true")
    second = ask(anonymous, first.json["next"])

    assert [first.json[name] for name in ("id", "type", "partOf")] == [
        f"{status['uri']}/replies?page=true", "CollectionPage", f"{status['uri']}/replies"]
    assert first.json["items"] + second.json["items"] == [each["uri"] for each in answers]
    assert len(first.json["items"]) == 40
    assert "next" not in second.json
    assert second.json["id"] == first.json["next"]
    assert (first.calls, first.rounds) == (second.calls, second.rounds)


@pytest.mark.parametrize("cursor", ["nonsense", "x" * 300])
def test_an_unknown_place_has_nothing_in_it(anonymous, alice, cursor):
    status = alice.posts("first")
    alice.posts("second", in_reply_to_id=status["id"])

    page = ask(anonymous, f"{status['uri']}/replies?page=true&min_id={cursor}")

    assert (page.status, page.json["items"]) == (200, [])


def test_a_reply_of_somebody_who_is_gone_is_left_out(anonymous, alice, bob, drain):
    status = alice.posts("first")
    bob.posts("@alice second", in_reply_to_id=status["id"])
    bob.post("/api/pleroma/disable_account", json={"password": PASSWORD})
    drain()

    assert ask(anonymous, f"{status['uri']}/replies?page=true").json["items"] == []


def test_what_an_object_costs(anonymous, alice, bob):
    lonely = alice.posts("@bob hello")
    answered = alice.posts("@bob hello")
    alice.posts("more", in_reply_to_id=answered["id"])

    reply = ask(anonymous, lonely["uri"])

    assert (reply.calls, reply.rounds) == (2, 2)
    reply = ask(anonymous, answered["uri"])
    assert (reply.calls, reply.rounds) == (3, 2)
