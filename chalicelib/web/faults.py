"""Faults as pages: who asked with a browser gets a page where others get the API's error, with the same status."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from datetime import datetime

from ..pages import faults
from ..pages.faults import WENT_WRONG
from .accepting import wants_page
from .pages import BY_FORM_AND_SESSION, PUBLIC, SECONDS_OF_FAULTS, policy
from .replies import HTML, JSON, Rendered

FOR_PROGRAMS = ("/api", "/nodeinfo", "/.well-known", "/media", "/static", "/inbox")
GETS = ("GET", "HEAD")
_A_FILE = re.compile(r"/[^/@]*\.[A-Za-z0-9]{1,11}$")
UNAUTHENTICATED, FAILED = 401, 500
HOME = "/account"


def as_page(reply: Rendered, method: str, target: str, headers: Mapping[str, str], request_id: str) -> Rendered:
    """The reply, as a page if it is an error of the API and a browser asked. `target`: path and query as sent."""
    path = target.partition("?")[0]
    if reply.status < 400 or reply.content_type != JSON or not wants_page(headers.get("accept", "")):
        return reply
    if is_for_programs(path):
        return reply
    is_get = method in GETS
    reply.headers |= BY_FORM_AND_SESSION | {"Content-Security-Policy": policy(PUBLIC), "Cache-Control": "no-store"}
    if is_get and reply.status in (404, 410) and not {"cookie", "authorization"} & headers.keys():
        reply.headers["Cache-Control"] = f"public, max-age={SECONDS_OF_FAULTS}"
    seconds = _seconds(reply)
    if seconds:
        reply.headers["Retry-After"] = str(seconds)
    reply.content_type = HTML
    if reply.status >= FAILED:
        reply.body = WENT_WRONG.format(id=request_id)
    else:
        back = target if is_get else HOME if reply.status == UNAUTHENTICATED else ""  # nothing is sent a second time
        reply.body = faults.fault(reply.status, _reason(reply.body), path=back, seconds=seconds)
    return reply


def is_for_programs(path: str) -> bool:
    """Whether errors at this path are JSON whoever asks. So they are where a file would be: a browser must not take a
    page for a script.
    """
    return _A_FILE.search(path) is not None or any(path == each or path.startswith(f"{each}/") for each in FOR_PROGRAMS)


def _reason(body: str) -> str:
    error = json.loads(body).get("error")
    return error if isinstance(error, str) else ""


def _seconds(reply: Rendered) -> int:
    """How long somebody has to wait who asked too often, as the limit says."""
    if reply.status != 429 or "X-RateLimit-Reset" not in reply.headers:
        return 0
    ends = datetime.fromisoformat(reply.headers["X-RateLimit-Reset"]).timestamp()
    return max(math.ceil(ends - time.time()), 1)
