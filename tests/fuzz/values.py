"""Values that clients would hardly send, and what a schema asks for."""

from __future__ import annotations

from random import Random
from typing import Any

_TEXTS = (
    "", " ", "\t\r\n", "\0", "a\0b", "\ud800", "\udfff\ud800", "\ufeff", "\u202e\u2028", "\u200d", "é", "e\u0301",
    "😀" * 500, "👩‍👩‍👧‍👦", "z" + "\u0300" * 500, "ﷺ" * 300, "é" * 5_000, "x" * 100_000, "9" * 30, "-1", "1.5",
    "1e400", "NaN",
    "null", "true", "undefined", "[]", "{}", "2030-13-45T99:99:99Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z",
    "1970-01-01", "2031-02-03T04:05:06+99:99", "javascript:alert(1)", "http://[::1", "http://[::1]/",
    "https://127.0.0.1/", "data:image/png;base64,AAAA", "data:,", "../../etc/passwd", "..\\..", "%00", "%2e%2e%2f",
    "<script>alert(1)</script>",
    "<a " * 300, "' OR 1=1 --", "{{7*7}}", "${7*7}", "#" * 1_000, "@" * 1_000, "@a@b@c", "[b]" * 500, "[url=" * 300,
    "`" * 1_000, "*" * 1_000, "> " * 500, "- " * 500, "list:", "list:1", "direct", "Public", "a@b.c", "x.example",
    "from:me -from:@a@b.example has:media -is:reply language:de during:2024-05-06 in:library", "is:" * 500,
    "acct:a@kenoma.test", "0", "000000000000000000", "zzzzzzzzzzzzzzzzzz", "\r\nSet-Cookie: a=b", "a,b;c|d", "İstanbul",
)
_PLAIN = (None, True, False, 0, -1, 1, 2**31, 2**53, 2**63 - 1, 2**63, 10**30, -(10**30), 0.0, -0.5, 1.5, 1e308, 5e-324)
_DEEPEST = 40


def odd(random: Random) -> Any:
    """Any value that JSON can hold: a text more often than the rest."""
    kind = random.randrange(10)
    if kind < 5:
        return random.choice(_TEXTS)
    if kind < 8:
        return random.choice(_PLAIN)
    return _nested(random)


def odd_text(random: Random) -> str:
    return random.choice(_TEXTS)


def _nested(random: Random) -> Any:
    kind = random.randrange(7)
    if kind == 0:
        return random.choice(([], [[]], {}, {"": ""}, [None], [{}], {"\0": []}, {"0": "a", "1": "b"}, {"1": None}))
    if kind == 1:
        return [odd_text(random) for _ in range(random.randrange(1, 6))]
    if kind == 2:
        return [random.choice(_PLAIN) for _ in range(random.randrange(1, 6))]
    if kind == 3:
        return ["x"] * 2_000
    if kind == 4:
        return {odd_text(random)[:50]: odd(random) for _ in range(random.randrange(1, 4))}
    value: Any = "x"
    for _ in range(random.choice((2, 5, _DEEPEST))):
        value = [value] if kind == 5 else {"a": value}
    return value


def fitting(random: Random, schema: dict[str, Any]) -> Any:
    """A value as the schema asks for: the usual, or one at a bound."""
    if "enum" in schema:
        return random.choice(schema["enum"])
    if "anyOf" in schema:
        return fitting(random, random.choice(schema["anyOf"]))
    match schema.get("type"):
        case "object":
            return _fitting_object(random, schema)
        case "array":
            return [fitting(random, schema["items"]) for _ in range(random.choice((0, 1, 1, 2, 5)))]
        case "integer":
            return random.choice((0, 1, 1, 2, 20, 40, 3_600))
        case "number":
            return random.choice((0, 0.5, 1))
        case "boolean":
            return random.random() < 0.5
        case "string":
            return _fitting_text(random, schema)
    return random.choice(("text", 1, True, {"a": 1}, ["a"]))


def _fitting_object(random: Random, schema: dict[str, Any]) -> dict[str, Any]:
    members = schema.get("properties", {})
    required = schema.get("required", ())
    value = {name: fitting(random, member) for name, member in members.items()
             if name in required or random.random() < 0.5}
    free = schema.get("additionalProperties")
    return value | ({"name": fitting(random, free)} if isinstance(free, dict) else {})


def _fitting_text(random: Random, schema: dict[str, Any]) -> str:
    if schema.get("format") == "date-time":
        return random.choice(("2031-02-03T04:05:06Z", "2031-02-03T04:05:06.789+02:00", "2001-01-01T00:00:00Z"))
    texts = ("text", "Some words, and #more", "hello @person1", "😀 é", "https://x.example/a?b=c", "1")
    return random.choice(texts)[:schema.get("maxLength", 1_000)]
