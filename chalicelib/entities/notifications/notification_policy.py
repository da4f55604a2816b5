"""The notification policy: whose notifications are taken, held back or dropped. Both forms of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypedDict

from ...domain.notifications import policy
from ...domain.notifications.requests import Pending

Verdict = Literal["accept", "filter", "drop"]


class PolicySummary(TypedDict):
    """How much is held back, counted up to a hundred requests."""

    pending_requests_count: int
    pending_notifications_count: int


class NotificationPolicy(TypedDict):
    for_not_following: Verdict
    for_not_followers: Verdict
    for_new_accounts: Verdict
    for_private_mentions: Verdict
    for_limited_accounts: Verdict
    for_bots: Verdict
    summary: PolicySummary


class OlderNotificationPolicy(TypedDict):
    """The first form: whether anything else than `accept` is set."""

    filter_not_following: bool
    filter_not_followers: bool
    filter_new_accounts: bool
    filter_private_mentions: bool
    summary: PolicySummary


def render_policy(rules: Mapping[str, str], pending: Pending) -> NotificationPolicy:
    return {
        "for_not_following": _verdict(rules[policy.NOT_FOLLOWING]),
        "for_not_followers": _verdict(rules[policy.NOT_FOLLOWERS]),
        "for_new_accounts": _verdict(rules[policy.NEW_ACCOUNTS]),
        "for_private_mentions": _verdict(rules[policy.PRIVATE_MENTIONS]),
        "for_limited_accounts": _verdict(rules[policy.LIMITED_ACCOUNTS]),
        "for_bots": _verdict(rules[policy.BOTS]),
        "summary": _summary(pending),
    }


def render_older_policy(rules: Mapping[str, str], pending: Pending) -> OlderNotificationPolicy:
    return {
        "filter_not_following": rules[policy.NOT_FOLLOWING] != policy.ACCEPT,
        "filter_not_followers": rules[policy.NOT_FOLLOWERS] != policy.ACCEPT,
        "filter_new_accounts": rules[policy.NEW_ACCOUNTS] != policy.ACCEPT,
        "filter_private_mentions": rules[policy.PRIVATE_MENTIONS] != policy.ACCEPT,
        "summary": _summary(pending),
    }


def _verdict(word: str) -> Verdict:
    return "drop" if word == policy.DROP else "filter" if word == policy.FILTER else "accept"


def _summary(pending: Pending) -> PolicySummary:
    return {"pending_requests_count": pending.requests, "pending_notifications_count": pending.notifications}
