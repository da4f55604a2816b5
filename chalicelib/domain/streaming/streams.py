"""Streams: what a client may listen to, by the names that clients use, and what a token needs for that."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..signing_in.scopes import covers

USER, NOTIFICATIONS, DIRECT, LIST, CHATS, TAG, PUBLIC = (
    "user", "user:notification", "direct", "list", "user:pleroma_chat", "hashtag", "public")
LOCAL, REMOTE, MEDIA = ":local", ":remote", ":media"
LONGEST_VALUE = 200


@dataclass(frozen=True)
class StreamRule:
    """`scopes`: any one of them. Empty: it is public, and wants no account. `parameter`: what the stream is of.

    `is_named`: it needs the parameter.
    """

    scopes: tuple[str, ...] = ()
    parameter: str = ""
    is_named: bool = False


_STATUSES = ("read:statuses",)
RULES: Mapping[str, StreamRule] = {
    USER: StreamRule(_STATUSES),
    NOTIFICATIONS: StreamRule(("read:notifications",)),
    "user:notifications": StreamRule(("read:notifications",)),
    DIRECT: StreamRule(_STATUSES),
    CHATS: StreamRule(("read:chats",)),
    LIST: StreamRule(("read:lists", "read:statuses"), LIST, is_named=True),
    **{PUBLIC + place + kind: StreamRule(parameter="instance" if place == REMOTE else "")
       for place in ("", LOCAL, REMOTE) for kind in ("", MEDIA)},
    TAG: StreamRule(parameter="tag", is_named=True),
    TAG + LOCAL: StreamRule(parameter="tag", is_named=True),
}


@dataclass(frozen=True)
class Stream:
    """`name`: as the client says it. `value`: the id of a list, a tag, or the host of an instance."""

    name: str
    value: str = ""

    @property
    def rule(self) -> StreamRule:
        return RULES[self.name]

    @property
    def words(self) -> list[str]:
        """What messages of this stream say of it."""
        return [self.name, self.value] if self.value else [self.name]

    @property
    def text(self) -> str:
        """As it is stored with a connection."""
        return json.dumps(self.words, ensure_ascii=False, separators=(",", ":"))

    @property
    def is_public(self) -> bool:
        """Whether it has what everybody may see."""
        return not self.rule.scopes

    @property
    def is_of_notifications(self) -> bool:
        return self.name.startswith(NOTIFICATIONS)

    @property
    def tag(self) -> str:
        from ..text import fold_tag  # who opens a socket does not wait for all of that

        return fold_tag(self.value)

    def is_allowed(self, held: Iterable[str]) -> bool:
        """Whether scopes allow to listen to it."""
        return self.is_public or any(covers(held, each) for each in self.rule.scopes)


def named(asked: Mapping[str, Any]) -> Stream | None:
    """The stream that a client asks for, by `stream` and what belongs to it. None: there is no such stream."""
    name = asked.get("stream")
    rule = RULES.get(name) if isinstance(name, str) else None
    if not isinstance(name, str) or rule is None:
        return None
    value = asked.get(rule.parameter) if rule.parameter else None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or value == "":
        return None if rule.is_named else Stream(name)
    if not isinstance(value, str) or len(value) > LONGEST_VALUE or not value.isprintable():
        return None
    return Stream(name, value.removeprefix("#") if rule.parameter == "tag" else value)


def from_text(text: str) -> Stream:
    words: Sequence[str] = json.loads(text)
    return Stream(*words)
