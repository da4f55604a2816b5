"""Accounts of this server as others ask for them: the actor of an account, and that of the server itself."""

from __future__ import annotations

from dataclasses import dataclass

from ...ids import is_flake
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.federation import keys as store
from ...store.federation.keys import SigningKeys
from .. import vault
from ..lookup import LONGEST_NAME, is_visible, local_name
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
    return _told_of(accounts.find_by_nickname(nickname) if _may_be_one(nickname) else None)


def page_of(name: str) -> str:
    """The page of the account that people call so: `nick`, `nick@this-host`, or `nick@other-host` if it is known.

    That of another server's account is there. Raises as `get`.
    """
    nickname = local_name(name)
    return foreign_page_of(get_foreign(nickname).account) if "@" in nickname else str(get(nickname).uri)


@dataclass(frozen=True)
class Addressed:
    """An account that an address names, and the row of its key pair if there is one already."""

    account: Account
    keys: SigningKeys | None = None


def get_foreign(name: str) -> Addressed:
    """The known account of another server with this name or id. Raises NotFound."""
    if is_flake(name):
        account = accounts.find(name)
    else:
        account = accounts.find_by_nickname(name) if _may_be_one(name) and "@" in name else None
    if account is None or account.deleted or not account.host or not is_visible(account, None):
        raise NotFound(UNKNOWN)
    return Addressed(account)


def foreign_page_of(account: Account) -> str:
    """The page of an account of another server, there. Raises NotFound if it has none."""
    if not account.url:
        raise NotFound(UNKNOWN)
    return str(account.url)


def get_addressed(word: str) -> Addressed:
    """The account whose nickname or, tried second, whose id stands in an address. Raises as `get`."""
    account, pair = store.find_with_account(word) if _may_be_one(word) and "@" not in word else (None, None)
    if account is None and is_flake(word):
        by_id = accounts.find(word)
        return Addressed(_told_of(None if by_id is None or by_id.deleted else by_id))
    return Addressed(_told_of(account), pair)


def _may_be_one(nickname: str) -> bool:
    return 0 < len(nickname) <= LONGEST_NAME


def _told_of(account: Account | None) -> Account:
    if account is None or account.host or server_actor.is_server_actor(account):
        raise NotFound(UNKNOWN)
    if account.deleted:
        raise Vanished
    if not is_visible(account, None):
        raise NotFound(UNKNOWN)
    return account


def actor(found: Addressed, request: Incoming) -> Document:
    """The document of an account. The key pair is made when the document is first wanted.

    Where signatures are demanded, those without a good one get what they need to check one of ours, and no more.
    Otherwise two such servers could never meet. Raises Forbidden for those whom the account shuts out.
    """
    account = found.account
    public_key = _public_key_of(account, found.keys)
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
    return actors.server_actor(_public_key_of(server_actor.account()))


def archived(account: Account) -> Document:
    """The actor as archives have it: with the key if there is one by now."""
    pair = store.find(account.id)
    return actors.actor(account, pair.public if pair is not None else None)


def _public_key_of(account: Account, pair: SigningKeys | None = None) -> str | None:
    """The public key in PEM. None on a server that has nothing to seal private keys with."""
    try:
        return keys.pair_of(account, pair).public_pem
    except vault.NoKey:
        return None
