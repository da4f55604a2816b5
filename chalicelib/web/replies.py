"""What an endpoint may return besides a plain result (a mapping, a list, a text or None, all sent as JSON).

    Reply(body, status=202)     another status or further headers; `session=` starts or ends a session
    Empty(201)                  no body, still called JSON
    NoContent()                 204
    Html("<p>…")                a page
    Redirect(url)               302
    FileReply(data, "image/png")     bytes
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

T = TypeVar("T")
R = TypeVar("R", bound="Reply[Any]")
JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
_URL_CHARACTERS = "%/:=&?~#+!$,;'@()*[]"

Session = str | bool | None
LEAVE = True
END = False


@dataclass
class Rendered:
    """A reply ready to be sent. `session_settled`: its cookie is decided, or it is decided that it has none."""

    status: int
    body: str
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)
    session_settled: bool = False
    is_base64: bool = False

    @classmethod
    def of_bytes(cls, data: bytes, content_type: str, headers: dict[str, str] | None = None) -> Rendered:
        return cls(200, base64.b64encode(data).decode(), content_type, headers or {}, is_base64=True)


@dataclass
class Reply(Generic[T]):
    """A result with its own status, headers or session.

    `session`: a token starts a session for it, END ends the browser's, LEAVE changes nothing. None starts one for the
    token that signed in this request, as a plain result does. With another `content_type` than JSON the body is a text
    and is sent as it is.
    """

    body: T
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    session: Session = None
    content_type: str = JSON


class As:
    """A note in a return type, where a reply has other statuses or media types: `Annotated[Reply[Thing], As(202)]`."""

    def __init__(self, *statuses: int, kinds: tuple[str, ...] = ("application/json",)) -> None:
        self.statuses, self.kinds = statuses, kinds


class _Nothing:
    """The body of a reply without one: JSON's null is a body."""


NOTHING = _Nothing()


class Empty(Reply[Any]):
    def __init__(self, status: int = 200, *, session: Session = None) -> None:
        super().__init__(NOTHING, status, session=session)


class NoContent(Empty):
    def __init__(self, *, session: Session = None) -> None:
        super().__init__(204, session=session)


class Html(Reply[str]):
    def __init__(self, text: str, status: int = 200, *, session: Session = None) -> None:
        super().__init__(text, status, session=session, content_type=HTML)


class FileReply(Reply[bytes]):
    """The bytes of a file. They do not go through JSON."""

    def __init__(self, data: bytes, content_type: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(data, 200, headers or {}, LEAVE, content_type)


def unkept(reply: R) -> R:
    """The reply, marked so that no cache keeps it: it holds a secret."""
    reply.headers = {**reply.headers, "Cache-Control": "no-store"}
    return reply


class Redirect(Reply[Any]):
    """Sends the browser elsewhere. The caller must have checked that `url` can be trusted."""

    def __init__(self, url: str, status: int = 302, *, session: Session = None) -> None:
        super().__init__(NOTHING, status, {"Location": quote(url, safe=_URL_CHARACTERS)}, session, HTML)
