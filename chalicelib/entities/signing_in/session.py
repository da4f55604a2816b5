"""Sessions: the tokens of an account, as their owner sees them on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict

from ...domain.signing_in import browsing
from ...domain.viewer import Viewer
from ...ids import iso
from ...store.signing_in.apps import App
from ...store.signing_in.tokens import DAY, Token

MOST = 200


class Session(TypedDict):
    """An app or a browser that is signed in. `used`: the day of its latest request. `is_this`: it is what asks."""

    id: int
    name: str
    website: str | None
    scopes: list[str]
    made: str
    used: str
    is_this: bool


def render_sessions(tokens: Iterable[Token], apps: Mapping[str, App], viewer: Viewer) -> list[Session]:
    """The latest, the one that asks first."""
    present = viewer.token.k if viewer.token is not None else ""
    ordered = sorted(tokens, key=lambda token: (token.k != present, -token.created, token.k))
    return [{
        "id": token.number,
        "name": name_of(token, apps),
        "website": apps[token.app].website if token.app in apps else None,
        "scopes": list(token.scope_list),
        "made": iso(int(token.created)),
        "used": iso(token.last_used * DAY),
        "is_this": token.k == present,
    } for token in ordered[:MOST]]


def name_of(token: Token, apps: Mapping[str, App]) -> str:
    """The name of a token's app. An app that is gone has none."""
    if token.app == browsing.PAGES:
        return browsing.NAME
    return apps[token.app].name if token.app in apps else ""
