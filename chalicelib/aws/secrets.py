"""Secrets of a deployed function: read from the parameter store, all of them in one call, when one is first needed.

They are kept for the life of the process: a new value is there for processes that start later.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from ..settings import Settings
from . import clients

log = logging.getLogger("kenoma.secrets")


def read(names: list[str]) -> Mapping[str, str]:
    """The values by name. One that is not there is told by the log, and left out."""
    client = clients.client("ssm", connect_timeout=2, read_timeout=3,
                            retries={"total_max_attempts": 3, "mode": "standard"})
    reply = client.get_parameters(Names=names, WithDecryption=True)
    if reply.get("InvalidParameters"):
        log.error("secret missing", extra={"names": reply["InvalidParameters"]})
    return {each["Name"]: each["Value"] for each in reply["Parameters"]}


Settings.read_secrets = read
