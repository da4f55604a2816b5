"""Scheduled statuses: stored as they were asked for, and posted at their time. They are checked only then."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ...ids import new_flake
from ...queues.messages import outbox
from ...queues.statuses import PublishScheduled
from ...settings import settings
from ...store.accounts import accounts
from ...store.jobs import Job
from ...store.statuses import scheduled
from ...store.statuses.posting import Withdrawn
from ...store.statuses.scheduled import LimitReached, Quotas, Scheduled
from ...store.statuses.visibilities import DIRECT, PUBLIC
from .. import documents
from ..media import uploads
from ..paging import Cursors, window
from ..refusals import NotFound, Refusal, Unacceptable
from ..retrying import expect, retried
from ..viewer import Viewer
from . import addressing, drafts, posting
from .addressing import MOST_UPLOADS
from .drafts import Draft
from .polls import NewPoll

LEAST_AHEAD = 300
log = logging.getLogger("kenoma.scheduled")


def is_ahead(moment: datetime) -> bool:
    """Whether a time is far enough ahead to schedule a status. A nearer time means now."""
    return moment.timestamp() > time.time() + LEAST_AHEAD


def add(draft: Draft, moment: datetime, by: Viewer) -> Scheduled:
    """Store a draft until its time. Whom it names has to be known by then, so strangers are looked for now."""
    addressing.meet_strangers(draft, by)
    return uploads.retried_if_changed(lambda: _add(draft, moment, by))


def _add(draft: Draft, moment: datetime, by: Viewer) -> Scheduled:
    params: dict[str, Any] = asdict(draft)
    params["visibility"] = _visibility_of(draft, by)
    params["media_ids"] = list(draft.media_ids)
    shown = uploads.own(draft.media_ids, by)[:MOST_UPLOADS]
    if draft.media_ids:
        params["attachments"] = uploads.attached(shown)
    if documents.size(params) > documents.LARGEST_SCHEDULED:
        raise Unacceptable(posting.TOO_LONG)
    entry = Scheduled(by.id, new_flake(), params=params, due=int(moment.timestamp()))
    try:
        scheduled.add(entry, _job(entry), _quotas(), shown)
    except LimitReached as limit:
        raise Unacceptable(f"{limit.which} limit exceeded") from None
    return entry


def _quotas() -> Quotas:
    return Quotas(settings.scheduled_daily_limit, settings.scheduled_total_limit)


def _visibility_of(draft: Draft, by: Viewer) -> str:
    """The visibility that will apply. It is decided now, whatever becomes of the parent until then."""
    if draft.visibility is not None:
        return draft.visibility
    if draft.in_reply_to_conversation_id is not None:
        return DIRECT
    if draft.in_reply_to_id is None:
        return PUBLIC
    answer = Draft(in_reply_to_id=draft.in_reply_to_id)
    return drafts.visibility_of(answer, addressing.gather(by, addressing.look_up(answer, by)))


def _job(entry: Scheduled) -> Job:
    message = PublishScheduled(entry.account_id, entry.id, int(entry.due))
    return outbox(message, due_in=entry.due - time.time())


def get(id: str, viewer: Viewer) -> Scheduled:
    entry = scheduled.find(viewer.id, id)
    if entry is None:
        raise NotFound
    return entry


def list_of(viewer: Viewer, page: Cursors) -> list[Scheduled]:
    """The viewer's entries, latest created first."""
    part = window(page)
    if part.empty:
        return []
    found = scheduled.list_of(viewer.id, above=part.above, below=part.below, ascending=part.ascending,
                              limit=part.limit)
    return list(reversed(found)) if part.ascending else found


def move(id: str, moment: datetime | None, viewer: Viewer) -> Scheduled:
    """Give an entry another time. None leaves it as it is."""
    return retried(lambda: _move(id, moment, viewer))


def _move(id: str, moment: datetime | None, viewer: Viewer) -> Scheduled:
    entry = get(id, viewer)
    if moment is None:
        return entry
    if not is_ahead(moment):
        raise Unacceptable("must be at least 5 minutes from now")
    moved = Scheduled(entry.account_id, entry.id, params=entry.params, due=int(moment.timestamp()),
                      revision=entry.revision + 1)
    try:
        expect(scheduled.move(entry, moved, _job(moved), _quotas()))
    except LimitReached as limit:
        raise Unacceptable(f"{limit.which} limit exceeded") from None
    return moved


def remove(id: str, viewer: Viewer) -> Scheduled:
    """Remove an entry. Answers it as it was."""
    def take_back() -> Scheduled:
        entry = get(id, viewer)
        expect(scheduled.remove(entry))
        return entry

    return retried(take_back)


def publish(account_id: str, id: str, due: int) -> None:
    """Post an entry whose time has come. One transaction removes the entry and adds the status, so it is posted once.

    Does nothing if the entry was removed or moved. What cannot be posted is logged and removed.
    """
    entry = scheduled.find(account_id, id)
    if entry is None or int(entry.due) != due:
        return
    account, hides = accounts.find_with_hides(account_id)
    if account is None or account.status != "active":
        scheduled.remove(entry)
        return
    try:
        posting.post(_draft(entry.params), Viewer(account, hides), scheduled=entry)
    except Withdrawn:
        return
    except Refusal as refusal:
        log.warning("scheduled status not posted", extra={"reason": refusal.message, "account": account_id})
        scheduled.remove(entry)


def _draft(params: dict[str, Any]) -> Draft:
    known = {name: value for name, value in params.items() if name in Draft.__dataclass_fields__}
    poll = known.pop("poll", None)
    return Draft(**known, poll=NewPoll(**poll) if poll else None)
