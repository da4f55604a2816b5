"""Push jobs: what a push message says, and to which subscriptions it goes."""

from __future__ import annotations

import contextvars
import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from ... import metrics
from ...ids import participation_number
from ...metrics import Value
from ...queues import queue
from ...queues.notifications import NotifyPush
from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.notifications import push_subscriptions as store
from ...store.notifications.notifications import NAMES
from ...store.notifications.push_subscriptions import DuePush, Subscription
from .. import vault, visibility
from ..lookup import DEFAULT_AVATAR
from ..text import plain_text
from ..viewer import Viewer
from . import alerts, making, web_push
from .vapid import public_key
from .web_push import Outcome

LONGEST = 80
OMITTED = "..."
ATTACHMENT = "(Attachment)"
TRIES = 3
WAITS = 20
WAIT_SECONDS = 15
AT_ONCE = 16
AGAIN_AFTER = (30, 300)
"""Seconds after which a push service that did not answer is asked again."""
TITLES = {
    "mention": "New Mention", "follow": "New Follower", "follow_request": "New Follow Request",
    "reblog": "New Repeat", "favourite": "New Favorite", "pleroma:chat_mention": "New Chat Message",
    "pleroma:emoji_reaction": "New Reaction", "status": "New Post", "poll": "Poll Ended", "update": "Post Edited",
    "quote": "New Quote", "quoted_update": "Quoted Post Edited", "admin.sign_up": "New Account",
    "pleroma:report": "New Report",
}
PUSHED_AS = {"pleroma:report": "admin.report"}
"""What clients call it in the alerts that they send."""
DIRECT_TITLE = "New Direct Message"


def deliver(wanted: NotifyPush) -> dict[str, int]:
    """Push a notification to each subscription of its account that wants it, or only to the one named.

    Refused subscriptions are deleted. Those without an answer are tried again later, and so are those whose push
    service is not free. Answers how many ended how.
    """
    account_id, number, subscription = wanted.account_id, wanted.notification_id, wanted.subscription
    due = store.due(account_id, number, alerts.depends_on_relation) if public_key() is not None else None
    if due is None:
        return {}
    for ended in due.ended:
        store.end(ended)
    if not due.subscriptions:
        store.settle(account_id)
        return {}
    type = NAMES[due.notification.type]
    if due.recipient.status != "active" or is_unwelcome(due):
        return {}
    asked = [each for each in due.subscriptions if subscription in ("", each.k)
             and alerts.is_wanted(type, each.alerts) and alerts.is_from_wanted(each.policy, due.relation)]
    payload = payload_of(due)
    outcomes = _push_all(asked, payload, number)
    metrics.note(Value("DeliveriesFailed", outcomes.count(Outcome.LATER)))
    for each, outcome in zip(asked, outcomes, strict=True):
        _try_again(replace(wanted, subscription=each.k), outcome)
    return dict(Counter(outcome.value for outcome in outcomes))


def _try_again(wanted: NotifyPush, outcome: Outcome) -> None:
    """Ask for a push again that did not arrive, some times."""
    if outcome is Outcome.LATER and wanted.tries + 1 < TRIES:
        queue.send(replace(wanted, tries=wanted.tries + 1), AGAIN_AFTER[wanted.tries])
    elif outcome is Outcome.BUSY and wanted.waits < WAITS:
        queue.send(replace(wanted, waits=wanted.waits + 1), WAIT_SECONDS)


def is_unwelcome(due: DuePush) -> bool:
    """Whether the recipient does not want it, or not any more."""
    eyes, by = Viewer(due.recipient, due.hides), due.by.id
    thread = due.notification.thread
    return bool(due.notification.quiet or eyes.blocks(by) or making.mutes_notifications(eyes, by)
                or (thread and eyes.mutes_thread(thread)) or due.by.deactivated or due.by.deleted)


def _push_all(wanted: Sequence[Subscription], payload: dict[str, Any], number: int) -> list[Outcome]:
    """Push in threads. Connecting to a push service may take long, and no subscription should wait for another."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [pool.submit(contextvars.copy_context().run, _push, each, payload, number) for each in wanted]
    return [each.result() for each in sent]


def _push(subscription: Subscription, payload: dict[str, Any], number: int) -> Outcome:
    try:
        token = vault.unseal(subscription.token, about=subscription.k)
    except vault.CannotOpen as fault:
        queue.note("push subscription does not open", failed=True, account=subscription.owner, key=fault.key)
        return Outcome.LATER
    text = json.dumps({"access_token": token, **payload}, ensure_ascii=False, separators=(",", ":"))
    outcome = web_push.send(text, endpoint=subscription.endpoint, p256dh=subscription.p256dh, auth=subscription.auth,
                            topic=str(number), standard=bool(subscription.standard))
    if outcome is Outcome.GONE:
        store.end(subscription)
    return outcome


# What a message says.


def payload_of(due: DuePush) -> dict[str, Any]:
    """All of the message but the token, which is another for each subscription."""
    notification, type = due.notification, NAMES[due.notification.type]
    is_direct = visibility.is_direct(notification.visibility)
    title = title_of(type, is_direct=is_direct)
    conversation = participation_number(due.recipient.id, notification.thread) if is_direct else None
    hidden = (due.recipient.notification_settings or {}).get("hide_notification_contents")
    said = {"body": title} if hidden else {
        "title": title,
        "body": body_of(type, due.by.acct, text=_text_of(due), emoji=notification.emoji or ""),
    }
    return {
        "notification_id": int(notification.id), "notification_type": PUSHED_AS.get(type, type), "icon": _icon(due.by),
        "preferred_locale": "en",
        "pleroma": {"activity_id": notification.cause, "direct_conversation_id": conversation},
        **said,
    }


def title_of(type: str, *, is_direct: bool = False) -> str:
    return DIRECT_TITLE if type == "mention" and is_direct else TITLES[type]


def body_of(type: str, acct: str, *, text: str = "", emoji: str = "") -> str:
    """One line: who did what. `text` is that of the status or message."""
    said = shortened(text) or ATTACHMENT
    match type:
        case "follow":
            return f"@{acct} has followed you"
        case "follow_request":
            return f"@{acct} has requested to follow you"
        case "favourite":
            return f"@{acct} has favorited your post"
        case "reblog":
            return f"@{acct} repeated: {said}"
        case "poll":
            return f"A poll by @{acct} has ended"
        case "update" | "quoted_update":
            return f"@{acct} edited: {said}"
        case "admin.sign_up":
            return f"@{acct} has signed up"
        case "pleroma:report":
            return f"@{acct} has filed a report"
        case "pleroma:emoji_reaction":
            return f"@{acct} reacted with {emoji}"
        case _:
            return f"@{acct}: {said}"


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST - len(OMITTED)] + OMITTED


def _text_of(due: DuePush) -> str:
    if due.message is not None:
        return plain_text(due.message.content.get("html", "")).strip()
    content = due.status.content if due.status is not None else {}
    return str(content.get("plain") or content.get("spoiler") or "").strip()


def _icon(account: Account) -> str:
    path = str(account.profile.get("avatar") or DEFAULT_AVATAR)
    return settings.base_url + path if path.startswith("/") else path
