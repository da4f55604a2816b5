"""Config: settings as the administration API spells them, after the language that the reference is written in.

A list of keys and values is a list of `{"tuple": [":key", value]}`. Atoms are texts that begin with a colon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from ... import host_list
from ...domain.accounts import captcha
from ...domain.frontends.installing import ChosenFrontend
from ...domain.host_policies import AGE_ACTIONS
from ...domain.instance import config
from ...domain.instance.config import GROUP, ConfigValues, Tree
from ...overrides import ABOUT, NAMES
from ...settings import Settings, settings


class KeyAndValue(TypedDict):
    tuple: list[Any]


class ConfigEntry(TypedDict):
    """A key and what is below it. `db`: the subkeys that administrators have set; absent when there are none."""

    group: str
    key: str
    value: list[KeyAndValue]
    db: NotRequired[list[str]]


class Config(TypedDict):
    configs: list[ConfigEntry]
    need_reboot: bool


class NeedReboot(TypedDict):
    need_reboot: bool


class DescribedSetting(TypedDict):
    key: str
    label: str
    type: str | list[str]
    description: str
    suggestions: list[Any]
    children: NotRequired[list[dict[str, Any]]]


class DescribedConfig(TypedDict):
    group: str
    key: str
    label: str
    type: str
    description: str
    children: list[DescribedSetting]


# Shown because frontends offer some of their screens only then, or fail without them. They cannot be set.
POLICIES = [f"Pleroma.Web.ActivityPub.MRF.{name}" for name in ("SimplePolicy", "TagPolicy", "ObjectAgePolicy")]
METADATA, PROVIDERS = "Pleroma.Web.Metadata", [f"Pleroma.Web.Metadata.Providers.{name}" for name in
                                               ("OpenGraph", "TwitterCard")]
SHOWN: Mapping[str, Mapping[str, Any]] = {
    ":mrf": {":policies": POLICIES},
    ":mrf_object_age": {":actions": [f":{action}" for action in AGE_ACTIONS]},
    ":media_proxy": {":enabled": True},
    ":http": {":adapter": []},
    ":ldap": {":enabled": False},
    METADATA: {":providers": PROVIDERS},
}


def render_config(entries: Sequence[ConfigValues], *, with_db: bool = True) -> Config:
    """`with_db`: name what administrators have set."""
    return {"configs": [_entry(each, with_db=with_db) for each in entries], "need_reboot": False}


def render_whole_config(entries: Sequence[ConfigValues], primary: ChosenFrontend | None) -> Config:
    """With the entries that are only to be seen. `primary`: the frontend that answers browsers."""
    shown = {**SHOWN, ":frontends": {":primary": _frontend(primary)}, "Pleroma.Captcha": _captcha()}
    rendered = [_entry(each, with_db=True) for each in entries]
    for entry in rendered:
        entry["value"] = [*_tuples(shown.get(entry["key"], {})), *entry["value"]]
    alone = shown.keys() - {entry["key"] for entry in rendered}
    rendered += [{"group": GROUP, "key": key, "value": _tuples(shown[key])} for key in sorted(alone)]
    return {"configs": rendered, "need_reboot": False}


def _frontend(chosen: ChosenFrontend | None) -> dict[str, str]:
    return {"name": chosen.name, "ref": chosen.ref} if chosen is not None else {"name": "", "ref": ""}


def _captcha() -> dict[str, Any]:
    kind = settings.captcha
    method = "Pleroma.Captcha.Kocaptcha" if kind == captcha.KOCAPTCHA else "Pleroma.Captcha.Native"
    return {":enabled": kind != captcha.NONE, ":method": method, ":seconds_valid": settings.captcha_seconds_valid}


def _tuples(values: Mapping[str, Any]) -> list[KeyAndValue]:
    return [{"tuple": [key, value]} for key, value in values.items()]


def render_need_reboot() -> NeedReboot:
    return {"need_reboot": False}


def _entry(entry: ConfigValues, *, with_db: bool) -> ConfigEntry:
    branch = config.tree()[entry.key]
    rendered: ConfigEntry = {"group": GROUP, "key": entry.key, "value": _pairs(branch, entry.values)}
    overridden = [key for key, inner in branch.items() if not entry.overridden.isdisjoint(config.names_in(inner))]
    return {**rendered, "db": overridden} if with_db and overridden else rendered


def _pairs(branch: Tree, values: Mapping[str, Any]) -> list[KeyAndValue]:
    """The settings that have a value, each below its keys."""
    pairs: list[KeyAndValue] = []
    for key, inner in branch.items():
        if not values.keys().isdisjoint(config.names_in(inner)):
            value = _value(inner, values[inner]) if isinstance(inner, str) else _pairs(inner, values)
            pairs.append({"tuple": [key, value]})
    return pairs


def _value(name: str, value: Any) -> Any:
    """A setting as clients know it. Hosts are a list, of pairs if a reason is given for one of them."""
    if not Settings.changeable()[name].metadata["place"].hosts:
        return value
    hosts = host_list.read(value)
    with_reasons = any(each.reason for each in hosts)
    return [{"tuple": [each.pattern, each.reason]} if with_reasons else each.pattern for each in hosts]


# What clients show beside each setting.


NOT_TO_BE_SET: DescribedConfig = {
    "group": GROUP, "key": METADATA, "label": "Previews", "type": "group",
    "description": "What pages tell the servers that preview them. It cannot be changed", "children": [{
        "key": ":providers", "label": "Providers", "type": ["list", "string"], "description": "The kinds of tags",
        "suggestions": [*PROVIDERS]}]}


def render_descriptions() -> list[DescribedConfig]:
    """Of the settings that may be changed, and of one entry without which pleroma-fe fails at its first screen."""
    settable: list[DescribedConfig] = [
        {"group": GROUP, "key": key, "label": _words(key), "type": "group", "description": ABOUT[(key,)],
         "children": _children(branch, (key,))} for key, branch in config.tree().items()]
    return [*settable, NOT_TO_BE_SET]


def _children(branch: Tree, above: tuple[str, ...]) -> list[DescribedSetting]:
    return [_setting(key, inner) if isinstance(inner, str) else _group(key, inner, (*above, key))
            for key, inner in branch.items()]


def _setting(key: str, name: str) -> DescribedSetting:
    setting = Settings.changeable()[name]
    place, default = setting.metadata["place"], setting.default
    suggested = list(place.suggestions) or [each for each in [default] if each != "" and not isinstance(each, bool)]
    kind: str | list[str] = ["list", "string"] if place.hosts else NAMES[type(default)]
    return {"key": key, "label": place.label or _words(key), "type": kind,
            "description": setting.metadata["meaning"], "suggestions": suggested}


def _group(key: str, branch: Tree, path: tuple[str, ...]) -> DescribedSetting:
    children: list[dict[str, Any]] = [{**each} for each in _children(branch, path)]
    return {"key": key, "label": _words(key), "type": "keyword", "description": ABOUT[path], "suggestions": [],
            "children": children}


def _words(key: str) -> str:
    return key.removeprefix(":").replace("_", " ").capitalize()
