"""Polls between servers: votes both ways, and the counts of both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.federation import resolving
from chalicelib.domain.federation.receiving import processing
from chalicelib.queues import messages
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.jobs import Job
from tests.cast import Person
from tests.endpoints.federation.sending import After, Drain, create, follow, sends, told, uri
from tests.peers.scripted import PUBLIC, Document, Peer
from tests.simulated_aws import LocalAws


@pytest.fixture
def fern(far: Peer) -> Document:
    return far.actor("fern")


def asks(person: Person, *options: str, **said: Any) -> dict[str, Any]:
    poll = {"options": list(options or ("yes", "no")), "expires_in": 3600, **said}
    return person.posts("?", poll=poll)


def vote(far: Peer, by: Document, poll: dict[str, Any], name: str, **said: Any) -> Document:
    number = far._next()
    return {"id": f"{by['id']}#votes/{number}", "type": "Note", "name": name, "attributedTo": by["id"],
            "inReplyTo": poll["uri"], "to": [poll["account"]["url"]], **said}


def cast_by(far: Peer, by: Document, *votes: Document, **said: Any) -> Document:
    one: Any = votes[0] if len(votes) == 1 else list(votes)
    return far.activity("Create", by, one, to=votes[0]["to"], **said)


def counts(person: Person, poll: dict[str, Any]) -> tuple[list[int], int | None]:
    found = person.get(f"/api/v1/polls/{poll['id']}").json
    return [each["votes_count"] for each in found["options"]], found["voters_count"]


# Votes that come.


SPELT: dict[str, dict[str, Any]] = {
    "Mastodon": {}, "Answer": {"type": "Answer"}, "cc": {"to": [], "cc": ["http://kenoma.test/users/alice"]},
    "no id": {"id": None}, "null content": {"content": None, "summary": None}, "the Create alone": {"to": None},
}


@pytest.mark.parametrize("spelling", SPELT)
def test_a_vote_comes_in_many_spellings(far: Peer, fern: Document, alice: Person, drain: Drain, spelling: str) -> None:
    poll = asks(alice)
    ballot = vote(far, fern, poll, "no", **SPELT[spelling])
    sends(far, far.activity("Create", fern, ballot, to=[uri(alice)] if ballot["to"] is None else ballot["to"]), fern)
    drain()

    assert counts(alice, poll) == ([0, 1], 1)
    assert told(alice) == []


@pytest.mark.parametrize("together", [True, False], ids=["GoToSocial", "Mastodon"])
def test_several_choices_come_together_or_one_by_one(far: Peer, fern: Document, alice: Person, drain: Drain,
                                                     together: bool) -> None:
    poll = asks(alice, "a", "b", "c", multiple=True)
    votes = [vote(far, fern, poll, name) for name in ("a", "c", "a")]
    for each in [votes] if together else [[one] for one in votes]:
        sends(far, cast_by(far, fern, *each), fern)
        drain()

    assert counts(alice, poll) == ([1, 0, 1], 1)


def test_an_option_is_found_by_its_name_and_then_without_the_case_of_letters(
        far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    poll = asks(alice, "Tea", "tEA", "Milk", multiple=True)
    sends(far, cast_by(far, fern, *(vote(far, fern, poll, name) for name in ("tEA", "milk", "TEA"))), fern)
    drain()

    assert counts(alice, poll)[0] == [1, 1, 1]


REFUSED: dict[str, dict[str, Any]] = {
    "unknown option": {"name": "perhaps"}, "not sent to the author": {"to": [PUBLIC]},
    "of another host": {"id": "https://other.example/votes/1"},
    "by somebody else": {"attributedTo": "https://other.example/users/rose"},
    "of no poll": {"inReplyTo": "http://kenoma.test/objects/00000000-0000-0000-0000-000000000001"},
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_no_vote_does_not_count(far: Peer, fern: Document, alice: Person, drain: Drain, why: str) -> None:
    poll = asks(alice)
    ballot = vote(far, fern, poll, "yes") | REFUSED[why]
    sends(far, create(far, ballot, fern, to=[PUBLIC] if why.startswith("not") else [uri(alice)]), fern)
    drain()

    assert counts(alice, poll) == ([0, 0], 0)
    assert alice.get(f"/api/v1/statuses/{poll['id']}/context").json["descendants"] == []


def test_a_second_vote_does_not_count(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    poll = asks(alice)
    for name in ("yes", "no", "yes"):
        sends(far, cast_by(far, fern, vote(far, fern, poll, name)), fern)
        drain()
    other = asks(alice)
    sends(far, cast_by(far, fern, vote(far, fern, other, "yes"), vote(far, fern, other, "no")), fern)
    drain()

    assert (counts(alice, poll), counts(alice, other)) == (([1, 0], 1), ([1, 0], 1))


def test_nobody_votes_after_the_end(far: Peer, fern: Document, alice: Person, after: After) -> None:
    poll = asks(alice)
    sends(far, cast_by(far, fern, vote(far, fern, poll, "yes")), fern)
    after(3601)

    assert counts(alice, poll) == ([0, 0], 0)


def test_whom_the_author_blocks_does_not_vote_nor_who_may_not_see_the_poll(
        far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    secret = alice.posts("?", visibility="private", poll={"options": ["yes", "no"], "expires_in": 3600})
    sends(far, cast_by(far, fern, vote(far, fern, secret, "yes")), fern)
    drain()
    poll = asks(alice)
    alice.post(f"/api/v1/accounts/{resolving.account_of(fern['id']).id}/block")
    sends(far, cast_by(far, fern, vote(far, fern, poll, "yes")), fern)
    drain()

    assert (counts(alice, secret), counts(alice, poll)) == (([0, 0], 0), ([0, 0], 0))


# What others hear of our polls.


def heard(peer: Peer, do: Callable[[], object]) -> list[Document]:
    before = len(peer.received)
    do()
    return [each.json for each in peer.received[before:]]


def test_the_counts_are_told_every_three_minutes_at_most_and_at_the_end(
        far: Peer, fern: Document, alice: Person, bob: Person, drain: Drain, after: After) -> None:
    sends(far, follow(far, fern, alice), fern)
    drain()
    poll = asks(alice)
    drain()
    sends(far, cast_by(far, fern, vote(far, fern, poll, "yes")), fern)
    bob.post(f"/api/v1/polls/{poll['id']}/votes", {"choices": [1]})
    assert heard(far, drain) == []

    (update,) = heard(far, lambda: after(182))
    (last,) = heard(far, lambda: after(3602))

    question = update["object"]
    assert (update["type"], question["type"], question["id"]) == ("Update", "Question", poll["uri"])
    assert [each["replies"]["totalItems"] for each in question["oneOf"]] == [1, 1]
    assert (question["votersCount"], "updated" in question, "closed" in question) == (2, False, False)
    assert update["cc"] == [f"{uri(alice)}/followers"]
    assert last["object"]["closed"] == question["endTime"]
    assert last["id"] != update["id"]


def test_a_poll_that_nobody_elsewhere_has_costs_nothing_more(alice: Person, bob: Person) -> None:
    poll = asks(alice)
    bob.post(f"/api/v1/polls/{poll['id']}/votes", {"choices": [1]})

    assert [job.kind for job in Job.scan() if job.kind == "federate"] == []


# Our votes in polls of others.


def question(far: Peer, by: Document, yes: int = 0, no: int = 0, options: str = "oneOf", **said: Any) -> Document:
    choices = [{"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": count}}
               for name, count in (("yes", yes), ("no", no))]
    return far.note(by, "?", type="Question", **{options: choices, "votersCount": yes + no, **said})


def seen(document: Document, person: Person) -> dict[str, Any]:
    found: dict[str, Any] = person.get(f"/api/v1/statuses/{resolving.status_of(document['id']).id}").json
    return found


def test_a_vote_is_sent_as_one_note_for_each_choice(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    poll = seen(question(far, fern, 3, 4, "anyOf"), alice)
    voted = alice.post(f"/api/v1/polls/{poll['id']}/votes", {"choices": [0, 1]}).json
    sent = heard(far, drain)

    assert ([each["votes_count"] for each in voted["options"]], voted["voters_count"]) == ([4, 5], 8)
    assert {each["object"]["name"] for each in sent} == {"yes", "no"}
    assert len({each["id"] for each in sent} | {each["object"]["id"] for each in sent}) == 4
    for each in sent:
        ballot = each["object"]
        assert (each["type"], each["to"], each["cc"]) == ("Create", [fern["id"]], [])
        assert ballot == {"id": ballot["id"], "type": "Note", "attributedTo": uri(alice), "to": [fern["id"]],
                          "cc": [], "name": ballot["name"], "inReplyTo": poll["uri"]}
    assert {each.target for each in far.received} == {"/users/fern/inbox"}
    assert alice.get(f"/api/v1/polls/{poll['id']}").json["voted"] is True


@pytest.mark.parametrize("way", ["Update", "refresh"])
def test_counts_of_others_are_theirs_but_not_below_our_votes(
        far: Peer, fern: Document, alice: Person, bob: Person, drain: Drain, after: After, way: str) -> None:
    asked = question(far, fern, to=[PUBLIC])
    poll = seen(asked, alice)
    for person, choice in ((alice, 0), (bob, 0)):
        person.post(f"/api/v1/polls/{poll['id']}/votes", {"choices": [choice]})
    steps = ((1, 5, ([2, 5], 6)), (4, -1, ([4, 0], 3)))
    for yes, no, wanted in steps if way == "Update" else steps[:1]:
        changed = question(far, fern, yes, no, id=asked["id"])
        if way == "Update":
            sends(far, far.activity("Update", fern, changed), fern)
            drain()
        else:
            alice.get(f"/api/v1/polls/{poll['id']}")
            after(61)
            drain()
        assert counts(alice, poll) == wanted


def test_a_poll_that_is_closed_there_takes_no_votes_here(far: Peer, fern: Document, alice: Person, bob: Person,
                                                        drain: Drain) -> None:
    asked = question(far, fern)
    poll = seen(asked, alice)
    alice.post(f"/api/v1/polls/{poll['id']}/votes", {"choices": [0]})
    drain()
    sends(far, far.activity("Update", fern, {**question(far, fern, 3, 1, id=asked["id"]), "closed": True}), fern)
    drain()

    found = alice.get(f"/api/v1/polls/{poll['id']}").json
    assert (found["expired"], found["voted"], counts(alice, poll)) == (True, True, ([3, 1], 4))
    assert bob.post(f"/api/v1/polls/{poll['id']}/votes", {"choices": [0]}).status == 422


def test_other_options_reset_the_votes(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    asked = question(far, fern)
    poll = seen(asked, alice)
    alice.post(f"/api/v1/polls/{poll['id']}/votes", {"choices": [0]})
    options = [{"type": "Note", "name": name, "replies": {"totalItems": 0}} for name in ("tea", "milk")]
    sends(far, far.activity("Update", fern, {**asked, "oneOf": options, "votersCount": 0}), fern)
    drain()

    found = alice.get(f"/api/v1/polls/{poll['id']}").json
    assert ([each["votes_count"] for each in found["options"]], found["voted"]) == ([0, 0], False)
    again = alice.post(f"/api/v1/polls/{poll['id']}/votes", {"choices": [1]}).json
    assert ([each["votes_count"] for each in again["options"]], again["voted"]) == ([0, 1], True)
    assert alice.post(f"/api/v1/polls/{poll['id']}/votes", {"choices": [1]}).status == 422


def test_what_a_vote_of_a_known_account_costs(far: Peer, fern: Document, alice: Person, drain: Drain,
                                              aws: LocalAws) -> None:
    poll = asks(alice)
    sends(far, far.activity("Like", fern, poll["uri"]), fern)
    drain()
    sends(far, cast_by(far, fern, vote(far, fern, poll, "yes")), fern)
    (message,) = [messages.from_text(body) for body in aws.messages("inbox")]

    with counted() as ledger:
        processing.process(message)  # type: ignore[arg-type]

    assert ledger.calls == 5
