"""Editing: an author lets a status say something else. Whom it is for, its date and what it answers never change.

An edit says everything anew: what it leaves out, the status has no longer. Only the text, its kind and the language
stay if nothing is said of them. Whom the status was for stays addressed, and whom the edit names is addressed too.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ....ids import milliseconds, new_flake
from ....settings import settings
from ....store.media.uploads import Upload
from ....store.statuses.edits import writing as store
from ....store.statuses.edits.versions import Edit
from ....store.statuses.edits.writing import Revised
from ....store.statuses.statuses import Status
from ....store.statuses.surroundings import Surroundings
from ... import documents, events, policies, visibility
from ...event_types.statuses import StatusEdited
from ...media import uploads
from ...media.uploads import MediaChange
from ...policies import Proposal
from ...refusals import Forbidden, NotFound, Unacceptable
from ...retrying import expect
from ...text import languages
from ...viewer import Viewer
from .. import addressing, cards, drafts, polls, posting
from ..addressing import MOST_UPLOADS
from ..drafts import Draft, DraftContext, Written
from ..polls import NewPoll

SAID = frozenset({"text", "content_type", "html", "plain", "spoiler", "mentions", "tags", "emojis", "poll",
                  "past_edition", "attachments", "language"})
"""What an edit says anew."""
FOLLOWS = frozenset({"card", "edited_at"})
"""What follows from it. All else in a status' document stays."""


@dataclass(frozen=True)
class EditedDraft:
    """What a client wants a status to say. The fields are spelt as the parameters in the document."""

    status: str | None = None
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    content_type: str | None = None
    media_ids: Sequence[str] = ()
    media_attributes: Sequence[MediaChange] = ()
    poll: NewPoll | None = None


@dataclass(frozen=True)
class EditedMedia:
    """`attached`: what the status keeps of its media. `changed`: the uploads that learn of it."""

    attached: list[dict[str, Any]] = field(default_factory=list)
    changed: list[Upload] = field(default_factory=list)


def edit(status_id: str, wanted: EditedDraft, by: Viewer) -> tuple[Status, Surroundings]:
    """Edit a status of one's own. One that says the same afterwards is not edited."""
    return uploads.retried_if_changed(lambda: _edit(status_id, wanted, by))


def _edit(status_id: str, wanted: EditedDraft, by: Viewer) -> tuple[Status, Surroundings]:
    status, around = visibility.readable(status_id, by)
    if status.reblog_of:
        raise NotFound
    if status.account_id != by.id:
        raise Forbidden
    draft = _draft(wanted, status)
    posting.check_text(draft)
    context = addressing.gather(by, addressing.look_up(draft, by, asks=True))
    media = _media(draft, wanted, context.named.uploads, status)
    allowed = policies.judged(by.account, Proposal(status.visibility, bool(media.attached), wanted.sensitive))
    media = media if allowed.has_media else EditedMedia()
    if not (draft.status or draft.spoiler_text or media.attached):
        raise Unacceptable(posting.EMPTY)
    written = drafts.write(draft, addressing.linked(draft, context), allowed.tags)
    named = addressing.named_anew(draft, context, status, written)
    said, counts = _said(replace(draft, sensitive=allowed.sensitive), wanted, context, status, written, named)
    said |= {"attachments": media.attached} if media.attached else {}
    sensitive = allowed.sensitive or "nsfw" in written.formatted.tags
    if not named and _says_already(status, said, sensitive=sensitive):
        return status, around
    federated = bool(status.federated or (not status.quote_of and posting.leaves(status, by, context, named)))
    revised = Revised(_document(status, said), sensitive, [*status.addressed, *named], federated, counts,
                      media.changed)
    _write(status, Edit(new_flake(), named), revised)
    return status, around


