"""Pages of a list: the cursors a client sends, and the Link header to the next pages.

`Page` is an argument like any other: `page: Page`, or `page: Annotated[Page, Sizes(default=40, most=80)]`.
Cursors are exclusive and can be combined. With every cursor a page is listed newest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from .kinds import Integer, ParameterFault, Text, Wrong, single
from .request import Request

T = TypeVar("T")
_CURSORS = ("max_id", "since_id", "min_id")
_LONGEST_CURSOR = 64
_INTEGER, _TEXT = Integer(), Text()


@dataclass(frozen=True)
class Sizes:
    """How many rows a page has by default, and at most."""

    default: int = 20
    most: int = 40


@dataclass
class Paged(Generic[T]):
    """A page's rows with their Link header (empty: none)."""

    rows: list[T]
    link: str = ""


@dataclass(frozen=True)
class Page:
    """Which part of a list is wanted. `limit` is within the bounds already. 0 wants nothing."""

    max_id: str | None = None
    since_id: str | None = None
    min_id: str | None = None
    limit: int = 20
    offset: int = 0
    request: Request | None = field(default=None, repr=False, compare=False)

    @property
    def has_cursor(self) -> bool:
        """Whether it is another part than the first."""
        return any((self.max_id, self.since_id, self.min_id))

    def reply(self, rows: Iterable[T], *, ids: Sequence[str] | None = None, continues: str | None = None,
              ascending: bool = False) -> Paged[T]:
        """The rows with the Link header. `ids`: the cursors of the rows, if these are not the rows' own `id`.

        `continues`: the last id that was read, if filtering made the page short before the data ended. Then Link goes
        on from there, even on an empty page (upwards if `min_id` asked for that direction). Lists that are `ascending`
        (blocks, mutes) go on with `since_id`.
        """
        listed = list(rows)
        cursors = list(ids) if ids is not None else [row["id"] for row in listed]  # type: ignore[index]
        return Paged(listed, self.link(cursors, continues=continues, ascending=ascending))

    def link(self, cursors: Sequence[str], *, continues: str | None = None, ascending: bool = False) -> str:
        """The Link header for these cursors, in the order of the page. Empty: there is nothing to go on from."""
        if continues is not None:
            cursors = [continues, *cursors] if self.min_id else [*cursors, continues]
        if self.request is None or not cursors:
            return ""
        onwards, back = ("since_id", "max_id") if ascending else ("max_id", "min_id")
        address = f"{self.request.url}?{_kept(self.request.query_values)}"
        return (f'<{address}{onwards}={quote(cursors[-1], safe="")}>; rel="next", '
                f'<{address}{back}={quote(cursors[0], safe="")}>; rel="prev"')


def read_page(request: Request, sizes: Sizes, faults: list[ParameterFault]) -> Page:
    """The page that a request asks for. Whatever is wrong with it is added to `faults`."""
    fields = request.fields
    if not fields:
        return Page(limit=sizes.default, request=request)
    max_id, since_id, min_id = (_cursor(fields, name, faults) for name in _CURSORS)
    limit = _number(fields, "limit", sizes.default, faults)
    offset = _number(fields, "offset", 0, faults)
    return Page(max_id, since_id, min_id, min(max(limit, 0), sizes.most), max(offset, 0), request)


def _cursor(fields: Mapping[str, Any], name: str, faults: list[ParameterFault]) -> str | None:
    """A cursor as sent, cut to a length that a key can have. Any text has a place in the order."""
    value = single(fields.get(name))
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        faults.append(_TEXT.refuse(value).faults[0].within(name))
        return None
    return value[:_LONGEST_CURSOR]


def _number(fields: Mapping[str, Any], name: str, default: int, faults: list[ParameterFault]) -> int:
    value = single(fields.get(name))
    if value is None or value == "":
        return default
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:18])  # a longer one exceeds every bound anyway
    try:
        return _INTEGER.read(value)
    except Wrong as wrong:
        if isinstance(value, int) and not isinstance(value, bool):
            return max(min(value, 2**31), -1)
        faults.extend(fault.within(name) for fault in wrong.faults)
        return default


def _kept(query: Mapping[str, list[str]]) -> str:
    """The parameters of the query without cursors and tokens, ready to append another."""
    return "".join(
        f"{quote(name, safe='')}={quote(value, safe='')}&"
        for name, values in query.items() if name not in _CURSORS and name != "access_token"
        for value in values
    )
