"""What other servers are."""

from __future__ import annotations

from ..domain.federation import nodeinfo
from ..queues.federating import DescribeHost
from ..queues.queue import Counts, job


@job(queue="outside")
def describe_host(message: DescribeHost) -> Counts:
    """Ask another server what it runs. One that does not answer is asked when another account of it is met."""
    return {"asked": int(nodeinfo.learn(message.base, message.inbox))}
