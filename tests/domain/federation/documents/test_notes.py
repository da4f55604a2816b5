"""Notes and activities as documents: the rules that need no request."""

import time

import pytest

from chalicelib.domain.federation.documents import activities, notes
from chalicelib.domain.federation.documents.audience import Others, audience
from chalicelib.domain.federation.documents.context import CONTEXT, whole
from chalicelib.ids import new_flake, uuid_of
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.statuses.statuses import Status

BASE = "http://kenoma.test"
ME, FOLLOWERS = f"{BASE}/users/alice", f"{BASE}/users/alice/followers"
EVERYBODY = "https://www.w3.org/ns/activitystreams#Public"
BOB = f"{BASE}/users/bob"


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


@pytest.fixture
def author():
    return Account(new_flake(), "P", nickname="alice", nickname_lower="alice")


def written(author, visibility="public", **more):
    id = new_flake()
    doc = {"html": "hello", "plain": "hello"} | more.pop("doc", {})
    return Status(id, account_id=author.id, visibility=visibility, thread=id, doc=doc, **more)


@pytest.mark.parametrize(("visibility", "to", "cc"), [
    ("public", [EVERYBODY, BOB], [FOLLOWERS]), ("unlisted", [FOLLOWERS, BOB], [EVERYBODY]),
    ("private", [FOLLOWERS, BOB], []), ("direct", [BOB], []), ("local", [f"{BASE}/#Public", BOB], [FOLLOWERS]),
    ("list:7", [], []),
])
def test_a_visibility_is_told_by_whom_the_document_addresses(author, visibility, to, cc):
    assert audience(visibility, author, [BOB]) == (to, cc)
    status = written(author, visibility, to=["b"], doc={"mentions": [["b", "bob"]]})
    for document in (notes.note(status, author), activities.creation(status, author)):
        assert (document["to"], document["cc"]) == (to, cc)


def test_who_is_addressed_is_mentioned_with_the_host(author):
    status = written(author, to=["b"], doc={"mentions": [["b", "bob"], ["f", "eve@far.example"]]})
    eve = Account("f", "P", nickname="eve@far.example", nickname_lower="eve@far.example", host="far.example",
                  foreign_uri="https://far.example/users/eve")

    tags = notes.note(status, author, Others({"f": eve}))["tag"]

    assert tags == [{"type": "Mention", "href": BOB, "name": "@bob@kenoma.test"},
                    {"type": "Mention", "href": "https://far.example/users/eve", "name": "@eve@far.example"}]


def test_nobody_is_addressed_who_is_only_named(author):
    status = written(author, to=["b"], doc={"mentions": [["b", "bob"], ["c", "carol"]]})

    assert notes.note(status, author)["to"] == [EVERYBODY, BOB]


def test_a_poll_says_that_it_is_closed_only_once_it_is_over(author):
    poll = {"options": ["yes", "no"], "multiple": False, "ends": int(time.time()) + 60}
    status = written(author, poll_counts=[3, 0], voters_count=3, doc={"poll": poll})

    question = notes.note(status, author)

    assert (question["type"], question["votersCount"], "closed" in question) == ("Question", 3, False)
    assert question["oneOf"] == [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": count}}
        for name, count in (("yes", 3), ("no", 0))]
    assert "anyOf" not in question

    poll["ends"] = int(time.time())
    over = notes.note(written(author, doc={"poll": poll | {"multiple": True}}), author)

    assert over["closed"] == over["endTime"]
    assert "oneOf" not in over
    assert over["anyOf"][0]["name"] == "yes"


def test_a_subject_is_left_out_where_there_is_none(author):
    assert "summary" not in notes.note(written(author), author)
    assert notes.note(written(author, doc={"spoiler": "careful"}), author)["summary"] == "careful"


def test_a_reply_to_another_server_names_parent_and_thread_as_they_do(author):
    parent = Status(new_flake(), account_id="f", foreign_uri="https://far.example/notes/1",
                    doc={"context": "https://far.example/contexts/1"})
    reply = written(author, parent_id=parent.id)

    document = activities.creation(reply, author, Others(statuses={parent.id: parent}))

    assert document["object"]["inReplyTo"] == "https://far.example/notes/1"
    assert {document["context"], document["object"]["context"], document["object"]["conversation"]} == {
        "https://far.example/contexts/1"}


