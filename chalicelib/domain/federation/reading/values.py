"""Values of a document: servers write one thing as a text, as a map or as a list. What has no known shape is absent."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from .. import addresses

CONTEXTS = frozenset({"https://www.w3.org/ns/activitystreams", "http://www.w3.org/ns/activitystreams"})
PUBLIC = frozenset({
    "https://www.w3.org/ns/activitystreams#Public", "http://www.w3.org/ns/activitystreams#Public", "as:Public",
    "Public",
})
"""The ways to write that something is for everybody."""
DEEPEST = 8
MOST_LISTED = 1_000
MOST_EMOJIS = 100
_SHORTCODE = re.compile(r"[A-Za-z0-9_.+-]{1,100}")
_FRACTION = re.compile(r"(?<=:\d\d)[.,]\d+")
Document = Mapping[str, Any]


class Unreadable(Exception):
    """The document cannot be taken. The text says why, in a few words."""


def demand_document(document: object) -> Document:
    """The document, if it is one of ActivityPub. Raises Unreadable."""
    if not isinstance(document, Mapping):
        raise Unreadable("no document")
    if not any(isinstance(each, str) and each in CONTEXTS for each in as_list(document.get("@context"))):
        raise Unreadable("not of ActivityStreams")
    return document


def as_list(value: object) -> list[Any]:
    """The members of a list, whether it was written as one or as a single member. Lists in it are made flat."""
    return list(_flat(value, DEEPEST))


def _flat(value: object, depth: int) -> Iterator[Any]:
    if isinstance(value, list):
        for each in value[:MOST_LISTED] if depth else ():
            yield from _flat(each, depth - 1)
    elif value is not None:
        yield value


def maps(value: object) -> list[Document]:
    """The members that are maps."""
    return [each for each in as_list(value) if isinstance(each, Mapping)]


def text(value: object) -> str:
    """A text, else an empty one."""
    return clean(value) if isinstance(value, str) else ""


def clean(value: str) -> str:
    """The text without what cannot be stored: NUL, and halves of characters."""
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def text_in(document: Document, name: str) -> str:
    """The text of this name, else the first of the texts by language."""
    if isinstance(document.get(name), str):
        return text(document[name])
    by_language = document.get(f"{name}Map")
    texts = by_language.values() if isinstance(by_language, Mapping) else ()
    return next((text(each) for each in texts if isinstance(each, str)), "")


def kind(document: Document, known: Container[str]) -> str | None:
    """The type of the document: the first one that is known."""
    return next((each for each in as_list(document.get("type")) if isinstance(each, str) and each in known), None)


def id_of(value: object) -> str | None:
    """The id that a value is, or has. Of a list, that of the first member."""
    first = next(iter(as_list(value)), None)
    found = first.get("id") if isinstance(first, Mapping) else first
    return found if isinstance(found, str) and found else None


def ids_of(value: object) -> list[str]:
    """All ids of a list, each once."""
    return list(dict.fromkeys(id for each in as_list(value) if (id := id_of(each)) is not None))


def link_of(value: object) -> str | None:
    """The address that a value is, or has as `href` or `url`, if it is one of a page or picture elsewhere."""
    found = value
    for _ in range(3):
        if not isinstance(found, Mapping):
            break
        found = found.get("href") or found.get("url")
        found = next(iter(as_list(found)), None)
    return found if isinstance(found, str) and is_link(found) else None


def is_link(address: str) -> bool:
    """Whether the address may be shown as a link to a page."""
    return addresses.host_of(address) is not None and len(address) <= addresses.LONGEST


def is_shown(address: str | None) -> bool:
    """Whether a browser may load a picture, film or sound from there: only by https, or on the local stage."""
    return address is not None and addresses.is_foreign(address, fragment=True)


def page_of(value: object) -> str | None:
    """The page for people: the address of `text/html`, else the first."""
    links = as_list(value)
    pages = [each for each in links if isinstance(each, Mapping) and media_type(each) == "text/html"]
    return next((link for each in [*pages, *links] if (link := link_of(each)) is not None), None)


def media_type(link: Document) -> str:
    """What kind of file it is, in lower case, without parameters."""
    found = link.get("mediaType") or link.get("mimeType")
    return found.partition(";")[0].strip().lower() if isinstance(found, str) and len(found) <= 200 else ""


def picture_of(value: object) -> str | None:
    """The address of a picture: of the first one, if there are several."""
    first = next(iter(as_list(value)), None)
    link = link_of(first)
    return link if is_shown(link) else None


def flag(value: object) -> bool:
    """Yes or no, which some servers write as a text or as a map."""
    if isinstance(value, Mapping):
        value = value.get("@value")
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def moment(value: object) -> float | None:
    """Seconds since 1970 of a date with time. One without a zone is of UTC."""
    if not isinstance(value, str) or len(value) > 64:
        return None
    try:
        found = datetime.fromisoformat(_FRACTION.sub(_micros, value.strip()))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _micros(match: re.Match[str]) -> str:
    return "." + match[0][1:7]


def number(value: object) -> int | None:
    """A number of things: not below zero, and not more than a client can read."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else None


def emojis_in(tags: Iterable[Document]) -> dict[str, str]:
    """The custom emoji of a document, as addresses of their pictures by shortcode."""
    found: dict[str, str] = {}
    for tag in tags:
        if "Emoji" not in as_list(tag.get("type")) or len(found) >= MOST_EMOJIS:
            continue
        shortcode = text(tag.get("name")).strip(":")
        picture = picture_of(tag.get("icon"))
        if picture is not None and _SHORTCODE.fullmatch(shortcode):
            found.setdefault(shortcode, picture)
    return found


def of_same_host(value: object, uri: str) -> str | None:
    """The id of a collection or inbox, if it is at the host of its owner."""
    found = id_of(value)
    if found is None or not addresses.is_foreign(found) or not addresses.are_of_one_host(found, uri):
        return None
    return found
