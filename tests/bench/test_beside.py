"""What is said of two versions that run side by side."""

import pytest

from bench.beside import Turn, compared


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


def pairs(*ratios):
    """Pairs of turns on a machine that is slower at each."""
    return [(Turn(ratio * slow, ratio * 5, slow), Turn(slow, 5, slow)) for slow, ratio in enumerate(ratios, 1)]


def test_a_machine_that_gets_slower_and_one_disturbed_turn_change_nothing():
    found = compared("home", pairs(1.1, 1.1, 1.1, 1.1, 9))

    assert (found.units, found.cpu, found.wall) == pytest.approx((1.1, 1.1, 1))
    assert (found.ours_ms, found.theirs_ms) == pytest.approx((3300, 3000))


def test_of_twenty_pairs_the_lowest_and_the_highest_are_left_out():
    found = compared("home", pairs(0.1, *[1 + number / 100 for number in range(18)], 9))

    assert (found.low, found.high) == pytest.approx((1.0, 1.17))
