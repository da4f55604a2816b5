"""The languages that a follow is limited to, as codes like `de` or `pt-BR`.

What the followed account writes in other languages does not come home, nor to lists. Reblogs do, and what does not say
in which language it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...store.relationships.relations import Relation
from ...store.statuses.statuses import Status
from ..refusals import Unacceptable
from ..text.languages import is_kind_of

MOST = 20
CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def asked_for(codes: Sequence[str] | None) -> list[str] | None:
    """The languages that somebody asks for. None: none were named. Empty: all. Raises Unacceptable."""
    wanted = None if codes is None else list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    if wanted and (len(wanted) > MOST or not all(map(CODE.fullmatch, wanted))):
        raise Unacceptable("Validation failed: Languages is invalid")
    return wanted


def named_in(text: str) -> list[str] | None:
    """Those that a cell of a list names. None: it names none."""
    words = [word for word in re.split(r"[\s,;|]+", text) if CODE.fullmatch(word)]
    return list(dict.fromkeys(words))[:MOST] or None


def is_wanted(status: Status, relation: Relation | None) -> bool:
    """Whether it is in a language that its author is followed in. `relation`: how the reader stands to the author."""
    wanted = (relation.languages or ()) if relation is not None else ()
    language = status.content.get("language") if wanted and not status.reblog_of else None
    return language is None or any(is_kind_of(language, each) for each in wanted)
