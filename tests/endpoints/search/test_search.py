"""Searching statuses, hashtags, and everything at once: what is found, for whom, and what it costs."""

from typing import Any

import pytest

from chalicelib.domain.search import results as found
from chalicelib.domain.statuses import fan_out
from chalicelib.ids import new_flake, uuid_of
from chalicelib.queues.statuses import Deliver
from chalicelib.store.accounts.accounts import PROFILE, VIEWER_SET, Account, ViewerSet
from chalicelib.store.dynamo.table import update, write_batch
from chalicelib.store.search.index import StatusWord
from tests.faults import before_call

V1, V2 = "/api/v1/search", "/api/v2/search"
NOTHING: dict[str, list[Any]] = {"accounts": [], "statuses": [], "hashtags": []}


def statuses(person, q, **params):
    """Ids of the statuses found."""
    reply = person.get(V2, {"q": q, "type": "statuses", **params})
    assert reply.status == 200, reply.body
    assert reply.json["accounts"] == reply.json["hashtags"] == []
    return [status["id"] for status in reply.json["statuses"]]


def hides(viewer, **sets):
    actions = [getattr(ViewerSet, name).add(set(ids)) for name, ids in sets.items()]
    update(ViewerSet.stub(viewer.id, VIEWER_SET), actions)


@pytest.fixture
def posted(drain):
    """Post each text and deliver it. Answers the ids."""
    def post(person, *texts, **params):
        ids = [person.posts(text, **params)["id"] for text in texts]
        drain()
        return ids

    return post


# The words of a status.


def test_a_status_is_found_by_every_word_in_any_letter_case(alice, bob, posted):
    (id,) = posted(alice, "Alpacas graze, on the Mountain")

    for q in ("alpacas", "ALPACAS", "mountain", "mountain alpacas", "Mountain, graze!"):
        assert statuses(bob, q) == [id], q


def test_all_words_are_needed(alice, bob, posted):
    both, _ = posted(alice, "cats and dogs", "cats alone")

    assert statuses(bob, "dogs cats") == [both]
    assert statuses(bob, "cats llamas") == []


def test_words_are_whole_words(alice, bob, posted):
    posted(alice, "a catalogue")

    assert statuses(bob, "cat") == []
    assert statuses(bob, "logue") == []


def test_english_endings_make_no_difference(alice, bob, posted):
    (id,) = posted(alice, "They were running with cats")

    assert statuses(bob, "runs cat") == [id]


@pytest.mark.parametrize(("text", "queries"), [
    ("a naïve plan", ["naive", "naïve", "NAI\u0308VE", '"a naive plan"', "naive -planet"]),
    ("to Łódź by train", ["lodz", "Łódź", "łodz", "lódz"]),
    ("in der Straße", ["strasse", "STRASSE", "straße"]),
    ("plain cafe", ["café", "cafe\u0301", "CAFÉ"]),
    ("η Αθήνα", ["αθηνα", "ΑΘΗΝΑ", "Αθήνα"]),
    ("новая ёлка", ["елка", "ёлка", "ЕЛКА"]),
    ("une tasse de thé", ["thé", "THÉ"]),
])
def test_accents_make_no_difference(alice, bob, posted, text, queries):
    (id,) = posted(alice, text)

    for q in queries:
        assert statuses(bob, q) == [id], q


@pytest.mark.parametrize(("text", "q"), [("कि", "के"), ("かき", "がき"), ("мой", "мои"), ("ที่", "ที")])
def test_marks_that_make_another_word_matter(alice, bob, posted, text, q):
    (id,) = posted(alice, text)

    assert (statuses(bob, text), statuses(bob, q)) == ([id], [])


def test_a_deleted_status_leaves_no_word_with_an_accent(alice, bob, posted, drain):
    (id,) = posted(alice, "naïve Łódź thé")

    alice.delete(f"/api/v1/statuses/{id}")
    drain()

    assert [list(StatusWord.query(f"s#{stem}")) for stem in ("naiv", "lodz", "thé")] == [[], [], []]


def test_words_that_stand_everywhere_are_not_looked_for(alice, bob, posted):
    (id,) = posted(alice, "the cat")

    assert statuses(bob, "a cat in the house") == []
    assert statuses(bob, "it is the cat") == [id]
    assert statuses(bob, "the") == []


