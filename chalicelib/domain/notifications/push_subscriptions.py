"""Push: what a client has subscribed to with one of its tokens, and which notifications need a push message.

`push_jobs` writes the messages. `web_push` encrypts them and sends them to a push service.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from ...store.notifications import push_subscriptions
from ...store.notifications.push_subscriptions import Subscription
from ...store.signing_in import mfa
from ...store.signing_in.tokens import Token
from .. import vault
from ..refusals import Forbidden, NotFound
from ..viewer import Viewer
from .alerts import ALERTS, ALL
from .vapid import public_key, url_safe

DISABLED = "Web push subscription is disabled on this Pleroma instance"


# What a client does with its subscription.


@dataclass(frozen=True)
class WantedPush:
    """Where to push to, which types, and from whom. `standard`: the client reads what RFC 8291 says."""

    endpoint: str
    p256dh: str
    auth: str
    alerts: Mapping[str, bool]
    policy: str = ALL
    standard: bool = False


def subscribe(viewer: Viewer, access_token: str | None, wanted: WantedPush) -> Subscription:
    """Subscribe with the token that the viewer signed in with. It replaces an earlier subscription of that token."""
    token = _token_of(viewer)
    k = push_subscriptions.key_of(token)
    subscription = Subscription(
        viewer.id, k, endpoint=wanted.endpoint, p256dh=url_safe(wanted.p256dh), auth=url_safe(wanted.auth),
        alerts=_known(wanted.alerts), token=vault.seal(access_token or "", about=k), created=int(time.time()),
        ttl=token.expires, policy=wanted.policy, standard=wanted.standard,
    )
    if not push_subscriptions.put(subscription):
        raise Forbidden("Invalid credentials.")
    return subscription


def get(viewer: Viewer) -> Subscription:
    subscription = push_subscriptions.find(_token_of(viewer))
    if subscription is None:
        raise NotFound
    return subscription


def change(viewer: Viewer, alerts: Mapping[str, bool], policy: str | None = None) -> Subscription:
    """Replace all alerts of the subscription. Without a policy that stays as it was."""
    subscription = get(viewer)
    if not push_subscriptions.set_alerts(subscription, _known(alerts), policy or subscription.policy):
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
