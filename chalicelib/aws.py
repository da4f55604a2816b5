"""Clients of AWS's services, made without boto3: importing that takes as long as a third of the application.

DynamoDB's client is PynamoDB's own (`store/connection.py`).
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

from botocore.config import Config
from botocore.session import Session

from .settings import settings

_making = threading.Lock()


@lru_cache(maxsize=1)
def _session() -> Session:
    return Session()


def client(service: str, **options: Any) -> Any:
    """A new client of a service; `options` are botocore's. One session makes them all, one after the other."""
    with _making:
        return _session().create_client(service, region_name=settings.region, config=Config(**options))
