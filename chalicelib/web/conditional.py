"""Replies that a client may have already: with validators, and without a body where the client's copy is still good."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from .replies import Empty, Reply
from .request import Request


def validated(request: Request, reply: Reply[str], modified: datetime | None = None) -> Reply[str] | Empty:
    """The reply with the tag of its body and, if `modified` is known, when it changed. 304 if the client has it.

    A tag that the client sends decides alone. Only without one the time counts.
    """
    tag = f'"{hashlib.blake2b(reply.body.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()}"'
    headers = {**reply.headers, "ETag": tag}
    if modified is not None:
        headers["Last-Modified"] = format_datetime(modified.astimezone(UTC).replace(microsecond=0), usegmt=True)
    if is_known(request.headers, tag, modified):
        unchanged = Empty(304)
        unchanged.headers = headers
        return unchanged
    reply.headers = headers
    return reply


def is_known(headers: Mapping[str, str], tag: str, modified: datetime | None = None) -> bool:
    """Whether a request says that the client has what carries this tag, or what changed at this moment."""
    wanted = headers.get("if-none-match")
    if wanted is not None:
        known = {each.strip().removeprefix("W/") for each in wanted.split(",")}
        return "*" in known or tag.removeprefix("W/") in known
    since = headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return modified.replace(microsecond=0) <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
