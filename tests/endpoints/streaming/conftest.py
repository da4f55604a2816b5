"""Listening, in few words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import Person
from tests.sockets import Gateway, Socket

Drain = Callable[[], object]
Listens = Callable[..., Socket]


@pytest.fixture
def listens(sockets: Gateway) -> Callable[..., Socket]:
    """A person, or nobody, opens a socket: `listens(alice, "user")`, `listens(None, "hashtag", tag="cat")`."""

    def opened(person: Person | None, stream: str, **more: str) -> Socket:
        query = "&".join([f"stream={stream}", *(f"{name}={value}" for name, value in more.items())])
        socket = sockets.connect(query, token=person.token if person is not None else "")
        assert socket.status == 200
        return socket

    return opened
