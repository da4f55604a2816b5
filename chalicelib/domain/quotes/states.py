"""States: what a viewer sees of a quote.

Some states are the quote's own: it waits for the quoted author, or they have refused it. Others depend on who looks.
"""

from __future__ import annotations

from ...store.quotes.quotes import DELETED
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ..relationships.domain_blocks import blocks_domain
from ..viewer import Viewer
from ..visibility import is_active, may_see

ACCEPTED, UNAUTHORIZED = "accepted", "unauthorized"
BLOCKED_ACCOUNT, BLOCKED_DOMAIN, MUTED_ACCOUNT = "blocked_account", "blocked_domain", "muted_account"
WITH_STATUS = frozenset({ACCEPTED, BLOCKED_ACCOUNT, BLOCKED_DOMAIN, MUTED_ACCOUNT})
"""In these states the quoted status is there. Clients hide it, unless the quote is accepted."""


def state_of(status: Status, viewer: Viewer | None, around: Surroundings, *, with_muted: bool = False) -> str:
    """The state of a quote as the viewer sees it."""
    if status.quote_state is not None:
        return str(status.quote_state)
    quoted = around.quoted_by(status)
    if quoted is None:
        return DELETED
    author = around.accounts.get(quoted.account_id)
    relation = around.relations.get(quoted.account_id)
    if author is None or not is_active(author) or not may_see(quoted, viewer, relation, around.on_lists):
        return UNAUTHORIZED
    if viewer is None or viewer.id == author.id:
        return ACCEPTED
    if viewer.blocks(author.id):
        return BLOCKED_ACCOUNT
    if blocks_domain(viewer, author) and not (relation is not None and relation.follows):
        return BLOCKED_DOMAIN
    return MUTED_ACCOUNT if viewer.mutes(author.id) and not with_muted else ACCEPTED
