"""Accounts: one partition each, whose items are the profile, the secrets, and what the account hides or prefers.

The profile `P` is what gets rendered. Secrets are in `S`, so that rendering cannot leak what it never loads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection

from ...ids import created_at, iso
from ...settings import settings
from ..dynamo import ahead, walking
from ..dynamo.attributes import (
    BooleanAttribute,
    Document,
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from ..dynamo.keys import Item, Key, key
from ..dynamo.table import FoundRecords, Record, Table, fetch, named
from ..dynamo.walking import Walked
from .claims import Claim, nickname_claim

EMPTY: frozenset[str] = frozenset()


class Directory(GlobalSecondaryIndex["Account"]):
    """Lists the accounts of a standing by nickname, for administrators. Accounts without a standing are not listed.

    Those that an older version made have only the first letter of their standing, until they are counted again.
    """

    class Meta:
        index_name = "directory"
        projection = IncludeProjection([
            "nick_find", "display_lc", "tags", "actor_type", "deactivated", "approval_pending",
            "confirmation_pending", "is_admin", "is_moderator",
        ])

    standing = UnicodeAttribute(hash_key=True, attr_name="dir")
    nickname_lower = UnicodeAttribute(range_key=True, attr_name="nick_lc")


class Listed(GlobalSecondaryIndex["Account"]):
    """Lists the accounts that want to be found, by the day of their latest status, for everybody."""

    class Meta:
        index_name = "listed"
        projection = KeysOnlyProjection()

    listed = UnicodeAttribute(hash_key=True, attr_name="ls")
    last_status_at = UnicodeAttribute(range_key=True, attr_name="last_at")


class Part(Record):
    """One item of an account's partition."""

    class Meta(Table):
        table_name = named("accounts")

    id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)


