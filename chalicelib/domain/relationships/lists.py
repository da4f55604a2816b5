"""Lists: an account's private groups of accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from ...ids import is_flake, new_flake
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.relationships import lists
from ...store.relationships.lists import ListRow
from ..paging import Cursors, window
from ..refusals import NotFound, Unacceptable
from ..text import fits
from ..viewer import Viewer
from ..visibility import is_active

LONGEST_TITLE = 255
MOST_AT_ONCE = 100
LIST, FOLLOWED, NONE = "list", "followed", "none"
"""Which replies a list's timeline has: to members, to whomever its owner follows, or none but those to the owner."""
POLICIES = (LIST, FOLLOWED, NONE)


def list_of(viewer: Viewer) -> list[ListRow]:
    return lists.list_of(viewer.id)


def get(id: str, viewer: Viewer) -> ListRow:
    """One of the viewer's own lists."""
    found = lists.find(viewer.id, id) if is_flake(id) else None
    if found is None:
        raise NotFound("List not found")
    return found


@dataclass(frozen=True)
class ListWishes:
    """How a list shall be. None: as it is, or by default."""

    title: str | None = None
    replies_policy: str | None = None
    exclusive: bool | None = None


def create(wishes: ListWishes, viewer: Viewer) -> ListRow:
    return lists.save(viewer.id, new_flake(), _checked(wishes.title or ""), _policy(wishes.replies_policy),
                      bool(wishes.exclusive))


def find_or_create(titles: Iterable[str], viewer: Viewer) -> dict[str, str]:
    """The ids of the viewer's lists with these titles. Those that are not there yet are made, if that may be."""
    wanted = list(dict.fromkeys(titles))
    if not wanted:
        return {}
    ids = {str(each.title): each.id for each in reversed(lists.list_of(viewer.id))}
    room = max(lists.MOST_LISTS - len(ids), 0)
    new = [each for each in wanted if each not in ids and each.strip() and fits(LONGEST_TITLE, each)][:room]
    made = {title: new_flake() for title in new}
    lists.save_all(viewer.id, made, LIST)
    return {title: id for title, id in (ids | made).items() if title in wanted}


def change(id: str, wishes: ListWishes, viewer: Viewer) -> ListRow:
    """Change a list. What its members write leaves home, or comes back, as soon as `exclusive` says so."""
    found = get(id, viewer)
    if wishes.title is not None:
        found.title = _checked(wishes.title)
    if wishes.replies_policy is not None:
        found.replies_policy = _policy(wishes.replies_policy)
    turns = wishes.exclusive is not None and wishes.exclusive != bool(found.exclusive)
    if turns:
        found.exclusive = wishes.exclusive
    if not lists.change(found):
        raise NotFound("List not found")
    if turns:
        _agree_home(found, lists.member_ids(viewer.id, id))
    return found


def _policy(wanted: str | None) -> str:
    if wanted is None:
        return LIST
    if wanted not in POLICIES:
        raise Unacceptable("Validation failed: Replies policy is not included in the list")
    return wanted


def _agree_home(row: ListRow, members: Iterable[str]) -> None:
    """Keep these members from home, or let them come home, as the list says."""
    (lists.keep_from_home if row.exclusive else lists.let_come_home)(row.owner, row.id, members)


def _checked(title: str) -> str:
    if not title.strip():
        raise Unacceptable("can't be blank")
    if not fits(LONGEST_TITLE, title):
        raise Unacceptable(f"should be at most {LONGEST_TITLE} character(s)")
    return title


def remove(id: str, viewer: Viewer) -> None:
    found = get(id, viewer)
    if found.exclusive:
        lists.let_come_home(viewer.id, id, lists.member_ids(viewer.id, id))
    lists.remove(viewer.id, id)


def list_members(id: str, viewer: Viewer, page: Cursors) -> list[Account]:
    """The accounts on the list, without deleted ones, newest account first. A limit of 0 asks for all of them."""
    get(id, viewer)
    part = window(page)
    ids = [each for each in lists.member_ids(viewer.id, id)
           if (part.above is None or each > part.above) and (part.below is None or each < part.below)]
    if page.limit:
        ids = sorted(ids, reverse=not part.ascending)[:page.limit]
    known = accounts.find_many(ids)
    return [known[id] for id in sorted(ids, reverse=True) if id in known and is_active(known[id])]


def add(id: str, account_ids: Sequence[str], viewer: Viewer, before: Set[str] | None = None) -> None:
    """Put accounts on the list, with their newest statuses. Unknown accounts and repeats change nothing.

    `before`: who was on it before a run that may have been cut short. None: it is looked up.
    """
    row = get(id, viewer)
    wanted = [each for each in dict.fromkeys(account_ids) if is_flake(each)][:MOST_AT_ONCE]
    known = [each for each, account in accounts.find_many(wanted).items() if is_active(account)]
    new = set(known) - (lists.those_on(viewer.id, id, known) if before is None else before)
    lists.add_members(viewer.id, id, new)
    if row.exclusive:
        lists.keep_from_home(viewer.id, id, known)
    for each in new:
        lists.bring(id, each)


def drop(id: str, account_ids: Iterable[str], viewer: Viewer) -> None:
    """Take accounts off the list. Their statuses leave its timeline too."""
    row = get(id, viewer)
    gone = [each for each in dict.fromkeys(account_ids) if is_flake(each)][:MOST_AT_ONCE]
    lists.remove_members(viewer.id, id, gone)
    if row.exclusive:
        lists.let_come_home(viewer.id, id, gone)


def list_holding(account_id: str, viewer: Viewer) -> list[ListRow]:
    """The viewer's lists that hold an account."""
    if not is_flake(account_id) or not is_active(accounts.find(account_id)):
        raise NotFound
    mine = lists.list_of(viewer.id)
    with_them = lists.holding(viewer.id, [each.id for each in mine], account_id)
    return [each for each in mine if each.id in with_them]
