"""One thing in many spellings, many times, at once, and what each costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import boto3
import pytest

from bench.units import Counting
from chalicelib.domain.federation import foreign_keys
from chalicelib.domain.federation.receiving import processing
from chalicelib.queues import messages
from chalicelib.queues.federating import Inbound
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.claims import Claim
from chalicelib.store.dynamo import connection
from chalicelib.store.dynamo.ledgers import counted
from tests.cast import Person
from tests.endpoints.federation.sending import Drain, create, follow, followers, sends, to, told, uri
from tests.peers.scripted import PUBLIC, Document, Peer, Reply
from tests.peers.spelling import key_pair
from tests.simulated_aws import LocalAws


@pytest.fixture
def fern(far: Peer) -> Document:
    return far.actor("fern")


def met(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    sends(far, create(far, far.note(fern, "hi", **to(alice)), fern), fern)
    drain()


def at_home(person: Person) -> list[str]:
    return [each["uri"] for each in person.get("/api/v1/timelines/home").json]


@pytest.mark.parametrize("shape", ["address", "object", "list"])
def test_what_is_done_to_something_names_it_in_many_ways(
        far: Peer, fern: Document, alice: Person, drain: Drain, shape: str) -> None:
    status = alice.posts("hello")
    named: Any = {"address": status["uri"], "object": {"id": status["uri"], "type": "Note", "content": "x"},
                  "list": [status["uri"]]}[shape]
    sends(far, far.activity("Like", fern, named), fern)
    drain()  # fern is known by then: of several who ask the same server at once, all but one come back later
    sends(far, far.activity("Announce", fern, named, to=PUBLIC), fern)
    sends(far, far.activity("Follow", fern, {"id": uri(alice)} if shape == "object" else uri(alice)), fern)
    drain()

    shown = alice.get(f"/api/v1/statuses/{status['id']}").json
    assert (shown["favourites_count"], shown["reblogs_count"]) == (1, 1)
    assert followers(alice) == [f"fern@{far.host}"]


@pytest.mark.parametrize("type", ["Like", "Announce"])
def test_what_is_done_is_undone_by_its_address_alone(
        far: Peer, fern: Document, alice: Person, drain: Drain, type: str) -> None:
    status = alice.posts("hello")
    done = far.activity(type, fern, status["uri"], to=[PUBLIC])
    sends(far, done, fern)
    drain()
    sends(far, far.activity("Undo", fern, done["id"]), fern)
    drain()

    shown = alice.get(f"/api/v1/statuses/{status['id']}").json
    assert (shown["favourites_count"], shown["reblogs_count"]) == (0, 0)


def test_an_object_that_is_only_named_is_fetched(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    note = far.note(fern, "hello", **to(alice))
    sends(far, create(far, note, fern, object=note["id"], to=note["to"]), fern)
    drain()

    assert at_home(alice) == [note["id"]]


@pytest.mark.parametrize("type", ["Note", "Article", "Page", "Question", "Event", "Audio", "Video"])
def test_all_kinds_of_statuses_come(far: Peer, fern: Document, alice: Person, drain: Drain, type: str) -> None:
    more: Document = {"oneOf": [{"type": "Note", "name": "yes"}, {"type": "Note", "name": "no"}]} if (
        type == "Question") else {"name": "A title"}
    note = far.note(fern, "hello", type=type, **more, **to(alice))
    sends(far, create(far, note, fern), fern)
    drain()

    assert at_home(alice) == [note["id"]]


def test_a_channel_brings_what_a_person_wrote(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    channel = far.actor("channel", type="Group")
    note = far.note(fern, "film", type="Video", **to(alice), attributedTo=[
        {"type": "Group", "id": channel["id"]}, {"type": "Person", "id": fern["id"]}])
    sends(far, create(far, note, channel), channel)
    drain()

    assert [each["account"]["acct"] for each in alice.get("/api/v1/timelines/home").json] == [f"fern@{far.host}"]


def test_an_edit_of_what_is_not_here_brings_it(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    note = far.note(fern, "hello", **to(alice))
    sends(far, far.activity("Update", fern, {**note, "content": "changed"}, to=note["to"]), fern)
    drain()

    found = accounts.find_by_nickname(f"fern@{far.host}")
    assert found is not None
    shown = alice.get(f"/api/v1/accounts/{found.id}/statuses").json
    assert [each["content"] for each in shown] == ["<p>hello</p>"], "as its own server says"


def test_the_owner_of_an_inbox_counts_as_addressed(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    note = far.note(fern, "psst", to=[], cc=[])
    sends(far, create(far, note, fern), fern, "/users/alice/inbox")
    drain()

    assert at_home(alice) == [note["id"]]


def test_an_edited_poll_counts_as_its_server_does(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    def options(yes: int) -> Document:
        return {"oneOf": [{"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": count}}
                          for name, count in (("yes", yes), ("no", 1))], "votersCount": yes + 1}

    question = far.note(fern, "?", type="Question", **to(alice), **options(0))
    sends(far, create(far, question, fern), fern)
    drain()
    sends(far, far.activity("Update", fern, {**question, **options(6)}), fern)
    drain()

    poll = alice.get("/api/v1/timelines/home").json[0]["poll"]
    assert ([each["votes_count"] for each in poll["options"]], poll["voters_count"]) == ([6, 1], 7)


def test_a_vote_is_no_status(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    poll = alice.posts("?", poll={"options": ["a", "b"], "expires_in": 3600})
    vote = {"id": f"{fern['id']}#votes/1", "type": "Note", "name": "a", "attributedTo": fern["id"],
            "inReplyTo": poll["uri"], "to": [uri(alice)]}
    sends(far, create(far, vote, fern), fern)
    drain()

    assert told(alice) == []
    assert alice.get(f"/api/v1/statuses/{poll['id']}/context").json["descendants"] == []


@pytest.mark.parametrize("known", [True, False])
def test_an_account_whose_server_says_that_it_is_gone_may_say_so_too(
        far: Peer, fern: Document, alice: Person, drain: Drain, known: bool) -> None:
    sends(far, follow(far, fern, alice), fern)
    drain()
    if not known:
        far.keys[fern["id"]] = key_pair("a new one")
        Claim.get(f"u#{fern['id']}").update([Claim.keyed.set(1)])
        foreign_keys.forget()
    far.answers["/users/fern"] = Reply(410)

    sends(far, far.activity("Delete", fern, fern["id"]), fern)
    drain()

    assert followers(alice) == []


# At once.


@pytest.mark.parametrize("type", ["Follow", "Like", "Announce", "Create"])
def test_what_comes_five_times_at_once_happens_once(
        far: Peer, fern: Document, alice: Person, drain: Drain, aws: LocalAws, type: str) -> None:
    met(far, fern, alice, drain)
    status = alice.posts("hello")
    drain()
    activity = create(far, far.note(fern, "news", **to(alice)), fern) if type == "Create" else far.activity(
        type, fern, uri(alice) if type == "Follow" else status["uri"], to=[PUBLIC])
    for path in ("/inbox", "/users/alice/inbox") * 2 + ("/inbox",):
        assert sends(far, activity, fern, path).status == 202
    wanted = [messages.from_text(body) for body in aws.messages("inbox")]
    aws.wipe_queues()
    with ThreadPoolExecutor(5) as pool:
        for done in pool.map(lambda each: processing.process(each), wanted):
            assert done is not None
    drain()

    shown = alice.get(f"/api/v1/statuses/{status['id']}").json
    counts = (alice.account.followers_count, shown["favourites_count"], shown["reblogs_count"],
              len(at_home(alice)) - 2)
    assert counts == {"Follow": (1, 0, 0, 0), "Like": (0, 1, 0, 0), "Announce": (0, 0, 1, 0),
                      "Create": (0, 0, 0, 1)}[type]
    assert len(told(alice)) == 2


# What it costs.


Make = Callable[[Peer, Document, Person, Document], Document]
COSTS: dict[str, tuple[Make, int, int]] = {
    "Follow": (lambda far, fern, alice, status: follow(far, fern, alice), 4, 19),
    "Like": (lambda far, fern, alice, status: far.activity("Like", fern, status["uri"]), 4, 15),
    "Announce": (lambda far, fern, alice, status: far.activity("Announce", fern, status["uri"], to=[PUBLIC]), 9, 20),
    "Create": (lambda far, fern, alice, status: create(far, far.note(fern, "news", **to(alice)), fern), 9, 21),
    "Delete": (lambda far, fern, alice, status: far.activity("Delete", fern, f"{far.url}/notes/unknown"), 3, 1),
}
"""Calls and write units of the job."""


@contextmanager
def as_aws_counts() -> Iterator[None]:
    """Units are those of AWS."""
    Counting(connection.shared().client, boto3.client("dynamodb"))
    try:
        yield
    finally:
        connection.forget()


@pytest.mark.parametrize("type", COSTS)
def test_what_an_activity_of_a_known_account_costs(
        far: Peer, fern: Document, alice: Person, drain: Drain, aws: LocalAws, type: str) -> None:
    met(far, fern, alice, drain)
    status = alice.posts("hello")
    drain()
    make, calls, units = COSTS[type]
    asked = list(far.asked)
    reply = sends(far, make(far, fern, alice, status), fern)
    (message,) = [messages.from_text(body) for body in aws.messages("inbox")]
    assert isinstance(message, Inbound)

    with counted() as ledger, as_aws_counts():
        processing.process(message)

    assert reply.calls == 1
    assert ledger.calls == calls
    batched = ledger.operations.count("BatchWriteItem") if aws.engine == "moto" else 0  # moto counts two rows as one
    assert ledger.wru == units - batched
    assert far.asked == asked


def test_a_status_that_concerns_nobody_ends_with_the_request(
        far: Peer, fern: Document, alice: Person, drain: Drain, aws: LocalAws) -> None:
    met(far, fern, alice, drain)
    reply = sends(far, create(far, far.note(fern, "news", cc=[f"{fern['id']}/followers"]), fern), fern)

    assert (reply.status, reply.calls) == (202, 2)
    assert aws.messages("inbox") == []


def test_an_answer_to_what_is_here_may_concern_somebody(
        far: Peer, fern: Document, alice: Person, drain: Drain, aws: LocalAws) -> None:
    first = far.note(fern, "hi", **to(alice))
    sends(far, create(far, first, fern), fern)
    drain()

    assert sends(far, create(far, far.note(fern, "and", inReplyTo=first["id"]), fern), fern).calls == 2
    assert len(aws.messages("inbox")) == 1


def test_a_message_does_not_show_what_is_in_it(far: Peer, fern: Document, alice: Person, aws: LocalAws) -> None:
    sends(far, create(far, far.note(fern, "a secret", **to(alice, public=False)), fern), fern)

    (body,) = aws.messages("inbox")
    assert json.loads(body)["kind"] == "inbound"
    assert "a secret" not in body
