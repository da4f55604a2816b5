"""What the names of a list stand for: accounts here, known accounts of other servers, and those that must be asked for.

    where(name)                where an account is, by what the text alone tells
    host_of(name, kind)        the other server that the name is of, whatever it names
    find_known(names, kind)    the ids of those that are known here, in one round
    ask(name, kind)            ask its server; answers the name by which it is known here then
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ....settings import settings
from ....store.relationships import imports as store
from ...federation import addresses, own_statuses, resolving
from ...refusals import NotFound
from ..following import local_nickname, name_in_address

BOOKMARKS = "bookmarks"


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


def host_of(name: str, kind: str) -> str | None:
    """The other server that a name of a list of this kind is of. None: it is of none."""
    if kind != BOOKMARKS:
        return where(name).host
    is_there = settings.federating and addresses.is_foreign(name, fragment=True)
    return addresses.host_of(name) if is_there else None


def ask(name: str, kind: str) -> str:
    """Ask another server for what a name means, and keep it. Raises NotFetched, Unreadable, and NameTaken."""
    if kind == BOOKMARKS:
        return resolving.ask_for_status(name).uri
    return str(resolving.ask_for_account(name, where(name).handle).nickname)


def find_known(names: Iterable[str], kind: str = "") -> dict[str, str]:
    """The ids of the accounts that are known here, by name; of bookmarks those of the statuses. One round."""
    return _known_statuses(names) if kind == BOOKMARKS else _known_accounts(names)


def _known_statuses(names: Iterable[str]) -> dict[str, str]:
    known = {}
    foreign = []
    for name in names:
        try:
            known[name] = own_statuses.id_in(name)
        except NotFound:
            foreign.append(name)
    return known | store.find_statuses(foreign)


def _known_accounts(names: Iterable[str]) -> dict[str, str]:
    places = {name: where(name) for name in names}
    nicknames = [each.nickname for each in places.values() if each.nickname]
    uris = [each.address for each in places.values() if each.address]
    owners = store.find_owners(nicknames, uris)
    ids = {name: owners.by_uri.get(each.address or "") or owners.by_nickname.get(each.nickname or "")
           for name, each in places.items()}
    return {name: id for name, id in ids.items() if id is not None}
