"""Asking other servers who is meant by `nick@domain`, and which name an actor has.

A name is proved by its own domain: that domain must say, when it is asked for the name, that it is this actor's. So an
actor at A cannot take a name at B, and B cannot give one to an actor without A's document agreeing.

    named = webfinger.find("bob", "far.example")        the actor's address and proved name; raises NotFetched
    name = webfinger.name_of(actor_document)            the name of an actor that was met without one
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ... import outside
from ...settings import settings
from ...store import ephemeral
from ..text.normalising import normalise
from . import addresses, fetching, jrd
from .fetching import Missing, NotFetched, Unanswered, Untrusted
from .jrd import Described

DESCRIPTOR = "application/jrd+json, application/json"
HOST_META = "application/xrd+xml, application/json"
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
MOST_BYTES = 100_000
SECONDS = 10.0
REMEMBERED, REMEMBERED_SECONDS = "w", 7 * 86_400
_NICKNAME = re.compile(r"[A-Za-z0-9_.~-]{1,200}")
_ENDS_A_HOST = re.compile(r"[/?#\\@]")
_SUBJECT = re.compile(r"(?:acct:)?@?([^@/\s]+)@([^@/\s]+)")


@dataclass(frozen=True)
class Handle:
    """`nickname@domain`. `is_proved`: the domain has confirmed it; else it could not be asked."""

    nickname: str
    domain: str
    is_proved: bool = True

    def __str__(self) -> str:
        return f"{self.nickname}@{self.domain}"

    @property
    def resource(self) -> str:
        return f"acct:{self.nickname}@{self.domain}"

    def is_same(self, other: Handle | None) -> bool:
        return other is not None and str(self).casefold() == str(other).casefold()


@dataclass(frozen=True)
class NamedActor:
    """An actor by name, with its document."""

    handle: Handle
    document: dict[str, Any]


def handle(nickname: str, domain: str) -> Handle:
    """The name, as it is compared. Raises Untrusted if no server can have it, or only this one."""
    host = addresses.host_of(f"https://{domain}")
    nickname = normalise("NFC", nickname)
    if host is None or not _NICKNAME.fullmatch(nickname) or _ENDS_A_HOST.search(domain):
        raise Untrusted("not a name")
    if host == addresses.host_of(settings.base_url) or not outside.allows(_base(host)):
        raise Untrusted("not a name at another server")
    return Handle(nickname, host)


def find(nickname: str, domain: str, *, seconds: float = SECONDS) -> NamedActor:
    """The actor that the domain says is called so. Raises NotFetched."""
    until = time.monotonic() + seconds
    asked = handle(nickname, domain)
    said = ask(asked, seconds=seconds)
    actor = fetching.document(said.actor, seconds=until - time.monotonic())
    own = _own_name(actor)
    subject = _parsed(said.subject)
    if addresses.host_of(actor["id"]) == asked.domain and own.is_same(asked) and (
            subject is None or subject.is_same(asked)):
        return NamedActor(own, actor)
    if subject is None or actor["id"] != said.actor:
        raise Missing("the name is that of another actor")
    if not subject.is_same(asked):
        _prove(subject, actor["id"], until - time.monotonic())
    return NamedActor(subject, actor)


def name_of(actor: Mapping[str, Any], *, seconds: float = SECONDS) -> Handle:
    """The name of an actor: what the host of its id says, or the domain that this names instead.

    The answer is remembered for seven days. If the host cannot be asked now, the name is that of the document at the
    host, not proved. Raises NotFetched if the actor has no name that counts.
    """
    wanted = f"{actor['id']} {actor.get('preferredUsername')} {actor.get('webfinger')}"
    known = ephemeral.find(REMEMBERED, wanted)
    if known is not None:
        return Handle(known["nickname"], known["domain"])
    own = _own_name(actor)
    try:
        proved = _hinted(actor, seconds) or _confirmed(own, actor["id"], seconds)
    except Unanswered:
        return Handle(own.nickname, own.domain, is_proved=False)
    ephemeral.keep(REMEMBERED, wanted, {"nickname": proved.nickname, "domain": proved.domain}, REMEMBERED_SECONDS)
    return proved


def _hinted(actor: Mapping[str, Any], seconds: float) -> Handle | None:
    """The name that the document itself says, if its domain confirms it."""
    hint = _parsed(actor.get("webfinger"))
    if hint is None:
        return None
    try:
        _prove(hint, actor["id"], seconds)
    except NotFetched:
        return None
    return hint


def _confirmed(own: Handle, actor_id: str, seconds: float) -> Handle:
    until = time.monotonic() + seconds
    said = ask(own, seconds=seconds)
    if said.actor != actor_id:
        raise Untrusted("the name is that of another actor")
    subject = _parsed(said.subject)
    if subject is None or subject.is_same(own):
        return own
    _prove(subject, actor_id, until - time.monotonic())
    return subject


def _prove(subject: Handle, actor_id: str, seconds: float) -> None:
    """The domain of a name must say that it is this actor's, and that it is the name. Raises NotFetched."""
    said = ask(subject, seconds=seconds)
    if said.actor != actor_id or not subject.is_same(_parsed(said.subject)):
        raise Untrusted("the domain does not confirm the name")


