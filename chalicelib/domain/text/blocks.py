"""Blocks that may not stay: their tags go, and what they held stays apart.

Headings, divisions, tables and their kin are not among the tags that we allow. Without them their texts would run into
each other. So a line break takes the place of their edges, and a blank that of the edges of a cell, where texts meet.
"""

import re
from collections.abc import Callable, Iterable

EDGES = frozenset({"p", "blockquote", "pre", "ul", "ol", "li", "br"})
"""Tags that keep texts apart by themselves."""
_LINES = (
    "address article aside body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hgroup legend main menu nav optgroup option search section select summary table"
    " tbody tfoot thead tr"
)
_CELLS = "td th"
# Another name for each, under which no parser knows any rules for it: which tags it may stand in, and which it closes.
RENAMED = {name: f"x-{name}" for name in f"{_LINES} {_CELLS}".split()}
LINES = frozenset(RENAMED[name] for name in _LINES.split()) | {"hr"}
CELLS = frozenset(RENAMED[name] for name in _CELLS.split())
_NAME = re.compile(r"</?([a-z0-9-]+)")


def without_tags_of(tokens: Iterable[str], goes: Callable[[str], bool]) -> str:
    """The HTML of the tokens without the tags whose name `goes`."""
    parts: list[str] = []
    gap, apart = "", True  # what is due before the next text; whether anything in front of it needs that
    for token in tokens:
        name = _name(token)
        if name and goes(name):
            gap = _gap(name, gap, apart)
        elif name in EDGES:
            gap, apart = "", True
            parts.append(token)
        elif gap and (token.isspace() or token.startswith("</")):
            parts.append("" if token.isspace() else token)
        else:
            parts += gap, token
            gap, apart = "", apart and name != "img" and (bool(name) or token.isspace())
    return "".join(parts)


def _gap(name: str, before: str, apart: bool) -> str:
    """What stands between the texts on both sides of a tag that goes."""
    if apart:
        return ""
    if name in LINES or name in EDGES:
        return "<br/>"
    return before or (" " if name in CELLS else "")


def _name(token: str) -> str:
    match = _NAME.match(token)
    return match[1] if match else ""
