"""Collections: lists that other servers read by pages. The next page begins where this one ended, by a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .context import Document, whole

ORDERED, UNORDERED = ("OrderedCollection", "orderedItems"), ("Collection", "items")


@dataclass(frozen=True)
class CollectionPart:
    """One page of a collection: what is on it, and the cursors of the pages around it."""

    items: Sequence[Any]
    older: str | None = None
    newer: str | None = None


def collection(id: str, total: int | None, *, shown: bool = True) -> Document:
    """A collection without what is in it. `total`: None if it is hidden. `shown`: whether it has pages.

    Without `first` others take it for hidden, so an empty one that is not hidden has it too.
    """
    count = {} if total is None else {"totalItems": total}
    return whole({"id": id, "type": ORDERED[0], **count, **({"first": _page(id)} if shown else {})})


def listing(id: str, items: Sequence[Any]) -> Document:
    """A short collection with all that is in it."""
    return whole({"id": id, "type": ORDERED[0], "totalItems": len(items), "orderedItems": list(items)})


def page(id: str, part: CollectionPart, *, cursor: tuple[str, str] | None = None, ordered: bool = True,
         onwards: str = "max_id") -> Document:
    """One page. `cursor`: by which name and value it was asked for. `onwards`: the name of the cursor to go on by."""
    kind, items = ORDERED if ordered else UNORDERED
    found: Document = {"id": _page(id, *(cursor or ())), "type": f"{kind}Page", "partOf": id, items: list(part.items)}
    if part.older is not None:
        found["next"] = _page(id, onwards, part.older)
    if part.newer is not None:
        found["prev"] = _page(id, "min_id", part.newer)
    return whole(found)


def _page(id: str, name: str = "", value: str = "") -> str:
    return f"{id}?page=true&{name}={value}" if name else f"{id}?page=true"
