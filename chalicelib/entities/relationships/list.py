"""List: a private group of accounts."""

from __future__ import annotations

from typing import TypedDict

from ...domain.relationships.lists import LIST
from ...store.relationships.lists import ListRow


class List(TypedDict):
    id: str
    title: str
    replies_policy: str
    exclusive: bool


def render_list(row: ListRow) -> List:
    return {"id": row.id, "title": row.title, "replies_policy": row.replies_policy or LIST,
            "exclusive": bool(row.exclusive)}
