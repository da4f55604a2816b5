"""The CDN in front of the server, CloudFront, where it keeps copies of files."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ...aws import clients
from ...settings import settings

_making = threading.Lock()


def forget(paths: Sequence[str], reference: str) -> None:
    """Ask the CDN to forget its copies of these paths. It is asked once, however often this is done by a reference."""
    _client().create_invalidation(DistributionId=settings.cdn, InvalidationBatch={
        "Paths": {"Quantity": len(paths), "Items": list(paths)}, "CallerReference": reference})


def _client() -> Any:
    with _making:
        return _made_client()


@lru_cache(maxsize=1)
def _made_client() -> Any:
    return clients.client("cloudfront", connect_timeout=2, read_timeout=10,
                          retries={"total_max_attempts": 2, "mode": "standard"})
