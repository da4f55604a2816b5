"""Packs of emoji in the tests: pictures, zips, and the two ways in which a request names a pack."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from chalicelib.store.emoji import changes
from tests.cast import Person, Reply
from tests.simulated_aws import LocalAws

PNG = b"\x89PNG\r\n\x1a\n"
ROOT = "/api/pleroma/emoji"
BUCKET = "kenoma-files"


def picture(number: int = 0) -> bytes:
    """A picture. Every number gives another one."""
    return PNG + number.to_bytes(4, "big") * 20


def zipped(files: Mapping[str, bytes] | Iterable[tuple[str | zipfile.ZipInfo, bytes]], *,
           packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, data in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(name, data)
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@dataclass(frozen=True)
class Way:
    """How a request names a pack: in the query (newer clients) or in the path (older ones)."""

    in_path: bool

    def request(self, by: Person, method: str, what: str, name: str, params: Mapping[str, Any] | None = None,
                **more: Any) -> Reply:
        """`what`: pack, files or archive."""
        params = dict(params or {})
        if self.in_path:
            path = f"{ROOT}/packs/{quote(name, safe='')}" + ("" if what == "pack" else f"/{what}")
        else:
            path = f"{ROOT}/pack" if what == "pack" else f"{ROOT}/packs/{what}"
            params["name"] = name
        return by.request(method, path, params, **more)

    def create(self, by: Person, name: str) -> Reply:
        return self.request(by, "POST", "pack", name)

    def show(self, by: Person, name: str, **params: Any) -> Reply:
        return self.request(by, "GET", "pack", name, params)

    def describe(self, by: Person, name: str, metadata: Any) -> Reply:
        return self.request(by, "PATCH", "pack", name, json={"metadata": metadata})

    def delete(self, by: Person, name: str) -> Reply:
        return self.request(by, "DELETE", "pack", name)

    def archive(self, by: Person, name: str) -> Reply:
        return self.request(by, "GET", "archive", name)

    def add(self, by: Person, name: str, sent_as: str, data: bytes, type: str = "image/png", **fields: Any) -> Reply:
        return self.request(by, "POST", "files", name, form=fields, files={"file": (sent_as, data, type)})

    def link(self, by: Person, name: str, url: str, **fields: Any) -> Reply:
        return self.request(by, "POST", "files", name, json={"file": url, **fields})

    def change(self, by: Person, name: str, shortcode: str, new_shortcode: str, new_filename: str,
               **fields: Any) -> Reply:
        return self.request(by, "PATCH", "files", name, json={
            "shortcode": shortcode, "new_shortcode": new_shortcode, "new_filename": new_filename, **fields})

    def remove(self, by: Person, name: str, shortcode: str) -> Reply:
        return self.request(by, "DELETE", "files", name, {"shortcode": shortcode})


BY_NAME, BY_PATH = Way(False), Way(True)


def made(name: str, count: int = 0, *, shared: bool = False) -> None:
    """Make a pack with so many emoji: NAME0, NAME1 …"""
    files = {f"{name}{number}.png": picture(number) for number in range(count)}
    placed = {path.removesuffix(".png"): (path, len(data)) for path, data in files.items()}
    with changes.changing(name) as change:
        change.exchange({"share-files": True} if shared else {}, placed, files)


def stored(aws: LocalAws, prefix: str = "") -> dict[str, bytes]:
    """What the bucket holds."""
    return {key: aws.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys(aws, prefix)}


def keys(aws: LocalAws, prefix: str = "") -> list[str]:
    pages = aws.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
    return sorted(each["Key"] for page in pages for each in page.get("Contents", ()))


def rows(aws: LocalAws, *but: str) -> list[tuple[str, str]]:
    """The keys in the table of emoji, except the version."""
    pages = aws.dynamodb.get_paginator("scan").paginate(TableName="kenoma-emoji", ConsistentRead=True)
    found = [(item["kind"]["S"], item["k"]["S"]) for page in pages for item in page["Items"]]
    return sorted(each for each in found if each[0] not in ("ver", *but))


def is_whole(aws: LocalAws, asking: Person) -> None:
    """Check that every emoji has a file and a name, that there is nothing else, and that all lists agree."""
    packs = asking.get(f"{ROOT}/packs", {"page_size": 500}).json["packs"]
    files: dict[str, Any] = {}
    expected: list[tuple[str, str]] = []
    for name, pack in packs.items():
        files.update({f"emoji/{name}/{path}": None for path in pack["files"].values()})
        files[f"emoji/{name}/pack.json"] = None
        expected += [("packs", name), *((f"code#{shortcode}", name) for shortcode in pack["files"])]
        assert pack["files_count"] == len(pack["files"]), name
    assert keys(aws, "emoji/") == sorted(files)
    present = rows(aws)
    assert sorted(row for row in present if row[0] != "files") == sorted(expected)
    assert len([row for row in present if row[0] == "files"]) == sum(len(pack["files"]) for pack in packs.values())
    for name, pack in packs.items():
        key = f"emoji/{name}/pack.json"
        written = json.loads(aws.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
        assert (written["files"], written["files_count"]) == (pack["files"], len(pack["files"])), name
    listed = {entry["shortcode"] for entry in asking.get("/api/v1/custom_emojis").json}
    assert listed == {shortcode for pack in packs.values() for shortcode in pack["files"]}
