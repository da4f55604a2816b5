"""Ids: flakes sort by time, and numbers stay below what JavaScript can hold."""

import threading
import uuid

import pytest

from chalicelib import ids


def test_flakes_sort_as_they_were_made():
    made = [ids.new_flake() for _ in range(1000)]

    assert made == sorted(made)
    assert len(set(made)) == 1000
    assert {len(flake) for flake in made} == {18}


def test_threads_never_make_the_same_flake():
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.extend(ids.new_flake() for _ in range(500))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 4000


def test_a_reply_is_later_than_a_parent_whose_clock_runs_ahead():
    parent = ids.flake_at(ids.milliseconds(ids.new_flake()) + 60_000)

    assert ids.new_flake(after=parent) > parent


def test_a_flake_and_its_uuid_give_each_other_back():
    flake = ids.new_flake()

    assert ids.flake_of(ids.uuid_of(flake)) == flake
    assert ids.flake_of("no uuid") is None
    assert ids.flake_of(str(uuid.UUID(int=2**128 - 1))) is None


def test_times_have_milliseconds_that_are_always_zero():
    assert ids.created_at(ids.flake_at(1_587_482_511_789)) == "2020-04-21T15:21:51.000Z"


@pytest.mark.parametrize("text", ["", "short", "0" * 19, "a" * 17 + "é", "a" * 17 + " ", None, 5])
def test_what_is_no_flake_is_known(text):
    assert not ids.is_flake(text)


def test_the_id_before_is_the_next_lower_one():
    flake = ids.new_flake()

    assert ids.decode(flake) - ids.decode(ids.before(flake)) == 1
    assert ids.before(ids.encode(0)) == ids.encode(0)


def test_a_decimal_cursor_is_read_as_a_number():
    assert ids.cursor("62") == ids.encode(62)
    assert ids.cursor("no id") is None
    assert ids.cursor("9" * 40) is None
    assert ids.cursor("9" * 39) is None


def test_numbers_for_clients_stay_below_two_to_the_53():
    flake = ids.new_flake()

    for number in (ids.thread_number(flake), ids.participation_number("someone", flake),
                   ids.notification_number("someone", flake), ids.new_decimal()):
        assert 0 <= number < 2**53


def test_notification_numbers_grow_with_their_causes():
    earlier, later = ids.flake_at(1_700_000_000_000), ids.flake_at(1_700_000_000_001)

    assert ids.notification_number("someone", earlier) < ids.notification_number("someone", later)
