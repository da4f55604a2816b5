"""Searching accounts: who is found by which words, in which order, for whom, and what it costs."""

import pytest

from chalicelib.domain.accounts import registration
from chalicelib.domain.search import index
from chalicelib.domain.search import results as found
from chalicelib.ids import new_flake
from chalicelib.store.accounts import accounts as store
from chalicelib.store.accounts.accounts import PROFILE, VIEWER_SET, Account, ViewerSet
from chalicelib.store.dynamo.table import update, write_batch
from chalicelib.store.search.index import AccountWord
from tests.faults import Killed, before_call, die

SEARCH = "/api/v1/accounts/search"


def names(person, q, **params):
    """Nicknames of the accounts found, in order. Checks that both ways to search agree."""
    reply = person.get(SEARCH, {"q": q, **params})
    assert reply.status == 200, reply.body
    both = person.get("/api/v2/search", {"q": q, "type": "accounts", "limit": 40, **params}).json["accounts"]
    assert both == reply.json
    return [account["acct"] for account in reply.json]


def hides(viewer, **sets):
    actions = [getattr(ViewerSet, name).add(set(ids)) for name, ids in sets.items()]
    update(ViewerSet.stub(viewer.id, VIEWER_SET), actions)


def changes(person, **attributes):
    update(Account.stub(person.id, PROFILE), [getattr(Account, name).set(value) for name, value in attributes.items()])


@pytest.fixture
def people(cast):
    """Make accounts: nickname=display name."""
    return lambda **wanted: {
        nickname: cast.person(nickname, display_name=name, password_hash="shared") for nickname, name in wanted.items()
    }


# By which words.


@pytest.mark.parametrize("q", [
    "johnny", "john", "JOHN", "j", "@johnny", "johnny@kenoma.test", "@johnny@kenoma.test", "doe", "do", "jane doe",
    "äpf", "ÄPFEL", "d'oh john", "(john)", "nobody or john",
])
def test_an_account_is_found_by_the_beginning_of_any_word_of_its_names(alice, people, q):
    people(johnny="Sir Doe-Äpfel")

    assert names(alice, q) == ["johnny"]


@pytest.mark.parametrize(("name", "q"), [
    ("José Ångström", "jose"), ("José Ångström", "angstr"), ("Jose", "josé"), ("Łukasz", "lukasz"), ("Thé", "the"),
    ("Αλέξης", "αλεξ"), ("Ćwikła", "cwikl"), ("Strauß", "strauss"), ("Μάρω", "ΜΑΡΩ"),
])
def test_accents_in_names_make_no_difference(alice, people, name, q):
    people(johnny=name)

    assert names(alice, q) == ["johnny"]


def test_a_name_is_found_with_its_accents_after_a_change_and_not_before(alice, people, cast):
    person = people(johnny="José")["johnny"]

    person.patch("/api/v1/accounts/update_credentials", json={"display_name": "Łukasz"})

    assert (names(alice, "jose"), names(alice, "lukasz")) == ([], ["johnny"])
    assert not list(AccountWord.query("a#j", AccountWord.word_and_id.startswith("jos")))


def test_words_from_before_accents_were_folded_go_with_the_name(alice, people):
    person = people(johnny="José")["johnny"]
    write_batch(puts=[AccountWord("a#j", f"josé#{person.id}")])

    person.patch("/api/v1/accounts/update_credentials", json={"display_name": "Jo"})

    assert [row.word_and_id for row in AccountWord.query("a#j")] == [f"jo#{person.id}", f"johnny#{person.id}"]


@pytest.mark.parametrize("q", ["ohnny", "johnnyy", "nobody", "", "  ", "!?.", "@", "@@"])
def test_nothing_else_finds_it(alice, people, q):
    people(johnny="Sir Doe")

    assert names(alice, q) == []


def test_a_nickname_has_words(alice, people):
    people(**{"john_doe-smith": "x"})

    for q in ("john", "doe", "smith", "john_doe", "john_doe-smith"):
        assert names(alice, q) == ["john_doe-smith"], q


def test_any_of_the_words_will_do(alice, people):
    people(johnny="x", frank="y", mary="z")

    assert sorted(names(alice, "john fra")) == ["frank", "johnny"]


