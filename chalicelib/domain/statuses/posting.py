"""Posting: from what somebody typed to a status, whom it addresses, and what they are told.

A *draft* is what the author asked for; it becomes a status in the answer to three questions: what does it reply
to, whom does it address, how is it written.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...ids import is_flake, new_flake, participation_number
from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.notifications.notifications import Notice
from ...store.relationships import lists
from ...store.statuses import addressing, posting
from ...store.statuses.addressing import Addressee, Named
from ...store.statuses.posting import Entry, ParentGone, Publication
from ...store.statuses.scheduled import Scheduled
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.statuses.visibilities import DIRECT, FOR_LIST, PUBLIC, list_in
from .. import events, text, visibility
from ..emoji import custom
from ..event_types import StatusPosted
from ..media import uploads as media
from ..notifications import making
from ..refusals import NotFound, Unacceptable
from ..relationships.domain_blocks import blocks_domain
from ..viewer import Viewer
from . import polls
from .polls import NewPoll

MOST_ADDRESSED = 1000
MOST_UPLOADS = 80
PREVIEW_ID = "pleroma:fakeid"
EMPTY = "Cannot post an empty status without attachments"
FORMATS = ("text/plain", "text/html", "text/markdown", "text/bbcode")
_LEADING_MENTIONS = re.compile(r"\s*(?:@[\w.@-]+\s*)+")


@dataclass(frozen=True)
class Draft:
    """What a client may say of a new status, its parameters spelt as in the document."""

    status: str = ""
    spoiler_text: str = ""
    content_type: str = "text/plain"
    visibility: str | None = None
    sensitive: bool = False
    in_reply_to_id: str | None = None
    in_reply_to_conversation_id: str | None = None
    to: Sequence[str] | None = None
    preview: bool = False
    poll: NewPoll | None = None
    expires_in: int | None = None
    media_ids: Sequence[str] = ()


@dataclass(frozen=True)
class Written:
    """The text in its forms, and whom it names."""

    formatted: text.Formatted
    linked: dict[str, Account] = field(default_factory=dict)


def post(draft: Draft, by: Viewer, scheduled: Scheduled | None = None) -> tuple[Status, Surroundings]:
    """Post a status on behalf of `by`: everything the author can look at next is there on return.

    `scheduled`: the entry that goes as the status comes. Raises Withdrawn when the entry is not as it was.
    """
    draft = replace(draft, status=draft.status.strip(), spoiler_text=draft.spoiler_text.strip())
    _check_text(draft)
    _check_list(draft, by)
    named = _look_up(draft, by)
    if not (draft.status or draft.spoiler_text or named.uploads):
        raise Unacceptable(EMPTY)
    try:
        return _post(draft, by, named, scheduled)
    except ParentGone:
        return _post(draft, by, replace(named, parent=None), scheduled)


def _check_text(draft: Draft) -> None:
    if not (draft.status or draft.spoiler_text or draft.media_ids):
        raise Unacceptable(EMPTY)
    if draft.poll is not None:
        polls.check(draft.poll)
    if draft.expires_in is not None and draft.expires_in <= settings.min_lifetime:
        raise Unacceptable("Expiry date is too soon")
    if text.length(draft.status) + text.length(draft.spoiler_text) > settings.limit:
        raise Unacceptable("The status is over the character limit")


def _check_list(draft: Draft, by: Viewer) -> None:
    """A status may be for a list of one's own only."""
    _, word, list_id = (draft.visibility or "").partition(FOR_LIST)
    if word and (not is_flake(list_id) or lists.find(by.id, list_id) is None):
        raise NotFound("List not found")


def _look_up(draft: Draft, by: Viewer) -> Named:
    names = text.mentioned_names(draft.status, draft.content_type)
    number = _conversation_number(draft.in_reply_to_conversation_id)
    wanted = [_local_name(name) for name in [*names, *(draft.to or [])]]
    uploads = [id for id in dict.fromkeys(draft.media_ids) if is_flake(id)][:MOST_UPLOADS]
    parent_id = draft.in_reply_to_id if is_flake(draft.in_reply_to_id) else None
    found = addressing.look_up(filter(None, wanted), by.id, parent_id, number, uploads)
    if draft.in_reply_to_conversation_id and found.participation is None:
        raise Unacceptable("No such conversation")
    return found


