"""How the code's clients reach the gateway: by a call in this process. There is no address that others could reach."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from botocore import handlers
from botocore.awsrequest import AWSResponse

from .gateway import Gateway, Refused

EVENT = "before-call.apigatewaymanagementapi"


def answer_clients(gateway: Gateway) -> None:
    """Have every client answered that a session made from now on makes."""
    handlers.BUILTIN_HANDLERS[:] = [each for each in handlers.BUILTIN_HANDLERS if each[0] != EVENT]
    handlers.BUILTIN_HANDLERS.append((EVENT, _answering(gateway)))


def answer_client(client: Any, gateway: Gateway) -> Any:
    """Have this client answered."""
    client.meta.events.register(EVENT, _answering(gateway))
    return client


def _answering(gateway: Gateway) -> Any:
    def answer(model: Any, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        status, reply = 200, {}
        try:
            reply = _done(gateway, model.name, unquote(params["url_path"].rpartition("/")[2]), params["body"])
        except Refused as refused:
            status, reply = refused.status, {"Error": {"Code": refused.code, "Message": str(refused)}}
        made: Any = AWSResponse
        return made(params["url"], status, {}, None), {**reply, "ResponseMetadata": {"HTTPStatusCode": status}}

    return answer


def _done(gateway: Gateway, operation: str, id: str, body: Any) -> dict[str, Any]:
    if operation == "GetConnection":
        return gateway.about(id)
    if operation == "DeleteConnection":
        gateway.delete(id)
    else:
        gateway.post(id, body if isinstance(body, bytes) else body.read())
    return {}
