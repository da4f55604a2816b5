"""StatusEdit: what a status said at some time. StatusSource: what its author typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from ...domain import text
from ...domain.statuses.edits.reading import History
from ...domain.viewer import Viewer
from ...store.statuses.edits import versions
from ...store.statuses.statuses import Status as Record
from ..accounts.account import Account, arrange_account
from ..emoji.emoji import Emoji, render_used
from ..media.attachment import Attachment, render_attachment
from .poll import Poll, arrange_counted, arrange_poll


class StatusEdit(TypedDict):
    account: Account
    content: str
    spoiler_text: str
    sensitive: bool
    created_at: str
    poll: Poll | None
    media_attachments: list[Attachment]
    emojis: list[Emoji]


class StatusSource(TypedDict):
    id: str
    text: str
    spoiler_text: str
    content_type: str


def render_source(status: Record) -> StatusSource:
    return {"id": status.id, "text": status.source, "spoiler_text": status.content.get("spoiler", ""),
            "content_type": status.content_type}


def render_history(history: History, viewer: Viewer | None) -> list[StatusEdit]:
    """All versions, the present one last."""
    status, around = history.status, history.around
    account = arrange_account(around.accounts[status.account_id], viewer)
    shown = [_arrange(status.id, kept, account, viewer) for kept in [*history.before, versions.kept(status)]]
    shown[-1]["poll"] = arrange_poll(status, viewer, around.marks.get(status.id))
    return shown


def _arrange(id: str, kept: Mapping[str, Any], account: Account, viewer: Viewer | None) -> StatusEdit:
    html = kept.get("html", "")
    plain_reader = viewer is not None and bool(viewer.account.profile.get("no_rich_text"))
    emojis = kept.get("emojis")
    return {
        "account": account,
        "content": text.for_plain_reader(html) if plain_reader and html else html,
        "spoiler_text": kept.get("spoiler", ""),
        "sensitive": bool(kept.get("sensitive")),
        "created_at": kept["at"],
        "poll": arrange_counted(id, kept["poll"], kept.get("counts", ()), kept.get("voters", 0), emojis)
        if "poll" in kept else None,
        "media_attachments": [render_attachment(each) for each in kept.get("attachments", ())],
        "emojis": render_used(emojis),
    }
