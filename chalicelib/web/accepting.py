"""What a caller accepts: which of several forms of a reply, and whether it may be compressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

PAGES = ("text/html", "application/xhtml+xml")
Form = Literal["activity", "json", "html", "atom", "rss"]
ACTIVITY = ("application/activity+json", "application/ld+json")
FORMS: dict[str, Form] = {ACTIVITY[0]: "activity", ACTIVITY[1]: "activity", "application/json": "json",
                          "application/atom+xml": "atom", "application/rss+xml": "rss"}
"""What is wanted by the best entry. Anything else wants a page."""


def preferred(header: str, offered: Sequence[str]) -> str | None:
    """The offered type that the header prefers. The first one if it does not care, None if it accepts none of them."""
    wanted = [_parsed(part) for part in header.split(",") if part.strip()]
    if not wanted:
        return offered[0]
    best, weight = None, 0.0
    for kind, quality in wanted:
        match = next((each for each in offered if _covers(kind, each)), None)
        if match is not None and quality > weight:
            best, weight = match, quality
    return best


def _parsed(part: str) -> tuple[str, float]:
    kind, *parameters = (each.strip().lower() for each in part.split(";"))
    quality = next((each.removeprefix("q=") for each in parameters if each.startswith("q=")), "1")
    try:
        return kind, min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return kind, 1.0


def _covers(kind: str, offered: str) -> bool:
    return kind in ("*/*", offered) or (kind.endswith("/*") and offered.startswith(kind.removesuffix("*")))


def wants_page(header: str) -> bool:
    """Whether a browser asks: HTML is what the header likes best, and named."""
    return _best(header) in PAGES


def _best(header: str) -> str:
    """What the header likes best, the first of several. Empty: it says nothing."""
    best, weight = "", 0.0
    for kind, quality in (_parsed(part) for part in header.split(",") if part.strip()):
        if quality > weight:
            best, weight = kind, quality
    return best


def form_wanted(header: str) -> Form:
    """Of the forms that a page, an actor or an object has: which one the header likes best, the first of several.

    Only the type counts, not what it has besides a weight: `profile` is quoted or not, and may hold several addresses.
    The CDN asks the same, because the form is part of the key of what it keeps (`infra/deploy/before_the_api.js`).
    """
    return FORMS.get(_best(header), "html")


def accepts_gzip(headers: Mapping[str, str]) -> bool:
    """Whether the client takes a compressed reply. The CDN says so itself: it may change `Accept-Encoding`."""
    if headers.get("x-kenoma-gzip") == "1":
        return True
    wanted = dict(_parsed(part) for part in headers.get("accept-encoding", "").split(",") if part.strip())
    return wanted.get("gzip", wanted.get("*", 0.0)) > 0
