"""Files in the bucket: emoji, media, import lists, job payloads too large for a message."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from ..settings import settings


@lru_cache(maxsize=1)
def _client() -> Any:
    config = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 3, "mode": "standard"},
                    signature_version="s3v4", max_pool_connections=16)
    return boto3.client("s3", region_name=settings.region, config=config)


def put(path: str, data: bytes, type: str, caching: str | None = None) -> None:
    """Store a file; one of the same name is replaced. `caching`: for whom and how long it may be kept."""
    more = {"CacheControl": caching} if caching else {}
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


def remove(path: str) -> None:
    _client().delete_object(Bucket=settings.bucket, Key=path)


def remove_folder(path: str) -> int:
    """Delete every file whose name begins with `path`, which ends with a slash; how many there were."""
    count = 0
    for page in _client().get_paginator("list_objects_v2").paginate(Bucket=settings.bucket, Prefix=path):
        found = [{"Key": each["Key"]} for each in page.get("Contents", ())]
        if found:
            _client().delete_objects(Bucket=settings.bucket, Delete={"Objects": found, "Quiet": True})
            count += len(found)
    return count


def forget_client() -> None:
    _client.cache_clear()
