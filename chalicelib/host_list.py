"""Lists of hosts, as settings spell them: `far.example, *.near.example|they send nothing but advertisements`.

`host` names that host, `*.host` also all hosts below it. A host with a port is that port alone, one without a port has
all of them. What follows `|` is the reason why it is listed, where `%2C` is a comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

BELOW = "*."
HTTPS = ":443"
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_LITERAL = re.compile(r"\[[0-9a-f:.]+\]")
_PORT = re.compile(r"(.*?)(:[0-9]*)?", re.DOTALL)


class ListedHost(NamedTuple):
    pattern: str
    reason: str = ""


@lru_cache(maxsize=64)
def read(text: str) -> tuple[ListedHost, ...]:
    """The hosts of a list, each once. What is no host is passed over."""
    found: dict[str, ListedHost] = {}
    for entry in text.split(","):
        host, _, reason = entry.partition("|")
        pattern = normal(host)
        if pattern is not None:
            found.setdefault(pattern, ListedHost(pattern, unquote(reason).strip()))
    return tuple(found.values())


@lru_cache(maxsize=64)
def without(text: str, left_out: str) -> tuple[ListedHost, ...]:
    """The hosts of a list that are not on another one."""
    patterns = {each.pattern for each in read(left_out)}
    return tuple(each for each in read(text) if each.pattern not in patterns)


def written(hosts: Iterable[tuple[str, str]]) -> str:
    """The text of a list, from hosts and reasons."""
    pairs = [(normal(host) or "", "".join(filter(str.isprintable, " ".join(reason.split())))) for host, reason in hosts]
    return ", ".join(f"{host}|{reason.replace('%', '%25').replace(',', '%2C')}" if reason else host
                     for host, reason in pairs)


def normal(host: str) -> str | None:
    """A host as it is compared: lower-case, in ASCII, with the port if there is one but https'. None: it is no host."""
    host = host.strip()
    below = BELOW if host.startswith(BELOW) else ""
    name, port = _PORT.fullmatch(host.removeprefix(BELOW)).groups("")  # type: ignore[union-attr]  # it fits any text
    found = ascii_host(name)
    if found is None or port == ":" or (found.startswith("[") and not _LITERAL.fullmatch(found)):
        return None
    return below + found + ("" if port == HTTPS else port)


def ascii_host(host: str) -> str | None:
    """The name of a host in lower-case ASCII, without the port. None: no host has such a name."""
    if host.startswith("["):
        return host.lower()
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = name.split(".")
    return name if len(name) <= 253 and all(map(_LABEL.fullmatch, labels)) else None


@lru_cache(maxsize=4_096)
def has(text: str, host: str) -> bool:
    """Whether a list covers a host, which may have a port."""
    whole = host.casefold()
    return any(covers(each.pattern, name) for each in read(text) for name in {whole, whole.partition(":")[0]})


def covers(pattern: str, host: str) -> bool:
    """Whether a pattern is this host, or has it below it."""
    if pattern.startswith(BELOW):
        return host == pattern[2:] or host.endswith(pattern[1:])
    return host == pattern
