"""What a client reads of a reply, held against the reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.cast import Person, Reply

Wanted = Any
"""A type; several of them; `[wanted]` for a list whose members, at least one, have all this form; a map of keys; or
the value itself."""


@dataclass(frozen=True)
class Sends:
    """One request as a client makes it. `{names}` in its parts stand for what is in the world of the test."""

    method: str
    path: str
    reads: Wanted = object
    json: Any = None
    form: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    file: tuple[str, tuple[str, bytes, str]] | None = None
    body: bytes | None = None

    def by(self, who: Person, world: Mapping[str, str]) -> Reply:
        """The reply, which has all that is read."""
        files = dict([self.file]) if self.file else None
        reply = who.request(self.method, _filled(self.path, world), json=_filled(self.json, world),
                            form=_filled(self.form, world), files=files, headers=dict(self.headers), body=self.body)
        assert reply.status == self.status, reply.body
        if self.reads is not object:
            expect(reply.json, self.reads)
        return reply

    def with_headers(self, headers: Mapping[str, str]) -> Sends:
        return replace(self, headers={**self.headers, **headers})

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def play(sent: Iterable[Sends], who: Person, world: Mapping[str, str]) -> None:
    """Send these one after the other. Fails with all that went wrong."""
    faults = []
    for each in sent:
        try:
            each.by(who, world)
        except AssertionError as wrong:
            faults.append(f"{each}: {str(wrong).splitlines()[0]}")
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def expect(shown: Any, wanted: Wanted, where: str = "reply") -> None:
    """Fails with the place where something is missing or of another type."""
    if isinstance(wanted, list) and wanted:
        assert isinstance(shown, list), f"{where} is no list: {shown!r}"
        assert shown, f"{where} has no members"
        for index, each in enumerate(shown):
            expect(each, wanted[0], f"{where}[{index}]")
    elif isinstance(wanted, dict) and wanted:
        assert isinstance(shown, dict), f"{where} is no object: {shown!r}"
        for key, inner in wanted.items():
            assert key in shown, f"{where} has no {key}: {sorted(shown)}"
            expect(shown[key], inner, f"{where}.{key}")
    elif isinstance(wanted, type | tuple):
        assert isinstance(shown, wanted), f"{where} is {shown!r}"
        assert wanted is not int or not isinstance(shown, bool), f"{where} is {shown!r}"
    else:
        assert shown == wanted, f"{where} is {shown!r}"


def _filled(value: Any, world: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, each in world.items():
            value = value.replace("{" + name + "}", each)
        return value
    if isinstance(value, Mapping):
        return {key: _filled(each, world) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_filled(each, world) for each in value]
    return value
