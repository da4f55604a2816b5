"""Calls at the same time: several requests to AWS as one round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...aws.interleaving import interleave
from . import ledgers


def together(*thunks: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same time, as one round. The first exception is raised after all of them have ended."""
    if len(thunks) == 1:
        return [thunks[0]()]
    with ledgers.one_round() as branch:
        return interleave([_counting(branch(), thunk) for thunk in thunks])


def _counting(branch: ledgers.Ledger | None, thunk: Callable[[], Any]) -> Callable[[], Any]:
    def counted() -> Any:
        with ledgers.counting_into(branch):
            return thunk()

    return counted
