"""The one door to other servers. It fetches from an address or posts to it, and never reaches one that is not public.

The name is resolved first, and every address it has must be public. The connection is made to an address that was
checked, so that a second answer of the name server changes nothing. Every redirect is checked again. The whole exchange
has a limit of time and of bytes. Only the ports of the web are connected to, and those of a setting. On the local stage
this machine is allowed too, at any port.

Where servers speak to each other, `document` and `deliver` demand more: `allows` says which addresses are right there.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException
from typing import Any
from urllib.parse import urljoin

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from .settings import settings

CONNECT_SECONDS = 3
READ_SECONDS = 5
MOST_SECONDS = 10
MOST_BYTES = 1_000_000
MOST_HOPS = 3
LONGEST_URL = 2_048
PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
SAME_REQUEST = frozenset({307, 308})
"""Redirects that ask for the same method and body at another address."""
MOST_BYTES_OF_A_RECEIPT = 64_000
_CHUNK = 16_384
# Of IPv6 only what is given out to networks of the public, and the translation of IPv4 addresses. `is_global` takes
# everything for public that no list mentions: fec0::/10, 64:ff9b:1::/48, ::a.b.c.d, ::ffff:0:a.b.c.d.
_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_MAPPED = ipaddress.ip_network("::ffff:0:0/96")
# Parts of what is left that belong to nobody, which some editions of Python call public.
_NOBODYS = tuple(map(ipaddress.ip_network, (
    "192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20")))
_ISATAP = (0x00005EFE, 0x02005EFE)
"""These bits before the last 32 of an IPv6 address say that the last 32 are an IPv4 address."""
_resolvers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolve")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Signer = Callable[[str, str, str], Mapping[str, str]]
"""Gives the headers that sign a request: called with the method, the host, and the target (path and query)."""


class Unreachable(Exception):
    """The address must not be fetched, or nothing usable came back. The text names only the kind of fault."""


class Silent(Unreachable):
    """The server did not answer, or too slowly."""


@dataclass(frozen=True)
class Fetched:
    """What came back. `url` is the address after all redirects. The names of `headers` are in lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def fetch(url: str, *, accept: str = "*/*", most_bytes: int = MOST_BYTES, seconds: float = MOST_SECONDS,
          cut: bool = False, secure: bool = False) -> Fetched:
    """GET an http or https address. A reply of any status is a result. Raises Unreachable.

    `cut`: take the first `most_bytes` of a longer body. Without it, a longer body is a failure.
    `secure`: by https only, also after redirects. The local stage takes http all the same.
    """
    limit = _Limit(most_bytes, time.monotonic() + seconds, cut)
    for _ in range(MOST_HOPS + 1):
        if secure and not settings.is_local and _parsed(url).scheme != "https":
            raise Unreachable("no address of https")
        fetched = _exchange("GET", url, {"Accept": accept}, None, limit)
        location = fetched.headers.get("location")
        if fetched.status not in REDIRECTS or not location:
            return fetched
        url = _joined(url, location)
    raise Unreachable("too many redirects")


def post(url: str, body: bytes, headers: Mapping[str, str], *, most_bytes: int = MOST_BYTES,
         seconds: float = MOST_SECONDS) -> Fetched:
    """POST to an http or https address. A reply of any status is a result, a redirect too. Raises Unreachable."""
    return _exchange("POST", url, {"Accept": "*/*", **headers}, body, _Limit(most_bytes, time.monotonic() + seconds))


# Where servers speak to each other.


def allows(url: str) -> bool:
    """Whether an address may stand for something at another server, and be asked or sent to.

    By https, at the port of https or one of the setting, at a host with a name that is not ours. The local stage takes
    http, bare IP addresses and every port too. This looks at the text alone; what a name leads to is looked at later.
    """
    try:
        parts = _parsed(url)
    except Unreachable:
        return False
    host, port = _host(parts), _port(parts)
    if settings.is_local:
        return host is not None and (host, port) != _place(settings.base_url)
    return (parts.scheme == "https" and host is not None and host != _place(settings.base_url)[0]
            and not _is_literal(host) and (port == PORTS["https"] or port in settings.open_ports - {PORTS["http"]}))


