"""Files of the bucket at their public addresses. When deployed, a CDN or a redirect does this."""

import mimetypes
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from botocore.exceptions import ClientError

from chalicelib.store.emoji.bucket import type_of

from .http import error

Reply = tuple[int, dict[str, str], bytes]

mimetypes.add_type("image/webp", ".webp")
mimetypes.add_type("image/apng", ".apng")
mimetypes.add_type("image/avif", ".avif")

PREFIXES: dict[str, dict[str, str]] = {
    "/emoji/": {
        "Cache-Control": "public, no-cache",
        "Content-Security-Policy": "default-src 'none';style-src 'unsafe-inline';sandbox",  # a picture may be an SVG
    },
    "/frontends/": {"Cache-Control": "public, max-age=300", "Content-Security-Policy": "sandbox"},
    "/images/": {"Cache-Control": "public, max-age=86400"},
    "/instance/": {"Cache-Control": "public, max-age=86400"},
    "/static/": {"Cache-Control": "public, max-age=86400"},
    "/media/backups/": {"Cache-Control": "private, no-store", "Content-Security-Policy": "sandbox"},
    "/media/emoji_packs/": {"Cache-Control": "public, no-cache", "Content-Security-Policy": "sandbox"},
    "/media/": {"Cache-Control": "public, max-age=1209600", "Content-Security-Policy": "sandbox"},
}


class Files:
    """Serves emoji, media and the instance's pictures from the objects of the same names."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self.s3 = s3
        self.bucket = bucket

    def answer(self, target: str, headers: Mapping[str, str]) -> Reply | None:
        """The reply to a GET. None: the path names no file."""
        path, _, query = target.partition("?")
        caching = next((each for prefix, each in PREFIXES.items() if path.startswith(prefix)), None)
        if caching is None:
            return None
        key = unquote(path[1:])
        asked_range = headers.get("range")
        try:
            found = self.s3.get_object(Bucket=self.bucket, Key=key, **({"Range": asked_range} if asked_range else {}))
        except ClientError as refusal:
            if refusal.response["Error"]["Code"] == "InvalidRange":
                return error(416, "Range not satisfiable")
            return None  # as in front of the deployed bucket, the application answers
        if _is_known(found["ETag"], headers.get("if-none-match", "")):
            return 304, {"ETag": found["ETag"], **caching}, b""
        reply = {"Content-Type": _content_type(key, found["ContentType"]), "ETag": found["ETag"], **caching}
        reply["Accept-Ranges"] = "bytes"
        if "ContentDisposition" in found:
            reply["Content-Disposition"] = found["ContentDisposition"]
        name = parse_qs(query).get("name")
        if name and key.startswith("media/"):
            reply["Content-Disposition"] = 'filename="' + name[0].replace("\\", "\\\\").replace('"', '\\"') + '"'
        if "ContentRange" in found:
            return 206, reply | {"Content-Range": found["ContentRange"]}, found["Body"].read()
        return 200, reply, found["Body"].read()


def _is_known(etag: str, wanted: str) -> bool:
    """Whether `If-None-Match` names the present version of the file."""
    return wanted.strip() == "*" or etag in {each.strip().removeprefix("W/") for each in wanted.split(",")}


def _content_type(key: str, stored: str) -> str:
    """An emoji's type is that of its extension, if that is a picture's. Media have the type found in their bytes."""
    if key.startswith("emoji/"):
        return type_of(key)
    if stored in ("", "binary/octet-stream", "application/octet-stream"):
        return mimetypes.guess_type(key)[0] or "application/octet-stream"
    return stored
