"""Bans: URLs of files that a media proxy must not pass on. One row of `instance` each, in the order of the URLs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..dynamo.attributes import UnicodeAttribute
from ..dynamo.table import Record, Table, named, write_batch

KIND = "ban"
LONGEST_KEY = 1_024
"""Bytes. What DynamoDB takes as a sort key."""
KEPT = 900
PAGES = 4
"""Calls that one reading makes at most. Each reads a megabyte, some five thousand URLs."""


class Ban(Record):
    """A banned URL. Asked: all, or those that contain a text, in the order of the URLs (query, filtered)."""

    class Meta(Table):
        table_name = named("instance")

    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    url = UnicodeAttribute()
    sought = UnicodeAttribute()
    """The URL in lower case."""


@dataclass(frozen=True)
class Banned:
    """Some of the URLs that match, and how many match in all."""

    urls: list[str]
    count: int


def add(urls: Iterable[str]) -> None:
    """Ban URLs. Those that are banned stay so."""
    write_batch(puts=[Ban(KIND, _key(url), url=url, sought=url.casefold()) for url in _each_once(urls)])


def remove(urls: Iterable[str]) -> None:
    """Ban URLs no longer. Those that are not banned are ignored."""
    write_batch(deletes=[Ban.stub(KIND, _key(url)) for url in _each_once(urls)])


def find(text: str, skip: int, size: int) -> Banned:
    """A page of the banned URLs that contain a text, in any letter case. Empty: of all."""
    condition = Ban.sought.contains(text.casefold()) if text else None
    urls: list[str] = []
    after: Any = None
    for _ in range(PAGES):
        page = Ban.page(KIND, filter_condition=condition, consistent_read=True, attributes_to_get=["url"],
                        exclusive_start_key=after)
        urls += [item["url"]["S"] for item in page["Items"]]
        after = page.get("LastEvaluatedKey")
        if after is None:
            break
    return Banned(urls[skip:skip + size], len(urls))


def _each_once(urls: Iterable[str]) -> Sequence[str]:
    return [url for url in dict.fromkeys(urls) if url]


def _key(url: str) -> str:
    """The URL itself, or the beginning of a long one with the hash of all of it."""
    encoded = url.encode()
    if len(encoded) <= LONGEST_KEY:
        return url
    return encoded[:KEPT].decode(errors="ignore") + hashlib.sha256(encoded).hexdigest()
