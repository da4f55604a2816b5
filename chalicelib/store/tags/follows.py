"""Followed hashtags: rows beside the lists of their follower. The index of members finds who follows a tag."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

from ...ids import new_decimal
from ..dynamo import ahead
from ..dynamo.attributes import NumberAttribute, UnicodeAttribute
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, Record, Table, create, fetch, named, transaction
from ..jobs import Job
from ..relationships.lists import ListRow
from ..relationships.relations import Relation, relation_key
from .uses import Uses, of_tag, uses_key

MOST_FOLLOWED = 1000
MOST_ASKED = 1000
MOST_PAGES = 20


class TagFollow(Record):
    """`T#`tag: the account follows it. Asked: mine · whether I follow these (batch get) · who follows one (`by_member`,
    as `#`tag).
    """

    class Meta(Table):
        table_name = named("lists")

    owner = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    id = NumberAttribute(attr_name="n")
    """Clients page by it."""
    member = UnicodeAttribute()
    owner_list = UnicodeAttribute()

    @property
    def tag(self) -> str:
        return str(self.k)[2:]


def follow_key(owner: str, tag: str) -> Key:
    return key(TagFollow, owner, f"T#{tag}")


def add(owner: str, tag: str) -> bool:
    """Follow a tag. False when it is followed already."""
    row = TagFollow(owner, f"T#{tag}", id=new_decimal(), member=f"#{tag}", owner_list=f"{owner}#")
    return create(row, TagFollow.owner.does_not_exist())


def remove(owner: str, tag: str, jobs: Iterable[Job]) -> bool:
    """Follow it no more, and write what follows from that. False when it is not followed."""
    try:
        with transaction() as write:
            write.delete(TagFollow.stub(owner, f"T#{tag}"), TagFollow.owner.exists())
            for job in jobs:
                write.put(job)
    except ConditionFailed:
        return False
    return True


def list_of(owner: str) -> list[TagFollow]:
    """All of an account's followed tags, by name."""
    return list(TagFollow.query(owner, TagFollow.k.startswith("T#"), consistent_read=True, limit=MOST_FOLLOWED))


def load(owner: str | None, tags: Sequence[str]) -> tuple[dict[str, Uses], set[str]]:
    """How often the tags are used, and which of them the account follows, read ahead or in one round."""
    keys = [uses_key(of_tag(tag)) for tag in tags]
    own = [follow_key(owner, tag) for tag in tags] if owner else []
    found = ahead.take([*own, *keys])
    if found is None:
        found = fetch(strong=own, eventual=keys)
    now = time.time()
    return ({str(row.key): row for row in found.all(Uses) if row.ttl > now},
            {row.tag for row in found.all(TagFollow)})


def those_followed(owner: str, tags: Iterable[str]) -> set[str]:
    """Which of the tags the account follows, in one round."""
    found = fetch(strong=[follow_key(owner, tag) for tag in tags])
    return {row.tag for row in found.all(TagFollow)}


def those_following(tags: Sequence[str], account_ids: Iterable[str]) -> set[str]:
    """Which of the accounts follow any of the tags, in one round. Where that is many, the followers are read instead.
    """
    ids = set(account_ids)
    if len(ids) * len(tags) > MOST_ASKED:
        return {id for tag in tags for id in _all_following(tag)} & ids
    found = fetch(strong=[follow_key(id, tag) for id in ids for tag in tags])
    return {str(row.owner) for row in found.all(TagFollow)}


def _all_following(tag: str) -> Iterator[str]:
    after: str | None = None
    for _ in range(MOST_PAGES):
        ids, after = follower_ids(tag, after=after)
        yield from ids
        if after is None:
            return


def not_for(author_id: str, account_ids: Iterable[str]) -> set[str]:
    """Which of the accounts get nothing of the author by a tag: they follow the author, or one of both blocks or mutes
    the other.
    """
    found = fetch(strong=[relation_key(id, author_id) for id in account_ids])
    return {str(row.me) for row in found.all(Relation)
            if row.follows or row.blocks or row.blocked_by or row.mutes}


def follower_ids(tag: str, *, after: str | None = None, limit: int = 500) -> tuple[list[str], str | None]:
    """A page of the accounts that follow a tag, by id, and the id to go on after (None at the end)."""
    bounds = ListRow.owner_list > f"{after}#" if after else None
    ids = [str(row.owner) for row in ListRow.by_member.query(f"#{tag}", bounds, limit=limit)]
    return ids, ids[-1] if len(ids) == limit else None
