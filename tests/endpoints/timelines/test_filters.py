"""Filters: phrases that somebody does not want to read. The server leaves out the irreversible ones."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from chalicelib.domain.timelines.filters import MOST
from chalicelib.store.accounts.accounts import PREFERENCES, Preferences
from chalicelib.store.dynamo.table import update
from tests.domain.relationships.pairs import hides
from tests.endpoints.chats.talking import says

PATH = "/api/v1/filters"
NOT_FOUND = (404, {"error": "Record not found"})


def makes(person, phrase="spoilers", **more):
    return person.post(PATH, json={"phrase": phrase, "context": ["home"], **more})


def test_a_filter_has_these_keys_and_defaults(alice):
    reply = makes(alice, "knights", context=["home", "thread"])

    assert (reply.status, reply.json) == (200, {
        "id": "1", "phrase": "knights", "context": ["home", "thread"], "expires_at": None, "irreversible": False,
        "whole_word": True,
    })


def test_filters_are_listed_newest_first_and_counted_for_each_user(alice, bob):
    for phrase in ("one", "two", "three"):
        makes(alice, phrase)

    assert makes(bob).json["id"] == "1"
    assert [(each["id"], each["phrase"]) for each in alice.get(PATH).json] == [
        ("3", "three"), ("2", "two"), ("1", "one")]
    alice.delete(f"{PATH}/2")
    assert makes(alice).json["id"] == "4"


def test_a_filter_may_come_as_a_form(alice):
    reply = alice.post(PATH, form={"phrase": "x", "context": ["home", "public"], "irreversible": "true",
                                   "whole_word": "0"})

    assert reply.json == {"id": "1", "phrase": "x", "context": ["home", "public"], "expires_at": None,
                          "irreversible": True, "whole_word": False}


@pytest.mark.parametrize("never", [None, "", 0])
def test_a_filter_ends_after_the_seconds_that_are_sent(alice, never):
    shown = makes(alice, expires_in="3600").json["expires_at"]

    assert 3590 < datetime.fromisoformat(shown).timestamp() - time.time() <= 3600
    changed = {"phrase": "x", "context": ["home"]}
    assert alice.put(f"{PATH}/1", json=changed).json["expires_at"] == shown
    assert alice.put(f"{PATH}/1", json={**changed, "expires_in": never}).json["expires_at"] is None
    assert makes(alice, expires_in=never).json["expires_at"] is None


def test_one_that_has_ended_is_listed_and_does_nothing(alice, bob, monkeypatch):
    makes(alice, "knights", irreversible=True, expires_in=60)
    bob.posts("@alice knights")
    assert alice.get("/api/v1/notifications").json == []
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 61)

    bob.posts("@alice knights")

    assert len(alice.get("/api/v1/notifications").json) == 1
    assert [each["phrase"] for each in alice.get(PATH).json] == ["knights"]


@pytest.mark.parametrize(("sent", "error"), [
    ({"phrase": "x"}, "Missing field: context."),
    ({"context": ["home"]}, "Missing field: phrase."),
    ({"phrase": "x", "context": ["everywhere"]}, "everywhere - Invalid value for enum."),
])
def test_phrase_and_context_are_checked(alice, sent, error):
    makes(alice)
    for reply in (alice.post(PATH, json=sent), alice.put(f"{PATH}/1", json=sent)):
        assert (reply.status, reply.json["error"]) == (400, error)


def test_the_pointer_names_the_word_that_is_wrong(alice):
    reply = alice.post(PATH, json={"phrase": "x", "context": ["home", "nowhere"]})

    assert reply.json["errors"] == [
        {"title": "Invalid value", "source": {"pointer": "/context/1"}, "message": "Invalid value for enum"}]


def test_a_phrase_has_bounds(alice):
    assert makes(alice, " ").status == 422
    assert makes(alice, "x" * 256).status == 422
    stored = [{"id": n, "phrase": "x", "context": []} for n in range(1, MOST + 1)]
    update(Preferences.stub(alice.id, PREFERENCES), [Preferences.filters.set(stored)])
    assert makes(alice).status == 422


def test_one_is_shown_changed_and_deleted(alice):
    makes(alice, "one", irreversible=True, whole_word=False)

    changed = alice.put(f"{PATH}/1", json={"phrase": "two", "context": ["public"]})

    assert changed.json == alice.get(f"{PATH}/1").json
    assert (changed.json["phrase"], changed.json["context"]) == ("two", ["public"])
    assert (changed.json["irreversible"], changed.json["whole_word"]) == (True, False), "what was not sent stays"
    assert alice.put(f"{PATH}/1", json={"phrase": "two", "context": ["home"], "irreversible": False}
                     ).json["irreversible"] is False
    reply = alice.delete(f"{PATH}/1")
    assert (reply.status, reply.json) == (200, {})
    assert alice.get(PATH).json == []


@pytest.mark.parametrize("id", ["1", "7", "7x", "-1", "9" * 40, "%00", "é"])
def test_unknown_and_foreign_ones_are_not_found(alice, bob, id):
    makes(bob)
    for reply in (alice.get(f"{PATH}/{id}"), alice.delete(f"{PATH}/{id}"),
                  alice.put(f"{PATH}/{id}", json={"phrase": "x", "context": ["home"]})):
        assert (reply.status, reply.json) == NOT_FOUND


def test_they_need_a_user_and_a_scope(cast, alice, anonymous):
    reader, writer = cast.signs_in(alice.account, "read:filters"), cast.signs_in(alice.account, "write:filters")

    assert makes(writer).status == reader.get(PATH).status == 200
    assert anonymous.get(PATH).json == {"error": "Invalid credentials."}
    for reply in (writer.get(PATH), writer.get(f"{PATH}/1")):
        assert (reply.status, reply.json) == (403, {"error": "Insufficient permissions: read:filters."})
    for reply in (makes(reader), reader.delete(f"{PATH}/1"),
                  reader.put(f"{PATH}/1", json={"phrase": "x", "context": ["home"]})):
        assert (reply.status, reply.json) == (403, {"error": "Insufficient permissions: write:filters."})


def test_all_of_many_at_once_get_ids_of_their_own_and_act(alice):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: makes(alice, f"phrase{n}", irreversible=True), range(8)))

    shown = alice.get(PATH).json
    assert [each["id"] for each in shown] == [str(n) for n in range(8, 0, -1)]
    assert sorted(hides(alice).irreversible) == [f"phrase{n}" for n in range(8)]


def test_they_are_read_with_the_token(alice):
    makes(alice)

    assert (alice.get(PATH).calls, alice.get(f"{PATH}/1").calls) == (1, 1)
    assert makes(alice, "other", irreversible=True).calls == 2


# The irreversible ones.


@pytest.mark.parametrize(("phrase", "text", "hidden"), [
    ("knights", "The KNIGHTS who say", True),
    ("knights", "knightsbridge", False),
    ("who say", "The knights who say ni", True),
    ("kni.*ts", "The knights who say", False),
    ("(ni", "they say (ni!", True),
    ("#cats", "all #cats", True),
    ("caf\u00e9", "a CAFE\u0301", True),
    ("ｃａｔｓ", "all cats", True),
    ("straße", "STRASSE", True),
    ("caf", "a cafe\u0301", False),
])
def test_matching_is_literal_at_word_boundaries_in_any_case(alice, bob, drain, phrase, text, hidden):
    makes(alice, phrase, irreversible=True)
    alice.follows(bob)

    bob.posts(f"@alice {text}")
    drain()

    assert len(alice.get("/api/v1/notifications").json) == (0 if hidden else 1)
    assert len(alice.home()) == (0 if hidden else 1)


def picture(person, description):
    return person.post("/api/v1/media", form={"description": description},
                       files={"file": ("a.txt", b"x", "text/plain")}).json["id"]


@pytest.fixture
def elsewhere(bob):
    """Post a status that has the text in one place only."""
    return {
        "subject": lambda text: bob.posts("@alice", spoiler_text=text),
        "option": lambda text: bob.posts("@alice", poll={"options": ["no", text], "expires_in": 60}),
        "description": lambda text: bob.posts("@alice", media_ids=[picture(bob, "x"), picture(bob, text)]),
        "text": lambda text: bob.posts(f"@alice {text}"),
    }


@pytest.mark.parametrize("place", ["subject", "option", "description", "text"])
def test_they_read_all_that_a_status_says(alice, bob, carol, drain, elsewhere, place):
    alice.follows(bob)
    alice.follows(carol)
    makes(alice, "KNIGHTS who", irreversible=True)

    shown = elsewhere[place]("all knightsbridge, who?")["id"]
    hidden = elsewhere[place]("the knights who say")["id"]
    carol.post(f"/api/v1/statuses/{hidden}/reblog")
    drain()

    assert alice.home() == [shown]
    assert [each["status"]["id"] for each in alice.get("/api/v1/notifications").json] == [shown]
    for path in (f"/api/v1/accounts/{bob.id}/statuses", "/api/v1/timelines/public"):
        assert [each["id"] for each in alice.get(path).json] == [shown]
        assert len(bob.get(path).json) == 2


@pytest.mark.parametrize("place", ["subject", "option", "description", "text"])
def test_they_act_on_what_is_pinned(alice, bob, elsewhere, place):
    hidden = elsewhere[place]("the knights who say")["id"]
    bob.post(f"/api/v1/statuses/{hidden}/pin")
    path = f"/api/v1/accounts/{bob.id}/statuses"
    assert [each["id"] for each in alice.get(path, {"pinned": True}).json] == [hidden]

    makes(alice, "knights", irreversible=True)

    assert alice.get(path, {"pinned": True}).json == []
    assert [each["id"] for each in bob.get(path, {"pinned": True}).json] == [hidden]


def test_a_phrase_does_not_go_from_one_text_into_the_next(alice, bob):
    makes(alice, "knights who", irreversible=True)

    bob.posts("@alice knights", spoiler_text="the knights", poll={"options": ["who", "knights"], "expires_in": 60})

    assert len(alice.get("/api/v1/notifications").json) == 1


def test_they_read_replies_within_a_thread(alice, bob):
    start = alice.posts("start")["id"]
    bob.posts("x", in_reply_to_id=start, poll={"options": ["knights", "b"], "expires_in": 60})
    makes(alice, "knights", irreversible=True)

    assert alice.get(f"/api/v1/statuses/{start}/context").json["descendants"] == []


def test_they_read_descriptions_of_what_is_sent_in_chats(alice, bob):
    makes(alice, "knights", irreversible=True)

    says(bob, alice, "look", media_id=picture(bob, "two knights"))
    told = says(bob, alice, "look", media_id=picture(bob, "two horses"))

    shown = alice.get("/api/v1/notifications", {"include_types[]": "pleroma:chat_mention"}).json
    assert [each["chat_message"]["attachment"]["id"] for each in shown] == [told["attachment"]["id"]]


def test_others_do_not_act_and_the_context_does_not_matter(alice, bob):
    makes(alice, "knights", context=["home", "notifications"])
    makes(alice, "shrubbery", context=["public"], irreversible=True)

    bob.posts("@alice knights")
    bob.posts("@alice shrubbery")

    assert len(alice.get("/api/v1/notifications").json) == 1


def test_they_act_from_the_next_request_until_they_are_gone(alice, bob):
    bob.posts("@alice knights")
    assert len(alice.get("/api/v1/notifications").json) == 1

    makes(alice, "knights", irreversible=True)
    assert alice.get("/api/v1/notifications").json == [], "what is there already is left out"
    alice.put(f"{PATH}/1", json={"phrase": "other", "context": ["home"]})
    assert len(alice.get("/api/v1/notifications").json) == 1
    alice.put(f"{PATH}/1", json={"phrase": "knights", "context": ["home"]})
    assert alice.get("/api/v1/notifications").json == []
    alice.delete(f"{PATH}/1")
    assert len(alice.get("/api/v1/notifications").json) == 1
    assert hides(alice).irreversible is None


def test_two_filters_of_one_phrase_act_until_both_are_gone(alice, bob):
    makes(alice, "knights", irreversible=True)
    makes(alice, "knights", irreversible=True)
    bob.posts("@alice knights")

    alice.delete(f"{PATH}/1")
    assert alice.get("/api/v1/notifications").json == []
    alice.delete(f"{PATH}/2")
    bob.posts("@alice knights")
    assert len(alice.get("/api/v1/notifications").json) == 1, "what was not made does not come back"


def test_ones_own_statuses_and_follows_are_never_filtered(alice, bob):
    makes(alice, "knights", irreversible=True)
    status = alice.posts("knights")

    bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    bob.follows(alice)

    assert [each["type"] for each in alice.get("/api/v1/notifications").json] == ["follow", "favourite"]
    assert status["id"] in alice.home()
