"""The local AWS with everything in it: engine, resources, kept data, mailbox. For `make run` and `make aws`."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra import resources

from . import engines, sqs_clients, tamed_moto
from .ending import CannotStart, Ending, say
from .environment import prepare
from .mailbox import Mailbox
from .persistence import KeptTables, StoredObjects
from .sqs import Sqs


@dataclass
class Stage:
    """A running local AWS, seen from this process."""

    data: Path
    bucket: str
    s3: Any
    sqs: Any
    queues: Sqs
    mailbox: Mailbox
    engine: engines.DynamoDBLocal | None

    @property
    def engine_line(self) -> str:
        name = "moto, in this process" if self.engine is None else "DynamoDB Local, beside this process"
        return f"DynamoDB: {name}. S3, SES: moto. Data: {self.data}"

    def watch(self, ending: Ending) -> None:
        """Have the process end when an engine beside it has ended by itself."""
        if self.engine is not None:
            self.engine.watch(ending.fail)


@contextlib.contextmanager
def local_stage(data: Path, base_url: str, *, dynamodb_port: int = 0, outlives_kills: bool = True) -> Iterator[Stage]:
    """Start the local AWS. At the end, write everything and stop it.

    Without `outlives_kills`, a transaction is answered a moment before a kill could no longer undo it.
    """
    with _alone_in(data), contextlib.ExitStack() as ends:
        jar = _choose()
        prepare(data, base_url, capacity=jar is not None)
        tamed_moto.tame_moto()
        engine = _start(jar, data, dynamodb_port)
        if engine is not None:
            ends.callback(engine.stop)
        queues = Sqs()
        ends.callback(queues.close)
        sqs_clients.answer_clients(queues)
        from moto import mock_aws

        mock_aws().start()
        if engine is not None:
            os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = engine.endpoint

        import boto3

        from chalicelib.settings import settings

        settings.load(os.environ)
        if engine is None:
            tables = KeptTables(data, settings.region)
            tables.load()
            tables.start()
            ends.callback(tables.stop)
        dynamodb, s3, sqs = (boto3.client(service) for service in ("dynamodb", "s3", "sqs"))
        parameters = {"TablePrefix": settings.table_prefix, "QueuePrefix": settings.queue_prefix,
                      "BucketName": settings.bucket, "Stage": "local"}  # fmt: skip
        try:
            resources.create(parameters, dynamodb=dynamodb, s3=s3, sqs=sqs)
        except resources.Mismatch as mismatch:
            raise CannotStart(f"{mismatch}. Another version made this data; `make clean-data` empties it.") from None
        objects = StoredObjects(data / "objects")
        objects.load(s3)
        objects.start()
        ends.callback(objects.stop)
        if engine is not None and outlives_kills:
            _settle_transactions(engine)
        mailbox = Mailbox(data / "mailbox.jsonl")
        mailbox.listen()
        yield Stage(data, settings.bucket, s3, sqs, queues, mailbox, engine)


def _choose() -> Path | None:
    try:
        return engines.choose(os.environ.get("KENOMA_LOCAL_DYNAMODB", "auto"))
    except engines.EngineUnavailable as reason:
        raise CannotStart(str(reason)) from None


def _start(jar: Path | None, data: Path, port: int) -> engines.DynamoDBLocal | None:
    if jar is None:
        return None
    try:
        return engines.DynamoDBLocal(jar, data / "dynamodb-local", port).wait()
    except engines.EngineUnavailable as reason:
        raise CannotStart(f"{reason}. KENOMA_LOCAL_DYNAMODB=moto does without it.") from None


def _settle_transactions(engine: engines.DynamoDBLocal) -> None:
    """Keep the answer to a transaction back until the transaction would outlive a kill, as all other writes do."""
    from chalicelib.store.dynamo import connection

    def settle(**_: Any) -> None:
        engine.settle()

    connection.shared().client.meta.events.register("after-call.dynamodb.TransactWriteItems", settle)


@contextlib.contextmanager
def _alone_in(data: Path) -> Iterator[None]:
    """Refuse a second server on the same folder: they would overwrite each other's data.

    The file holds the number of the process. One that is killed leaves it behind.
    """
    with (data / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(f"{data} is in use by another server; KENOMA_DATA_DIR names another folder") from None
        lock.seek(0)
        if left := lock.read():
            say(f"The process before ({left}) did not come to its end: it hung, was killed, or the machine went down")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)
