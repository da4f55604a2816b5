"""What may be asked of a queue about the instance itself."""

from __future__ import annotations

from dataclasses import dataclass

from .messages import Message


@dataclass(frozen=True)
class TidyEmoji(Message, kind="tidy_emoji", queue="timelines", row=("change",), lasts=60):
    """Finish a change of an emoji pack if the function that made it died. A change that ends deletes this row."""

    change: str


@dataclass(frozen=True)
class PurgeCdn(Message, kind="purge_cdn", queue="outside", row=("id",)):
    """Let the CDN forget its copies of some paths. It does so once for an id."""

    id: str
    paths: list[str]


@dataclass(frozen=True)
class Backfill(Message, kind="backfill", queue="timelines", row=("what",), lasts=60):
    """Make derived rows again: `search`, `home`, `statistics`. The job row holds how far that is."""

    what: str
