"""Push: what a client has subscribed to with one of its tokens, and which notifications need a push message.

`push_jobs` writes the messages. `web_push` encrypts them and sends them to a push service.
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
"""The alert that allows a type of notification. Other types are never pushed."""
_URL_SAFE = str.maketrans("+/", "-_", "=")


def public_key() -> str | None:
    """The key that browsers subscribe with. None: this server pushes nothing."""
    if settings.vapid_public_key and settings.holds("vapid_private_key") and settings.holds("encryption_key"):
        return url_safe(settings.vapid_public_key)
    return None


def url_safe(key: str) -> str:
    """A base64 key with the characters that are safe in addresses, without padding."""
    return key.strip().translate(_URL_SAFE)


# What a client does with its subscription.


@dataclass(frozen=True)
class WantedPush:
    """Where to push to, and which types."""

    endpoint: str
    p256dh: str
    auth: str
    alerts: Mapping[str, bool]


def subscribe(viewer: Viewer, access_token: str | None, wanted: WantedPush) -> Subscription:
    """Subscribe with the token that the viewer signed in with. It replaces an earlier subscription of that token."""
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
    """The viewer's token. Raises Forbidden if this server pushes nothing, or if the viewer signed in by password."""
    if public_key() is None:
        raise Forbidden(DISABLED)
    if viewer.token is None:
        raise Forbidden("Invalid credentials.")
    return viewer.token


def _known(alerts: Mapping[str, bool]) -> dict[str, bool]:
    return {type: alerts[type] for type in ALERTS if type in alerts}


# What notifications need.


def is_awaited(type: str, *, has_push: bool, quiet: str | None) -> bool:
    """Whether a notification needs a message at all: by its type, and if the recipient has subscriptions."""
    return has_push and quiet is None and type in ALERT_OF


# Keys of the vault.


def renew_all() -> tuple[int, int]:
    """Encrypt the tokens of all subscriptions with the newest key. Answers how many were, and how many do not open."""
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
