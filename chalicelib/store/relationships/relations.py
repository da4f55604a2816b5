"""Relations: how two accounts stand to each other, mirrored.

A pair of accounts has two rows, (A, B) and (B, A). Each holds the flags of both directions. Both are always written
in one transaction. So one key reads the whole relationship, and both followers and following are read strongly.

Every change of a pair raises `version` in both rows and demands the version it has read. So two changes at the same
moment happen one after the other, and counters move exactly when the pair does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection, LocalSecondaryIndex

from ..dynamo import ahead
from ..dynamo.attributes import BooleanAttribute, Document, NumberAttribute, UnicodeAttribute
from ..dynamo.bounds import NOTHING, strictly_between
from ..dynamo.counting import MOST_COUNTED, count
from ..dynamo.keys import Key, key
from ..dynamo.table import FoundRecords, Record, Table, Writes, fetch, named

ACCEPTED, PENDING = "a", "p"


class Following(LocalSecondaryIndex["Relation"]):
    """Whom I follow, by account id."""

    class Meta:
        index_name = "following"
        projection = IncludeProjection(["oh"])

    me = UnicodeAttribute(hash_key=True)
    following_id = UnicodeAttribute(range_key=True, attr_name="l_of")


class Followers(LocalSecondaryIndex["Relation"]):
    """Who follows me, by account id."""

    class Meta:
        index_name = "followers"
        projection = IncludeProjection(["oh"])

    me = UnicodeAttribute(hash_key=True)
    follower_id = UnicodeAttribute(range_key=True, attr_name="l_if")


class Requests(LocalSecondaryIndex["Relation"]):
    """Who asks to follow me."""

    class Meta:
        index_name = "requests"
        projection = KeysOnlyProjection()

    me = UnicodeAttribute(hash_key=True)
    requester_id = UnicodeAttribute(range_key=True, attr_name="l_rq")


class Blocks(LocalSecondaryIndex["Relation"]):
    class Meta:
        index_name = "blocks"
        projection = KeysOnlyProjection()

    me = UnicodeAttribute(hash_key=True)
    blocked_id = UnicodeAttribute(range_key=True, attr_name="l_ob")


class Mutes(LocalSecondaryIndex["Relation"]):
    class Meta:
        index_name = "mutes"
        projection = KeysOnlyProjection()

    me = UnicodeAttribute(hash_key=True)
    muted_id = UnicodeAttribute(range_key=True, attr_name="l_om")


class Asked(GlobalSecondaryIndex["Relation"]):
    """Whom I have asked to follow them, until they answer. Reads are eventual."""

    class Meta:
        index_name = "asked"
        projection = KeysOnlyProjection()

    asker = UnicodeAttribute(hash_key=True, attr_name="g_rq")
    other = UnicodeAttribute(range_key=True)


class Relation(Record):
    """How `me` stands to `other` and `other` to `me`.

    Asked: this pair, or me and these forty (batch get) · whom I follow, who follows me, who asks, whom I block,
    whom I mute (indexes, strong) · whom I have asked (asked).
    """

    class Meta(Table):
        table_name = named("relations")

    ABSENT = {
        "follows_reblogs": True, "blocks": False, "blocked_by": False, "mutes": False, "mutes_notifications": False,
        "mutes_until": 0, "subscribes": False, "notifies": False, "subscribed_by": False,
        "accepts_notifications": False, "follow_notification": 0,
        "uncounted": False, "retracting": False, "version": 0, "blocks_until": 0, "note": "", "unsuggested": False,
    }
    me = UnicodeAttribute(hash_key=True)
    other = UnicodeAttribute(range_key=True)
    follow = UnicodeAttribute(attr_name="of", null=True)
    followed = UnicodeAttribute(attr_name="inf", null=True)
    follow_id = UnicodeAttribute(attr_name="of_id", null=True)
    followed_id = UnicodeAttribute(attr_name="in_id", null=True)
    follows_reblogs = BooleanAttribute(attr_name="reb", null=True)
    languages = Document(attr_name="lang", null=True)
    """Those of the followed account's statuses that I want, as a list. Absent: all."""
    blocks = BooleanAttribute(attr_name="ob", null=True)
    blocked_by = BooleanAttribute(attr_name="ib", null=True)
    block_id = UnicodeAttribute(attr_name="ob_id", null=True)
    """That of my block, if the other's server was told of it."""
    blocks_until = NumberAttribute(attr_name="ob_until", null=True)
    mutes = BooleanAttribute(attr_name="om", null=True)
    mutes_notifications = BooleanAttribute(attr_name="omn", null=True)
    mutes_until = NumberAttribute(attr_name="om_until", null=True)
    subscribes = BooleanAttribute(attr_name="os", null=True)
    notifies = BooleanAttribute(attr_name="osn", null=True)
    """I subscribe by `notify` of a follow, and get `status`. Else by the older `subscribe`, and get `mention`."""
    subscribed_by = BooleanAttribute(attr_name="is", null=True)
    accepts_notifications = BooleanAttribute(attr_name="na", null=True)
    """I have accepted the other's notifications, so no policy of mine holds them back."""
    follow_notification = NumberAttribute(attr_name="fn", null=True)
    viewer_shard = NumberAttribute(attr_name="xs", null=True)
    other_inbox = UnicodeAttribute(attr_name="oh", null=True)
    """Where the other gets what I write, if the other follows me, or asks to, from another server."""
    followed_uri = UnicodeAttribute(attr_name="fu", null=True)
    """What the other's server calls that follow."""
    note = UnicodeAttribute(attr_name="nt", null=True)
    """What I have noted of the other, for myself."""
    unsuggested = BooleanAttribute(attr_name="sg", null=True)
    """I do not want the other to be suggested."""
    uncounted = BooleanAttribute(attr_name="hid", null=True)
    """The other is deactivated: my counters leave this row out."""
    retracting = BooleanAttribute(attr_name="gn", null=True)
    """My viewer set has the other in `gone` until the rows that the follow brought have left my home timeline."""
    version = NumberAttribute(attr_name="ver", null=True)
    following_id = UnicodeAttribute(attr_name="l_of", null=True)
    follower_id = UnicodeAttribute(attr_name="l_if", null=True)
    requester_id = UnicodeAttribute(attr_name="l_rq", null=True)
    blocked_id = UnicodeAttribute(attr_name="l_ob", null=True)
    muted_id = UnicodeAttribute(attr_name="l_om", null=True)
    asker = UnicodeAttribute(attr_name="g_rq", null=True)
    """`me`, while the other has not answered whether I may follow. `write_pair` writes it with `follow`."""
    by_following = Following()
    by_follower = Followers()
    by_request = Requests()
    by_block = Blocks()
    by_mute = Mutes()
    by_asker = Asked()

    @property
    def follows(self) -> bool:
        return bool(self.follow == ACCEPTED)

    @property
    def requested(self) -> bool:
        return bool(self.follow == PENDING)

    @property
    def followed_by(self) -> bool:
        return bool(self.followed == ACCEPTED)


