"""What another server may not do in the name of others, as far as no other file of the tests tries it."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from chalicelib.domain import hosts, vault
from chalicelib.domain.federation import foreign_keys, keys
from chalicelib.store.accounts import accounts
from chalicelib.store.federation import keys as store
from tests.cast import Person
from tests.endpoints.federation.sending import Drain, create, follow, followers, sends, to, told, undo, uri
from tests.peers.scripted import CONTEXT, PUBLIC, Peer, Reply


def counts(person: Person, status: dict[str, Any]) -> tuple[int, int, int]:
    shown = person.get(f"/api/v1/statuses/{status['id']}").json
    return shown["favourites_count"], shown["reblogs_count"], len(shown["pleroma"]["emoji_reactions"])


def search(person: Person, q: str) -> Any:
    return person.get(f"/api/v2/search?resolve=true&q={q}").json


# Messages that were overheard.


@pytest.mark.parametrize("path", ["/users/alice/inbox", "/users/bob/inbox"])
def test_a_message_that_was_overheard_goes_to_no_other_inbox(
        far: Peer, alice: Person, bob: Person, drain: Drain, path: str) -> None:
    fern = far.actor("fern")
    activity = follow(far, fern, alice)
    overheard = far.headers_for("POST", "/inbox", json.dumps(activity).encode(), by=fern)
    assert sends(far, activity, fern, path, **overheard).status == 202, "its key has to be fetched first"
    drain()

    assert (followers(alice), followers(bob)) == ([], [])
    assert sends(far, activity, fern).status == 202
    drain()
    assert followers(alice) == [f"fern@{far.host}"], "it is not known as done"


# Things of others.


def test_another_server_takes_back_nothing_and_answers_for_nobody(
        far: Peer, third: Peer, alice: Person, drain: Drain) -> None:
    fern, eve, status = far.actor("fern"), third.actor("eve"), alice.posts("hello")
    followed = follow(far, fern, alice)
    done = [far.activity("Like", fern, status["uri"]), far.activity("Announce", fern, status["uri"], to=[PUBLIC]),
            far.activity("EmojiReact", fern, status["uri"], content="🔥"), followed]
    for activity in done:
        sends(far, activity, fern)
    sends(third, follow(third, eve, alice), eve)
    drain()
    known = accounts.find_by_nickname(f"fern@{far.host}")
    assert known is not None
    alice.post(f"/api/v1/accounts/{known.id}/follow")
    drain()
    asked = next(each.json for each in far.received if each.json["type"] == "Follow")

    for activity in done:
        for named in (activity, activity["id"], {**activity, "actor": eve["id"]}):
            sends(third, third.activity("Undo", eve, named), eve)
    for type in ("Accept", "Reject"):
        for named in (asked, asked["id"]):
            sends(third, third.activity(type, eve, named), eve)
    drain()

    assert counts(alice, status) == (1, 1, 1)
    assert f"fern@{far.host}" in followers(alice)
    assert alice.relation_to(known.id).requested


def test_nobody_elsewhere_changes_or_deletes_what_is_ours(far: Peer, alice: Person, drain: Drain) -> None:
    fern, status = far.actor("fern"), alice.posts("mine")
    sends(far, follow(far, fern, alice), fern)
    ours = {"type": "Note", "id": status["uri"], "attributedTo": uri(alice), "content": "forged", "to": [PUBLIC]}
    for activity in (far.activity("Update", fern, ours),
                     far.activity("Update", fern, {**ours, "attributedTo": fern["id"]}),
                     far.activity("Update", fern, {"type": "Person", "id": uri(alice), "name": "forged"}),
                     create(far, ours, fern), far.activity("Delete", fern, status["uri"]),
                     far.activity("Delete", fern, {"id": status["uri"], "type": "Tombstone"}),
                     far.activity("Delete", fern, uri(alice))):
        assert sends(far, activity, fern).status == 202
    drain()

    shown = alice.get(f"/api/v1/statuses/{status['id']}").json
    assert (shown["content"], shown["account"]["display_name"]) == ("mine", status["account"]["display_name"])


# Names.


@pytest.mark.parametrize("name", ["\u0430lice", "al\u200dice", "\uff41lice", "alice\u0301", "\u202eecila"])
def test_a_name_that_looks_like_another_is_nobodys(far: Peer, alice: Person, drain: Drain, name: str) -> None:
    fern = far.actor("fern", preferredUsername=name)
    sends(far, follow(far, fern, alice), fern)
    drain()

    assert search(alice, fern["id"])["accounts"] == []
    assert followers(alice) == []


def test_an_actor_cannot_take_a_name_of_this_or_another_server(
        far: Peer, third: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern", webfinger=f"eve@{third.host}")
    far.answers["/.well-known/webfinger"] = lambda _: Reply(200, json.dumps({
        "subject": "acct:alice@kenoma.test", "links": [{"rel": "self", "type": "application/activity+json",
                                                       "href": fern["id"]}]}).encode())
    sends(far, follow(far, fern, alice), fern)
    drain()

    assert not {"alice", f"eve@{third.host}"} & set(followers(alice))
    assert alice.get("/api/v1/accounts/alice").json["id"] == alice.id


# What would never end.


def test_a_collection_that_never_ends_ends(far: Peer, alice: Person, drain: Drain) -> None:
    pinned, total = f"{far.url}/users/fern/featured", f"{far.url}/users/fern/followers"
    fern = far.actor("fern", featured=pinned, followers=total)
    for id in (pinned, total):
        page = {"@context": CONTEXT, "id": f"{id}/1", "type": "OrderedCollectionPage", "orderedItems": [],
                "next": f"{id}/1", "partOf": id}
        far.serve({"@context": CONTEXT, "id": id, "type": "OrderedCollection", "first": page["id"]})
        far.serve(page)
    sends(far, create(far, far.note(fern, "hi", **to(alice)), fern), fern)
    drain()
    known = accounts.find_by_nickname(f"fern@{far.host}")
    assert known is not None
    alice.get(f"/api/v1/accounts/{known.id}")
    drain()

    for path in ("featured", "followers"):
        assert len([each for each in far.asked if each.path.startswith(f"/users/fern/{path}")]) in (1, 2), path


@pytest.mark.parametrize("name", ["quote", "quoteUrl", "_misskey_quote"])
def test_quotes_in_a_circle_are_each_fetched_once(far: Peer, alice: Person, drain: Drain, name: str) -> None:
    fern = far.actor("fern")
    one, two = far.note(fern, "one", **to(alice)), far.note(fern, "two")
    far.serve({**two, name: one["id"]})
    sends(far, create(far, {**one, name: two["id"]}, fern), fern)
    drain()

    assert told(alice) == [("mention", f"fern@{far.host}")]
    fetched = [each.path for each in far.asked if "/users/fern/statuses/" in each.path]
    assert sorted(fetched) == sorted(set(fetched))


def test_accounts_that_are_made_up_by_the_dozen_count_only_as_far_as_their_host_may(
        far: Peer, alice: Person, drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_keys, "FETCHES_A_MINUTE", 2)
    status = alice.posts("hello")
    for number in range(5):
        fern = far.actor(f"fern{number}")
        sends(far, far.activity("Like", fern, status["uri"]), fern)
    drain()

    assert counts(alice, status)[0] == 2


# What is not for everybody.


def test_what_is_not_for_everybody_is_found_by_no_address(alice: Person, bob: Person) -> None:
    for visibility in ("private", "direct"):
        status = alice.posts("hush", visibility=visibility)
        for address in (status["uri"], status["url"], status["uri"].replace("/objects/", "/activities/")):
            assert search(bob, address)["statuses"] == []
        assert search(alice, status["uri"])["statuses"][0]["id"] == status["id"]


def test_the_end_of_a_private_status_is_told_to_those_alone_who_had_it(
        far: Peer, third: Peer, alice: Person, drain: Drain) -> None:
    fern, eve = far.actor("fern"), third.actor("eve")
    status = alice.posts("hush", visibility="private")
    sends(far, follow(far, fern, alice), fern)
    sends(third, create(third, third.note(eve, "I know it", inReplyTo=status["uri"], **to(alice)), eve), eve)
    sends(third, third.activity("Like", eve, status["uri"]), eve)
    drain()
    status = alice.posts("hush again", visibility="private")
    drain()

    alice.delete(f"/api/v1/statuses/{status['id']}")
    drain()

    assert [each.json["type"] for each in far.received] == ["Accept", "Create", "Delete"]
    assert third.received == []


# Who has gone.


def test_what_an_account_sends_after_its_end_is_left_out(far: Peer, alice: Person, drain: Drain) -> None:
    fern, status = far.actor("fern"), alice.posts("hello")
    sends(far, follow(far, fern, alice), fern)
    drain()
    sends(far, far.activity("Delete", fern, fern["id"]), fern)
    drain()

    for activity in (create(far, far.note(fern, "back", **to(alice)), fern), far.activity("Like", fern, status["uri"]),
                     far.activity("Announce", fern, status["uri"], to=[PUBLIC]), far.activity("Update", fern, fern),
                     undo(far, follow(far, fern, alice))):
        assert sends(far, activity, fern).status == 202
        drain()

    assert (told(alice), counts(alice, status)) == ([], (0, 0, 0))
    assert search(alice, fern["id"])["accounts"] == []


def test_tallies_are_no_smaller_than_nothing(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    options = [{"type": "Note", "name": name, "replies": {"totalItems": count}}
               for name, count in (("one", -5), ("two", "many"), ("three", 1e300))]
    poll = far.note(fern, "?", type="Question", oneOf=options, votersCount=-1, **to(alice))
    sends(far, create(far, poll, fern), fern)
    drain()

    (notice,) = alice.get("/api/v1/notifications").json
    shown = notice["status"]["poll"]
    assert [each["votes_count"] for each in shown["options"]][:2] == [0, 0]
    assert min(shown["votes_count"], shown["voters_count"] or 0) >= 0


# Keys.


def test_no_log_holds_a_private_key(
        far: Peer, alice: Person, drain: Drain, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fern = far.actor("fern")
    sends(far, follow(far, fern, alice), fern)
    drain()
    for answer in (Reply(503), Reply(401), Reply(400, b"why?")):
        far.answers["/inbox"] = answer
        alice.posts("hello")
        drain()
        hosts.forget()

    private = vault.unseal(store.find(alice.id).private, about=keys.about(alice.id))
    text = caplog.text + "".join(str(each.__dict__) for each in caplog.records)
    assert "inbox" in text, "nothing is logged any more"
    assert private[40:90] not in text
    assert "PRIVATE" not in text + repr(keys.pair_of(alice.account))