def test_the_host_of_an_account_from_elsewhere_is_among_its_words(alice, people):
    (remote,) = people(remote="x").values()
    changes(remote, host="far.example")
    index.index_account(remote.account)

    assert names(alice, "far") == ["remote"]


def test_one_finds_oneself(alice):
    assert names(alice, "alice") == ["alice"]


def test_names_in_other_scripts_are_found(alice, people):
    people(kitty="猫カフェ मित्र")

    assert names(alice, "猫") == names(alice, "मि") == ["kitty"]


# In which order.


def test_the_exact_name_comes_first(alice, people):
    people(ann="z", annabel="ann ann", joann="ann")

    for q in ("ann", "@ANN", "ann@kenoma.test", "@ann@KENOMA.test", "http://kenoma.test/users/ann"):
        assert names(alice, q)[0] == "ann", q


def test_an_address_finds_its_account_first_however_it_is_written(alice, people):
    people(testuser="x", kenoma="y", bert="z")

    for q in ("http://kenoma.test/users/bert", "http://kenoma.test/users/Bert/", "bert@kenoma.test"):
        assert names(alice, q)[0] == "bert", q
    assert names(alice, "http://kenoma.test/users/nobody") == ["kenoma", "testuser"]


def test_the_more_alike_come_first_and_the_nickname_counts_more(alice, people):
    people(smith12="x", smithsonian="x", someone="Smith", other="Smith and many more words")

    assert names(alice, "smith") == ["smith12", "smithsonian", "someone", "other"]


def test_whom_one_follows_and_ones_followers_are_lifted(alice, people):
    them = people(smitha="x", smithb="x", smithc="x", smithd="x")
    assert names(alice, "smith") == ["smitha", "smithb", "smithc", "smithd"]

    them["smithb"].follows(alice)
    alice.follows(them["smithc"])
    alice.follows(them["smithd"])
    them["smithd"].follows(alice)

    assert names(alice, "smith") == ["smithd", "smithc", "smithb", "smitha"]


def test_a_request_to_follow_lifts_nobody(alice, cast):
    cast.person("smitha")
    alice.follows(cast.person("smithb", locked=True))

    assert names(alice, "smith") == ["smitha", "smithb"]


def test_a_lift_multiplies_the_likeness(alice, people):
    """An account that is half as alike stays behind, followed or not."""
    them = people(smith1="smith", smithereens="x")
    alice.follows(them["smithereens"])
    them["smithereens"].follows(alice)

    assert names(alice, "smith") == ["smith1", "smithereens"]


# Which of them, and for whom.


def test_following_keeps_those_one_follows(alice, anonymous, people, cast):
    them = people(smitha="x", smithb="x")
    alice.follows(them["smithb"])
    alice.follows(cast.person("smithc", locked=True))

    assert names(alice, "smith", following=True) == ["smithb"]
    assert names(alice, "smitha", following=True) == []
    assert names(anonymous, "smith", following=True) == []


def test_following_reaches_beyond_the_first_hits(alice, people):
    friend = people(smithzz="x")["smithzz"]
    alice.follows(friend)
    write_batch(puts=[AccountWord("a#s", f"smith{number}#{new_flake()}") for number in range(300)])

    assert names(alice, "smith") == []
    assert names(alice, "smith", following=True) == ["smithzz"]


def test_whom_one_follows_may_be_too_many_to_be_listed(alice, people, monkeypatch):
    them = people(smitha="x", smithb="x", friend="x")
    alice.follows(them["smithb"])
    alice.follows(them["friend"])
    monkeypatch.setattr(index, "MOST_FOLLOWED", 2)

    assert names(alice, "smith", following=True) == ["smithb"]


def test_limit_and_offset_cut_the_list(alice, people):
    people(**{f"smith{letter}": "x" for letter in "abcde"})

    assert names(alice, "smith", limit=2) == ["smitha", "smithb"]
    assert names(alice, "smith", limit=2, offset=2) == ["smithc", "smithd"]
    assert names(alice, "smith", offset=5) == names(alice, "smith", limit=0) == names(alice, "smith", limit=-1) == []
    assert names(alice, "smith", offset=10**15) == []


