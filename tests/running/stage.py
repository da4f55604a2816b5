"""A local stage in a process of its own, and people who reach it over HTTP."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from infra.local.seed import PASSWORD
from tests.running import aside

CHECKOUT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60
SCOPES = "read write follow push"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
ENGINES = ("moto", "dynamodb-local")
PROFILE_WITHIN = 180.0
"""Seconds within which another server hears of a changed profile, on a busy machine: up to 60 for what else changes,
and up to 60 until the sweep finds that it is due."""


def available(engine: str) -> str:
    """The engine, or a skipped test. DynamoDB Local must be asked for, since it takes twice as long."""
    if engine == "dynamodb-local" and os.environ.get("KENOMA_TEST_DYNAMODB") != engine:
        pytest.skip("run by `make test-dynamodb-local`")
    return engine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, engine: str, **more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KENOMA_", "AWS_"))}
    return clean | {"KENOMA_DATA_DIR": str(data), "KENOMA_LOCAL_DYNAMODB": engine} | more


class Stage:
    """`make run` without make: the same program, with its data in a folder of the test."""

    def __init__(self, data: Path, engine: str = "moto", port: int = 0, **settings: str) -> None:
        self.data, self.engine = data, engine
        port = port or free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.errors = ""
        self.log = (data.parent / f"{data.name}.log").open("a+")
        data.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "infra.local.run"], cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=self.log, text=True,
            env=environment(data, engine, PORT=str(port), **settings),
        )  # fmt: skip

    def answering(self) -> Stage:
        """Wait until the server says that it answers."""
        assert self.process.stdout is not None
        line = ""
        while "answers at" not in line:
            line = self.process.stdout.readline()
            assert line, self.said()
        return self

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read()[-3000:]

    def stop(self) -> float:
        """Send SIGTERM. Answers the seconds until the process has ended."""
        return self._end(signal.SIGTERM)

    def kill(self) -> float:
        return self._end(signal.SIGKILL)

    def _end(self, number: int) -> float:
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.communicate(timeout=30)
        ended = time.monotonic()
        self.errors = self.said()
        self.log.close()
        return ended - begun

    def children(self) -> list[int]:
        """The processes it has started."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in listed.read_text().split()]

    def signs_in(self, nickname: str, scopes: str = SCOPES) -> Someone:
        return Someone(self.url).sign_in(nickname, scopes=scopes)

    def settles(self, within: float = 60, *, only: tuple[str, ...] = ()) -> None:
        """Wait until every queue is empty and has been for two looks. `only`: some of them."""
        quiet = 0
        give_up = time.monotonic() + within
        while quiet < 2:
            assert time.monotonic() < give_up, f"the queues are not empty after {within} s: {self._queues()}"
            quiet = quiet + 1 if self._idle(only) else 0
            time.sleep(0.1)

    def _queues(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = requests.get(
            self.url + "/api/pleroma/healthcheck", timeout=30).json()["job_queue_stats"]
        return found

    def _idle(self, only: tuple[str, ...]) -> bool:
        queues = [each for name, each in self._queues().items() if "waiting" in each and (not only or name in only)]
        return bool(queues) and not any(each["waiting"] + each["running"] + each["delayed"] for each in queues)


def until(condition: Callable[[], Any], within: float = 30) -> Any:
    """Wait until the condition gives something. Answers that."""
    give_up = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < give_up, f"not within {within} s"
        time.sleep(0.05)
    return found


class Someone:
    """A client of a running server: JSON in, JSON out, one kept connection."""

    def __init__(self, url: str) -> None:
        self.url, self.id = url, ""
        self.http = requests.Session()

    def sign_in(self, nickname: str, password: str = PASSWORD, scopes: str = SCOPES) -> Someone:
        app = self.post("/api/v1/apps", client_name="Running tests", redirect_uris=OUT_OF_BAND, scopes=scopes)
        token = self.post("/oauth/token", grant_type="password", username=nickname, password=password, scope=scopes,
                          client_id=app["client_id"], client_secret=app["client_secret"])
        self.http.headers["Authorization"] = "Bearer " + token["access_token"]
        self.id = self.account()["id"]
        return self

    def sign_up(self, nickname: str, password: str = PASSWORD) -> Someone:
        app = self.post("/api/v1/apps", client_name="Running tests", redirect_uris=OUT_OF_BAND, scopes=SCOPES)
        token = self.post("/oauth/token", grant_type="client_credentials", scope=SCOPES,
                          client_id=app["client_id"], client_secret=app["client_secret"])
        self.http.headers["Authorization"] = "Bearer " + token["access_token"]
        self.post("/api/v1/accounts", username=nickname, email=f"{nickname}@localhost.localdomain", password=password,
                  agreement=True, locale="en")
        del self.http.headers["Authorization"]
        return self.sign_in(nickname, password)

    def again(self) -> Someone:
        """The same with the same token, on a connection of its own."""
        other = Someone(self.url)
        other.id = self.id
        other.http.headers["Authorization"] = self.http.headers["Authorization"]
        return other

    def get(self, path: str, **params: Any) -> Any:
        return self._done(self.http.get(self.url + path, params=params, timeout=30))

    def post(self, path: str, **fields: Any) -> Any:
        return self._done(self.http.post(self.url + path, json=fields, timeout=30))

    def changes(self, **profile: Any) -> Any:
        path = "/api/v1/accounts/update_credentials"
        return self._done(self.http.patch(self.url + path, json=profile, timeout=30))

    def upload(self, path: str, **files: tuple[str, bytes]) -> Any:
        return self._done(self.http.post(self.url + path, files=files, timeout=30))

    def account(self) -> Any:
        return self.get("/api/v1/accounts/verify_credentials")

    def posts(self, text: str, **fields: Any) -> Any:
        return self.post("/api/v1/statuses", status=text, **fields)

    def follows(self, other: Someone) -> Any:
        return self.post(f"/api/v1/accounts/{other.id}/follow")

    def reacts(self, status_id: str, emoji: str) -> Any:
        path = f"/api/v1/pleroma/statuses/{status_id}/reactions/{quote(emoji)}"
        return self._done(self.http.put(self.url + path, timeout=30))

    def takes_back(self, status_id: str, emoji: str) -> Any:
        path = f"/api/v1/pleroma/statuses/{status_id}/reactions/{quote(emoji)}"
        return self._done(self.http.delete(self.url + path, timeout=30))

    def deletes(self, status_id: str) -> Any:
        return self._done(self.http.delete(f"{self.url}/api/v1/statuses/{status_id}", timeout=30))

    def _done(self, reply: requests.Response) -> Any:
        assert reply.status_code == 200, (reply.request.url, reply.status_code, reply.text[:500])
        return reply.json()


def beside(data: Path, engine: str, what: str, *arguments: str) -> Any:
    """Let `aside` read or change the data while no server uses them."""
    done = subprocess.run(
        [sys.executable, "-m", aside.__name__, what, *arguments], cwd=CHECKOUT, env=environment(data, engine),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])
