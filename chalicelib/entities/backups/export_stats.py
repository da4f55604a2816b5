"""How much somebody can take along to another server, as GoToSocial tells it."""

from __future__ import annotations

from typing import TypedDict

from ...domain.backups.exports import Exportable


class ExportStats(TypedDict):
    """`media_storage` is empty: nobody adds up how large the files of an account are."""

    media_storage: str
    followers_count: int
    following_count: int
    statuses_count: int
    lists_count: int
    blocks_count: int
    mutes_count: int


def render_export_stats(found: Exportable) -> ExportStats:
    return {
        "media_storage": "", "followers_count": found.followers, "following_count": found.following,
        "statuses_count": found.statuses, "lists_count": found.lists, "blocks_count": found.blocks,
        "mutes_count": found.mutes,
    }
