"""What a request carries: query, urlencoded form, multipart form and JSON all become the same kind of mapping.

Values are those of JSON, plus `SentFile` for a file and `Repeated` for a bare name that came more than once. `nest`
builds bracketed names (`poll[options][]`) into maps and lists, alike for query and both forms. In JSON a name is just a
name. A body that cannot be read is refused as a whole, with 400 "Bad request".
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import parse_qsl, unquote_to_bytes

from ..domain.refusals import BadRequest

DEEPEST = 32
MOST_FIELDS = 5_000
_BRACKETED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_TEXT_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252"})
_FILE_TYPES = ("image/", "video/", "audio/", "application/octet-stream")

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a multipart form. Name and type are only what the client says: look at the bytes."""

    filename: str
    content_type: str
    data: bytes


class Repeated(list[Any]):
    """The values of a bare name that came more than once. A list takes all of them, a single value the last."""


def read_body(raw: bytes, content_type: str) -> Fields:
    """The fields of a body. Without a content type, a JSON object is read as JSON and anything else as a form."""
    if not raw:
        return {}
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        return _json(_text(raw))
    if kind == "multipart/form-data":
        return nest(_parts(raw, content_type))
    if kind == "application/x-www-form-urlencoded":
        return _form(_text(raw))
    if not kind or kind.startswith("text/"):
        return _sniffed(_text(raw))
    return {}


def read_query(parameters: dict[str, list[str]] | None) -> Fields:
    """The fields of a query, which is decoded already and has every value."""
    if not parameters:
        return {}
    return nest((sound(name), sound(value)) for name, values in parameters.items() for value in values)


def filled(fields: Fields, blank_counts: Container[str]) -> Fields:
    """The fields without those that are empty, or are lists of nothing but empty texts, unless their names are in
    `blank_counts`.
    """
    return {name: value if name in blank_counts else _without_blanks(value) for name, value in fields.items()
            if name in blank_counts or _without_blanks(value)}


def _without_blanks(value: Any) -> Any:
    return type(value)(each for each in value if each != "") if isinstance(value, list) else value


def sound(text: str) -> str:
    """The text, if it is Unicode that can be encoded. Raises otherwise."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadRequest from None
    return text


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadRequest from None


# JSON.


def _json(text: str) -> Fields:
    """The fields of a JSON body. One that is not an object has none."""
    if not text.strip():
        return {}
    value = _parsed(text)
    return value if isinstance(value, dict) else {}


def _sniffed(text: str) -> Fields:
    if text.lstrip().startswith("{"):
        try:
            return _json(text)
        except BadRequest:
            pass
    return _form(text)


def _parsed(text: str) -> Any:
    try:
        value = json.loads(text, parse_constant=_no_number, parse_float=_finite)
        if _SURROGATE_ESCAPE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise BadRequest from None
    if text.count("[") + text.count("{") > DEEPEST:
        _refuse_depth(value)
    return value


def _no_number(word: str) -> NoReturn:
    """Refuse NaN and Infinity, which only Python takes for JSON."""
    raise ValueError(word)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(digits)
    return number


def _refuse_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [inner for outer in level if isinstance(outer, (dict, list))
                 for inner in (outer.values() if isinstance(outer, dict) else outer)]
        if not level:
            return
    raise BadRequest


# Forms.


def _form(text: str) -> Fields:
    try:
        return nest(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        raise BadRequest from None


def _parts(raw: bytes, content_type: str) -> list[tuple[str, Any]]:
    """Names and values of a multipart body, all in memory: a function has hardly any disk."""
    # Imported here: 30 ms that few requests need.
    from multipart import MultipartError, PushMultipartParser, parse_options_header  # type: ignore[import-untyped]

    boundary = parse_options_header(content_type)[1].get("boundary", "")
    pairs: list[tuple[str, Any]] = []
    segment: Any = None
    content: list[bytes] = []
    try:
        with PushMultipartParser(boundary, max_segment_count=MOST_FIELDS) as parser:
            for event in parser.parse(raw):
                if event is None:
                    pairs.extend(_part(segment, b"".join(content)))
                elif isinstance(event, (bytes, bytearray)):
                    content.append(bytes(event))
                else:
                    segment, content = event, []
    except (MultipartError, UnicodeError):
        raise BadRequest from None
    return pairs


def _part(segment: Any, data: bytes) -> list[tuple[str, Any]]:
    filename = _filename(segment)
    kind = segment.content_type or ""
    if filename is None and not kind.startswith(_FILE_TYPES):
        charset = (segment.charset or "").lower()
        return [(segment.name, data.decode(charset if charset in _TEXT_CHARSETS else "utf-8"))]
    if not filename and not data:
        return []  # a browser's file field that was left empty
    return [(segment.name, SentFile(filename or "", kind, data))]


def _filename(segment: Any) -> str | None:
    """The name of a file. Older versions of urllib3 spell one that is not ASCII `filename*=UTF-8''…`."""
    if segment.filename is not None:
        return str(segment.filename)
    disposition = segment.header("Content-Disposition", "")
    _, found, extended = disposition.partition("filename*=")
    if not found:
        return None
    charset, _, encoded = extended.partition("''")
    raw = unquote_to_bytes(encoded.partition(";")[0].strip())
    return raw.decode("utf-8" if charset.lower() == "utf-8" else "latin-1", "replace")


# Bracketed names.


def nest(pairs: Iterable[tuple[str, Any]]) -> Fields:
    """Build maps and lists from bracketed names: `a[b]`, `a[]`, `a[0][c]`. Unmatched brackets are part of the name.

    Maps with indexes stay maps with keys "0", "1" …; a parameter that wants a list takes the values in order
    (`params`). A later value of another shape replaces the earlier one.
    """
    fields: Fields = {}
    for count, (name, value) in enumerate(pairs):
        if count >= MOST_FIELDS:
            raise BadRequest
        bracketed = _BRACKETED.fullmatch(name) if name.endswith("]") else None
        if bracketed is None:
            _put_bare(fields, name, value)
        else:
            _put_nested(fields, [bracketed[1], *bracketed[2][1:-1].split("][")], value)
    return fields


def _put_bare(fields: Fields, name: str, value: Any) -> None:
    earlier = fields.get(name)
    if earlier is None or type(earlier) in (dict, list):
        fields[name] = value
    elif type(earlier) is Repeated:
        earlier.append(value)
    else:
        fields[name] = Repeated((earlier, value))


def _put_nested(fields: Fields, path: list[str], value: Any) -> None:
    if len(path) > DEEPEST:
        raise BadRequest
    node: Any = fields
    for place, step in enumerate(path[:-1]):
        node = _inner(node, step, path[place + 1], last=place == len(path) - 2)
    if type(node) is list:
        node.append(value)
    else:
        node[path[-1]] = value


def _inner(node: Any, step: str, following: str, *, last: bool) -> Any:
    """The map or list behind `step`, made if it is missing. `a[][b]` begins a new map if the last one has a `b`."""
    wanted = list if following == "" else dict
    if type(node) is dict:
        if type(node.get(step)) is not wanted:
            node[step] = wanted()
        return node[step]
    fits = bool(node) and type(node[-1]) is wanted and not (wanted is dict and last and following in node[-1])
    if not fits:
        node.append(wanted())
    return node[-1]
