"""Statuses: posting, seeing and deleting them, their threads, and all that an account wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ... import entities
from ...domain import lookup
from ...domain.media.uploads import MediaChange
from ...domain.quotes import answers
from ...domain.refusals import Unacceptable
from ...domain.statuses import cards, posting, reading, scheduled
from ...domain.statuses.drafts import Draft, UnexpectedMentions
from ...domain.statuses.edits import making
from ...domain.statuses.edits import reading as versions
from ...domain.statuses.edits.making import EditedDraft
from ...domain.statuses.polls import NewPoll
from ...domain.timelines import timelines
from ...domain.timelines.timelines import ProfileWishes
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...entities.statuses.card import render_card
from ...entities.statuses.context import render_context
from ...entities.statuses.scheduled_status import render_scheduled
from ...entities.statuses.status import render_status, render_statuses
from ...entities.statuses.status_edit import render_history, render_source
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint
from ...web.kinds import ParameterFault
from ...web.limits import STATUSES_ACTIONS
from ...web.paging import Page, Paged
from ...web.params import Blankable, DateTime, Flag, FlakeId, Flat, InvalidParameters

Visibility = Literal["public", "unlisted", "local", "private", "direct", "list"]
QuotePolicy = Literal["public", "followers", "nobody"]
VISIBILITIES = ("public", "unlisted", "local", "private", "direct")


@dataclass(frozen=True)
class PollWanted:
    options: list[str]
    expires_in: Annotated[int | None, "Seconds."] = None
    multiple: Flag = False
    hide_totals: Annotated[Flag, "Nobody sees the counts before the poll ends."] = False


@dataclass(frozen=True)
class NewStatus:
    status: Annotated[str, "The text. Blanks at both ends are removed."] = ""
    spoiler_text: Annotated[str, "Shown before the text; counts towards the limit."] = ""
    content_type: Annotated[str, "text/plain, text/html, text/markdown or text/bbcode; else text/plain."] = "text/plain"
    visibility: Annotated[Blankable[str], "public, unlisted, local, private, direct or list:ID, in any letter case. "
                                          "Default: the parent's, else public."] = None
    sensitive: Annotated[Flag | None, "Left out: as the account has it in `source[sensitive]`."] = None
    in_reply_to_id: Annotated[str | None, "With an unknown id the status is not a reply."] = None
    in_reply_to_conversation_id: Annotated[int | str | None, "One's own entry; makes the status direct."] = None
    to: Annotated[list[str] | None, "Nicknames to address, instead of those mentioned."] = None
    preview: Annotated[Flag, "Render only: nothing is stored."] = False
    media_ids: Annotated[list[str] | None, "Own uploads; unknown ones are skipped."] = None
    poll: PollWanted | None = None
    scheduled_at: Annotated[Blankable[DateTime], "More than five minutes ahead; a nearer time means now."] = None
    expires_in: Annotated[Blankable[int], "Seconds after which it is deleted."] = None
    quoted_status_id: Annotated[Blankable[str], "The status to quote."] = None
    quote_id: Annotated[Blankable[str], "Another name of `quoted_status_id`."] = None
    quote_approval_policy: Annotated[Blankable[QuotePolicy], "Who may quote it: public, followers or nobody."] = None
    duration: Annotated[Blankable[int], "Another name of `expires_in`."] = None
    language: Annotated[Blankable[str], "A code of ISO 639. Default: that of the account."] = None
    allowed_mentions: Annotated[list[str] | None, "Ids of accounts: nobody else may be addressed."] = None
    local_only: Annotated[Flag, "Not for other servers: `local` instead of `public` or `unlisted`."] = False


@endpoint("POST", "/api/v1/statuses", auth=signed_in("write:statuses"), limits=(STATUSES_ACTIONS,), refuses=(404,))
def create(viewer: Viewer, new: Flat[NewStatus]) -> entities.Status | entities.ScheduledStatus:
    """Post a status, now or later. When this returns, the author finds it in every place where it belongs."""
    draft = _draft(new)
    if new.scheduled_at is not None and scheduled.is_ahead(new.scheduled_at):
        return render_scheduled(scheduled.add(draft, new.scheduled_at, viewer))
    try:
        status, around = posting.post(draft, viewer)
    except UnexpectedMentions as refusal:
        raise Unacceptable(refusal.message, unexpected_accounts=render_accounts(refusal.accounts, viewer)) from None
    return render_status(status, viewer, around, id=posting.PREVIEW_ID if new.preview else None)


def _draft(new: NewStatus) -> Draft:
    visibility = _visibility(new.visibility) if new.visibility is not None else None
    conversation = new.in_reply_to_conversation_id
    return Draft(
        status=new.status, spoiler_text=new.spoiler_text, content_type=new.content_type, visibility=visibility,
        sensitive=new.sensitive, in_reply_to_id=new.in_reply_to_id, to=new.to, preview=new.preview,
        in_reply_to_conversation_id=None if conversation in (None, "") else str(conversation),
        poll=new_poll(new.poll),
        expires_in=new.duration if new.expires_in is None else new.expires_in, media_ids=new.media_ids or (),
        language=new.language, allowed_mentions=new.allowed_mentions, local_only=new.local_only,
        quoted_status_id=new.quoted_status_id or new.quote_id, quote_approval_policy=new.quote_approval_policy,
    )


def new_poll(wanted: PollWanted | None) -> NewPoll | None:
    if wanted is None:
        return None
    return NewPoll(wanted.options, wanted.expires_in, wanted.multiple, wanted.hide_totals)


def _visibility(sent: str) -> str:
    """A word of the API, however it is capitalised, or `list:ID`."""
    word = sent.strip()
    if word.lower().startswith("list:"):
        return "list:" + word[len("list:"):]
    if word.lower() not in VISIBILITIES:
        raise InvalidParameters([ParameterFault(("visibility",), "Invalid value for enum", sent[:100])])
    return word.lower()


@dataclass(frozen=True)
class MediaAttributes:
    id: str
    description: Annotated[str | None, "What can be seen or heard."] = None
    focus: Annotated[str | None, "Two numbers from -1 to 1: the point that is always shown."] = None


@dataclass(frozen=True)
class EditedStatus:
    status: Annotated[str | None, "The text. Without it the text stays."] = None
    spoiler_text: Annotated[str, "Shown before the text. Without it there is none any more."] = ""
    sensitive: Flag = False
    language: Annotated[Blankable[str], "A code of ISO 639. Without it the language stays."] = None
    content_type: Annotated[Blankable[str], "As in a new status. Without it the type stays."] = None
    media_ids: Annotated[list[str] | None, "All uploads that the status shows from now on."] = None
    media_attributes: Annotated[list[MediaAttributes] | None, "What is said of these uploads from now on."] = None
    poll: Annotated[PollWanted | None, "Other options let the votes begin anew. Without it there is no poll any more."
                    ] = None
    quote_approval_policy: Annotated[Blankable[QuotePolicy], "Who may quote it from now on. Without it that stays."
                                     ] = None

    @property
    def wanted(self) -> EditedDraft:
        changes = [MediaChange(each.id, each.description, each.focus) for each in self.media_attributes or ()]
        return EditedDraft(self.status, self.spoiler_text, self.sensitive, self.language, self.content_type,
                      self.media_ids or (), changes, new_poll(self.poll))


@endpoint("PUT", "/api/v1/statuses/{id}", auth=signed_in("write:statuses"), limits=(STATUSES_ACTIONS,),
          ahead=reading.ahead)
def edit(viewer: Viewer, id: FlakeId, edited: Flat[EditedStatus]) -> entities.Status:
    """Let a status of one's own say something else. What is left out, it has no longer."""
    status, around = making.edit(id, edited.wanted, viewer)
    if edited.quote_approval_policy is not None:
        answers.apply_policy(status, edited.quote_approval_policy, viewer)
    return render_status(status, viewer, around)


