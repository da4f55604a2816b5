"""Finding one's way: the table of all routes, and where the code of a path is.

`make docs` writes `routes_markdown()` to `docs/routes.md`; `make where P=/api/v1/statuses/1/favourite` asks `where`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from . import endpoint
from .endpoint import Endpoint


def routes_markdown() -> str:
    """Every endpoint with its authorisation, limits, meaning and file, as a Markdown table."""
    head = ["# Routes", "", "Made by `make docs` from the declarations; do not edit.", "",
            "| method | path | who: scopes | limits | what it does | file |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *(_row(declared) for declared in _sorted()), ""])


def _sorted() -> list[Endpoint]:
    return sorted(endpoint.DECLARED, key=lambda each: (each.path, each.method))


def _row(declared: Endpoint) -> str:
    paths = ", ".join(f"`{path}`" for path in (declared.path, *declared.also))
    method = f"{declared.method}, HEAD" if declared.head else declared.method
    limits = ", ".join(dict.fromkeys(limit.name for limit in declared.limits))
    cells = (method, paths, declared.auth.words, limits, declared.summary, declared.place.rpartition(":")[0])
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def where(asked: str) -> list[str]:
    """`METHOD /path  file:line (function)` for each endpoint of a concrete path, a template or an address."""
    method, _, path = asked.strip().rpartition(" ")
    parts = _parts(urlsplit(path).path)
    fitting = [declared for declared in _sorted() if any(
        _fits(_parts(spelling), parts) for spelling in (declared.path, *declared.also))]
    most_fixed = max((_fixed(declared, parts) for declared in fitting), default=0)
    return [
        f"{declared.method} {declared.path}  {declared.place} ({declared.function.__name__})"
        for declared in fitting
        if _fixed(declared, parts) == most_fixed and method.upper() in ("", declared.method)
    ]


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _fits(template: list[str], parts: list[str]) -> bool:
    return len(template) == len(parts) and all(
        step == part or step.startswith("{") for step, part in zip(template, parts, strict=True))


def _fixed(declared: Endpoint, parts: list[str]) -> int:
    """How many segments match to the letter: a fixed word beats a parameter."""
    spellings = [_parts(spelling) for spelling in (declared.path, *declared.also)]
    return max(sum(step == part for step, part in zip(spelling, parts, strict=True))
               for spelling in spellings if _fits(spelling, parts))
