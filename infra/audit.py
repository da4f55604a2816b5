"""`python -m infra.audit`: prove that every file in the bucket is named by a table, or expires by itself, that the
counts of accounts by their standing are right, and that statuses of other servers end together with their rows.

Reads the same environment as the application. With KENOMA_STAGE=local, or without it, the stage is the one in the data
folder, and no server may be using that. Else it is the deployed stage that the environment names. Ends with exit code 1
and a list of files if there are some that nothing names.

Bucket and tables are read page by page into a temporary file, so their size does not matter. The bucket is read first,
then the tables, so that the row of a listed file is there when the tables are read.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra import resources

STATIC = Path(__file__).with_name("static")
GRACE = 1200
"""Seconds. A row is written at most so long after its file: no function runs longer."""
AT_ONCE = 500
Item = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Source:
    """A table that names files: the attributes to read, and the paths (or folders) that an item names."""

    table: str
    attributes: tuple[str, ...]
    paths: Callable[[Item], Iterable[str]]


def _text(item: Item, name: str) -> str:
    return str(item.get(name, {}).get("S", ""))


def _uploads(item: Item) -> Iterator[str]:
    yield f"media/{_text(item, 'object')}"


def _profiles(item: Item) -> Iterator[str]:
    """Pictures of a profile, and the mascot among the preferences."""
    part = _text(item, "part")
    if part == "P":
        profile = json.loads(_text(item, "doc") or "{}")
        for name in ("avatar", "header", "background"):
            path = profile.get(name)
            if isinstance(path, str) and path.startswith("/"):
                yield path.removeprefix("/")
    if part == "F":
        mascot = json.loads(_text(item, "mascot") or "null")
        if isinstance(mascot, dict) and mascot.get("object"):
            yield f"media/{mascot['object']}"


def _backups(item: Item) -> Iterator[str]:
    if _text(item, "file"):
        yield f"media/backups/{_text(item, 'file')}"


def _emoji(item: Item) -> Iterator[str]:
    """The pictures of the packs, each pack's own list of them, and the folder of a pack that is being changed."""
    pack, _, _ = _text(item, "k").partition("\x01")
    if _text(item, "kind") == "files":
        yield f"emoji/{pack}/{_text(item, 'path')}"
    if _text(item, "kind") == "packs":
        yield f"emoji/{pack}/pack.json"
    if _text(item, "kind") == "work":
        yield f"emoji/{_text(item, 'pack')}/"


def _frontends(item: Item) -> Iterator[str]:
    """The folder of each version, and the list beside it. One that is not whole is being installed or removed."""
    if _text(item, "kind") == "frontends":
        for name, versions in json.loads(_text(item, "doc") or "{}").get("installed", {}).items():
            for ref in versions:
                yield f"frontends/{name}/{ref}/"
                yield f"frontends/{name}/{ref}.json"


SOURCES = (
    Source("media", ("object",), _uploads),
    Source("accounts", ("part", "doc", "mascot"), _profiles),
    Source("backups", ("file",), _backups),
    Source("instance", ("kind", "doc"), _frontends),
    Source("emoji", ("kind", "k", "path", "pack"), _emoji),
)


@dataclass
class Report:
    """What was found. `young`: files that may be too new for their rows. `lost`: files that nothing names."""

    files: int = 0
    named: int = 0
    expiring: int = 0
    young: int = 0
    lost: Sequence[str] = ()


def audit(dynamodb: Any, s3: Any, *, table_prefix: str, bucket: str, expiring: Sequence[str],
          grace: float = GRACE) -> Report:
    """Compare the bucket with the tables. `expiring`: the prefixes whose files the bucket deletes by itself."""
    with _listing() as listing:
        _write(listing, "INSERT OR IGNORE INTO files (path, modified) VALUES (?, ?)", _in_bucket(s3, bucket))
        _write(listing, "INSERT OR IGNORE INTO named (path) VALUES (?)",
               ((path,) for path in _named(dynamodb, table_prefix)))
        return _report(listing, expiring, time.time() - grace)


@contextmanager
def _listing() -> Iterator[sqlite3.Connection]:
    """A database in a temporary file, which is deleted at the end."""
    with tempfile.TemporaryDirectory() as folder:
        listing = sqlite3.connect(Path(folder) / "listing")
        listing.executescript("""
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000;
            CREATE TABLE files (path TEXT PRIMARY KEY, modified REAL) WITHOUT ROWID;
            CREATE TABLE named (path TEXT PRIMARY KEY) WITHOUT ROWID;
        """)
        try:
            yield listing
        finally:
            listing.close()


