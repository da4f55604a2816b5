"""A browser before a running server. Without Debian's chromium and chromium-driver these tests are skipped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import npm
from tests.browser import chromium
from tests.browser.chromium import Chromium
from tests.browser.visitor import RULES, Visitor
from tests.running.stage import Stage


@pytest.fixture(autouse=True)
def aws() -> None:
    """No AWS in this process."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    if missing := chromium.missing():
        pytest.skip(f"no browser to test with: install {missing}")
    running = Chromium(tmp_path_factory.mktemp("browser"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def stage(browser: Chromium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    running = Stage(tmp_path_factory.mktemp("stage") / "data", KENOMA_INSTANCE_RULES=RULES).answering()
    yield running
    running.stop()
    assert "Traceback" not in running.errors


class Callback:
    """A server at the address of an app. It remembers the requests of the browser."""

    def __init__(self) -> None:
        callback = self
        self.called: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                split = urlsplit(self.path)
                if split.path == "/callback":
                    callback.called.append({name: values[0] for name, values in parse_qs(split.query).items()})
                body = b"<!DOCTYPE html><title>The app</title><p>Back in the app"
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Log nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/callback?keep=1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def callback() -> Iterator[Callback]:
    running = Callback()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def visitor(browser: Chromium, stage: Stage, callback: Callback) -> Visitor:
    """Somebody at a browser in a desktop window, signed in nowhere."""
    browser.open(stage.url + "/")
    browser.forget_cookies()
    browser.resize(chromium.DESKTOP)
    browser.prefer("light")
    callback.called.clear()
    return Visitor(browser, stage, callback.url)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures of pages are put, to be looked at."""
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, which knows the rules of WCAG."""
    try:
        folder = npm.installed(Path(__file__).parent / "axe", "axe")
    except npm.Missing as reason:
        pytest.skip(f"axe cannot run here: {reason}")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text()