def _own_name(actor: Mapping[str, Any]) -> Handle:
    """The name that the document says, at the host of its id."""
    nickname = actor.get("preferredUsername")
    if not isinstance(nickname, str):
        raise Untrusted("the actor has no name")
    return handle(nickname, addresses.host_of(actor["id"]) or "")


def _parsed(subject: object) -> Handle | None:
    """The name in a subject. None if it has no host, or is none at another server: it counts as absent."""
    found = _SUBJECT.fullmatch(subject.strip()) if isinstance(subject, str) else None
    try:
        return handle(found[1], found[2]) if found is not None else None
    except Untrusted:
        return None


# One question.


@dataclass(frozen=True)
class Said:
    """What a domain says of a name: the actor's address, and the name as it has it."""

    actor: str
    subject: str | None


def ask(asked: Handle, *, seconds: float = SECONDS) -> Said:
    """What the domain says of the name. A domain without webfinger may say in host-meta where else to ask."""
    described = _description(asked, seconds)
    actor = described.self_link() if described is not None else None
    if described is None or actor is None:
        raise Missing("the domain does not know the name")
    return Said(actor, described.subject)


def subscribe_template(nickname: str, domain: str, *, seconds: float = SECONDS) -> str | None:
    """Where whoever has this name can follow others, `{uri}` standing for whom. None: their domain does not say.

    Raises NotFetched if the domain does not know the name.
    """
    described = _description(handle(nickname, domain), seconds)
    if described is None:
        raise Missing("the domain does not know the name")
    return described.template(SUBSCRIBE)


def _description(asked: Handle, seconds: float) -> Described | None:
    until = time.monotonic() + seconds
    address = f"{_base(asked.domain)}/.well-known/webfinger?resource={quote(asked.resource, safe=':@')}"
    described = _described(address, seconds)
    if described is None:
        described = _described(_template(asked, until - time.monotonic()), until - time.monotonic())
    return described


def _described(address: str, seconds: float) -> Described | None:
    """What is said there. None if nothing is, or nothing that can be read."""
    try:
        fetched = fetching.get(address, DESCRIPTOR, most_bytes=MOST_BYTES, seconds=seconds)
    except Missing:
        return None
    return jrd.read(fetched.body)


def _template(asked: Handle, seconds: float) -> str:
    """Where host-meta says that names are asked for."""
    fetched = fetching.get(f"{_base(asked.domain)}/.well-known/host-meta", HOST_META, most_bytes=MOST_BYTES,
                           seconds=seconds)
    described = jrd.read(fetched.body)
    template = described.template() if described is not None else None
    if template is None:
        raise Missing("the domain does not know the name")
    return template.replace("{uri}", quote(asked.resource, safe=""))


def _base(host: str) -> str:
    """The address of a host. On the local stage a host that is no name of the web speaks http."""
    name = host.partition(":")[0]
    is_here = settings.is_local and (host.startswith("[") or ":" in host or name == "localhost" or "." not in name)
    return f"{'http' if is_here else 'https'}://{host}"
