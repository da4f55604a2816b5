"""Pages of lists for who is signed in: the ways to their other parts."""

from __future__ import annotations

from urllib.parse import quote

from ..domain.timelines.browsing import SHOWN


def ways_on(path: str, newer: str | None, older: str | None) -> dict[str, str]:
    """The addresses of the parts before and after. Empty: there is none."""
    return {"newer": f"{path}?min_id={quote(newer, safe='')}" if newer else "",
            "older": f"{path}?max_id={quote(older, safe='')}" if older else ""}


def search_ways(path: str, query: str, skipped: int, *, is_full: bool) -> dict[str, str]:
    """The same for a search, which counts what it skips."""
    address = f"{path}?q={quote(query, safe='')}&offset="
    return {"newer": f"{address}{max(skipped - SHOWN, 0)}" if skipped else "",
            "older": f"{address}{skipped + SHOWN}" if is_full else ""}
