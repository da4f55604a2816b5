"""An account of another server, as the document of its actor tells of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from ....settings import settings
from ... import text
from ...text import foreign
from ...text.normalising import normalise
from .. import addresses
from . import values
from .values import Document, Unreadable

TYPES = ("Person", "Service", "Application", "Group", "Organization")
BOTS = frozenset({"Service", "Application"})
MOST_FIELDS = 20
LONGEST_FIELD = 2_047
MOST_KNOWN_AS = 256
MOST_DOMAINS = 100
LONGEST_DOMAIN = 253
LONGEST_DESCRIPTION = 1_500
_NAME = re.compile(r"[A-Za-z0-9_.~-]{1,200}")


@dataclass(frozen=True)
class PublicKey:
    """The key that the account signs with. `pem` is as it was written, and not checked yet."""

    id: str
    pem: str


@dataclass(frozen=True)
class ForeignAccount:
    """What is kept of an actor. `username` has no host; the nickname here is `username@domain`.

    `domain`: the host of `uri`, until webfinger has proved another one (`at`).
    """

    uri: str
    username: str
    actor_type: str
    inbox: str
    url: str
    domain: str
    display_name: str = ""
    note_html: str = ""
    shared_inbox: str | None = None
    followers: str | None = None
    following: str | None = None
    outbox: str | None = None
    featured: str | None = None
    key: PublicKey | None = None
    avatar: str | None = None
    header: str | None = None
    fields: Sequence[tuple[str, str]] = ()
    """Names and values. The values are HTML."""
    emojis: Mapping[str, str] = field(default_factory=dict)
    locked: bool = False
    discoverable: bool = False
    indexable: bool = False
    memorial: bool = False
    suspended: bool = False
    attribution_domains: Sequence[str] = ()
    avatar_description: str = ""
    header_description: str = ""
    birthday: str | None = None
    accepts_chat_messages: bool | None = None
    also_known_as: Sequence[str] = ()
    moved_to: str | None = None
    published: float | None = None
    webfinger: str | None = None
    """The name that the actor says to have. It is a hint, and proves nothing."""

    @property
    def host(self) -> str:
        return addresses.host_of(self.uri) or ""

    @property
    def nickname(self) -> str:
        return f"{self.username}@{self.domain}"

    def at(self, domain: str, username: str | None = None) -> Self:
        """The account under the name that webfinger has proved."""
        return replace(self, domain=domain, username=username or self.username)


def read_account(document: object, *, key_id: str | None = None) -> ForeignAccount:
    """The account of an actor's document. `key_id`: which key is wanted, if there are several. Raises Unreadable.

    Whether the document may be trusted, has been seen to by whoever fetched it.
    """
    actor = values.demand_document(document)
    uri = actor.get("id")
    if not isinstance(uri, str) or not addresses.is_foreign(uri):
        raise Unreadable("no usable id")
    actor_type = values.kind(actor, TYPES)
    if actor_type is None:
        raise Unreadable("not an account")
    inbox = values.of_same_host(actor.get("inbox"), uri)
    if inbox is None:
        raise Unreadable("no usable inbox")
    tags = values.maps(actor.get("tag"))
    username = _username(actor)
    return ForeignAccount(
        uri, username, actor_type, inbox,
        url=values.page_of(actor.get("url")) or uri,
        domain=addresses.host_of(uri) or "",
        display_name=_display_name(actor) or username,
        note_html=foreign.shortened(foreign.clean(values.text_in(actor, "summary"), base=uri),
                                    settings.user_bio_length),
        shared_inbox=_shared_inbox(actor, uri),
        followers=values.of_same_host(actor.get("followers"), uri),
        following=values.of_same_host(actor.get("following"), uri),
        outbox=values.of_same_host(actor.get("outbox"), uri),
        featured=values.of_same_host(actor.get("featured"), uri),
        key=_key(actor, key_id),
        avatar=values.picture_of(actor.get("icon")), header=values.picture_of(actor.get("image")),
        fields=_fields(actor), emojis=values.emojis_in(tags),
        locked=values.flag(actor.get("manuallyApprovesFollowers")),
        discoverable=values.flag(actor.get("discoverable", actor.get("toot:discoverable"))),
        indexable=values.flag(actor.get("indexable", actor.get("toot:indexable"))),
        memorial=values.flag(actor.get("memorial", actor.get("toot:memorial"))),
        suspended=values.flag(actor.get("suspended", actor.get("toot:suspended"))),
        attribution_domains=_attribution_domains(actor),
        avatar_description=_description(actor.get("icon")), header_description=_description(actor.get("image")),
        birthday=_birthday(actor), accepts_chat_messages=_accepts_chat_messages(actor),
        also_known_as=[each for each in values.ids_of(actor.get("alsoKnownAs")) if values.is_link(each)
                       ][:MOST_KNOWN_AS],
        moved_to=_moved_to(actor), published=values.moment(actor.get("published")),
        webfinger=values.text(actor.get("webfinger")) or None,
    )


def _username(actor: Document) -> str:
    name = normalise("NFC", values.text(actor.get("preferredUsername")))
    if not _NAME.fullmatch(name):
        raise Unreadable("no usable name")
    return name


def _display_name(actor: Document) -> str:
    name = " ".join(foreign.plain(values.text_in(actor, "name")).split())
    return "" if text.is_blank(name) else name[:settings.user_name_length]


def _shared_inbox(actor: Document, uri: str) -> str | None:
    endpoints = actor.get("endpoints")
    named = endpoints.get("sharedInbox") if isinstance(endpoints, Mapping) else None
    return values.of_same_host(named or actor.get("sharedInbox"), uri)


def _key(actor: Document, wanted: str | None) -> PublicKey | None:
    keys = [PublicKey(each["id"], each["publicKeyPem"]) for each in values.maps(actor.get("publicKey"))
            if isinstance(each.get("id"), str) and isinstance(each.get("publicKeyPem"), str)
            and each.get("owner", actor["id"]) == actor["id"]]
    return next((each for each in keys if each.id == wanted), keys[0] if keys else None)


def _fields(actor: Document) -> list[tuple[str, str]]:
    found = []
    for each in values.maps(actor.get("attachment")):
        name, value = each.get("name"), each.get("value")
        if "PropertyValue" in values.as_list(each.get("type")) and isinstance(name, str) and isinstance(value, str):
            html = foreign.shortened(foreign.links_only(values.clean(value)), LONGEST_FIELD)
            found.append((foreign.plain(values.clean(name))[:LONGEST_FIELD], html))
    return found[:MOST_FIELDS]


def _accepts_chat_messages(actor: Document) -> bool | None:
    capabilities = actor.get("capabilities")
    said = capabilities.get("acceptsChatMessages") if isinstance(capabilities, Mapping) else None
    return None if said is None else values.flag(said)


def _attribution_domains(actor: Document) -> list[str]:
    said = values.as_list(actor.get("attributionDomains", actor.get("toot:attributionDomains")))
    return [each.casefold()[:LONGEST_DOMAIN] for each in said if isinstance(each, str)][:MOST_DOMAINS]


def _description(pictures: object) -> str:
    """What the first of the pictures shows, as its server says."""
    first = next(iter(values.maps(pictures)), {})
    said = values.text(first.get("name")) or values.text(first.get("summary"))
    return foreign.plain(values.clean(said))[:LONGEST_DESCRIPTION]


def _birthday(actor: Document) -> str | None:
    said = values.text(actor.get("vcard:bday"))
    try:
        return date.fromisoformat(said[:10]).isoformat() if said else None
    except ValueError:
        return None


def _moved_to(actor: Document) -> str | None:
    target = values.id_of(actor.get("movedTo"))
    return target if target is not None and values.is_link(target) else None
