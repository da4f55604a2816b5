"""Logs: one JSON line a request, and nothing secret in it."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from chalicelib.domain.viewer import Viewer
from chalicelib.web.auth import optional
from chalicelib.web.endpoint import endpoint
from chalicelib.web.logs import JsonLines
from chalicelib.web.params import FlakeId


@pytest.fixture
def lines(caplog, site):
    """Whatever a request logged, as the objects that are written."""
    caplog.set_level(logging.INFO, "kenoma")

    @endpoint("POST", "/x/{id}", auth=optional())
    def act(viewer: Viewer | None, id: FlakeId, password: str = "") -> str:
        if password == "crash":
            raise RuntimeError("why")
        return id

    def written() -> list[dict[str, Any]]:
        return [json.loads(JsonLines().format(record)) for record in caplog.records]

    return written


def test_a_request_is_one_line(lines, site, alice):
    answer = site.post("/x/5?password=secret", token=alice.token)
    (line,) = lines()

    assert line.pop("ms") >= 0
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info", "logger": "kenoma", "message": "POST /x/{id} 200", "method": "POST", "route": "/x/{id}",
        "status": 200, "account": alice.id, "calls": 1, "request_id": answer.headers["x-request-id"]}


def test_nothing_secret_is_written(lines, site, alice):
    site.post("/x/ident?password=hidden", token=alice.token, headers={"Cookie": "a=biscuit", "X-Own": "header"})
    site.post("/x/ident", form="password=hidden")
    written = json.dumps(lines())

    assert not any(word in written for word in (alice.token, "hidden", "biscuit", "header", "ident"))


def test_a_crash_is_written_with_its_traceback(lines, site):
    site.post("/x/5?password=crash")
    crash, line = lines()

    assert 'RuntimeError: why' in crash["traceback"]
    assert crash["request_id"] == line["request_id"]
    assert (crash["level"], line["level"], line["status"], line["account"]) == ("error", "error", 500, None)


def test_any_record_becomes_one_line():
    record = logging.makeLogRecord(
        {"name": "other", "levelname": "WARNING", "msg": "é\n%s", "args": ("x",), "own": {1}})
    line = JsonLines().format(record)

    assert "\n" not in line
    assert json.loads(line) | {"time": ""} == {
        "time": "", "level": "warning", "logger": "other", "message": "é\nx", "own": "{1}"}
