"""What the filters of somebody do to what they read: `filtered` on a status, and what the server leaves out."""

import time
from typing import Any

import pytest

from tests.domain.relationships.pairs import hides
from tests.endpoints.chats.talking import says

PATH = "/api/v2/filters"


def makes(person, *keywords, context=("home", "notifications", "public", "thread", "account"), whole_word=True, **more):
    attributes = [{"keyword": each, "whole_word": whole_word} for each in keywords]
    reply = person.post(PATH, json={"title": "Tiresome", "context": list(context), "keywords_attributes": attributes,
                                    **more})
    assert reply.status == 200, reply.body
    return reply.json


def public(person):
    return person.get("/api/v1/timelines/public").json


def filtered(person, status):
    """What a status says of the person's filters, when it is asked for by itself."""
    return person.get(f"/api/v1/statuses/{status['id']}").json["filtered"]


def test_a_status_tells_the_filters_that_it_matches(alice, bob):
    made = makes(alice, "knights", "shrubbery", "ni", expires_in=60)
    bob.posts("The KNIGHTS who say ni")

    (shown,) = public(alice)

    del made["keywords"], made["statuses"]
    assert shown["filtered"] == [{"filter": made, "keyword_matches": ["knights", "ni"], "status_matches": None}]
    assert public(bob)[0]["filtered"] == [], "one's own are not filtered"


def test_only_who_is_signed_in_is_told(anonymous, alice, bob):
    makes(alice, "knights")
    bob.posts("knights")

    assert "filtered" not in public(anonymous)[0]
    assert public(bob)[0]["filtered"] == []
    assert len(public(alice)[0]["filtered"]) == 1


def test_a_status_that_a_filter_names_matches_it(alice, bob):
    id = makes(alice)["id"]
    status = bob.posts("hello")
    alice.post(f"{PATH}/{id}/statuses", json={"status_id": status["id"]})

    (match,) = filtered(alice, status)

    assert (match["filter"]["id"], match["keyword_matches"], match["status_matches"]) == (id, None, [status["id"]])
    assert filtered(alice, bob.posts("hello")) == []


def test_a_reblog_matches_as_its_original_does(alice, bob, carol):
    alice.follows(carol)
    makes(alice, "knights")
    status, own = bob.posts("knights"), alice.posts("my knights")
    for each in (status, own):
        carol.post(f"/api/v1/statuses/{each['id']}/reblog")

    of_own, of_bobs = alice.get(f"/api/v1/accounts/{carol.id}/statuses").json

    assert len(of_bobs["filtered"]) == 1
    assert of_bobs["filtered"] == of_bobs["reblog"]["filtered"]
    assert of_own["filtered"] == of_own["reblog"]["filtered"] == []


# Where: each context has its places.


PLACES = {
    "home": "/api/v1/timelines/home",
    "a list": "/api/v1/timelines/list/{list}",
    "public": "/api/v1/timelines/public",
    "a tag": "/api/v1/timelines/tag/cats",
    "an account": "/api/v1/accounts/{bob}/statuses",
    "what is pinned": "/api/v1/accounts/{bob}/statuses?pinned=true",
    "a thread": "/api/v1/statuses/{start}/context",
    "notifications": "/api/v1/notifications",
    "a status": "/api/v1/statuses/{status}",
    "statuses": "/api/v1/statuses?ids[]={status}",
    "a search": "/api/v2/search?q=knights&type=statuses",
    "favourites": "/api/v1/favourites",
    "bookmarks": "/api/v1/bookmarks",
}
OF = {"home": {"home", "a list"}, "public": {"public", "a tag"}, "account": {"an account", "what is pinned"},
      "thread": {"a thread"}, "notifications": {"notifications"}}
ANYWHERE = PLACES.keys() - set().union(*OF.values())


@pytest.fixture
def everywhere(alice, bob, drain):
    """A status of Bob's that Alice finds in all places. Answers what each place says of her filters."""
    alice.follows(bob)
    list_id = alice.post("/api/v1/lists", form={"title": "x"}).json["id"]
    alice.post(f"/api/v1/lists/{list_id}/accounts", json={"account_ids": [bob.id]})
    start = alice.posts("start")["id"]
    status = bob.posts("@alice knights #cats", in_reply_to_id=start)["id"]
    for act in ("favourite", "bookmark"):
        alice.post(f"/api/v1/statuses/{status}/{act}")
    bob.post(f"/api/v1/statuses/{status}/pin")
    drain()
    names = {"list": list_id, "bob": bob.id, "start": start, "status": status}

    def seen():
        found = {}
        for place, path in PLACES.items():
            reply = alice.get(path.format(**names)).json
            rows = [reply] if "id" in reply else reply
            if isinstance(reply, dict) and "id" not in reply:
                rows = reply["descendants"] if "descendants" in reply else reply["statuses"]
            shown = [row.get("status", row) for row in rows]
            there = next((each for each in shown if each["id"] == status), None)
            found[place] = None if there is None else [each["filter"]["title"] for each in there["filtered"]]
        return found

    return seen


def test_filters_are_told_in_the_places_that_they_are_for(alice, everywhere):
    for context in OF:
        makes(alice, "knights", context=[context], title=context)

    expected = {place: [context] for context, places in OF.items() for place in places}
    assert everywhere() == expected | dict.fromkeys(ANYWHERE, sorted(OF, key=list(OF).index))


def test_home_and_notifications_leave_out_what_a_filter_hides(alice, everywhere):
    makes(alice, "knights", filter_action="hide")

    found = everywhere()

    assert {place for place, told in found.items() if told is None} == OF["home"] | OF["notifications"]
    assert all(told == ["Tiresome"] for told in found.values() if told is not None)


