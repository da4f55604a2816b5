"""Lists: an account's private groups of accounts, each with a timeline of its own.

Under its owner, a list is a row `L#`id and a member a row `M#`id`#`account. So the members of one list are one query,
and which lists hold an account is asked by key. `by_member` finds the lists that a new status goes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from ..accounts.accounts import VIEWER_SET, ViewerSet
from ..dynamo.attributes import BooleanAttribute, UnicodeAttribute
from ..dynamo.keys import Key, key
from ..dynamo.table import Record, Table, create, fetch, named, update, write_batch
from ..statuses.visibilities import FOR_FOLLOWERS
from ..timelines.feeds import FeedRow, HomeRow, expiry, read

MOST_LISTS = 50
MOST_MEMBERS = 1000
BROUGHT = 40
"""How many statuses a new member brings to the list's timeline."""


class ByMember(GlobalSecondaryIndex["ListRow"]):
    """Every list an account is on, whoever owns it. Reads are eventual, so only fan-out uses it."""

    class Meta:
        index_name = "by_member"
        projection = KeysOnlyProjection()

    member = UnicodeAttribute(hash_key=True)
    owner_list = UnicodeAttribute(range_key=True)


class ListRow(Record):
    """A list or a member of one. Asked: my lists · one of them · its members · which of my lists hold this account
    (batch get) · which lists is this account on (by_member).
    """

    class Meta(Table):
        table_name = named("lists")

    owner = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    title = UnicodeAttribute(null=True)
    replies_policy = UnicodeAttribute(attr_name="rp", null=True)
    """Which replies its timeline has. Absent: those to its members."""
    exclusive = BooleanAttribute(attr_name="ex", null=True)
    """What its members write is not at home."""
    member = UnicodeAttribute(null=True)
    owner_list = UnicodeAttribute(null=True)
    by_member = ByMember()

    ABSENT = {"exclusive": False}

    @property
    def id(self) -> str:
        return str(self.k).split("#")[1]


def list_key(owner: str, list_id: str) -> Key:
    return key(ListRow, owner, f"L#{list_id}")


def member_key(owner: str, list_id: str, member: str) -> Key:
    return key(ListRow, owner, f"M#{list_id}#{member}")


def find(owner: str, list_id: str) -> ListRow | None:
    wanted = list_key(owner, list_id)
    return fetch(strong=[wanted]).get(ListRow, owner, wanted.range)


def list_of(owner: str) -> list[ListRow]:
    """An account's lists, newest first."""
    return list(ListRow.query(owner, ListRow.k.startswith("L#"), consistent_read=True, scan_index_forward=False,
                              limit=MOST_LISTS))


def save(owner: str, list_id: str, title: str, replies_policy: str, exclusive: bool) -> ListRow:
    row = ListRow(owner, f"L#{list_id}", title=title, replies_policy=replies_policy, exclusive=exclusive)
    create(row)
    return row


def save_all(owner: str, ids: Mapping[str, str], replies_policy: str) -> None:
    """Write new lists, by title. One round."""
    write_batch(puts=[ListRow(owner, f"L#{id}", title=title, replies_policy=replies_policy, exclusive=False)
                      for title, id in ids.items()])


def change(row: ListRow) -> bool:
    """Write title, policy and whether it is exclusive. False when there is no such list."""
    actions = [ListRow.title.set(row.title), ListRow.exclusive.set(row.exclusive)]
    if row.replies_policy is not None:
        actions.append(ListRow.replies_policy.set(row.replies_policy))
    return update(ListRow.stub(row.owner, row.k), actions, ListRow.owner.exists())


def keep_from_home(owner: str, list_id: str, members: Iterable[str]) -> None:
    """Let these members of an exclusive list leave the owner's home timeline."""
    pairs = {f"{list_id}#{id}" for id in members}
    if pairs:
        update(ViewerSet.stub(owner, VIEWER_SET), [ViewerSet.exclusive.add(pairs)])


def let_come_home(owner: str, list_id: str, members: Iterable[str]) -> None:
    """The list keeps these members from home no more. Other lists may."""
    pairs = {f"{list_id}#{id}" for id in members}
    if pairs:
        update(ViewerSet.stub(owner, VIEWER_SET), [ViewerSet.exclusive.delete(pairs)])


def remove(owner: str, list_id: str) -> None:
    """Delete a list with its members. The rows of its timeline expire by themselves; nobody can read them."""
    gone = [ListRow.stub(owner, f"L#{list_id}")]
    gone += [ListRow.stub(owner, f"M#{list_id}#{id}") for id in member_ids(owner, list_id)]
    write_batch(deletes=gone)


def member_ids(owner: str, list_id: str) -> list[str]:
    start = f"M#{list_id}#"
    rows = ListRow.query(owner, ListRow.k.startswith(start), consistent_read=True, limit=MOST_MEMBERS)
    return [str(row.k).removeprefix(start) for row in rows]


def add_members(owner: str, list_id: str, members: Iterable[str]) -> None:
    write_batch(puts=[
        ListRow(owner, f"M#{list_id}#{id}", member=id, owner_list=f"{owner}#{list_id}") for id in members
    ])


def remove_members(owner: str, list_id: str, members: Iterable[str]) -> None:
    write_batch(deletes=[ListRow.stub(owner, f"M#{list_id}#{id}") for id in members])


def those_on(owner: str, list_id: str, members: Iterable[str]) -> set[str]:
    """Which of the accounts are on the list, in one round."""
    wanted = {id: member_key(owner, list_id, id) for id in members}
    found = fetch(strong=wanted.values())
    return {id for id, each in wanted.items() if found.get(ListRow, owner, each.range) is not None}


def holding(owner: str, list_ids: Iterable[str], member: str) -> set[str]:
    """Which of the lists hold the account, in one round."""
    wanted = {id: member_key(owner, id, member) for id in list_ids}
    found = fetch(strong=wanted.values())
    return {id for id, each in wanted.items() if found.get(ListRow, owner, each.range) is not None}


def having(member: str, limit: int = 1000) -> list[str]:
    """The ids of the lists that an account is on."""
    return [str(row.owner_list).rpartition("#")[2] for row in ListRow.by_member.query(member, limit=limit)]


def bring(list_id: str, member: str) -> None:
    """Copy a new member's newest statuses to the list's timeline."""
    rows = [row for row in read(FeedRow, f"a#{member}", limit=BROUGHT, strong=True) if row.visibility in FOR_FOLLOWERS]
    copies = []
    for row in rows:
        values = {name: value for name, value in row.attribute_values.items() if value is not None}
        copies.append(HomeRow(**{**values, "feed": f"l#{list_id}", "ttl": expiry(row.id)}))
    write_batch(puts=copies)
