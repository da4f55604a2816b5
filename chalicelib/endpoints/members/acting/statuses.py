"""Posting by a form, and the buttons under a status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from ....domain.emoji import custom
from ....domain.refusals import Forbidden, NotFound, Refusal
from ....domain.signing_in import telling
from ....domain.statuses import bookmarks, favourites, pins, polls, reactions, reading, reblogs, thread_mutes
from ....domain.statuses.addressing import NoConversation
from ....domain.statuses.posting import PREVIEW_ID
from ....domain.statuses.writing import compositions, publishing
from ....domain.viewer import Viewer
from ....entities.statuses.status import render_status
from ....web.auth import optional, refuse_from_elsewhere, session_of
from ....web.endpoint import endpoint
from ....web.forms import SIGN_IN, FormFault, FormReply, Telling, place_here, refused
from ....web.limits import STATUS_ID_ACTION, STATUSES_ACTIONS, enforce
from ....web.params import FlakeId, Flat
from ....web.replies import LEAVE, Html, Redirect
from ....web.request import Request
from . import HOME, Act, Pressed, Pressing, answer
from .write import ShownWith, WritingForm, upload, writing_html, writing_page, writing_reply

ON_FAVOURITES = (STATUSES_ACTIONS, STATUS_ID_ACTION.per("favourite", "id"))
ON_REBLOGS = (STATUSES_ACTIONS, STATUS_ID_ACTION.per("reblog", "id"))


def _favourite(id: str, by: Viewer, _: Pressed) -> str:
    favourites.add(id, by)
    return "status_favourite"


def _unfavourite(id: str, by: Viewer, _: Pressed) -> str:
    favourites.remove(id, by)
    return "status_unfavourite"


def _reblog(id: str, by: Viewer, _: Pressed) -> str:
    reblogs.add(id, by)
    return "status_reblog"


def _unreblog(id: str, by: Viewer, _: Pressed) -> str:
    reblogs.remove(id, by)
    return "status_unreblog"


def _bookmark(id: str, by: Viewer, _: Pressed) -> str:
    bookmarks.add(id, by)
    return "status_bookmark"


def _unbookmark(id: str, by: Viewer, _: Pressed) -> str:
    bookmarks.remove(id, by)
    return "status_unbookmark"


def _pin(id: str, by: Viewer, _: Pressed) -> str:
    pins.add(id, by)
    return "status_pin"


def _unpin(id: str, by: Viewer, _: Pressed) -> str:
    pins.remove(id, by)
    return "status_unpin"


def _mute(id: str, by: Viewer, _: Pressed) -> str:
    thread_mutes.add(id, by)
    return "status_mute"


def _unmute(id: str, by: Viewer, _: Pressed) -> str:
    thread_mutes.remove(id, by)
    return "status_unmute"


def _delete(id: str, by: Viewer, _: Pressed) -> str:
    reading.delete(id, by)
    return "status_delete"


def _vote(id: str, by: Viewer, form: Pressed) -> str:
    polls.vote(id, form.choice or [], by)
    return "status_vote"


def _react(id: str, by: Viewer, form: Pressed) -> str:
    reactions.add(id, (form.emoji or "").strip(), by)
    return "status_react"


def _unreact(id: str, by: Viewer, form: Pressed) -> str:
    reactions.remove(id, (form.emoji or "").strip(), by)
    return "status_unreact"


ACTS = {
    "favourite": Act(_favourite, ON_FAVOURITES),
    "unfavourite": Act(_unfavourite, ON_FAVOURITES),
    "reblog": Act(_reblog, ON_REBLOGS),
    "unreblog": Act(_unreblog, ON_REBLOGS),
    "bookmark": Act(_bookmark),
    "unbookmark": Act(_unbookmark),
    "pin": Act(_pin),
    "unpin": Act(_unpin),
    "mute": Act(_mute),
    "unmute": Act(_unmute),
    "delete": Act(_delete, (STATUSES_ACTIONS,), asks=True),
    "vote": Act(_vote),
    "react": Act(_react, blames="emoji"),
    "unreact": Act(_unreact),
}


BLAMED = {"The message visibility must be direct": "visibility", "List not found": "visibility"}
"""Which field of the form a refusal is about. Else it is the text."""
WORDS = {"file_too_large": "The file is too large.", "description_too_long": "The description is too long.",
         "file_not_understood": "The file cannot be read."}


@endpoint("POST", "/account/statuses", auth=optional("write", open=True), refuses=(403, 404))
def post(request: Request, viewer: Viewer | None, form: Flat[WritingForm]) -> FormReply | Html:
    """Post what was typed, edit a status, or show what it will look like.

    If nobody is signed in any more, what was typed is kept: after signing in it is in the form again.
    """
    refuse_from_elsewhere(request)
    written, back = form.composition, form.back or ""
    if viewer is None:
        enforce((STATUSES_ACTIONS,), None, request.ip, {})
        kept = f"/account/write?kept={publishing.keep(written)}"
        return Redirect(f"{SIGN_IN}?next={quote(kept, safe='/')}", 303, session=LEAVE)

    def again(faults: Sequence[FormFault]) -> str:
        return writing_html(viewer, written, ShownWith(back=back, faults=faults))

    field = "text"
    try:
        enforce((STATUSES_ACTIONS,), viewer.id, request.ip, {})
        for slot, file, description in form.new_files:
            field = f"file-{slot}"
            written = replace(written, media=[*written.media, upload(viewer, file, description)])
        if form.emoji or form.emoji_find:
            chosen = form.emoji if form.emoji and custom.picture_of(form.emoji) is not None else None
            written = written if chosen is None else compositions.with_emoji(written, chosen)
            return writing_page(viewer, written, ShownWith(back=back, emoji_query=form.emoji_query or ""))
        if form.more:
            return writing_page(viewer, written, ShownWith(back=back, more=True))
        field = "poll_option"
        publishing.check_poll(written)
        field = "text"
        if form.preview:
            status, around = publishing.preview(written, viewer)
            looks = render_status(status, viewer, around, id=PREVIEW_ID)
            return writing_page(viewer, written, ShownWith(back=back, looks=looks))
        posted = publishing.publish(written, viewer)
    except (NotFound, Forbidden, NoConversation) as gone:
        written = compositions.without_the_lost(written)
        return writing_page(viewer, written, ShownWith(back=HOME, faults=[FormFault("text", _lost(form, gone))]), 422)
    except Refusal as refusal:
        telling_of = Telling(blames=BLAMED.get(refusal.message, field), words=WORDS)
        return refused(refusal, again, telling_of, shown_by=writing_reply)
    telling.tell(viewer, "edited" if written.edit else "posted")
    return Redirect(place_here(back, f"/notice/{posted}#selected" if posted else HOME), 303, session=LEAVE)


def _lost(form: WritingForm, refusal: Refusal) -> str:
    """Why the text cannot go where it was meant to, and where it goes now."""
    if isinstance(refusal, Forbidden) and refusal.message != Forbidden.default:
        why = refusal.message.rstrip(".")
    else:
        about = "edit" if form.edit else "go on with"
        why = f"What you wanted to {about} is not there any more"
    return f"{why}. Your text is still here; as it stands, it would be a post of its own."


@endpoint("POST", "/account/statuses/{id}/{act}", auth=session_of("write"), ahead=reading.ahead)
def press_on_status(request: Request, viewer: Viewer, id: FlakeId, act: str, form: Flat[Pressed]) -> FormReply | Html:
    """Press a button under a status: favourite, reblog, bookmark, pin, mute, delete, vote, react, or its opposite."""
    own_page = f"/notice/{id}"
    if act == "delete" and (form.back or "").startswith(own_page):
        form = replace(form, back=HOME)  # there is no such page any more
    return answer(Pressing(request, viewer, "status", id, act, form, HOME if act == "delete" else own_page), ACTS)
