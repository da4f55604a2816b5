"""The one door for letters: each goes to one address, through SES, as text and as HTML.

Subject and sender are made one line here, and an address that could be more than one address is refused, so that
nothing somebody typed becomes a header of its own.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from email.utils import formataddr
from functools import lru_cache
from typing import Any

from botocore.exceptions import ClientError

from ..settings import settings
from . import clients

LONGEST_ADDRESS = 254
LONGEST_SUBJECT = 200
LONGEST_NAME = 40  # what fits into one encoded word of a header
# What SES will never take, however often it is asked: the letter itself is at fault, not its account or the moment.
UNSENDABLE = frozenset({"BadRequestException"})
_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^-~]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True)
class Letter:
    """`name`: of whoever it is for, beside the address. Empty: not known."""

    to: str
    subject: str
    text: str
    html: str
    name: str = ""


class Refused(Exception):
    """This letter cannot be sent to this address, now or later."""


def send(letter: Letter) -> None:
    """Hand it to SES. Raises Refused; whatever else is raised may be over when one tries again."""
    if len(letter.to) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(letter.to):
        raise Refused("not one address")
    try:
        _client().send_email(
            FromEmailAddress=sender(),
            Destination={"ToAddresses": [_named(letter.name, letter.to)]},
            Content={"Simple": {
                "Subject": _content(one_line(letter.subject)[:LONGEST_SUBJECT]),
                "Body": {"Text": _content(letter.text), "Html": _content(letter.html)},
            }},
        )
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in UNSENDABLE:
            raise Refused("SES does not take it") from error
        raise


def sender() -> str:
    """The instance's name with the address letters come from, fit for a header."""
    return _named(settings.instance_name, one_line(settings.notify_email))


def _named(name: str, address: str) -> str:
    return formataddr((one_line(name)[:LONGEST_NAME], address))


def one_line(text: str) -> str:
    """The text without line breaks and other characters that print nothing."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _content(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


_making = threading.Lock()


def _client() -> Any:
    with _making:
        return _made_client()


@lru_cache(maxsize=1)
def _made_client() -> Any:
    return clients.client("sesv2", connect_timeout=2, read_timeout=10,
                      retries={"total_max_attempts": 2, "mode": "standard"})


def forget_client() -> None:
    """Drop the client (the local stage and the tests change the endpoint)."""
    _made_client.cache_clear()
