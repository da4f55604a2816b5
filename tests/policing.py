"""Tests run under the policies of `infra/deploy/policies.py`: a function's policy must allow what it calls.

Every call to AWS while a function handles an event is translated into the permissions that IAM would demand. What the
policy lacks is refused, as AWS would do, so the test that needed it fails. What was demanded is remembered, so that a
whole run shows which permissions nobody needs. Calls of the tests themselves are ignored.
"""

from __future__ import annotations

import contextvars
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from botocore.exceptions import ClientError
from botocore.handlers import BUILTIN_HANDLERS
from chalice.app import Chalice, EventSourceHandler

from chalicelib.settings import SECRETS, Settings, settings
from chalicelib.web.door import Door
from infra.deploy import policies
from infra.deploy.policies import Need
from infra.local import pump

IN_TRANSACTION = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem",
                  "ConditionCheck": "ConditionCheckItem", "Get": "GetItem"}
# Calls of S3 whose permission has another name.
PERMISSIONS_OF_S3 = {"CreateMultipartUpload": "PutObject", "UploadPart": "PutObject", "HeadObject": "GetObject",
                     "CompleteMultipartUpload": "PutObject", "ListObjectsV2": "ListBucket",
                     "DeleteObjects": "DeleteObject"}

# CloudFront's operations have the version of its API in their names.
VERSION = re.compile(r"\d{4}_\d\d_\d\d$")

log = logging.getLogger("policies")
used: dict[str, set[Need]] = {}
_function: contextvars.ContextVar[str] = contextvars.ContextVar("function", default="")


def police() -> None:
    """Watch every client made from now on, every event that the app handles, and who reads which secret."""
    BUILTIN_HANDLERS.append(("provide-client-params", _calls))
    _within(Chalice, _api_handler)
    _within(Door, lambda door: _api_handler(door.app))  # what an installed frontend answers does not get to Chalice
    _within(EventSourceHandler, lambda handler: handler.func.__name__ if handler.func.__module__ == "app" else "")
    setattr(Settings, "__getattribute__", _reads)  # noqa: B010
    for name in ("__init__", "run_batch"):  # what Lambda does, were it called from within a function
        setattr(pump.Queue, name, _outside(getattr(pump.Queue, name)))


@contextmanager
def inside(function: str) -> Iterator[None]:
    """Count what is done within the block as done by the function."""
    token = _function.set(function)
    try:
        yield
    finally:
        _function.reset(token)


def outside() -> AbstractContextManager[None]:
    """Do not count what is done within the block as done by the function: a test does it."""
    return inside("")


def _outside(function: Callable[..., Any]) -> Callable[..., Any]:
    def called(*args: Any, **named: Any) -> Any:
        with outside():
            return function(*args, **named)

    return called


def needs_of(service: str, operation: str, params: Mapping[str, Any]) -> Iterator[Need]:
    """The permissions that IAM demands for this call. Resources are named as in the policies, without prefixes."""
    if service == "dynamodb":
        yield from _needs_of_dynamodb(operation, params)
    elif service == "s3":
        action = PERMISSIONS_OF_S3.get(operation, operation)
        keys = [each["Key"] for each in params.get("Delete", {}).get("Objects", ())]
        for key in keys or [params.get("Key") or params.get("Prefix", "")]:
            yield Need(f"s3:{action}", key.partition("/")[0] + "/")
            if action == "GetObject":
                yield Need("s3:ListBucket", key.partition("/")[0] + "/")  # or 403 for what is not there
    elif service == "sqs":
        name = params.get("QueueName") or params["QueueUrl"].rpartition("/")[2]
        for action in (operation.removesuffix("Batch"), "GetQueueUrl"):  # a process asks for an address once
            yield Need(f"sqs:{action}", name.removeprefix(settings.queue_prefix))
    elif service == "apigatewaymanagementapi":
        yield Need("execute-api:ManageConnections", "")
    else:
        yield Need(f"{service.removesuffix('v2')}:{VERSION.sub('', operation)}", "")


def _needs_of_dynamodb(operation: str, params: Mapping[str, Any]) -> Iterator[Need]:
    def need(action: str, table: str, index: str = "") -> Need:
        return Need(f"dynamodb:{action}", table.removeprefix(settings.table_prefix) + (index and f"/{index}"))

    if operation in ("BatchGetItem", "BatchWriteItem"):
        yield from (need(operation, table) for table in params["RequestItems"])
    elif operation in ("TransactWriteItems", "TransactGetItems"):
        for item in params["TransactItems"]:
            for action, wanted in item.items():
                yield need(IN_TRANSACTION[action], wanted["TableName"])
    else:
        yield need(operation, params["TableName"], params.get("IndexName") or "")


# The sum of a whole run. Each worker of pytest tells the process that started it what its tests used.


def told() -> dict[str, list[tuple[str, ...]]]:
    """What was used so far, in a form for JSON."""
    return {name: sorted(tuple(need) for need in needs) for name, needs in used.items()}


def learn(others: Mapping[str, Iterable[Sequence[str]]]) -> None:
    """Add what another process told."""
    for name, needs in others.items():
        used.setdefault(name, set()).update(Need(*need) for need in needs)


def unused() -> list[str]:
    """Permissions that no function needed in this run, except those that tests cannot reach."""
    return [f"{name}: {need.action} on {need.resource or 'anything'}" for name, policy in policies.WRITTEN.items()
            for need in sorted(policies.needs(policy) - policies.RARELY.get(name, set()) - used.get(name, set()))]


def _api_handler(app: Chalice) -> str:
    return "api_handler" if getattr(sys.modules.get("app"), "app", None) is app else ""


def _within(handler: type, name: Callable[[Any], str]) -> None:
    handle = handler.__call__

    def handled(self: Any, event: Any, context: Any) -> Any:
        with inside(name(self)):
            return handle(self, event, context)

    setattr(handler, "__call__", handled)  # noqa: B010


def _calls(params: dict[str, Any], model: Any, **_: Any) -> None:
    function = _function.get()
    if function:
        for need in needs_of(model.service_model.service_name, model.name, params):
            _ask(function, need, model.name)


def _reads(self: Settings, name: str) -> Any:
    if name in SECRETS:
        function = _function.get()
        if function:
            _ask(function, Need("ssm:GetParameters", name), "GetParameters")
    return object.__getattribute__(self, name)


def _ask(function: str, need: Need, call: str) -> None:
    if policies.allows(function, need):
        used.setdefault(function, set()).add(need)
        return
    text = f"{function} may not {need.action} on {need.resource or 'anything'} (infra/deploy/policies.py)"
    log.error(text)  # what refuses may be answered with a 500, or be a failed job
    raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": text}}, call)