def test_a_run_of_chinese_characters_is_one_word(alice, bob, posted):
    (id,) = posted(alice, "吾輩は猫である。名前はまだ無い")

    assert statuses(bob, "名前はまだ無い") == [id]
    assert statuses(bob, "猫") == []


def test_a_phrase_is_found_in_its_order(alice, bob, posted):
    right, _ = posted(alice, "it is raining cats and dogs", "dogs and cats, it is raining")

    assert statuses(bob, '"raining cats and dogs"') == [right]
    assert statuses(bob, '"cats and dogs" raining') == [right]


def test_or_finds_either_side_newest_first(alice, bob, posted):
    cat, dog, both, _ = posted(alice, "a cat", "a dog", "cat dog", "a llama")

    assert statuses(bob, "cats or dogs") == [both, dog, cat]
    assert statuses(bob, '"dog cat" OR cat') == [both, cat]


def test_a_phrase_on_one_side_of_or_does_not_bind_the_other(alice, bob, posted):
    phrase, other, _ = posted(alice, "big cats", "llamas", "cats are big")

    assert statuses(bob, '"big cats" or llamas') == [other, phrase]


def test_a_dash_leaves_out(alice, bob, posted):
    cat, apart, _ = posted(alice, "a cat", "a cat that dogs the big man", "a cat, a big dog")

    assert statuses(bob, "cat -dogs") == [cat]
    assert statuses(bob, 'cat -"big dog"') == [apart, cat]
    assert statuses(bob, "-cat") == []


def test_links_mentions_and_hashtags_are_words_too(alice, bob, posted):
    (id,) = posted(alice, "hey @bob look at https://one.example/alpaca #FluffyThings")

    for q in ("bob", "@bob", "alpaca", "#FluffyThings", "fluffythings"):
        assert statuses(bob, q) == [id], q


@pytest.mark.parametrize(("content_type", "text"), [
    ("text/markdown", "**big** _cats_"), ("text/html", "<b>big</b> <i>cats</i>"), ("text/bbcode", "[b]big[/b] cats"),
])
def test_markup_is_no_part_of_the_text(alice, bob, posted, content_type, text):
    (id,) = posted(alice, text, content_type=content_type)

    assert statuses(bob, '"big cats"') == [id]
    assert statuses(bob, "b") == []


# For whom.


@pytest.mark.parametrize("visibility", ["public", "unlisted"])
def test_what_is_for_everybody_is_found_by_everybody(alice, bob, anonymous, posted, visibility):
    (id,) = posted(alice, "alpaca", visibility=visibility)

    assert statuses(bob, "alpaca") == statuses(alice, "alpaca") == statuses(anonymous, "alpaca") == [id]


@pytest.mark.parametrize("visibility", ["local", "private", "direct"])
def test_nothing_else_is_found_not_even_ones_own(alice, bob, posted, visibility):
    bob.follows(alice)
    posted(alice, "alpaca @bob", visibility=visibility)

    assert statuses(bob, "alpaca") == statuses(alice, "alpaca") == []


def test_only_public_words_are_written_anywhere(alice, posted):
    posted(alice, "alpaca", visibility="private")

    assert list(StatusWord.query("s#alpaca")) == []


def test_reblogs_are_not_found(alice, bob, posted, drain):
    (id,) = posted(alice, "alpaca")
    assert bob.post(f"/api/v1/statuses/{id}/reblog").status == 200
    drain()

    assert statuses(bob, "alpaca") == [id]


def test_authors_one_blocks_are_left_out(alice, bob, carol, posted):
    posted(alice, "alpaca")
    hides(bob, blocked=[alice.id])

    assert statuses(bob, "alpaca") == []
    assert len(statuses(carol, "alpaca")) == 1


def test_authors_one_mutes_are_found(alice, bob, posted):
    (id,) = posted(alice, "alpaca")
    hides(bob, muted=[alice.id])

    assert statuses(bob, "alpaca") == [id]


def test_authors_of_a_blocked_domain_are_left_out_unless_one_follows_them(alice, bob, posted):
    (id,) = posted(alice, "alpaca")
    hides(bob, blocked_domains=["kenoma.test"])

    assert statuses(bob, "alpaca") == []
    bob.follows(alice)
    assert statuses(bob, "alpaca") == [id]


