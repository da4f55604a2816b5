"""Viewers: the account that asks, with what it does not want to see and what its token allows."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..store.accounts.accounts import Account, ViewerSet
from ..store.signing_in.tokens import Token
from ..store.statuses.surroundings import Eyes


@dataclass(frozen=True)
class Viewer:
    account: Account
    hides: ViewerSet
    token: Token | None = None
    scopes: tuple[str, ...] | None = None
    """None: signed in by password (HTTP Basic), which allows all that the account may do."""

    @property
    def id(self) -> str:
        return str(self.account.id)

    @property
    def eyes(self) -> Eyes:
        """What the store must know to load what this viewer sees."""
        return Eyes(self.id, frozenset(self.hides.blocked | self.hides.muted), frozenset(self.hides.limited))

    @property
    def is_admin(self) -> bool:
        return bool(self.account.is_admin)

    @property
    def is_moderator(self) -> bool:
        return bool(self.account.is_moderator)

    @property
    def is_staff(self) -> bool:
        return self.is_admin or self.is_moderator

    @property
    def takes_every_state(self) -> bool:
        """Whether the client takes a quote without a status: pleroma-fe 2.11 fails at the whole page then."""
        return self.token is None or not self.token.is_of_pleroma_fe

    def blocks(self, account_id: str | None) -> bool:
        return account_id in self.hides.blocked and self._lasts(self.hides.blocked_until, account_id)

    def mutes(self, account_id: str | None) -> bool:
        return account_id in self.hides.muted and self._lasts(self.hides.muted_until, account_id)

    def blocks_any(self, account_ids: Collection[str | None]) -> bool:
        return not self.hides.blocked.isdisjoint(account_ids) and any(map(self.blocks, account_ids))

    def mutes_any(self, account_ids: Collection[str | None]) -> bool:
        return not self.hides.muted.isdisjoint(account_ids) and any(map(self.mutes, account_ids))

    def mute_ends_at(self, account_id: str) -> int | None:
        """When the mute of an account ends, in seconds; None: never."""
        return _end(self.hides.muted_until, account_id)

    def block_ends_at(self, account_id: str) -> int | None:
        """When the block of an account ends, in seconds; None: never."""
        return _end(self.hides.blocked_until, account_id)

    @cached_property
    def kept_from_home(self) -> frozenset[str]:
        """Members of lists that keep what they write from the home timeline."""
        return frozenset(pair.partition("#")[2] for pair in self.hides.exclusive)

    def mutes_thread(self, thread: str) -> bool:
        return thread in self.hides.muted_threads and self._lasts(self.hides.muted_threads_until, thread)

    def hides_reblogs_of(self, account_id: str) -> bool:
        return account_id in self.hides.reblogs_hidden

    @staticmethod
    def _lasts(until: Any, subject: str | None) -> bool:
        """Whether a mute is in force: it has no end, or the end is not reached. Mutes that are over may be left."""
        end = (until or {}).get(subject or "")
        return end is None or end > time.time()


def _end(until: Any, account_id: str) -> int | None:
    ends: dict[str, Any] = dict(until or {})
    end = ends.get(account_id)
    return None if end is None else int(end)
