"""The notification policy: what becomes of notifications by kinds of accounts. Two forms of the same."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

from ... import entities
from ...domain.accounts import settings
from ...domain.notifications import policy, requests
from ...domain.viewer import Viewer
from ...entities.notifications.notification_policy import render_older_policy, render_policy
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import Flag, Flat

READ, WRITE = signed_in("read:notifications"), signed_in("write:notifications")


@dataclass(frozen=True)
class PolicyFields:
    """Each is accept, filter or drop. What is left out stays as it is. Followed accounts pass all but one."""

    for_not_following: Annotated[str | None, "For accounts that the viewer does not follow."] = None
    for_not_followers: Annotated[str | None, "For those who do not follow the viewer for three days; followed or not."
                                 ] = None
    for_new_accounts: Annotated[str | None, "For accounts that were made in the last thirty days."] = None
    for_private_mentions: Annotated[str | None, "For direct statuses that answer nothing of the viewer's."] = None
    for_limited_accounts: Annotated[str | None, "For accounts that administrators have limited."] = None
    for_bots: Annotated[str | None, "For accounts that say they are bots."] = None


@dataclass(frozen=True)
class OlderPolicyFields:
    """True is `filter`, false is `accept`."""

    filter_not_following: Flag | None = None
    filter_not_followers: Flag | None = None
    filter_new_accounts: Flag | None = None
    filter_private_mentions: Flag | None = None


@endpoint("GET", "/api/v2/notifications/policy", auth=READ)
def show(viewer: Viewer) -> entities.NotificationPolicy:
    """The viewer's policy, and how much it holds back."""
    return render_policy(policy.of(viewer.account), requests.pending(viewer))


@endpoint("PUT", "/api/v2/notifications/policy", auth=WRITE)
@endpoint("PATCH", "/api/v2/notifications/policy", auth=WRITE)
def update(viewer: Viewer, wanted: Flat[PolicyFields]) -> entities.NotificationPolicy:
    """Change the policy for what comes from now on."""
    account = settings.update_policy(viewer, policy.rules_in(asdict(wanted)))
    return render_policy(policy.of(account), requests.pending(viewer))


@endpoint("GET", "/api/v1/notifications/policy", auth=READ)
def show_older(viewer: Viewer) -> entities.OlderNotificationPolicy:
    """The viewer's policy in its first form."""
    return render_older_policy(policy.of(viewer.account), requests.pending(viewer))


@endpoint("PUT", "/api/v1/notifications/policy", auth=WRITE)
@endpoint("PATCH", "/api/v1/notifications/policy", auth=WRITE)
def update_older(viewer: Viewer, wanted: Flat[OlderPolicyFields]) -> entities.OlderNotificationPolicy:
    """Change the policy by its first form."""
    account = settings.update_policy(viewer, policy.older_rules_in(asdict(wanted)))
    return render_older_policy(policy.of(account), requests.pending(viewer))
