"""What does not come back."""

from __future__ import annotations

from ..reading.values import Unreadable


class Gone(Unreadable):
    """It was deleted, here or where it belongs, and does not come back."""