class Account(Part):
    """The profile, part `P`.

    Asked: by id (batch get, with the token) · the accounts of a standing, by nickname (directory) · those that
    want to be found, by the day of their latest status (listed).
    What its standing is made of is written by `standings` only.
    """

    class Meta(Table):
        table_name = named("accounts")

    ABSENT = {
        "foreign_followers_count": 0,
        "followers_count": 0, "following_count": 0, "statuses_count": 0, "token_generation": 0, "viewer_shards": 0,
        "deactivated": False, "approval_pending": False, "confirmation_pending": False, "reset_pending": False,
        "deleted": False, "is_admin": False, "is_moderator": False, "suggested": False, "locked": False,
        "has_push": False, "was_asked": False, "failures": 0,
        "actor_type": "Person", "endorsed": EMPTY,
    }
    nickname = UnicodeAttribute(attr_name="nick")
    nickname_lower = UnicodeAttribute(attr_name="nick_lc")
    nickname_find = UnicodeAttribute(attr_name="nick_find", null=True)
    standing = UnicodeAttribute(attr_name="dir", null=True)
    listed = UnicodeAttribute(attr_name="ls", null=True)
    """It wants to be found, so the directory for everybody lists it: `L` as an account of this server, `R` of another.
    """
    last_status_at = UnicodeAttribute(attr_name="last_at", null=True)
    """The day of the latest status that is open to everybody."""
    endorsed = UnicodeSetAttribute(attr_name="en", null=True)
    """Whom it recommends. It counts only for those whom it follows."""
    host = UnicodeAttribute(null=True)
    """The host of an account of another server, with the port where it has one of its own. None: it is ours."""
    foreign_uri = UnicodeAttribute(attr_name="uri", null=True)
    inbox = UnicodeAttribute(null=True)
    shared_inbox = UnicodeAttribute(attr_name="shared", null=True)
    seen = NumberAttribute(null=True)
    """When the account was asked for last where it belongs."""
    failures = NumberAttribute(attr_name="miss", null=True)
    """How often it could not be had since."""
    missing_since = NumberAttribute(attr_name="miss_at", null=True)
    display_lower = UnicodeAttribute(attr_name="display_lc", null=True)
    deactivated = BooleanAttribute(null=True)
    approval_pending = BooleanAttribute(null=True)
    confirmation_pending = BooleanAttribute(null=True)
    reset_pending = BooleanAttribute(null=True)
    deleted = BooleanAttribute(null=True)
    is_admin = BooleanAttribute(null=True)
    is_moderator = BooleanAttribute(null=True)
    locked = BooleanAttribute(null=True)
    has_push = BooleanAttribute(null=True)
    was_asked = BooleanAttribute(attr_name="asked", null=True)
    """Somebody has asked to follow before, so there may be requests to count."""
    actor_type = UnicodeAttribute(null=True)
    tags: ListAttribute = ListAttribute(null=True)
    suggested = BooleanAttribute(null=True)
    """Administrators want it to be suggested to everybody."""
    pins: ListAttribute = ListAttribute(null=True)
    pinned_at = Document(attr_name="pins_at", null=True)
    """When each of them was pinned, in seconds since 1970, as far as that is known."""
    followers_count = NumberAttribute(attr_name="followers_n", null=True)
    foreign_followers_count = NumberAttribute(attr_name="rfol_n", null=True)
    """How many of the followers are of other servers: whether anything is to be delivered."""
    following_count = NumberAttribute(attr_name="following_n", null=True)
    statuses_count = NumberAttribute(attr_name="statuses_n", null=True)
    token_generation = NumberAttribute(attr_name="token_gen", null=True)
    viewer_shards = NumberAttribute(attr_name="xt", null=True)
    notification_settings = Document(attr_name="notif", null=True)
    version = NumberAttribute(attr_name="ver", null=True)
    doc = Document(null=True)
    by_directory = Directory()
    by_listing = Listed()

    @property
    def acct(self) -> str:
        return self.nickname

    @property
    def username(self) -> str:
        return self.nickname.partition("@")[0]

    @property
    def profile(self) -> dict[str, Any]:
        """What only rendering needs: display_name, note, note_html, fields, images, emojis, switches."""
        return self.doc or {}

    @property
    def uri(self) -> str:
        """By which other servers know the account."""
        return self.foreign_uri or f"{settings.base_url}/users/{self.nickname}"

    @property
    def url(self) -> str:
        """The page for people."""
        return str(self.profile.get("url") or self.foreign_uri) if self.host else self.uri

    @property
    def created_at(self) -> str:
        published = self.profile.get("published") if self.host else None
        return created_at(self.id) if published is None else iso(published)

    @property
    def status(self) -> str:
        """`active`, or the first reason why not: deactivated, or waiting for a reset, an approval or a confirmation."""
        if self.deactivated or self.deleted:
            return "deactivated"
        if self.reset_pending:
            return "password_reset_pending"
        if self.approval_pending:
            return "approval_pending"
        if self.confirmation_pending and settings.account_activation_required:
            return "confirmation_pending"
        return "active"


class Secret(Part):
    """What only its owner may see, part `S`: password hash, e-mail address, MFA. Loaded to sign in, never to render."""

    class Meta(Table):
        table_name = named("accounts")

    email = UnicodeAttribute(null=True)
    email_lower = UnicodeAttribute(attr_name="email_lc", null=True)
    password_hash = UnicodeAttribute(attr_name="pw_hash", null=True)
    mfa: MapAttribute[Any, Any] = MapAttribute(null=True)
    backup_hashes = UnicodeSetAttribute(attr_name="backup", null=True)
    confirm_token = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    version = NumberAttribute(attr_name="ver", null=True)


class State(Part):
    """How far the account has read, part `U`: the notification watermark and the markers."""

    class Meta(Table):
        table_name = named("accounts")

    ABSENT = {"watermark": 0, "cleared": 0, "merging": EMPTY}
    watermark = NumberAttribute(attr_name="wm", null=True)
    cleared = NumberAttribute(null=True)
    home_marker = Document(attr_name="mk_home", null=True)
    notifications_marker = Document(attr_name="mk_notif", null=True)
    merging = UnicodeSetAttribute(null=True)
    """Accounts whose notifications were accepted and are not released yet."""


