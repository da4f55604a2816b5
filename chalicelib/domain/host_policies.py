"""Policies by host: what administrators have laid down for what comes from other servers, and for what goes there.

The settings are lists of hosts (`host_list.py`). This says which of them has a host. Who takes, sends, fetches and
shows things asks here. What becomes of a status is in `policies.py`, where the tags of accounts act as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .. import host_list
from ..settings import settings

ACCEPT, REJECT, REJECT_DELETES = "accept", "reject", "reject_deletes"
MEDIA_REMOVAL, MEDIA_NSFW = "media_removal", "media_nsfw"
FEDERATED_TIMELINE_REMOVAL, FOLLOWERS_ONLY = "federated_timeline_removal", "followers_only"
REPORT_REMOVAL, AVATAR_REMOVAL, BANNER_REMOVAL = "report_removal", "avatar_removal", "banner_removal"
NAMES = (ACCEPT, AVATAR_REMOVAL, BANNER_REMOVAL, FEDERATED_TIMELINE_REMOVAL, FOLLOWERS_ONLY, MEDIA_NSFW, MEDIA_REMOVAL,
         REJECT, REJECT_DELETES, REPORT_REMOVAL)
LIMITING = (FEDERATED_TIMELINE_REMOVAL, FOLLOWERS_ONLY, MEDIA_REMOVAL, MEDIA_NSFW)
"""What makes less of statuses, and takes them all the same."""
AGE_ACTIONS = ("delist", "strip_followers")
"""What becomes of statuses that come late: they are on no timeline of everybody, and on none of followers."""


def covers(name: str, host: str | None) -> bool:
    """Whether a list has this host. None: it is of this server, which no policy is for."""
    text = _text(name)
    return bool(text and host) and host_list.has(text, host or "")


def is_rejected(host: str | None) -> bool:
    """Whether nothing is taken from a host, and nothing sent there. Never true of this server."""
    if host is None or not (settings.mrf_simple_accept or settings.mrf_simple_reject):
        return False
    if host == settings.host.casefold():
        return False
    return bool(settings.mrf_simple_accept and not covers(ACCEPT, host)) or covers(REJECT, host)


def may_hear(host: str | None, *, everybody: bool) -> bool:
    """Whether something is sent to a host. `everybody`: it is for everybody, so those in quarantine hear it too."""
    if is_rejected(host):
        return False
    return everybody or not (host and host_list.has(settings.quarantined_instances, host))


# What is told of them.


def shown(name: str) -> Sequence[host_list.ListedHost]:
    """The hosts of a list, without those that are not told of."""
    return _told(_text(name))


def shown_quarantined() -> Sequence[host_list.ListedHost]:
    return _told(settings.quarantined_instances)


def shown_blocks() -> Mapping[str, tuple[str, bool]]:
    """The hosts that are rejected or limited: for each the reason, and whether it is rejected."""
    found = {each.pattern: (each.reason, False) for name in reversed(LIMITING) for each in shown(name)}
    return found | {each.pattern: (each.reason, True) for each in shown(REJECT)}


def _told(text: str) -> Sequence[host_list.ListedHost]:
    return host_list.without(text, settings.mrf_transparency_exclusions)


def _text(name: str) -> str:
    return str(getattr(settings, f"mrf_simple_{name}"))
