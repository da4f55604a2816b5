"""Whether an activity is taken at all, by the policies for its host: asked when it comes, and again when it is done.

Deletions of a rejected host are taken, unless its deletions are what is dropped.
"""

from __future__ import annotations

from ....store.federation import received
from ... import host_policies
from .. import addresses
from ..reading import values
from . import activity as activities
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


def is_for_nobody(activity: Activity, account_id: str) -> bool:
    """Whether a new status is nobody's business here. `account_id`: of who wrote it. A round, if that is not plain.

    The worker asks for all reasons there may be; this only keeps from it what has none: it names nobody and nothing of
    this server, nobody follows its author, and what it answers is not here.
    """
    if activity.type != "Create" or activity.object is None:
        return False
    named = activities.named_in(activity)
    if named.status_ids or any(map(addresses.account_in, activity.addressed)):
        return False
    return not received.has_readers(account_id, values.id_of(activity.object.get("inReplyTo")))
