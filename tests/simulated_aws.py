"""The AWS that tests run on: moto in this process, with DynamoDB Local in place of moto's DynamoDB if asked for.

One AWS serves a whole pytest process. Clients and tables are made once (a fifth of a second), and the tables are
emptied before each test (a millisecond). So every test starts with nothing, and it takes no time.
"""

import copy
import os
import pickle
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.httpsession import URLLib3Session
from moto import mock_aws

from chalicelib.settings import settings
from chalicelib.store.dynamo import connection
from infra import resources
from infra.local import engines, mailbox, tamed_moto
from tests import policing

policing.police()

WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem")


@dataclass
class LocalAws:
    """The clients, the names of everything by logical id, and the letters sent since the last `wipe`."""

    names: dict[str, str]
    dynamodb: Any
    s3: Any
    sqs: Any
    letters: mailbox.Mailbox
    engine: str
    _written: set[str] = field(default_factory=set)
    calls: int = 0
    """How often moto was asked for anything since it was started."""
    calls_at_wipe: int = -1

    def wipe(self) -> None:
        """Empty tables, bucket, queues and mailbox."""
        with tamed_moto.lock:
            if self.engine == "moto":
                _empty_moto_tables()
            _empty_moto_buckets_and_queues()
        if self.engine != "moto":
            for table in sorted(self._written):
                _empty_table(self.dynamodb, table)
            self._written.clear()
        self.letters.clear()
        self.calls_at_wipe = self.calls

    def count_call(self) -> None:
        self.calls += 1

    def picture(self) -> bytes | None:
        """All that the tables hold. None if something waits in a queue."""
        with tamed_moto.lock:
            if any(queue.messages for queue in _moto_queues()):
                return None
            return pickle.dumps({name: table.items for name, table in _moto_tables().items() if table.items})

    def show(self, picture: bytes) -> None:
        """Let the tables hold what a picture has."""
        with tamed_moto.lock:
            tables = _moto_tables()
            for name, items in pickle.loads(picture).items():
                tables[name].items = items

    def messages(self, queue: str) -> list[str]:
        """The bodies that wait in a queue, oldest first. They stay there. `queue`: the name without the prefix."""
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.sqs.models import sqs_backends

        with tamed_moto.lock:
            backend = sqs_backends[DEFAULT_ACCOUNT_ID][settings.region]
            return [message.body for message in backend.queues[settings.queue_prefix + queue].messages]

    def wipe_queues(self) -> None:
        """Forget all messages."""
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.sqs.models import sqs_backends

        with tamed_moto.lock:
            for found in sqs_backends[DEFAULT_ACCOUNT_ID][settings.region].queues.values():
                found._messages.clear()

    def has_messages(self, name: str) -> bool:
        """Whether a receive could find something, of a queue by its full name. moto takes long for each receive."""
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.sqs.models import sqs_backends

        with tamed_moto.lock:
            return bool(sqs_backends[DEFAULT_ACCOUNT_ID][settings.region].queues[name].messages)

    def time_out(self, queue: str) -> None:
        """Let all messages of a queue that were received and not deleted come back, as if their receivers had died."""
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.sqs.models import sqs_backends

        with tamed_moto.lock:
            found = sqs_backends[DEFAULT_ACCOUNT_ID][settings.region].queues[settings.queue_prefix + queue]
            for message in list(found.pending_messages):
                message.visible_at = 0

    def items(self, table: str) -> list[dict[str, Any]]:
        """All that a table holds, as DynamoDB spells it; of moto without a request."""
        if self.engine == "moto":
            with tamed_moto.lock:
                return [copy.deepcopy(item.to_json()["Attributes"]) for item in _moto_table(table).all_items()]
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=settings.table_prefix + table, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def put_items(self, table: str, items: Sequence[dict[str, Any]]) -> None:
        """Put items as `items` told them."""
        if self.engine == "moto":
            with tamed_moto.lock:
                for item in items:
                    _moto_table(table).put_item(copy.deepcopy(item))
            return
        for start in range(0, len(items), 25):
            batch = [{"PutRequest": {"Item": item}} for item in items[start:start + 25]]
            self.dynamodb.batch_write_item(RequestItems={settings.table_prefix + table: batch})

    def count(self, table: str) -> int:
        """How many items a table holds. `table`: the name without the prefix."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=settings.table_prefix + table, Select="COUNT")
        return sum(page["Count"] for page in pages)


_running: list[LocalAws] = []


@contextmanager
def local_aws() -> Iterator[LocalAws]:
    """Start it, with every resource of `infra/resources.json`. KENOMA_TEST_DYNAMODB=dynamodb-local changes the engine.

    Inside another `local_aws` this is the same AWS.
    """
    if _running:
        yield _running[0]
        return
    tamed_moto.tame_moto()
    os.environ.setdefault("AWS_DEFAULT_REGION", settings.region)
    engine = os.environ.get("KENOMA_TEST_DYNAMODB", "moto")
    jar = engines.choose(engine)
    beside = engines.DynamoDBLocal(jar).wait() if jar else None
    written: set[str] = set()
    letters = mailbox.Mailbox()
    mock = mock_aws()
    mock.start()
    if beside:
        connection.forget()  # a client that is there already asks moto
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = beside.endpoint
        tamed_moto.let_through.append(lambda request: _note_writes(request, written))
    letters.listen()
    try:
        dynamodb, s3, sqs = (boto3.client(service) for service in ("dynamodb", "s3", "sqs"))
        parameters = {
            "Stage": "test", "TablePrefix": settings.table_prefix,
            "QueuePrefix": settings.queue_prefix, "BucketName": settings.bucket,
        }  # fmt: skip
        names = resources.create(parameters, dynamodb=dynamodb, s3=s3, sqs=sqs)
        aws = LocalAws(names, dynamodb, s3, sqs, letters, "dynamodb-local" if beside else "moto", written)
        _running.append(aws)
        tamed_moto.after_call.append(aws.count_call)
        yield aws
    finally:
        if _running:
            tamed_moto.after_call.remove(_running.pop().count_call)
        letters.stop()
        mock.stop()
        if beside:
            del os.environ["AWS_ENDPOINT_URL_DYNAMODB"]
            tamed_moto.let_through.clear()
            beside.stop()


def forget_region(region: str) -> None:
    """Drop what a test has made in a region where no other test has anything, and the buckets that are there."""
    from moto.backends import get_backend
    from moto.core.models import DEFAULT_ACCOUNT_ID

    with tamed_moto.lock:
        for service in ("cloudformation", "dynamodb", "events", "lambda", "logs", "sns", "sqs", "ssm"):
            get_backend(service)[DEFAULT_ACCOUNT_ID][region].reset()
        owned: Any = get_backend("s3")
        buckets = owned[DEFAULT_ACCOUNT_ID]["aws"].buckets
        for name in [name for name, bucket in buckets.items() if bucket.region_name == region]:
            del buckets[name]
            owned.bucket_accounts.pop(name, None)


def stay_on_this_machine() -> None:
    """Let a call to AWS itself fail from now on. moto answers before anything is sent, but only while it is there."""
    sends = URLLib3Session.send

    def send(self: Any, request: Any) -> Any:
        if urlsplit(request.url).hostname not in tamed_moto.LOOPBACK:
            raise AssertionError(f"a test asks AWS itself: {request.url}")
        return sends(self, request)

    setattr(URLLib3Session, "send", send)  # noqa: B010  (mypy refuses to assign to a method)


def running() -> LocalAws | None:
    """The AWS of this process."""
    return _running[0] if _running else None


def _moto_tables() -> dict[str, Any]:
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.dynamodb.models import dynamodb_backends

    tables: dict[str, Any] = dynamodb_backends[DEFAULT_ACCOUNT_ID][settings.region].tables
    return tables


def _moto_table(name: str) -> Any:
    return _moto_tables()[settings.table_prefix + name]


def _moto_queues() -> list[Any]:
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.sqs.models import sqs_backends

    return list(sqs_backends[DEFAULT_ACCOUNT_ID][settings.region].queues.values())


def _empty_moto_tables() -> None:
    for table in _moto_tables().values():
        table.items.clear()


def _empty_moto_buckets_and_queues() -> None:
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.s3.models import s3_backends

    for bucket in s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.values():
        bucket.keys.clear()
        bucket.multiparts.clear()
    for queue in _moto_queues():
        queue._messages = []
        queue.pending_messages.clear()
        queue.deleted_messages.clear()


def _note_writes(request: Any, written: set[str]) -> None:
    """Remember the tables that a request to DynamoDB Local may have changed: only those need emptying."""
    target = request.headers.get("X-Amz-Target", b"")
    operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
    if operation in WRITES:
        body = request.body if isinstance(request.body, str) else request.body.decode()
        written.update(re.findall(rf'"({re.escape(settings.table_prefix)}[a-z]+)"', body))


def _empty_table(client: Any, table: str) -> None:
    keys = [key["AttributeName"] for key in client.describe_table(TableName=table)["Table"]["KeySchema"]]
    names = {f"#{place}": name for place, name in enumerate(keys)}
    pages = client.get_paginator("scan").paginate(
        TableName=table, ProjectionExpression=",".join(names), ExpressionAttributeNames=names
    )
    items = [item for page in pages for item in page["Items"]]
    for start in range(0, len(items), 25):
        batch = [{"DeleteRequest": {"Key": item}} for item in items[start : start + 25]]
        client.batch_write_item(RequestItems={table: batch})
