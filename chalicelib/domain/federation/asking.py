"""Who asks for a document, where that matters: whether they must sign, and whether the author shuts them out.

Without a signature anybody is served alike, unless the operator demands one. A server that hides something from
visitors demands it too: a document would show them what the page hides.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...host_list import covers
from ...settings import settings
from ...store.accounts import accounts
from ...store.federation import foreign_keys as store
from ...store.relationships import relations
from .. import host_policies
from ..refusals import Forbidden, NotFound, Unauthenticated
from . import addresses, checking, signatures
from .foreign_keys import ActorKey
from .signatures import BadSignature, Incoming

UNKNOWN = "Not found"


def demands_signature() -> bool:
    """Whether documents are only for those who say who they are."""
    hides = settings.restrict_profiles or settings.restrict_statuses or not settings.public
    return settings.authorized_fetch or hides


def asker_of(request: Incoming) -> ActorKey | None:
    """Who asks. None: it does not matter, or cannot be told.

    Raises Unauthenticated if a signature is demanded, and is not there or bad, and Forbidden if it is of a rejected
    host. If none is demanded, only keys that are known are looked for: nobody shuts out whom this server has never met.
    """
    if demands_signature():
        try:
            _demand_accepted(signatures.read(request).key_id)
            return checking.signer_of(request)
        except BadSignature as fault:
            raise Unauthenticated(str(fault)) from fault
    if not signatures.is_signed(request.headers):
        return None
    try:
        return checking.signer_of(request, may_fetch=False)
    except BadSignature:
        return None


def _demand_accepted(key_id: str) -> None:
    if host_policies.is_rejected(addresses.host_of(key_id)):
        raise Forbidden


def demand_welcome(asker: ActorKey | None, author_id: str) -> None:
    """Refuse somebody of a rejected host, whom the author blocks, or whose host the author blocks.

    Raises Forbidden where signatures are demanded. Elsewhere it raises NotFound: they could ask without a signature,
    and need not know why.
    """
    if asker is not None and _is_shut_out(asker, author_id):
        raise Forbidden if demands_signature() else NotFound(UNKNOWN)


def _is_shut_out(asker: ActorKey, author_id: str) -> bool:
    """Whether the author blocks them, or their host without following them."""
    if host_policies.is_rejected(addresses.host_of(asker.owner)):
        return True
    _, hides = accounts.find_with_hides(author_id)
    if hides.blocked and _account_of(asker) in hides.blocked:
        return True
    if not hides.blocked_domains or not _is_of_blocked_host(asker.owner, hides.blocked_domains):
        return False
    account_id = _account_of(asker)
    return account_id is None or not relations.find(author_id, account_id).follows


def _is_of_blocked_host(owner: str, patterns: Iterable[str]) -> bool:
    host = addresses.host_of(owner) or ""
    return any(covers(pattern.casefold(), each) for pattern in patterns for each in (host, host.partition(":")[0]))


def _account_of(asker: ActorKey) -> str | None:
    """The id of the asker's account here. A key that was just fetched does not tell it."""
    if asker.account_id is not None:
        return asker.account_id
    claim = store.find([asker.owner]).get(asker.owner)
    return str(claim.id) if claim is not None else None
