"""Logs: one JSON object a line, one line a request, and no secrets.

No query, body, header or token is ever logged. Of a path only the template is logged, of an error the traceback.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from typing import Any

from .. import metrics, request_ids
from ..metrics import Value
from ..settings import settings
from ..store.dynamo.ledgers import Ledger
from .request import Request

log = logging.getLogger("kenoma")
_encode = json.JSONEncoder(ensure_ascii=False, default=str, separators=(",", ":")).encode
IN_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME"
ASKED_BY_SERVERS = ("/.well-known/", "/nodeinfo/", "/users/", "/objects/", "/activities/", "/inbox")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Writes a record as one JSON line. Each entry of `extra` becomes a key."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"time": _utc(record.created), "level": record.levelname.lower(),
                                "logger": record.name, "message": record.getMessage()}
        line.update((key, value) for key, value in vars(record).items() if key not in _STANDARD)
        if "request_id" not in line and request_ids.current():
            line["request_id"] = request_ids.current()
        if record.exc_info and record.exc_info[0] is not None:
            line["traceback"] = "".join(traceback.format_exception(*record.exc_info))
        return _encode(line)


def configure() -> None:
    """Make every logger of the process write JSON lines to standard output. This replaces Lambda's own handler."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    log.setLevel(settings.log_level.upper())


def request_done(request: Request, *, status: int, ms: float, account: str | None, ledger: Ledger) -> None:
    """Log the line of an answered request, and note it for the metrics."""
    metrics.note(Value("Latency", round(ms, 1), group_of(request.method, request.route)), Value("Calls", ledger.calls),
                 Value("Rounds", ledger.rounds), *([Value("Limited", 1)] if status == 429 else []))
    level = logging.ERROR if status >= 500 else logging.INFO
    if log.isEnabledFor(level):
        log.log(level, "%s %s %d", request.method, request.route, status, extra={
            "request_id": request.id, "method": request.method, "route": request.route, "status": status,
            "ms": round(ms, 1), "account": account, "calls": ledger.calls,
        })


def group_of(method: str, route: str) -> str:
    """The group of routes by which latencies are told apart."""
    if route.startswith(ASKED_BY_SERVERS):
        return "federation"
    if "/timelines/" in route:
        return "timelines"
    return "reads" if method in ("GET", "HEAD") else "writes"


def process_started(ms: float) -> None:
    """Log that a process of Lambda has loaded the application. Lambda's own lines about it are not written."""
    if IN_LAMBDA in os.environ:
        log.info("cold start", extra={"function": os.environ[IN_LAMBDA], "ms": round(ms, 1)})
        metrics.note(Value("ColdStart", round(ms, 1)))


def crashed(request_id: str, method: str, route: str) -> None:
    """Log the exception that is being handled, with the traceback."""
    log.error("unforeseen exception", exc_info=True, extra={
        "request_id": request_id, "method": method, "route": route})


def _utc(seconds: float) -> str:
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds % 1 * 1000):03d}Z"
