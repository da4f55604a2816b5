"""Documents of other servers: fetched in the name of the server, and only taken for what their own server may say.

    actor = fetching.document("https://far.example/users/bob")      raises NotFetched

Every such request is signed by the server actor, and says nothing of who wants to know.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urljoin

from ... import outside
from ...outside import Fetched, Signer
from ...settings import settings
from .. import host_policies, hosts, vault
from . import addresses, foreign_json, keys, sending, server_actor
from .signatures import AS_DOCUMENT

SECONDS = outside.MOST_SECONDS
SIGNER_SECONDS = 60.0
"""How long the opened key of the server actor is kept, so that a walk of many documents reads it once."""
PROFILE = "https://www.w3.org/ns/activitystreams"
TOO_MANY = 429
LATER = frozenset({408, 425, TOO_MANY, 503})
MOST_HTML = 100_000
_LINK = re.compile(r"<link((?: [a-z]+=\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r" ([a-z]+)=\"([^\"]*)\"")
_PARAMETER = re.compile(r';\s*profile\s*=\s*(?:"([^"]*)"|([^\s;"]+))', re.IGNORECASE)

_kept: list[tuple[float, Signer]] = []


class NotFetched(Exception):
    """There is no document that can be trusted. The text says why, in a few words.

    NotFetched
    ├── Missing      the server says that it is not there
    ├── Denied       the server does not give it to us
    ├── Unanswered   the server does not answer now; it may later
    └── Untrusted    what is there is not what was asked for, or may not be asked for
    """


class Missing(NotFetched):
    """`gone`: it was there before, and will not come back."""

    def __init__(self, reason: str = "not found", *, gone: bool = False) -> None:
        self.gone = gone
        super().__init__(reason)


class Denied(NotFetched):
    """It is not given to us."""


class Unanswered(NotFetched):
    """It may be there: asking later may help."""


class Untrusted(NotFetched):
    """Whoever serves it may not say this, or may not be asked."""


def forget() -> None:
    """Drop what this process remembers."""
    _kept.clear()


def document(url: str, *, seconds: float = SECONDS, from_page: bool = False) -> dict[str, Any]:
    """The document whose `id` is this address, or which this address leads to. Raises NotFetched.

    It was given under the address that it names as its own. If that is not where the address led, it was fetched once
    more from there. `from_page`: a web page at the address may link to the document, as people enter pages' addresses.
    """
    deadline = time.monotonic() + seconds
    fetched = get(urldefrag(url).url, AS_DOCUMENT, signed=True, seconds=seconds)
    if from_page and not _is_document(fetched):
        fetched = get(_linked(fetched), AS_DOCUMENT, signed=True, seconds=deadline - time.monotonic())
    found, id = _read(fetched)
    if id != fetched.url:
        fetched = get(id, AS_DOCUMENT, signed=True, seconds=deadline - time.monotonic())
        found, again = _read(fetched)
        if again != id or fetched.url != id:
            raise Untrusted("the document names another address as its own")
    return found


def get(url: str, accept: str, *, signed: bool = False, most_bytes: int = outside.MOST_BYTES,
        seconds: float = SECONDS) -> Fetched:
    """A reply of another server with status 2xx. Raises NotFetched for everything else.

    A server that was asked too much, or names a time when it may be asked again, is left alone until then.
    """
    if not settings.federating:
        raise Denied("this server does not federate")
    _demand_accepted(url)
    if seconds <= 0:
        raise Unanswered("no time is left")
    signer = _signer() if signed else None
    try:
        with hosts.asking(url) as turn:
            fetched = outside.document(url, accept, signer=signer, most_bytes=most_bytes, seconds=seconds)
            if fetched.status == TOO_MANY or (fetched.status in LATER and sending.retry_after(fetched)):
                turn.put_off(sending.retry_after(fetched))
    except hosts.NotNow as fault:
        raise Unanswered("the server did not answer lately") from fault
    except outside.Silent as fault:
        raise Unanswered(str(fault)) from fault
    except outside.Unreachable as fault:
        raise Untrusted(str(fault)) from fault
    _demand_accepted(fetched.url)
    _check_status(fetched.status)
    return fetched


def _demand_accepted(url: str) -> None:
    if host_policies.is_rejected(addresses.host_of(url)):
        raise Denied("the host is rejected")


def _check_status(status: int) -> None:
    if status in (404, 410):
        raise Missing(gone=status == 410)
    if status in LATER or status >= 500:
        raise Unanswered(f"the server answered {status}")
    if 400 <= status < 500:
        raise Denied(f"the server answered {status}")
    if not 200 <= status < 300:
        raise Untrusted(f"the server answered {status}")


def _signer() -> Signer:
    """What signs by the server actor. It is kept for a moment."""
    now = time.monotonic()
    if not _kept or _kept[0][0] <= now:
        try:
            _kept[:] = [(now + SIGNER_SECONDS, keys.signer_for(server_actor.account()))]
        except vault.NoKey:
            raise Denied("this server has no encryption key, so it cannot sign") from None
    return _kept[0][1]


def _read(fetched: Fetched) -> tuple[dict[str, Any], str]:
    """The document, and the address that it names as its own. The server that gave it must be that of this address."""
    if not _is_document(fetched):
        raise Untrusted("not a document of ActivityPub")
    try:
        found = foreign_json.read(fetched.body)
    except foreign_json.NotADocument:
        raise Untrusted("malformed document") from None
    id = found.get("id")
    if not isinstance(id, str) or not addresses.is_foreign(id) or not addresses.are_of_one_host(id, fetched.url):
        raise Untrusted("the document has no id of its server")
    return found, id


def _is_document(fetched: Fetched) -> bool:
    return is_document_type(fetched.headers.get("content-type", ""))


def is_document_type(content_type: str) -> bool:
    """Whether a Content-Type is that of ActivityPub. Plain JSON is not: it may be what somebody uploaded."""
    kind = content_type.partition(";")[0].strip().lower()
    profiles = " ".join(quoted or bare for quoted, bare in _PARAMETER.findall(content_type)).split()
    return kind == "application/activity+json" or (kind == "application/ld+json" and PROFILE in profiles)


def _linked(page: Fetched) -> str:
    """The document that a web page names as its other form, at the same host. Raises Untrusted."""
    if page.content_type not in ("text/html", "application/xhtml+xml"):
        raise Untrusted("not a document of ActivityPub")
    for link in _links(page.body[:MOST_HTML].decode("utf-8", "replace")):
        href = link.get("href", "").strip()
        if href and "alternate" in link.get("rel", "").lower().split() and is_document_type(link.get("type", "")):
            try:
                there = urljoin(page.url, href)
            except ValueError:
                continue
            if addresses.are_of_one_host(there, page.url):
                return there
    raise Untrusted("the page links to no document")


def _links(html: str) -> list[Mapping[str, str]]:
    """The `link` elements of a page, by attributes. The page is parsed as browsers do, and written down in one way."""
    import nh3

    written = nh3.clean(html, tags={"link"}, attributes={"link": {"rel", "type", "href"}}, link_rel=None)
    return [{name: unescape(value) for name, value in _ATTRIBUTE.findall(link[1])} for link in _LINK.finditer(written)]
