"""Signatures of calls to AWS (Signature Version 4), in a sixth of the time that botocore takes.

The calls are POSTs to `/` of one address, and the key of a signature is the same for a day. botocore derives it
four times over, and sorts and joins all headers twice, for each call.

Two of botocore's public events carry it. To do without it: delete this file, its test, and the call of `sign`; botocore
then signs as it does for every other client.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.exceptions import NoCredentialsError

ALGORITHM = "AWS4-HMAC-SHA256"
PORTS = {"http": 80, "https": 443}


def sign(client: Any, credentials: Any) -> None:
    """Have `Signer` sign the calls of this client. `credentials` are those of the session that made it."""
    events, service = client.meta.events, client.meta.service_model
    events.register(f"choose-signer.{service.service_id.hyphenize()}", _leaves_it_to_us)
    events.register(f"request-created.{service.service_id.hyphenize()}",
                    Signer(credentials, client.meta.region_name, client.meta.endpoint_url, service.signing_name))


def _leaves_it_to_us(**_: Any) -> Any:
    return UNSIGNED


class Signer:
    """Signs what a client of botocore sends, in the place of botocore's own signer."""

    def __init__(self, credentials: Any, region: str, endpoint: str, service: str) -> None:
        parts = urlsplit(endpoint)
        self._credentials = credentials
        self._scope = f"{region}/{service}/aws4_request"
        self._host = parts.netloc if parts.port != PORTS.get(parts.scheme) else parts.hostname or ""
        self._key = ("", b"")

    def __call__(self, request: Any, **_: Any) -> None:
        """Sign a request that is about to be sent; once more when it is sent again."""
        if self._credentials is None:
            raise NoCredentialsError
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        credentials = self._credentials.get_frozen_credentials()
        headers = request.headers
        for name in ("Authorization", "X-Amz-Date", "X-Amz-Security-Token"):
            del headers[name]
        headers["X-Amz-Date"] = now
        if credentials.token:
            headers["X-Amz-Security-Token"] = credentials.token
        headers["Authorization"] = self._authorization(credentials, now, headers, request.data)

    def _authorization(self, credentials: Any, now: str, headers: Any, body: bytes | str) -> str:
        signed = {"host": self._host}
        for name, value in headers.items():
            name = name.lower()
            if name == "content-type" or name.startswith("x-amz-"):
                signed[name] = value
        names = sorted(signed)
        joined = ";".join(names)
        lines = "".join(f"{name}:{' '.join(str(signed[name]).split())}\n" for name in names)
        data = body.encode() if isinstance(body, str) else body
        asked = f"POST\n/\n\n{lines}\n{joined}\n{hashlib.sha256(data).hexdigest()}"
        scope = f"{now[:8]}/{self._scope}"
        text = f"{ALGORITHM}\n{now}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
        signature = hmac.digest(self._key_of(credentials.secret_key, scope), text.encode(), "sha256").hex()
        return f"{ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={joined}, Signature={signature}"

    def _key_of(self, secret: str, scope: str) -> bytes:
        """The key of this day; a container that gets other credentials, or lives on, derives another."""
        wanted, (known, key) = f"{secret}/{scope}", self._key
        if known != wanted:
            key = f"AWS4{secret}".encode()
            for part in scope.split("/"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._key = (wanted, key)
        return key
