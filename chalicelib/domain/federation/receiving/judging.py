"""Whether an activity is taken at all, by the policies for its host: asked when it comes, and again when it is done.

Deletions of a rejected host are taken, unless its deletions are what is dropped.
"""

from __future__ import annotations

from ... import host_policies
from .. import addresses
from .activity import Activity


def refusal(activity: Activity, signer: str) -> str | None:
    """Why it is left out. None: it is not. `signer`: the address of who signed, or of the key."""
    host = addresses.host_of(activity.actor)
    if activity.type == "Delete":
        dropped = host_policies.covers(host_policies.REJECT_DELETES, host)
        return "deletions of the host are dropped" if dropped else None
    if any(map(host_policies.is_rejected, (host, addresses.host_of(signer)))):
        return "the host is rejected"
    if activity.type == "Flag" and host_policies.covers(host_policies.REPORT_REMOVAL, host):
        return "reports of the host are dropped"
    if activity.type == "Announce" and host_policies.is_rejected(addresses.host_of(activity.object_id or "")):
        return "what it passes on is of a rejected host"
    return None
