"""What a status of another server has become."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ....ids import new_flake
from ....store.accounts.accounts import Account
from ....store.federation import edits, naming
from ....store.federation.naming import Around, NamedByUri
from ....store.statuses import statuses
from ....store.statuses.edits.versions import Edit
from ....store.statuses.statuses import Status
from ... import documents, events
from ...event_types.statuses import StatusEdited
from ...retrying import retried_from
from ...statuses import cards, keeping, polls
from ...visibility import is_direct
from ..reading.status import ForeignStatus
from ..reading.values import Unreadable
from . import quotes
from .told import MOST_ADDRESSED, MOST_RECIPIENTS, MOST_TOLD, addressed_here, document_of, judged, look_up

KEPT = ("published", "context", "parent_uri", "parent_acct", "answers", "quote_uri", "quote_page")
"""What an edit never changes."""


def relearn_status(foreign: ForeignStatus, status: Status, author: Account) -> bool:
    """Let a status be as its server says now. Visibility, date and what it answers never change.

    False if what is here is newer.
    """
    known: Status | None = status
    return retried_from(known, lambda found: found is not None and _relearn_status(foreign, found, author),
                        lambda: statuses.find(status.id))


def _relearn_status(foreign: ForeignStatus, status: Status, author: Account) -> bool:
    before = status.content
    if foreign.updated is not None and foreign.updated < _told_last(before):
        return False
    foreign, _ = judged(foreign, author, status.visibility)
    named = look_up(foreign)
    around = naming.gather(named, author.id)
    doc = _document(foreign, status, named, around)
    groups = quotes.groups_of(foreign.can_quote, author)
    doc |= {"can_quote": groups} if groups is not None else {}
    to = list(dict.fromkeys([*status.addressed, *addressed_here(foreign, named, around)]))[:MOST_ADDRESSED]
    anew = _named_anew(foreign, status, doc, [id for id in to if id in around.addressees])
    edited = _says_otherwise(status, doc, sensitive=foreign.sensitive) or bool(anew)
    doc |= _dates(foreign, before, edited=edited)
    if documents.size(doc) > documents.LARGEST_STATUS:
        raise Unreadable("too large")
    edit = Edit(new_flake(), anew) if edited else None
    happened = [StatusEdited(status.id, author.id, edit.id, wants_card=cards.is_wanted(status, doc))] if edit else []
    written = edits.edit(status, edits.EditedElsewhere(
        doc, sensitive=foreign.sensitive, poll_counts=list(foreign.poll.counts) if foreign.poll else None,
        voters_count=foreign.poll.voters if foreign.poll else None, to=to, edit=edit, jobs=events.owed(*happened)))
    if written:
        events.tell(*happened, *(quotes.met(status, foreign) if status.quote_of is not None else ()))
    if named.own:  # a run that dies here is followed by another one, which finds nothing to edit
        events.tell(*keeping.kept_first(status))
    return written


def _document(foreign: ForeignStatus, status: Status, named: NamedByUri, around: Around) -> dict[str, Any]:
    before = status.content
    told = document_of(foreign, named, around, None, shows_all=is_direct(status.visibility))
    doc = {name: value for name, value in told.items() if name not in (*KEPT, "edited_at")}
    doc |= {name: before[name] for name in KEPT if name in before}
    poll, _ = polls.edited(doc.pop("poll", None), before)
    doc |= poll
    return doc | cards.kept_for(status, doc)


def _named_anew(foreign: ForeignStatus, status: Status, doc: Mapping[str, Any], here: Sequence[str]) -> list[str]:
    """Whom of this server it mentions, and did not mention before. They are told, unless it is for too many."""
    if len(foreign.addressed) > MOST_RECIPIENTS:
        return []
    before = {each[0] for each in status.content.get("mentions", ())}
    mentioned = {each[0] for each in doc.get("mentions", ())} - before
    return [id for id in here if id in mentioned][:MOST_TOLD]


def _says_otherwise(status: Status, doc: Mapping[str, Any], *, sensitive: bool) -> bool:
    """Whether readers see something else than before: then it was edited, whatever its server says of dates."""
    return _said(status.content) != _said(doc) or bool(status.sensitive) != sensitive


def _said(content: Mapping[str, Any]) -> tuple[Any, ...]:
    poll = content.get("poll") or {}
    return (content.get("html"), content.get("spoiler"), poll.get("options"), poll.get("multiple"),
            [(each.get("url"), each.get("description")) for each in content.get("attachments", ())])


def _told_last(content: Mapping[str, Any]) -> float:
    """Of what moment its server told last."""
    return max(content.get("edited_at") or 0, content.get("updated") or 0)


def _dates(foreign: ForeignStatus, before: Mapping[str, Any], *, edited: bool) -> dict[str, Any]:
    """When it was edited, and of what moment its server tells, if that is later."""
    last = before.get("edited_at")
    if edited:
        last = foreign.edited if foreign.edited is not None and foreign.edited != last else time.time()
    later = foreign.updated is not None and foreign.edited is not None and foreign.updated > (last or 0)
    return {name: value for name, value in (("edited_at", last), ("updated", foreign.updated if later else None))
            if value}
