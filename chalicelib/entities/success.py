"""The reply where there is nothing to show."""

from __future__ import annotations

from typing import Literal, TypedDict


class Success(TypedDict):
    """It was done."""

    status: Literal["success"]


SUCCESS: Success = {"status": "success"}
