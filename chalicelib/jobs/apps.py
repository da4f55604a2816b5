"""Apps: what goes with one that is deleted."""

from __future__ import annotations

from ..domain.staff import apps
from ..queues.accounts import EndApp
from ..queues.queue import Again, Counts, job


@job(queue="timelines")
def end_app(message: EndApp) -> Again | Counts:
    """End the tokens of an app. Twice is harmless: what is deleted stays so."""
    return apps.end_tokens(message)
