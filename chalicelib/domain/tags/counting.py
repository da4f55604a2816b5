"""Counting what is used: by the job that delivers a status, so posting itself costs nothing more.

A public original counts for its tags and its first link, a reblog for what it passes on. From these numbers each
ranking gets the score of what has just been used. A score halves each day.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial

from ...ids import milliseconds
from ...store.dynamo.parallel import together
from ...store.statuses import statuses
from ...store.statuses.statuses import Status
from ...store.tags import rankings, uses
from ...store.tags.rankings import LINKS, STATUSES, TAGS, Scores
from ...store.tags.uses import DAY, DAYS, Uses
from ..statuses.cards import link_of
from ..visibility import is_public
from .fan_out import tags_of

ROOM = 100
TRIES = 3
REBLOG_WEIGHS = 2


def count(delivered: Sequence[Status]) -> None:
    """Count these statuses, each once however often it is delivered, and rank what they use."""
    fresh = [status for status in delivered if day_of(status.id) > today() - DAYS]
    tags = {status.id: tags_of(status) for status in fresh}
    links = {status.id: link for status in fresh if is_open(status) and (link := link_of(status))}
    _count_uses([status for status in fresh if tags[status.id] or status.id in links], tags, links)
    passed_on = [status.reblog_of for status in fresh if status.reblog_of]
    if passed_on:
        originals = [status for status in statuses.find_many(passed_on).values() if is_open(status)]
        _rank(STATUSES, {status.id: (day_of(status.id), popularity(status)) for status in originals})


def is_open(status: Status) -> bool:
    """Whether it is a public original that is on public timelines."""
    return is_public(status.visibility) and not status.reblog_of and not status.fetched


def popularity(status: Status) -> float:
    return float(status.favourites_count) + REBLOG_WEIGHS * float(status.reblogs_count)


def today() -> int:
    return int(time.time()) // DAY


def day_of(status_id: str) -> int:
    return milliseconds(status_id) // 1000 // DAY


def _count_uses(counted: Sequence[Status], tags: Mapping[str, Sequence[str]], links: Mapping[str, str]) -> None:
    if not counted:
        return
    together(*[partial(uses.count, status.id, status.account_id, day_of(status.id), [
        *map(uses.of_tag, tags[status.id]), *(uses.of_link(link) for link in [links.get(status.id)] if link)])
        for status in counted])
    of_tags = {tag: uses.of_tag(tag) for status in counted for tag in tags[status.id]}
    of_links = {link: uses.of_link(link) for link in links.values()}
    known = uses.find_many([*of_tags.values(), *of_links.values()])
    for id, link in links.items():
        if (row := known.get(of_links[link])) is not None:
            uses.note_status(row, id, link)
    _rank(TAGS, {tag: (today(), score_of(known.get(name))) for tag, name in of_tags.items()})
    _rank(LINKS, {link: (today(), score_of(known.get(name))) for link, name in of_links.items()})


def score_of(row: Uses | None) -> float:
    """How many accounts have used it, each day weighing half of the day after."""
    return round(sum(accounts * decay(day) for day, (_, accounts) in row.by_day.items()), 3) if row is not None else 0.0


def decay(day: int) -> float:
    """What is left by now of a score of one on a day."""
    return float(2.0 ** -max(today() - day, 0))


def best(scores: Scores) -> list[str]:
    """The names by their scores of today, the highest first. Those that are over are left out."""
    lasting = {name: score * decay(day) for name, (day, score) in scores.items() if day > today() - DAYS and score > 0}
    return sorted(lasting, key=lambda name: (-lasting[name], name))


def _rank(kind: str, scored: Mapping[str, tuple[int, float]]) -> None:
    """Put scores into a ranking. Where others change it at the same moment again and again, the next use will do."""
    for _ in range(TRIES if scored else 0):
        ranking = rankings.find(kind)
        scores = {**ranking.scores, **scored}
        kept = {name: scores[name] for name in best(scores)[:ROOM]}
        if kept == ranking.scores or rankings.save(ranking, kept):
            return