def _conversation_number(id: str | None) -> int | None:
    return int(id) if id and id.isascii() and id.isdigit() and len(id) < 17 else None


def _local_name(name: str) -> str:
    """The nickname without this server's own host; a name at another host as it is."""
    nickname, _, host = name.partition("@")
    return nickname if host.casefold() in (settings.host.casefold(), settings.hostname.casefold(), "") else name


def _post(draft: Draft, by: Viewer, named: Named, scheduled: Scheduled | None) -> tuple[Status, Surroundings]:
    """One try. Raises ParentGone when the parent vanished meanwhile."""
    parent = named.parent
    original_id = parent.reblog_of if parent is not None else None
    if original_id:
        again = addressing.look_up(named.owners, by.id, original_id, None)
        named = replace(again, participation=named.participation, uploads=named.uploads)
        parent = named.parent
    known = set(named.owners.values()) | set(named.participation.recipients or () if named.participation else ())
    if parent is not None:
        known.add(parent.account_id)
    people = addressing.people(known - {by.id}, by.id, parent)
    if parent is not None and not visibility.may_see(parent, by, people.to_parent, people.on_lists):
        parent = None
    if parent is not None and parent.account_id != by.id and parent.account_id not in people.by_id:
        parent = None  # its author is not here any more
    visible_to = _visibility(draft, parent, named)
    written = _write(draft, by, named, people.by_id)
    addressed = _addressed(draft, by, named, parent, visible_to, written, people.by_id)
    accts = {by.id: by.account.acct} | {id: each.account.acct for id, each in people.by_id.items()}
    parent_acct = accts.get(parent.account_id) if parent is not None else None
    to = [people.by_id[id].account for id in addressed]
    status = _status(draft, by, parent, named, visible_to, written, to, parent_acct)
    around = _around(status, by, people.by_id)
    if draft.preview:
        return status, around
    event = StatusPosted(status.id, by.id, status.expires)
    publication = replace(_publication(status, by, addressed, people.by_id), scheduled=scheduled,
                          jobs=events.owed(event))
    posting.publish(publication)
    events.tell(event, *events.told(publication.notices_at_once))
    if status.visibility in posting.COUNTED:
        by.account.statuses_count += 1  # the reply shows the author as the next read will
    return status, around


def _visibility(draft: Draft, parent: Status | None, named: Named) -> str:
    if named.participation is not None:
        return DIRECT
    asked = draft.visibility
    if parent is not None and parent.visibility == DIRECT and asked not in (None, DIRECT):
        raise Unacceptable("The message visibility must be direct")
    if asked is not None:
        return asked
    if parent is None:
        return PUBLIC
    return parent.visibility if list_in(parent.visibility) is None else DIRECT


def _write(draft: Draft, by: Viewer, named: Named, people: Mapping[str, Addressee]) -> Written:
    linked: dict[str, Account] = {}
    for name in text.mentioned_names(draft.status, draft.content_type):
        owner = named.owners.get(_local_name(name).casefold(), "")
        account = by.account if owner == by.id else people[owner].account if owner in people else None
        if account is not None:
            linked[name.casefold()] = account
    cards = {name: text.Mentioned(each.id, each.acct, each.username, each.url) for name, each in linked.items()}
    formatted = text.format_status(draft.status, draft.content_type, people=cards, base_url=settings.base_url)
    return Written(formatted, linked)


def _addressed(draft: Draft, by: Viewer, named: Named, parent: Status | None, visible_to: str, written: Written,
               people: Mapping[str, Addressee]) -> list[str]:
    """Ids of the accounts that the status is for, without the author, at most a thousand."""
    if named.participation is not None:
        wanted = sorted(named.participation.recipients or ())
    else:
        wanted = _named_people(draft, named, visible_to, written)
        between = parent is not None and visible_to == parent.visibility == DIRECT
        if parent is not None and (between or visibility.is_open(visible_to)):
            wanted.append(parent.account_id)
    return [id for id in dict.fromkeys(wanted) if id != by.id and id in people][:MOST_ADDRESSED]


