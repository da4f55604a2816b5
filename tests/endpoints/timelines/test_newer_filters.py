"""Filters of the newer API: keywords and statuses, what clients shall do with them, and a time when they end."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from chalicelib.domain.timelines import filters
from tests.domain.relationships.pairs import hides

PATH, OLDER = "/api/v2/filters", "/api/v1/filters"
NOT_FOUND = (404, {"error": "Record not found"})
NOBODYS = ["7", "7x", "-1", "9" * 40, "%00"]


def makes(person, *keywords, **more):
    return person.post(PATH, json={"title": "Tiresome", "context": ["home"],
                                   "keywords_attributes": [{"keyword": each} for each in keywords], **more})


def words(filter):
    return [each["keyword"] for each in filter["keywords"]]


def test_a_filter_has_these_keys_and_defaults(alice):
    reply = makes(alice, "knights", "shrubbery", context=["home", "account"])

    assert (reply.status, reply.json) == (200, {
        "id": "1", "title": "Tiresome", "context": ["home", "account"], "expires_at": None, "filter_action": "warn",
        "keywords": [{"id": "1", "keyword": "knights", "whole_word": True},
                     {"id": "2", "keyword": "shrubbery", "whole_word": True}], "statuses": [],
    })
    assert alice.get(f"{PATH}/1").json == reply.json
    assert alice.get(PATH).json == [reply.json]


def test_it_may_come_as_a_form(alice):
    fields = {"title": "x", "context": ["home", "public"], "filter_action": "hide", "expires_in": "",
              "keywords_attributes[0][keyword]": "one", "keywords_attributes[1][keyword]": "two",
              "keywords_attributes[1][whole_word]": "false"}

    shown = alice.post(PATH, form=fields).json

    assert (shown["context"], shown["filter_action"], shown["expires_at"]) == (["home", "public"], "hide", None)
    assert shown["keywords"] == [{"id": "1", "keyword": "one", "whole_word": True},
                                 {"id": "2", "keyword": "two", "whole_word": False}]


def test_keywords_of_a_form_may_follow_one_another(alice):
    body = (b"title=x&context[]=home&keywords_attributes[][keyword]=a&keywords_attributes[][whole_word]=0"
            b"&keywords_attributes[][keyword]=b&keywords_attributes[][whole_word]=1")

    shown = alice.post(PATH, body=body, headers={"Content-Type": "application/x-www-form-urlencoded"}).json

    assert [(each["keyword"], each["whole_word"]) for each in shown["keywords"]] == [("a", False), ("b", True)]


@pytest.mark.parametrize(("sent", "error"), [
    ({"title": None}, "Title can't be blank"),
    ({"title": " "}, "Title can't be blank"),
    ({"title": "x" * 256}, "Title is too long (maximum is 255 characters)"),
    ({"context": None}, "Context None or invalid context supplied"),
    ({"context": []}, "Context None or invalid context supplied"),
    ({"context": ["home", "everywhere"]}, "Context None or invalid context supplied"),
    ({"filter_action": "burn"}, "Filter action is not included in the list"),
    ({"expires_in": -1}, "Expires in is not a time to come"),
    ({"expires_in": 10**18}, "Expires in is not a time to come"),
    ({"keywords_attributes": [{"keyword": " "}]}, "Keyword can't be blank"),
    ({"keywords_attributes": [{"whole_word": True}]}, "Keyword can't be blank"),
    ({"keywords_attributes": [{"keyword": "x" * 256}]}, "Keyword is too long (maximum is 255 characters)"),
])
def test_what_cannot_be_is_refused_and_changes_nothing(alice, sent, error):
    before = makes(alice, "knights").json
    refused = (422, {"error": f"Validation failed: {error}"})

    reply = makes(alice, **sent)
    assert (reply.status, reply.json) == refused
    if None not in sent.values():  # to change a filter, nothing has to be sent
        reply = alice.put(f"{PATH}/1", json=sent)
        assert (reply.status, reply.json) == refused
    assert alice.get(PATH).json == [before]


def test_what_is_not_sent_stays(alice):
    before = makes(alice, "knights", filter_action="blur", expires_in=60).json

    assert alice.put(f"{PATH}/1").json == before
    changed = alice.put(f"{PATH}/1", json={"title": "Other", "filter_action": "hide"}).json
    assert changed == {**before, "title": "Other", "filter_action": "hide"}
    assert alice.get(f"{PATH}/1").json == changed


@pytest.mark.parametrize("never", [None, "", 0, "0"])
def test_it_ends_after_the_seconds_that_are_sent(alice, never):
    shown = makes(alice, expires_in=3600).json["expires_at"]

    assert 3590 < datetime.fromisoformat(shown).timestamp() - time.time() <= 3600
    assert alice.put(f"{PATH}/1", json={"expires_in": never}).json["expires_at"] is None


def test_keywords_are_changed_added_and_taken_out_with_the_filter(alice):
    makes(alice, "one", "two", "three")

    shown = alice.put(f"{PATH}/1", json={"keywords_attributes": [
        {"id": "1", "keyword": "uno"}, {"id": "2", "_destroy": True}, {"id": "3", "whole_word": False},
        {"keyword": "four"}]}).json

    assert shown["keywords"] == [
        {"id": "1", "keyword": "uno", "whole_word": True}, {"id": "3", "keyword": "three", "whole_word": False},
        {"id": "4", "keyword": "four", "whole_word": True}]
    makes(alice, "elsewhere")
    reply = alice.put(f"{PATH}/1", json={"title": "x", "keywords_attributes": [{"id": "5", "keyword": "x"}]})
    assert (reply.status, reply.json) == NOT_FOUND, "a keyword of another filter"
    assert alice.get(f"{PATH}/1").json == shown


def test_a_filter_goes_with_all_that_is_in_it(alice):
    makes(alice, "one")
    makes(alice, "two")

    reply = alice.delete(f"{PATH}/1")

    assert (reply.status, reply.json) == (200, {})
    assert [words(each) for each in alice.get(PATH).json] == [["two"]]
    assert alice.get(f"{PATH}/keywords/1").status == 404


def test_keywords_one_by_one(alice):
    makes(alice, "one")

    added = alice.post(f"{PATH}/1/keywords", form={"keyword": "two", "whole_word": "false"})
    assert (added.status, added.json) == (200, {"id": "2", "keyword": "two", "whole_word": False})
    assert alice.get(f"{PATH}/1/keywords").json == [{"id": "1", "keyword": "one", "whole_word": True}, added.json]
    changed = alice.put(f"{PATH}/keywords/2", json={"keyword": "dos"})
    assert changed.json == alice.get(f"{PATH}/keywords/2").json == {"id": "2", "keyword": "dos", "whole_word": False}
    for reply in (alice.post(f"{PATH}/1/keywords"), alice.put(f"{PATH}/keywords/2", json={"keyword": " "}),
                  alice.put(f"{PATH}/keywords/2", json={"whole_word": True})):
        assert (reply.status, reply.json) == (422, {"error": "Validation failed: Keyword can't be blank"})

    for id in "12":
        assert alice.delete(f"{PATH}/keywords/{id}").json == {}
    assert words(alice.get(f"{PATH}/1").json) == []


def test_statuses_one_by_one(alice, bob, carol):
    makes(alice)
    status = bob.posts("hello")["id"]
    reblog = carol.post(f"/api/v1/statuses/{status}/reblog").json["id"]

    added = alice.post(f"{PATH}/1/statuses", form={"status_id": status})

    assert (added.status, added.json) == (200, {"id": "1", "status_id": status})
    assert alice.post(f"{PATH}/1/statuses", form={"status_id": reblog}).json == added.json
    assert alice.get(f"{PATH}/1/statuses").json == alice.get(f"{PATH}/1").json["statuses"] == [added.json]
    assert alice.get(f"{PATH}/statuses/1").json == added.json
    assert alice.delete(f"{PATH}/statuses/1").json == {}
    assert alice.get(f"{PATH}/1/statuses").json == []


@pytest.mark.parametrize("unseen", [None, "", "7", "0" * 18, "private"])
def test_a_status_must_be_one_that_the_viewer_may_see(alice, bob, unseen):
    makes(alice)
    id = bob.posts("x", visibility="private")["id"] if unseen == "private" else unseen

    reply = alice.post(f"{PATH}/1/statuses", json={"status_id": id})

    assert (reply.status, reply.json) == (422, {"error": "Validation failed: Status must exist"})


@pytest.mark.parametrize("id", [*NOBODYS, "1"])
def test_unknown_and_foreign_ones_are_not_found(alice, bob, id):
    status = bob.posts("x")["id"]
    makes(bob, "x")
    bob.post(f"{PATH}/1/statuses", json={"status_id": status})
    word = {"keyword": "x"}

    for reply in (
        alice.get(f"{PATH}/{id}"), alice.put(f"{PATH}/{id}", json={"title": "x"}), alice.delete(f"{PATH}/{id}"),
        alice.get(f"{PATH}/{id}/keywords"), alice.post(f"{PATH}/{id}/keywords", json=word),
        alice.get(f"{PATH}/keywords/{id}"), alice.put(f"{PATH}/keywords/{id}", json=word),
        alice.delete(f"{PATH}/keywords/{id}"), alice.get(f"{PATH}/{id}/statuses"),
        alice.post(f"{PATH}/{id}/statuses", json={"status_id": status}), alice.get(f"{PATH}/statuses/{id}"),
        alice.delete(f"{PATH}/statuses/{id}"),
    ):
        assert (reply.status, reply.json) == NOT_FOUND
    assert words(bob.get(f"{PATH}/1").json) == ["x"]


def test_they_need_a_user_and_a_scope(cast, alice, anonymous):
    reader, writer = cast.signs_in(alice.account, "read:filters"), cast.signs_in(alice.account, "write:filters")

    assert makes(writer, "x").status == reader.get(PATH).status == 200
    assert anonymous.get(PATH).json == {"error": "Invalid credentials."}
    assert writer.get(f"{PATH}/keywords/1").json == {"error": "Insufficient permissions: read:filters."}
    for reply in (makes(reader), reader.delete(f"{PATH}/keywords/1"), reader.post(f"{PATH}/1/statuses")):
        assert (reply.status, reply.json) == (403, {"error": "Insufficient permissions: write:filters."})


def test_all_of_many_at_once_are_kept(alice):
    makes(alice)
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda n: alice.post(f"{PATH}/1/keywords", form={"keyword": f"word{n}"}), range(8)))

    shown = alice.get(f"{PATH}/1").json["keywords"]
    assert sorted(shown, key=str) == sorted((each.json for each in replies), key=str)
    assert len({each["id"] for each in shown}) == 8


def test_they_are_read_with_the_token(alice, bob):
    status = bob.posts("x")["id"]

    assert makes(alice, "x").calls == 2
    assert alice.get(PATH).calls == alice.get(f"{PATH}/keywords/1").calls == 1
    assert alice.post(f"{PATH}/1/keywords", json={"keyword": "y"}).calls == 2
    assert alice.post(f"{PATH}/1/statuses", json={"status_id": status}).calls == 4, "the status, and who wrote it"


# Bounds: what rides with every request must stay small.


@pytest.mark.parametrize(("bound", "error"), [
    ("MOST_KEYWORDS", "A filter can only have 3 keywords"),
    ("MOST_KEYWORDS_IN_ALL", "You can only have 3 keywords"),
    ("MOST", "You can only have 3 filters"),
])
def test_there_are_only_so_many(alice, monkeypatch, bound, error):
    monkeypatch.setattr(filters, bound, 3)
    for _ in range(3):
        makes(alice)
    for word in "abc":
        alice.post(f"{PATH}/1/keywords", json={"keyword": word})
    before = alice.get(PATH).json

    reply = makes(alice) if bound == "MOST" else alice.post(f"{PATH}/1/keywords", json={"keyword": "d"})

    assert (reply.status, reply.json) == (422, {"error": error})
    assert alice.get(PATH).json == before
    assert alice.put(f"{PATH}/1", json={"title": "may still be changed"}).status == 200


def test_a_filter_names_only_so_many_statuses(alice, bob, monkeypatch):
    monkeypatch.setattr(filters, "MOST_STATUSES", 1)
    makes(alice)

    replies = [alice.post(f"{PATH}/1/statuses", json={"status_id": bob.posts("x")["id"]}) for _ in range(2)]

    assert [each.status for each in replies] == [200, 422]
    assert len(alice.get(f"{PATH}/1/statuses").json) == 1


def test_all_together_take_only_so_much_room(alice):
    big = ["字" * 250 + str(number) for number in range(80)]

    assert makes(alice, *big).status == 200
    reply = makes(alice, *big[:10])

    assert (reply.status, reply.json) == (422, {"error": "Your filters take too much room"})
    assert len(hides(alice).filters.encode()) <= filters.MOST_BYTES
    assert alice.delete(f"{PATH}/keywords/1").status == 200


# Both APIs show the same filters.


def test_a_phrase_of_the_older_api_is_a_filter_of_one_keyword(alice):
    alice.post(OLDER, json={"phrase": "knights", "context": ["home"], "irreversible": True, "whole_word": False,
                            "expires_in": 60})

    (shown,), (older,) = alice.get(PATH).json, alice.get(OLDER).json

    assert (shown["title"], shown["context"], shown["filter_action"]) == ("knights", ["home"], "hide")
    assert shown["keywords"] == [{"id": older["id"], "keyword": "knights", "whole_word": False}]
    assert shown["expires_at"] == older["expires_at"] is not None


def test_every_keyword_is_a_phrase_of_the_older_api(alice):
    makes(alice, "one", "two", filter_action="hide", context=["account"])
    makes(alice, "three", filter_action="blur")

    assert [(each["id"], each["phrase"], each["context"], each["irreversible"]) for each in alice.get(OLDER).json] == [
        ("3", "three", ["home"], False), ("2", "two", ["account"], True), ("1", "one", ["account"], True)]


def test_the_older_api_changes_what_only_one_keyword_has(alice):
    makes(alice, "one", filter_action="blur")

    older = alice.put(f"{OLDER}/1", json={"phrase": "uno", "context": ["public"], "irreversible": False}).json

    shown = alice.get(f"{PATH}/1").json
    assert (older["phrase"], older["context"]) == ("uno", ["public"])
    assert (shown["title"], words(shown), shown["filter_action"]) == ("uno", ["uno"], "blur")


def test_the_older_api_does_not_change_the_other_keywords_of_a_filter(alice):
    makes(alice, "one", "two", filter_action="hide")

    for more in ({"context": ["public"]}, {"irreversible": False}, {"expires_in": 60}):
        assert alice.put(f"{OLDER}/1", json={"phrase": "uno", "context": ["home"], **more}).status == 422
    assert alice.put(f"{OLDER}/1", json={"phrase": "uno", "context": ["home"]}).json["phrase"] == "uno"

    shown = alice.get(f"{PATH}/1").json
    assert (shown["title"], shown["context"], words(shown)) == ("Tiresome", ["home"], ["uno", "two"])


def test_the_last_keyword_takes_its_filter_along_in_the_older_api(alice, bob):
    makes(alice, "one", "two")
    makes(alice, "three")
    alice.post(f"{PATH}/2/statuses", json={"status_id": bob.posts("x")["id"]})

    for id in "123":
        assert alice.delete(f"{OLDER}/{id}").json == {}

    assert [(each["id"], words(each)) for each in alice.get(PATH).json] == [("2", [])], "it still has a status"
    assert alice.get(OLDER).json == []