def test_authors_who_are_gone_are_left_out(alice, bob, posted):
    posted(alice, "alpaca")
    update(Account.stub(alice.id, PROFILE), [Account.deactivated.set(True)])

    assert statuses(bob, "alpaca") == []


def test_strangers_find_what_is_of_this_server_only(alice, bob, anonymous, posted, setting):
    (id,) = posted(alice, "alpaca")
    update(Account.stub(alice.id, PROFILE), [Account.host.set("far.example")])

    assert statuses(anonymous, "alpaca") == []
    assert statuses(bob, "alpaca") == [id]
    setting(limit_to_local_content="off")
    assert statuses(anonymous, "alpaca") == [id]
    setting(limit_to_local_content="all")
    assert statuses(bob, "alpaca") == []


def test_strangers_find_no_statuses_where_those_are_hidden_from_them(alice, bob, anonymous, posted, setting):
    (id,) = posted(alice, "alpaca")
    setting(restrict_statuses=True)

    assert statuses(anonymous, "alpaca") == []
    assert statuses(bob, "alpaca") == [id]


# By an address.


def test_a_status_is_found_by_its_uri_and_its_url(alice, bob, anonymous):
    status = alice.posts("hello")

    for q in (status["uri"], status["url"], f"  {status['url']}/ "):
        assert statuses(bob, q) == statuses(anonymous, q) == [status["id"]]


def test_the_status_of_an_address_comes_first(alice, bob, posted):
    target = alice.posts("hello")
    _, later = posted(alice, "unrelated", f"look: {target['url']}")

    assert statuses(bob, target["url"]) == [target["id"], later]
    assert statuses(bob, target["url"], limit=1) == [target["id"]]
    assert statuses(bob, target["url"], offset=1) == [later]


def test_an_address_finds_what_the_caller_may_see(alice, bob, carol, anonymous):
    bob.follows(alice)
    status = alice.posts("for friends", visibility="private")

    assert statuses(bob, status["uri"]) == statuses(alice, status["uri"]) == [status["id"]]
    assert statuses(carol, status["uri"]) == statuses(anonymous, status["uri"]) == []


def test_an_address_finds_only_this_authors_when_one_is_named(alice, bob):
    status = alice.posts("hello")

    assert statuses(bob, status["url"], account_id=alice.id) == [status["id"]]
    assert statuses(bob, status["url"], account_id=bob.id) == []


@pytest.mark.parametrize("q", [
    "http://kenoma.test/objects/", "http://kenoma.test/objects/nonsense", "http://kenoma.test/notice/nonsense",
    "http://kenoma.test/notice/" + "0" * 18, "http://kenoma.test/objects/" + uuid_of("0" * 18),
    "http://one.example/notice/" + "0" * 18, "http://kenoma.test/objects/" + "f" * 32, "https://", "http://[",
])
def test_addresses_of_nothing_find_nothing(alice, bob, posted, q):
    posted(alice, "alpaca")

    assert statuses(bob, q) == []


# Which of them.


def test_account_id_keeps_one_authors(alice, bob, posted):
    (alices,) = posted(alice, "alpaca")
    (bobs,) = posted(bob, "alpaca big")

    assert statuses(bob, "alpaca", account_id=alice.id) == [alices]
    assert statuses(bob, "big or alpaca", account_id=bob.id) == [bobs]
    assert statuses(bob, "alpaca", account_id=new_flake()) == []
    assert statuses(bob, "alpaca", account_id="no such id") == []


def test_limit_and_offset_cut_the_list_newest_first(alice, bob, posted):
    ids = posted(alice, *["alpaca"] * 25)[::-1]

    assert statuses(bob, "alpaca") == ids[:20]
    assert statuses(bob, "alpaca", limit=3) == ids[:3]
    assert statuses(bob, "alpaca", limit=3, offset=3) == ids[3:6]
    assert statuses(bob, "alpaca", offset=20) == ids[20:]
    assert statuses(bob, "alpaca", offset=25) == []
    assert statuses(bob, "alpaca", limit=0) == []
    assert statuses(bob, "alpaca", limit=-1) == []


def test_pages_meet_exactly_although_some_hits_are_gone(alice, bob, posted):
    ids = posted(alice, *["alpaca"] * 12)[::-1]
    for id in ids[:6:2]:
        alice.delete(f"/api/v1/statuses/{id}")
    left = [id for id in ids if id not in ids[:6:2]]

    pages = [statuses(bob, "alpaca", limit=3, offset=offset) for offset in (0, 3, 6, 9)]

    assert [id for page in pages for id in page] == left


