"""What a list's timeline has: what its members write, and of their replies those that its policy wants."""

from __future__ import annotations

from collections.abc import Container

from ...store.dynamo.parallel import together
from ...store.relationships import lists, relations
from ...store.relationships.lists import ListRow
from ...store.timelines.feeds import REPLY, Row
from ..relationships.lists import FOLLOWED, LIST, NONE
from ..viewer import Viewer


def sifted(rows: list[Row], list_row: ListRow, viewer: Viewer) -> list[Row]:
    """The rows of present members, without unwanted replies. One round."""
    policy = list_row.replies_policy or LIST
    authors = {row.author_id for row in rows}
    answered = {row.parent_author_id for row in rows if row.parent_author_id and _answers_others(row, viewer)}
    asked = authors | answered if policy == LIST else authors
    members, followed = together(
        lambda: lists.those_on(viewer.id, list_row.id, asked),
        lambda: _followed(answered, viewer) if policy == FOLLOWED else set[str]())
    wanted: Container[str] = {LIST: members, FOLLOWED: followed, NONE: ()}[policy]
    return [row for row in rows if row.author_id in members
            and (not _answers_others(row, viewer) or row.parent_author_id in wanted)]


def _answers_others(row: Row, viewer: Viewer) -> bool:
    """Whether it is a reply to somebody else than the viewer and its author."""
    return REPLY in row.flags and row.parent_author_id not in (row.author_id, viewer.id)


def _followed(account_ids: set[str], viewer: Viewer) -> set[str]:
    found = relations.find_many(viewer.id, account_ids, strong=False) if account_ids else {}
    return {id for id, relation in found.items() if relation.follows}
