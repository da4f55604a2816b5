"""The few pages that people see: plain HTML that needs no JavaScript and fits a phone.

Each is a template beside this file. Values are escaped when they are put into it, except `Safe` ones: HTML made here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template

from ...settings import settings

_FOLDER = Path(__file__).parent


class Safe(str):
    """HTML made here. It is put into a page as it is."""


def page(template: str, title: str, *, listed: bool = False, **values: str) -> str:
    """A whole page from a template. `listed`: search engines may show it."""
    body = fragment(template, title=title, **values)
    return fragment("layout", title=title, instance=settings.instance_name, style=Safe(_file("style.css")), body=body,
                    template=template, robots="index" if listed else "noindex")


def fragment(template: str, /, **values: str) -> Safe:
    return Safe(_template(template).substitute({key: html(value) for key, value in values.items()}))


def html(value: str) -> str:
    return value if isinstance(value, Safe) else escape(value)


def hidden(name: str, value: str) -> Safe:
    return Safe(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">')


def joined(parts: Iterable[Safe]) -> Safe:
    return Safe("\n".join(parts))


@lru_cache(maxsize=32)
def _template(name: str) -> Template:
    return Template(_file(f"{name}.html"))


@lru_cache(maxsize=4)
def _file(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")
