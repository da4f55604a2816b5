"""The rules of the instance that administrators have written: all of them in one item, `rules`/`all`.

They are read with the statistics, in the same call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..dynamo.attributes import Document, NumberAttribute, UnicodeAttribute
from ..dynamo.keys import key
from ..dynamo.table import Record, Table, fetch, named, update
from . import counters
from .counters import Statistics

KIND, ALL = "rules", "all"


class InstanceRules(Record):
    """`rules`/`all`: the rules, and how many there ever were. `version` moves with each change.

    Asked: all of them (batch get). No item: nobody has changed what the setting says.
    """

    class Meta(Table):
        table_name = named("instance")

    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    doc = Document()
    version = NumberAttribute(attr_name="ver")


class InstanceFacts(NamedTuple):
    """What is read of the instance at once. `rules` None: nobody has written any."""

    statistics: Statistics
    rules: InstanceRules | None


def load() -> InstanceFacts:
    """The rules with the statistics, a moment old."""
    wanted = key(InstanceRules, KIND, ALL)
    found = fetch(eventual=[*counters.statistics_keys(), wanted])
    return InstanceFacts(counters.statistics_in(found), found.get(InstanceRules, KIND, ALL))


def find() -> InstanceRules | None:
    return fetch(strong=[key(InstanceRules, KIND, ALL)]).get(InstanceRules, KIND, ALL)


def save(before: InstanceRules | None, rules: Sequence[dict[str, Any]], last: int) -> bool:
    """Replace all rules. `last`: the highest number given so far. False: another request has changed them meanwhile."""
    version = int(before.version) if before is not None else 0
    unchanged = InstanceRules.version == version if version else InstanceRules.version.does_not_exist()
    return update(InstanceRules.stub(KIND, ALL), [
        InstanceRules.doc.set({"rules": list(rules), "last": last}), InstanceRules.version.set(version + 1)], unchanged)
