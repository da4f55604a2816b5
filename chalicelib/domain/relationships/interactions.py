"""Interactions that begin at one server and end at another: visitors who would like to follow somebody here, and people
of this server whom another one sent home.

    find(meant, viewer)            the account or status that another server's page has named
    address_at_home(profile, uri)  where a visitor's own server lets them go on
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from ...ids import is_flake
from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.relationships import relations
from ...store.relationships.relations import Relation
from ...store.statuses import statuses
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from .. import lookup, visibility
from ..federation import addresses, resolving, webfinger
from ..federation.fetching import NotFetched
from ..refusals import BadRequest, NotFound, Unacceptable, Unauthenticated
from ..viewer import Viewer
from . import following
from .standing import Standing

NO_ACCOUNT = "There is no such account here."
NO_STATUS = "There is no such status here, or it is not for everybody."
NOT_FEDERATING = "This server has nothing to do with other servers."
NOT_A_NAME = "Write your name and your server, as in name@server.example."
NOT_KNOWN = "Your server does not know this name, or does not answer now."
NOT_TOLD = "Your server does not say where its people can follow somebody."


# People of this server.


@dataclass(frozen=True)
class Sought:
    """What was meant: an account and, if it is a status, this with what is needed to show it."""

    account: Account
    status: Status | None = None
    around: Surroundings | None = None


def find(meant: str, viewer: Viewer | None) -> Sought | None:
    """What is meant by an address or a name, in any form that servers use. None: nothing that the viewer may see.

    Other servers are asked only if somebody is signed in. Raises Throttled if that person has asked for too many.
    """
    text = meant.strip()
    text = (text[5:] if text[:5].casefold() == "acct:" else text).lstrip("@")
    if not 0 < len(text) <= addresses.LONGEST:
        return None
    nickname, flake = following.local_nickname(text), _own_status(text)
    if nickname is not None:
        found: Account | Status | None = accounts.find_by_nickname(nickname)
    elif flake is not None:
        found = statuses.find(flake)
    elif viewer is not None:
        found = resolving.resolve(text, viewer)
    else:
        found = _known(text)
    try:
        return None if found is None else _shown(found, viewer)
    except (NotFound, Unauthenticated):
        return None


def _own_status(text: str) -> str | None:
    """The flake of a status of ours, by the address of its document or of its page."""
    page = text.removeprefix(f"{settings.base_url}/notice/")
    return page if page != text and is_flake(page) else addresses.object_in(text)


def _known(text: str) -> Account | Status | None:
    named = addresses.handle_in(text)
    return accounts.find_by_nickname("@".join(named)) if named is not None else resolving.find(text)


def _shown(found: Account | Status, viewer: Viewer | None) -> Sought:
    """What the viewer may see of it. Raises NotFound, and Unauthenticated if visitors may see nothing."""
    if isinstance(found, Status):
        if viewer is None:
            lookup.demand_open_server()
        status, around = visibility.shown(found, viewer)
        original = around.original_of(status)
        return Sought(around.accounts[original.account_id], original, around)
    if viewer is None:
        lookup.demand_open_profiles()
    if found.deleted or not lookup.is_visible(found, viewer):
        raise NotFound
    return Sought(found)


def how_stands(account: Account, viewer: Viewer) -> Relation:
    """How the viewer stands to the account."""
    return relations.find(viewer.id, account.id)


def follow(meant: str, by: Viewer) -> Standing:
    """Follow the account that is meant. Raises NotFound, Throttled, and what following raises."""
    found = find(meant, by)
    if found is None or found.status is not None:
        raise NotFound(NO_ACCOUNT)
    return following.follow(found.account.id, by=by)


# Visitors.


def uri_of_account(nickname: str) -> str:
    """The address by which others know an account of this server. Raises NotFound."""
    known = following.local_nickname(nickname.strip().lstrip("@"))
    account = accounts.find_by_nickname(known) if known else None
    if account is not None:
        with suppress(NotFound, Unauthenticated):
            return addresses.of_account(_shown(account, None).account.nickname)
    raise NotFound(NO_ACCOUNT)


def uri_of_status(id: str) -> str:
    """The address by which others know a status that everybody may see. Raises NotFound."""
    found = statuses.find(id) if is_flake(id) else None
    if found is not None and visibility.is_for_everybody(found.visibility):
        with suppress(NotFound, Unauthenticated):
            _shown(found, None)
            return str(found.uri)
    raise NotFound(NO_STATUS)


def address_at_home(profile: str, uri: str) -> str:
    """Where the visitor's own server lets them act on what the uri names. `profile`: their name, or their page.

    It is what that server tells of this name, so nobody can be led anywhere else. Raises BadRequest for what is no
    name, NotFound and Unacceptable with the reason.
    """
    if not settings.federating:
        raise NotFound(NOT_FEDERATING)
    if not addresses.is_own(uri) and not addresses.is_foreign(uri):
        raise BadRequest(NO_ACCOUNT)
    typed = profile.strip()
    name = following.name_in_address(typed) if typed.lower().startswith(("http://", "https://")) else typed
    if "@" in name.lstrip("@") and following.local_nickname(name.lstrip("@")) is not None:
        return f"{settings.base_url}/authorize_interaction?uri={quote(uri, safe='')}"
    handle = addresses.handle_in(name)
    if handle is None:
        raise BadRequest(NOT_A_NAME)
    try:
        template = webfinger.subscribe_template(*handle)
    except NotFetched:
        raise NotFound(NOT_KNOWN) from None
    there = (template or "").replace("{uri}", quote(uri, safe=""))
    if not addresses.is_foreign(there, fragment=True):
        raise Unacceptable(NOT_TOLD)
    return there
