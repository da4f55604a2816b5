"""A frontend on a local stage: installed by the command, served over a restart, switched and removed by the API."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import requests

from tests.endpoints.frontends.bundling import ADMIN, BROWSER, zipped
from tests.running.stage import CHECKOUT, Stage, environment


def command(stage: Stage, *words: str) -> subprocess.CompletedProcess[str]:
    """`make frontend`, while the stage does not run."""
    return subprocess.run([sys.executable, "-m", "infra.frontend", "--name", "tiny", *words], cwd=CHECKOUT,
                          env=environment(stage.data, stage.engine), capture_output=True, text=True, timeout=120)


def opened(stage: Stage, path: str) -> requests.Response:
    return requests.get(stage.url + path, headers=BROWSER, timeout=30, allow_redirects=False)


def test_a_frontend_comes_goes_and_comes_back(start: Callable[[], Stage], tmp_path: Path) -> None:
    stage = start()
    zip_file = tmp_path / "tiny.zip"
    zip_file.write_bytes(zipped({"index.html": b"<head></head>tiny", "static/app.js": b"tiny",
                                 "static/logo.svg": b"theirs"}))
    assert "tiny" not in opened(stage, "/").text
    stage.stop()
    done = command(stage, "--ref", "1", "--zip", str(zip_file), "--primary")
    assert "tiny/1 is installed" in done.stdout, done.stdout + done.stderr

    stage = start()

    assert opened(stage, "/main/friends").text.endswith("tiny")
    assert opened(stage, "/static/app.js").text == "tiny"
    assert "Kenoma" in opened(stage, "/static/logo.svg").text
    assert opened(stage, "/frontends/tiny/1/static/app.js").headers["content-security-policy"] == "sandbox"
    assert opened(stage, "/api/v1/instance").headers["content-type"].startswith("application/json")
    assert opened(stage, "/static/nothing.js").status_code == 404

    admin = stage.signs_in("admin", "read write admin").http
    assert admin.put(f"{stage.url}{ADMIN}/primary", json={"name": None}, timeout=30).status_code == 200
    assert admin.delete(f"{stage.url}{ADMIN}/tiny", timeout=30).json() == []
    assert "tiny" not in opened(stage, "/").text
    assert opened(stage, "/static/app.js").status_code == 404
    assert opened(stage, "/frontends/tiny/1/static/app.js").status_code == 404
