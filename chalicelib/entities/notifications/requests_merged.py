"""Whether the notifications of accepted requests are in the list by now."""

from __future__ import annotations

from typing import TypedDict


class RequestsMerged(TypedDict):
    merged: bool
