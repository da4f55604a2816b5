"""Config: the settings that administrators may change while the server runs, as the administration API has them.

Clients know *entries*: a key of the group `:pleroma`, with a list of keys and values below it, which may be lists in
turn. Each value stands for one setting (`settings.py` has the place of each). Everything else that is sent is passed
over, as the reference does with settings outside its white list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...overrides import Unfit, fitted, type_name
from ...settings import Settings, settings
from ...store.instance import config as store
from ..refusals import BadRequest
from ..retrying import expect, retried

GROUP = ":pleroma"
DISABLED = "To use this endpoint you need to enable configuration from database. (configurable_from_database)"
"""Newer clients look for the word in brackets."""

Tree = Mapping[str, Any]
"""What is below a key: for each further key another tree, or the name of a setting."""


@dataclass(frozen=True)
class Change:
    """What to do with an entry: merge these values into it, or delete it (only those below `subkeys`, if given)."""

    group: str
    key: str
    value: Any = None
    delete: bool = False
    subkeys: Sequence[str] | None = None


@dataclass(frozen=True)
class ConfigValues:
    """The values below a key, by setting, and which of them administrators have set."""

    key: str
    values: Mapping[str, Any]
    overridden: frozenset[str] = field(default=frozenset())


class NotOfTheirTypes(Exception):
    """Values that are none of their settings' types: where each is, and why."""

    def __init__(self, faults: Sequence[tuple[tuple[str, ...], str]]) -> None:
        super().__init__(faults)
        self.faults = faults


def tree() -> Tree:
    """All settings that may be changed, by the keys that lead there."""
    root: dict[str, Any] = {}
    for name, setting in Settings.changeable().items():
        path = setting.metadata["place"].path
        branch = root
        for each in path[:-1]:
            branch = branch.setdefault(each, {})
        branch[path[-1]] = name
    return root


def names_in(branch: Tree | str) -> Iterator[str]:
    """The settings below a key."""
    if isinstance(branch, str):
        yield branch
        return
    for each in branch.values():
        yield from names_in(each)


# Reading.


def list_entries() -> list[ConfigValues]:
    """Every entry with all its values. Raises BadRequest if nothing may be changed on this server."""
    return [
        ConfigValues(each.key, {name: each.values.get(name, settings.beneath(name)) for name in names_in(branch)},
                     each.overridden)
        for each, branch in zip(_stored(), tree().values(), strict=True)
    ]


def list_overrides() -> list[ConfigValues]:
    """Only what administrators have set: the entries that have something of that kind."""
    return [each for each in _stored() if each.values]


def _stored() -> list[ConfigValues]:
    _demand()
    values = {key: Settings.still_fitting(row.overrides) for key, row in store.load().items()}
    return [ConfigValues(key, each, frozenset(each)) for key, each in values.items()]


def forget() -> None:
    """Let this process read its settings again. That is all there is to restart."""
    _demand()
    settings.read_again()


def _demand() -> None:
    if not settings.configurable_from_database:
        raise BadRequest(DISABLED)


# Writing.


@dataclass(frozen=True)
class _Step:
    """A change that was understood. `values`: what to set; None: take away what is in `names`."""

    key: str
    values: Mapping[str, Any] | None
    names: frozenset[str] = field(default=frozenset())


def change(wanted: Sequence[Change]) -> list[ConfigValues]:
    """Make changes, all or none. Answers the entries that were written and not deleted, with what is set in them.

    Raises BadRequest if nothing may be changed on this server, NotOfTheirTypes for values that do not fit.
    """
    _demand()
    steps = _understood(wanted)
    written = retried(lambda: _written(steps)) if steps else {}
    if written:
        settings.read_again()
    return [ConfigValues(key, values, frozenset(values)) for key, values in written.items() if values]


def _written(steps: Sequence[_Step]) -> Mapping[str, Mapping[str, Any]]:
    """The values of each entry that was changed, as they are now. Raises Overtaken if another request was faster."""
    rows = store.load()
    before = {key: Settings.still_fitting(row.overrides) for key, row in rows.items()}
    changed: dict[str, dict[str, Any]] = {}
    for step in steps:
        values = changed.get(step.key, before[step.key])
        if step.values is not None:
            changed[step.key] = {**values, **step.values}
        elif step.names & values.keys():
            changed[step.key] = {name: value for name, value in values.items() if name not in step.names}
    if changed:
        expect(store.save(rows, changed))
    return changed


