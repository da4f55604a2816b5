"""Many clients do the same to one status at the same moment: everything counts, and nothing counts twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.store.notifications.notifications import Notification
from chalicelib.store.statuses import marks, statuses
from chalicelib.store.timelines import feeds
from chalicelib.store.timelines.feeds import FeedRow
from tests.faults import contention
from tests.lengths import CLIENTS, say


@pytest.fixture
def poll(alice):
    return alice.posts("tea?", poll={"options": ["yes", "no"], "expires_in": 3600})["id"]


def everything(person, id):
    """React, favourite, vote and reblog, each twice, as an impatient client does. Answers what was replied."""
    yield person.reacts(id, "☕")
    yield person.post(f"/api/v1/statuses/{id}/favourite")
    yield person.post(f"/api/v1/statuses/{id}/reblog")
    vote = {"choices": [0]}
    yield person.post(f"/api/v1/polls/{id}/votes", json=vote)
    yield person.reacts(id, "☕")
    yield person.post(f"/api/v1/statuses/{id}/favourite")
    yield person.post(f"/api/v1/statuses/{id}/reblog")
    yield person.post(f"/api/v1/polls/{id}/votes", json=vote)


def takes_back(person, id):
    yield person.delete(f"/api/v1/pleroma/statuses/{id}/reactions/☕")
    yield person.post(f"/api/v1/statuses/{id}/unfavourite")
    yield person.post(f"/api/v1/statuses/{id}/unreblog")


def at_once(crowd, id, what):
    """How often each sequence of replies came back."""
    with ThreadPoolExecutor(len(crowd)) as pool:
        return Counter(pool.map(lambda person: tuple(reply.status for reply in what(person, id)), crowd))


def told(person):
    return Counter(row.type for row in Notification.query(person.id, consistent_read=True))


@pytest.mark.size
def test_many_clients_at_once_end_with_exact_counters(alice, cast, poll):
    crowd = cast.people(CLIENTS)

    replies = at_once(crowd, poll, everything)

    assert replies == {(200, 200, 200, 200, 200, 200, 200, 422): CLIENTS}
    stored = statuses.find(poll)
    assert (int(stored.favourites_count), int(stored.reblogs_count), int(stored.voters_count)) == (CLIENTS,) * 3
    assert {emoji: int(entry["n"]) for emoji, entry in stored.reactions.items()} == {"☕": CLIENTS}
    assert [int(count) for count in stored.poll_counts] == [CLIENTS, 0]
    assert stored.reactors <= {person.id for person in crowd}
    assert set(marks.favourites_of(poll)) == set(marks.reactions_of(poll)) == {person.id for person in crowd}
    assert [len(feeds.read(FeedRow, f"r#{person.id}", limit=5)) for person in crowd] == [1] * CLIENTS
    assert list(told(alice).values()) == [CLIENTS] * 3

    assert at_once(crowd, poll, takes_back) == {(200, 200, 200): CLIENTS}
    stored = statuses.find(poll)
    assert (int(stored.favourites_count), int(stored.reblogs_count), dict(stored.reactions)) == (0, 0, {})
    assert (int(stored.voters_count), stored.reactors) == (CLIENTS, None)
    assert told(alice) == {}


@pytest.mark.size
def test_they_are_all_counted_where_transactions_conflict(cast, poll):
    """Of two transactions on one item at once, DynamoDB refuses one. Neither of its stand-ins does."""
    crowd = cast.people(CLIENTS)

    with contention() as conflicts:
        replies = at_once(crowd, poll, everything)

    say(f"{CLIENTS} clients, {conflicts[0]} conflicts")
    assert replies == {(200, 200, 200, 200, 200, 200, 200, 422): CLIENTS}
    stored = statuses.find(poll)
    assert (int(stored.favourites_count), int(stored.reblogs_count), int(stored.voters_count)) == (CLIENTS,) * 3
    assert int(stored.reactions["☕"]["n"]) == CLIENTS
    assert conflicts[0] > 0