class ViewerSet(Part):
    """What an account does not want to see, part `X#0` (further shards would be `X#1` …).

    It is loaded with the token, so that filtering a page reads nothing. Sets change by ADD and DELETE, which need no
    version.
    """

    class Meta(Table):
        table_name = named("accounts")

    ABSENT = {
        "blocked": EMPTY, "muted": EMPTY, "notifications_muted": EMPTY, "reblogs_hidden": EMPTY, "muted_threads": EMPTY,
        "blocked_domains": EMPTY, "gone": EMPTY, "exclusive": EMPTY, "limited": EMPTY,
    }
    blocked = UnicodeSetAttribute(attr_name="bl", null=True)
    blocked_until: MapAttribute[Any, Any] = MapAttribute(attr_name="bx", null=True)
    muted = UnicodeSetAttribute(attr_name="mu", null=True)
    notifications_muted = UnicodeSetAttribute(attr_name="mn", null=True)
    reblogs_hidden = UnicodeSetAttribute(attr_name="hr", null=True)
    muted_until: MapAttribute[Any, Any] = MapAttribute(attr_name="mx", null=True)
    muted_threads = UnicodeSetAttribute(attr_name="th", null=True)
    muted_threads_until: MapAttribute[Any, Any] = MapAttribute(attr_name="tx", null=True)
    blocked_domains = UnicodeSetAttribute(attr_name="dm", null=True)
    gone = UnicodeSetAttribute(null=True)
    exclusive = UnicodeSetAttribute(attr_name="xl", null=True)
    """`list#account` for each member of a list that keeps its members from home."""
    limited = UnicodeSetAttribute(attr_name="ll", null=True)
    """Accounts that are followed in some languages only. The follows say which; ends of some follows leave ids here."""
    filters = UnicodeAttribute(attr_name="flt", null=True)
    """The account's filters as one text, which a process takes apart once (`domain/timelines/filtering`)."""
    irreversible: ListAttribute = ListAttribute(attr_name="irr", null=True)
    """Phrases that are left out everywhere. They count where there is no text of filters."""


class Preferences(Part):
    """Part `F`: what frontends store with the account, its filters, and the domains it blocks, newest first."""

    class Meta(Table):
        table_name = named("accounts")

    settings_store = Document(null=True)
    frontend_profiles = Document(attr_name="profiles", null=True)
    mascot = Document(null=True)
    filters = Document(null=True)
    blocked_domains = Document(attr_name="domains", null=True)
    version = NumberAttribute(attr_name="ver", null=True)


PROFILE, SECRET, STATE, VIEWER_SET, PREFERENCES = "P", "S", "U", "X#0", "F"
LISTED, LISTED_FOREIGN = "L", "R"
"""What `listed` says of accounts of this server, and of others."""
PAGE_OF_HOST = 500
"""Items that are looked at in one call for those of one host: about a megabyte."""


def listing(host: str | None, doc: Mapping[str, Any]) -> str | None:
    """What `listed` is for an account with this document. None: it does not want to be found."""
    if not doc.get("discoverable"):
        return None
    return LISTED if host is None else LISTED_FOREIGN


def profile_key(account_id: str) -> Key:
    return key(Account, account_id, PROFILE)


def viewer_set_key(account_id: str) -> Key:
    return key(ViewerSet, account_id, VIEWER_SET)


def in_found(found: FoundRecords, account_id: str) -> Account | None:
    return found.get(Account, account_id, PROFILE)


def viewer_set_in(found: FoundRecords, account_id: str) -> ViewerSet:
    """The account's viewer set among what was fetched. An empty one when the account never hid anything."""
    return found.get(ViewerSet, account_id, VIEWER_SET) or ViewerSet.blank(account_id, VIEWER_SET)


def find(account_id: str) -> Account | None:
    return in_found(fetch(strong=[profile_key(account_id)]), account_id)


def find_with_hides(account_id: str) -> tuple[Account | None, ViewerSet]:
    """An account with what it does not want to see."""
    found = fetch(strong=[profile_key(account_id), viewer_set_key(account_id)])
    return in_found(found, account_id), viewer_set_in(found, account_id)


