"""Imports as clients see them: how far each is, and what could not be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from ...ids import created_at
from ...store.relationships.imports import Import as Record


class Import(TypedDict):
    """`done`: accounts that are followed, blocked or muted now; `already` tells how many of them were so before.

    `skipped`: accounts of which that could not be done, because they are `unknown` here, or because it was `refused`.
    The import has ended when both together are `total`.
    """

    id: str
    kind: str
    at: str
    total: int
    done: int
    skipped: int
    already: int
    unknown: int
    refused: int


def render_imports(imports: Sequence[Record]) -> list[Import]:
    return [{
        "id": each.import_id,
        "kind": each.kind,
        "at": created_at(each.import_id),
        "total": int(each.total),
        "done": int(each.done + each.already),
        "skipped": int(each.unknown + each.refused),
        "already": int(each.already),
        "unknown": int(each.unknown),
        "refused": int(each.refused),
    } for each in imports]
