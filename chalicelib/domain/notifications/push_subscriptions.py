"""Push: what a client subscribed to with one of its tokens, and which notifications are worth a message to it.

The messages are run by `push_delivery`; how anything gets to a push service, encrypted, is the business of `web_push`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from ...settings import settings
from ...store.notifications import push_subscriptions
from ...store.notifications.push_subscriptions import Subscription
from ...store.signing_in import mfa
from ...store.signing_in.tokens import Token
from .. import vault
from ..refusals import Forbidden, NotFound
from ..viewer import Viewer

DISABLED = "Web push subscription is disabled on this Pleroma instance"
ALERTS = ("follow", "favourite", "mention", "reblog", "pleroma:chat_mention", "pleroma:emoji_reaction")
ALERT_OF = {**{alert: alert for alert in ALERTS}, "follow_request": "follow"}
"""The alert that a type of notification waits for; the other types are never pushed."""
_URL_SAFE = str.maketrans("+/", "-_", "=")


def public_key() -> str | None:
    """What browsers subscribe with; None where nothing is pushed."""
    if settings.vapid_public_key and settings.holds("vapid_private_key") and settings.holds("encryption_key"):
        return url_safe(settings.vapid_public_key)
    return None


def url_safe(key: str) -> str:
    """A key as base64 in the letters of addresses, without padding."""
    return key.strip().translate(_URL_SAFE)


# What a client does with its subscription.


@dataclass(frozen=True)
class Wanted:
    """Where to push to, and of what."""

    endpoint: str
    p256dh: str
    auth: str
    alerts: Mapping[str, bool]


def subscribe(viewer: Viewer, access_token: str | None, wanted: Wanted) -> Subscription:
    """Subscribe with the token that the viewer signed in with, in the place of its earlier subscription."""
    token = _token_of(viewer)
    k = push_subscriptions.key_of(token)
    subscription = Subscription(
        viewer.id, k, endpoint=wanted.endpoint, p256dh=url_safe(wanted.p256dh), auth=url_safe(wanted.auth),
        alerts=_known(wanted.alerts), token=vault.seal(access_token or "", about=k), created=int(time.time()),
        ttl=token.expires,
    )
    if not push_subscriptions.put(subscription):
        raise Forbidden("Invalid credentials.")
    return subscription


def get(viewer: Viewer) -> Subscription:
    subscription = push_subscriptions.find(_token_of(viewer))
    if subscription is None:
        raise NotFound
    return subscription


def change(viewer: Viewer, alerts: Mapping[str, bool]) -> Subscription:
    """Replace all alerts of the subscription."""
    subscription = get(viewer)
    if not push_subscriptions.set_alerts(subscription, _known(alerts)):
        raise NotFound
    return subscription


def unsubscribe(viewer: Viewer) -> None:
    push_subscriptions.end(get(viewer))


def _token_of(viewer: Viewer) -> Token:
    """Forbidden where nothing is pushed, and to whoever signed in by password: he has nothing to bind it to."""
    if public_key() is None:
        raise Forbidden(DISABLED)
    if viewer.token is None:
        raise Forbidden("Invalid credentials.")
    return viewer.token


def _known(alerts: Mapping[str, bool]) -> dict[str, bool]:
    return {type: alerts[type] for type in ALERTS if type in alerts}


# What follows from notifications.


def is_awaited(type: str, *, has_push: bool, quiet: str | None) -> bool:
    """Whether a notification of this type, to somebody with or without subscriptions, asks for a message at all."""
    return has_push and quiet is None and type in ALERT_OF


# Keys of the vault.


def renew_all() -> tuple[int, int]:
    """Put the tokens of all subscriptions under the newest key: how many were, and how many do not open."""
    done = failed = 0
    for account_id in mfa.local_account_ids():
        for subscription in push_subscriptions.of_account(account_id):
            if not vault.is_stale(subscription.token):
                continue
            try:
                token = vault.unseal(subscription.token, about=subscription.k)
            except vault.CannotOpen:
                failed += 1
                continue
            done += push_subscriptions.reseal(subscription, vault.seal(token, about=subscription.k))
    return done, failed
