"""What administrators change of the settings while the server runs: it lies over the values of the environment.

    settings.refresh()      at the beginning of each request and of each batch of jobs

What is older than a minute is read again, from a table that `store.instance.config` knows. Without
`configurable_from_database` nothing is ever read. A read that fails leaves everything as it is.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, fields
from typing import Any, ClassVar, NamedTuple

from . import host_list

log = logging.getLogger("kenoma.settings")

KEPT_SECONDS = 60.0
TRIED_AGAIN_SECONDS = 5.0
"""After a read that failed. Who waits for it in vain shall not be every request."""
LARGEST = 2**63 - 1
LONGEST_HOSTS = 100_000
"""Characters of a list of hosts: some thousand of them, with reasons."""
_ADDRESS = re.compile(r"""[^@\s<>"(),:;\\]+@(localhost|[\w-]+(\.[\w-]+)+)""")
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,19}")
_ATOMS = {":true": True, ":false": False, ":nil": None}


@dataclass(frozen=True)
class ConfigPlace:
    """Where administrators find a setting: a key of the group `:pleroma`, and the keys below that.

    `label` and `suggestions` are what clients show beside it. Without them: the last key in words, and the default.
    `least`: of numbers. `address`: only an e-mail address will do, as senders of letters and push need one.
    `hosts`: a list of hosts (`host_list.py`), which clients send and see as a list.
    """

    path: tuple[str, ...]
    label: str = ""
    suggestions: tuple[str, ...] = ()
    least: int = 0
    address: bool = False
    hosts: bool = False

    @property
    def key(self) -> str:
        return self.path[0]


def at(*path: str, label: str = "", suggestions: tuple[str, ...] = (), least: int = 0,
       address: bool = False, hosts: bool = False) -> ConfigPlace:
    return ConfigPlace(path, label, suggestions, least, address, hosts)


# What the keys above the settings are about.
ABOUT: Mapping[tuple[str, ...], str] = {
    (":instance",): "What the instance is called, and what people may do on it",
    (":welcome",): "How a new account is welcomed",
    (":welcome", ":direct_message"): "A direct status to every new account",
    (":welcome", ":chat_message"): "A chat message to every new account",
    (":welcome", ":email"): "A letter to every new account",
    (":mrf_simple",): "What is done with what comes from some hosts. `*.host` is a host with all below it",
    (":mrf_object_age",): "What is done with statuses of other servers that come late",
    (":mrf",): "Whether everybody may see the policies for other servers",
}


class Unfit(ValueError):
    """A value that is none for this setting. The text says why, without the setting's name."""


class Overrides(NamedTuple):
    """All values that administrators have set, by setting. Of two readings the one with the higher version is newer."""

    version: int
    values: Mapping[str, Any]


