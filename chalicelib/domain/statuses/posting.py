"""Posting: a draft is checked, becomes a status, and is published: it is stored, and people are notified.

`drafts` decides what a status says, `addressing` whom it addresses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...ids import is_flake, participation_number
from ...settings import settings
from ...store.federation import presence
from ...store.relationships import lists
from ...store.statuses import addressing as store
from ...store.statuses import posting
from ...store.statuses.addressing import Addressee, NamedPeople
from ...store.statuses.posting import Entry, ParentGone, Publication, QuotedGone
from ...store.statuses.scheduled import Scheduled
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.statuses.visibilities import FOR_LIST, list_in
from .. import documents, events, policies, text
from ..event_types.statuses import StatusPosted
from ..media.uploads import retried_if_changed
from ..notifications import making
from ..policies import Proposal
from ..quotes import quoting
from ..refusals import NotFound, Unacceptable
from ..relationships.domain_blocks import blocks_domain
from ..search import index
from ..text import languages
from ..viewer import Viewer
from ..visibility import is_direct, is_local, is_open
from . import addressing, drafts, keeping, polls
from .drafts import Draft, DraftContext

PREVIEW_ID = "pleroma:fakeid"
DAY = 86_400
TOO_LONG = "The status is over the character limit"
EMPTY = "Cannot post an empty status without attachments"


def post(draft: Draft, by: Viewer, scheduled: Scheduled | None = None, once: str | None = None,
         ) -> tuple[Status, Surroundings]:
    """Post a status on behalf of `by`. When this returns, everything that the author can look at next is there.

    `scheduled`: the entry that the status replaces. Raises Withdrawn if the entry was changed or removed meanwhile.
    `once`: a name for what may be posted only once. Raises DoneBefore if that was done within the last day.
    """
    usual = by.account.profile
    draft = replace(draft, status=draft.status.strip(), spoiler_text=draft.spoiler_text.strip(),
                    language=languages.code(draft.language) or usual.get("language"),
                    sensitive=bool(usual.get("default_sensitive")) if draft.sensitive is None else draft.sensitive)
    check_text(draft)
    days = usual.get("status_ttl_days")
    if draft.expires_in is None and days:
        draft = replace(draft, expires_in=int(days) * DAY)
    _check_list(draft, by)
    return retried_if_changed(lambda: _look_up_and_post(draft, by, scheduled, once))


def _look_up_and_post(draft: Draft, by: Viewer, scheduled: Scheduled | None, once: str | None,
                      ) -> tuple[Status, Surroundings]:
    """Raises UploadsChanged if one of the uploads was described meanwhile."""
    named = addressing.look_up(draft, by, asks=scheduled is None and not draft.preview)
    if not (draft.status or draft.spoiler_text or named.uploads):
        raise Unacceptable(EMPTY)
    try:
        return _post(draft, by, named, scheduled, once)
    except ParentGone:
        return _post(draft, by, replace(named, parent=None), scheduled, once)
    except QuotedGone:
        raise NotFound from None


def check_text(draft: Draft) -> None:
    if not (draft.status or draft.spoiler_text or draft.media_ids):
        raise Unacceptable(EMPTY)
    if draft.poll is not None:
        polls.check(draft.poll)
    if draft.expires_in is not None and draft.expires_in <= settings.min_lifetime:
        raise Unacceptable("Expiry date is too soon")
    if not text.fits(settings.limit, text.with_short_links(draft.status), draft.spoiler_text):
        raise Unacceptable(TOO_LONG)


def _check_list(draft: Draft, by: Viewer) -> None:
    """Refuse a list that is not the author's own."""
    _, word, list_id = (draft.visibility or "").partition(FOR_LIST)
    if word and (not is_flake(list_id) or lists.find(by.id, list_id) is None):
        raise NotFound("List not found")


def _post(draft: Draft, by: Viewer, named: NamedPeople, scheduled: Scheduled | None, once: str | None,
          ) -> tuple[Status, Surroundings]:
    """One try. Raises ParentGone if the parent was deleted meanwhile."""
    draft, context, allowed = _judged(draft, addressing.gather(by, named))
    quoted = context.quoted
    if draft.quoted_status_id:
        quoting.demand(quoted, by, context.people, allowed.visibility)
    linked = addressing.linked(draft, context)
    drafts.demand_allowed(draft, linked, by)
    written = drafts.write(draft, linked, allowed.tags)
    addressed = addressing.addressed(draft, context, allowed.visibility, written)
    status = drafts.status_of(draft, context, allowed.visibility, written, addressed)
    if documents.size(status.content) > documents.LARGEST_STATUS:
        raise Unacceptable(TOO_LONG)
    around = _around(status, by, context)
    if draft.preview:
        return status, around
    status.stems = index.stems_of(status)
    status.federated = leaves(status, by, context, status.addressed) or None
    event = StatusPosted(status.id, by.id, status.expires, bool(status.federated),
                         status.content["poll"]["ends"] if draft.poll is not None else None)
    happened = [event, *quoting.asked(status), *keeping.kept(context.parent), *keeping.kept(quoted)]
    publication = replace(_publication(status, by, addressed, context.people), scheduled=scheduled, once=once,
                          uploads=context.named.uploads, jobs=events.owed(*happened),
                          quote=quoting.notice_of(status, by, context.people.get(status.quote_of_account_id or "")))
    posting.publish(publication)
    events.tell(*happened, *events.told(publication.notices_at_once))
    if is_open(status.visibility):
        by.account.statuses_count += 1  # the reply shows the author as the next read will
    return status, around


