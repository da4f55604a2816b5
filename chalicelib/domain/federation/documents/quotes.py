"""Quotes in documents: what a status quotes, in all spellings that servers read, and who may quote it (FEP-044f).

A *stamp* is a document by which the author of the quoted status says that a quote is all right.
"""

from __future__ import annotations

from typing import Any

from ....ids import uuid_of
from ....store.accounts.accounts import Account
from ....store.quotes.quotes import EVERYBODY as ANYBODY
from ....store.quotes.quotes import FOLLOWERS, REJECTED, REVOKED
from ....store.statuses.statuses import Status
from ...quotes import permissions
from .. import addresses
from .audience import followers_of
from .context import EVERYBODY, Document, whole

RELATION = "https://misskey-hub.net/ns#_misskey_quote"
MEDIA_TYPE = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
STAMP, REQUEST = "QuoteAuthorization", "QuoteRequest"


def quoting(status: Status) -> Document:
    """What a status quotes. Nothing if the quoted author does not want that."""
    uri = status.content.get("quote_uri")
    if not uri or status.quote_state in (REJECTED, REVOKED):
        return {}
    found: Document = {"quote": uri, "quoteUrl": uri, "quoteUri": uri, "_misskey_quote": uri}
    stamp = stamp_of(status)
    return found | ({"quoteAuthorization": stamp} if stamp is not None else {})


def link(status: Status) -> list[Document]:
    """The tag that says so too (FEP-e232)."""
    uri = quoting(status).get("quote")
    if not uri:
        return []
    return [{"type": "Link", "mediaType": MEDIA_TYPE, "rel": RELATION, "href": uri, "name": f"RE: {uri}"}]


def stamp_of(status: Status) -> str | None:
    """The address of the stamp for a quote, if it needs one and has it."""
    if not status.is_quote or status.quote_of_account_id == status.account_id:
        return None
    given: str | None = status.quote_stamp
    uri = status.content.get("quote_uri", "")
    return given or (address_of(uri, status.id) if addresses.object_in(uri) is not None else None)


def address_of(quoted_uri: str, stamp: str) -> str:
    """The address of a stamp. `stamp`: the flake of a quote of this server, or one that follows from another's uri."""
    return f"{quoted_uri}/stamps/{uuid_of(stamp)}"


def stamp_document(quoted_uri: str, stamp: str, quoting_uri: str, author: Account) -> Document:
    return whole({"id": address_of(quoted_uri, stamp), "type": STAMP, "attributedTo": author.uri,
                  "interactingObject": quoting_uri, "interactionTarget": quoted_uri})


def policy(status: Status, author: Account) -> Document:
    """Who may quote a status. Its author always may, and is named where nobody else may."""
    approval = permissions.approval_of(status)
    names: dict[str, Any] = {ANYBODY: EVERYBODY, FOLLOWERS: followers_of(author)}
    automatic = [names[group] for group in approval.automatic if group in names] or [author.uri]
    return {"canQuote": {"automaticApproval": automatic, "manualApproval": []}}
