"""Reports from elsewhere: another server, or somebody there, tells our staff of an account here.

Most servers report in their own name. What is reported is named by addresses, some servers send the statuses as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ....ids import is_flake
from ....settings import settings
from ....store import limits
from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.federation import received
from ....store.relationships import relations
from ....store.statuses import statuses as store
from ....store.statuses.statuses import Status
from ...staff import reports
from ...visibility import may_see
from .. import addresses
from ..reading import values
from . import people
from .activity import Activity, Dropped
from .statuses import MOST_REPORTED

MOST_OF_A_HOST, HOUR_MS = 30, 3_600_000
"""Reports of one host in an hour. Each is a letter to the staff, so a host could fill their boxes."""
LONGEST_READ = 20_000
"""Characters of a comment in which links are looked for."""


def flag(activity: Activity, by: Account) -> None:
    """File a report of the first account of this server that is named, or wrote what is named. Of that only what the
    reporter can see is kept. What a host reports beyond `MOST_OF_A_HOST` is dropped.
    """
    uris = values.ids_of(activity.document.get("object"))[:MOST_REPORTED]
    content = values.text_in(activity.document, "content")
    ids = [flake for uri in uris if (flake := addresses.object_in(uri)) is not None]
    named = store.find_many(dict.fromkeys([*ids, *_statuses_in(content)]))
    account = _reported(uris, named.values())
    if account is None:
        raise Dropped("nobody here is meant")
    if limits.hit("reports", by.host or "", HOUR_MS) > MOST_OF_A_HOST:
        raise Dropped("too many reports of one host")
    relation, eyes = relations.find(by.id, account.id), people.acting(by)
    about = [id for id, each in named.items() if each.account_id == account.id and may_see(each, eyes, relation)]
    told = reports.Told(content[:settings.max_report_comment_size], status_ids=about)
    reports.file(account.id, eyes, told, id=received.id_for(activity.name))


def _statuses_in(content: str) -> list[str]:
    """Ids of statuses of ours to whose pages a comment links. Some servers name statuses so."""
    words = content[:LONGEST_READ].split()
    pages = [word.removeprefix(f"{settings.base_url}/notice/") for word in words]
    found = [page for page in pages if is_flake(page)]
    return [*found, *(flake for word in words if (flake := addresses.object_in(word)) is not None)][:MOST_REPORTED]


def _reported(uris: Sequence[str], named: Iterable[Status]) -> Account | None:
    nicknames = [name for uri in uris if (name := addresses.account_in(uri)) is not None]
    owners = received.find_named((), nicknames)[1] if nicknames else {}
    ids = [*(owners[name].id for name in nicknames if name in owners), *(each.account_id for each in named)]
    known = accounts.find_many(dict.fromkeys(ids))
    return next((known[id] for id in ids if id in known and known[id].host is None and not known[id].deleted), None)
