"""Rules of the instance: as everybody sees them, and as administrators do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypedDict

from ...domain.instance.rules import InstanceRule


class Rule(TypedDict):
    """`translations` has texts and hints by language. There are none."""

    id: str
    text: str
    hint: str
    translations: dict[str, Any]


class AdminRule(TypedDict):
    """Rules are shown by `priority`, the lowest first."""

    id: str
    text: str
    hint: str
    priority: int


def render_rules(rules: Iterable[InstanceRule]) -> list[Rule]:
    return [{"id": rule.id, "text": rule.text, "hint": rule.hint, "translations": {}} for rule in rules]


def render_admin_rule(rule: InstanceRule) -> AdminRule:
    return {"id": rule.id, "text": rule.text, "hint": rule.hint, "priority": rule.priority}
