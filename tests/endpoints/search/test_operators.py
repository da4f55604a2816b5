"""What a search asks of statuses besides their words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.search import operators
from chalicelib.domain.search.operators import Operator
from chalicelib.ids import flake_at, new_flake
from chalicelib.store.dynamo.table import write_batch
from chalicelib.store.search.index import StatusWord
from chalicelib.store.statuses.statuses import Status
from chalicelib.store.timelines.feeds import FeedRow, row_of
from tests.endpoints.search.test_search import statuses
from tests.pictures import picture

V2 = "/api/v2/search"
DAY = date(2024, 5, 6)


@pytest.fixture
def posted(drain):
    """Post a status and deliver it. Answers its id."""
    def post(person, text="alpaca", **params):
        id = person.posts(text, **params)["id"]
        drain()
        return id

    return post


@pytest.fixture
def dated(alice):
    """Statuses that Alice wrote at noon of some days, by day."""
    def at(day):
        return flake_at(int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp() * 1000))

    made = {day: Status(at(day), account_id=alice.id, visibility="public", thread=at(day), doc={"plain": "alpaca"})
            for day in (DAY - timedelta(days=1), DAY, DAY + timedelta(days=1))}
    write_batch(puts=made.values())
    write_batch(puts=[StatusWord("s#alpaca", each.id, author_id=alice.id, visibility="public", stems={"alpaca"})
                      for each in made.values()])
    write_batch(puts=[row_of(each, FeedRow, f"a#{alice.id}") for each in made.values()])
    return {day: each.id for day, each in made.items()}


def with_file(person, kind="image/png", data=None):
    reply = person.post("/api/v2/media", files={"file": ("file", data or picture(), kind)})
    return {"media_ids": [reply.json["id"]]}


# By whom.


def test_from_finds_what_one_account_wrote(alice, bob, posted):
    mine, theirs = posted(alice), posted(bob)

    for q in ("alpaca from:alice", "from:@Alice alpaca", "from:alice@kenoma.test alpaca", "FROM:alice alpaca"):
        assert statuses(bob, q) == [mine], q
    assert statuses(bob, "alpaca from:me") == [theirs]
    assert statuses(bob, "alpaca -from:alice") == statuses(bob, "alpaca -from:alice -from:nobody") == [theirs]
    assert statuses(bob, "alpaca -from:me") == [mine]


def test_who_is_unknown_or_several_have_written_nothing(alice, bob, anonymous, posted):
    posted(alice)

    for q in ("alpaca from:nobody", "alpaca from:alice from:bob", "from:nobody@far.example", "from:alice -from:alice"):
        assert statuses(bob, q) == [], q
    assert statuses(anonymous, "alpaca from:me") == []


def test_without_words_it_is_what_somebody_wrote_for_everybody(alice, bob, anonymous, posted):
    first, second = posted(alice, "one"), posted(alice, "two", visibility="unlisted")
    posted(alice, "three", visibility="private")
    posted(alice, "four", visibility="direct")
    posted(bob)

    assert statuses(bob, "from:alice") == statuses(alice, "from:me") == [second, first]
    assert statuses(anonymous, "from:alice") == [second, first]
    assert statuses(bob, "from:alice", limit=1, offset=1) == [first]


def test_an_author_that_the_request_names_counts_too(alice, bob, posted):
    mine = posted(alice)

    assert statuses(bob, "from:alice", account_id=alice.id) == [mine]
    assert statuses(bob, "from:alice", account_id=bob.id) == statuses(bob, "a or from:alice", account_id=bob.id) == []


def test_nobody_finds_whom_they_block(alice, bob, posted):
    posted(alice)
    bob.post(f"/api/v1/accounts/{alice.id}/block")

    assert statuses(bob, "from:alice") == []


# What it is.


def test_what_a_status_has_or_is(alice, bob, posted):
    plain = posted(alice)
    image = posted(alice, **with_file(alice))
    sound = posted(alice, **with_file(alice, "audio/mpeg", b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\0" * 64))
    poll = posted(alice, poll={"options": ["one", "two"], "expires_in": 3600})
    link = posted(alice, "alpaca https://one.example/a")
    reply = posted(alice, in_reply_to_id=plain)
    hidden = posted(alice, sensitive=True)
    everything = [hidden, reply, link, poll, sound, image, plain]

    for name, found in {"media": [sound, image], "image": [image], "audio": [sound], "video": [], "poll": [poll],
                        "link": [link], "embed": [], "reply": [reply], "sensitive": [hidden]}.items():
        for q in (f"alpaca has:{name}", f"IS:{name} alpaca", f"from:alice is:{name}"):
            assert statuses(bob, q) == found, q
        rest = [each for each in everything if each not in found]
        assert statuses(bob, f"alpaca -has:{name}") == statuses(bob, f"from:alice -is:{name}") == rest, name
    assert statuses(bob, "alpaca has:media -has:image") == [sound]


def test_without_words_and_author_it_is_the_public_timeline(alice, bob, posted):
    posted(alice)
    found = [posted(person, "look", **with_file(person)) for person in (alice, bob)]
    posted(alice, "not listed", visibility="unlisted", **with_file(alice))

    assert statuses(bob, "has:media") == found[::-1]
    assert statuses(bob, "has:media -from:me") == found[:1]


def test_languages(alice, bob, posted):
    german, brazilian, none = (posted(alice, language=each) for each in ("de", "pt-BR", ""))

    assert statuses(bob, "alpaca language:de") == [german]
    assert statuses(bob, "alpaca language:PT") == statuses(bob, "alpaca language:pt-br") == [brazilian]
    assert statuses(bob, "alpaca language:p") == []
    assert statuses(bob, "alpaca -language:pt") == [none, german]


# When.


@pytest.mark.parametrize(("q", "days"), [
    ("before:2024-05-06", [-1]), ("after:2024-05-06", [1]), ("during:2024-05-06", [0]),
    ("after:2024-05-04 before:2024-05-07", [0, -1]), ("after:2024-05-06 before:2024-05-06", []),
    ("during:2024-05-06 during:2024-05-07", []),
])
def test_days(alice, bob, dated, q, days):
    found = [dated[DAY + timedelta(days=each)] for each in days]

    for words in ("alpaca ", "from:alice "):
        assert statuses(bob, words + q) == found


# Where.


def test_a_library_is_what_one_had_to_do_with(alice, bob, posted):
    favourite, bookmark, reblog, reaction, _ = (posted(alice) for _ in range(5))
    named, own = posted(alice, "alpaca @bob"), posted(bob)
    voted = posted(alice, poll={"options": ["one", "two"], "expires_in": 3600})
    for id, act in ((favourite, "favourite"), (bookmark, "bookmark"), (reblog, "reblog")):
        assert bob.post(f"/api/v1/statuses/{id}/{act}").status == 200
    bob.reacts(reaction, "☕")
    poll = bob.get(f"/api/v1/statuses/{voted}").json["poll"]["id"]
    assert bob.post(f"/api/v1/polls/{poll}/votes", json={"choices": [0]}).status == 200

    assert statuses(bob, "alpaca in:library") == [voted, own, named, reaction, reblog, bookmark, favourite]
    assert statuses(bob, "in:library") == [own]
    assert statuses(bob, "in:library from:alice has:poll") == [voted]
    assert len(statuses(bob, "alpaca in:all")) == len(statuses(bob, "alpaca in:public")) == 8


def test_visitors_have_no_library(alice, anonymous, posted):
    posted(alice)

    assert statuses(anonymous, "alpaca in:library") == statuses(anonymous, "in:library") == []


# Together with the rest of a query.


def test_each_side_of_or_has_its_own(alice, bob, posted):
    mine, theirs = posted(alice, "alpaca"), posted(bob, "llama")
    posted(bob, "alpaca")
    posted(alice, "llama")

    assert statuses(bob, "alpaca from:alice or llama from:bob") == [theirs, mine]
    assert statuses(bob, "alpaca from:nobody or llama from:bob") == [theirs]


def test_phrases_and_dashes_go_on_to_count(alice, bob, posted):
    big, _ = posted(alice, "a big alpaca"), posted(alice, "alpaca, big")

    assert statuses(bob, '"big alpaca" from:alice') == statuses(bob, "alpaca -dog from:alice -\"alpaca, big\"") == [big]


@pytest.mark.parametrize("q", ["is:fun", "before:soon", "after:1969-01-01", "in:berlin", "from:", "note:this", "has:"])
def test_what_only_looks_like_one_is_words(alice, bob, posted, q):
    id = posted(alice, f"it says {q} here")
    posted(alice, "something else")

    assert statuses(bob, q.rstrip(":") + " says") == statuses(bob, f"{q} says") == [id]


def test_a_dash_before_a_day_or_a_place_makes_words_of_it(alice, bob, posted):
    id = posted(alice)

    assert statuses(bob, "alpaca -before:2020-01-01 -in:library") == [id]


def test_people_and_hashtags_are_looked_for_by_the_words(alice, bob, posted):
    posted(alice, "#cats")

    found = bob.get(V2, {"q": "from:me alice has:media"}).json
    assert [each["id"] for each in found["accounts"]] == [alice.id]
    assert [each["name"] for each in found["hashtags"]] == ["alice", "Alice"][:len(found["hashtags"])]
    nothing = bob.get(V2, {"q": "from:alice", "resolve": True}).json
    assert (nothing["accounts"], nothing["hashtags"], len(nothing["statuses"])) == ([], [], 1)


def test_addresses_are_no_operators(alice, bob):
    status = alice.posts("hello")

    assert statuses(bob, status["url"]) == [status["id"]]


# What it costs.


def many(author, count, **doc):
    made = [Status(id, account_id=author.id, visibility="public", thread=id, doc={"plain": "alpaca", **doc})
            for id in (new_flake() for _ in range(count))]
    write_batch(puts=made)
    write_batch(puts=[StatusWord("s#alpaca", each.id, author_id=author.id, visibility="public", stems={"alpaca"})
                      for each in made])
    write_batch(puts=[row_of(each, FeedRow, feed) for each in made for feed in (f"a#{author.id}", "pl")])


@pytest.mark.parametrize(("q", "cost"), [
    ("alpaca from:me", (3, 3)), ("alpaca from:alice", (4, 4)), ("alpaca from:alice -from:bob has:media", (4, 4)),
    ("from:me", (3, 3)), ("has:media", (3, 3)), ("alpaca during:2024-05-06", (2, 2)),
])
def test_a_page_costs_what_it_costs_without_and_a_call_for_names(alice, bob, q, cost):
    many(alice, 3, attachments=[{"mime": "image/png", "object": "x.png", "id": "1", "description": ""}])

    reply = alice.get(V2, {"q": q, "type": "statuses", "limit": 40})

    assert (reply.status, (reply.calls, reply.rounds)) == (200, cost)


@pytest.mark.parametrize("q", ["alpaca has:poll", "from:me has:poll", "has:poll"])
def test_a_search_that_finds_nothing_ends(alice, q):
    many(alice, 1_500)

    reply = alice.get(V2, {"q": q, "type": "statuses"})

    assert reply.json["statuses"] == []
    assert reply.calls <= 1 + 4 + 24, "four queries, and a thousand statuses with authors and marks"


# The words of it.


@pytest.mark.parametrize(("text", "negated", "found"), [
    ("from:me", False, Operator("from", "me")), ("Has:Media", True, Operator("has", "media", True)),
    ("before:2024-02-29", False, Operator("before", "2024-02-29")), ("before:2023-02-29", False, None),
    ("before:2024-01-01", True, None), ("in:library", True, None), ("https://a.example", False, None),
    ("from:", False, None), (":", False, None), ("", False, None), ("before:0001-01-01", False, None),
    ("after:9999-12-31", False, None), ("language:x:y", False, Operator("language", "x:y")),
])
def test_words_of_a_query_that_are_operators(text, negated, found):
    assert operators.read(text, negated=negated) == found
