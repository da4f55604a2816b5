"""Documents of the instance: its panel beside the timelines, its terms of service, its privacy policy.

All have a built-in text, which `pages/templates/instance` has, until an administrator uploads another.
"""

from __future__ import annotations

from ...ids import iso
from ...settings import settings
from ...store.dynamo.failures import Full
from ...store.instance import documents as store
from ..refusals import NotFound, TooLarge

TERMS, PRIVACY = "terms-of-service", "privacy-policy"
PATHS = {"instance-panel": "/instance/panel.html", TERMS: "/static/terms-of-service.html",
         PRIVACY: "/static/privacy-policy.html"}
BUILT_IN_SINCE = "2026-11-30"
LONGEST = 300_000
"""Bytes. An item holds 400 KB, and signs that JSON escapes take more room there."""


def find(name: str) -> str | None:
    """The HTML that was uploaded; None: the built-in one counts. Raises NotFound if there is no such document."""
    _demand(name)
    return store.find(name)


def find_dated(name: str) -> tuple[str | None, str]:
    """The same, with the day of the upload, or of the built-in text."""
    found = store.find_dated(name)
    if found is None:
        return None, BUILT_IN_SINCE
    html, at = found
    return html, iso(at)[:len(BUILT_IN_SINCE)] if at else BUILT_IN_SINCE


def replace(name: str, data: bytes) -> str:
    """Replace a document by a file. Answers where it is shown. Bytes that are no UTF-8 become the sign for that."""
    _demand(name)
    html = data.decode("utf-8-sig", "replace")
    if len(html.encode()) > LONGEST:
        raise TooLarge
    try:
        store.put(name, html)
    except Full:
        raise TooLarge from None
    return address(name)


def restore(name: str) -> str:
    """Go back to the built-in document. Answers where it is shown. Raises NotFound if nothing was uploaded."""
    _demand(name)
    if not store.remove(name):
        raise NotFound("Not found")
    return address(name)


def address(name: str) -> str:
    return settings.base_url + PATHS[name]


def _demand(name: str) -> None:
    if name not in PATHS:
        raise NotFound("Not found")
