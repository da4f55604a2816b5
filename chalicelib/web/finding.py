"""Finding the code of a path: the table of all routes, where the code is, and where the naming rule says it is.

`make docs` writes `routes_markdown()` to `docs/routes.md`; `make where P=/api/v1/statuses/1/favourite` asks `where`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from . import endpoint
from .endpoint import Endpoint


def routes_markdown() -> str:
    """Every endpoint with its authorisation, limits, meaning and file, as a Markdown table."""
    head = ["# Routes", "", "Made by `make docs` from the declarations; do not edit.", "",
            "What is below `/api/pleroma/` is below `/api/v1/pleroma/` too, and the other way round: each path stands "
            "here once.", "",
            "| method | path | who: scopes | limits | what it does | file |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *(_row(declared) for declared in _sorted()), ""])


def _sorted() -> list[Endpoint]:
    return sorted(endpoint.DECLARED, key=lambda each: (each.path, each.method))


def _row(declared: Endpoint) -> str:
    paths = ", ".join(f"`{path}`" for path in declared.spellings)
    method = f"{declared.method}, HEAD" if declared.head else declared.method
    limits = ", ".join(dict.fromkeys(limit.name for limit in declared.limits))
    cells = (method, paths, declared.auth.words, limits, declared.summary, declared.place.rpartition(":")[0])
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def where(asked: str) -> list[str]:
    """`METHOD /path  file:line (function)` for each endpoint of a concrete path, a template or an address."""
    method, _, path = asked.strip().rpartition(" ")
    parts = _parts(urlsplit(path).path)
    fitting = [declared for declared in _sorted() if any(
        _fits(_parts(spelling), parts) for spelling in declared.paths)]
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
        step == part or step.startswith("{") or (step.startswith("@{") and part.startswith("@"))
        for step, part in zip(template, parts, strict=True))


def _fixed(declared: Endpoint, parts: list[str]) -> int:
    """How many segments match literally: a fixed word beats a parameter."""
    spellings = [_parts(spelling) for spelling in declared.paths]
    return max(sum(step == part for step, part in zip(spelling, parts, strict=True))
               for spelling in spellings if _fits(spelling, parts))


# The rule in `endpoints/__init__.py`, step by step.

DROPPED = frozenset({"api", "v1", "v2", "pleroma"})
FOLDERS = {"account": "members"}
"""Words that a path begins with, and the folder of each, where that has another name."""
ONLY_FOR_THEIR_OWN_PATHS = ("admin", "members")
OF_NAMES_ALONE = "federation/users.py"
"""Has the paths without any word: `/@{nickname}`."""


def file_by_rule(path: str, files: Iterable[str]) -> str | None:
    """The file (`subject/name.py`) that the words of a path lead to. None: they lead to none, or to several."""
    words = _words(path)
    if not words and path != "/":
        return OF_NAMES_ALONE
    first = words[-1] if words else ""
    known = [PurePosixPath(file) for file in files]
    general = [file for file in known if file.stem == file.parent.name]
    special = [file for file in known if file.stem != file.parent.name]
    nearest = [file for file in special if file.parts[0] == first]
    others = [file for file in special if file.parts[0] not in (first, *ONLY_FOR_THEIR_OWN_PATHS)]
    alone = [file for file in general if file.parent.name in ONLY_FOR_THEIR_OWN_PATHS]
    here = [file for file in alone if file.parent.name == first]
    for among in (nearest, others, here, [file for file in general if file not in alone]):
        for word in words[:-1] if among is nearest else words:  # the path's first names the folder
            fitting = [file for file in among if _is_form_of(file.stem, word)]
            if fitting:
                return _only(fitting)
    return None


def _words(path: str) -> list[str]:
    """The words of a path, the last one first. What comes after a dot (`.json`, `.rss`) is no part of a word."""
    words = [step.partition(".")[0].replace("-", "_") for step in reversed(_parts(path))
             if step not in DROPPED and "{" not in step]
    return [*words[:-1], *(FOLDERS.get(first, first) for first in words[-1:])]


def _is_form_of(name: str, word: str) -> bool:
    """Whether a word is a form of the name of a file: blocks, block, unblock, muted_by, mutes_import, endorse."""
    singular = re.sub("ment$", "(ment)?", re.escape(re.sub(r"(?<=us)es$|(?<!u)s$", "", name)))
    return re.fullmatch(rf"(un|\w+_)?{singular}(s|es|d|ged|ers|ing)?(_by)?", word) is not None


def _only(files: list[PurePosixPath]) -> str | None:
    """The file with the longest name: `follow_requests` leads to the file of that name rather than to `requests`."""
    longest = max(len(file.stem) for file in files)
    found = [file for file in files if len(file.stem) == longest]
    return str(found[0]) if len(found) == 1 else None
