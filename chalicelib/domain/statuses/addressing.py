"""Whom a draft addresses: from the names that somebody typed to the accounts that the status is for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...ids import is_flake
from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.statuses import addressing
from ...store.statuses.addressing import NamedPeople
from ...store.statuses.statuses import Status
from .. import text
from ..quotes import quoting
from ..refusals import Unacceptable
from ..viewer import Viewer
from ..visibility import is_direct, is_open, may_see
from .drafts import Draft, DraftContext, Written

MOST_ADDRESSED = 1000
MOST_UPLOADS = 80
_LEADING_MENTIONS = re.compile(r"\s*(?:@[\w.@-]+\s*)+")


class NoConversation(Unacceptable):
    default = "No such conversation"


# Who exists.


def look_up(draft: Draft, by: Viewer, *, asks: bool = False) -> NamedPeople:
    """What the draft names: the owners of names, the parent, the conversation, the uploads. One round of reads.

    `asks`: for names that are not known, their servers are asked. That takes some seconds.
    """
    number = _conversation_number(draft.in_reply_to_conversation_id)
    wanted = _names_in(draft)
    uploads = [id for id in dict.fromkeys(draft.media_ids) if is_flake(id)][:MOST_UPLOADS]
    parent_id = draft.in_reply_to_id if is_flake(draft.in_reply_to_id) else None
    quoted_id = draft.quoted_status_id if is_flake(draft.quoted_status_id) else None
    found = addressing.look_up(filter(None, wanted), by.id, parent_id, number, uploads, quoted_id)
    if draft.in_reply_to_conversation_id and found.participation is None:
        raise NoConversation
    found = replace(found, uris=_also_addressed(found.parent, draft))
    return _with_strangers(found, wanted, by) if asks else found


def _names_in(draft: Draft) -> list[str]:
    names = text.mentioned_names(draft.status, draft.content_type)
    return [_local_name(name) for name in [*names, *(draft.to or [])]]


def meet_strangers(draft: Draft, by: Viewer) -> None:
    """Ask other servers for whom the draft names, so that they are known when it is posted."""
    if any("@" in name for name in _names_in(draft)):
        look_up(draft, by, asks=True)


def _with_strangers(found: NamedPeople, names: Sequence[str], by: Viewer) -> NamedPeople:
    """With people who were not known: those whom the draft names, and those whom a direct status was for that it
    answers. Their own servers are asked. Whoever cannot be had soon stays text, or the uri that it was.
    """
    strangers = [name for name in names if "@" in name and name.casefold() not in found.owners]
    if not strangers and not found.uris:
        return found
    from ..federation import resolving  # most statuses name nobody who is unknown

    met = resolving.meet([*strangers, *found.uris], by)
    owners = {name.casefold(): met[name] for name in strangers if name in met}
    return replace(found, owners={**found.owners, **owners},
                   also=[met[uri] for uri in found.uris if uri in met],
                   uris=[uri for uri in found.uris if uri not in met])


def _also_addressed(parent: Status | None, draft: Draft) -> list[str]:
    """The uris of whom a direct status was for besides those who were known. An answer is for them too."""
    answers = parent is not None and is_direct(parent.visibility) and draft.to is None
    return list(parent.content.get("to_uris") or ()) if parent is not None and answers else []


def _conversation_number(id: str | None) -> int | None:
    return int(id) if id and id.isascii() and id.isdigit() and len(id) < 17 else None


def _local_name(name: str) -> str:
    """The nickname without this server's own host. A name at another host as it is."""
    nickname, _, host = name.partition("@")
    return nickname if host.casefold() in (settings.host.casefold(), settings.hostname.casefold(), "") else name


def gather(by: Viewer, named: NamedPeople) -> DraftContext:
    """Load the people whom the draft may address. One round of reads, and one before it if the parent is a reblog.

    A reply to a reblog is a reply to its original. A parent does not count if the author may not see it, or if its
    author is no longer here.
    """
    named = _with_original(by, named)
    parent, quoted = named.parent, quoting.original_of(named)
    recipients = named.participation.recipients if named.participation else None
    known = {*named.owners.values(), *named.also, *(recipients or ())}
    known |= {each.account_id for each in (parent, quoted) if each is not None}
    people = addressing.people(known - {by.id}, by.id, parent)
    if parent is not None:
        is_here = parent.account_id == by.id or parent.account_id in people.by_id
        if not is_here or not may_see(parent, by, people.to_parent, people.on_lists):
            parent = None
    return DraftContext(by, named, parent, people.by_id, quoted)


def _with_original(by: Viewer, named: NamedPeople) -> NamedPeople:
    original_id = named.parent.reblog_of if named.parent is not None else None
    if not original_id:
        return named
    again = addressing.look_up(named.owners, by.id, original_id, None)
    return replace(again, participation=named.participation, uploads=named.uploads, quoted=named.quoted)


# Who is meant.


def linked(draft: Draft, context: DraftContext) -> dict[str, Account]:
    """The accounts that the text links to, by the case-folded names in the text."""
    found = {}
    for name in text.mentioned_names(draft.status, draft.content_type):
        account = context.account(context.named.owners.get(_local_name(name).casefold(), ""))
        if account is not None:
            found[name.casefold()] = account
    return found


def addressed(draft: Draft, context: DraftContext, visibility: str, written: Written) -> list[str]:
    """Ids of the accounts that the status is for, without the author, at most a thousand."""
    if context.named.participation is not None:
        wanted = sorted(context.named.participation.recipients or ())
    else:
        wanted = _named_people(draft, context.named, visibility, written)
        if context.parent is not None and _addresses_parent(visibility, context.parent.visibility):
            wanted.append(context.parent.account_id)
        if context.parent is not None and is_direct(visibility):
            wanted += context.named.also
    return [id for id in dict.fromkeys(wanted) if id != context.by.id and id in context.people][:MOST_ADDRESSED]


def named_anew(draft: Draft, context: DraftContext, status: Status, written: Written) -> list[str]:
    """Ids of those whom an edit names and the status was not for before. It stays for all whom it was for.

    If the author once chose whom it is for, whoever was named beside that is not meant now either.
    """
    beside = text.mentioned_names(status.source, status.content_type) if status.content.get("chosen") else []
    unmeant = {written.linked[name.casefold()].id for name in beside if name.casefold() in written.linked}
    known = {*status.addressed, *unmeant, status.account_id}
    wanted = _named_people(draft, context.named, status.visibility, written)
    new = [id for id in dict.fromkeys(wanted) if id not in known and id in context.people]
    return new[:max(MOST_ADDRESSED - len(status.addressed), 0)]


def _addresses_parent(visibility: str, parents: str) -> bool:
    """Whether a reply is also for the parent's author: an open reply is, and a direct reply to a direct status."""
    return is_open(visibility) or (is_direct(visibility) and is_direct(parents))


def _named_people(draft: Draft, named: NamedPeople, visibility: str, written: Written) -> list[str]:
    if draft.to is not None:
        return [named.owners[name] for name in (_local_name(each).casefold() for each in draft.to)
                if name in named.owners]
    if is_direct(visibility) and settings.safe_dm_mentions:
        return _named_first(draft.status, written.linked)
    return [mentioned.id for mentioned in written.formatted.mentions]


def _named_first(status: str, linked: Mapping[str, Account]) -> list[str]:
    """The accounts that a text names before it says anything else."""
    leading = _LEADING_MENTIONS.match(status)
    names = text.mentioned_names(leading.group() if leading else "", "text/plain")
    return [linked[name.casefold()].id for name in names if name.casefold() in linked]
