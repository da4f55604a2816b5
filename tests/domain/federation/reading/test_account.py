"""Actors in the shapes in which servers send them."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.federation.reading.account import read_account
from chalicelib.domain.federation.reading.values import Unreadable
from tests.domain.federation.foreigners import CONTEXT, FAR, actor

FERN = f"{FAR}/users/fern"


@pytest.mark.parametrize("said", [
    {"@context": None}, {"@context": "https://schema.org"}, {"id": None}, {"id": 5}, {"id": "http://far.example/x"},
    {"id": "https://kenoma.test/users/fern"}, {"id": f"{FERN}#me"}, {"id": "https://u@far.example/x"},
    {"type": "Note"}, {"type": None}, {"type": []}, {"inbox": None}, {"inbox": "https://other.example/inbox"},
    {"inbox": "http://far.example/inbox"}, {"preferredUsername": None}, {"preferredUsername": ""},
    {"preferredUsername": "x y"}, {"preferredUsername": "x@y"}, {"preferredUsername": "x" * 201},
    {"preferredUsername": ["fern"]},
])
def test_an_actor_without_what_is_needed_is_refused(said: dict[str, Any], setting: Any) -> None:
    setting(stage="prod", base_url="https://kenoma.test")
    with pytest.raises(Unreadable):
        read_account(actor() | said)


@pytest.mark.parametrize("document", [None, [], "x", 5])
def test_what_is_no_document_is_refused(document: object) -> None:
    with pytest.raises(Unreadable):
        read_account(document)


@pytest.mark.parametrize(("said", "name", "expected"), [
    ({"@context": "http://www.w3.org/ns/activitystreams"}, "uri", FERN),
    ({"type": ["Thing", "Service"]}, "actor_type", "Service"), ({"type": "Group"}, "actor_type", "Group"),
    ({"name": None}, "display_name", "fern"), ({"name": " \u200b "}, "display_name", "fern"),
    ({"name": "<b>F</b> &amp; G"}, "display_name", "F & G"), ({"name": "x" * 300}, "display_name", "x" * 100),
    ({"summary": None}, "note_html", ""), ({"summary": None, "summaryMap": {"en": "hi"}}, "note_html", "hi"),
    ({"summary": "<script>x</script>ok"}, "note_html", "ok"),
    ({"url": None}, "url", FERN), ({"url": {"type": "Link"}}, "url", FERN),
    ({"url": {"type": "Link", "href": "https://a.example/f"}}, "url", "https://a.example/f"),
    ({"url": [{"href": "https://a.example/x", "mediaType": "application/rss+xml"},
              {"href": "https://a.example/f", "mediaType": "text/html"}]}, "url", "https://a.example/f"),
    ({"url": "javascript:alert(1)"}, "url", FERN),
    ({"endpoints": "https://far.example/e"}, "shared_inbox", None), ({"endpoints": None}, "shared_inbox", None),
    ({"endpoints": {"sharedInbox": "https://other.example/inbox"}}, "shared_inbox", None),
    ({"endpoints": None, "sharedInbox": f"{FAR}/in"}, "shared_inbox", f"{FAR}/in"),
    ({"followers": {"id": f"{FERN}/f", "type": "Collection"}}, "followers", f"{FERN}/f"),
    ({"followers": None}, "followers", None), ({"followers": "https://other.example/f"}, "followers", None),
    ({"icon": {"url": f"{FAR}/1.png"}}, "avatar", f"{FAR}/1.png"),
    ({"icon": {"url": [{"type": "Link", "href": f"{FAR}/1.png"}]}}, "avatar", f"{FAR}/1.png"),
    ({"icon": [{"url": f"{FAR}/1.png"}, {"url": f"{FAR}/2.png"}]}, "avatar", f"{FAR}/1.png"),
    ({"icon": f"{FAR}/1.png"}, "avatar", f"{FAR}/1.png"), ({"icon": None}, "avatar", None),
    ({"image": {"url": "data:image/png;base64,AA"}}, "header", None),
    ({"manuallyApprovesFollowers": "True"}, "locked", True),
    ({"manuallyApprovesFollowers": {"@value": "False"}}, "locked", False),
    ({"manuallyApprovesFollowers": "false"}, "locked", False), ({"manuallyApprovesFollowers": 1}, "locked", False),
    ({"discoverable": "true"}, "discoverable", True), ({"toot:discoverable": True}, "discoverable", True),
    ({"capabilities": {"acceptsChatMessages": True}}, "accepts_chat_messages", True),
    ({"capabilities": {"acceptsChatMessages": False}}, "accepts_chat_messages", False),
    ({"capabilities": {"like": "x"}}, "accepts_chat_messages", None), ({}, "accepts_chat_messages", None),
    ({"alsoKnownAs": "https://a.example/1"}, "also_known_as", ["https://a.example/1"]),
    ({"alsoKnownAs": None}, "also_known_as", []),
    ({"alsoKnownAs": ["javascript:x", 5, "https://a.example/1"]}, "also_known_as", ["https://a.example/1"]),
    ({"movedTo": {"id": "https://a.example/1"}}, "moved_to", "https://a.example/1"),
    ({"movedTo": "https://a.example/1"}, "moved_to", "https://a.example/1"),
    ({"published": "2024-05-06"}, "published", 1714953600), ({"published": "yesterday"}, "published", None),
    ({"webfinger": "fern@far.example"}, "webfinger", "fern@far.example"),
    ({"publicKey": None}, "key", None), ({"publicKey": {"id": 5, "publicKeyPem": "x"}}, "key", None),
    ({"publicKey": {"id": f"{FERN}#k", "publicKeyPem": "x", "owner": "https://victim.example/1"}}, "key", None),
])
def test_a_field_is_read_in_all_its_shapes(said: dict[str, Any], name: str, expected: Any) -> None:
    assert getattr(read_account(actor() | said), name) == expected


def test_of_several_keys_the_wanted_one_counts() -> None:
    keys = [{"id": f"{FERN}#1", "owner": FERN, "publicKeyPem": "one"}, {"id": f"{FERN}#2", "publicKeyPem": "two"}]

    first, wanted = read_account(actor(publicKey=keys)), read_account(actor(publicKey=keys), key_id=f"{FERN}#2")

    assert (first.key and first.key.pem, wanted.key and wanted.key.pem) == ("one", "two")


def test_fields_of_a_profile_are_cleaned_and_few() -> None:
    link = '<a href="https://a.example" rel="me" onclick="x()">a</a><img src=x onerror=x()>'
    said = [{"type": "PropertyValue", "name": "<i>Home</i>", "value": link}, {"type": "IdentityProof", "name": "x"},
            {"type": "PropertyValue", "name": "x", "value": None}]

    found = read_account(actor(attachment=[*said, *({"type": "PropertyValue", "name": "n", "value": "v"},) * 40]))

    assert found.fields[0] == (
        "Home", '<a href="https://a.example" rel="nofollow noopener noreferrer ugc me">a</a>')
    assert len(found.fields) == 20
    assert read_account(actor(attachment=said[0])).fields[0][0] == "Home"
    long = {"type": "PropertyValue", "name": "n" * 3000, "value": "v" * 3000}
    assert [len(each) for each in read_account(actor(attachment=long)).fields[0]] == [2047, 2047]


def test_emojis_are_read_and_bounded() -> None:
    def blob(name: str, url: str = f"{FAR}/b.png") -> dict[str, Any]:
        return {"type": "Emoji", "name": name, "icon": {"url": url}}

    found = read_account(actor(tag=[
        blob(":a:"), blob("b"), blob(":c d:"), blob(":d:", "http://192.0.2.1:x/"), {"type": "Hashtag", "name": "#x"},
        blob(":e:", "javascript:x"), blob('"><script>')]))

    assert dict(found.emojis) == {"a": f"{FAR}/b.png", "b": f"{FAR}/b.png"}
    assert len(read_account(actor(tag=[blob(f"e{number}") for number in range(200)])).emojis) == 100


def test_the_note_is_cut_at_the_local_limit_and_never_within_an_element(setting: Any) -> None:
    setting(user_bio_length=40)
    found = read_account(actor(summary="<p>one <b>two &amp; three four five six seven eight</b></p>"))

    assert found.note_html == "<p>one <b>two &amp; three four five six </b></p>"


def test_the_name_is_at_the_host_of_the_id_until_another_is_proved() -> None:
    found = read_account(actor(at="https://ap.far.example"))

    assert found.nickname == "fern@ap.far.example"
    assert found.at("far.example").nickname == "fern@far.example"
    assert CONTEXT in actor()["@context"]
