"""`make run` as a process: it starts, keeps its data, stops, and leaves no process behind."""

import os
import signal
import socket
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect

from tests.infra.processes import STARTS_WITHIN, Running, ends_within


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_time_and_keeps_everything(start: Any, number: int) -> None:
    first = start().answering()
    first.post("/keep/word")

    assert first.end(number) < 5
    assert first.process.returncode == 0
    second = start().answering()
    assert second.get("/kept/word")["row"] is True
    with urlopen(second.url + "/media/word.txt") as file:
        assert (file.read(), file.headers["Content-Type"]) == (b"word", "text/plain")


def test_it_starts_again_after_a_kill_with_all_that_was_answered(start: Any) -> None:
    first = start().answering()
    first.post("/keep/early")
    first.end(signal.SIGKILL)

    second = start().answering()

    assert second.get("/kept/early")["row"] is True


def test_jobs_run_and_the_engine_is_named(start: Any) -> None:
    running = start().answering()
    assert running.lines[0].startswith("DynamoDB: moto")

    running.post("/keep/job")

    give_up = time.monotonic() + 1
    while not running.get("/kept/job")["done"] and time.monotonic() < give_up:
        time.sleep(0.02)
    assert running.get("/kept/job")["done"]


def test_sockets_are_open_until_the_end_which_tells_them_to_come_again(start: Any) -> None:
    running = start().answering()
    address = running.lines[1].removeprefix("Streaming: ").strip()

    with connect(address) as client:
        client.send("hello")
        assert client.recv(timeout=5) == "hello"

        assert running.end(signal.SIGTERM) < 5
        with pytest.raises(ConnectionClosedError, match="1012"):
            client.recv(timeout=5)
    assert address == running.url.replace("http", "ws") + "/api/v1/streaming"


def test_sockets_can_be_left_out(start: Any) -> None:
    running = start(KENOMA_STREAMING="off").answering()

    assert not any(line.startswith("Streaming") for line in running.lines)
    with pytest.raises(InvalidStatus, match="404"):
        connect(running.url.replace("http", "ws") + "/api/v1/streaming")


def test_limits_of_sockets_are_settings(start: Any) -> None:
    running = start(KENOMA_LOCAL_SOCKET_IDLE="0.5").answering()

    with (connect(running.url.replace("http", "ws") + "/api/v1/streaming") as client,
          pytest.raises(ConnectionClosed, match="1001")):
        client.recv(timeout=5)


def test_a_limit_that_is_no_number_is_one_line(start: Any) -> None:
    _, errors = start(KENOMA_LOCAL_SOCKET_LIFE="soon").process.communicate(timeout=STARTS_WITHIN)

    assert errors == "KENOMA_LOCAL_SOCKET_LIFE is 'soon'; it is a number of seconds\n"


def test_jobs_can_be_left_out(start: Any) -> None:
    running = start(KENOMA_LOCAL_JOBS="off").answering()

    running.post("/keep/job")
    time.sleep(1.5)

    assert running.get("/kept/job") == {"row": True, "done": False, "ticks": 0}


def test_a_request_under_way_is_answered_before_the_end(start: Any) -> None:
    running = start().answering()
    client = socket.create_connection(("127.0.0.1", int(running.url.rpartition(":")[2])))
    client.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(0.2)

    assert running.end(signal.SIGTERM) < 5

    assert client.recv(65536).startswith(b"HTTP/1.1 200")
    client.close()


def test_a_taken_port_is_one_line(start: Any, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = Running(tmp_path / "data", taken.getsockname()[1])
        _, errors = refused.process.communicate(timeout=STARTS_WITHIN)

    assert refused.process.returncode == 1
    assert errors == f"Cannot serve at 127.0.0.1:{taken_port(refused)}: Address already in use\n"


def test_a_folder_in_use_is_one_line(start: Any) -> None:
    start().answering()
    refused = start()

    _, errors = refused.process.communicate(timeout=STARTS_WITHIN)

    assert refused.process.returncode == 1
    assert errors.endswith("is in use by another server; KENOMA_DATA_DIR names another folder\n")
    assert errors.count("\n") == 1


def test_two_servers_run_side_by_side(start: Any) -> None:
    left, right = start("left"), start("right")
    left.answering().post("/keep/mine")

    assert left.get("/kept/mine")["row"] is True
    assert right.answering().get("/kept/mine")["row"] is False


def test_dynamodb_local_keeps_its_data_and_ends_with_the_runner(start: Any) -> None:
    if os.environ.get("KENOMA_TEST_DYNAMODB") != "dynamodb-local":
        pytest.skip("runs with `make test-dynamodb-local`")
    first = start(KENOMA_LOCAL_DYNAMODB="dynamodb-local").answering()
    assert first.lines[0].startswith("DynamoDB: DynamoDB Local")
    first.post("/keep/word")
    (java,) = first.children()

    first.end(signal.SIGKILL)

    assert ends_within(java, 2)
    second = start(KENOMA_LOCAL_DYNAMODB="dynamodb-local").answering()
    assert second.get("/kept/word")["row"] is True
    (java,) = second.children()
    assert second.end(signal.SIGTERM) < 5
    assert not Path(f"/proc/{java}").exists()


def taken_port(running: Running) -> str:
    return running.url.rpartition(":")[2]
