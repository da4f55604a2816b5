"""Addresses, by which servers name things: those of this server, and which of other servers count.

An address of ours tells what it names: the nickname, or the flake as a UUID. It is never looked up and never fetched.
An address of another server is kept as it was received, and compared letter by letter.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from ... import outside
from ...host_list import ascii_host
from ...ids import flake_of, uuid_of
from ...settings import settings

LONGEST = 2_048
PORTS = {"http": 80, "https": 443}
SERVER_NAME = "internal.fetch"
"""The nickname of the account by which the server itself speaks."""
_UNFIT = re.compile(r"[\s\x00-\x20\x7f\\<>\"^`{|}]")
_HANDLE = re.compile(r"(?:acct:)?@?([A-Za-z0-9_.~-]{1,200})@([^@\s/?#]{1,253})", re.IGNORECASE)


class _Place(NamedTuple):
    scheme: str
    host: str


# What is ours.


def of_account(nickname: str) -> str:
    return f"{settings.base_url}/users/{nickname}"


def of_server_actor() -> str:
    return f"{settings.base_url}/internal/fetch"


def shared_inbox() -> str:
    return f"{settings.base_url}/inbox"


def of_object(flake: str) -> str:
    """The address of a status, a reblog or a chat message."""
    return f"{settings.base_url}/objects/{uuid_of(flake)}"


def of_activity(flake: str) -> str:
    """The address of an activity. That of a Create has the flake of its object."""
    return f"{settings.base_url}/activities/{uuid_of(flake)}"


def of_thread(flake: str) -> str:
    return f"{settings.base_url}/contexts/{uuid_of(flake)}"


def of_tag(name: str) -> str:
    return f"{settings.base_url}/tag/{name}"


def is_own(address: str) -> bool:
    """Whether an address has scheme, host and port of this server."""
    return _own_path(address, fragment=True) is not None


def account_in(address: str) -> str | None:
    """The nickname of the account that an address of ours names. It need not exist."""
    nickname = _below("/users/", address)
    return nickname if nickname and "/" not in nickname else None


def object_in(address: str) -> str | None:
    """The flake of the object that an address of ours names."""
    return flake_in(_below("/objects/", address))


def activity_in(address: str) -> str | None:
    """The flake of the activity that an address of ours names."""
    return flake_in(_below("/activities/", address))


def thread_in(address: str) -> str | None:
    """The flake of the thread that an address of ours names."""
    return flake_in(_below("/contexts/", address))


def _below(prefix: str, address: str) -> str | None:
    path = _own_path(address)
    return path.removeprefix(prefix) if path is not None and path.startswith(prefix) else None


def _own_path(address: str, *, fragment: bool = False) -> str | None:
    """The path of an address of ours, without a query, and unless allowed without a fragment. None: not ours."""
    parts = _parsed(address)
    if parts is None or _place(parts) != _place(urlsplit(settings.base_url)):
        return None
    if not fragment and ("?" in address or "#" in address):
        return None
    return parts.path


def flake_in(uuid: str | None) -> str | None:
    """The flake of the UUID at the end of an address, as we write it. Other spellings of a UUID name nothing."""
    flake = flake_of(uuid) if uuid else None
    return flake if flake is not None and uuid_of(flake) == uuid else None


# What is of others.


def is_foreign(address: object, *, fragment: bool = False) -> bool:
    """Whether this can be the address of something at another server.

    `outside.allows` says which. `fragment`: the address may have one, as those of activities may.
    """
    if not isinstance(address, str) or len(address) > LONGEST:
        return False
    parts = _parsed(address)
    if parts is None or ("#" in address and not fragment):
        return False
    return host_of(address) not in (None, host_of(settings.base_url)) and outside.allows(address)


def host_of(address: str) -> str | None:
    """The host of an address as it is compared: lower-case, in ASCII, with the port unless it is the scheme's own."""
    parts = _parsed(address)
    place = _place(parts) if parts is not None else None
    return place.host if place is not None else None


def handle_in(text: str) -> tuple[str, str] | None:
    """The name and host of `nick@host`, in any way to write it, if the host is not ours."""
    found = _HANDLE.fullmatch(text)
    host = host_of(f"https://{found[2]}") if found is not None else None
    if found is None or host is None or host in (settings.host.casefold(), settings.hostname.casefold()):
        return None
    return found[1], host


def is_followers_of(uri: str, actor: str) -> bool:
    """Whether this looks like the followers of an account, as nearly all servers spell it. It is nobody then."""
    return uri.rstrip("/") == f"{actor.rstrip('/')}/followers"


def base_of(address: str) -> str:
    """Scheme and host of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def are_of_one_host(*addresses: str) -> bool:
    """Whether all addresses have the same host. One without a host has none in common with any."""
    hosts = {host_of(each) for each in addresses}
    return len(hosts) == 1 and None not in hosts


def _parsed(address: str) -> SplitResult | None:
    """The parts of an address of the web. None: it is no such address, or names somebody before an `@`."""
    if _UNFIT.search(address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in PORTS and parts.hostname and "@" not in parts.netloc else None


def _place(parts: SplitResult) -> _Place | None:
    literal = ":" in (parts.hostname or "")
    host = ascii_host(f"[{parts.hostname}]" if literal else parts.hostname or "")
    if host is None:
        return None
    port = parts.port
    return _Place(parts.scheme, host if port in (None, PORTS[parts.scheme]) else f"{host}:{port}")