def test_a_page_has_forty_hits_at_most(alice, bob):
    many_statuses(alice, 45)

    assert len(statuses(bob, "alpaca", limit=100)) == 40


def many_statuses(author, count, text="alpaca", stems=("alpaca",)):
    """Make statuses that look posted to a search. Answers the ids, newest first."""
    from chalicelib.store.statuses.statuses import Status

    ids = [new_flake() for _ in range(count)]
    doc = {"plain": text, "html": text}
    write_batch(puts=[Status(id, account_id=author.id, visibility="public", thread=id, doc=doc) for id in ids])
    write_batch(puts=[StatusWord(f"s#{stem}", id, author_id=author.id, visibility="public", stems=set(stems))
                      for id in ids for stem in stems])
    return ids[::-1]


# Indexing.


def test_a_deleted_status_is_not_found_at_once_and_then_nowhere(alice, bob, posted, aws, drain):
    before = aws.count("search")
    (id,) = posted(alice, "alpacas graze on the mountain")
    assert aws.count("search") == before + 3

    alice.delete(f"/api/v1/statuses/{id}")
    assert statuses(bob, "alpaca") == []
    drain()

    assert aws.count("search") == before


def test_a_status_deleted_before_it_was_delivered_leaves_nothing(alice, aws, drain):
    before = aws.count("search")
    id = alice.posts("alpacas graze")["id"]
    alice.delete(f"/api/v1/statuses/{id}")
    drain()

    assert aws.count("search") == before


def test_a_status_deleted_while_it_is_indexed_leaves_nothing(alice, aws, drain):
    before = aws.count("search")
    id = alice.posts("alpacas graze")["id"]

    def delete():
        alice.delete(f"/api/v1/statuses/{id}")
        drain()

    with before_call("BatchWriteItem", 1, delete, about="sx"):
        fan_out.deliver([Deliver(id, alice.id)])

    assert aws.count("search") == before


def test_a_long_status_has_a_hundred_rows(alice, bob, posted, aws):
    before = aws.count("search")
    (id,) = posted(alice, " ".join(f"word{number}" for number in range(400)))

    assert aws.count("search") == before + 100
    assert statuses(bob, "word0 word99") == [id]
    assert statuses(bob, "word100") == []


def test_the_index_of_statuses_can_be_switched_off(alice, bob, posted, aws, setting):
    (earlier,) = posted(alice, "alpaca")
    before = aws.count("search")
    setting(search_statuses=False)

    later = posted(alice, "alpaca")[0]

    assert aws.count("search") == before
    assert statuses(bob, "alpaca") == []
    assert statuses(bob, f"http://kenoma.test/notice/{later}") == [later]
    setting(search_statuses=True)
    assert statuses(bob, "alpaca") == [earlier]


# Everything at once.


@pytest.mark.parametrize("path", [V1, V2])
def test_a_search_finds_accounts_statuses_and_hashtags(alice, bob, posted, path):
    (id,) = posted(bob, "hello alice")

    found = bob.get(path, {"q": "alice"}).json

    assert found.keys() == NOTHING.keys()
    assert [account["id"] for account in found["accounts"]] == [alice.id]
    assert [status["id"] for status in found["statuses"]] == [id]
    assert found["hashtags"] == (["alice"] if path == V1 else [
        {"name": "alice", "url": "http://kenoma.test/tag/alice", "history": [], "following": False}])


@pytest.mark.parametrize("path", [V1, V2])
@pytest.mark.parametrize("kind", ["accounts", "statuses", "hashtags"])
def test_type_leaves_the_others_empty(alice, bob, posted, path, kind):
    posted(bob, "hello alice")

    found = bob.get(path, {"q": "alice", "type": kind}).json

    assert {name for name, part in found.items() if part} == {kind}
    assert found.keys() == NOTHING.keys()


def test_an_unknown_type_is_refused(bob):
    reply = bob.get(V2, {"q": "alice", "type": "toots"})

    assert reply.status == 400
    assert reply.json["error"] == "toots - Invalid value for enum."


@pytest.mark.parametrize("path", [V1, V2, "/api/v1/accounts/search"])
def test_q_is_needed(anonymous, path):
    reply = anonymous.get(path)

    assert reply.status == 400
    assert reply.json["error"] == "Missing field: q."
    assert reply.json["errors"][0]["source"] == {"pointer": "/q"}


