"""Accounts as clients see them: as others, administrators, and their owners get them.

Every other entity embeds an account by `arrange_account`, which reads nothing. Only `render_account` and
`render_own_account` show the owner the three counts, because each count is a query.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NotRequired, TypedDict

from ...domain.lookup import DEFAULT_AVATAR, is_visible
from ...domain.notifications.making import DEFAULTS
from ...domain.viewer import Viewer
from ...ids import created_at, iso
from ...settings import settings
from ...store.accounts import accounts as store
from ...store.accounts import own
from ...store.accounts.accounts import Account as Record
from ..emoji.emoji import Emoji, render_used
from ..relationships.relationship import Relationship, render_relationships
from .akkoma import AccountAkkoma, FeatureApproval, render_akkoma
from .role import Role, ShownRole, render_privileges, render_role, render_roles
from .source import AccountSource, add_for_owner, hides_collections, render_source
from .source import ShownField as ShownField

BOTS = frozenset({"Service", "Application"})
DEFAULT_HEADER = "/images/banner.png"
LIMITED = "mrf_tag:sandbox"
"""The tag by which the staff lets an account be seen by its followers only."""
Map = Mapping[str, Any]


class NotificationSettings(TypedDict):
    block_from_strangers: bool
    hide_notification_contents: bool
    privacy_option: bool
    followers: bool
    follows: bool
    remote: bool
    local: bool


class AccountPleroma(TypedDict):
    ap_id: str
    also_known_as: list[str]
    confirmation_pending: bool
    tags: list[str]
    hide_followers: bool
    hide_follows: bool
    hide_followers_count: bool
    hide_follows_count: bool
    hide_favorites: bool
    skip_thread_containment: bool
    relationship: Relationship | dict[str, Any]
    background_image: str | None
    accepts_chat_messages: bool | None
    favicon: str | None
    is_confirmed: bool
    is_suggested: bool
    is_active: bool
    birthday: str | None
    avatar_description: str
    header_description: str
    is_admin: NotRequired[bool]
    is_moderator: NotRequired[bool]
    deactivated: NotRequired[bool]
    notification_settings: NotRequired[NotificationSettings]
    allow_following_move: NotRequired[bool]
    unread_conversation_count: NotRequired[int]
    unread_notifications_count: NotRequired[int]
    follow_requests_count: NotRequired[int]
    privileges: NotRequired[list[str]]
    settings_store: NotRequired[dict[str, Any]]
    chat_token: NotRequired[str]


class AccountParts(TypedDict):
    """An account, but for its roles, which the staff gets in another form."""

    id: str
    username: str
    acct: str
    display_name: str
    locked: bool
    created_at: str
    followers_count: int
    following_count: int
    statuses_count: int
    note: str
    url: str
    avatar: str
    avatar_static: str
    header: str
    header_static: str
    emojis: list[Emoji]
    fields: list[ShownField]
    bot: bool
    source: AccountSource
    pleroma: AccountPleroma
    uri: str
    fqn: str
    group: bool
    discoverable: bool
    indexable: bool
    noindex: bool
    hide_collections: bool
    last_status_at: str | None
    avatar_description: str
    header_description: str
    attribution_domains: list[str]
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    feature_approval: FeatureApproval
    akkoma: AccountAkkoma
    role: NotRequired[Role]
    suspended: NotRequired[bool]
    limited: NotRequired[bool]
    memorial: NotRequired[bool]
    moved: NotRequired[Account]
    """Where it has gone, where one account is shown by itself."""

    follow_requests_count: NotRequired[int]
    mute_expires_at: NotRequired[str | None]
    block_expires_at: NotRequired[str | None]


class Account(AccountParts):
    """An account. Keys that may be missing are for its owner or for administrators."""

    roles: list[ShownRole]


def render_account(account: Record, viewer: Viewer | None, *, with_relationship: bool = False) -> Account:
    """One account by itself. If it is the viewer's own, it has the counts that only the owner sees."""
    if viewer is not None and viewer.id == account.id:
        return render_own_account(viewer)
    standing = render_relationships([account], viewer)[0] if viewer is not None and with_relationship else None
    return _with_target(arrange_account(account, viewer, standing), account, viewer)


def render_own_account(viewer: Viewer, *, with_settings_store: bool = False, with_chat_token: bool = False) -> Account:
    """The viewer's own account with all keys, in one round of reads."""
    state = own.load(viewer.account)
    shown = _with_target(arrange_account(viewer.account, viewer), viewer.account, viewer)
    pleroma = shown["pleroma"]
    shown["follow_requests_count"] = state.follow_requests
    shown["source"]["follow_requests_count"] = pleroma["follow_requests_count"] = state.follow_requests
    pleroma["unread_conversation_count"] = state.unread_conversations
    pleroma["unread_notifications_count"] = state.unread_notifications
    if with_settings_store:
        pleroma["settings_store"] = state.settings_store
    if with_chat_token:
        pleroma["chat_token"] = _chat_token(viewer.id)
    return shown


