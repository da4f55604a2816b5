"""Looking up accounts: finding one by id or nickname, and who may see whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..ids import is_flake
from ..settings import settings
from ..store.accounts import accounts, own
from ..store.accounts.accounts import Account
from ..store.dynamo.keys import Key
from ..store.relationships import relations
from .emoji import custom
from .federation import staleness
from .federation.server_actor import is_server_actor
from .refusals import NotFound, Unauthenticated
from .text import Mentioned, format_note, mentioned_names
from .viewer import Viewer

UNKNOWN = "Can't find user"
DEFAULT_AVATAR = "/images/avi.png"
LONGEST_NAME = 255  # case folding may make it three times as long, and a key has at most 2,048 bytes
MOST_ASKED = 40
VISIBLE = frozenset({"active", "password_reset_pending"})


def get_visible(id_or_nickname: str, viewer: Viewer | None, *, id_ok: bool = True, nickname_ok: bool = True,
                unknown: str = UNKNOWN) -> Account:
    """The account of an id or (tried second) a nickname, if the viewer may know of it.

    Raises NotFound(`unknown`), and Unauthenticated if profiles are hidden from anonymous visitors. Reads nothing for
    the viewer's own account; for others one round by id, two by nickname.
    """
    account = find(id_or_nickname, viewer, id_ok=id_ok, nickname_ok=nickname_ok)
    if account is None or not is_visible(account, viewer):
        raise NotFound(unknown)
    if viewer is None:
        demand_open_profiles()
    staleness.account_viewed(account)
    return account


def list_visible(account_ids: Iterable[str], viewer: Viewer | None) -> list[Account]:
    """Those of these accounts that the viewer may know of, in the order asked, at most forty. One round.

    Raises Unauthenticated if profiles are hidden from anonymous visitors.
    """
    if viewer is None:
        demand_open_profiles()
    wanted = list(dict.fromkeys(account_ids))[:MOST_ASKED]
    known = accounts.find_many(wanted, strong=True)
    return [known[id] for id in wanted if id in known and not known[id].deleted and is_visible(known[id], viewer)]


def demand_open_profiles() -> None:
    """Raises Unauthenticated if profiles are hidden from anonymous visitors."""
    demand_open_server()
    if settings.restrict_profiles:
        raise Unauthenticated


def demand_open_server() -> None:
    """Raises Unauthenticated if anonymous visitors may read nothing."""
    if not settings.public:
        raise Unauthenticated


def find(id_or_nickname: str, viewer: Viewer | None, *, id_ok: bool = True,
         nickname_ok: bool = True) -> Account | None:
    """The account, whatever its state."""
    wanted_id = id_or_nickname if id_ok and is_flake(id_or_nickname) else None
    if viewer is not None and wanted_id == viewer.id:
        return viewer.account
    nickname = _local_part(id_or_nickname, is_member=viewer is not None) if nickname_ok else None
    if nickname is None:
        return accounts.find(wanted_id) if wanted_id else None
    if viewer is not None and wanted_id is None and nickname.casefold() == viewer.account.nickname_lower:
        return viewer.account
    return accounts.find_by_id_or_nickname(wanted_id, nickname)


def ahead(viewer_id: str, *, id: str, **_: str) -> list[Key]:
    """What a request about an account by id or nickname reads first."""
    if id == viewer_id:
        return own.keys(viewer_id)
    nickname = _local_part(id, is_member=True)
    return accounts.naming_keys(id if is_flake(id) else None, nickname) if nickname is not None else []


def ahead_of_statuses(viewer_id: str, *, id: str, **_: str) -> list[Key]:
    """As `ahead`, and how the viewer stands to the account."""
    standing = [relations.relation_key(viewer_id, id)] if is_flake(id) and id != viewer_id else []
    return [*ahead(viewer_id, id=id), *standing]


def ahead_of_own(viewer_id: str, **_: str) -> list[Key]:
    """What a request about the viewer's own account reads first."""
    return own.keys(viewer_id)


