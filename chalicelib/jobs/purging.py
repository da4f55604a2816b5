"""Purging: copies of files that the CDN is to forget."""

from __future__ import annotations

from ..domain.staff import media_proxy
from ..queues.instance import PurgeCdn
from ..queues.queue import Counts, job


@job(queue="outside")
def purge_cdn(message: PurgeCdn) -> Counts:
    """Let the CDN forget its copies. CloudFront knows the id of what it was asked before: twice is harmless."""
    media_proxy.forget(message.paths, message.id)
    return {"paths": len(message.paths)}
