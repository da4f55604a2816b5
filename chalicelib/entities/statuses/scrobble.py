"""Scrobble: something an account listened to."""

from __future__ import annotations

from typing import TypedDict

from ...domain.viewer import Viewer
from ...ids import created_at
from ...store.accounts.accounts import Account as AccountRecord
from ...store.timelines.feeds import FeedRow
from ..accounts.account import Account, arrange_account


class Scrobble(TypedDict):
    """The link has two names: newer frontends read the first, older ones the second."""

    id: str
    account: Account
    created_at: str
    title: str
    artist: str
    album: str
    length: int | None
    externalLink: str | None
    external_link: str | None


def render_scrobble(row: FeedRow, author: AccountRecord, viewer: Viewer | None) -> Scrobble:
    link = row.doc.get("externalLink")
    return {
        "id": row.id, "account": arrange_account(author, viewer), "created_at": created_at(row.id),
        "title": row.doc["title"], "artist": row.doc["artist"], "album": row.doc["album"], "length": row.doc["length"],
        "externalLink": link, "external_link": link,
    }
