"""Lists: an account's private groups of accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...ids import is_flake, new_flake
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.relationships import lists
from ...store.relationships.lists import ListRow
from ..refusals import NotFound, Unacceptable
from ..text import fits
from ..viewer import Viewer
from ..visibility import is_active

LONGEST_TITLE = 255
MOST_AT_ONCE = 100


def list_of(viewer: Viewer) -> list[ListRow]:
    return lists.list_of(viewer.id)


def get(id: str, viewer: Viewer) -> ListRow:
    """One of the viewer's own lists."""
    found = lists.find(viewer.id, id) if is_flake(id) else None
    if found is None:
        raise NotFound("List not found")
    return found


def create(title: str, viewer: Viewer) -> ListRow:
    return lists.save(viewer.id, new_flake(), _checked(title))


def rename(id: str, title: str, viewer: Viewer) -> ListRow:
    found = get(id, viewer)
    found.title = _checked(title)
    if not lists.rename(viewer.id, id, found.title):
        raise NotFound("List not found")
    return found


def _checked(title: str) -> str:
    if not title.strip():
        raise Unacceptable("can't be blank")
    if not fits(LONGEST_TITLE, title):
        raise Unacceptable(f"should be at most {LONGEST_TITLE} character(s)")
    return title


def remove(id: str, viewer: Viewer) -> None:
    get(id, viewer)
    lists.remove(viewer.id, id)


def list_members(id: str, viewer: Viewer) -> list[Account]:
    """The accounts on the list, without deleted ones."""
    get(id, viewer)
    ids = lists.member_ids(viewer.id, id)
    known = accounts.find_many(ids)
    return [known[id] for id in sorted(ids, reverse=True) if id in known and is_active(known[id])]


def add(id: str, account_ids: Sequence[str], viewer: Viewer) -> None:
    """Put accounts on the list, with their newest statuses. Unknown accounts and repeats change nothing."""
    get(id, viewer)
    wanted = [each for each in dict.fromkeys(account_ids) if is_flake(each)][:MOST_AT_ONCE]
    known = [each for each, account in accounts.find_many(wanted).items() if is_active(account)]
    new = set(known) - lists.those_on(viewer.id, id, known)
    lists.add_members(viewer.id, id, new)
    for each in new:
        lists.bring(id, each)


def drop(id: str, account_ids: Iterable[str], viewer: Viewer) -> None:
    """Take accounts off the list. Their statuses leave its timeline too."""
    get(id, viewer)
    lists.remove_members(viewer.id, id, [each for each in dict.fromkeys(account_ids) if is_flake(each)][:MOST_AT_ONCE])


def list_holding(account_id: str, viewer: Viewer) -> list[ListRow]:
    """The viewer's lists that hold an account."""
    if not is_flake(account_id) or not is_active(accounts.find(account_id)):
        raise NotFound
    mine = lists.list_of(viewer.id)
    with_them = lists.holding(viewer.id, [each.id for each in mine], account_id)
    return [each for each in mine if each.id in with_them]
