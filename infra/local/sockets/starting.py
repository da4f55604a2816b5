"""The gateway of an app in this process, with the limits that the environment sets."""

from __future__ import annotations

import os
import resource
from dataclasses import replace

from chalice.app import Chalice

from ..ending import CannotStart
from . import clients
from .connection import LIMITS, Limits
from .gateway import Gateway, Handlers

SPARE_FILES = 500
"""Descriptors that everything else in the process may need."""


def gateway_of(app: Chalice) -> Gateway | None:
    """A gateway that the code's clients reach from now on. None: the app has no handlers of sockets, or is told off."""
    from chalicelib.settings import settings

    from ..server import Context

    handlers = Handlers.of(app, Context)
    if handlers is None or not settings.streaming:
        return None
    gateway = Gateway(handlers, _limits())
    clients.answer_clients(gateway)
    return gateway


def _limits() -> Limits:
    room = _allow_files(LIMITS.connections + SPARE_FILES) - SPARE_FILES
    return replace(LIMITS, connections=room, idle=_seconds("KENOMA_LOCAL_SOCKET_IDLE", LIMITS.idle),
                   life=_seconds("KENOMA_LOCAL_SOCKET_LIFE", LIMITS.life))


def _seconds(variable: str, default: float) -> float:
    try:
        return float(os.environ.get(variable) or default)
    except ValueError:
        raise CannotStart(f"{variable} is {os.environ[variable]!r}; it is a number of seconds") from None


def _allow_files(wanted: int) -> int:
    """Have so many descriptors, or as many as the system gives. Answers how many there are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(most, SPARE_FILES * 2)
