"""The other server of the bench does what other servers do, and its people are known here as such people are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from bench import abroad
from bench.abroad import Abroad
from bench.peer import Sink, Strangers, sink
from chalicelib.domain.federation import arriving
from chalicelib.domain.federation.receiving import people
from chalicelib.domain.relationships import following
from chalicelib.store.accounts import accounts
from chalicelib.store.relationships import relations
from tests import cast
from tests.bench.test_crowd import items_of, somebody
from tests.cast import Person

Drain = Callable[[], object]
FOLLOW = "#follows/1"


@pytest.fixture
def far() -> Iterator[Sink]:
    with sink() as taking:
        yield taking


@pytest.fixture
def strangers(far: Sink) -> Strangers:
    return Strangers(far.base, 2)


def test_whoever_is_made_to_follow_from_elsewhere_leaves_the_items_of_such_a_follow(
        alice: Person, strangers: Strangers, drain: Drain) -> None:
    model = arriving.learn_account(strangers.documents()[0])
    following.follow_from_afar(alice.id, f"{model.foreign_uri}{FOLLOW}", by=people.acting(model))
    drain()
    after_following = items_of(model.id, str(relations.find(model.id, alice.id).follow_id))

    (id,) = abroad.followers(somebody(alice), model, ["https://farther.example/inbox"])

    made = items_of(id, str(relations.find(id, alice.id).follow_id))
    assert json.loads(json.dumps(made).replace("https://farther.example/inbox", str(model.shared_inbox))
                      ) == after_following
    assert [len(rows) for rows in made.values()] == [2, 1]
    assert relations.follower_inboxes(alice.id) == {"https://farther.example/inbox", model.shared_inbox}
    assert (alice.account.followers_count, alice.account.foreign_followers_count) == (2, 2)
    profile = accounts.find(id)
    assert profile is not None
    assert (profile.host, profile.shared_inbox) == ("farther.example", "https://farther.example/inbox")


def test_what_strangers_send_is_taken_and_done(aws: object, strangers: Strangers, drain: Drain) -> None:
    here = Abroad(drain)
    host = here.meet(strangers.documents(), unread=1)["host"]
    uri, = here.statuses(1)

    for activity in (strangers.activity("Like", strangers.ids[0], uri), strangers.status(strangers.ids[0]),
                     strangers.activity("Like", strangers.ids[1], uri), strangers.status(strangers.ids[1])):
        assert sent(strangers.delivery(activity, host)).status == 202
    drain()

    # The last of them has no readers here.
    assert here.outcome() == {"favourites": 2, "statuses": 1}


def test_a_post_goes_once_to_each_inbox(aws: object, far: Sink, strangers: Strangers, drain: Drain) -> None:
    here = Abroad(drain)
    author = here.meet(strangers.documents())["author"]
    inboxes = far.inboxes(12)
    here.reach(inboxes)
    far.taken.clear()

    cast.call("POST", "/api/v1/statuses", None, b'{"status": "the lamp is back"}',
              {"authorization": f"Bearer {author}", "content-type": "application/json"})
    drain()

    assert far.taken == dict.fromkeys(inboxes, 1)


def sent(raw: bytes) -> cast.Reply:
    """What the shared inbox answers to a request as it goes over the wire."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return cast.call("POST", "/inbox", None, body, headers)