@endpoint("DELETE", "/api/v1/statuses/{id}",
          auth=signed_in("write:statuses"), limits=(STATUSES_ACTIONS,), ahead=reading.ahead)
def delete(viewer: Viewer, id: FlakeId,
           delete_media: Annotated[Flag, "Delete its media too. Else they stay, for a new draft."] = False,
           ) -> entities.Status:
    """Delete a status of one's own; staff may delete any. Answers what it was, with its source text."""
    status, around = reading.delete(id, viewer, with_media=delete_media)
    return render_status(status, viewer, around, with_text=True)


@endpoint("GET", "/api/v1/statuses", auth=optional("read:statuses"))
def index(viewer: Viewer | None, ids: list[str] | None = None,
          id: Annotated[list[str] | None, "Another name of `ids`."] = None,
          with_muted: Flag = False) -> list[entities.Status]:
    """Several statuses at once, in the order asked. What the viewer may not see is left out."""
    ids = id if ids is None else ids
    if ids is None:
        raise InvalidParameters([ParameterFault(("ids",), "Missing field: ids")])
    shown, around = reading.list_by_ids(ids, viewer)
    return render_statuses(shown, viewer, around, with_muted=with_muted)


@endpoint("GET", "/api/v1/statuses/{id}", auth=optional("read:statuses", open=True), ahead=reading.ahead)
def show(viewer: Viewer | None, id: FlakeId, with_muted: Flag = False) -> entities.Status:
    """One status. The id of a reblog gives the reblog."""
    status, around = reading.get(id, viewer)
    return render_status(status, viewer, around, with_muted=with_muted)


