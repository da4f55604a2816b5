"""Push subscription, as the client that has it sees it."""

from __future__ import annotations

from typing import TypedDict

from ...domain.notifications import vapid
from ...store.notifications.push_subscriptions import Subscription


class PushSubscription(TypedDict):
    """`server_key` is the instance's public key. `alerts` says which types of notification are pushed."""

    id: str
    endpoint: str
    alerts: dict[str, bool]
    server_key: str


def render_push_subscription(subscription: Subscription) -> PushSubscription:
    return {
        "id": str(subscription.number),
        "endpoint": subscription.endpoint,
        "alerts": subscription.alerts,
        "server_key": vapid.public_key() or "",
    }
