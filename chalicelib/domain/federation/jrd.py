"""Descriptions of resources, as webfinger and host-meta give them: JRD (JSON) or XRD (XML)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ... import outside
from . import foreign_json
from .fetching import is_document_type

MOST_LINKS = 100
XRD = "{http://docs.oasis-open.org/ns/xri/xrd-1.0}"
_ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True)
class Described:
    """`links`: each by its attributes, as far as they are texts."""

    subject: str | None
    links: tuple[Mapping[str, str], ...]

    def self_link(self) -> str | None:
        """The address of the actor: the first that may be asked."""
        return next((link["href"] for link in self.links if link.get("rel") == "self"
                     and is_document_type(link.get("type", "")) and outside.allows(link.get("href", ""))), None)

    def template(self, rel: str = "lrdd") -> str | None:
        """Where to ask for a resource, or do with it what `rel` says, `{uri}` standing for it."""
        return next((link["template"] for link in self.links if link.get("rel") == rel
                     and "{uri}" in link.get("template", "")), None)


def read(body: bytes) -> Described | None:
    """What a body describes. None if it is neither JRD nor XRD."""
    return _of_xrd(body) if body.lstrip()[:1] == b"<" else _of_jrd(body)


def _of_jrd(body: bytes) -> Described | None:
    try:
        found = foreign_json.read(body)
    except foreign_json.NotADocument:
        return None
    links = found.get("links")
    return _described(found.get("subject"), links if isinstance(links, list) else [])


def _of_xrd(body: bytes) -> Described | None:
    """XML with entities of its own is not read: they may grow without end."""
    from xml.etree import ElementTree  # few servers need it

    if _ENTITIES.search(body) or b"\x00" in body:
        return None
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    links = [dict(each.attrib) for each in root.iter() if each.tag in (f"{XRD}Link", "Link")]
    subject = next((each.text for each in root.iter() if each.tag in (f"{XRD}Subject", "Subject")), None)
    return _described(subject, links)


def _described(subject: Any, links: list[Any]) -> Described:
    known = [{name: value for name, value in link.items() if isinstance(value, str)}
             for link in links[:MOST_LINKS] if isinstance(link, dict)]
    return Described(subject if isinstance(subject, str) else None, tuple(known))
