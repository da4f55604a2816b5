"""What becomes of the names of a chunk, and what was so before it ran first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from ....store import jobs
from ....store.dynamo.failures import ToldToWait
from ....store.relationships.imports import REFUSED, UNKNOWN
from ...refusals import Refusal

FOUND_ABROAD = 10_000
"""From this number on chunks are of what other servers were asked for. What is unknown then stays so."""
MOST_FAILURES = 5
RARE = ("kept", "left", "gone", "before")


@dataclass
class Progress:
    """What became of the names of a chunk. `unknown`: nobody is called so. `refused`: it may not be, or not now.

    `kept`: of lists that are about no relationship. `left`: who is to be asked for elsewhere. `gone`: the importing
    account is not active any more. `before`: another run has counted the chunk. `reasons`: why nothing became of names.
    """

    followed: int = 0
    requested: int = 0
    hidden: int = 0
    kept: int = 0
    already: int = 0
    unknown: int = 0
    refused: int = 0
    failed: int = 0
    left: int = 0
    gone: int = 0
    before: int = 0
    reasons: dict[str, str] = field(default_factory=dict)

    def miss(self, name: str) -> None:
        """Nobody is called so, or not for these eyes."""
        self.unknown += 1
        self.reasons[name] = UNKNOWN

    def refuse(self, name: str) -> None:
        self.refused += 1
        self.reasons[name] = REFUSED

    @property
    def counts(self) -> dict[str, int]:
        """As the row of the import counts them."""
        return {"done": self.followed + self.requested + self.hidden + self.kept, "already": self.already,
                "unknown": self.unknown, "refused": self.refused}

    @property
    def figures(self) -> dict[str, int]:
        """For the log. The rare ones are there only where they say something."""
        numbers = {name: value for name, value in vars(self).items() if isinstance(value, int)}
        figures = {**numbers, "skipped": self.unknown + self.refused}
        return {name: count for name, count in figures.items() if count or name not in RARE}


class HasName(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=HasName)


def each(wanted: Iterable[N], progress: Progress, act: Callable[[N], None]) -> Exception | None:
    """Call `act` for all. A failure of one does not stop the others. Answers the last failure."""
    failure = None
    for one in wanted:
        try:
            act(one)
        except Refusal:
            progress.refuse(one.name)
        except ToldToWait:  # it is so for the others too: all of them wait
            raise
        except Exception as error:  # noqa: BLE001  (one must not stop the others; raised in the end)
            failure = error
            progress.failed += 1
            if progress.failed == MOST_FAILURES:
                break
    return failure


def before_first(job: str, noted: Sequence[str] | None, now: Sequence[str], wanted: int) -> frozenset[str]:
    """Which of the wanted were so before the chunk ran first. The job row keeps it for a second run.

    `now`: which are so now. If all are, this may be the work of another run that is under way, which has noted them.
    """
    if noted is None:
        if len(now) < wanted and jobs.advance(job, None, list(now)):
            return frozenset(now)
        noted = jobs.find_cursor(job) if wanted else None
        noted = now if noted is None else noted
    return frozenset(noted)
