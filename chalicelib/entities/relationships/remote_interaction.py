"""Where a visitor's own server lets them act on something here."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class RemoteInteraction(TypedDict):
    """An address, or why there is none."""

    url: NotRequired[str]
    error: NotRequired[str]
