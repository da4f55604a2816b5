"""Which frontends are installed, and which one is chosen: all of it in one item, `frontends`/`all`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..dynamo.attributes import Document, NumberAttribute, UnicodeAttribute
from ..dynamo.failures import Overtaken, within
from ..dynamo.keys import key
from ..dynamo.table import ConditionFailed, Record, Table, fetch, named, transaction
from ..staff import log
from ..staff.log import LoggedAct

KIND, ALL = "frontends", "all"
PATIENCE = 1.0
"""Seconds after which a throttled reading is given up. Browsers wait for it."""


class FrontendsRow(Record):
    """`frontends`/`all`: what is installed and chosen, as `domain/frontends` writes it. `version` moves with each
    change. Asked: all of it (batch get). No item: nothing was ever installed.
    """

    class Meta(Table):
        table_name = named("instance")

    ABSENT = {"doc": {}, "version": 0}
    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    doc = Document(null=True)
    version = NumberAttribute(attr_name="ver", null=True)


def load() -> FrontendsRow:
    """The row as it is now."""
    found = fetch(strong=[key(FrontendsRow, KIND, ALL)]).get(FrontendsRow, KIND, ALL)
    return found or FrontendsRow.blank(KIND, ALL)


def glance() -> Mapping[str, Any]:
    """What the row says, for browsers: a moment old, and not worth waiting for."""
    with within(PATIENCE):
        found = fetch(eventual=[key(FrontendsRow, KIND, ALL)]).get(FrontendsRow, KIND, ALL)
    return dict(found.doc) if found is not None else {}


def save(before: FrontendsRow, doc: Mapping[str, Any], entry: LoggedAct | None) -> None:
    """Replace what the row says, and log it if an administrator did it. Raises Overtaken."""
    version = int(before.version)
    unchanged = FrontendsRow.version == version if version else FrontendsRow.version.does_not_exist()
    try:
        with transaction() as write:
            write.update(FrontendsRow.stub(KIND, ALL), [
                FrontendsRow.doc.set(dict(doc)), FrontendsRow.version.set(version + 1)], unchanged)
            if entry is not None:
                log.add(write, entry)
    except ConditionFailed as failed:
        raise Overtaken from failed
