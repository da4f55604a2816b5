"""Why a local stage ended stands in its log, whatever it was."""

import os
import shutil
import signal
import socket
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.infra.processes import STARTS_WITHIN, Running, ends_within

SAID = {
    signal.SIGTERM: "Kenoma ends: SIGTERM\n",
    signal.SIGINT: "Kenoma ends: SIGINT (Ctrl-C)\n",
    signal.SIGHUP: "Kenoma ends: SIGHUP (the terminal is gone)\n",
}


def says(running: Running, line: str) -> None:
    """Read on until it has said so."""
    assert running.process.stderr is not None
    give_up = time.monotonic() + STARTS_WITHIN
    while line not in (said := running.process.stderr.readline()):
        assert said, f"it ended without {line!r}"
        assert time.monotonic() < give_up


@pytest.mark.parametrize("number", list(SAID))
def test_a_signal_is_named_once(start: Any, number: signal.Signals) -> None:
    running = start().answering()

    running.process.send_signal(number)
    assert running.end(signal.SIGTERM) < 5  # as `make` and a terminal both send one

    assert running.errors in (SAID[number], SAID[signal.SIGTERM])  # whichever the process sees first
    assert running.process.returncode == 0


def test_a_terminal_that_goes_changes_nothing_under_nohup(start: Any) -> None:
    kept = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    running = start()
    signal.signal(signal.SIGHUP, kept)

    running.answering().process.send_signal(signal.SIGHUP)
    time.sleep(0.2)

    assert running.get("/ping") == {"ok": True}


def test_asked_by_a_signal_it_shows_what_every_thread_does_and_goes_on(start: Any) -> None:
    running = start().answering()

    running.process.send_signal(signal.SIGUSR1)

    says(running, "in _accept")
    assert running.get("/ping") == {"ok": True}


def test_a_crash_below_python_shows_what_every_thread_did(start: Any) -> None:
    running = start().answering()

    running.end(signal.SIGSEGV)

    assert running.process.returncode == -signal.SIGSEGV
    assert "Fatal Python error: Segmentation fault" in running.errors
    assert "in _accept" in running.errors


def test_what_hangs_is_shown_and_does_not_hold_up_the_end(start: Any) -> None:
    running = start().answering()
    client = socket.create_connection(("127.0.0.1", int(running.url.rpartition(":")[2])))
    client.sendall(b"GET /hang HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(0.5)

    assert running.end(signal.SIGTERM) < 5

    client.close()
    assert running.process.returncode == 1
    assert running.errors.startswith("Kenoma ends: SIGTERM\n")
    assert "in hang" in running.errors


def test_a_thread_that_must_not_die_takes_the_process_with_it(start: Any, tmp_path: Path) -> None:
    running = start().answering()
    shutil.rmtree(tmp_path / "data")
    (tmp_path / "data").touch()  # nothing can be saved from now on

    with pytest.raises(HTTPError, match="500"):
        running.post("/keep/lost")

    running.ended()
    assert running.process.returncode == 1
    assert "Kenoma ends: the thread snapshots died of NotADirectoryError" in running.errors


def test_an_error_at_the_start_is_named(start: Any) -> None:
    running = start(app="tests.infra.missing")

    running.ended()

    assert running.process.returncode == 1
    assert "Kenoma ends: ModuleNotFoundError: No module named 'tests.infra.missing'\n" in running.errors


def test_an_unknown_engine_is_one_line(start: Any) -> None:
    running = start(KENOMA_LOCAL_DYNAMODB="sqlite")

    running.ended()

    assert running.process.returncode == 1
    assert running.errors == "KENOMA_LOCAL_DYNAMODB is 'sqlite'; it may be auto, moto, dynamodb-local\n"


def test_a_kill_is_told_of_by_the_next_start_and_an_orderly_end_is_not(start: Any) -> None:
    killed = start().answering()
    killed.end(signal.SIGKILL)

    second = start().answering()
    second.end(signal.SIGTERM)
    third = start().answering()
    third.end(signal.SIGTERM)

    assert second.errors.startswith(f"The process before ({killed.process.pid}) did not come to its end")
    assert third.errors == "Kenoma ends: SIGTERM\n"


def test_an_engine_that_dies_is_named_and_takes_the_process_with_it(start: Any) -> None:
    if os.environ.get("KENOMA_TEST_DYNAMODB") != "dynamodb-local":
        pytest.skip("runs with `make test-dynamodb-local`")
    running = start(KENOMA_LOCAL_DYNAMODB="dynamodb-local").answering()
    (java,) = running.children()

    os.kill(java, signal.SIGKILL)

    assert ends_within(running.process.pid, 5)
    running.ended()
    assert running.process.returncode == 1
    assert "Kenoma ends: DynamoDB Local ended by itself, by signal 9: " in running.errors
