"""Documents of the instance that administrators have uploaded, each in an item of its own: `doc`/name.

An item is enough: they are texts of a few pages, and so a document is there or not there as a whole.
"""

from __future__ import annotations

import time

from ..dynamo.keys import key
from ..dynamo.table import fetch, update
from .counters import Fact

KIND = "doc"


def find(name: str) -> str | None:
    """The HTML of a document; None: nobody has uploaded it."""
    found = find_dated(name)
    return found[0] if found is not None else None


def find_dated(name: str) -> tuple[str, int] | None:
    """The same with the time of the upload in seconds. 0: it is older than that was kept."""
    found = fetch(strong=[key(Fact, KIND, name)]).get(Fact, KIND, name)
    return (str(found.doc["html"]), int(found.doc.get("at", 0))) if found is not None and found.doc else None


def put(name: str, html: str) -> None:
    """Replace a document, or the built-in one. Raises Full if it is too large for an item."""
    update(Fact.stub(KIND, name), [Fact.doc.set({"html": html, "at": int(time.time())})])


def remove(name: str) -> bool:
    """Take away what was uploaded. False: nothing was."""
    return update(Fact.stub(KIND, name), [Fact.doc.remove()], Fact.doc.exists())