def _with_target(shown: Account, account: Record, viewer: Viewer | None) -> Account:
    """With the account to which this one has moved, if it has. Only then something is read."""
    moved = account.profile.get("moved")
    target = store.find(moved["id"]) if moved else None
    if target is not None and is_visible(target, viewer):
        shown["moved"] = arrange_account(target, viewer)
    return shown


def render_accounts(accounts: Iterable[Record], viewer: Viewer | None, *,
                    with_relationships: bool = False) -> list[Account]:
    """The accounts as `viewer` sees them, in the order given. Nothing is read but relationships, if asked for."""
    shown = list(accounts)
    standing: Mapping[str, Relationship] = {}
    if viewer is not None and with_relationships:
        standing = {each["id"]: each for each in render_relationships(shown, viewer)}
    return [arrange_account(account, viewer, standing.get(account.id)) for account in shown]


def render_muted_accounts(accounts: Iterable[Record], viewer: Viewer, *, with_relationships: bool) -> list[Account]:
    """As `render_accounts`, for the list of whom the viewer mutes: each says when its mute ends."""
    shown = render_accounts(accounts, viewer, with_relationships=with_relationships)
    for each in shown:
        end = viewer.mute_ends_at(each["id"])
        each["mute_expires_at"] = iso(end) if end is not None else None
    return shown


def render_blocked_accounts(accounts: Iterable[Record], viewer: Viewer, *, with_relationships: bool) -> list[Account]:
    """As `render_accounts`, for the list of whom the viewer blocks: each says when its block ends."""
    shown = render_accounts(accounts, viewer, with_relationships=with_relationships)
    for each in shown:
        end = viewer.block_ends_at(each["id"])
        each["block_expires_at"] = iso(end) if end is not None else None
    return shown


def arrange_account(account: Record, viewer: Viewer | None, relationship: Relationship | None = None) -> Account:
    """The entity, from what is loaded. `relationship`: how the viewer stands to the account; shown if it is given."""
    stored = account.attribute_values  # PynamoDB's own access takes as long as all the rest, and this runs forty times
    doc: Map = stored.get("doc") or {}
    is_own = viewer is not None and viewer.id == stored["id"]
    shown = _for_everybody(stored, doc)
    pleroma = shown["pleroma"]
    if relationship:
        pleroma["relationship"] = relationship
    if is_own or doc.get("show_role", True):
        pleroma["is_admin"] = bool(stored.get("is_admin"))
        pleroma["is_moderator"] = bool(stored.get("is_moderator"))
        shown["roles"] = render_roles(stored)
    if viewer is not None and viewer.is_admin:
        pleroma["deactivated"] = bool(stored.get("deactivated"))
    _add_states(shown, stored, doc)
    if is_own:
        _add_for_owner(shown, account, doc)
    return shown


def _for_everybody(stored: Map, doc: Map) -> Account:
    get = doc.get
    nickname: str = stored["nickname"]
    host = stored.get("host")
    uri: str = stored.get("foreign_uri") or f"{settings.base_url}/users/{nickname}"
    avatar = absolute(get("avatar") or DEFAULT_AVATAR)
    header = absolute(get("header") or DEFAULT_HEADER)
    fields = get("fields") or ()
    pleroma = _pleroma(stored, get, uri)
    remote = (get("remote") or {}) if host else {}
    followers_hidden = pleroma["hide_followers"] and pleroma["hide_followers_count"]
    follows_hidden = pleroma["hide_follows"] and pleroma["hide_follows_count"]
    return {
        "id": stored["id"],
        "username": nickname.partition("@")[0],
        "acct": nickname,
        "display_name": get("display_name") or nickname.partition("@")[0],
        "locked": bool(stored.get("locked")),
        "created_at": _created_at(stored["id"]) if not host else account_created_at(stored["id"], get("published")),
        "followers_count": 0 if followers_hidden else _more(stored["followers_count"], remote.get("followers")),
        "following_count": 0 if follows_hidden else _more(stored["following_count"], remote.get("following")),
        "statuses_count": _more(stored["statuses_count"], remote.get("statuses")),
        "note": get("note_html") or "",
        "url": (get("url") or uri) if host else uri,
        "avatar": avatar,
        "avatar_static": avatar,
        "header": header,
        "header_static": header,
        "emojis": render_used(get("emojis")),
        "fields": [{"name": name, "value": html, "verified_at": None} for name, _, html in fields],
        "bot": stored["actor_type"] in BOTS,
        "source": render_source(get, stored["actor_type"], fields),
        "pleroma": pleroma,
        "uri": uri,
        "fqn": nickname if host else f"{nickname}@{settings.host}",
        "group": stored["actor_type"] == "Group",
        "discoverable": bool(get("discoverable")),
        "indexable": bool(get("indexable")),
        "noindex": not get("indexable"),
        "hide_collections": hides_collections(doc),
        "last_status_at": stored.get("last_status_at"),
        "roles": [],
        "avatar_description": pleroma["avatar_description"],
        "header_description": pleroma["header_description"],
        "attribution_domains": get("attribution_domains") or [],
        "show_media": get("show_media", True),
        "show_media_replies": get("show_media_replies", True),
        "show_featured": get("show_featured", True),
        "feature_approval": {"automatic": [], "manual": [], "current_user": "denied"},
        "akkoma": render_akkoma(get, host),
    }


