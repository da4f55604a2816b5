"""The rules of the instance: for everybody, and for administrators."""

from __future__ import annotations

from typing import Annotated, Any

from ... import entities
from ...domain.instance import rules
from ...domain.instance.rules import RuleChange
from ...entities.instance.rule import render_admin_rule, render_rules
from ...web.auth import admin, public
from ...web.endpoint import endpoint
from ...web.params import MaxLength

Text = Annotated[str | None, "What the rule says.", MaxLength(rules.LONGEST)]
Hint = Annotated[str | None, "More about it.", MaxLength(rules.LONGEST)]
Priority = Annotated[int | None, "The rules with the lowest number come first."]


@endpoint("GET", "/api/v1/instance/rules", auth=public())
def show() -> list[entities.Rule]:
    """The rules of this server, in their order."""
    return render_rules(rules.list_rules())


@endpoint("GET", "/api/v1/pleroma/admin/rules", auth=admin("admin:read"))
def index() -> list[entities.AdminRule]:
    """All rules in their order."""
    return [render_admin_rule(rule) for rule in rules.list_for_staff()]


@endpoint("POST", "/api/v1/pleroma/admin/rules", auth=admin("admin:write"))
def add(text: Text = None, hint: Hint = None, priority: Priority = None) -> entities.AdminRule:
    """A new rule."""
    return render_admin_rule(rules.add(RuleChange(text, hint, priority)))


@endpoint("PATCH", "/api/v1/pleroma/admin/rules/{id}", auth=admin("admin:write"), refuses=(404,))
def change(id: str, text: Text = None, hint: Hint = None, priority: Priority = None) -> entities.AdminRule:
    """Change a rule."""
    return render_admin_rule(rules.change(id, RuleChange(text, hint, priority)))


@endpoint("DELETE", "/api/v1/pleroma/admin/rules/{id}", auth=admin("admin:write"), refuses=(404,))
def remove(id: str) -> dict[str, Any]:
    """Take a rule away."""
    rules.remove(id)
    return {}