@lru_cache(maxsize=4)
def _place(url: str) -> tuple[str | None, int]:
    """Host and port of an address."""
    parts = _parsed(url)
    return _host(parts), _port(parts)


def document(url: str, accept: str, *, signer: Signer | None = None, most_bytes: int = MOST_BYTES,
             seconds: float = MOST_SECONDS) -> Fetched:
    """GET from another server. Every hop is checked, and signed anew. A reply of any status is a result.

    Raises Unreachable, for a compressed reply too.
    """
    limit = _Limit(most_bytes, time.monotonic() + seconds, patient=True)
    for _ in range(MOST_HOPS + 1):
        fetched = _plain(_exchange("GET", _allowed_url(url), {"Accept": accept}, None, limit, signer))
        location = fetched.headers.get("location")
        if fetched.status not in REDIRECTS or not location:
            return fetched
        url = _joined(url, location)
    raise Unreachable("too many redirects")


def deliver(url: str, body: bytes, signer: Signer) -> Fetched:
    """POST to an inbox of another server. Follows one redirect, if it is for a POST and to the same host.

    A reply of any status is a result. Only the beginning of it is read. Raises Unreachable.
    """
    limit = _Limit(MOST_BYTES_OF_A_RECEIPT, time.monotonic() + MOST_SECONDS, cut=True, patient=True)
    fetched = _exchange("POST", _allowed_url(url), {"Accept": "*/*"}, body, limit, signer)
    location = fetched.headers.get("location")
    if fetched.status not in SAME_REQUEST or not location:
        return fetched
    there = _joined(url, location)
    old, new = _parsed(url), _parsed(there)
    if (old.scheme, _host(old), _port(old)) != (new.scheme, _host(new), _port(new)):
        return fetched
    return _exchange("POST", _allowed_url(there), {"Accept": "*/*"}, body, limit, signer)


def _allowed_url(url: str) -> str:
    if not allows(url):
        raise Unreachable("not an address of another server")
    return url


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise Unreachable("no address") from error


def _plain(fetched: Fetched) -> Fetched:
    if fetched.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise Unreachable("compressed")
    return fetched


def _host(parts: Url) -> str | None:
    """The host as it is compared: lower-case, in ASCII, without a dot at the end. None: no host has such a name."""
    host = (parts.host or "").lower()
    if host.startswith("["):
        return host
    try:
        return host.encode("idna").decode("ascii").lower().removesuffix(".") or None
    except UnicodeError:
        return None


def _port(parts: Url) -> int:
    return PORTS[parts.scheme or ""] if parts.port is None else parts.port


def _is_literal(host: str) -> bool:
    """Whether a host is an IP address, in any spelling that libraries take for one: `127.1`, `0x7f000001`."""
    last = host.rpartition(".")[2]
    return host.startswith("[") or last.isdecimal() or last.startswith("0x")


# One request.


@dataclass(frozen=True)
class _Limit:
    """How many bytes may come, and until when. A longer body is cut or refused.

    `patient`: the reply may begin as late as the whole exchange may end.
    """

    most_bytes: int
    deadline: float
    cut: bool = False
    patient: bool = False


def _exchange(method: str, url: str, wanted: Mapping[str, str], sent: bytes | None, limit: _Limit,
              signer: Signer | None = None) -> Fetched:
    """Make one request. Answers the reply."""
    deadline = limit.deadline
    parts = _parsed(url)
    port = _port(parts)
    host = (parts.host if port == PORTS[parts.scheme or ""] else parts.netloc) or ""
    addresses = _public_addresses((parts.host or "").strip("[]"), port, deadline)
    headers = {
        **wanted, **(signer(method, host, parts.request_uri) if signer is not None else {}), "Host": host,
        "Accept-Encoding": "identity", "Connection": "close", "User-Agent": f"Kenoma (+{settings.base_url})",
    }
    open_ones: list[HTTPConnection] = []
    over = threading.Timer(_left(deadline), _cut, [open_ones])
    over.daemon = True
    over.start()
    try:
        connection = _connected(parts, addresses, port, deadline, open_ones)
        connection.timeout = _left(deadline) if limit.patient else min(_left(deadline), READ_SECONDS)
        connection.request(method, parts.request_uri, body=sent, headers=headers, preload_content=False,
                           decode_content=False)
        reply = connection.getresponse()
        return Fetched(url, reply.status, {name.lower(): value for name, value in reply.headers.items()},
                       _body(reply, limit))
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise Silent(type(error).__name__) from error
    finally:
        over.cancel()
        for each in open_ones:
            each.close()


