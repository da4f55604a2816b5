"""The smoke test that a deployment ends with, tried on the local stage, and behind edges that spoil something."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import pytest
import urllib3

from infra.deploy import smoke
from tests.running.stage import CHECKOUT, Stage

Headers = dict[str, str]


def table(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "infra.deploy.smoke", "--url", url], cwd=CHECKOUT,
                          capture_output=True, text=True, timeout=200)


def test_a_stage_that_is_well_passes_and_the_account_is_gone(start: Callable[[], Stage]) -> None:
    stage = start()

    done = table(stage.url)

    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")][1:]
    assert [line.split(" | ")[1] for line in rows] == ["ok"] * len(smoke.CHECKS)
    public = urllib3.request("GET", stage.url + "/api/v1/timelines/public").json()
    assert [each for each in public if each["account"]["username"].startswith("smoke")] == []


def test_where_nothing_answers_everything_is_wrong_and_the_command_fails() -> None:
    done = table("http://127.0.0.1:9")

    assert done.returncode == 1
    assert done.stdout.count("| WRONG |") == len(smoke.CHECKS)
    assert done.stderr == ""


class Edge(ThreadingHTTPServer):
    """Hands on what it is sent, and spoils it on the way there or back."""

    def __init__(self, url: str) -> None:
        super().__init__(("127.0.0.1", 0), Spoiling)
        self.behind, self.pool = url, urllib3.PoolManager(retries=False)
        self.path: Callable[[str], str] = str
        self.asked: Callable[[Headers], Headers] = dict
        self.reply: Callable[[str, int, Headers, bytes], tuple[int, Headers, bytes]] = lambda _, *same: same

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Spoiling(BaseHTTPRequestHandler):
    server: Edge

    def _hand_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        edge = self.server
        found = edge.pool.request(self.command, edge.behind + edge.path(self.path), body=body or None,
                                  headers=edge.asked(dict(self.headers)), decode_content=False)
        status, headers, sent = edge.reply(self.command, found.status, dict(found.headers), found.data)
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "date", "server", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = do_HEAD = do_OPTIONS = _hand_on  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def edge(start: Callable[[], Stage]) -> Iterator[Edge]:
    made = Edge(start().url)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def without(name: str) -> Callable[[Headers], Headers]:
    return lambda headers: {key: value for key, value in headers.items() if key.lower() != name.lower()}


def test_what_an_edge_may_spoil_is_noticed(edge: Edge) -> None:
    visit = smoke.Visit(edge.url)
    smoke.an_app(visit)
    spoiled: list[tuple[str, Callable[[smoke.Visit], str], dict[str, Any]]] = [
        ("decoded", smoke.escaped_paths, {"path": lambda path: unquote(path).replace(" ", "%20")
                                          .encode().decode("latin-1") if "%2F" in path else path}),
        ("kept", smoke.errors_are_not_kept, {"reply": lambda _, *r: (r[0], {**r[1], "Age": "3"}, r[2])}),
        ("keeps", smoke.errors_are_not_kept, {"reply": lambda _, *r: (r[0], without("Cache-Control")(r[1]), r[2])}),
        ("renamed", smoke.headers_arrive, {"reply": lambda _, *r: (
            r[0], {**r[1], "x-amzn-remapped-date": "now"}, r[2])}),
        ("lost", smoke.headers_arrive, {"asked": without("Accept-Encoding")}),
        ("preflight", smoke.head_and_options, {"reply": lambda method, *r: (
            200 if method == "OPTIONS" else r[0], r[1], r[2])}),
        ("died", smoke.text_that_is_none, {"reply": lambda _, *r: (502, r[1], r[2])}),
        ("a page", smoke.nodeinfo, {"reply": lambda _, *r: (404, r[1], b"<html>")}),
        ("ill", smoke.health, {"reply": lambda _, *r: (503, r[1], r[2])}),
        ("no picture", smoke.a_file, {"reply": lambda _, *r: (200, {"Content-Type": "application/json"}, b"[]")}),
    ]
    for name, check, how in spoiled:
        for part, spoiling in how.items():
            kept = getattr(edge, part)
            setattr(edge, part, spoiling)
            with pytest.raises(smoke.Wrong):
                pytest.fail(f"{name} was not noticed: {check(visit)}")
            setattr(edge, part, kept)
        check(visit)
