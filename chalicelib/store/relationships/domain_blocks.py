"""Domain blocks. The preferences hold them in order, the viewer set holds them as a set. Both change together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..accounts import preferences
from ..accounts.accounts import VIEWER_SET, ViewerSet
from ..dynamo.failures import Overtaken
from ..dynamo.keys import Key
from ..dynamo.table import ConditionFailed, transaction
from ..jobs import Job

__all__ = ["DomainBlocks", "find", "keys", "save"]


@dataclass(frozen=True)
class DomainBlocks:
    """The domains that an account blocks, newest first, in one version of its preferences."""

    account_id: str
    version: int
    domains: list[str]


def keys(account_id: str) -> list[Key]:
    return [preferences.preferences_key(account_id)]


def find(account_id: str) -> DomainBlocks:
    kept = preferences.find(account_id)
    return DomainBlocks(account_id, int(kept.version or 0), list(kept.blocked_domains or ()))


def save(before: DomainBlocks, domains: list[str], *, added: Sequence[str] = (), removed: Sequence[str] = (),
         jobs: Iterable[Job] = ()) -> None:
    """Write the list, and change the viewer set by what was added or removed. Raises Overtaken."""
    actions: list[Any] = []
    if added:
        actions.append(ViewerSet.blocked_domains.add(set(added)))
    if removed:
        actions.append(ViewerSet.blocked_domains.delete(set(removed)))
    try:
        with transaction() as write:
            preferences.write_in(write, before.account_id, before.version, {"blocked_domains": domains or None})
            write.update(ViewerSet.stub(before.account_id, VIEWER_SET), actions)
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        raise Overtaken from failed