def _understood(wanted: Sequence[Change]) -> list[_Step]:
    """The changes that concern settings of ours. Raises NotOfTheirTypes."""
    known, steps = tree(), list[_Step]()
    faults: list[tuple[tuple[str, ...], str]] = []
    for index, each in enumerate(wanted):
        branch = known.get(each.key) if each.group == GROUP else None
        if branch is None:
            continue
        if each.delete:
            steps.append(_Step(each.key, None, _named(branch, each.subkeys)))
            continue
        values = _Values(faults).read(branch, each.value, ("configs", str(index), "value"))
        if values:
            steps.append(_Step(each.key, values))
    if faults:
        raise NotOfTheirTypes(faults)
    return steps


def _named(branch: Tree, subkeys: Sequence[str] | None) -> frozenset[str]:
    wanted = branch.values() if subkeys is None else [branch[each] for each in subkeys if each in branch]
    return frozenset(name for each in wanted for name in names_in(each))


class _Values:
    """Reads values out of lists of `{"tuple": [key, value]}`, and notes what is wrong with them."""

    def __init__(self, faults: list[tuple[tuple[str, ...], str]]) -> None:
        self.faults = faults

    def read(self, branch: Tree, sent: Any, path: tuple[str, ...]) -> dict[str, Any]:
        """The values by setting. Keys that lead to no setting are passed over."""
        members = _members(sent) if path[-1] == "value" else _pairs(sent)
        if members is None:
            missing = sent is None and path[-1] == "value"
            self.faults.append((path, "Missing field: value" if missing else _not("array", sent)))
            return {}
        found: dict[str, Any] = {}
        for index, each in enumerate(members):
            pair = _members(each.get("tuple")) if isinstance(each, dict) else None
            if pair is None or len(pair) != 2 or not isinstance(pair[0], str):
                self.faults.append(((*path, str(index)), _not("tuple", each)))
                continue
            name, value = pair
            if isinstance(wanted := branch.get(name), str):
                found |= self._value(wanted, value, (*path, name))
            elif wanted is not None:
                found |= self.read(wanted, value, (*path, name))
        return found

    def _value(self, setting: str, sent: Any, path: tuple[str, ...]) -> dict[str, Any]:
        if isinstance(sent, str) and "\0" in sent:
            raise BadRequest
        changeable = Settings.changeable()[setting]
        if changeable.metadata["place"].hosts and (listed := _pairs(sent)) is not None:
            sent = listed
        try:
            return {setting: fitted(changeable, sent)}
        except Unfit as unfit:
            self.faults.append((path, str(unfit)))
            return {}


def primary_in(wanted: Sequence[Change]) -> tuple[str, str] | None:
    """Name and version of the frontend that pleroma-fe asks to be the primary one. It does so by an entry of config."""
    for change in wanted:
        if (change.group, change.key) == (":pleroma", ":frontends"):
            said = dict(each["tuple"] for each in _pairs(change.value) or () if _is_pair(each))
            about = said.get(":primary")
            if isinstance(about, dict) and all(isinstance(about.get(each), str) for each in ("name", "ref")):
                return about["name"], about["ref"]
    return None


def _is_pair(sent: Any) -> bool:
    pair = sent.get("tuple") if isinstance(sent, dict) else None
    return isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)


def _members(sent: Any) -> list[Any] | None:
    """The members of a list. A form spells it as a map whose keys are numbers."""
    if isinstance(sent, dict) and sent and all(each.isascii() and each.isdigit() for each in sent):
        return [sent[each] for each in sorted(sent, key=int)]
    return sent if isinstance(sent, list) else None


def _pairs(sent: Any) -> list[Any] | None:
    """The members of a list of keys and values. pleroma-fe sends those below the first level as a map."""
    members = _members(sent)
    if members is None and isinstance(sent, dict):
        return [{"tuple": [key, value]} for key, value in sent.items()]
    return members


def _not(wanted: str, sent: Any) -> str:
    return f"null value where {wanted} expected" if sent is None else f"Invalid {wanted}. Got: {type_name(sent)}"
