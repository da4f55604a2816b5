"""How clients reach the queues of `sqs.py`: those in this process by a call, those elsewhere through moto's server."""

from __future__ import annotations

import json
from typing import Any

from botocore import handlers
from botocore.awsrequest import AWSResponse

from .sqs import Refused, Sqs

EVENT = "before-call.sqs"
TARGET = "AmazonSQS."
OLD_CODES = {"QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue"}
"""What errors are called in replies still: by the names of SQS's first protocol."""
_asked: list[Sqs] = []


def answer_clients(sqs: Sqs) -> None:
    """Have every client answered that a session made from now on makes. moto registers itself the same way."""
    handlers.BUILTIN_HANDLERS[:] = [each for each in handlers.BUILTIN_HANDLERS if each[0] != EVENT]
    handlers.BUILTIN_HANDLERS.append((EVENT, _answering(sqs)))
    _asked[:] = [sqs]


def answer_client(client: Any, sqs: Sqs) -> Any:
    """Have this client answered."""
    client.meta.events.register(EVENT, _answering(sqs))
    return client


def answer_servers() -> None:
    """Have moto's HTTP servers of this process ask the queues that the clients of this process are answered by."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication

    serve = DomainDispatcherApplication.__call__

    def served(self: Any, environ: dict[str, Any], start_response: Any) -> Any:
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if not target.startswith(TARGET):
            return serve(self, environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = [("Content-Type", "application/x-amz-json-1.0")]
        try:
            reply = _asked[0].answer(target.removeprefix(TARGET), json.loads(body))
            start_response("200 OK", headers)
        except Refused as refused:
            reply = {"__type": f"com.amazonaws.sqs#{refused.code}", "message": str(refused)}
            old = OLD_CODES.get(refused.code, refused.code)
            start_response("400 Bad Request", [*headers, ("x-amzn-query-error", f"{old};Sender")])
        return [json.dumps(reply).encode()]

    setattr(DomainDispatcherApplication, "__call__", served)  # noqa: B010  (mypy refuses to assign to a method)


def _answering(sqs: Sqs) -> Any:
    def answer(model: Any, params: dict[str, Any], context: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        status = 200
        try:
            reply = sqs.answer(model.name, json.loads(params["body"]))
        except Refused as refused:
            status, context["error_code_override"] = 400, refused.code
            reply = {"Error": {"Code": OLD_CODES.get(refused.code, refused.code), "Message": str(refused)}}
        made: Any = AWSResponse
        return made(params["url"], status, {}, None), {**reply, "ResponseMetadata": {"HTTPStatusCode": status}}

    return answer
