"""Push subscription, as the client that has it sees it."""

from __future__ import annotations

from typing import Literal, TypedDict, cast

from ...domain.notifications import vapid
from ...store.notifications.push_subscriptions import Subscription

Policy = Literal["all", "followed", "follower", "none"]


class PushSubscription(TypedDict):
    """`server_key` is the instance's public key. `alerts` says which types of notification are pushed, and `policy`
    from whom. `standard`: encrypted as RFC 8291 says, wherever it goes.
    """

    id: int
    endpoint: str
    standard: bool
    policy: Policy
    alerts: dict[str, bool]
    server_key: str


def render_push_subscription(subscription: Subscription) -> PushSubscription:
    return {
        "id": subscription.number,
        "endpoint": subscription.endpoint,
        "standard": bool(subscription.standard),
        "policy": cast(Policy, subscription.policy),
        "alerts": subscription.alerts,
        "server_key": vapid.public_key() or "",
    }
