"""What tests of federation use: peers on this machine. To each other, and to us, they are different servers."""

from collections.abc import Iterator

import pytest

from tests.peers import scripted
from tests.peers.scripted import Peer


@pytest.fixture
def far() -> Iterator[Peer]:
    """Another server."""
    with scripted.serving() as peer:
        yield peer


@pytest.fixture
def third() -> Iterator[Peer]:
    """One more server."""
    with scripted.serving(host="localhost") as peer:
        yield peer
