"""The list of all scenarios, and how one gets into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.queues.accounts import AccountDelete, AccountDisable, AccountEnable, EndApp
from chalicelib.queues.deliveries import ForgetKeys
from chalicelib.queues.federating import PurgeHost
from chalicelib.queues.instance import TidyEmoji
from chalicelib.queues.messages import Message
from chalicelib.queues.notifications import ClearNotifications, DismissGroup, SettleRequest
from chalicelib.queues.statuses import ExpireStatus, StatusCascade
from chalicelib.queues.tags import TagSync
from tests.jobs.world import Scenario, Shows, World

REMOVING = {AccountDelete, AccountDisable, AccountEnable, ClearNotifications, DismissGroup, EndApp, ExpireStatus,
            ForgetKeys, PurgeHost, SettleRequest, StatusCascade, TagSync, TidyEmoji}
SCENARIOS: dict[str, Scenario] = {}
Build = Callable[[World], Shows]


def leaves(kind: type[Message], *, settings: Mapping[str, Any] | None = None,
           resent: Mapping[str, str] | None = None,
           repeated: Mapping[str, str] | None = None) -> Callable[[Build], Build]:
    """Make a function the scenario of its name: what it does leaves one job of this kind to do."""

    def register(build: Build) -> Build:
        assert build.__name__ not in SCENARIOS
        SCENARIOS[build.__name__] = Scenario(kind, build, settings or {}, resent or {}, repeated or {})
        return build

    return register