def test_forty_are_the_default_and_the_most_by_themselves_and_twenty_beside_others(alice, cast):
    cast.people(45, "smith")

    assert len(alice.get(SEARCH, {"q": "smith"}).json) == 40
    assert len(alice.get(SEARCH, {"q": "smith", "limit": 100}).json) == 40
    assert len(alice.get("/api/v1/search", {"q": "smith"}).json["accounts"]) == 20


@pytest.mark.parametrize("path", ["/api/v1/search", "/api/v2/search", SEARCH])
def test_relationships_are_embedded_if_asked_for(alice, bob, anonymous, path):
    alice.follows(bob)

    def relationship(person, **params):
        found = person.get(path, {"q": "bob", **params}).json
        return (found if path == SEARCH else found["accounts"])[0]["pleroma"]["relationship"]

    assert relationship(alice) == {}
    assert relationship(alice, with_relationships=True) == alice.relationship(bob)
    assert relationship(bob, with_relationships=True) == bob.relationship(bob)
    assert relationship(anonymous, with_relationships=True) == {}


def test_blocked_accounts_are_left_out(alice, bob):
    hides(alice, blocked=[bob.id])

    assert names(alice, "bob") == names(alice, "http://kenoma.test/users/bob") == []
    assert names(bob, "alice") == ["alice"]


def test_accounts_of_a_blocked_domain_are_left_out_unless_one_follows_them(alice, bob):
    hides(alice, blocked_domains=["kenoma.test"])

    assert names(alice, "bob") == []
    assert names(alice, "alice") == ["alice"]
    alice.follows(bob)
    assert names(alice, "bob") == ["bob"]


@pytest.mark.parametrize("state", [{"deactivated": True}, {"approval_pending": True}])
def test_accounts_that_are_not_in_use_are_for_staff_only(alice, bob, admin, state):
    changes(bob, **state)

    assert names(alice, "bob") == []
    assert names(admin, "bob") == ["bob"]


def test_deleted_and_internal_accounts_are_nobodys(bob, carol, admin):
    changes(bob, deleted=True)
    update(Account.stub(carol.id, PROFILE), [Account.standing.remove()])

    assert names(admin, "bob") == names(admin, "carol") == []


def test_whether_one_wants_to_be_discovered_plays_no_part(alice, cast):
    cast.person("shy", discoverable=False)

    assert names(alice, "shy") == ["shy"]


def test_strangers_find_local_accounts_only(alice, bob, anonymous, setting):
    changes(bob, host="far.example")

    assert names(anonymous, "bob") == []
    assert names(anonymous, "alice") == ["alice"]
    assert names(alice, "bob") == ["bob"]
    setting(limit_to_local_content="off")
    assert names(anonymous, "bob") == ["bob"]
    setting(limit_to_local_content="all")
    assert names(alice, "bob") == []


def test_strangers_find_nobody_where_profiles_are_hidden_from_them(alice, anonymous, setting):
    setting(restrict_profiles=True)

    assert names(anonymous, "alice") == []
    assert names(alice, "alice") == ["alice"]


# Indexing.


def test_an_account_is_found_right_after_it_signed_up(alice, cast):
    registration.create_account("newcomer", "a password", display_name="Fresh Face")

    assert names(alice, "newc") == names(alice, "fresh") == ["newcomer"]


@pytest.mark.parametrize(("operation", "about", "is_made"), [
    ("BatchWriteItem", "a#n", False), ("TransactWriteItems", "newcomer", False),
])
def test_a_sign_up_that_dies_leaves_no_account_that_is_not_found(alice, operation, about, is_made):
    with pytest.raises(Killed), before_call(operation, 1, die, about=about):
        registration.create_account("newcomer", "a password")

    assert (store.find_by_nickname("newcomer") is not None) is is_made
    assert names(alice, "newcomer") == []


def test_an_account_that_cannot_be_made_is_not_indexed(alice, aws):
    before = aws.count("search")

    with pytest.raises(registration.Invalid):
        registration.create_account("alice", "a password", display_name="Another Alice")

    assert aws.count("search") == before


