"""Walking a whole table, page by page: for jobs that make derived rows again. Nothing else scans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic

from . import connection
from .keys import Item
from .table import R

PAGE = 50
"""Items that one call looks at."""


@dataclass(frozen=True)
class Walked(Generic[R]):
    """The records of a page. `after`: where the next page begins; None: that was all."""

    records: list[R]
    after: Item | None


def walk(model: type[R], after: Item | None, only: Mapping[str, str] | None = None,
         page: int | None = None) -> Walked[R]:
    """The page after a place. `only`: the texts that attributes must have, for a table that holds several kinds.

    `page`: items that a call looks at, where there are other than usual.
    """
    wanted: dict[str, Any] = {"TableName": model.Meta.table_name, "Limit": page or PAGE, "ConsistentRead": True,
                              "ReturnConsumedCapacity": "TOTAL"}
    if after is not None:
        wanted["ExclusiveStartKey"] = after
    if only:
        names = list(only)
        wanted["FilterExpression"] = " AND ".join(f"#{place} = :{place}" for place, _ in enumerate(names))
        wanted["ExpressionAttributeNames"] = {f"#{place}": name for place, name in enumerate(names)}
        wanted["ExpressionAttributeValues"] = {f":{place}": {"S": only[name]} for place, name in enumerate(names)}
    found = connection.shared().dispatch("Scan", wanted)
    return Walked([model.from_raw_data(item) for item in found["Items"]], found.get("LastEvaluatedKey"))
