"""`/api/v1/statuses…` and `/api/v1/pleroma/statuses…`: posting, reading, reactions."""

from . import posting, reactions, reading

__all__ = ["posting", "reactions", "reading"]
