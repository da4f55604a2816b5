"""Trying again: how often, and what comes of it."""

import time

import pytest

from chalicelib.domain import retrying
from chalicelib.domain.refusals import NotFound
from chalicelib.domain.retrying import expect, retried, retried_from
from chalicelib.store.dynamo.failures import Overloaded, Overtaken


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """The pauses in seconds. No time really passes."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


def overtaken(times):
    left = [times]

    def attempt():
        left[0] -= 1
        expect(left[0] < 0)
        return "done"

    return attempt


def test_what_succeeds_at_once_waits_for_nobody(pauses):
    assert retried(overtaken(0)) == "done"
    assert pauses == []


def test_whoever_was_overtaken_tries_again(pauses):
    assert retried(overtaken(3)) == "done"
    assert len(pauses) == 3


def test_the_end_of_all_tries_is_overloaded(pauses):
    with pytest.raises(Overloaded):
        retried(overtaken(retrying.TRIES))

    assert len(pauses) == retrying.TRIES
    assert max(pauses) <= retrying.LONGEST_PAUSE


def test_a_refusal_is_not_tried_again():
    tries = []

    def attempt():
        tries.append(1)
        raise NotFound

    with pytest.raises(NotFound):
        retried(attempt)
    assert tries == [1]


def test_the_first_try_goes_by_what_is_known_and_the_next_by_what_is_there():
    seen = []

    def attempt(known):
        seen.append(known)
        if known == "old":
            raise Overtaken
        return known

    assert retried_from("old", attempt, lambda: "new") == "new"
    assert seen == ["old", "new"]