def _draft(wanted: EditedDraft, status: Status) -> Draft:
    """The edit as what could be posted, and so has to keep the same limits."""
    text = status.source if wanted.status is None else wanted.status.strip()
    poll = wanted.poll
    if poll is not None and poll.expires_in is None and _asks_the_same(poll, status):
        poll = replace(poll, expires_in=settings.poll_min_expiration)  # only to be checked: the end stays
    language = languages.code(wanted.language) or status.content.get("language")
    return Draft(
        text, wanted.spoiler_text.strip(), wanted.content_type or status.content_type, sensitive=wanted.sensitive,
        media_ids=wanted.media_ids, poll=poll, language=language)


def _asks_the_same(poll: NewPoll, status: Status) -> bool:
    before = status.content.get("poll") or {}
    return (list(poll.options), poll.multiple) == (before.get("options"), before.get("multiple"))


def _media(draft: Draft, wanted: EditedDraft, found: Sequence[Upload], status: Status) -> EditedMedia:
    """The uploads in the order asked. What is shown already stays, even if its upload was deleted meanwhile."""
    shown = {each["id"]: each for each in status.content.get("attachments", ())}
    changes = {each.id: each for each in wanted.media_attributes}
    own = {upload.id: upload for upload in found}
    media = EditedMedia()
    for id in list(dict.fromkeys(draft.media_ids))[:MOST_UPLOADS]:
        if id in own:
            if uploads.revise(own[id], changes.get(id)) or id not in shown:
                media.changed.append(own[id])
            media.attached.extend(uploads.attached([own[id]]))
        elif id in shown:
            media.attached.append(shown[id])
    return media


def _said(draft: Draft, wanted: EditedDraft, context: DraftContext, status: Status, written: Written,
          named: Sequence[str]) -> tuple[dict[str, Any], list[int] | None]:
    """What the edit says, without its media, and the counts of a poll that begins anew."""
    linked = {} if status.content.get("chosen") else written.linked
    shown = {str(account.id): drafts.mention_of(account) for account in linked.values()}
    shown |= {each[0]: each for each in status.content.get("mentions", ())
              if each[0] in status.addressed and each[0] not in shown}
    shown |= {id: drafts.mention_of(context.people[id].account) for id in named if id not in shown}
    said = drafts.document_of(draft, context.named, written, list(shown.values()))
    poll = said.get("poll")
    if poll is not None and wanted.poll is not None and wanted.poll.expires_in is None:
        poll["ends"] = status.content["poll"]["ends"]
    asked, anew = polls.edited(poll, status.content)
    del said["poll"], said["attachments"]
    counts = [0] * len(asked["poll"]["options"] if "poll" in asked else ()) if anew else None
    return {name: value for name, value in (said | asked).items() if value}, counts


def _says_already(status: Status, said: Mapping[str, Any], *, sensitive: bool) -> bool:
    before = {name: value for name, value in status.content.items() if name in SAID}
    return before == said and bool(status.sensitive) == sensitive


def _document(status: Status, said: Mapping[str, Any]) -> dict[str, Any]:
    before = status.content
    document = {name: value for name, value in before.items() if name not in SAID | FOLLOWS}
    document |= {**said, "edited_at": _moment(status)}
    document |= cards.kept_for(status, document)
    if documents.size(document) > documents.LARGEST_STATUS:
        raise Unacceptable(posting.TOO_LONG)
    return document


def _moment(status: Status) -> int:
    """Now, but always later than what is replaced: other servers pass over an edit that seems to be no newer."""
    before = status.content.get("edited_at") or milliseconds(status.id) // 1000
    return max(int(time.time()), int(before) + 1)


def _write(status: Status, edit: Edit, revised: Revised) -> None:
    poll = revised.doc.get("poll")
    event = StatusEdited(status.id, status.account_id, edit.id, leaves=bool(revised.federated),
                         wants_card=cards.is_wanted(status, revised.doc), poll_ends=poll["ends"] if poll else None)
    expect(store.edit(status, edit, revised, events.owed(event)))
    events.tell(event)
