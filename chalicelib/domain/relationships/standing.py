"""How the viewer stands to other accounts."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from ...store.accounts.accounts import Account
from ...store.relationships import meetings
from ...store.relationships.relations import Relation
from ..viewer import Viewer

MOST_ASKED = 100


@dataclass(frozen=True)
class Standing:
    """An account, and the viewer's relation to it."""

    account: Account
    relation: Relation


def list_standings(account_ids: Iterable[str], *, viewer: Viewer) -> list[Standing]:
    """Standings in the order asked, each account once, without unknown ones, at most a hundred; one round of reads."""
    wanted = list(dict.fromkeys(account_ids))[:MOST_ASKED]
    return [Standing(account, relation) for account, relation in meetings.standings(viewer.id, wanted)]


def is_muting(relation: Relation) -> bool:
    """Whether a mute is in force. One with an end is over then, even if the job has not removed it yet."""
    return bool(relation.mutes) and not 0 < relation.mutes_until <= time.time()


def is_blocking(relation: Relation) -> bool:
    """As `is_muting`, of a block."""
    return bool(relation.blocks) and not 0 < relation.blocks_until <= time.time()
