"""Rankings: what might be in fashion, in a row for each kind of thing. It has room for a hundred, with their scores."""

from __future__ import annotations

import time
from collections.abc import Mapping

from ..dynamo.attributes import Document, NumberAttribute, UnicodeAttribute
from ..dynamo.keys import Key, key
from ..dynamo.table import Record, Table, create, fetch, named

TAGS, LINKS, STATUSES = "tags", "links", "statuses"
SECONDS = 14 * 86_400
Scores = Mapping[str, tuple[int, float]]
"""By name: the day since 1970 of a score, and the score."""


class Ranking(Record):
    """`trend#`kind. Asked: by kind. Whoever changes it demands the version that was read."""

    class Meta(Table):
        table_name = named("ephemeral")

    ABSENT = {"version": 0}
    key = UnicodeAttribute(hash_key=True)
    ttl = NumberAttribute()
    doc = Document(null=True)
    version = NumberAttribute(attr_name="ver", null=True)

    @property
    def scores(self) -> Scores:
        return {name: (int(day), float(score)) for name, (day, score) in (self.doc or {}).items()}


def ranking_key(kind: str) -> Key:
    return key(Ranking, f"trend#{kind}")


def find(kind: str) -> Ranking:
    wanted = ranking_key(kind)
    return fetch(strong=[wanted]).get(Ranking, wanted.hash) or Ranking.blank(wanted.hash)


def save(ranking: Ranking, scores: Scores) -> bool:
    """False when somebody else has changed it since it was read."""
    unchanged = Ranking.version == ranking.version if ranking.version else Ranking.key.does_not_exist()
    row = Ranking(ranking.key, ttl=int(time.time()) + SECONDS, version=ranking.version + 1,
                  doc={name: [day, score] for name, (day, score) in scores.items()})
    return create(row, unchanged)
