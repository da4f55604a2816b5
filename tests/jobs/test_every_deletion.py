"""Every kind of job that removes something. `test_every_job.py` has all others; the two run at the same time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.jobs import dying
from tests.jobs.scenarios import SCENARIOS
from tests.jobs.scenarios.registry import REMOVING
from tests.jobs.world import World
from tests.simulated_aws import LocalAws


@pytest.fixture(scope="module", params=[name for name, each in SCENARIOS.items() if each.kind in REMOVING])
def world(request: pytest.FixtureRequest, whole_aws: LocalAws) -> Iterator[World]:
    with World(whole_aws, SCENARIOS[request.param]) as built:
        yield built


def test_a_job_that_runs_twice_does_what_it_does_once(world: World) -> None:
    dying.runs_twice(world)


def test_a_job_that_dies_at_any_write_is_finished_by_the_next(world: World) -> None:
    dying.dies_at_any_write(world)