def relation_key(me: str, other: str) -> Key:
    return key(Relation, me, other)


def find(me: str, other: str) -> Relation:
    return find_many(me, [other]).get(other) or blank(me, other)


def at_hand(me: str, other: str) -> Relation | None:
    """My row with another, if it was read with the token. None: it was not."""
    found = ahead.take([relation_key(me, other)])
    return None if found is None else found.get(Relation, me, other) or blank(me, other)


def find_many(me: str, others: Iterable[str], *, strong: bool = True) -> dict[str, Relation]:
    """The existing rows of `me` with each of `others`, by the other's id, in one round."""
    keys = [relation_key(me, other) for other in others]
    found = fetch(strong=keys) if strong else fetch(eventual=keys)
    return {relation.other: relation for relation in found.all(Relation)}


def blank(me: str, other: str) -> Relation:
    """My row of a pair that has none yet."""
    return Relation.blank(me, other)


def follower_ids(account_id: str, *, after: str | None = None, limit: int = 500) -> tuple[list[str], str | None]:
    """A page of the accounts of this server that follow this one, by id, and the id to go on after (None at the end).

    Those of other servers have timelines there. A page may lack them, or be empty.
    """
    return _page(Relation.by_follower, Relation.follower_id, account_id, after, limit, only_here=True)