def find_many(account_ids: Iterable[str], *, strong: bool = False) -> dict[str, Account]:
    """The profiles that exist, by id, in one round."""
    keys = [profile_key(account_id) for account_id in account_ids]
    found = fetch(strong=keys) if strong else fetch(eventual=keys)
    return {account.id: account for account in found.all(Account)}


def secrets_of(account_ids: Iterable[str]) -> dict[str, Secret]:
    """What only the staff may see of these accounts, by id, in one round."""
    found = fetch(eventual=[key(Secret, account_id, SECRET) for account_id in account_ids])
    return {secret.id: secret for secret in found.all(Secret)}


def find_by_nicknames(nicknames: Iterable[str], *, also: Iterable[Key] = ()) -> tuple[dict[str, Account], FoundRecords]:
    """Accounts by case-folded nickname (in any letter case), in two rounds. The first round reads `also` too."""
    wanted = {nickname.casefold() for nickname in nicknames}
    first = fetch(strong=[*(nickname_claim(nickname) for nickname in wanted), *also])
    owners = {claim.key[2:]: claim.id for claim in first.all(Claim) if claim.key.startswith("n#")}
    if not owners:
        return {}, first
    by_id = find_many(owners.values(), strong=True)
    return {nickname: by_id[owner] for nickname, owner in owners.items() if owner in by_id}, first


def naming_keys(account_id: str | None, nickname: str) -> list[Key]:
    """The items that `find_by_id_or_nickname` reads first. They may be read ahead, with the token."""
    return [nickname_claim(nickname), *([profile_key(account_id)] if account_id else ())]


def find_by_id_or_nickname(account_id: str | None, nickname: str) -> Account | None:
    """The account with this id, else the one with this nickname. One round for an id, two for a nickname."""
    wanted = naming_keys(account_id, nickname)
    first = ahead.take(wanted)
    first = fetch(strong=wanted) if first is None else first
    account = in_found(first, account_id) if account_id else None
    claim = first.get(Claim, wanted[0].hash)
    return account or (find(claim.id) if claim is not None else None)


def find_by_nickname(nickname: str) -> Account | None:
    return find_by_nicknames([nickname])[0].get(nickname.casefold())


class WithSecret(NamedTuple):
    """An account, and what only its owner and the staff may see."""

    account: Account
    secret: Secret | None


def find_with_secrets(account_ids: Iterable[str]) -> list[WithSecret]:
    """Those of these accounts that exist, in the order given, as they are now. One round."""
    wanted = list(dict.fromkeys(account_ids))
    found = fetch(strong=[each for id in wanted for each in (profile_key(id), key(Secret, id, SECRET))])
    return [WithSecret(account, found.get(Secret, id, SECRET)) for id in wanted
            if (account := in_found(found, id)) is not None]


def find_all_named(names: Sequence[tuple[str | None, str]]) -> list[Account | None]:
    """For each id (if the name can be one) and nickname: the account with the id, else with the nickname.

    Two rounds; one if all were ids.
    """
    ids = [id for id, _ in names if id is not None]
    first = fetch(strong=[*(nickname_claim(nickname) for _, nickname in names), *map(profile_key, ids)])
    owners = {place: claim.id for place, (id, nickname) in enumerate(names)
              if not (id and in_found(first, id)) and (claim := first.get(Claim, nickname_claim(nickname).hash))}
    by_id = find_many(owners.values(), strong=True)
    return [by_id.get(owners[place]) if place in owners else in_found(first, id) if id else None
            for place, (id, _) in enumerate(names)]


def walk_host(host: str, after: Item | None) -> Walked[Account]:
    """A page of the profiles of one other server, for purging it. Most pages have none."""
    return walking.walk(Account, after, only={"part": PROFILE, "host": host}, page=PAGE_OF_HOST)


def walk(after: Item | None) -> Walked[Account]:
    """A page of all profiles, for `backfill`. `after`: where the page before ended."""
    return walking.walk(Account, after, only={"part": PROFILE})
