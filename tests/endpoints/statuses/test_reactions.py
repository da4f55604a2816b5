"""Emoji reactions: all four endpoints."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.statuses import reactions
from chalicelib.ids import new_flake
from chalicelib.store.dynamo.table import update, write_batch
from chalicelib.store.emoji.rows import add_file
from chalicelib.store.statuses import marks, statuses
from chalicelib.store.statuses.marks import Mark
from chalicelib.store.statuses.statuses import Status


@pytest.fixture
def status(alice):
    return alice.posts("react to me")["id"]


def test_a_reaction_answers_the_status_with_it(bob, status):
    reply = bob.reacts(status, "😀")

    assert reply.status == 200
    assert reply.json["id"] == status
    assert reply.json["pleroma"]["emoji_reactions"] == [{"name": "😀", "count": 1, "me": True}]


def test_the_reply_is_what_another_read_shows(bob, status):
    replied = bob.reacts(status, "😀").json

    assert bob.get(f"/api/v1/statuses/{status}").json == replied


def test_the_same_reaction_twice_counts_once(alice, bob, status):
    bob.reacts(status, "☕")
    reply = bob.reacts(status, "☕")

    assert reply.json["pleroma"]["emoji_reactions"] == [{"name": "☕", "count": 1, "me": True}]
    assert alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"] == 1


def test_one_account_may_put_several_emoji(bob, status):
    for emoji in ("😀", "☕", "👍🏽"):
        reply = bob.reacts(status, emoji)

    assert [each["name"] for each in reply.json["pleroma"]["emoji_reactions"]] == ["😀", "☕", "👍🏽"]


@pytest.mark.parametrize("emoji", ["☕", "❤️", "👍🏽", "🏳️‍🌈", "🇵"])
def test_every_fully_qualified_emoji_is_taken(bob, status, emoji):
    assert bob.reacts(status, emoji).status == 200


def test_all_spellings_of_one_emoji_count_as_one(alice, bob, status):
    bob.reacts(status, "❤")
    reply = alice.reacts(status, "❤️")

    assert reply.json["pleroma"]["emoji_reactions"] == [{"name": "❤️", "count": 2, "me": True}]
    path = f"/api/v1/pleroma/statuses/{status}/reactions"
    assert [each["name"] for each in bob.get(f"{path}/❤").json] == ["❤️"]
    assert bob.delete(f"{path}/❤").json["pleroma"]["emoji_reactions"][0]["count"] == 1


@pytest.mark.parametrize("emoji", ["x", ".", "1", "😀😀", ":firefox:", "a" * 500, "%00"])
def test_what_is_no_single_emoji_is_refused(bob, status, emoji):
    reply = bob.reacts(status, emoji)

    assert (reply.status, reply.json) == (400, {"error": "Could not add reaction emoji"})


def test_an_emoji_may_come_raw_or_percent_encoded(bob, status):
    path = f"/api/v1/pleroma/statuses/{status}/reactions/"

    assert bob.put(path + "😀").status == 200
    assert bob.put(path + "%F0%9F%98%80").json["pleroma"]["emoji_reactions"][0]["count"] == 1


def test_a_reaction_to_an_unknown_or_hidden_status_is_refused(alice, bob):
    secret = alice.posts("x", visibility="private")["id"]

    for id in (secret, "unknown", "0" * 18):
        reply = bob.reacts(id, "😀")
        assert (reply.status, reply.json) == (400, {"error": "Could not add reaction emoji"})


def test_a_reaction_is_taken_back(alice, bob, status):
    bob.reacts(status, "😀")

    reply = bob.delete(f"/api/v1/pleroma/statuses/{status}/reactions/😀")

    assert (reply.status, reply.json["pleroma"]["emoji_reactions"]) == (200, [])
    assert alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"] == 0


def test_taking_back_leaves_the_others(bob, carol, status):
    for person, emoji in ((bob, "😀"), (carol, "😀"), (bob, "☕")):
        person.reacts(status, emoji)

    reply = bob.delete(f"/api/v1/pleroma/statuses/{status}/reactions/😀")

    assert reply.json["pleroma"]["emoji_reactions"] == [
        {"name": "😀", "count": 1, "me": False}, {"name": "☕", "count": 1, "me": True},
    ]


def test_what_one_did_not_put_cannot_be_taken_back(bob, carol, status):
    carol.reacts(status, "😀")

    for id in (status, "unknown"):
        reply = bob.delete(f"/api/v1/pleroma/statuses/{id}/reactions/😀")
        assert (reply.status, reply.json) == (400, {"error": "Could not remove reaction emoji"})


def test_an_emoji_put_again_after_it_vanished_comes_last(bob, carol, status):
    bob.reacts(status, "😀")
    carol.reacts(status, "☕")
    bob.delete(f"/api/v1/pleroma/statuses/{status}/reactions/😀")

    reply = bob.reacts(status, "😀")

    assert [each["name"] for each in reply.json["pleroma"]["emoji_reactions"]] == ["☕", "😀"]


def test_the_list_shows_who_reacted_latest_first(alice, bob, carol, anonymous, status):
    bob.reacts(status, "😀")
    carol.reacts(status, "😀")
    bob.reacts(status, "☕")

    shown = bob.get(f"/api/v1/pleroma/statuses/{status}/reactions").json

    assert [(each["name"], each["count"], each["me"]) for each in shown] == [("😀", 2, True), ("☕", 1, True)]
    assert [account["id"] for account in shown[0]["accounts"]] == [carol.id, bob.id]
    assert anonymous.get(f"/api/v1/pleroma/statuses/{status}/reactions").json[0]["me"] is False


def test_one_emoji_is_a_list_of_one_or_none(bob, status):
    bob.reacts(status, "😀")
    path = f"/api/v1/pleroma/statuses/{status}/reactions/"

    assert [each["name"] for each in bob.get(path + "😀").json] == ["😀"]
    assert bob.get(path + "☕").json == []


def test_the_list_of_an_unknown_status_is_empty(bob, status):
    assert bob.get("/api/v1/pleroma/statuses/unknown/reactions").json == []


def test_the_list_is_empty_when_reactions_are_not_shown(bob, status, setting):
    bob.reacts(status, "😀")
    setting(show_reactions=False)

    assert bob.get(f"/api/v1/pleroma/statuses/{status}/reactions").json == []


def test_reactions_need_a_user_and_a_scope(cast, anonymous, status):
    reader = cast.person("reader", scopes="read")

    assert anonymous.reacts(status, "😀").json == {"error": "Invalid credentials."}
    assert reader.reacts(status, "😀").json == {"error": "Insufficient permissions: write:statuses."}


def test_a_reaction_to_ones_own_status_tells_nobody(alice, status):
    alice.reacts(status, "😀")

    assert alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"] == 0


def test_a_reaction_costs_three_calls(bob, status):
    reply = bob.reacts(status, "😀")

    assert (reply.calls, reply.rounds) == (3, 3)


def test_many_reactions_at_once_are_all_counted_once(cast, status):
    crowd = cast.people(12)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda person: [person.reacts(status, "😀") for _ in range(2)], crowd))

    stored = statuses.find(status)
    assert int(stored.reactions["😀"]["n"]) == 12
    assert len(stored.reactors) == 12
    assert len(marks.reactions_of(status)) == 12


def test_beyond_fifty_emoji_the_status_stays_small_and_the_list_goes_on(bob, status):
    emoji = [chr(code) for code in range(0x1F600, 0x1F600 + 55)]
    for each in emoji:
        assert bob.reacts(status, each).status == 200

    stored = statuses.find(status)
    assert len(stored.reactions) == 50
    assert stored.more_reactions
    assert len(bob.get(f"/api/v1/pleroma/statuses/{status}/reactions").json) == 55
    assert bob.delete(f"/api/v1/pleroma/statuses/{status}/reactions/{emoji[-1]}").status == 200
    assert len(bob.get(f"/api/v1/pleroma/statuses/{status}/reactions").json) == 54


def test_the_list_costs_four_calls_in_three_rounds(bob, carol, status):
    bob.reacts(status, "😀")
    carol.reacts(status, "😀")

    reply = bob.get(f"/api/v1/pleroma/statuses/{status}/reactions")

    assert (reply.calls, reply.rounds) == (4, 3)


# Many.


def listed(person, status, emoji=""):
    return person.get(f"/api/v1/pleroma/statuses/{status}/reactions/{emoji}".rstrip("/")).json


def test_the_list_is_as_long_as_allowed_and_counts_go_on(bob, cast, status, monkeypatch):
    monkeypatch.setattr(reactions, "MOST_LISTED", 5)
    crowd = cast.people(9)
    for person in crowd[:6]:
        person.reacts(status, "😀")
    for person in crowd[6:]:
        person.reacts(status, "☕")
    crowd[0].reacts(status, "👍🏽")

    shown = listed(bob, status)

    assert [(each["name"], each["count"]) for each in shown] == [("😀", 6), ("☕", 3), ("👍🏽", 1)]
    assert [[account["id"] for account in each["accounts"]] for each in shown] == [
        [crowd[5].id, crowd[4].id], [crowd[8].id, crowd[7].id], [crowd[0].id]]
    assert [len(each["accounts"]) for each in listed(bob, status, "😀")] == [5]


def test_reactions_are_found_among_any_number_of_favourites(bob, carol, status):
    """The index of marks is sorted by account, and those who only favourited come first."""
    write_batch(puts=[Mark(f"{number:018d}", status, favourite=new_flake()) for number in range(500)])
    bob.reacts(status, "😀")

    assert [(each["name"], each["count"]) for each in listed(carol, status)] == [("😀", 1)]


def test_a_hidden_accounts_reaction_is_found_among_any_number(alice, bob, carol, status):
    """Beyond fifty a status does not name who reacted."""
    crowd = [f"{number:018d}" for number in range(60)]
    write_batch(puts=[Mark(id, status, reactions={"😀": new_flake()}) for id in crowd])
    update(Status.stub(status), [Status.reactions.set({"😀": {"f": new_flake(), "n": 60}}),
                                 Status.reactors.set(set(crowd[:50]))])
    carol.reacts(status, "😀")
    bob.post(f"/api/v1/accounts/{carol.id}/block")

    seen = [each.get(f"/api/v1/statuses/{status}").json["pleroma"]["emoji_reactions"] for each in (bob, alice)]

    assert [reaction["count"] for (reaction,) in seen] == [60, 61]
    assert statuses.find(status).more_reactions


PATHS = ("/api/v1/pleroma/statuses/{}/reactions/{}", "/api/v1/statuses/{}/emoji_reactions/{}")


@pytest.fixture
def blob():
    add_file("kenoma", "blob", "blob.png", "image/png", 10)
    return "http://kenoma.test/emoji/kenoma/blob.png"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("spelt", ["blob", ":blob:", "%3Ablob%3A"])
def test_an_emoji_of_this_server_is_a_reaction(alice, bob, status, blob, path, spelt):
    added = bob.put(path.format(status, spelt))
    shown = alice.get(f"/api/v1/statuses/{status}").json
    (told,) = alice.get("/api/v1/notifications").json
    (listed,) = alice.get(f"/api/v1/pleroma/statuses/{status}/reactions/:blob:").json
    taken = bob.delete(path.format(status, spelt))

    picture = {"url": blob, "static_url": blob}
    assert added.json["pleroma"]["emoji_reactions"] == [{"name": "blob", "count": 1, "me": True, **picture}]
    assert shown["emoji_reactions"] == [
        {"name": "blob", "count": 1, "me": False, "url": blob, "account_ids": [bob.id]}]
    assert (told["emoji"], told["emoji_url"]) == ("blob", blob)
    assert (listed["name"], listed["url"]) == ("blob", blob)
    assert (taken.status, taken.json["emoji_reactions"]) == (200, [])


def test_reactions_at_the_top_name_the_accounts(alice, bob, carol, status):
    for person in (bob, carol, alice):
        person.reacts(status, "😀")
    bob.reacts(status, "☕")
    bob.delete(f"/api/v1/statuses/{status}/emoji_reactions/😀")

    shown = alice.get(f"/api/v1/statuses/{status}").json["emoji_reactions"]

    assert shown == [
        {"name": "😀", "count": 2, "me": True, "url": None, "account_ids": [carol.id, alice.id]},
        {"name": "☕", "count": 1, "me": False, "url": None, "account_ids": [bob.id]}]
    alice.post(f"/api/v1/accounts/{carol.id}/block")
    assert alice.get(f"/api/v1/statuses/{status}").json["emoji_reactions"][0]["account_ids"] == [alice.id]


def test_who_reacted_is_not_told_where_that_is_hidden(alice, bob, status, setting):
    bob.reacts(status, "😀")
    setting(show_reactions=False)

    assert alice.get(f"/api/v1/statuses/{status}").json["emoji_reactions"][0]["account_ids"] == []
