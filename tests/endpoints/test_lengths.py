"""How long texts may be. Every limit counts characters as a reader does, and each text is bounded in bytes as well."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.cast import Cast, Person, Reply
from tests.endpoints.chats.talking import CHATS, chat_id

FAMILY = "👨‍👩‍👧‍👦"
MARKS = "\u0301"


@dataclass(frozen=True)
class Kind:
    """A text that clients send: its limit, how it is sent, and what a text that is too long is answered."""

    most: int
    send: Callable[[Person, str], Reply]
    refusal: int


def posts(**params):
    return lambda person, text: person.post("/api/v1/statuses", json={
        name: text if value is None else value for name, value in params.items()})


def asks(person, text):
    poll = {"options": ["yes", text], "expires_in": 60}
    return person.post("/api/v1/statuses", json={"status": "x", "poll": poll})


def uploads(person, text):
    return person.post("/api/v1/media", form={"description": text}, files={"file": ("a.txt", b"x", "text/plain")})


def describes(person, text):
    return person.put(f"/api/v1/media/{uploads(person, '').json['id']}", json={"description": text})


def filters(person, text):
    return person.post("/api/v1/filters", json={"phrase": text, "context": ["home"]})


def filters_anew(person, text):
    return person.put(f"/api/v1/filters/{filters(person, 'x').json['id']}", json={"phrase": text, "context": ["home"]})


def lists(person, text):
    return person.post("/api/v1/lists", json={"title": text})


def renames(person, text):
    return person.put(f"/api/v1/lists/{lists(person, 'x').json['id']}", json={"title": text})


def changes(**params):
    return lambda person, text: person.patch("/api/v1/accounts/update_credentials", json={
        name: text if value is None else value for name, value in params.items()})


def names_a_field(person, text):
    return changes(fields_attributes=[{"name": text, "value": "x"}])(person, text)


def fills_a_field(person, text):
    return changes(fields_attributes=[{"name": "x", "value": text}])(person, text)


def says(person, text):
    return person.post(f"{CHATS}/{chat_id(person, person)}/messages", json={"content": text})


def reports(person, text):
    return person.post("/api/v1/reports", json={"account_id": person.id, "comment": text})


def signs_up(**params):
    def send(_, text):
        cast = Cast()
        granted = Person().post("/oauth/token", form={
            "grant_type": "client_credentials", "client_id": cast.app.client_id, "client_secret": cast.app.secret})
        wanted = {name: text if value is None else value for name, value in params.items()}
        return Person(token=granted.json["access_token"]).post("/api/v1/accounts", json={
            "username": "dora", "password": "a secret", "agreement": True, "email": "dora@example.org", **wanted})

    return send


KINDS = {
    "a status": Kind(5000, posts(status=None), 422),
    "a subject": Kind(5000, posts(spoiler_text=None), 422),
    "a subject with a status": Kind(4999, posts(spoiler_text=None, status="x"), 422),
    "an option of a poll": Kind(200, asks, 422),
    "the description of an upload": Kind(5000, uploads, 400),
    "another description": Kind(5000, describes, 400),
    "the phrase of a filter": Kind(255, filters, 422),
    "another phrase": Kind(255, filters_anew, 422),
    "the title of a list": Kind(255, lists, 422),
    "another title": Kind(255, renames, 422),
    "a display name": Kind(100, changes(display_name=None), 403),
    "a bio": Kind(5000, changes(note=None), 403),
    "the name of a field": Kind(512, names_a_field, 403),
    "the value of a field": Kind(2048, fills_a_field, 403),
    "a message": Kind(5000, says, 400),
    "the comment of a report": Kind(1000, reports, 400),
    "a name at signing up": Kind(100, signs_up(fullname=None), 400),
    "a bio at signing up": Kind(5000, signs_up(bio=None), 400),
    "a reason for signing up": Kind(500, signs_up(reason=None), 400),
}


@pytest.fixture(params=list(KINDS.values()), ids=list(KINDS))
def kind(request):
    return request.param


@pytest.mark.parametrize("character", [FAMILY, "e" + MARKS, "👍🏽", "🇵🇱"], ids=["family", "mark", "skin", "flag"])
def test_limits_count_characters_as_a_reader_does(alice, kind, character):
    assert kind.send(alice, character * (kind.most + 1)).status == kind.refusal
    reply = kind.send(alice, character * kind.most)

    assert reply.status == 200, reply.body[:200]


@pytest.mark.parametrize("text", [MARKS * 1_000_000, "e" + MARKS * 60_000, "👩\u200d" * 100_000, "🇵" * 100_000],
                         ids=["marks", "marked", "joined", "flags"])
def test_a_single_character_does_not_make_a_text_endless(alice, kind, text):
    assert kind.send(alice, text).status == kind.refusal


def test_what_is_kept_of_a_long_status_is_all_of_it(alice):
    text = FAMILY * 5000

    status = alice.posts(text)

    assert (status["content"], status["pleroma"]["content"]["text/plain"]) == (text, text)
    assert alice.delete(f"/api/v1/statuses/{status['id']}").json["text"] == text


@pytest.mark.parametrize("typed", ["plain", "  trimmed ", "a **b** @alice", "a\r\nb", "<i></i>x"])
def test_the_source_of_a_status_is_what_was_typed(alice, typed):
    status = alice.posts(typed, content_type="text/markdown")

    assert alice.delete(f"/api/v1/statuses/{status['id']}").json["text"] == typed.strip()


def test_a_status_cannot_be_larger_than_a_row_and_a_page_hold(alice):
    described = [uploads(alice, "日" * 5000).json["id"] for _ in range(25)]
    options = {"options": [f"{FAMILY * 198}{number}" for number in range(20)], "expires_in": 60}

    many = alice.post("/api/v1/statuses", json={"status": "x", "media_ids": described})
    all_at_once = alice.post("/api/v1/statuses", json={"status": FAMILY * 5000, "poll": options})
    some = alice.post("/api/v1/statuses", json={"status": "x", "media_ids": described[:10], "poll": options})

    for reply in (many, all_at_once):
        assert (reply.status, reply.json) == (422, {"error": "The status is over the character limit"})
    assert some.status == 200


def test_a_scheduled_status_is_bounded_before_its_time(alice):
    def schedules(text):
        return alice.post("/api/v1/statuses", json={"status": text, "scheduled_at": "2099-01-01T00:00:00Z"})

    refused = schedules("x" * 150_000)
    assert (refused.status, refused.json) == (422, {"error": "The status is over the character limit"})
    assert schedules(FAMILY * 5000).status == 200


def test_a_profile_cannot_be_larger_than_every_page_can_carry(alice):
    fields = [{"name": "x", "value": FAMILY * 2048} for _ in range(10)]

    assert changes(fields_attributes=fields[:2])(alice, "").status == 200
    assert changes(fields_attributes=fields)(alice, "").status == 403
    assert signs_up(bio=None)(alice, "👩🏽‍❤️‍💋‍👨🏽" * 5000).status == 400
