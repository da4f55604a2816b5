"""List: a private group of accounts."""

from __future__ import annotations

from typing import TypedDict

from ...store.relationships.lists import ListRow


class List(TypedDict):
    id: str
    title: str


def render_list(row: ListRow) -> List:
    return {"id": row.id, "title": row.title}