def test_changed_names_change_the_index_by_what_differs(alice, bob, aws):
    def renamed(person, name):
        before = person.account
        changes(person, display_lower=name.casefold(), doc={**before.profile, "display_name": name})
        index.reindex_account(before, person.account)

    count = aws.count("search")
    renamed(bob, "Bob of the Woods")
    assert aws.count("search") == count + 3
    assert names(alice, "wood") == ["bob"]

    renamed(bob, "Bob of the Hills")
    assert aws.count("search") == count + 3
    assert names(alice, "hill") == names(alice, "bob") == ["bob"]
    assert names(alice, "wood") == []


def test_a_name_to_be_is_indexed_before_it_is_stored(alice, bob):
    index.index_account(bob.account, display_name="Bob of the Woods")
    assert names(alice, "woods") == []

    changes(bob, display_lower="bob of the woods")
    assert names(alice, "woods") == ["bob"]


def test_words_of_older_names_that_were_left_behind_find_nobody(alice, bob):
    write_batch(puts=[AccountWord("a#w", f"woods#{bob.id}")])

    assert names(alice, "woods") == []


def test_a_removed_account_leaves_no_words(cast, aws):
    before = aws.count("search")
    person = cast.person("john_doe", display_name="Sir J. of Somewhere")
    assert aws.count("search") > before

    index.remove_account(person.account)

    assert aws.count("search") == before


def test_an_account_has_forty_words_at_most(cast, aws):
    before = aws.count("search")

    cast.person("wordy", display_name=" ".join(f"w{number}" for number in range(60)))

    assert aws.count("search") == before + index.MOST_ACCOUNT_WORDS


def test_long_words_are_found_by_all_of_them(alice, cast):
    nickname = "n" * 255
    cast.person(nickname, email=None)

    assert names(alice, nickname) == names(alice, "n" * 50) == [nickname]


# What it costs.


def test_a_search_is_a_query_for_each_word_and_one_for_the_accounts(alice, bob, anonymous):
    one, three, stranger = (alice.get(SEARCH, {"q": "bob"}), alice.get(SEARCH, {"q": "bob of woods"}),
                            anonymous.get(SEARCH, {"q": "bob"}))

    assert (one.calls, one.rounds) == (4, 3)  # token · words, claim of the exact name · profiles and relations
    assert (three.calls, three.rounds) == (6, 3)
    assert (stranger.calls, stranger.rounds) == (3, 2)


def test_forty_cost_the_rounds_of_two(alice, cast):
    cast.people(60, "smith")

    two = alice.get(SEARCH, {"q": "smith", "limit": 2})
    forty = alice.get(SEARCH, {"q": "smith", "limit": 40, "with_relationships": True})

    assert len(forty.json) == 40
    assert (forty.calls, forty.rounds) == (two.calls, two.rounds) == (5, 3)  # 120 keys are two calls


def test_no_more_than_eighty_are_ranked_and_the_exact_one_is_among_them(alice, cast):
    cast.people(90, "smith")
    cast.person("smith")
    write_batch(puts=[AccountWord("a#s", f"smith#{new_flake()}") for _ in range(250)])

    assert names(alice, "smith")[0] == "smith"
    assert names(alice, "smith", offset=found.MOST_RANKED) == []


def test_nobody_to_look_for_costs_nothing(anonymous):
    assert anonymous.get(SEARCH, {"q": "!?"}).calls == 0


@pytest.mark.parametrize("q", ["bob", "@bob", "BOB"])
def test_whom_one_blocks_is_found_by_the_exact_name_when_asked_to_resolve(alice, bob, cast, q):
    cast.person("bobby")
    alice.post(f"/api/v1/accounts/{bob.id}/block")

    def everywhere(**params):
        plain = alice.get("/api/v1/accounts/search", params).json
        assert [each["id"] for each in alice.get("/api/v2/search", params).json["accounts"]] == [
            each["id"] for each in plain]
        return [each["acct"] for each in plain]

    assert everywhere(q=q, resolve=True) == ["bob", "bobby"]
    assert everywhere(q=q) == ["bobby"]
    assert everywhere(q="bo", resolve=True) == ["bobby"]
