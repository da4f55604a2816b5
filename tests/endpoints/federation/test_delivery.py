"""What other servers hear of what happens here: which activities, at which inboxes, and signed by whom."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.domain.federation import addresses, keys
from chalicelib.domain.federation.arriving import learn_account, learn_status
from chalicelib.domain.federation.reading.status import read_status
from chalicelib.domain.relationships import follow_requests
from chalicelib.domain.viewer import Viewer
from chalicelib.jobs import sweep as sweeping
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import VIEWER_SET, Account, ViewerSet
from tests.cast import PASSWORD, Cast, Person
from tests.domain.federation import foreigners
from tests.peers import scripted
from tests.peers.scripted import PUBLIC, Asked, Peer

Drain = Callable[[], object]
FOLLOW = "{}#follows/1"


@pytest.fixture
def far() -> Iterator[Peer]:
    with scripted.serving() as peer:
        yield peer


@pytest.fixture
def third() -> Iterator[Peer]:
    with scripted.serving(host="localhost") as peer:
        yield peer


@pytest.fixture
def sweep(monkeypatch: pytest.MonkeyPatch) -> Drain:
    """The sweep of two minutes later."""
    def swept() -> None:
        now = time.time
        with monkeypatch.context() as later:
            later.setattr(time, "time", lambda: now() + 120)
            sweeping.sweep()

    return swept


def comes(peer: Peer, name: str = "fern", **said: Any) -> Account:
    return learn_account(peer.actor(name, **said))


def served(peer: Peer, name: str) -> dict[str, Any]:
    """The actor as its server shows it."""
    found = peer.answers[f"/users/{name}"]
    assert isinstance(found, dict)
    return found


def eyes_of(account: Account) -> Viewer:
    return Viewer(account, ViewerSet.blank(account.id, VIEWER_SET))


def follows(account: Account, person: Person) -> None:
    """The account of another server follows somebody here, as its server says."""
    foreigners.follows(account, person.account.uri)


def heard(peer: Peer, drain: Drain) -> list[dict[str, Any]]:
    """What the server gets of all that is due, without what it got before."""
    before = len(peer.received)
    drain()
    return [each.json for each in peer.received[before:]]


def inboxes(peer: Peer, before: int = 0) -> list[str]:
    return sorted(each.target for each in peer.received[before:])


def types(activities: list[dict[str, Any]]) -> list[str]:
    return [each["type"] for each in activities]


def is_signed_by(peer: Peer, request: Asked, person: Person) -> bool:
    pair = keys.pair_of(person.account)
    return peer.is_signed(request, pair.public_pem) and pair.id in request.headers["signature"]


# Follows.


def test_a_follow_from_elsewhere_is_accepted_with_the_id_that_it_came_with(alice: Person, far: Peer,
                                                                           drain: Drain) -> None:
    fern = comes(far)
    follows(fern, alice)

    (accept,) = heard(far, drain)

    assert accept["type"] == "Accept"
    assert accept["actor"] == alice.account.uri
    assert accept["object"] == {"type": "Follow", "id": FOLLOW.format(fern.uri), "actor": fern.uri,
                                "object": alice.account.uri}
    assert inboxes(far) == ["/users/fern/inbox"]
    assert is_signed_by(far, far.received[0], alice)


def test_a_repeated_follow_is_accepted_again_with_its_new_id(alice: Person, far: Peer, drain: Drain) -> None:
    fern = comes(far)
    follows(fern, alice)
    drain()
    foreigners.follows(fern, alice.account.uri, 2)

    (accept,) = heard(far, drain)

    assert accept["object"]["id"] == fern.uri + "#follows/2"


@pytest.mark.parametrize(("answer", "type"), [("authorize", "Accept"), ("reject", "Reject")])
def test_a_locked_account_answers_when_its_owner_does(alice: Person, far: Peer, drain: Drain, answer: str,
                                                     type: str) -> None:
    alice.patch("/api/v1/accounts/update_credentials", {"locked": True})
    fern = comes(far)
    follows(fern, alice)
    assert heard(far, drain) == []

    assert alice.post(f"/api/v1/follow_requests/{fern.id}/{answer}").status == 200

    (said,) = heard(far, drain)
    assert (said["type"], said["object"]["id"]) == (type, FOLLOW.format(fern.uri))


def test_following_and_unfollowing_somebody_elsewhere_is_sent_there(alice: Person, far: Peer, drain: Drain) -> None:
    fern = comes(far)
    alice.post(f"/api/v1/accounts/{fern.id}/follow")
    (follow,) = heard(far, drain)
    follow_requests.authorize(alice.id, by=eyes_of(fern))
    assert heard(far, drain) == []
    alice.post(f"/api/v1/accounts/{fern.id}/unfollow")

    (undo,) = heard(far, drain)

    assert (follow["type"], follow["object"], follow["to"]) == ("Follow", fern.uri, [fern.uri])
    assert undo["type"] == "Undo"
    assert undo["object"] == {name: follow[name] for name in ("id", "type", "actor", "to", "object")}
    assert inboxes(far) == ["/users/fern/inbox"] * 2


def test_a_follow_that_is_not_answered_is_sent_again_as_the_same_to_who_asks_an_hour_later(
        alice: Person, far: Peer, drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    fern = comes(far)
    alice.post(f"/api/v1/accounts/{fern.id}/follow")
    (asked,) = heard(far, drain)
    alice.post(f"/api/v1/accounts/{fern.id}/follow")
    assert heard(far, drain) == []

    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 3_601)
    reply = alice.post(f"/api/v1/accounts/{fern.id}/follow")

    assert heard(far, drain) == [asked]
    assert reply.json["requested"] is True
    follow_requests.authorize(alice.id, by=eyes_of(fern))
    alice.post(f"/api/v1/accounts/{fern.id}/follow")
    assert heard(far, drain) == []


def test_a_follow_that_was_taken_back_meanwhile_is_not_sent(alice: Person, far: Peer, drain: Drain) -> None:
    fern = comes(far)
    alice.post(f"/api/v1/accounts/{fern.id}/follow")
    alice.post(f"/api/v1/accounts/{fern.id}/unfollow")

    assert types(heard(far, drain)) == ["Undo"]


def test_a_block_ends_follows_in_both_directions(alice: Person, far: Peer, drain: Drain) -> None:
    fern = comes(far)
    follows(fern, alice)
    alice.post(f"/api/v1/accounts/{fern.id}/follow")
    drain()

    alice.post(f"/api/v1/accounts/{fern.id}/block")

    assert sorted(types(heard(far, drain))) == ["Block", "Reject", "Undo"]


# Statuses.


@pytest.mark.parametrize(("visibility", "to", "cc"), [
    ("public", [PUBLIC], ["followers"]), ("unlisted", ["followers"], [PUBLIC]), ("private", ["followers"], [])])
def test_followers_get_a_status_once_at_the_inbox_they_share(alice: Person, far: Peer, drain: Drain, visibility: str,
                                                             to: list[str], cc: list[str]) -> None:
    follows(comes(far), alice)
    follows(comes(far, "gary"), alice)
    drain()
    before = len(far.received)
    status = alice.posts("hello", visibility=visibility)

    (create,) = heard(far, drain)

    own = {"followers": f"{alice.account.uri}/followers"}
    assert inboxes(far, before) == ["/inbox"]
    assert (create["type"], create["actor"]) == ("Create", alice.account.uri)
    assert create["to"] == create["object"]["to"] == [own.get(each, each) for each in to]
    assert create["cc"] == create["object"]["cc"] == [own.get(each, each) for each in cc]
    assert create["object"]["id"] == status["uri"]
    assert create["@context"][0] == "https://www.w3.org/ns/activitystreams"
    assert "@context" not in create["object"]
    assert is_signed_by(far, far.received[-1], alice)


def test_where_no_inbox_is_shared_each_follower_gets_it(alice: Person, far: Peer, drain: Drain) -> None:
    for name in ("fern", "gary"):
        follows(comes(far, name, endpoints=None), alice)
    drain()
    before = len(far.received)
    alice.posts("hello")
    drain()

    assert inboxes(far, before) == ["/users/fern/inbox", "/users/gary/inbox"]


def test_a_direct_status_goes_to_the_addressed_alone(alice: Person, far: Peer, third: Peer, drain: Drain) -> None:
    fern, gary = comes(far), comes(third, "gary")
    follows(fern, alice)
    drain()
    before = len(far.received)
    alice.posts(f"@{gary.acct} psst", visibility="direct")
    drain()

    assert len(far.received) == before, "whoever follows does not get it"
    (create,) = (each.json for each in third.received)
    assert (create["to"], create["cc"], create["directMessage"]) == ([gary.uri], [], True)
    assert [each["href"] for each in create["object"]["tag"]] == [gary.uri]
    assert inboxes(third) == ["/users/gary/inbox"]


def test_a_mentioned_account_gets_it_and_followers_of_its_server_not_twice(alice: Person, far: Peer,
                                                                           drain: Drain) -> None:
    fern = comes(far)
    follows(comes(far, "gary"), alice)
    drain()
    alice.posts(f"@{fern.acct} hello")

    (create,) = heard(far, drain)

    assert create["to"] == [PUBLIC, fern.uri]


def test_a_reply_names_what_it_answers_by_the_id_of_its_server(alice: Person, far: Peer, drain: Drain) -> None:
    fern = comes(far)
    question = learn_status(read_status(far.note(served(far, "fern"), "how are you?")), fern, placed=True)
    alice.posts(f"@{fern.acct} fine", in_reply_to_id=question.id)

    (create,) = heard(far, drain)

    assert create["object"]["inReplyTo"] == question.uri
    assert fern.uri in create["to"]


@pytest.mark.parametrize("visibility", ["local", "list:{}"])
def test_local_statuses_and_those_for_lists_never_leave(alice: Person, bob: Person, far: Peer, drain: Drain,
                                                        visibility: str) -> None:
    follows(comes(far), alice)
    follows(comes(far, "gary"), bob)
    friends = alice.post("/api/v1/lists", json={"title": "friends"}).json["id"]
    drain()
    status = alice.posts("hello", visibility=visibility.format(friends))
    if visibility == "local":
        bob.posts("@alice so do I", in_reply_to_id=status["id"])
        alice.post(f"/api/v1/statuses/{status['id']}/reblog")
    alice.delete(f"/api/v1/statuses/{status['id']}")

    assert heard(far, drain) == []


def test_a_status_that_was_deleted_meanwhile_is_not_created(alice: Person, far: Peer, drain: Drain) -> None:
    follows(comes(far), alice)
    drain()
    status = alice.posts("oops")
    alice.delete(f"/api/v1/statuses/{status['id']}")

    assert types(heard(far, drain)) == ["Delete"]


def test_a_deleted_status_is_deleted_where_it_went_and_where_it_was_answered(alice: Person, far: Peer, third: Peer,
                                                                            drain: Drain) -> None:
    follows(comes(far), alice)
    gary = comes(third, "gary")
    drain()
    status = alice.posts("hello")
    drain()
    answer = third.note(served(third, "gary"), "hi", inReplyTo=status["uri"])
    learn_status(read_status(answer), gary, placed=True)
    drain()
    alice.delete(f"/api/v1/statuses/{status['id']}")

    (delete,) = heard(far, drain)

    assert delete["type"] == "Delete"
    assert delete["object"]["id"] == status["uri"]
    assert delete["object"]["type"] == "Tombstone"
    assert [each.json["object"]["id"] for each in third.received] == [status["uri"]]


def test_a_deleted_direct_status_is_told_only_to_the_addressed(alice: Person, far: Peer, third: Peer,
                                                              drain: Drain) -> None:
    follows(comes(far), alice)
    gary = comes(third, "gary")
    drain()
    status = alice.posts(f"@{gary.acct} psst", visibility="direct")
    drain()
    alice.delete(f"/api/v1/statuses/{status['id']}")

    assert heard(far, drain) == []
    assert types([each.json for each in third.received]) == ["Create", "Delete"]


def test_the_staff_marks_a_status_and_others_hear_how_it_is_now(alice: Person, cast: Cast, far: Peer,
                                                               drain: Drain) -> None:
    follows(comes(far), alice)
    status = alice.posts("hello")
    drain()
    admin = cast.person("admin", is_admin=True, scopes="admin:write admin:read")
    admin.put(f"/api/pleroma/admin/statuses/{status['id']}", json={"sensitive": True})

    (update,) = heard(far, drain)

    assert (update["type"], update["object"]["id"], update["object"]["sensitive"]) == ("Update", status["uri"], True)
    assert update["object"]["updated"] >= update["object"]["published"]


def test_those_whom_the_author_blocks_get_nothing_private(alice: Person, far: Peer, third: Peer, drain: Drain) -> None:
    follows(comes(far), alice)
    follows(comes(third, "gary"), alice)
    drain()
    alice.post("/api/v1/domain_blocks", {"domain": "127.0.0.1"})
    alice.posts("for friends", visibility="private")
    drain()

    assert types([each.json for each in far.received]) == ["Accept", "Reject"]
    assert types([each.json for each in third.received]) == ["Accept", "Create"]


# What is done to statuses of others.


def test_a_favourite_and_its_undo_go_to_the_author_alone(alice: Person, far: Peer, drain: Drain) -> None:
    fern = comes(far)
    follows(comes(far, "gary"), alice)
    status = learn_status(read_status(far.note(served(far, "fern"), "hello")), fern, placed=True)
    drain()
    before = len(far.received)
    alice.post(f"/api/v1/statuses/{status.id}/favourite")
    (like,) = heard(far, drain)
    alice.post(f"/api/v1/statuses/{status.id}/unfavourite")

    (undo,) = heard(far, drain)

    assert (like["type"], like["object"], like["to"]) == ("Like", status.uri, [fern.uri])
    assert (undo["type"], undo["object"]["id"], undo["object"]["object"]) == ("Undo", like["id"], status.uri)
    assert inboxes(far, before) == ["/users/fern/inbox"] * 2


def test_a_favourite_that_was_taken_back_meanwhile_is_not_sent(alice: Person, far: Peer, drain: Drain) -> None:
    status = learn_status(read_status(far.note(far.actor("fern"), "hello")), comes(far), placed=True)
    alice.post(f"/api/v1/statuses/{status.id}/favourite")
    alice.post(f"/api/v1/statuses/{status.id}/unfavourite")

    assert types(heard(far, drain)) == ["Undo"]


def test_a_reblog_and_its_undo_go_to_followers_and_the_author(alice: Person, far: Peer, third: Peer,
                                                             drain: Drain) -> None:
    fern = comes(far)
    follows(comes(third, "gary"), alice)
    status = learn_status(read_status(far.note(served(far, "fern"), "hello")), fern, placed=True)
    drain()
    before = len(third.received)
    reblog = alice.post(f"/api/v1/statuses/{status.id}/reblog").json["id"]
    (announce,) = heard(far, drain)
    alice.post(f"/api/v1/statuses/{status.id}/unreblog")

    (undo,) = heard(far, drain)

    assert (announce["type"], announce["id"]) == ("Announce", addresses.of_object(reblog))
    assert announce["object"] == status.uri
    assert announce["to"] == [PUBLIC]
    assert announce["cc"] == [f"{alice.account.uri}/followers", fern.uri]
    assert (undo["type"], undo["object"]["id"], undo["object"]["object"]) == ("Undo", announce["id"], status.uri)
    assert types([each.json for each in third.received[before:]]) == ["Announce", "Undo"]


# Accounts.


def test_changes_of_a_profile_are_told_once_to_followers_and_followed(alice: Person, far: Peer, third: Peer,
                                                                     drain: Drain, sweep: Drain) -> None:
    follows(comes(far), alice)
    gary = comes(third, "gary")
    alice.post(f"/api/v1/accounts/{gary.id}/follow")
    follow_requests.authorize(alice.id, by=eyes_of(gary))
    drain()
    before = len(third.received)
    alice.patch("/api/v1/accounts/update_credentials", {"display_name": "Al"})
    alice.patch("/api/v1/accounts/update_credentials", {"display_name": "Alice B."})
    assert heard(far, drain) == []
    sweep()

    (update,) = heard(far, drain)

    assert update["type"] == "Update"
    assert (update["object"]["id"], update["object"]["name"]) == (alice.account.uri, "Alice B.")
    assert update["object"]["publicKey"]["owner"] == alice.account.uri
    assert types([each.json for each in third.received[before:]]) == ["Update"]


def test_the_end_of_an_account_is_told_signed_by_the_key_that_everybody_knows(
        alice: Person, far: Peer, drain: Drain, setting: Callable[..., None]) -> None:
    follows(comes(far), alice)
    alice.posts("hello")
    drain()
    pem, uri = keys.pair_of(alice.account).public_pem, alice.account.uri
    setting(deletion_pause=0)
    alice.post("/api/pleroma/delete_account", {"password": PASSWORD})

    said = heard(far, drain)

    assert types(said) == ["Delete"], "the statuses go with the account"
    assert (said[0]["actor"], said[0]["object"]) == (uri, uri)
    assert far.is_signed(far.received[-1], pem)
    assert accounts.find(alice.id) is None or alice.account.deleted


# What administrators do for others.


def test_a_follow_that_an_administrator_makes_is_asked_for_and_taken_back_elsewhere(
        admin: Person, alice: Person, far: Peer, drain: Drain) -> None:
    fern = comes(far)
    lets = {"follower": "alice", "followed": fern.acct}
    for _ in range(2):
        admin.post("/api/pleroma/admin/users/follow", json=lets)

    (asked,) = heard(far, drain)
    assert (asked["type"], asked["actor"], asked["object"]) == ("Follow", alice.account.uri, fern.uri)
    follow_requests.authorize(alice.id, eyes_of(fern))
    assert alice.account.following_count == 1

    admin.post("/api/pleroma/admin/users/unfollow", json=lets)
    (undone,) = heard(far, drain)
    assert (undone["type"], undone["object"]["id"]) == ("Undo", asked["id"])


def test_a_follow_from_elsewhere_that_an_administrator_ends_is_rejected_there(
        admin: Person, alice: Person, far: Peer, drain: Drain) -> None:
    fern = comes(far)
    follows(fern, alice)
    drain()
    admin.post("/api/pleroma/admin/users/unfollow", json={"follower": fern.acct, "followed": "alice"})

    (rejected,) = heard(far, drain)

    assert (rejected["type"], rejected["object"]["id"]) == ("Reject", FOLLOW.format(fern.uri))
    assert alice.account.followers_count == 0


def test_an_administrator_answers_a_request_from_elsewhere_and_makes_none_there(
        admin: Person, alice: Person, far: Peer, drain: Drain) -> None:
    alice.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    fern, gorse = comes(far), comes(far, "gorse")
    follows(fern, alice)
    drain()
    for each in (fern, gorse):
        admin.post("/api/pleroma/admin/users/follow", json={"follower": each.acct, "followed": "alice"})

    (accepted,) = heard(far, drain)

    assert (accepted["type"], accepted["object"]["id"]) == ("Accept", FOLLOW.format(fern.uri))
    assert alice.account.followers_count == 1


# Lists and threads.


def test_a_status_for_a_list_goes_to_its_members_and_names_to_each_server_its_own(
        alice: Person, bob: Person, far: Peer, third: Peer, drain: Drain) -> None:
    fern, ivy, gorse, heath = comes(far), comes(far, "ivy"), comes(third, "gorse"), comes(third, "heath")
    for each in (fern, ivy, gorse):
        alice.post(f"/api/v1/accounts/{each.id}/follow")
        follow_requests.authorize(alice.id, eyes_of(each))
    follows(heath, alice)
    drain()
    list_id = alice.post("/api/v1/lists", {"title": "friends"}).json["id"]
    alice.post(f"/api/v1/lists/{list_id}/accounts", json={"account_ids": [fern.id, ivy.id, gorse.id]})
    before = len(far.received), len(third.received)

    status = alice.posts("hello", visibility=f"list:{list_id}")
    drain()
    alice.posts("an answer", in_reply_to_id=status["id"], visibility="public")
    answers = heard(far, drain)

    created, there = far.received[before[0]:], third.received[before[1]:]
    assert inboxes(far, before[0]) == ["/users/fern/inbox", "/users/ivy/inbox"]
    assert [each.target for each in there if each.json["type"] == "Create"][:1] == ["/users/gorse/inbox"]
    for said, people in ((created[0].json, {fern.uri, ivy.uri}), (there[0].json, {gorse.uri})):
        assert (said["type"], said["to"], said["object"]["to"]) == ("Create", [], [])
        assert set(said["cc"]) == set(said["object"]["cc"]) == people
    assert answers == [], "an answer to what is for a list stays here"
    alice.delete(f"/api/v1/statuses/{status['id']}")
    assert types(heard(far, drain)) == ["Delete", "Delete"]


def test_answers_in_a_thread_of_another_server_name_it_as_that_does_however_deep(
        alice: Person, bob: Person, far: Peer, drain: Drain) -> None:
    fern = comes(far)
    note = far.note(served(far, "fern"), "hello", context=f"{far.url}/contexts/7")
    parent = learn_status(read_status(note), fern, placed=True)
    first = bob.posts("yes", in_reply_to_id=parent.id)
    alice.posts(f"@{fern.acct} no", in_reply_to_id=first["id"])

    said = heard(far, drain)

    assert [each["object"]["context"] for each in said] == [f"{far.url}/contexts/7"] * 2
    assert {each["object"]["conversation"] for each in said} == {f"{far.url}/contexts/7"}


# What stays.


def test_nothing_leaves_while_federation_is_off(alice: Person, far: Peer, drain: Drain,
                                                setting: Callable[..., None]) -> None:
    fern = comes(far)
    follows(fern, alice)
    drain()
    setting(federating=False)
    status = alice.posts(f"@{fern.acct} hello")
    alice.post(f"/api/v1/statuses/{status['id']}/reblog")
    alice.post(f"/api/v1/accounts/{fern.id}/follow")
    alice.delete(f"/api/v1/statuses/{status['id']}")

    assert heard(far, drain) == []