def test_lists_are_lists_even_when_they_are_empty_or_have_one_entry(author):
    attachment = {"mime": "image/png", "object": "a.png", "description": ""}
    document = notes.note(written(author, "direct", doc={"attachments": [attachment], "tags": ["a b"]}), author)

    assert (document["to"], document["cc"]) == ([], [])
    assert document["attachment"] == [
        {"type": "Document", "mediaType": "image/png", "url": f"{BASE}/media/a.png"}]
    assert document["tag"] == [{"type": "Hashtag", "href": f"{BASE}/tag/a%20b", "name": "#a b"}]


def test_the_source_says_what_it_is_written_in(author):
    status = written(author, doc={"text": "*hello*", "content_type": "text/markdown"})

    assert notes.note(status, author)["source"] == {"content": "*hello*", "mediaType": "text/markdown"}


def test_a_document_that_some_would_refuse_goes_without_its_source(author):
    document = notes.note(written(author, doc={"html": "x" * 30_000, "plain": "x" * 30_000}), author)

    assert "source" not in document
    assert len(document["content"]) == 30_000


def test_creating_has_the_flake_of_what_is_created(author):
    status = written(author, "direct")

    activity = activities.creation(status, author)

    assert activity["id"] == f"{BASE}/activities/{uuid_of(status.id)}"
    assert activity["object"]["id"] == f"{BASE}/objects/{uuid_of(status.id)}"
    assert {name: activity[name] for name in ("type", "actor", "directMessage")} == {
        "type": "Create", "actor": ME, "directMessage": True}
    assert activity["context"] == f"{BASE}/contexts/{uuid_of(status.thread)}"


def test_a_reblog_names_what_it_passes_on_and_tells_who_wrote_it(author):
    bob = Account("b", "P", nickname="bob", nickname_lower="bob")
    status, id = written(bob), new_flake()

    activity = activities.announcement(id, "public", status, bob, author)

    assert activity["id"] == f"{BASE}/objects/{uuid_of(id)}"
    assert activity["object"] == status.uri
    assert (activity["to"], activity["cc"]) == ([EVERYBODY], [FOLLOWERS, BOB])
    assert activities.announcement(id, "public", status, author, author)["cc"] == [FOLLOWERS]


def test_the_context_is_written_out_and_names_no_language():
    assert CONTEXT[:2] == ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]
    assert "@language" not in CONTEXT[2]
    assert len(CONTEXT) == 3


def test_only_the_outermost_object_has_the_context(author):
    document = whole(activities.creation(written(author), author))

    assert document["@context"] == CONTEXT
    assert "@context" not in document["object"]


def test_every_term_that_is_no_word_of_activity_streams_is_in_the_context(author):
    """What is not there has no meaning to those who read it as JSON-LD."""
    known = set(CONTEXT[2]) | STREAMS_OWN
    poll = {"options": ["yes"], "multiple": False, "ends": 0}
    status = written(author, doc={"poll": poll, "spoiler": "s", "emojis": {"blob": "pack/blob.png"}, "tags": ["x"]},
                     parent_id=new_flake())

    assert terms(activities.creation(status, author)) - known == set()


STREAMS_OWN = {
    "id", "type", "attributedTo", "actor", "published", "to", "cc", "content", "source", "mediaType", "url", "context",
    "tag", "attachment", "replies", "summary", "inReplyTo", "oneOf", "anyOf", "endTime", "closed", "name", "href",
    "totalItems", "first", "partOf", "next", "items", "object", "icon", "Create", "Note", "Question", "Collection",
    "CollectionPage", "Document", "Mention", "Image",
}


def terms(value):
    """The properties and types that a document uses."""
    if isinstance(value, list):
        return {term for each in value for term in terms(each)}
    if not isinstance(value, dict):
        return set()
    found = set(value) | ({value["type"]} if "type" in value else set())
    return found | {term for each in value.values() for term in terms(each)}
