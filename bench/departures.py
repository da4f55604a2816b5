"""What the bench needs here of those who leave: an account that moves and is deleted, and a host that is not wanted."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.domain.accounts import deletion, moving
from chalicelib.domain.relationships import following
from chalicelib.domain.staff import purging
from chalicelib.domain.staff.acting import Administrator
from chalicelib.settings import settings
from chalicelib.store.accounts import accounts
from chalicelib.store.statuses import statuses

from . import crowd
from .abroad import Abroad
from .world import new_person, viewer_of


class Leaving(Abroad):
    """The author moves to a second account of this server. `answers`: what the bench may ask."""

    def __init__(self, drain: Callable[[], object]) -> None:
        super().__init__(drain)
        self._second = new_person(self._app, "second_here")
        self.answers |= {
            "gather": self.gather, "move": self.move, "moved": self.moved, "delete": self.delete,
            "deleted": self.deleted, "reject": self.reject, "purge": self.purge, "purged": self.purged}

    def gather(self, count: int) -> None:
        """Let the author have so many followers here."""
        following.follow(self._author.id, by=viewer_of(self._reader))
        self._drain()
        crowd.followers(self._author, self._reader, count - 1)

    def move(self) -> None:
        moving.add_alias(viewer_of(self._second), self._author.nickname)
        moving.begin(viewer_of(self._author), self._second.nickname)

    def moved(self) -> dict[str, int]:
        """How many follow each of the two accounts."""
        found = accounts.find_many([self._author.id, self._second.id], strong=True)
        return {"old": int(found[self._author.id].followers_count), "new": int(found[self._second.id].followers_count)}

    def delete(self) -> None:
        deletion.begin(self._author.id)

    def deleted(self) -> dict[str, int]:
        """Whether the author is gone, and how many statuses of theirs are not."""
        found = accounts.find(self._author.id)
        return {"gone": int(found is not None and bool(found.deleted)), "left": len(statuses.find_many(self._ids))}

    def reject(self, host: str) -> None:
        settings.mrf_simple_reject = host

    def purge(self, host: str) -> None:
        purging.purge(host, Administrator(self._second.id, self._second.nickname))

    def purged(self) -> int:
        """How many of the strangers are here still."""
        found = accounts.find_many([each.id for each in self._strangers])
        return sum(not each.deleted for each in found.values())
