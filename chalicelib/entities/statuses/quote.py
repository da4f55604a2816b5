"""Quote: the status that another one quotes, in Mastodon's form and in Pleroma's."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from ...domain.quotes import permissions
from ...domain.quotes.states import ACCEPTED
from ...domain.viewer import Viewer
from ...store.quotes.quotes import REJECTED, REVOKED
from ...store.statuses.statuses import Status as Record
from ...store.statuses.surroundings import Surroundings


class Quote(TypedDict):
    """The quoted status, where the state lets it be seen. Of what a quoted status quotes there is only the id."""

    state: str
    quoted_status: NotRequired[dict[str, Any] | None]
    quoted_status_id: NotRequired[str | None]


class QuoteApproval(TypedDict):
    automatic: list[str]
    manual: list[str]
    current_user: str


def arrange_shallow(status: Record) -> Quote | None:
    """The quote of a status that is quoted itself."""
    if not status.quote_of and not status.quote_state:
        return None
    state = str(status.quote_state or ACCEPTED)
    return {"state": state, "quoted_status_id": status.quote_of if state == ACCEPTED else None}


def arrange_approval(status: Record, viewer: Viewer | None, around: Surroundings) -> QuoteApproval:
    approval = permissions.approval_of(status)
    answer = permissions.answer_to_viewer(status, viewer.id if viewer else None,
                                          around.relations.get(status.account_id), approval)
    return {"automatic": list(approval.automatic), "manual": list(approval.manual), "current_user": answer}


class PleromaQuote(TypedDict, total=False):
    """What stands in `pleroma`."""

    quote: dict[str, Any] | None
    quote_id: str | None
    quote_url: str | None
    quote_visible: bool
    quotes_count: int


def arrange_for_pleroma(status: Record, quoted: dict[str, Any] | None) -> PleromaQuote:
    """`quoted`: the quoted status, if it is shown. It is shown without what it quotes itself."""
    withdrawn = status.quote_state in (REJECTED, REVOKED)
    plain = None if quoted is None else {
        **quoted, "quote": None, "pleroma": {**quoted["pleroma"], "quote": None, "quote_visible": False}}
    return {
        "quote": plain, "quote_id": None if withdrawn else status.quote_of,
        "quote_url": None if withdrawn else status.content.get("quote_uri"),
        "quote_visible": plain is not None, "quotes_count": int(status.quotes_count),
    }
