"""Accounts of this server as others ask for them: the actor of an account, and that of the server itself."""

from __future__ import annotations

from ...ids import is_flake
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from .. import vault
from ..lookup import LONGEST_NAME, is_visible
from ..refusals import NotFound, Unauthenticated, Vanished
from . import asking, keys, server_actor
from .asking import UNKNOWN
from .documents import actors
from .documents.context import Document
from .foreign_keys import ActorKey
from .signatures import Incoming


def get_for(asker: ActorKey | None, nickname: str) -> Account:
    """As `get`, for somebody who asks what the account has written, or with whom it has to do."""
    account = get(nickname)
    asking.demand_welcome(asker, account.id)
    return account


def get(nickname: str) -> Account:
    """The account of this server with this nickname, in any letter case.

    Raises Vanished if it was deleted. Raises NotFound for whom nobody is told of: it looks the same as if nobody had
    ever had the nickname.
    """
    account = accounts.find_by_nickname(nickname) if 0 < len(nickname) <= LONGEST_NAME else None
    if account is None or account.host or server_actor.is_server_actor(account):
        raise NotFound(UNKNOWN)
    if account.deleted:
        raise Vanished
    if not is_visible(account, None):
        raise NotFound(UNKNOWN)
    return account


def get_addressed(word: str) -> Account:
    """The account whose nickname or, tried second, whose id stands in an address."""
    try:
        return get(word)
    except NotFound:
        account = accounts.find(word) if is_flake(word) else None
        if account is None or account.host or server_actor.is_server_actor(account) or not is_visible(account, None):
            raise
        return account


def actor(account: Account, request: Incoming) -> Document:
    """The document of an account. The key pair is made when the document is first wanted.

    Where signatures are demanded, those without a good one get what they need to check one of ours, and no more.
    Otherwise two such servers could never meet. Raises Forbidden for those whom the account shuts out.
    """
    public_key = public_key_of(account)
    if not asking.demands_signature():
        return actors.actor(account, public_key)
    try:
        asker = asking.asker_of(request)
    except Unauthenticated:
        return actors.outline(account, public_key)
    asking.demand_welcome(asker, account.id)
    return actors.actor(account, public_key)


def server() -> Document:
    """The actor of the server."""
    return actors.server_actor(public_key_of(server_actor.account()))


def public_key_of(account: Account) -> str | None:
    """The public key in PEM. None on a server that has nothing to seal private keys with."""
    try:
        return keys.pair_of(account).public_pem
    except vault.NoKey:
        return None