@pytest.mark.parametrize("path", [V1, V2])
@pytest.mark.parametrize("q", ["", "   ", "!?", "-", '""'])
def test_an_empty_q_finds_nothing(alice, anonymous, path, q):
    assert anonymous.get(path, {"q": q}).json == NOTHING


def test_parameters_may_come_in_a_body_and_resolve_says_nothing(alice, bob):
    reply = bob.request("GET", V2, json={"q": " alice ", "resolve": True, "type": "accounts"})

    assert [account["id"] for account in reply.json["accounts"]] == [alice.id]


def test_hashtags_are_made_of_the_query_and_sliced(bob):
    def tags(q, **params):
        return bob.get(V1, {"q": q, "type": "hashtags", **params}).json["hashtags"]

    assert tags("john doe") == ["john", "doe", "JohnDoe"]
    assert tags("john doe", limit=1, offset=1) == ["doe"]
    assert tags("john #doe") == ["doe"]
    assert tags("https://one.example/tag/cat") == ["cat"]
    assert bob.get(V2, {"q": "Äpfel", "type": "hashtags"}).json["hashtags"] == [
        {"name": "Äpfel", "url": "http://kenoma.test/tag/Äpfel", "history": [], "following": False}
    ]


def test_a_hashtag_that_is_found_tells_who_is_signed_in_whether_they_follow_it(bob, anonymous):
    bob.post("/api/v1/tags/äpfel/follow")

    assert bob.get(V2, {"q": "#Äpfel", "type": "hashtags"}).json["hashtags"][0]["following"] is True
    assert "following" not in anonymous.get(V2, {"q": "#Äpfel", "type": "hashtags"}).json["hashtags"][0]


def test_a_part_that_fails_is_empty(alice, bob, posted):
    posted(bob, "hello alice")

    def fail():
        raise ConnectionError("the table is not to be reached")

    with before_call("Query", 1, fail, about="s#alic"):
        found = bob.get(V2, {"q": "alice"}).json

    assert found["statuses"] == []
    assert found["accounts"]
    assert found["hashtags"]


def test_a_viewer_sees_own_marks_on_what_is_found(alice, bob, posted):
    (id,) = posted(alice, "alpaca")
    bob.post(f"/api/v1/statuses/{id}/favourite")

    (status,) = bob.get(V2, {"q": "alpaca"}).json["statuses"]

    assert status["favourited"] is True
    assert status == bob.get(f"/api/v1/statuses/{id}").json


# Who may.


def test_a_token_without_the_scope_is_nobodys(alice, cast, posted):
    writer = cast.person("writer", scopes="write")
    posted(alice, "alpaca")
    hides(writer, blocked=[alice.id])

    assert len(statuses(writer, "alpaca")) == 1
    assert statuses(cast.signs_in(writer.account, "read:search"), "alpaca") == []


@pytest.mark.parametrize("path", [V1, V2, "/api/v1/accounts/search"])
def test_a_private_instance_lets_nobody_search(alice, anonymous, setting, path):
    setting(public=False)

    assert anonymous.get(path, {"q": "alice"}).status == 403
    assert alice.get(path, {"q": "alice"}).status == 200


def test_searches_are_limited_by_person_and_over_all_paths(alice, anonymous, setting):
    from chalicelib.web import limits

    setting(rate_limits=True, rate_limit_overrides="search=60000/2|60000/3")
    limits.forget()
    paths = [V1, V2, "/api/v1/accounts/search", V1]

    assert [anonymous.get(path, {"q": "x"}).status for path in paths] == [200, 200, 429, 429]
    assert [alice.get(path, {"q": "x"}).status for path in paths] == [200, 200, 200, 429]


# What it costs.


def test_a_search_for_one_word_is_one_query_and_the_page(alice, bob, anonymous):
    many_statuses(alice, 60)

    signed_in = bob.get(V2, {"q": "alpaca", "type": "statuses"})
    stranger = anonymous.get(V2, {"q": "alpaca", "type": "statuses"})

    assert (signed_in.calls, signed_in.rounds) == (3, 3)
    assert (stranger.calls, stranger.rounds) == (2, 2)


