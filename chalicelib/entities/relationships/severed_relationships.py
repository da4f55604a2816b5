"""Follows that ended because of a server and not of a person. None are kept, so the list of them is empty."""

from __future__ import annotations

from typing import TypedDict


class SeveredRelationships(TypedDict):
    """`type`: `domain_block`, `user_domain_block` or `account_suspension`. `purged`: nobody knows any more who it was.
    """

    id: str
    type: str
    purged: bool
    target_name: str
    followers_count: int
    following_count: int
    created_at: str
