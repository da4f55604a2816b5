"""Followed hashtags on the queue `timelines`."""

from __future__ import annotations

from dataclasses import replace

from ..domain.tags import fan_out, following
from ..queues.queue import Again, job
from ..queues.tags import DeliverTagged, TagSync

UNDER_WAY = 90
"""Seconds after which nothing places a status any more that began before a tag was followed no more."""


@job(queue="timelines")
def deliver_tagged(message: DeliverTagged) -> Again | None:
    """Place a status at home of further followers of a tag. Keyed by timeline and status: twice is harmless."""
    return fan_out.deliver_further(message)


@job(queue="timelines")
def tag_sync(message: TagSync) -> Again | None:
    """Take away what a tag brought, if it is not followed when this runs. Then once more, for what was on the way."""
    if not following.agree_home(message.owner, message.tag) or message.last:
        return None
    return Again(UNDER_WAY, instead=replace(message, last=1))
