"""What every job stands: to run twice, and to die at any of its writes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping

from tests.jobs.world import Outcome, World

FIRST, SAMPLED, SAMPLED_AFTER = 12, 4, 2
"""A worker dies before each of its first writes, and before some of those that follow; after some, and the last."""


def runs_twice(world: World) -> None:
    """The message comes once more; and with its row, so that the job runs once more: at once, or when all is done."""
    for row_comes_back, late in ((False, False), (True, False), (True, True)):
        world.begin()
        world.receive()
        if late:
            world.run_all()
        if row_comes_back:
            world.put_row_back()
        world.send()
        world.receive()

        assert_same(world.outcome(), world.clean, world.scenario.repeated)


def dies_at_any_write(world: World) -> None:
    """Once in each world; the message comes back, and with it somebody who finishes the work."""
    assert len(world.writes) > bool(world.message.row), "this world gives the job nothing to do"
    for number, after in deaths(len(world.writes)):
        world.begin()
        world.die(number, after=after)
        world.receive()

        try:
            assert_same(world.outcome(), world.clean, {**world.scenario.repeated, **world.scenario.resent})
        except AssertionError as error:
            error.add_note(f"dead {'after' if after else 'before'} write {number} of {world.writes}")
            raise


def deaths(writes: int) -> Iterator[tuple[int, bool]]:
    """Numbers of writes, and whether the worker dies before or after it."""
    fate = random.Random(writes)
    yield from ((number, False) for number in range(1, min(writes, FIRST) + 1))
    later = range(FIRST + 1, writes + 1)
    yield from ((number, False) for number in sorted(fate.sample(later, min(SAMPLED, len(later)))))
    after = {*fate.sample(range(1, writes + 1), min(SAMPLED_AFTER, writes)), writes}
    yield from ((number, True) for number in sorted(after))


def assert_same(outcome: Outcome, clean: Outcome, more_than_once: Mapping[str, str]) -> None:
    """The outcome is that of a clean run; these parts may hold more than once what is there once."""
    assert outcome.keys() == clean.keys()
    for part, whole in outcome.items():
        if part in more_than_once:
            assert set(whole) == set(clean[part]), part
            assert Counter(whole) >= Counter(clean[part]), part
        else:
            assert whole == clean[part], part
