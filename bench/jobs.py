"""`make bench-jobs`: what the two large jobs cost, at the size that is promised.

They are a follow import of 10,000 accounts, and a backup of an account with 200,000 statuses. There are three
processes. This one has the queues and the bucket, and writes the accounts. DynamoDB Local runs beside it. One worker
does the jobs, and is measured. Afterwards each job is done again by a worker that is killed several times at random
moments, and the result is compared entry by entry with what was put in.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from infra.local import engines, tamed_moto
from infra.local.environment import prepare

CHECKOUT = Path(__file__).resolve().parents[1]
FILE = CHECKOUT / "bench" / "results" / "jobs.json"
MOST_MB = 200
HEAD = ("", "size", "wall s", "CPU s", "DynamoDB calls", "calls each", "S3 calls", "peak MB", "killed", "outcome")


@dataclass
class Work:
    """What a job took, in all its workers together."""

    seconds: float = 0
    cpu: float = 0
    peak_mb: float = 0
    handled: int = 0
    killed: int = 0
    calls: Counter[str] = field(default_factory=Counter)

    def count(self, service: str) -> int:
        return sum(number for name, number in self.calls.items() if name.startswith(service))


def main() -> None:
    options = _options()
    jar = engines.obtain_jar()
    rows = []
    with tempfile.TemporaryDirectory() as folder, _aws(jar, Path(folder)):
        from . import large

        people = large.make_accounts(options.follows)
        _say(f"{options.follows:,} accounts are there")
        rows.append(_import(people, options.follows, 0))
        rows.append(_import(people, options.follows_killed, options.kills))
        writer = large.writer()
        expected = large.write_statuses(writer, options.statuses, _say)
        rows.append(_backup(writer, expected, 0))
        rows.append(_backup(writer, expected, options.kills))
    table = _table(rows)
    print(table)
    options.json.write_text(json.dumps([dict(zip(HEAD, row, strict=True)) for row in rows], indent=1) + "\n")
    if any(row[-1] != "whole" for row in rows):
        sys.exit("Something was lost or doubled, or took too much memory.")


@contextmanager
def _aws(jar: Path, folder: Path) -> Iterator[None]:
    """DynamoDB Local beside this process. Queues, bucket and mail are inside it, but other processes can use them."""
    tamed_moto.tame_moto()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    from moto.server import ThreadedMotoServer

    prepare(folder, "http://127.0.0.1:8000", capacity=False)
    engine = engines.DynamoDBLocal(jar).wait()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = engine.endpoint
    for service in ("S3", "SQS", "SESV2"):
        os.environ[f"AWS_ENDPOINT_URL_{service}"] = f"http://{host}:{port}"
    try:
        import boto3

        from chalicelib.settings import settings
        from infra import resources

        settings.load(os.environ)
        resources.create(
            {"Stage": "local", "TablePrefix": settings.table_prefix, "QueuePrefix": settings.queue_prefix,
             "BucketName": settings.bucket},
            dynamodb=boto3.client("dynamodb"), s3=boto3.client("s3"), sqs=boto3.client("sqs"),
        )
        yield
    finally:
        server.stop()
        engine.stop()


# The two jobs.


def _import(people: Any, size: int, kills: int) -> list[str]:
    from . import large

    follower = large.follower()
    large.ask_import(follower, people, size)
    work = _worked("imports", kills, least=size / 60)
    outcome = large.judge_import(follower, people, size)
    return _row("follow import", size, work, outcome)


def _backup(writer: Any, expected: list[str], kills: int) -> list[str]:
    from . import large

    name = large.ask_backup(writer)
    work = _worked("archives", kills, least=len(expected) / 4_000)
    outcome = large.judge_backup(name, expected)
    if work.peak_mb > MOST_MB:
        outcome = f"over {MOST_MB} MB"
    return _row("backup", len(expected), work, outcome)


# Workers.


def _worked(queue: str, kills: int, least: float) -> Work:
    """Have a worker empty a queue. Kill it `kills` times, each within about `least` seconds."""
    work = Work()
    dice = random.Random(kills)
    started = time.perf_counter()
    for _ in range(kills):
        process = _worker(queue)
        first = process.stdout.readline() if process.stdout else ""
        time.sleep(dice.uniform(0.2, max(least / max(kills, 1) * 2, 1)))
        process.kill()
        _add(work, [first, *(process.stdout or [])])
        process.wait()
        work.killed += 1
        _time_out(queue)
    process = _worker(queue)
    _add(work, process.stdout or [])
    if process.wait():
        raise RuntimeError("the worker ended by itself")
    work.seconds = time.perf_counter() - started
    return work


def _worker(queue: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "bench.worker", queue], cwd=CHECKOUT, stdout=subprocess.PIPE,
                            text=True)


def _add(work: Work, lines: IO[str] | list[str]) -> None:
    """Add what a worker said last. It may have died in the middle of a line."""
    last: dict[str, Any] = {}
    for line in lines:
        if line.startswith('{"handled"') and line.endswith("\n"):
            last = json.loads(line)
        elif line.startswith("{"):
            _say(line.strip())
    work.cpu += last.get("cpu", 0)
    work.peak_mb = max(work.peak_mb, last.get("peak_mb", 0))
    work.handled += last.get("handled", 0)
    work.calls.update(last.get("calls", {}))


def _time_out(queue: str) -> None:
    """Bring back what a dead worker had received: now, and not after an hour and a half."""
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.sqs.models import sqs_backends

    from chalicelib.settings import settings

    with tamed_moto.lock:
        found = sqs_backends[DEFAULT_ACCOUNT_ID][settings.region].queues[settings.queue_prefix + queue]
        for message in list(found.pending_messages):
            message.visible_at = 0


# Output.


def _row(name: str, size: int, work: Work, outcome: str) -> list[str]:
    calls = work.count("dynamodb")
    counted = [f"{work.cpu:.0f}", f"{calls:,}", f"{calls / size:.3f}", f"{work.count('s3'):,}"]
    if work.killed:  # they told nobody what they had done last
        counted = ["–"] * len(counted)
    row = [name, f"{size:,}", f"{work.seconds:.0f}", *counted, f"{work.peak_mb:.0f}", str(work.killed), outcome]
    _say(" | ".join(row))
    return row


def _table(rows: list[list[str]]) -> str:
    from .report import lines

    return "\n".join(lines(list(HEAD), rows))


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.jobs", description="What the large jobs cost.")
    parser.add_argument("--follows", type=int, default=10_000, help="accounts of the import (%(default)s)")
    parser.add_argument("--follows-killed", type=int, default=2_000, help="the same with kills (%(default)s)")
    parser.add_argument("--statuses", type=int, default=200_000, help="statuses of the backup (%(default)s)")
    parser.add_argument("--kills", type=int, default=5, help="how often workers are killed (%(default)s)")
    parser.add_argument("--json", type=Path, default=FILE, metavar="FILE", help="where the figures go")
    return parser.parse_args()


if __name__ == "__main__":
    main()
