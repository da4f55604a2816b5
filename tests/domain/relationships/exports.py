"""Lists of accounts as other servers export them today, and as spreadsheets leave them.

The people are alice, bob and carol of this server, and mary of another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.relationships.importing.brought import Kind


@dataclass(frozen=True)
class Export:
    """`names`: who is on it, as it spells them. `columns`: what it says of some."""

    kind: Kind
    data: bytes
    names: list[str]
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)


_ALL = ["bob@kenoma.test", "carol@kenoma.test", "mary@elsewhere.example"]
_LINES = "\n".join(_ALL)
_SHOWN = {"reblogs": True, "notify": False}

EXPORTS = {
    "mastodon follows": Export("following", (
        b"Account address,Show boosts,Notify on new posts,Languages\n"
        b'bob@kenoma.test,true,false,\ncarol@kenoma.test,false,true,"en, de"\n'
        b"mary@elsewhere.example,true,false,pt-BR\n"
    ), _ALL, {
        "bob@kenoma.test": _SHOWN, "carol@kenoma.test": {"reblogs": False, "notify": True, "languages": ["en", "de"]},
        "mary@elsewhere.example": {**_SHOWN, "languages": ["pt-BR"]},
    }),
    "mastodon 3 follows": Export("following", b"Account address,Show boosts\n" + b"\n".join(
        f"{name},true".encode() for name in _ALL) + b"\n", _ALL, {name: {"reblogs": True} for name in _ALL}),
    "mastodon followers": Export("following", f"Account address\n{_LINES}\n".encode(), _ALL),
    "mastodon blocks": Export("blocks", f"{_LINES}\n".encode(), _ALL),
    "mastodon mutes": Export("mutes", (
        b"Account address,Hide notifications\nbob@kenoma.test,true\ncarol@kenoma.test,false\n"
    ), _ALL[:2], {"bob@kenoma.test": {"hide_notifications": True}, "carol@kenoma.test": {"hide_notifications": False}}),
    # Pleroma's and Akkoma's frontends write the names alone, without a line end after the last.
    "pleroma follows": Export("following", _LINES.encode(), _ALL),
    "pleroma blocks": Export("blocks", _LINES.encode(), _ALL),
    "akkoma mutes": Export("mutes", _LINES.encode(), _ALL),
    "soapbox follows": Export("following", (
        "Account address,Show boosts\n" + "\n".join(f"{name},true" for name in _ALL)).encode(),
        _ALL, {name: {"reblogs": True} for name in _ALL}),
    "misskey follows": Export("following", f"{_LINES}\n".encode(), _ALL),
    "misskey mutes": Export("mutes", f"{_LINES}\n".encode(), _ALL),
    "sharkey blocks": Export("blocks", f"{_LINES}\n".encode(), _ALL),
    "gotosocial follows": Export("following", (
        b"Account address,Show boosts\nbob@kenoma.test,true\nmary@elsewhere.example,false\n"
    ), [_ALL[0], _ALL[2]], {_ALL[0]: {"reblogs": True}, _ALL[2]: {"reblogs": False}}),
    "gotosocial blocks": Export("blocks", f"{_LINES}\n".encode(), _ALL),
    "gotosocial mutes": Export("mutes", (
        b"Account address,Hide notifications\nbob@kenoma.test,false\n"
    ), _ALL[:1], {_ALL[0]: {"hide_notifications": False}}),
    "pixelfed follows": Export("following", (
        b'[\n\n    "https://kenoma.test/users/bob",\n    "https://elsewhere.example/mary"\n\n]'
    ), ["https://kenoma.test/users/bob", "https://elsewhere.example/mary"]),
    "pixelfed mutes": Export("mutes", (
        b'{\n    "muted": [\n        "https:\\/\\/kenoma.test\\/users\\/bob"\n    ],\n'
        b'    "blocked": [\n        "https:\\/\\/elsewhere.example\\/mary"\n    ]\n}'
    ), ["https://kenoma.test/users/bob"]),
    "pixelfed blocks": Export("blocks", (
        b'{"muted": ["https:\\/\\/kenoma.test\\/users\\/bob"], "blocked": ["https:\\/\\/elsewhere.example\\/mary"]}'
    ), ["https://elsewhere.example/mary"]),
    # Spreadsheets: as text for Unicode, and as CSV where the comma is for decimals, in Germany, Russia and Poland.
    "excel's unicode text": Export("following", (
        "Account address\tShow boosts\tNotify on new posts\tLanguages\r\n"
        'bob@kenoma.test\tTRUE\tFALSE\t\r\ncarol@kenoma.test\tFALSE\tTRUE\t"en, de"\r\n'
    ).encode("utf-16"), _ALL[:2], {
        _ALL[0]: _SHOWN, _ALL[1]: {"reblogs": False, "notify": True, "languages": ["en", "de"]}}),
    "excel in german": Export("following", (
        "sep=;\r\nAccount address;Show boosts;Bemerkung\r\n"
        "bob@kenoma.test;FALSCH;aus Köln\r\ncarol@kenoma.test;WAHR;\r\n"
    ).encode("cp1252"), _ALL[:2], {_ALL[0]: {"reblogs": False}, _ALL[1]: {"reblogs": True}}),
    "excel in russian": Export("following", (
        "Account address;Show boosts\r\nbob@kenoma.test;ЛОЖЬ\r\ncarol@kenoma.test;ИСТИНА\r\n"
    ).encode("cp1251"), _ALL[:2], {_ALL[0]: {"reblogs": False}, _ALL[1]: {"reblogs": True}}),
    "excel in polish": Export("following", (
        "Account address;Show boosts\r\nbob@kenoma.test;FAŁSZ\r\ncarol@kenoma.test;PRAWDA\r\n"
    ).encode("cp1250"), _ALL[:2], {_ALL[0]: {"reblogs": False}, _ALL[1]: {"reblogs": True}}),
    "excel's csv of a csv": Export("following", (
        b'"Account address,Show boosts,Notify on new posts,Languages"\r\n"bob@kenoma.test,false,true,""en, de"""\r\n'
    ), _ALL[:1], {_ALL[0]: {"reblogs": False, "notify": True, "languages": ["en", "de"]}}),
}
