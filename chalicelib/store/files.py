"""Files in the bucket: emoji, media, backups, import lists, job payloads too large for a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from botocore.exceptions import ClientError

from ..aws import clients
from ..settings import settings

PIECE = 8 * 1024 * 1024
"""The size of the pieces of a large file. S3 takes pieces of 5 MB and more; only the last may be smaller."""


@lru_cache(maxsize=1)
def _client() -> Any:
    return clients.client("s3", connect_timeout=2, read_timeout=10, signature_version="s3v4", max_pool_connections=16,
                          retries={"total_max_attempts": 3, "mode": "standard"})


def put(path: str, data: bytes, type: str, caching: str | None = None, disposition: str | None = None) -> None:
    """Store a file. One of the same name is replaced. `caching`: who may keep a copy, and for how long."""
    more = {"CacheControl": caching} if caching else {}
    if disposition:
        more["ContentDisposition"] = disposition
    _client().put_object(Bucket=settings.bucket, Key=path, Body=data, ContentType=type, **more)


def get(path: str) -> bytes | None:
    """The whole file, or None. For small files only."""
    try:
        return bytes(_client().get_object(Bucket=settings.bucket, Key=path)["Body"].read())
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
            return None
        raise


def get_range(path: str, start: int, length: int) -> bytes:
    """At most `length` bytes from `start`; empty at the end."""
    try:
        reply = _client().get_object(Bucket=settings.bucket, Key=path, Range=f"bytes={start}-{start + length - 1}")
    except ClientError as error:
        if error.response["Error"]["Code"] in {"InvalidRange", "416"}:
            return b""
        raise
    return bytes(reply["Body"].read())


class Writer:
    """Writes a file of any size from beginning to end. It holds one piece at a time."""

    def __init__(self, path: str, type: str, caching: str | None) -> None:
        self.size = 0
        self._about = {"Bucket": settings.bucket, "Key": path}
        self._more = {"ContentType": type, **({"CacheControl": caching} if caching else {})}
        self._waiting = bytearray()
        self._upload: str | None = None
        self._sent: list[dict[str, Any]] = []

    def write(self, data: bytes) -> int:
        self._waiting += data
        self.size += len(data)
        while len(self._waiting) >= PIECE:
            self._send(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Does nothing: pieces are sent when they are full."""

    def _send(self, piece: bytes) -> None:
        if self._upload is None:
            self._upload = _client().create_multipart_upload(**self._about, **self._more)["UploadId"]
        number = len(self._sent) + 1
        reply = _client().upload_part(**self._about, UploadId=self._upload, PartNumber=number, Body=piece)
        self._sent.append({"PartNumber": number, "ETag": reply["ETag"]})

    def finish(self) -> None:
        """Make the whole file visible."""
        if self._upload is None:
            _client().put_object(**self._about, **self._more, Body=bytes(self._waiting))
            return
        if self._waiting:
            self._send(bytes(self._waiting))
        _client().complete_multipart_upload(**self._about, UploadId=self._upload,
                                            MultipartUpload={"Parts": self._sent})

    def abandon(self) -> None:
        if self._upload is not None:
            _client().abort_multipart_upload(**self._about, UploadId=self._upload)


@contextmanager
def writing(path: str, type: str, caching: str | None = None) -> Iterator[Writer]:
    """Write a file of any size. It appears when the block ends, and not at all when the block fails.

    A killed process leaves an unfinished upload in S3, which expires after a day.
    """
    writer = Writer(path, type, caching)
    try:
        yield writer
        writer.finish()
    except Exception:
        writer.abandon()
        raise


def remove(path: str) -> None:
    _client().delete_object(Bucket=settings.bucket, Key=path)


def remove_all(paths: Iterable[str]) -> None:
    """Delete many files. Missing ones are no error."""
    wanted = [{"Key": path} for path in dict.fromkeys(paths)]
    for start in range(0, len(wanted), 1000):
        reply = _client().delete_objects(Bucket=settings.bucket,
                                         Delete={"Objects": wanted[start:start + 1000], "Quiet": True})
        if reply.get("Errors"):
            raise NotRemoved(reply["Errors"][0].get("Code"))


class NotRemoved(Exception):
    """S3 kept files that were to be deleted."""


def written_at(path: str) -> float | None:
    """When the file was written, in seconds since 1970; None when it is not there."""
    try:
        found = _client().head_object(Bucket=settings.bucket, Key=path)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
            return None
        raise
    return float(found["LastModified"].timestamp())


def list_folder(path: str) -> dict[str, int]:
    """The size of every file below `path`, by name relative to it. `path` ends with a slash; subfolders count."""
    found: dict[str, int] = {}
    for page in _client().get_paginator("list_objects_v2").paginate(Bucket=settings.bucket, Prefix=path):
        found.update((each["Key"][len(path):], each["Size"]) for each in page.get("Contents", ()))
    return found


def list_folders(path: str) -> list[str]:
    """The names of the folders directly below `path`, which ends with a slash."""
    pages = _client().get_paginator("list_objects_v2").paginate(Bucket=settings.bucket, Prefix=path, Delimiter="/")
    return [each["Prefix"][len(path):-1] for page in pages for each in page.get("CommonPrefixes", ())]


def is_folder(path: str) -> bool:
    """Whether any file's name begins with `path`."""
    return bool(_client().list_objects_v2(Bucket=settings.bucket, Prefix=path, MaxKeys=1).get("Contents"))


def remove_folder(path: str) -> int:
    """Delete every file whose name begins with `path`, which ends with a slash. Answers how many there were."""
    count = 0
    for page in _client().get_paginator("list_objects_v2").paginate(Bucket=settings.bucket, Prefix=path):
        found = [{"Key": each["Key"]} for each in page.get("Contents", ())]
        if found:
            _client().delete_objects(Bucket=settings.bucket, Delete={"Objects": found, "Quiet": True})
            count += len(found)
    return count


def forget_client() -> None:
    _client.cache_clear()
