"""Stamps of this server as others ask for them: that a status may be quoted by a certain other one."""

from __future__ import annotations

from ....store.quotes import changes
from ....store.statuses import statuses
from ...refusals import NotFound
from .. import own_statuses
from ..asking import UNKNOWN
from ..documents.context import Document
from ..documents.quotes import stamp_document
from ..foreign_keys import ActorKey


def get(quoted_flake: str, stamp: str, asker: ActorKey | None = None) -> Document:
    """The stamp for a quote, as long as the author has not taken it back. Raises NotFound."""
    shown = own_statuses.get(quoted_flake, asker)
    uri = _quoting_uri(shown.status.id, stamp)
    if shown.status.reblog_of or uri is None:
        raise NotFound(UNKNOWN)
    return stamp_document(shown.status.uri, stamp, uri, shown.author)


def _quoting_uri(quoted_id: str, stamp: str) -> str | None:
    """The uri of the quote: one of this server has the flake of the stamp, one of another has a row."""
    quoting = statuses.find(stamp)
    if quoting is not None:
        return quoting.uri if quoting.quote_of == quoted_id and quoting.is_quote else None
    row = changes.find_stamp(quoted_id, stamp)
    return None if row is None or row.doc.get("revoked") else str(row.doc["uri"])
