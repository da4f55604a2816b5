"""Storing a status' card in the status' document. Nothing else changes that document once it is written."""

from __future__ import annotations

from typing import Any

from ..dynamo.table import update
from .statuses import Status


def keep(status: Status, card: dict[str, Any]) -> bool:
    """False when the status was deleted meanwhile."""
    alive = Status.id.exists() & Status.deleted.does_not_exist()
    return update(Status.stub(status.id), [Status.doc.set({**status.content, "card": card})], alive)