def _add_states(shown: Account, stored: Map, doc: Map) -> None:
    """What is told only of accounts of which it is true."""
    if stored.get("deactivated") or doc.get("suspended"):
        shown["suspended"] = True
    if LIMITED in (stored.get("tags") or ()):
        shown["limited"] = True
    if doc.get("memorial"):
        shown["memorial"] = True


def account_created_at(id: str, published: float | None) -> str:
    """When an account of another server was made, if its server tells, else when it came here."""
    return _created_at(id) if published is None else iso(published)


def _more(here: Any, told: int | None) -> int:
    """What is counted here, or what its own server told, if that is more."""
    return int(here) if told is None else max(int(here), told)


def _pleroma(stored: Map, get: Callable[..., Any], uri: str) -> AccountPleroma:
    """What Pleroma adds for everybody. `get`: of the account's document."""
    background = get("background")
    return {
        "ap_id": uri,
        "also_known_as": get("also_known_as") or [],
        "confirmation_pending": bool(stored.get("confirmation_pending")),
        "tags": stored.get("tags") or [],
        "hide_followers": bool(get("hide_followers")),
        "hide_follows": bool(get("hide_follows")),
        "hide_followers_count": bool(get("hide_followers_count")),
        "hide_follows_count": bool(get("hide_follows_count")),
        "hide_favorites": get("hide_favorites", True),
        "skip_thread_containment": bool(get("skip_thread_containment")),
        "relationship": {},
        "background_image": absolute(background) if background else None,
        "accepts_chat_messages": get("accepts_chat_messages", True if stored.get("host") is None else None),
        "favicon": None,
        "is_confirmed": not stored.get("confirmation_pending"),
        "is_suggested": bool(stored.get("suggested")),
        "is_active": not stored.get("deactivated"),
        "birthday": get("birthday") if get("show_birthday") else None,
        "avatar_description": get("avatar_description") or "",
        "header_description": get("header_description") or "",
    }


def _add_for_owner(shown: Account, account: Record, doc: Map) -> None:
    """What only the owner sees, without the counts that take a query each: hidden numbers, settings."""
    pleroma = shown["pleroma"]
    shown["followers_count"] = int(account.followers_count)
    shown["following_count"] = int(account.following_count)
    add_for_owner(shown["source"], doc)
    shown["role"] = render_role(account.attribute_values)
    pleroma["privileges"] = render_privileges(account.attribute_values)
    pleroma["birthday"] = doc.get("birthday")
    pleroma["notification_settings"] = render_notification_settings(account)
    pleroma["allow_following_move"] = doc.get("allow_following_move", True)


def render_notification_settings(account: Record) -> NotificationSettings:
    """All seven names. Two of them are the same switch."""
    wants = {**DEFAULTS, **(account.notification_settings or {})}
    return {
        "block_from_strangers": wants["block_from_strangers"],
        "hide_notification_contents": wants["hide_notification_contents"],
        "privacy_option": wants["hide_notification_contents"],
        "followers": wants["followers"], "follows": wants["follows"],
        "remote": wants["remote"], "local": wants["local"],
    }


_created_at = lru_cache(maxsize=4096)(created_at)


def absolute(path: str) -> str:
    return settings.base_url + path if path.startswith("/") else path


def _chat_token(account_id: str) -> str:
    """Opaque, and not used yet: the chat socket that it would open is not served."""
    return hmac.digest(settings.secret_key.encode(), f"chat {account_id}".encode(), "sha256").hex()