def _named_people(draft: Draft, named: Named, visible_to: str, written: Written) -> list[str]:
    if draft.to is not None:
        return [named.owners[name] for name in (_local_name(each).casefold() for each in draft.to)
                if name in named.owners]
    linked = written.linked
    if visible_to == DIRECT and settings.safe_dm_mentions:
        leading = _LEADING_MENTIONS.match(draft.status)
        names = text.mentioned_names(leading.group() if leading else "", "text/plain")
        return [linked[name.casefold()].id for name in names if name.casefold() in linked]
    return [mentioned.id for mentioned in written.formatted.mentions]


def _status(draft: Draft, by: Viewer, parent: Status | None, named: Named, visible_to: str, written: Written,
            addressed: Sequence[Account], parent_acct: str | None) -> Status:
    id = new_flake(after=parent.id if parent is not None else None)
    thread = parent.thread if parent is not None else id
    if named.participation is not None:
        thread = named.participation.thread
    shown = {account.id: account.acct for account in written.linked.values()}
    shown |= {account.id: account.acct for account in addressed}
    doc: dict[str, Any] = {
        "text": draft.status, "html": written.formatted.html, "plain": written.formatted.plain,
        "spoiler": draft.spoiler_text, "mentions": list(map(list, shown.items())), "tags": written.formatted.tags,
        "emojis": custom.find_in(draft.status, draft.spoiler_text, *(draft.poll.options if draft.poll else ())),
        "poll": polls.document(draft.poll) if draft.poll else None, "attachments": media.attached(named.uploads),
    }
    status = Status(
        id, account_id=by.id, visibility=visible_to, thread=thread, to=[account.id for account in addressed] or None,
        sensitive=draft.sensitive or "nsfw" in written.formatted.tags,
        doc={name: value for name, value in doc.items() if value},
        poll_counts=[0] * len(draft.poll.options) if draft.poll else None,
        expires=int(time.time()) + draft.expires_in if draft.expires_in is not None else None,
    )
    if parent is not None:
        if parent_acct is not None and parent.account_id not in shown:
            status.content["parent_acct"] = parent_acct
        status.parent_id, status.parent_account_id = parent.id, parent.account_id
        status.parent_visibility = parent.visibility
        status.parent_to = parent.addressed[:10] or None
    return status


def _around(status: Status, by: Viewer, people: Mapping[str, Addressee]) -> Surroundings:
    accounts = {id: addressee.account for id, addressee in people.items()}
    return Surroundings({status.id: status}, accounts | {by.id: by.account})


def _publication(status: Status, by: Viewer, addressed: Sequence[str], people: Mapping[str, Addressee]) -> Publication:
    notices = [notice for id in addressed if (notice := _notice(status, by.account, people[id])) is not None]
    everybody = frozenset({by.id, *addressed})
    concerned = [by.id, *addressed] if status.visibility == DIRECT else []
    entries = [_entry(id, status, by, everybody, people) for id in concerned]
    return Publication(status, addressed, notices, entries, everybody)


def _notice(status: Status, author: Account, addressee: Addressee) -> Notice | None:
    return making.notice(
        "mention", recipient=addressee.account, hides=addressee.hides, relation=addressee.relation, by=author,
        cause=status.id, status=status,
    )


def _entry(id: str, status: Status, by: Viewer, everybody: frozenset[str], people: Mapping[str, Addressee]) -> Entry:
    """The author has read it; who blocks somebody taking part keeps the mark as it was."""
    number = participation_number(id, status.thread)
    if id == by.id:
        return Entry(id, number, unread=False)
    person = people[id]
    eyes = Viewer(person.account, person.hides)
    of_blocked_host = blocks_domain(eyes, by.account) and not person.relation.follows
    return Entry(id, number, unread=None if person.hides.blocked & everybody or of_blocked_host else True)


def publication_of(status: Status) -> Publication | None:
    """The same publication again, for the job that serves whom the request did not; None when the author is gone."""
    found = addressing.people([status.account_id, *status.addressed], status.account_id)
    author = found.by_id.get(status.account_id)
    if author is None:
        return None
    by = Viewer(author.account, author.hides)
    return _publication(status, by, [id for id in status.addressed if id in found.by_id], found.by_id)
