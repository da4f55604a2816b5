"""The template engine, and the files that pages load.

Jinja is imported with the first page that a process makes. A package has the templates compiled to modules with
bytecode (`infra/deploy/artifact.py`), because compiling them takes as long as everything else of a cold start.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..settings import settings
from .acting import OFFERED
from .visits import NOBODY, Visit

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
TEMPLATES, STATIC, COMPILED = HERE / "templates", HERE / "static", HERE / "compiled"
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
DIGITS = 12


def rendered(template: str, /, *, visit: Visit = NOBODY, **values: Any) -> str:
    """A whole page. `values`: what the template needs; KeyError-like failure if one is missing."""
    return str(environment().get_template(template).render(values, visit=visit))


def fragment(template: str, /, **values: Any) -> str:
    """The HTML of a template that is no whole page."""
    return str(environment().get_template(template).render(values))


@lru_cache(maxsize=1)
def environment() -> Environment:
    from jinja2 import ModuleLoader

    return made(ModuleLoader(COMPILED)) if COMPILED.is_dir() else made()


def made(loader: Any = None) -> Environment:
    """An engine by itself. Without a loader it reads the templates' sources."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from . import filters

    engine = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                         auto_reload=False, cache_size=-1, loader=loader or FileSystemLoader(TEMPLATES))
    engine.globals |= {"settings": settings, "asset": asset, "offered_emoji": OFFERED}
    engine.filters |= filters.ALL
    return engine


def compile_into(folder: Path) -> None:
    """Write each template as a module, where a package looks for it."""
    made().compile_templates(folder, extensions=["html"], zip=None, ignore_errors=False)


class Asset(NamedTuple):
    text: str
    hash: str
    kind: str


def asset(name: str) -> str:
    """The address of a file in `static/`. It has the hash of the content, so that it may be kept for ever."""
    stem, dot, ending = name.rpartition(".")
    return f"/static/{stem}.{load(name).hash}{dot}{ending}"


@lru_cache(maxsize=8)
def load(name: str) -> Asset:
    file = STATIC / name
    text = file.read_text("utf-8")
    return Asset(text, hashlib.sha256(text.encode()).hexdigest()[:DIGITS], KINDS[file.suffix])


def find_asset(address: str) -> tuple[Asset, bool] | None:
    """The file that a name like `style.HASH.css` means, and whether the hash is that of its content."""
    stem, _, rest = address.partition(".")
    sent, _, ending = rest.partition(".")
    name = f"{stem}.{ending}"
    if name not in _names():
        return None
    found = load(name)
    return found, found.hash == sent


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(file.name for file in STATIC.iterdir() if file.suffix in KINDS)