def get_any(nickname_or_id: str) -> Account:
    """The account of this name or id, whatever its state. For administrators. Raises NotFound("Not found")."""
    account = None
    if 0 < len(nickname_or_id) <= LONGEST_NAME:
        id = nickname_or_id if is_flake(nickname_or_id) else None
        account = accounts.find_by_id_or_nickname(id, local_name(nickname_or_id))
    if account is None or account.deleted or is_server_actor(account):
        raise NotFound("Not found")
    return account


def get_all(names: Iterable[str]) -> list[Account]:
    """The accounts of these names or ids, in the order given, each once. Deleted ones are among them.

    For administrators. Raises NotFound("Not found") if one of the names is unknown. That of the server itself is.
    """
    wanted = list(dict.fromkeys(names))
    if not all(0 < len(name) <= LONGEST_NAME for name in wanted):
        raise NotFound("Not found")
    found = accounts.find_all_named([(name if is_flake(name) else None, local_name(name)) for name in wanted])
    known = [account for account in found if account is not None and not is_server_actor(account)]
    if len(known) < len(found):
        raise NotFound("Not found")
    return list({account.id: account for account in known}.values())


def get_all_here(names: Iterable[str]) -> list[Account]:
    """As `get_all`, but deleted accounts are unknown: for what cannot be done to them."""
    found = get_all(names)
    if any(account.deleted for account in found):
        raise NotFound("Not found")
    return found


def find_every(names: Sequence[str]) -> list[Account | None]:
    """The account of each name or id, whatever its state. None: there is none, or it was deleted."""
    sound = [name if 0 < len(name) <= LONGEST_NAME else UNKNOWN for name in names]
    found = accounts.find_all_named([(name if is_flake(name) else None, local_name(name)) for name in sound])
    return [None if account is None or account.deleted or is_server_actor(account) else account for account in found]


def _local_part(name: str, *, is_member: bool) -> str | None:
    """The nickname in `nick`, or in `nick@this-host` if the viewer may name hosts. None: it cannot be of ours."""
    if not 0 < len(name) <= LONGEST_NAME:
        return None
    if "@" not in name:
        return name
    limited = settings.limit_to_local_content
    if limited == "all" or (limited == "unauthenticated" and not is_member):
        return None
    return local_name(name)


def local_name(name: str) -> str:
    """`nick@this-host` without its host. Any other name as it is."""
    nickname, _, host = name.partition("@")
    return nickname if host and host.casefold() in (settings.host.casefold(), settings.hostname.casefold()) else name


def is_visible(account: Account, viewer: Viewer | None) -> bool:
    """Whether the viewer may know of the account. Everybody may see themselves, and staff may see all accounts.

    Nobody sees the account by which the server itself speaks.
    """
    if is_server_actor(account):
        return False
    if viewer is not None and (viewer.id == account.id or viewer.is_staff):
        return True
    return account.status in VISIBLE


def find_named(names: Iterable[str]) -> dict[str, Account]:
    """The visible accounts of these names (`nick` or `nick@this-host`), by casefolded name."""
    by_nickname = {name.casefold(): local_name(name) for name in names if 0 < len(name) <= LONGEST_NAME}
    if not by_nickname:
        return {}
    found, _ = accounts.find_by_nicknames(by_nickname.values())
    return {
        name: account for name, nickname in by_nickname.items()
        if (account := found.get(nickname.casefold())) is not None and is_visible(account, None)
    }


def people_named(names: Iterable[str]) -> dict[str, Mentioned]:
    """The same accounts as `find_named`, as a text that mentions them needs them."""
    return {
        name: Mentioned(account.id, account.acct, account.username, account.url)
        for name, account in find_named(names).items()
    }


def describe(display_name: str, note: str) -> dict[str, Any]:
    """What the profile's document keeps of a bio: as typed, as HTML, and the custom emoji of bio and name.

    The emoji are looked up here, so that showing a page of accounts reads nothing for them.
    """
    people = people_named(mentioned_names(note, "text/plain"))
    html = format_note(note, people=people, base_url=settings.base_url)
    described = {"note": note, "note_html": html, "emojis": custom.find_in(display_name, note)}
    return {name: value for name, value in described.items() if value}
