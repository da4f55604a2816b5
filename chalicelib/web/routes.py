"""Finding the route of a path: word by word, fixed words before parameters, without a second try.

A parameter is a whole word, or what follows an `@`: `/@{nickname}`.

The deployed edge hands over every path by its one route, `$default`. So which endpoint answers is decided here, for
every edge and the local stage alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote


@dataclass(slots=True)
class _Node:
    words: dict[str, _Node] = field(default_factory=dict)
    parameter: str = ""
    below_parameter: _Node | None = None
    after_at: str = ""
    below_at: _Node | None = None
    route: str | None = None


class Routes:
    """A tree of path words. A request takes one step for each word, however many routes there are."""

    def __init__(self, routes: Iterable[str]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def _add(self, route: str) -> None:
        node = self._root
        for word in _words(route):
            if word.startswith("@{"):
                node.after_at, node.below_at = word[2:-1], node.below_at or _Node()
                node = node.below_at
                continue
            if not (word.startswith("{") and word.endswith("}")):
                node = node.words.setdefault(word, _Node())
                continue
            name = word[1:-1].removesuffix("+")
            if node.below_parameter is None:
                node.parameter, node.below_parameter = name, _Node()
            elif node.parameter != name:
                raise ValueError(f"{route}: the parameter {{{name}}} stands where {{{node.parameter}}} stood before")
            node = node.below_parameter
        node.route = route

    def find(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The route of a path, and its parameters, still percent-encoded. None: there is no such route.

        A fixed word may be escaped too: an edge that decodes paths would not show the difference.
        """
        if not path.startswith("/"):
            return None
        node, captured = self._root, {}
        for word in _words(path):
            meant = unquote(word) if "%" in word else word
            following = node.words.get(meant)
            if following is None and node.below_at is not None and len(meant) > 1 and meant[0] == "@":
                following = node.below_at
                captured[node.after_at] = word[1:] if word[0] == "@" else word[3:]
            elif following is None:
                following = node.below_parameter
                if following is None or not word:
                    return None
                captured[node.parameter] = word
            node = following
        return (node.route, captured) if node.route is not None else None


def _words(path: str) -> list[str]:
    path = path[1:-1] if len(path) > 1 and path.endswith("/") else path[1:]
    return path.split("/") if path else []
