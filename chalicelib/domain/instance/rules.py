"""The rules of the instance: what people who sign up agree to, and what reports name.

At first they are the lines of a setting. Once an administrator changes one, all of them are kept, each under its
number, and the setting counts no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ...settings import settings
from ...store.instance import rules as store
from ...store.instance.rules import InstanceRules
from ..refusals import BadRequest, NotFound
from ..retrying import expect, retried
from . import about

MOST = 100
LONGEST = 1_000
BLANK = "text - can't be blank"


@dataclass(frozen=True)
class InstanceRule:
    """`id` is made of digits. Rules are shown by `priority`, the lowest first."""

    id: str
    text: str
    hint: str = ""
    priority: int = 0


@dataclass(frozen=True)
class RuleChange:
    """What to change in a rule. None leaves it as it is."""

    text: str | None = None
    hint: str | None = None
    priority: int | None = None


class _Written(NamedTuple):
    rules: list[InstanceRule]
    last: int


def list_rules() -> list[InstanceRule]:
    """All rules in their order, perhaps a minute old."""
    return shown(about.get_written_rules())


def list_for_staff() -> list[InstanceRule]:
    """All rules as they are now."""
    return shown(store.find())


def shown(written: InstanceRules | None) -> list[InstanceRule]:
    return sorted(_read(written).rules, key=lambda rule: (rule.priority, int(rule.id)))


def add(wanted: RuleChange) -> InstanceRule:
    """A new rule. Raises BadRequest for a blank text, or if there are too many."""
    def added(written: _Written) -> tuple[_Written, InstanceRule]:
        if len(written.rules) >= MOST:
            raise BadRequest(f"There are {MOST} rules already")
        rule = _changed(InstanceRule(str(written.last + 1), ""), wanted)
        return _Written([*written.rules, rule], written.last + 1), rule

    return _change(added)


def change(id: str, wanted: RuleChange) -> InstanceRule:
    """Change a rule. Raises NotFound, BadRequest for a blank text."""
    def changed(written: _Written) -> tuple[_Written, InstanceRule]:
        rule = _changed(_demand(written, id), wanted)
        return _Written([rule if each.id == id else each for each in written.rules], written.last), rule

    return _change(changed)


def remove(id: str) -> None:
    """Take a rule away. Its number is never given again. Raises NotFound."""
    def without(written: _Written) -> tuple[_Written, InstanceRule]:
        rule = _demand(written, id)
        return _Written([each for each in written.rules if each.id != id], written.last), rule

    _change(without)


def _change(decide: Callable[[_Written], tuple[_Written, InstanceRule]]) -> InstanceRule:
    rule = retried(lambda: _change_once(decide))
    about.forget()
    return rule


def _change_once(decide: Callable[[_Written], tuple[_Written, InstanceRule]]) -> InstanceRule:
    before = store.find()
    after, rule = decide(_read(before))
    expect(store.save(before, [vars(each) for each in after.rules], after.last))
    return rule


def _read(written: InstanceRules | None) -> _Written:
    if written is None:
        lines = _lines(settings.instance_rules)
        return _Written([InstanceRule(str(number), line) for number, line in enumerate(lines, 1)], len(lines))
    return _Written(_rules_in(written.doc["rules"]), int(written.doc["last"]))


def _rules_in(stored: Iterable[Mapping[str, Any]]) -> list[InstanceRule]:
    return [InstanceRule(**each) for each in stored]


def _lines(text: str) -> Sequence[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _demand(written: _Written, id: str) -> InstanceRule:
    for rule in written.rules:
        if rule.id == id:
            return rule
    raise NotFound("Not found")


def _changed(rule: InstanceRule, wanted: RuleChange) -> InstanceRule:
    sent = {name: value for name, value in vars(wanted).items() if value is not None}
    rule = replace(rule, **sent)
    if not rule.text.strip():
        raise BadRequest(BLANK)
    return rule