def following_ids(account_id: str, *, after: str | None = None, limit: int = 500) -> tuple[list[str], str | None]:
    """A page of the accounts that this one follows, by id, and the id to go on after (None at the end)."""
    return _page(Relation.by_following, Relation.following_id, account_id, after, limit)


def listed(account_id: str, *, followers: bool, above: str | None, below: str | None, ascending: bool,
           limit: int) -> list[str]:
    """One query: ids strictly between two others, in the order asked. `followers`: of those who follow the account,
    else of those it follows."""
    index, sort = (Relation.by_follower, Relation.follower_id) if followers else (
        Relation.by_following, Relation.following_id)
    bounds = strictly_between(sort, above, below)
    if bounds is NOTHING:
        return []
    rows = index.query(account_id, bounds, consistent_read=True, scan_index_forward=ascending, limit=limit)
    return [str(row.other) for row in rows]


def marked(account_id: str, *, muted: bool, above: str | None, below: str | None, limit: int) -> list[Relation]:
    """Rows of the accounts that this one mutes (`muted`) or else blocks, strictly between two ids, in order of id."""
    index, sort = (Relation.by_mute, Relation.muted_id) if muted else (Relation.by_block, Relation.blocked_id)
    bounds = strictly_between(sort, above, below)
    if bounds is NOTHING:
        return []
    return list(index.query(account_id, bounds, consistent_read=True, limit=limit))


def follower_inboxes(account_id: str) -> set[str]:
    """Where the followers of other servers hear of an account, each inbox once."""
    rows = Relation.by_follower.query(account_id, filter_condition=Relation.other_inbox.exists(),
                                      attributes_to_get=["me", "other", "l_if", "oh"])
    return {str(row.other_inbox) for row in rows}


def _page(index: Any, sort: Any, me: str, after: str | None, limit: int, *, only_here: bool = False,
          ) -> tuple[list[str], str | None]:
    rows = list(index.query(me, sort > after if after else None, consistent_read=True, limit=limit))
    ids = [row.other for row in rows if not (only_here and row.other_inbox)]
    return ids, rows[-1].other if len(rows) == limit else None


def count_requests(account_id: str) -> int:
    """How many wait to follow this account, up to eight thousand."""
    return count(Relation.by_request, account_id, most=MOST_COUNTED)


# Changing a pair.


@dataclass(frozen=True)
class Pair:
    """Both rows of two accounts, read together: mine and the other's."""

    mine: Relation
    theirs: Relation


def pair_keys(me: str, other: str) -> list[Key]:
    return [relation_key(me, other), relation_key(other, me)]


def pair_in(found: FoundRecords, me: str, other: str) -> Pair:
    mine, theirs = (found.get(Relation, *ids) or blank(*ids) for ids in ((me, other), (other, me)))
    return Pair(mine, theirs)


def write_pair(write: Writes, pair: Pair, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Relation:
    """Change both rows together. None removes an attribute. Answers my row as it will be."""
    mine, theirs = _with_asker(pair.mine, mine), _with_asker(pair.theirs, theirs)
    for row, changes, condition in ((pair.mine, mine, version_is(pair.mine)), (pair.theirs, theirs, None)):
        actions = [_set_or_remove(name, value) for name, value in changes.items()]
        write.update(Relation.stub(row.me, row.other), [*actions, Relation.version.add(1)], condition, label="pair")
    after = Relation.stub(pair.mine.me, pair.mine.other)
    merged = {**pair.mine.attribute_values, **mine, "version": pair.mine.version + 1}
    after.attribute_values = {
        name: Relation.ABSENT.get(name) if value is None else value for name, value in merged.items()
    }
    return after


def _with_asker(row: Relation, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """The changes of a row, with what lists it among those that wait for an answer."""
    if "follow" not in changes or (changes["follow"] != PENDING and not row.asker):
        return changes
    return {**changes, "asker": row.me if changes["follow"] == PENDING else None}


def _set_or_remove(name: str, value: Any) -> Any:
    attribute = getattr(Relation, name)
    return attribute.remove() if value is None else attribute.set(value)


def version_is(relation: Relation) -> Any:
    return Relation.version == relation.version if relation.version else Relation.version.does_not_exist()
