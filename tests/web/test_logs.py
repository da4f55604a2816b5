"""Logs: one JSON line a request, and nothing secret in it."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from chalicelib import metrics, request_ids
from chalicelib.domain.viewer import Viewer
from chalicelib.store.dynamo.table import Overloaded
from chalicelib.web import logs
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


def test_a_line_that_is_written_during_a_request_has_its_id():
    record = logging.makeLogRecord({"name": "kenoma.jobs", "levelname": "INFO", "msg": "import started"})
    with request_ids.followed("the id of a request"):
        during = json.loads(JsonLines().format(record))

    assert during["request_id"] == "the id of a request"
    assert "request_id" not in json.loads(JsonLines().format(record))


def test_requests_are_measured_by_group_of_routes(lines, setting, site):
    @endpoint("GET", "/api/v1/timelines/x", auth=optional())
    @endpoint("GET", "/api/v1/x", auth=optional())
    @endpoint("GET", "/.well-known/x", auth=optional())
    def read() -> str:
        return ""

    setting(metrics="default")
    metrics.write()
    for path in ("/api/v1/timelines/x", "/api/v1/timelines/x", "/api/v1/x", "/.well-known/x"):
        assert site.get(path).status == 200
    site.post("/x/5")
    metrics.write()
    noted = [line for line in lines() if "_aws" in line]

    assert {line["Group"]: line["Latency"] for line in noted}.keys() == {"timelines", "reads", "writes", "federation"}
    assert len(noted[0]["Latency"]) == 2
    assert len(noted[0]["Calls"]) == len(noted[0]["Rounds"]) == 5


def test_a_request_that_found_the_tables_too_busy_is_counted(lines, setting, site):
    @endpoint("POST", "/busy", auth=optional())
    def write() -> str:
        raise Overloaded("another request was faster at each try")

    setting(metrics="default")
    metrics.write()
    assert site.post("/busy").status == 503
    metrics.write()

    assert [line["Busy"] for line in lines() if "_aws" in line] == [1]


@pytest.mark.parametrize(("function", "expected"), [("kenoma-prod-api_handler", 1), (None, 0)])
def test_a_process_of_lambda_logs_its_cold_start(caplog, monkeypatch, function, expected):
    caplog.set_level(logging.INFO, "kenoma")
    monkeypatch.delenv(logs.IN_LAMBDA, raising=False)
    if function:
        monkeypatch.setenv(logs.IN_LAMBDA, function)
    logs.process_started(412.34)

    found = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert [(line["message"], line["function"], line["ms"]) for line in found] == [
        ("cold start", "kenoma-prod-api_handler", 412.3)] * expected


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
    assert '": ' not in line, "every byte is paid for"
    assert json.loads(line) | {"time": ""} == {
        "time": "", "level": "warning", "logger": "other", "message": "é\nx", "own": "{1}"}