def leaves(status: Status, by: Viewer, context: DraftContext, addressed: Sequence[str]) -> bool:
    """Whether somebody at another server gets the status. What answers or quotes one that never leaves stays here too.

    Who is on a list is found out by the job, where there are other servers at all.
    """
    quoted, people = context.quoted, context.people
    around = [status.parent_visibility if status.parent_id else None, quoted.visibility if quoted is not None else None]
    if is_local(status.visibility) or any(each and (is_local(each) or list_in(each) is not None) for each in around):
        return False
    if status.list_id is not None:
        return presence.is_known() or presence.ask()
    followed = by.account.foreign_followers_count > 0 and not is_direct(status.visibility)
    hears = quoted is not None and quoted.host is not None and not is_direct(status.visibility)
    return followed or hears or any(people[id].account.host is not None for id in addressed if id in people)


def _judged(draft: Draft, context: DraftContext) -> tuple[Draft, DraftContext, Proposal]:
    """What the policies leave of a draft. Raises Unacceptable if that is nothing."""
    asked = Proposal(drafts.visibility_of(draft, context), bool(context.named.uploads), bool(draft.sensitive))
    allowed = policies.judged(context.by.account, asked)
    if asked.has_media and not allowed.has_media:
        if not (draft.status or draft.spoiler_text):
            raise Unacceptable(EMPTY)
        context = replace(context, named=replace(context.named, uploads=[]))
    return replace(draft, sensitive=allowed.sensitive), context, allowed


def _around(status: Status, by: Viewer, context: DraftContext) -> Surroundings:
    accounts = {id: addressee.account for id, addressee in context.people.items()}
    shown = [status] if context.quoted is None else [status, context.quoted]
    return Surroundings({each.id: each for each in shown}, accounts | {by.id: by.account})


def _publication(status: Status, by: Viewer, addressed: Sequence[str], people: Mapping[str, Addressee],
                 cause: str | None = None) -> Publication:
    """What all of this server get. People elsewhere get it from their own servers.

    `cause`: the edit that addresses them. None: they are addressed from the start.
    """
    here = [id for id in addressed if people[id].account.host is None]
    notices = [making.notice("mention", people[id], by=by.account, cause=cause or status.id, status=status)
               for id in here if _is_told(id, status)]
    everybody = frozenset({by.id, *addressed, *(status.addressed if cause is not None else ())})
    authors: list[str] = [by.id] if status.host is None and cause is None else []
    concerned = [*authors, *here] if is_direct(status.visibility) else []
    entries = [_entry(id, status, by, everybody, people) for id in concerned]
    return Publication(status, here, [each for each in notices if each is not None], entries, everybody)


def _is_told(id: str, status: Status) -> bool:
    """Whether somebody addressed is told. One of another server must name them too, unless it is direct."""
    return (status.host is None or is_direct(status.visibility)
            or any(each[0] == id for each in status.content.get("mentions", ())))


def _entry(id: str, status: Status, by: Viewer, everybody: frozenset[str], people: Mapping[str, Addressee]) -> Entry:
    """A participant's entry of the conversation.

    It is read for the author. For those who block a participant, the mark stays as it was.
    """
    number = participation_number(id, status.thread)
    if id == by.id:
        return Entry(id, number, unread=False)
    person = people[id]
    eyes = Viewer(person.account, person.hides)
    of_blocked_host = blocks_domain(eyes, by.account) and not person.relation.follows
    return Entry(id, number, unread=None if person.hides.blocked & everybody or of_blocked_host else True)


def publication_of(status: Status, addressed: Sequence[str] | None = None, cause: str | None = None,
                   ) -> Publication | None:
    """The same publication again, for the job that serves the rest of the people. None: the author is gone.

    `addressed`: whom the edit `cause` addresses. None: all whom the status is for.
    """
    wanted = status.addressed if addressed is None else addressed
    found = store.people([status.account_id, *wanted], status.account_id)
    author = found.by_id.get(status.account_id)
    if author is None:
        return None
    by = Viewer(author.account, author.hides)
    return _publication(status, by, [id for id in wanted if id in found.by_id], found.by_id, cause)
