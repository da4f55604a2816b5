"""Imports as clients see them: how far each is, and what could not be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from ...ids import created_at
from ...store.relationships.imports import Import as Record


class FailedName(TypedDict):
    """`reason`: `unreadable`, it can be no name; `unknown`, nobody has it; `silent`, its server did not answer;
    `refused`, it may not be.
    """

    name: str
    reason: str


class Import(TypedDict):
    """`done`: what is as the list says now; `already` tells how much of it was so before.

    `skipped`: names of which nothing could become, because they are `unknown`, or because it was `refused`; `failed`
    has at most 200 of them. The import has ended when `done` and `skipped` together are `total`.
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
    failed: list[FailedName]


def render_imports(imports: Sequence[Record], failed: Mapping[str, Mapping[str, str]]) -> list[Import]:
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
        "failed": [{"name": name, "reason": reason} for name, reason in failed.get(each.import_id, {}).items()],
    } for each in imports]
