"""Two causes whose notifications get the same number."""

from itertools import count

import pytest

from chalicelib import ids
from chalicelib.store.notifications.notifications import Notice, Notification
from chalicelib.store.relationships import subscriptions
from chalicelib.store.statuses import favourites, marks, statuses


def rows(account_id):
    return {row.cause: int(row.id) for row in Notification.query(account_id, consistent_read=True)}


@pytest.fixture
def colliding(alice):
    """Two causes of one millisecond that give a notification of Alice's the same number."""
    start = ids.decode(ids.new_flake())
    first = ids.encode(start)
    taken = ids.notification_number(alice.id, first)
    return first, next(flake for number in count(start + 1)
                       if ids.notification_number(alice.id, flake := ids.encode(number)) == taken)


@pytest.fixture
def both_told(alice, bob, carol, colliding):
    """Bob and Carol favourited a status of Alice's at once. Answers the status and both notices."""
    status = statuses.find(alice.posts("mine")["id"])
    notices = [Notice(alice.id, "favourite", cause, person.id)
               for cause, person in zip(colliding, (bob, carol), strict=True)]
    for notice in notices:
        assert favourites.add(status, notice.by, notice.cause, notice)
    return status, notices


def test_the_later_one_takes_the_next_number(alice, both_told, colliding):
    first, second = colliding
    _, notices = both_told

    assert rows(alice.id) == {first: notices[0].id, second: notices[0].id + 1}
    assert notices[1].id == notices[0].id + 1


def test_both_are_listed_by_type(alice, both_told):
    shown = alice.get("/api/v1/notifications", {"include_types": ["favourite"]}).json

    assert len({each["id"] for each in shown}) == 2


def test_telling_again_changes_nothing(alice, both_told):
    _, notices = both_told
    before = rows(alice.id)

    for notice in notices:
        subscriptions.tell([Notice(alice.id, "favourite", notice.cause, notice.by)])

    assert rows(alice.id) == before


@pytest.mark.parametrize("which", [0, 1])
def test_taking_one_back_leaves_the_other(alice, both_told, colliding, which):
    status, notices = both_told
    by = notices[which].by

    assert favourites.remove(status, marks.find(by, status.id), by)

    assert set(rows(alice.id)) == {colliding[1 - which]}
