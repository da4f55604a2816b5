"""What the announced versions switch on in clients, held against routes, parameters and fields.

Clients of 2026 decide by a version, a number or a feature what they ask for. Each gate below says who looks, and what
must be served then. A step may be announced only if all its gates, and those of the steps before it, hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import pytest

from app import app
from chalicelib.domain.instance import features
from chalicelib.endpoints.instance.instance import served
from chalicelib.web import openapi
from chalicelib.web.endpoint import DECLARED, Endpoint, all_parameters


class Gate(NamedTuple):
    """`opens`: which clients look at what. The rest must be served then: `METHOD /path`, with parameters after a `?`,
    and `Entity.key`.
    """

    opens: str
    needs: tuple[str, ...]


A = [
    Gate("IceCubes 3.5, features: editing", (
        "PUT /api/v1/statuses/{id}?status,spoiler_text,sensitive,language,media_ids,media_attributes,poll,content_type",
        "GET /api/v1/statuses/{id}/source", "GET /api/v1/statuses/{id}/history", "Status.edited_at")),
    Gate("IceCubes 4.0, Tusky, Elk, Phanpy: filters with keywords", (
        "GET /api/v2/filters", "POST /api/v2/filters?title,context,filter_action,expires_in,keywords_attributes",
        "GET /api/v2/filters/{id}", "PUT /api/v2/filters/{id}?title,context,filter_action,keywords_attributes",
        "DELETE /api/v2/filters/{id}", "GET /api/v2/filters/{id}/keywords", "POST /api/v2/filters/{id}/keywords",
        "DELETE /api/v2/filters/keywords/{id}", "GET /api/v2/filters/{id}/statuses",
        "POST /api/v2/filters/{id}/statuses", "DELETE /api/v2/filters/statuses/{id}", "Status.filtered",
        "POST /api/v1/filters?expires_in")),
    Gate("IceCubes 4.3, Phanpy 2, Mastodon's apps: grouped notifications", (
        "GET /api/v2/notifications?grouped_types,expand_accounts,types,exclude_types,account_id",
        "GET /api/v2/notifications/{group_key}", "POST /api/v2/notifications/{group_key}/dismiss",
        "GET /api/v2/notifications/{group_key}/accounts", "GET /api/v2/notifications/unread_count",
        "GET /api/v1/notifications/unread_count", "Notification.group_key", "GET /api/v1/notifications?types")),
    Gate("api 2: policy and requests", (
        "GET /api/v2/notifications/policy", "PATCH /api/v2/notifications/policy",
        "GET /api/v1/notifications/policy", "GET /api/v1/notifications/requests",
        "GET /api/v1/notifications/requests/{id}", "POST /api/v1/notifications/requests/{id}/accept",
        "POST /api/v1/notifications/requests/{id}/dismiss", "POST /api/v1/notifications/requests/accept",
        "POST /api/v1/notifications/requests/dismiss", "GET /api/v1/notifications/requests/merged")),
    Gate("IceCubes 4.3: timeline of a link", ("GET /api/v1/timelines/link?url",)),
    Gate("api 3: attribution_domains", (
        "PATCH /api/v1/accounts/update_credentials?attribution_domains", "AccountSource.attribution_domains")),
    Gate("api 4: deleting media", ("DELETE /api/v1/media/{id}", "DELETE /api/v1/statuses/{id}?delete_media")),
    Gate("api 6: featured tags of 4.4, endorsements of an account", (
        "POST /api/v1/tags/{name}/feature", "POST /api/v1/tags/{name}/unfeature",
        "POST /api/v1/accounts/{id}/endorse", "POST /api/v1/accounts/{id}/unendorse",
        "GET /api/v1/accounts/{id}/endorsements")),
    Gate("Mastodon.py by its minimum versions", (
        "GET /api/v1/tags/{name}", "POST /api/v1/tags/{name}/follow", "POST /api/v1/tags/{name}/unfollow",
        "GET /api/v1/followed_tags", "GET /api/v1/preferences", "POST /api/v1/accounts/{id}/note?comment",
        "POST /api/v1/accounts/{id}/remove_from_followers", "GET /api/v1/accounts/familiar_followers?id",
        "GET /api/v1/accounts/{id}/featured_tags", "GET /api/v1/featured_tags", "POST /api/v1/featured_tags?name",
        "GET /api/v2/suggestions", "DELETE /api/v1/suggestions/{account_id}", "GET /api/v1/directory",
        "GET /api/v1/instance/rules", "GET /api/v1/announcements", "GET /api/v1/trends/statuses",
        "DELETE /api/v1/profile/avatar", "DELETE /api/v1/profile/header", "DELETE /api/v1/conversations/{id}")),
    Gate("Mangane, pl-fe: announcements (any Pleroma)", (
        "GET /api/v1/announcements", "POST /api/v1/announcements/{id}/dismiss",
        "PUT /api/v1/announcements/{id}/reactions/{name}", "DELETE /api/v1/announcements/{id}/reactions/{name}")),
    Gate("Mangane 2.3.0: chats of the second version", ("GET /api/v2/pleroma/chats",)),
    Gate("Mangane 2.4.50, pl-fe 2.5.0", (
        "POST /api/v1/accounts/{id}/note", "POST /api/v1/accounts/{id}/follow?notify,reblogs",
        "GET /api/v1/accounts/lookup?acct", "GET /api/pleroma/aliases", "PUT /api/pleroma/aliases",
        "DELETE /api/pleroma/aliases", "POST /api/pleroma/move_account", "POST /api/v1/accounts/{id}/pin",
        "POST /api/v1/accounts/{id}/unpin", "GET /api/v1/endorsements",
        "GET /api/v1/pleroma/accounts/{id}/endorsements", "POST /api/v1/pleroma/remote_interaction",
        "POST /api/v1/accounts/{id}/remove_from_followers", "Relationship.notifying", "Relationship.note")),
    Gate("pl-fe 2.7.0", (
        "GET /api/v2/instance", "GET /api/v1/accounts/familiar_followers", "GET /api/v1/pleroma/admin/rules",
        "POST /api/v1/pleroma/admin/rules", "GET /api/v1/pleroma/admin/announcements")),
    Gate("any Pleroma: timed mutes, Mangane, pleroma-fe: reactions with custom emoji", (
        "POST /api/v1/accounts/{id}/mute?duration,expires_in", "Account.mute_expires_at",
        "PUT /api/v1/pleroma/statuses/{id}/reactions/{emoji}", "PUT /api/v1/statuses/{id}/emoji_reactions/{emoji}")),
    Gate("toot 4, trends on the page of what is new", (
        "GET /api/v1/trends", "GET /api/v1/trends/tags", "GET /api/v1/trends/links")),
    Gate("push that phones can switch on", ("POST /api/v1/push/subscription",)),
    Gate("priority 1 of statuses and media", (
        "Status.language", "Poll.own_votes", "Attachment.meta", "POST /api/v2/media?focus", "POST /api/v1/apps",
        "POST /api/v1/statuses?language")),
]
B = [
    Gate("IceCubes, Phanpy 7, features: quotes", (
        "POST /api/v1/statuses?quote_id,quoted_status_id,quote_approval_policy", "Status.quote", "Status.quotes_count",
        "Status.quote_approval", "GET /api/v1/statuses/{id}/quotes", "GET /api/v1/pleroma/statuses/{id}/quotes",
        "POST /api/v1/statuses/{id}/quotes/{quoting_id}/revoke", "PUT /api/v1/statuses/{id}/interaction_policy")),
]
C = [
    Gate("api 8 and 9", ("GET /api/v1/profile", "PATCH /api/v1/profile", "GET /api/v1/annual_reports")),
    Gate("api 10", ("POST /api/v1/collections",)),
]
GATES = {"2021": [], "A": A, "B": B, "C": C}
ORDER = list(GATES)


@lru_cache(maxsize=1)
def schemas() -> dict[str, Any]:
    document = json.loads(json.dumps(openapi.document()))
    found: dict[str, Any] = document["components"]["schemas"]
    return found


def lacking(gates: list[Gate]) -> list[str]:
    """What these gates need and what is not there."""
    return [f"{gate.opens}: {fault}" for gate in gates for need in gate.needs for fault in faults(need)]


def faults(need: str) -> Iterator[str]:
    if "/" not in need:
        entity, _, key = need.partition(".")
        if key not in schemas().get(entity, {}).get("properties", {}):
            yield need
        return
    route, _, parameters = need.partition("?")
    method, _, path = route.partition(" ")
    declared = next((each for each in DECLARED if each.method == method and same(path, each)), None)
    if declared is None or not app.routes:
        yield route
        return
    known = {each.name for each in all_parameters(declared)}
    yield from (f"{route} takes no {name}" for name in parameters.split(",") if name and name not in known)


def same(path: str, declared: Endpoint) -> bool:
    """Whether an endpoint answers this path, whatever it calls its parameters."""
    return any(shape(path) == shape(each) for each in declared.paths)


def shape(path: str) -> list[str]:
    return ["{}" if step.startswith("{") else step for step in path.split("/")]


def test_whatever_is_announced_is_served():
    announced = next(name for name, step in features.STEPS.items() if step == features.ANNOUNCED)
    due = [gate for name in ORDER[:ORDER.index(announced) + 1] for gate in GATES[name]]

    assert lacking(due) == []


def test_a_number_has_no_hole_below_it():
    """Every step gives at least what the one before it gives."""
    steps = [features.STEPS[name] for name in ORDER if name in features.STEPS]

    assert [step.api or 0 for step in steps] == sorted(step.api or 0 for step in steps)
    assert [step.version for step in steps] == sorted(step.version for step in steps)


@pytest.mark.parametrize("need", ["GET /api/v1/nothing", "GET /api/v1/accounts/lookup?nothing", "Status.nothing",
                                  "Nothing.id"])
def test_what_is_not_there_is_found_out(need):
    assert lacking([Gate("nobody", (need,))]) != []


def test_features_are_named_where_their_endpoints_are():
    wanted = {name: each for name, each in features.FEATURES.items() if each}

    named = features.list_features(served())

    assert [name for name, each in wanted.items() if (name in named) != (each in served())] == []
    assert features.STREAMING not in named
