"""Posting and deleting statuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ... import entities
from ...domain.statuses import posting, reading, scheduled
from ...domain.statuses.polls import NewPoll
from ...domain.statuses.posting import Draft
from ...domain.viewer import Viewer
from ...entities.statuses.scheduled_status import render_scheduled
from ...entities.statuses.status import render_status
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.kinds import Fault
from ...web.limits import STATUSES_ACTIONS
from ...web.params import DateTime, Flag, FlakeId, Flat, InvalidParameters

VISIBILITIES = ("public", "unlisted", "local", "private", "direct")


@dataclass(frozen=True)
class PollWanted:
    options: list[str]
    expires_in: Annotated[int | None, "Seconds."] = None
    multiple: Flag = False
    hide_totals: Annotated[Flag, "Ignored: counts are never hidden."] = False


@dataclass(frozen=True)
class NewStatus:
    status: Annotated[str, "The text; trimmed."] = ""
    spoiler_text: Annotated[str, "Shown first; counts towards the limit."] = ""
    content_type: Annotated[str, "text/plain, text/html, text/markdown or text/bbcode; else text/plain."] = "text/plain"
    visibility: Annotated[str | None, "public, unlisted, local, private, direct or list:ID. Default: the parent's, "
                                      "else public."] = None
    sensitive: Flag = False
    in_reply_to_id: Annotated[str | None, "An unknown one makes an ordinary status."] = None
    in_reply_to_conversation_id: Annotated[int | str | None, "One's own entry; makes the status direct."] = None
    to: Annotated[list[str] | None, "Nicknames addressed instead of those mentioned."] = None
    preview: Annotated[Flag, "Render only: nothing is stored."] = False
    media_ids: Annotated[list[str] | None, "Own uploads; unknown ones are skipped."] = None
    poll: PollWanted | None = None
    scheduled_at: Annotated[DateTime | None, "More than five minutes ahead; a nearer time means now."] = None
    expires_in: Annotated[int | None, "Seconds after which it is deleted."] = None


@endpoint("POST", "/api/v1/statuses", auth=signed_in("write:statuses"), limits=(STATUSES_ACTIONS,))
def create(viewer: Viewer, new: Flat[NewStatus]) -> entities.Status | entities.ScheduledStatus:
    """Post a status, now or at a time. On return the author finds it in every place where it belongs."""
    draft = _draft(new)
    if new.scheduled_at is not None and scheduled.is_ahead(new.scheduled_at):
        return render_scheduled(scheduled.add(draft, new.scheduled_at, viewer))
    status, around = posting.post(draft, viewer)
    return render_status(status, viewer, around, id=posting.PREVIEW_ID if new.preview else None)


def _draft(new: NewStatus) -> Draft:
    if new.visibility is not None and not (new.visibility in VISIBILITIES or new.visibility.startswith("list:")):
        raise InvalidParameters([Fault(("visibility",), "Invalid value for enum", new.visibility[:100])])
    conversation = new.in_reply_to_conversation_id
    poll = new.poll
    return Draft(
        status=new.status, spoiler_text=new.spoiler_text, content_type=new.content_type, visibility=new.visibility,
        sensitive=new.sensitive, in_reply_to_id=new.in_reply_to_id, to=new.to, preview=new.preview,
        in_reply_to_conversation_id=None if conversation in (None, "") else str(conversation),
        poll=NewPoll(poll.options, poll.expires_in, poll.multiple) if poll is not None else None,
        expires_in=new.expires_in, media_ids=new.media_ids or (),
    )


@endpoint("DELETE", "/api/v1/statuses/{id}",
          auth=signed_in("write:statuses"), limits=(STATUSES_ACTIONS,), ahead=reading.ahead)
def delete(viewer: Viewer, id: FlakeId) -> entities.Status:
    """Delete a status of one's own; staff may delete anybody's. Answers what it was, with its source text."""
    status, around = reading.delete(id, viewer)
    return render_status(status, viewer, around, with_text=True)
