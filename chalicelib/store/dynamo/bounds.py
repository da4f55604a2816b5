"""Pages of rows whose sort keys are ids: the condition of a query for what lies between two of them."""

from __future__ import annotations

from typing import Any

from ...ids import before

NOTHING = object()
"""No id lies between the two, so that there is nothing to ask for."""


def strictly_between(sort: Any, above: str | None, below: str | None) -> Any:
    """The condition on a sort key, None for all rows, or `NOTHING`. Neither of the two ids is among what it finds."""
    if above is None:
        return None if below is None else sort < below
    if below is None:
        return sort > above
    highest = before(below)
    # `!` sorts right after the id itself and before every longer or later one.
    return sort.between(above + "!", highest) if above < highest else NOTHING