def test_forty_cost_the_rounds_of_two(cast, bob):
    for author in cast.people(45):
        many_statuses(author, 1)

    two = bob.get(V2, {"q": "alpaca", "type": "statuses", "limit": 2})
    forty = bob.get(V2, {"q": "alpaca", "type": "statuses", "limit": 40})

    assert (len(two.json["statuses"]), len(forty.json["statuses"])) == (2, 40)
    assert forty.rounds == two.rounds == 3
    assert forty.calls == two.calls + 1  # 120 keys instead of 6


@pytest.mark.parametrize(("q", "calls"), [("alpaca wild", 3), ("alpaca -tame", 3), ('"wild alpaca"', 3),
                                          ("wild or alpaca", 4), ("a1 or a2 or a3 or alpaca", 6)])
def test_words_cost_nothing_more_and_each_or_a_query(alice, bob, q, calls):
    many_statuses(alice, 30, "wild alpaca", ("wild", "alpaca"))

    reply = bob.get(V2, {"q": q, "type": "statuses"})

    assert len(reply.json["statuses"]) == 20
    assert (reply.calls, reply.rounds) == (calls, 3)


def test_everything_at_once_takes_the_rounds_of_one_part(alice, bob):
    many_statuses(alice, 5)
    assert bob.get(V2, {"q": "alpaca alice"}).rounds == 3


def test_an_empty_or_meaningless_search_reads_nothing(anonymous):
    assert anonymous.get(V2, {"q": " "}).calls == 0
    assert anonymous.get(V2, {"q": "!!"}).calls == 0
    assert anonymous.get(V2, {"q": "cats", "type": "hashtags"}).calls == 0


def test_a_search_among_hits_that_are_gone_ends(alice, bob):
    """It makes four queries and loads a thousand statuses. Whatever is beyond them is not found."""
    write_batch(puts=[StatusWord("s#alpaca", new_flake(), author_id=alice.id, visibility="public", stems={"alpaca"})
                      for _ in range(1700)])
    old = StatusWord("s#alpaca", "0" * 18, author_id=alice.id, visibility="public", stems={"alpaca"})
    write_batch(puts=[old])

    reply = bob.get(V2, {"q": "alpaca", "type": "statuses"})

    assert reply.json["statuses"] == []
    assert reply.rounds <= 15


def test_a_phrase_is_looked_for_in_a_thousand_statuses_at_most(alice, bob, monkeypatch):
    (oldest,) = many_statuses(alice, 1, "a wild alpaca", ("wild", "alpaca"))
    many_statuses(alice, 300, "alpaca that is wild", ("wild", "alpaca"))

    assert statuses(bob, '"wild alpaca"') == [oldest]
    monkeypatch.setattr(found, "MOST_LOADED", 250)
    assert statuses(bob, '"wild alpaca"') == []


@pytest.mark.parametrize("q", [
    "a" * 10_000, "ab " * 3000, "or " * 3000, '"' * 10_000, "-" * 10_000, "!?" * 5000, "(.*)+[" * 1500, "日" * 9000,
    "\\" * 5000, "a#b" * 3000, "👩‍👩‍👧 " * 1000, "' OR 1=1 --", "%_*:&|()<>", "\u202e\u200b\ufeff", "a" * 300 + "#b",
    " ".join(f"w{number}" for number in range(2000)), "@" * 5000, "@@host", "http://" * 1000, "#" * 5000,
])
@pytest.mark.parametrize("path", [V1, V2, "/api/v1/accounts/search"])
def test_hostile_queries_are_answered_and_bounded(bob, path, q):
    reply = bob.request("GET", path, json={"q": q})

    assert reply.status == 200
    assert reply.calls <= 20


def test_a_search_may_be_among_statuses_between_two_others(alice, bob, posted):
    first, second, third, fourth = posted(alice, "alpaca 1", "alpaca 2", "alpaca 3", "alpaca 4")

    def found(**params):
        reply = bob.get(V2, {"q": "alpaca", "type": "statuses", "exclude_unreviewed": True, **params})
        return [status["id"] for status in reply.json["statuses"]]

    assert found() == [fourth, third, second, first]
    assert found(max_id=third) == [second, first]
    assert found(min_id=second) == [fourth, third]
    assert found(min_id=first, max_id=fourth) == [third, second]
    assert found(min_id=first, max_id=fourth, limit=1, offset=1) == [second]
    assert found(account_id=bob.id, min_id=first) == []

