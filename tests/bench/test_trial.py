"""What is said of two versions that took turns."""

import re
import socket
from pathlib import Path

import pytest

import bench
from bench.server import Line
from bench.trial import Took, verdict


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


def starts(*ratios):
    """Starts of three pairs, one of which was disturbed; the machine is slower at each start."""
    return [[(Took(ratio * slow, slow), (Took(slow, slow))) for slow in (number, number + 1)]
            + [(Took(9 * number, number), Took(number, number))] for number, ratio in enumerate(ratios, 1)]


def test_a_slow_machine_and_a_disturbed_request_change_nothing():
    said = verdict("home", starts(0.9, 0.9, 0.9, 0.9, 0.9))

    assert (said.cpu, said.low, said.high, said.wall) == pytest.approx((0.9, 0.9, 0.9, 1))


def test_starts_that_differ_show_how_little_is_known():
    said = verdict("home", starts(0.8, 0.9, 1.0, 1.1, 1.2))

    assert said.cpu == pytest.approx(1.0)
    assert said.low < 0.95
    assert said.high > 1.05
    assert said.row().startswith("| home | 1.000 | ")


def test_what_the_benches_ask_their_server_is_answered():
    """Each bench asks by words, which only a run would find wrong."""
    asked = {word for path in Path(bench.__file__).parent.glob("*.py")
             for word in re.findall(r'server\.ask\(\s*"(\w+)"', path.read_text())}
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert asked - Line(ours)._answers.keys() == set()
