"""What the names of a list stand for: accounts here, known accounts of other servers, and those that must be asked for.

    where(name)           what the text alone tells
    find_known(names)     the ids of those that are known here, in one round
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...settings import settings
from ...store.relationships import imports as store
from ..federation import addresses
from .following import local_nickname, name_in_address


@dataclass(frozen=True)
class NamePlace:
    """Where a name belongs. `nickname`: under which it would be known here. `host`: the other server, if it is one.

    `handle`: name and host, by which it is asked for there. None: it is asked for by its address.
    """

    nickname: str | None = None
    host: str | None = None
    handle: tuple[str, str] | None = None
    address: str | None = None


def where(name: str) -> NamePlace:
    """Where the name belongs. Without a nickname and a host it cannot be of any account."""
    nickname = local_nickname(name)
    if nickname is not None or not settings.federating:
        return NamePlace(nickname)
    if not name.lower().startswith(("http://", "https://")):
        return _at(addresses.handle_in(name))
    shown = addresses.handle_in(name_in_address(name))
    host = addresses.host_of(name)
    if shown is not None and shown[1] != host:  # the page of an account at a third server
        return _at(shown)
    if not addresses.is_foreign(name, fragment=True):
        return NamePlace()
    return NamePlace("@".join(shown).casefold() if shown is not None else None, host, None, name)


def _at(handle: tuple[str, str] | None) -> NamePlace:
    return NamePlace("@".join(handle).casefold(), handle[1], handle) if handle is not None else NamePlace()


def find_known(names: Iterable[str]) -> dict[str, str]:
    """The ids of the accounts that are known here, by name. One round."""
    places = {name: where(name) for name in names}
    nicknames = [each.nickname for each in places.values() if each.nickname]
    uris = [each.address for each in places.values() if each.address]
    owners = store.find_owners(nicknames, uris)
    ids = {name: owners.by_uri.get(each.address or "") or owners.by_nickname.get(each.nickname or "")
           for name, each in places.items()}
    return {name: id for name, id in ids.items() if id is not None}
