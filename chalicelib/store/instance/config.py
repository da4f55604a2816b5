"""What administrators changed of the settings: a row for each key that clients know, such as `:instance`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...overrides import Overrides
from ...settings import Settings
from ..dynamo.attributes import Document, NumberAttribute, UnicodeAttribute
from ..dynamo.failures import within
from ..dynamo.keys import key
from ..dynamo.table import ConditionFailed, Record, Table, fetch, named, transaction

KIND = "cfg"
PATIENCE = 1.0
"""Seconds after which a throttled reading is given up. The request that it holds up goes on with what was known."""


class Config(Record):
    """`cfg`/key: the values that administrators have set below a key, by setting.

    `version` moves with each change. A row stays when its last value is taken away, so that no version comes twice.
    Asked: all keys (batch get).
    """

    class Meta(Table):
        table_name = named("instance")

    ABSENT = {"overrides": {}, "version": 0}
    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    overrides = Document(attr_name="doc", null=True)
    version = NumberAttribute(attr_name="ver", null=True)


def load() -> dict[str, Config]:
    """The row of every key. One that was never written reads as a row without values."""
    keys = dict.fromkeys(each.metadata["place"].key for each in Settings.changeable().values())
    found = fetch(strong=[key(Config, KIND, each) for each in keys])
    return {each: found.get(Config, KIND, each) or Config.blank(KIND, each) for each in keys}


def save(rows: Mapping[str, Config], changed: Mapping[str, Mapping[str, Any]]) -> bool:
    """Replace the values of some keys, all or none. False: another request has changed one of these rows meanwhile."""
    try:
        with transaction() as write:
            for name, values in changed.items():
                version = int(rows[name].version)
                unchanged = Config.version == version if version else Config.version.does_not_exist()
                write.update(Config.stub(KIND, name), [Config.overrides.set(dict(values)),
                                                       Config.version.set(version + 1)], unchanged)
    except ConditionFailed:
        return False
    return True


def read() -> Overrides:
    """All values at once, for the settings of this process."""
    with within(PATIENCE):
        rows = load().values()
    return Overrides(sum(int(row.version) for row in rows),
                     {name: value for row in rows for name, value in row.overrides.items()})


Settings.read_overrides = read
