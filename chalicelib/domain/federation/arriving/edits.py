"""What a status of another server has become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ....ids import new_flake
from ....store.accounts.accounts import Account
from ....store.federation import edits, naming
from ....store.notifications.notifications import Notice
from ....store.statuses import statuses
from ....store.statuses.addressing import Addressee
from ....store.statuses.statuses import Status
from ... import documents, events
from ...notifications import making
from ...retrying import retried_from
from ...statuses import keeping
from ...visibility import is_direct
from ..reading.status import ForeignStatus
from ..reading.values import Unreadable
from .told import MOST_ADDRESSED, MOST_RECIPIENTS, MOST_TOLD, addressed_here, document_of, judged, look_up

KEPT = ("published", "context", "parent_uri", "parent_acct", "card")
"""What an edit never changes."""


def relearn_status(foreign: ForeignStatus, status: Status, author: Account) -> bool:
    """Let a status be as its server says now. Visibility, date and what it answers never change.

    False if what is here is newer.
    """
    known: Status | None = status
    return retried_from(known, lambda found: found is not None and _relearn_status(foreign, found, author),
                        lambda: statuses.find(status.id))


def _relearn_status(foreign: ForeignStatus, status: Status, author: Account) -> bool:
    edited_at = status.content.get("edited_at")
    if edited_at is not None and foreign.updated is not None and foreign.updated < edited_at:
        return False
    foreign, _ = judged(foreign, author, status.visibility)
    named = look_up(foreign)
    around = naming.gather(named, author.id)
    before = status.content
    told = document_of(foreign, named, around, None, shows_all=is_direct(status.visibility))
    doc = {name: value for name, value in told.items() if name not in KEPT}
    doc |= {name: before[name] for name in KEPT if name in before}
    if "poll" in doc and "poll" in before:
        doc["poll"] = _next_edition(doc["poll"], before["poll"])
    if documents.size(doc) > documents.LARGEST_STATUS:
        raise Unreadable("too large")
    to = list(dict.fromkeys([*status.addressed, *addressed_here(foreign, named, around)]))[:MOST_ADDRESSED]
    mentioned = {each[0] for each in doc.get("mentions", ())} - {each[0] for each in before.get("mentions", ())}
    new = [around.addressees[id] for id in to if id in mentioned and id in around.addressees]
    notices = _notices_of_edit(status, author, new) if len(foreign.addressed) <= MOST_RECIPIENTS else []
    written = edits.edit(status, edits.Edit(
        doc, sensitive=foreign.sensitive, poll_counts=list(foreign.poll.counts) if foreign.poll else None,
        voters_count=foreign.poll.voters if foreign.poll else None, to=to, notices=notices))
    if written:
        events.tell(*events.told(notices))
    if named.own:  # a run that dies here is followed by another one, which finds nothing to edit
        events.tell(*keeping.kept_first(status))
    return written


def _notices_of_edit(status: Status, author: Account, new: Sequence[Addressee]) -> list[Notice]:
    """For those whom an edited status mentions, and did not mention before. They are of the moment of the edit."""
    cause = new_flake()
    notices = [making.notice("mention", each, by=author, cause=cause, status=status) for each in new[:MOST_TOLD]]
    return [each for each in notices if each is not None]


def _next_edition(poll: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The poll with the number of its edition. Other options void the votes that people here have cast."""
    same = (poll["options"], poll["multiple"]) == (before["options"], before["multiple"])
    edition = int(before.get("edition", 0)) + (0 if same else 1)
    return {**poll, "edition": edition} if edition else poll