class Overlay:
    """The part of `Settings` that changes while the server runs."""

    configurable_from_database: bool
    read_overrides: ClassVar[Callable[[], Overrides]]
    """`store.instance.config` sets it."""

    def begin(self) -> None:
        """Forget everything that was read: the environment alone holds."""
        self._beneath: Mapping[str, Any] = {}
        self._version = -1
        self._tried_at, self._lasts = 0.0, 0.0

    @classmethod
    def changeable(cls) -> Mapping[str, Field[Any]]:
        """The settings that administrators may change, by name."""
        every: tuple[Field[Any], ...] = fields(cls)  # type: ignore[arg-type]  # Settings is a dataclass
        return {each.name: each for each in every if each.metadata["place"] is not None}

    def refresh(self) -> None:
        """Read again what administrators have set, if the last reading is too old. Never fails."""
        if not self.configurable_from_database or self._is_fresh():
            return
        if not _refreshing.acquire(blocking=self._version < 0):
            return  # another thread is about to; what is there is good enough until then
        try:
            if not self._is_fresh():
                self._read()
        finally:
            _refreshing.release()

    def read_again(self) -> None:
        """As `refresh`, however fresh the last reading is: this process has changed something."""
        with _refreshing:
            self._read()

    def beneath(self, name: str) -> Any:
        """The value of the environment."""
        return self._beneath.get(name, getattr(self, name))

    def _is_fresh(self) -> bool:
        return 0 <= time.time() - self._tried_at < self._lasts

    def _read(self) -> None:
        self._tried_at, self._lasts = time.time(), TRIED_AGAIN_SECONDS
        try:
            self._apply(type(self).read_overrides())
        except Exception as error:  # noqa: BLE001  (whatever it is: the settings are there, if a little old)
            log.warning("settings not read", extra={"error": type(error).__name__})
        else:
            self._lasts = KEPT_SECONDS

    def _apply(self, found: Overrides) -> None:
        with _applying:
            if found.version < self._version:
                return
            values = self.still_fitting(found.values)
            beneath = {name: self.beneath(name) for name in values}
            for name, value in ({name: self._beneath[name] for name in self._beneath} | values).items():
                setattr(self, name, value)
            self._beneath, self._version = beneath, found.version

    @classmethod
    def still_fitting(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values without those that this version of the server would not take any more."""
        known, fitting = cls.changeable(), {}
        for name, value in values.items():
            try:
                fitting[name] = fitted(known[name], value)
            except (KeyError, Unfit):
                log.warning("override passed over", extra={"setting": name})
        return fitting


_refreshing, _applying = threading.Lock(), threading.Lock()


def fitted(setting: Field[Any], value: Any) -> Any:
    """The value as the setting's type, as the administration API sends it. Raises Unfit: it is none of that type.

    A text that is empty by default may be null, which some clients send for none.
    """
    if setting.metadata["place"].hosts:
        return _fitting_hosts(value)
    if isinstance(value, str):
        value = _ATOMS.get(value, value)
    kind: Any = type(setting.default)
    if value is None and setting.default == "":
        return ""
    if kind is bool and value in ("true", "false"):
        return value == "true"
    if kind is int and isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        value = int(value)
    if type(value) is not kind:
        raise _of_another_type(NAMES[kind], value)
    if setting.metadata["place"].address and not _ADDRESS.fullmatch(value):
        raise Unfit("Invalid format. Expected :email")
    return _within_bounds(value, setting.metadata["place"].least) if kind is int else value


def _fitting_hosts(value: Any) -> str:
    """A list of hosts as the text that the environment has for it. A text is taken as it is stored."""
    if isinstance(value, str) and value not in _ATOMS:
        text = host_list.written(host_list.read(value))
    elif isinstance(value, list):
        text = host_list.written(map(_host_and_reason, value))
    elif value in (None, ":nil"):
        text = ""
    else:
        raise _of_another_type("array", value)
    if len(text) > LONGEST_HOSTS:
        raise Unfit(f"has more than {LONGEST_HOSTS} characters")
    return text


def _host_and_reason(member: Any) -> tuple[str, str]:
    """One host, alone or with the reason why it is listed."""
    found = member.get("tuple") if isinstance(member, dict) else member
    pair = [found, ""] if isinstance(found, str) else found
    if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair)):
        raise _of_another_type("string", member)
    if host_list.normal(pair[0]) is None:
        raise Unfit("Invalid format. Expected :host")
    return pair[0], pair[1]


def _within_bounds(number: int, least: int) -> int:
    if abs(number) > LARGEST:
        raise _of_another_type(NAMES[int], number)
    if number < least:
        raise Unfit(f"{number} is smaller than inclusive minimum {least}")
    return number


NAMES: Mapping[type, str] = {bool: "boolean", int: "integer", str: "string"}
_NAMES_OF_OTHERS: Mapping[type, str] = {float: "number", list: "array"}


def _of_another_type(wanted: str, value: Any) -> Unfit:
    if value is None:
        return Unfit(f"null value where {wanted} expected")
    return Unfit(f"Invalid {wanted}. Got: {type_name(value)}")


def type_name(value: Any) -> str:
    """What a value of JSON is called in an error."""
    return {**NAMES, **_NAMES_OF_OTHERS}.get(type(value), "object")
