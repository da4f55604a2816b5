"""Push subscriptions: one for each token that a client signs in with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from ... import entities
from ...domain.notifications import push_subscriptions
from ...domain.notifications.alerts import ALL
from ...domain.viewer import Viewer
from ...entities.notifications.push_subscription import render_push_subscription
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import Flag, Loose, MaxLength
from ...web.request import Request

Policy = Annotated[Loose[Literal["all", "followed", "follower", "none"]], "From whom to push notifications."]


@dataclass(frozen=True)
class Keys:
    p256dh: Annotated[str, "The browser's public key, as base64.", MaxLength(200)]
    auth: Annotated[str, "The browser's secret, as base64.", MaxLength(200)]


@dataclass(frozen=True)
class Place:
    """Where to send what the browser shall get: an address at a push service, and the browser's keys."""

    endpoint: Annotated[str, MaxLength(2_000)]
    keys: Keys
    standard: Annotated[Flag, "Whether the client reads what RFC 8291 says, and not only the draft before it."] = False


@dataclass(frozen=True)
class Data:
    alerts: Annotated[dict[str, Flag] | None, "Whether to push, by type of notification."] = None
    policy: Policy = None


@endpoint("POST", "/api/v1/push/subscription", auth=signed_in("push"))
def subscribe(viewer: Viewer, request: Request, subscription: Place,
              data: Data | None = None, policy: Policy = None) -> entities.PushSubscription:
    """Subscribe to notifications with the token that is sent. This replaces an earlier subscription of the token."""
    wanted = push_subscriptions.WantedPush(
        subscription.endpoint, subscription.keys.p256dh, subscription.keys.auth, _alerts(data),
        _policy(data, policy) or ALL, subscription.standard)
    return render_push_subscription(push_subscriptions.subscribe(viewer, request.token, wanted))


@endpoint("GET", "/api/v1/push/subscription", auth=signed_in("push"), refuses=(404,))
def show(viewer: Viewer) -> entities.PushSubscription:
    """The token's subscription."""
    return render_push_subscription(push_subscriptions.get(viewer))


@endpoint("PUT", "/api/v1/push/subscription", auth=signed_in("push"), refuses=(404,))
def update(viewer: Viewer, data: Data | None = None, policy: Policy = None) -> entities.PushSubscription:
    """Replace all alerts of the token's subscription. The policy stays as it was, if none is sent."""
    return render_push_subscription(push_subscriptions.change(viewer, _alerts(data), _policy(data, policy)))


@endpoint("DELETE", "/api/v1/push/subscription", auth=signed_in("push"), refuses=(404,))
def unsubscribe(viewer: Viewer) -> dict[str, Any]:
    """End the token's subscription."""
    push_subscriptions.unsubscribe(viewer)
    return {}


def _policy(data: Data | None, beside: str | None) -> str | None:
    """The policy, which clients send within `data` or beside it."""
    return (data.policy if data is not None else None) or beside


def _alerts(data: Data | None) -> dict[str, bool]:
    return (data.alerts if data is not None else None) or {}