def _write(listing: sqlite3.Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    listing.executemany(statement, rows)
    listing.commit()


def _in_bucket(s3: Any, bucket: str) -> Iterator[tuple[str, float]]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for each in page.get("Contents", ()):
            yield each["Key"], each["LastModified"].timestamp()


def _named(dynamodb: Any, table_prefix: str) -> Iterator[str]:
    """Every path that a table names, and those of the files that come with the server."""
    for file in STATIC.glob("*/*"):
        yield file.relative_to(STATIC).as_posix()
    for source in SOURCES:
        names = {f"#{place}": name for place, name in enumerate(source.attributes)}
        pages = dynamodb.get_paginator("scan").paginate(
            TableName=table_prefix + source.table, ConsistentRead=True, Limit=AT_ONCE,
            ProjectionExpression=", ".join(names), ExpressionAttributeNames=names,
        )
        for page in pages:
            for item in page["Items"]:
                yield from source.paths(item)


def _report(listing: sqlite3.Connection, expiring: Sequence[str], old: float) -> Report:
    report = Report()
    report.files, = listing.execute("SELECT count(*) FROM files").fetchone()
    report.named, = listing.execute("SELECT count(*) FROM files JOIN named USING (path)").fetchone()
    folders = tuple(path for path, in listing.execute("SELECT path FROM named WHERE path LIKE '%/'"))
    lost = []
    for path, modified in listing.execute("SELECT path, modified FROM files LEFT JOIN named USING (path) "
                                          "WHERE named.path IS NULL ORDER BY path"):
        if path.startswith(tuple(expiring)):
            report.expiring += 1
        elif path.startswith(folders):
            report.named += 1
        elif modified > old:
            report.young += 1
        else:
            lost.append(path)
    report.lost = lost
    return report


def expiring_prefixes(s3: Any, bucket: str, *, is_local: bool) -> list[str]:
    """The folders whose files the bucket deletes after a while, by its own rules.

    The local stage's bucket has no rules. There, the rules of a deployed bucket are used.
    """
    try:
        rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchLifecycleConfiguration":
            raise
        rules = _rules_of_the_template() if is_local else []
    enabled = [rule for rule in rules if rule["Status"] == "Enabled" and ("Expiration" in rule
                                                                          or "ExpirationInDays" in rule)]
    prefixes = [rule.get("Prefix") or rule.get("Filter", {}).get("Prefix") for rule in enabled]
    return [prefix for prefix in prefixes if prefix]


def _rules_of_the_template() -> list[dict[str, Any]]:
    bucket = resources.load()["Resources"]["MediaBucket"]
    rules: list[dict[str, Any]] = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    return rules


def tell(report: Report) -> int:
    """Print the report. Answers the exit code."""
    for path in report.lost:
        print(f"nothing leads to {path}")
    print(f"{report.files} files: {report.named} named by tables, {report.expiring} that expire, "
          f"{report.young} too new to judge, {len(report.lost)} that nothing leads to")
    return 1 if report.lost else 0


def miscounted() -> list[str]:
    """What is wrong with the standings of accounts, with how many accounts have each, and with how many other servers
    are known. What changes while this reads may be told too.
    """
    from chalicelib.store.accounts import accounts, standings
    from chalicelib.store.federation import host_rows
    from chalicelib.store.instance import counters

    wrong: list[str] = []
    found: Counter[str] = Counter()
    after, is_all = None, False
    while not is_all:
        page = accounts.walk(after)
        wrong += [f"the standing of {each.nickname} is {each.standing}, not {standings.of(each).text}"
                  for each in page.records if not standings.is_right(each)]
        found.update(each.standing for each in page.records if each.standing is not None)
        after, is_all = page.after, page.after is None
    counted = counters.standings()
    hosts, met = counters.statistics(strong=True).hosts, sum(each.is_met for each in host_rows.list_servers())
    wrong += [f"{hosts} other servers are counted, and there are {met}"] if hosts != met else []
    return wrong + [f"{counted.get(text, 0)} accounts are counted as {text}, and there are {found[text]}"
                    for text in sorted({*counted, *found}) if counted.get(text, 0) != found[text]]


def tell_miscounted(wrong: Sequence[str]) -> int:
    """Print what is wrong. Answers the exit code."""
    for line in wrong:
        print(line)
    print(f"{len(wrong)} faults in the counts of accounts")
    return 1 if wrong else 0


def ending_apart() -> list[str]:
    """Which statuses of other servers do not end when the claims of their uris and their rows do. What changes while
    this reads may be told too.
    """
    from chalicelib.store.federation import keeping
    from chalicelib.store.statuses import statuses

    wrong: list[str] = []
    after, is_all = None, False
    while not is_all:
        page = statuses.walk(after)
        wrong += [f"{uri} and its rows do not end together" for uri in keeping.find_ending_apart(page.records)]
        after, is_all = page.after, page.after is None
    return wrong


def tell_ending_apart(wrong: Sequence[str]) -> int:
    """Print what is wrong. Answers the exit code."""
    for line in wrong:
        print(line)
    print(f"{len(wrong)} statuses of other servers that do not end together with their rows")
    return 1 if wrong else 0


def run(grace: float) -> int:
    import boto3

    from chalicelib.settings import settings

    settings.load(os.environ)
    dynamodb, s3 = boto3.client("dynamodb"), boto3.client("s3")
    prefixes = expiring_prefixes(s3, settings.bucket, is_local=settings.is_local)
    files = tell(audit(dynamodb, s3, table_prefix=settings.table_prefix, bucket=settings.bucket, expiring=prefixes,
                       grace=grace))
    return max(files, tell_miscounted(miscounted()), tell_ending_apart(ending_apart()))


def main() -> None:
    parser = argparse.ArgumentParser(description="Look for files that nothing leads to, and for what does not agree.")
    parser.add_argument("--grace", type=float, default=GRACE, metavar="SECONDS",
                        help="files newer than this are not judged (%(default)s)")
    grace = parser.parse_args().grace
    if os.environ.get("KENOMA_STAGE", "local") != "local" or "AWS_ENDPOINT_URL_S3" in os.environ:
        sys.exit(run(grace))
    from infra.local.ending import CannotStart
    from infra.local.environment import data_folder
    from infra.local.stage import local_stage

    try:
        with local_stage(data_folder(), "http://127.0.0.1:8000"):
            code = run(grace)
    except CannotStart as reason:
        sys.exit(str(reason))
    sys.exit(code)


if __name__ == "__main__":
    main()
