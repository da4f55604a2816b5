"""Accounts of other servers: new ones, and what a known one says of itself now."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ....ids import new_flake
from ....settings import settings
from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.accounts.claims import Claim
from ....store.federation import accounts as store
from ... import documents, events, host_policies
from ...accounts import birthdays
from ...event_types.servers import HostMet
from ...retrying import retried
from ...search import index
from .. import addresses, nodeinfo
from ..reading.account import ForeignAccount, read_account
from ..reading.values import Unreadable
from .gone import Gone

LONGEST_DISPLAY_NAME = 200


def learn_account(found: ForeignAccount | Mapping[str, Any]) -> Account:
    """The account of an actor: stored if it is new, else brought up to date.

    Raises Unreadable, Gone, and `NameTaken` if another account has the name (`release_name`).
    """
    foreign = found if isinstance(found, ForeignAccount) else read_account(found)
    if foreign.domain.casefold() in (settings.host.casefold(), settings.hostname.casefold()):
        raise Unreadable("a name of this server")
    return retried(lambda: _learn_account(foreign))


def _learn_account(foreign: ForeignAccount) -> Account:
    host = addresses.host_of(foreign.uri) or ""
    known = store.look_up(foreign.uri, foreign.nickname, host)
    if known.claim is not None:
        return _refreshed(known.account, foreign, known.claim)
    if known.name_owner is not None:
        raise store.NameTaken(known.name_owner)
    account = Account(new_flake(), accounts.PROFILE, host=host, foreign_uri=foreign.uri, nickname=foreign.nickname,
                      **_values_of(foreign, {}))
    _name(account, foreign.nickname)
    index.index_account(account)
    birthdays.expect(account.id, {}, account.profile)
    store.enter(account, _key(foreign), is_host_met=known.is_host_met)
    base = addresses.base_of(foreign.uri)
    if nodeinfo.is_wanted(base):
        events.tell(HostMet(base, account.shared_inbox or account.inbox or ""))
    return account


def _name(account: Account, nickname: str) -> None:
    account.nickname, account.nickname_lower = nickname, nickname.casefold()


def _refreshed(account: Account | None, foreign: ForeignAccount, claim: Claim) -> Account:
    """The account with what the document says now. Its name stays: it was proved when the account was new."""
    if account is None or account.deleted or claim.gone:
        raise Gone("the account is gone")
    values = _values_of(foreign, account.profile)
    if values["display_lower"] != account.display_lower:
        index.reindex_account(account, store.renamed(account, values["display_lower"]))
    before = account.profile
    birthdays.expect(account.id, before, values["doc"])
    refreshed = store.refresh(account, values, _key(foreign))
    birthdays.settle(account.id, before, values["doc"])
    return refreshed


def _key(foreign: ForeignAccount) -> store.ForeignKey | None:
    return store.ForeignKey(foreign.key.id, foreign.key.pem) if foreign.key is not None else None


def _values_of(foreign: ForeignAccount, before: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of the profile, as the document gives them. `before`: the document of the profile until now."""
    host = addresses.host_of(foreign.uri)
    doc = {
        "display_name": foreign.display_name, "note_html": foreign.note_html,
        "avatar": None if host_policies.covers(host_policies.AVATAR_REMOVAL, host) else foreign.avatar,
        "header": None if host_policies.covers(host_policies.BANNER_REMOVAL, host) else foreign.header,
        "fields": [[name, html, html] for name, html in foreign.fields],
        "emojis": dict(foreign.emojis), **_wishes(foreign),
        "also_known_as": list(foreign.also_known_as), "moved_to": foreign.moved_to, "published": foreign.published,
        "url": foreign.url, "followers": foreign.followers, "following": foreign.following, "outbox": foreign.outbox,
        "featured": foreign.featured, "remote": before.get("remote"), "moved": _moved(foreign, before),
        "moved_at": before.get("moved_at"),
    }
    kept = {name: value for name, value in doc.items() if value} | {
        "accepts_chat_messages": foreign.accepts_chat_messages}
    if foreign.published is not None and foreign.published > time.time():
        del kept["published"]
    if documents.size(kept) > documents.LARGEST_PROFILE:
        raise Unreadable("too large a profile")
    return {
        "actor_type": foreign.actor_type, "locked": foreign.locked, "inbox": foreign.inbox,
        "shared_inbox": foreign.shared_inbox, "seen": int(time.time()), "failures": None,
        "missing_since": None, "doc": kept, "listed": accounts.listing(host, kept),
        "display_lower": foreign.display_name.casefold()[:LONGEST_DISPLAY_NAME],
    }


def _wishes(foreign: ForeignAccount) -> dict[str, Any]:
    """How the account wants to be found and shown."""
    return {
        "discoverable": foreign.discoverable, "indexable": foreign.indexable, "memorial": foreign.memorial,
        "suspended": foreign.suspended, "attribution_domains": list(foreign.attribution_domains),
        "avatar_description": foreign.avatar_description, "header_description": foreign.header_description,
        "birthday": foreign.birthday, "show_birthday": foreign.birthday is not None,
    }


def _moved(foreign: ForeignAccount, before: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Where the account is known to have gone, unless it does not say so any more. Some servers never say so."""
    moved: Mapping[str, Any] | None = before.get("moved")
    if moved is None or (foreign.moved_to is None and not before.get("moved_to")):
        return moved
    return moved if foreign.moved_to == moved["uri"] else None


def release_name(owner_id: str) -> None:
    """Let go of the name of an account that is gone at its server, so that another one there can have it."""
    owner = accounts.find(owner_id)
    if owner is not None and owner.host is not None:
        store.give_up_name(owner, f"{owner.id}.{owner.nickname}")
