"""Large worlds: written directly to the store, without endpoints, but as the same items that a job reads."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator

from chalicelib.domain.accounts import registration
from chalicelib.domain.backups import building
from chalicelib.domain.relationships.importing import imports
from chalicelib.domain.statuses import posting
from chalicelib.domain.statuses.drafts import Draft
from chalicelib.domain.viewer import Viewer
from chalicelib.ids import encode, new_flake
from chalicelib.settings import settings
from chalicelib.store import files
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import PROFILE, VIEWER_SET, Account, ViewerSet
from chalicelib.store.accounts.claims import Claim, nickname_claim
from chalicelib.store.backups import backups as backup_rows
from chalicelib.store.dynamo.table import Record, write_batch
from chalicelib.store.relationships import relations
from chalicelib.store.statuses.statuses import Status
from chalicelib.store.timelines import feeds
from chalicelib.store.timelines.feeds import FeedRow

from .world import TEXTS

CHUNK = 1_000
SECONDS_APART = 120


def make_accounts(count: int) -> list[Account]:
    """As many accounts as asked, which can be followed. Nobody ever signs in to them."""
    template = _person("template")
    people = []
    for start in range(0, count, CHUNK):
        rows: list[Record] = []
        for number in range(start, min(start + CHUNK, count)):
            values = dict(template.attribute_values)
            name = f"person{number}"
            values |= {"id": new_flake(), "nickname": name, "nickname_lower": name, "nickname_find": name}
            person = Account(values.pop("id"), PROFILE, **{k: v for k, v in values.items() if k != "part"})
            rows += [person, Claim(nickname_claim(name).hash, id=person.id, spelling=name)]
            people.append(person)
        write_batch(puts=rows)
    return people


def _person(nickname: str) -> Account:
    return registration.create_account(nickname, "bench", f"{nickname}@localhost.localdomain", password_hash="nobody")


def _viewer(account: Account) -> Viewer:
    there = accounts.find(account.id)
    assert there is not None
    return Viewer(there, ViewerSet(account.id, VIEWER_SET))


# The import.


def follower() -> Account:
    return _person(f"follower{time.time_ns()}")


def ask_import(by: Account, people: list[Account], count: int) -> None:
    lines = ["Account address,Show boosts", *(f"{each.nickname}@{settings.host},true" for each in people[:count])]
    imports.start("\r\n".join(lines), "following", by=_viewer(by))


def judge_import(by: Account, people: list[Account], count: int) -> str:
    """Whether everybody is followed, and counted once on both sides."""
    expected = {each.id for each in people[:count]}
    followed: set[str] = set()
    after = None
    while True:
        ids, after = relations.following_ids(by.id, after=after)
        followed |= set(ids)
        if not after:
            break
    there = accounts.find(by.id)
    if followed != expected or there is None or there.following_count != count:
        return f"{len(followed)} of {count} followed, {there and int(there.following_count)} counted"
    return "whole"


# The backup.


def writer() -> Account:
    return _person("writer")


def write_statuses(by: Account, count: int, say: Callable[[str], None]) -> list[str]:
    """Write statuses of many years, oldest first. Answers their uris."""
    viewer = _viewer(by)
    texts = [text for text in TEXTS if "{name}" not in text]
    templates = [posting.post(Draft(text, preview=True), viewer)[0] for text in texts]
    first = int(time.time()) - (count + 1) * SECONDS_APART
    uris = []
    for start in range(0, count, CHUNK):
        rows: list[Record] = []
        for number in range(start, min(start + CHUNK, count)):
            id = encode(((first + number * SECONDS_APART) * 1000 << 64) | (0x5EED << 16))
            values = dict(templates[number % len(templates)].attribute_values) | {"thread": id, "counted": True}
            status = Status(id, **{name: value for name, value in values.items() if name != "id"})
            rows += [status, feeds.row_of(status, FeedRow, f"a#{by.id}")]
            uris.append(status.uri)
        write_batch(puts=rows)
        if (start // CHUNK) % 20 == 0:
            say(f"{start:,} of {count:,} statuses are there")
    return uris


def ask_backup(by: Account) -> str:
    """Begin a backup, however recent the last one is. Answers its file."""
    building.request_for(by.nickname, None)
    return str(backup_rows.list_of(by.id)[0][0].name)


def judge_backup(name: str, expected: list[str]) -> str:
    """Whether every status is in the file, once, in order."""
    data = files.get(backup_rows.FOLDER + name)
    if data is None:
        return "no file"
    archive = zipfile.ZipFile(io.BytesIO(data))
    number = -1
    for number, line in enumerate(archive_lines(archive, "outbox.json")):
        if number >= len(expected) or json.loads(line)["object"]["id"] != expected[number]:
            return f"entry {number} is another"
    return "whole" if number == len(expected) - 1 else f"{number + 1} of {len(expected)}"


def archive_lines(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    """A collection's entries, one per line as they are written, without having the whole of it in memory."""
    with archive.open(name) as file:
        for number, raw in enumerate(file):
            text = raw.decode()
            if number == 0:
                text = text.partition('"orderedItems": [')[2]
            entry, closing, _ = text.rpartition('], "totalItems": ')
            yield (entry if closing else text).rstrip().removesuffix(",")
