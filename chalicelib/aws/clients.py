"""Clients of AWS's services, made without boto3: importing that takes as long as a third of the application.

DynamoDB's client is PynamoDB's own (`store/dynamo/connection.py`).
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

from botocore.config import Config
from botocore.session import Session

from ..settings import settings
from . import quick_json
from .signature import sign

AGENT = "Kenoma"
"""What clients call themselves: given, botocore does not put a name together for each call."""
_making = threading.Lock()


@lru_cache(maxsize=1)
def _session() -> Session:
    return Session()


def credentials() -> Any:
    """Those that `client` gives to its clients."""
    with _making:
        return _session().get_credentials()


def client(service: str, **options: Any) -> Any:
    """A new client of a service; `options` are botocore's. One session makes them all, one after the other."""
    with _making:
        config = Config(user_agent=AGENT, **options)
        return _session().create_client(service, region_name=settings.region, config=config)


class _AsGiven:
    """A call as the JSON that it is: what is handed over has the shape that the service reads."""

    def __init__(self, prefix: str, version: str) -> None:
        self._prefix, self._type = prefix, f"application/x-amz-json-{version}"

    def serialize_to_request(self, parameters: dict[str, Any], operation_model: Any) -> dict[str, Any]:
        headers = {"X-Amz-Target": f"{self._prefix}.{operation_model.name}", "Content-Type": self._type}
        return {"url_path": "/", "query_string": "", "method": "POST", "headers": headers,
                "body": quick_json.encode(parameters)}


def shorten(client: Any, credentials: Any) -> None:
    """Leave out of each call what comes out the same: the address, all of the signature but its last step, and the
    walk through the shapes of what is sent. For services that take JSON at one address: DynamoDB and SQS.

    `credentials` are those of the session that made the client. To do without: let this function do nothing.
    """
    about = client.meta.service_model.metadata
    client._serializer = _AsGiven(about["targetPrefix"], about["jsonVersion"])
    client._ruleset_resolver = None  # then it takes the address that it was made with
    sign(client, credentials)
