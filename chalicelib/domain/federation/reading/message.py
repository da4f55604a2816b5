"""A chat message of another server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...text import foreign
from .. import addresses
from . import attachments, values
from .status import author_of
from .values import Document, Unreadable

TYPES = ("ChatMessage",)
LONGEST = 100_000


@dataclass(frozen=True)
class ForeignMessage:
    """What is kept of a message. `to`: all recipients, of whom there should be one."""

    uri: str
    author: str
    to: list[str]
    html: str = ""
    plain: str = ""
    emojis: Mapping[str, str] = field(default_factory=dict)
    attachment: dict[str, Any] | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The part that is stored for showing it."""
        doc = {"html": self.html, "emojis": dict(self.emojis), "attachment": self.attachment}
        return {name: value for name, value in doc.items() if value}


def is_message(document: Document | None) -> bool:
    return document is not None and values.kind(document, TYPES) is not None


def read_message(document: Document, to: object) -> ForeignMessage:
    """The message of an object. `to`: that of the activity, for objects that have none. Raises Unreadable."""
    uri, author = document.get("id"), author_of(document)
    if not isinstance(uri, str) or not addresses.is_foreign(uri):
        raise Unreadable("no usable id")
    if author is None or not addresses.are_of_one_host(author, uri):
        raise Unreadable("no author of its host")
    content = values.text_in(document, "content")
    if len(content) > LONGEST:
        raise Unreadable("too long a message")
    html = foreign.clean(content, uri)
    attached = attachments.read_attachments({"attachment": values.maps(document.get("attachment"))[:1]})
    found = ForeignMessage(
        uri, author, values.ids_of(to if document.get("to") is None else document["to"]), html,
        foreign.plain_of(html).strip(), values.emojis_in(values.maps(document.get("tag"))),
        attached[0] if attached else None)
    if not found.plain and found.attachment is None:
        raise Unreadable("an empty message")
    return found
