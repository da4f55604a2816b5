"""Posting and deleting statuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from ... import entities
from ...domain import posting, statuses
from ...domain.posting import Draft
from ...domain.refusals import Unacceptable
from ...domain.viewer import Viewer
from ...entities.status import render_status
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.limits import STATUSES_ACTIONS
from ...web.params import DateTime, Flag, FlakeId, Flat

Visibility = Literal["public", "unlisted", "local", "private", "direct"]


@dataclass(frozen=True)
class NewStatus:
    status: Annotated[str, "The text; trimmed."] = ""
    spoiler_text: Annotated[str, "Shown first; counts towards the limit."] = ""
    content_type: Annotated[str, "text/plain, text/html, text/markdown or text/bbcode; else text/plain."] = "text/plain"
    visibility: Annotated[Visibility | None, "Default: the parent's, else public."] = None
    sensitive: Flag = False
    in_reply_to_id: Annotated[str | None, "An unknown one makes an ordinary status."] = None
    in_reply_to_conversation_id: Annotated[int | str | None, "One's own entry; makes the status direct."] = None
    to: Annotated[list[str] | None, "Nicknames addressed instead of those mentioned."] = None
    preview: Annotated[Flag, "Render only: nothing is stored."] = False
    media_ids: Annotated[list[str] | None, "Own uploads; unknown ones are skipped."] = None
    poll: Any = None
    scheduled_at: DateTime | None = None
    expires_in: int | None = None


@endpoint("POST", "/api/v1/statuses", auth=signed_in("write:statuses"), limits=(STATUSES_ACTIONS,))
def create(viewer: Viewer, new: Flat[NewStatus]) -> entities.Status:
    """Post a status. On return the author finds it in every place where it belongs."""
    _refuse_what_is_missing(new)
    conversation = new.in_reply_to_conversation_id
    draft = Draft(
        status=new.status, spoiler_text=new.spoiler_text, content_type=new.content_type, visibility=new.visibility,
        sensitive=new.sensitive, in_reply_to_id=new.in_reply_to_id, to=new.to, preview=new.preview,
        in_reply_to_conversation_id=None if conversation in (None, "") else str(conversation),
    )
    status, around = posting.post(draft, viewer)
    return render_status(status, viewer, around, id=posting.PREVIEW_ID if new.preview else None)


def _refuse_what_is_missing(new: NewStatus) -> None:
    """What this server cannot do yet is refused: a status without its poll would not be what was asked for."""
    if new.poll is not None:
        raise Unacceptable("Polls are not available yet")
    if new.scheduled_at is not None:
        raise Unacceptable("Scheduled statuses are not available yet")
    if new.expires_in is not None:
        raise Unacceptable("Expiring statuses are not available yet")


@endpoint("DELETE", "/api/v1/statuses/{id}",
          auth=signed_in("write:statuses"), limits=(STATUSES_ACTIONS,), ahead=statuses.ahead)
def delete(viewer: Viewer, id: FlakeId) -> entities.Status:
    """Delete a status of one's own; staff may delete anybody's. Answers what it was, with its source text."""
    status, around = statuses.delete(id, viewer)
    return render_status(status, viewer, around, with_text=True)
