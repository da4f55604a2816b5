"""What is left of an account: every table and the bucket are searched for its id, names and statuses.

Only this file scans tables. What others wrote stays, even where it names the account that is gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chalicelib.settings import settings
from infra import resources
from tests.simulated_aws import LocalAws

Item = dict[str, Any]

# Attributes of what others wrote that may still name an account or a status of it: whom it addressed, answered or
# quoted, the thread it belongs to, and its own words.
OTHERS_WORDS = {
    "statuses": {"to", "thread", "doc"}, "feeds": {"to", "t", "p", "pw", "q", "qw", "feed"},
    "home": {"to", "t", "p", "pw", "q", "qw"}, "notifications": {"th", "q", "qw"}, "search": {"q", "qw"},
    "conversations": {"thread"},
}


@dataclass
class Contents:
    """Everything in tables and bucket at one moment."""

    items: dict[str, list[Item]]
    files: dict[str, bytes] = field(default_factory=dict)


def contents(aws: LocalAws) -> Contents:
    tables = [name.removeprefix(settings.table_prefix) for name in resources.table_names(settings.table_prefix)]
    return Contents({table: aws.items(table) for table in tables}, files(aws))


def files(aws: LocalAws) -> dict[str, bytes]:
    pages = aws.s3.get_paginator("list_objects_v2").paginate(Bucket=settings.bucket)
    keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
    return {key: aws.s3.get_object(Bucket=settings.bucket, Key=key)["Body"].read() for key in keys}


def restore(aws: LocalAws, before: Contents) -> None:
    """Make tables and bucket what they were, and queues empty."""
    aws.wipe()
    for table, items in before.items.items():
        aws.put_items(table, items)
    for key, data in before.files.items():
        aws.s3.put_object(Bucket=settings.bucket, Key=key, Body=data)


def of(aws: LocalAws, account_id: str, also: Iterable[str] = (), *, ours: frozenset[str] = frozenset()) -> list[str]:
    """Places that still name the account, or one of `also` (its statuses, address …): `table: item`.

    Left out are the husk and the claim of its nickname, and what `OTHERS_WORDS` names in items of others.
    `ours`: tables not looked at.
    """
    now = contents(aws)
    names = [account_id, *also]
    found = [f"{table}: {json.dumps(item, default=str)[:300]}" for table, items in now.items.items()
             if table not in ours for item in items
             if not _is_husk(table, item, account_id) and _names(table, item, account_id, names)]
    return found + [f"file: {key}" for key in now.files if any(name in key for name in names)]


def _is_husk(table: str, item: Item, account_id: str) -> bool:
    if table == "claims":
        return item["key"]["S"].startswith("n#") and item["id"]["S"] == account_id
    return table == "accounts" and item["id"]["S"] == account_id and item["part"]["S"] == "P"


def _names(table: str, item: Item, account_id: str, names: list[str]) -> bool:
    writer = (item.get("author") or item.get("w") or item.get("acct") or {}).get("S")
    words = OTHERS_WORDS.get(table, set()) if writer != account_id else set()
    if table == "feeds" and not item["feed"]["S"].startswith("t#"):
        words = words - {"feed"}
    text = " ".join(_texts({name: value for name, value in item.items() if name not in words}))
    return any(name in text for name in names)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _texts(each)
    elif isinstance(value, (list, tuple, set)):
        for each in value:
            yield from _texts(each)
    else:
        yield str(value)