def test_it_hides_only_where_it_is_for(alice, everywhere):
    makes(alice, "knights", filter_action="hide", context=["notifications", "public"])

    found = everywhere()

    assert [place for place, told in found.items() if told is None] == ["notifications"]
    assert (found["home"], found["public"]) == ([], ["Tiresome"])


def test_the_irreversible_ones_of_the_older_api_hide_everywhere_until_the_newer_changes_them(alice, everywhere):
    alice.post("/api/v1/filters", json={"phrase": "knights", "context": ["public"], "irreversible": True})
    found = everywhere()
    assert {place for place, told in found.items() if told is None} == PLACES.keys() - ANYWHERE

    alice.put(f"{PATH}/1", json={"title": "Tiresome"})

    found = everywhere()
    assert None not in found.values()
    assert (found["home"], found["public"]) == ([], ["Tiresome"])


def test_a_filter_that_hides_stops_notifications_from_being_made(alice, bob):
    id = makes(alice, "knights", filter_action="hide", context=["notifications"])["id"]
    bob.posts("@alice knights")
    says(bob, alice, "knights")
    alice.delete(f"{PATH}/{id}")

    types = ["mention", "pleroma:chat_mention"]
    assert alice.get("/api/v1/notifications", {"include_types": types}).json == []


def test_groups_of_notifications_tell_and_leave_out_as_notifications_do(alice, bob):
    makes(alice, "knights", context=["notifications"], title="told")
    makes(alice, "knights", context=["home"], title="elsewhere")
    makes(alice, "horses", context=["notifications"], filter_action="hide")
    told = bob.posts("@alice knights")["id"]
    bob.posts("@alice horses")

    shown = alice.get("/api/v2/notifications").json

    assert [each["status_id"] for each in shown["notification_groups"]] == [told]
    assert [[match["filter"]["title"] for match in each["filtered"]] for each in shown["statuses"]] == [["told"]]


def test_conversations_tell_too(alice, bob):
    makes(alice, "knights")
    bob.posts("@alice knights", visibility="direct")

    (conversation,) = alice.get("/api/v1/conversations").json

    assert len(conversation["last_status"]["filtered"]) == 1
    assert len(alice.get("/api/v1/timelines/direct").json[0]["filtered"]) == 1


# When.


def test_a_filter_that_has_ended_does_nothing(alice, bob, monkeypatch):
    makes(alice, "knights", expires_in=60)
    status = bob.posts("knights")
    assert len(filtered(alice, status)) == 1
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 61)

    assert filtered(alice, status) == []
    assert len(alice.get(PATH).json) == 1


def test_a_change_acts_from_the_next_request(alice, bob):
    status = bob.posts("knights")
    id = makes(alice, "horses")["id"]
    assert filtered(alice, status) == []

    alice.put(f"{PATH}/keywords/1", json={"keyword": "knights"})
    assert len(filtered(alice, status)) == 1
    alice.delete(f"{PATH}/{id}")
    assert filtered(alice, status) == []
    assert hides(alice).filters is None


# What matches.


@pytest.mark.parametrize(("keyword", "text", "whole_words", "anywhere"), [
    ("cat", "CATS", False, True),
    ("кот", "котёл", False, True),
    ("кот", "Мой КОТ!", True, True),
    ("हिन्द", "हिन्दी", False, True),
    ("ก", "กำ", False, True),
    ("می", "می\u200cخواهم", False, True),
    ("黒猫", "黒猫だ", False, True),
    ("٤٢", "٤٢٠", False, True),
    ("caf\u00e9", "CAFE\u0301", True, True),
    ("straße", "STRASSEN", False, True),
    ("who say", "The knights who say ni", True, True),
    (".*", "knights", False, False),
    ("(ni", "they say (ni!", True, True),
    ("\u200b", "knights", False, False),
    ("❤", "with ❤\ufe0f", True, True),
])
def test_whole_words_of_any_script_or_parts_of_them(alice, bob, keyword, text, whole_words, anywhere):
    makes(alice, keyword, title="whole")
    makes(alice, keyword, title="part", whole_word=False)
    status = bob.posts(text)

    told = [each["filter"]["title"] for each in filtered(alice, status)]

    assert told == ["whole"] * whole_words + ["part"] * anywhere


@pytest.mark.parametrize("place", ["text", "subject", "option", "description"])
def test_all_that_a_status_says_is_looked_at(alice, bob, place):
    makes(alice, "knights")
    picture = bob.post("/api/v1/media", form={"description": "the knights" if place == "description" else "x"},
                       files={"file": ("a.txt", b"x", "text/plain")}).json["id"]
    more: dict[str, dict[str, Any]] = {
        "text": {}, "subject": {"spoiler_text": "knights!"}, "description": {"media_ids": [picture]},
        "option": {"poll": {"options": ["no", "knights"], "expires_in": 60}}}

    assert len(filtered(alice, bob.posts("knights" if place == "text" else "x", **more[place]))) == 1


# What it costs.


def test_filters_take_no_call(alice, bob, everywhere):
    paths = ["/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/notifications"]
    before = [(reply.calls, reply.rounds) for reply in map(alice.get, paths)]

    makes(alice, "knights", "horses", filter_action="hide", context=["thread"])
    makes(alice, "knights", "horses")

    replies = list(map(alice.get, paths))
    assert [(reply.calls, reply.rounds) for reply in replies] == before
    assert all('"keyword_matches":["knights"]' in reply.body for reply in replies)
