"""Statistics for administrators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict


class StatusVisibility(TypedDict):
    """How many statuses there are, without reblogs. Those for a list count as direct, local ones as private."""

    public: int
    unlisted: int
    private: int
    direct: int


class AdminStats(TypedDict):
    status_visibility: StatusVisibility


def render_stats(counts: Mapping[str, int]) -> AdminStats:
    return {"status_visibility": {"public": counts["public"], "unlisted": counts["unlisted"],
                                  "private": counts["private"], "direct": counts["direct"]}}