def _parsed(url: str) -> Url:
    if len(url) > LONGEST_URL:
        raise Unreachable("address too long")
    try:
        parts = parse_url(url)
    except (LocationParseError, UnicodeError, ValueError) as error:
        raise Unreachable("no address") from error
    if parts.scheme not in PORTS or not parts.host:
        raise Unreachable("no address of http or https")
    if parts.auth is not None:
        raise Unreachable("address with a name or password")
    return parts


# Which addresses may be connected to.


def _public_addresses(host: str, port: int, deadline: float) -> list[str]:
    """Every address of the host. Raises Unreachable when one of them is not public."""
    asked = _resolvers.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        answers = asked.result(timeout=min(_left(deadline), CONNECT_SECONDS))
    except (OSError, UnicodeError, TimeoutError) as error:
        raise Silent("name not resolved") from error
    addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not addresses or not all(_allowed(address) for address in addresses):
        raise Unreachable("not a public address")
    if port not in settings.open_ports and not all(_is_this_machine(address) for address in addresses):
        raise Unreachable("not a port of the web")
    return addresses


def _is_this_machine(text: str) -> bool:
    """Whether an address is this machine's own. On the local stage alone it counts."""
    return settings.is_local and ipaddress.ip_address(text).is_loopback


def _allowed(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:  # one with a zone, which belongs to this network only
        return False
    return _is_this_machine(text) or all(map(_is_public, _meant(address)))


def _is_public(address: Address) -> bool:
    if address.version == 6 and not any(address in network for network in (_UNICAST, _NAT64, _MAPPED)):
        return False
    return (address.is_global and not address.is_multicast
            and not any(address in network for network in _NOBODYS))


def _meant(address: Address) -> list[Address]:
    """The address, and the IPv4 address that it contains."""
    inside: list[Any] = []
    if isinstance(address, ipaddress.IPv6Address):
        inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64 or int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
            inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [address, *(each for each in inside if each is not None)]


# The connection.


def _connected(parts: Url, addresses: list[str], port: int, deadline: float,
               open_ones: list[HTTPConnection]) -> HTTPConnection:
    """A connection to the first address that answers. Every connection that is opened is put into `open_ones`."""
    failure: Exception = OSError()
    for address in addresses:
        connection = _connection(parts, address, port, min(_left(deadline), CONNECT_SECONDS))
        open_ones.append(connection)
        try:
            connection.connect()
        except (HTTPError, OSError, ValueError) as error:
            failure = error
        else:
            return connection
    raise Silent(type(failure).__name__) from failure


def _connection(parts: Url, address: str, port: int, timeout: float) -> HTTPConnection:
    if parts.scheme == "http":
        return HTTPConnection(address, port, timeout=timeout)
    host = (parts.host or "").strip("[]")
    return HTTPSConnection(address, port, timeout=timeout, server_hostname=host, assert_hostname=host)


def _cut(open_ones: list[HTTPConnection]) -> None:
    """Close the connections that another thread waits for."""
    for connection in open_ones:
        with suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _body(reply: Any, limit: _Limit) -> bytes:
    body = bytearray()
    while chunk := reply.read1(_CHUNK):
        body += chunk
        if len(body) > limit.most_bytes and not limit.cut:
            raise Unreachable("too much")
        if len(body) >= limit.most_bytes and limit.cut:
            return bytes(body[:limit.most_bytes])
        _left(limit.deadline)
    if time.monotonic() >= limit.deadline:
        raise Silent("too slow")
    return bytes(body)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise Silent("too slow")
    return left
