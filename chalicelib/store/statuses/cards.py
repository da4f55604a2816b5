"""Storing a status' card in the status' document."""

from __future__ import annotations

from typing import Any

from ..dynamo.table import update
from .statuses import Status, rewritten, unchanged


def keep(status: Status, card: dict[str, Any]) -> bool:
    """False when the status was changed or deleted meanwhile."""
    return update(Status.stub(status.id), rewritten({**status.content, "card": card}), unchanged(status))
