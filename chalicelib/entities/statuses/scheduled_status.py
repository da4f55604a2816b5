"""ScheduledStatus: what will be posted, and when."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from ...ids import iso
from ...store.statuses.scheduled import Scheduled
from ..media.attachment import Attachment, render_attachment


class ScheduledParams(TypedDict):
    text: str | None
    sensitive: bool | None
    spoiler_text: str | None
    visibility: str | None
    scheduled_at: str
    poll: dict[str, Any] | None
    in_reply_to_id: str | None
    quoted_status_id: str | None
    language: str | None
    allowed_mentions: list[str] | None
    with_rate_limit: bool
    application_id: int | None
    media_ids: NotRequired[list[str]]


class ScheduledStatus(TypedDict):
    id: str
    scheduled_at: str
    params: ScheduledParams
    media_attachments: NotRequired[list[Attachment]]


def render_scheduled(entry: Scheduled) -> ScheduledStatus:
    params = entry.params
    moment = iso(entry.due)
    shown: ScheduledStatus = {
        "id": entry.id,
        "scheduled_at": moment,
        "params": {
            "text": params.get("status") or None, "sensitive": params.get("sensitive") or None,
            "spoiler_text": params.get("spoiler_text") or None, "visibility": params.get("visibility"),
            "scheduled_at": moment, "poll": params.get("poll"), "in_reply_to_id": params.get("in_reply_to_id"),
            "quoted_status_id": params.get("quoted_status_id"), "language": params.get("language"),
            "allowed_mentions": params.get("allowed_mentions"),
            "with_rate_limit": False, "application_id": None,
        },
    }
    if params.get("media_ids"):
        shown["params"]["media_ids"] = params["media_ids"]
        shown["media_attachments"] = [render_attachment(each) for each in params.get("attachments", ())]
    return shown
