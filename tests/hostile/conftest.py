"""One world for each file. A refused request must leave it unchanged, and these tests check that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.settings import settings
from chalicelib.store.emoji import rows
from tests.cast import Cast
from tests.hostile.world import World, difference
from tests.push_service import PRIVATE_KEY, PUBLIC_KEY
from tests.simulated_aws import LocalAws


@pytest.fixture(scope="module", autouse=True)
def aws(whole_aws: LocalAws) -> LocalAws:
    """An AWS that is emptied before the file instead of before each test."""
    whole_aws.wipe()
    rows.forget()
    return whole_aws


@pytest.fixture(scope="module")
def world(aws: LocalAws) -> Iterator[World]:
    """Alice, Bob and what they did, with a witness of every call to AWS. Push is on."""
    before = dict(vars(settings))
    settings.vapid_public_key, settings.vapid_private_key = PUBLIC_KEY, PRIVATE_KEY
    made = World(Cast(), aws)
    yield made
    made.witness.leave()
    vars(settings).update(before)


@pytest.fixture
def unchanged(world: World) -> Iterator[None]:
    """Check that the test changes nothing."""
    world.settle()
    before = world.as_it_is()
    yield
    after = world.snapshot()
    assert after == before, difference(before, after)