@endpoint("GET", "/api/v1/statuses/{id}/context", auth=optional("read:statuses"), ahead=reading.ahead)
def context(viewer: Viewer | None, id: FlakeId, with_muted: Flag = False) -> entities.Context:
    """The visible statuses of the whole thread, before and after this one, oldest first."""
    return render_context(reading.get_thread(id, viewer), viewer, with_muted=with_muted)


@endpoint("GET", "/api/v1/statuses/{id}/source", auth=signed_in("read:statuses"), ahead=reading.ahead)
def source(viewer: Viewer, id: FlakeId) -> entities.StatusSource:
    """What the author typed."""
    return render_source(versions.get_source(id, viewer))


@endpoint("GET", "/api/v1/statuses/{id}/history", auth=optional("read:statuses"), ahead=reading.ahead)
def history(viewer: Viewer | None, id: FlakeId) -> list[entities.StatusEdit]:
    """What a status said before each of its edits, and what it says now, oldest first."""
    return render_history(versions.get_history(id, viewer), viewer)


@endpoint("GET", "/api/v1/statuses/{id}/card", auth=optional("read:statuses"), ahead=reading.ahead)
def card(viewer: Viewer | None, id: FlakeId) -> entities.Card | None:
    """The preview of a status' first link, if there is one."""
    return render_card(cards.find_of_status(id, viewer))


@dataclass(frozen=True)
class OfAccount:
    pinned: Flag = False
    only_media: Flag = False
    exclude_replies: Flag = False
    exclude_reblogs: Flag = False
    with_muted: Annotated[Flag, "Keep statuses of muted accounts and threads."] = False
    exclude_visibilities: Annotated[list[Visibility] | None, "Leave out statuses of these visibilities."] = None
    tagged: Annotated[str | None, "Only statuses with this hashtag."] = None
    only_reblogs: Flag = False
    exclude_direct: Flag = False

    @property
    def wishes(self) -> ProfileWishes:
        unwanted = [*(self.exclude_visibilities or ()), *(["direct"] if self.exclude_direct else [])]
        return ProfileWishes(self.pinned, self.only_media, self.exclude_replies, self.exclude_reblogs, self.tagged,
                             self.with_muted, unwanted, self.only_reblogs)


@endpoint("GET", "/api/v1/accounts/{id}/statuses", auth=optional("read:statuses", open=True),
          ahead=lookup.ahead_of_statuses, refuses=(401, 404))
def of_account(viewer: Viewer | None, id: str, page: Page, fields: Flat[OfAccount]) -> Paged[entities.Status]:
    """Statuses and reblogs of one account, by id or nickname, newest first."""
    account = lookup.get_visible(id, viewer)
    timeline = timelines.of_account(account, viewer, page, fields.wishes)
    shown = render_statuses(timeline.statuses, viewer, timeline.around, with_muted=fields.with_muted,
                            context=timeline.context)
    return page.reply(shown, continues=timeline.continues)
