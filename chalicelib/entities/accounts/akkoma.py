"""What Akkoma adds to an account, and what clients of 2026 ask about collections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict


class AccountInstance(TypedDict):
    """The server of an account of another server."""

    name: str
    favicon: str | None
    nodeinfo: dict[str, Any] | None


class AccountAkkoma(TypedDict):
    """What Akkoma adds. `status_ttl_days`: after how many days statuses end that say nothing of it."""

    instance: AccountInstance | None
    status_ttl_days: int | None
    permit_followback: bool
    web_feed: str | None


class FeatureApproval(TypedDict):
    """Who may put the account into a collection: nobody, as there are no collections here."""

    automatic: list[str]
    manual: list[str]
    current_user: str


def render_akkoma(get: Callable[..., Any], host: str | None) -> AccountAkkoma:
    """`get`: of the profile's document. `host`: of an account of another server."""
    return {
        "instance": {"name": host, "favicon": None, "nodeinfo": None} if host else None,
        "status_ttl_days": get("status_ttl_days"),
        "permit_followback": bool(get("permit_followback")),
        "web_feed": None,
    }
