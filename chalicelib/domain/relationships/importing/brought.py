"""Lists as people bring them: files of other servers, what a spreadsheet made of them, or names typed in. Most name
accounts; bookmarks have addresses of statuses, and there are lists of servers.

A list is a CSV with a header, a CSV without one, names separated by white space, or the JSON of Pixelfed. `read` finds
out which, whatever its encoding and separator. It refuses none: it counts what it cannot read. Each line is read by
itself, so that a stray quotation mark spoils one line only, and the time grows with the length of the list.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, Literal

from ...text.normalising import normalise
from .. import languages
from ..following import local_nickname

Kind = Literal["following", "blocks", "mutes", "lists", "bookmarks", "blocked_domains"]
MOST_NAMES = 20_000
LONGEST_LIST = 4_000_000
"""In characters."""
LONGEST_NAME = 500
"""In characters. A longer name cannot be of an account."""
MOST_WORDS, LONGEST_WORD = 200, 200
"""How many of the words that can be no name are kept, and how many characters of each."""
LONGEST_CELLS = 10_000
"""In characters. A longer line has no columns: it is names separated by white space."""

SEPARATORS = (",", ";", "\t")
_OPENS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
ADDRESS = "address"
HEADERS: Mapping[str, str] = {
    "account address": ADDRESS, "account": ADDRESS, "address": ADDRESS, "handle": ADDRESS, "account handle": ADDRESS,
    "acct": ADDRESS, "profile": ADDRESS, "profile url": ADDRESS, "url": ADDRESS, "uri": ADDRESS,
    "account name": ADDRESS, "user": ADDRESS, "username": ADDRESS, "nickname": ADDRESS,
    "show boosts": "reblogs", "show reblogs": "reblogs", "boosts": "reblogs", "reblogs": "reblogs",
    "notify on new posts": "notify", "notify": "notify",
    "languages": "languages", "language": "languages",
    "hide notifications": "hide_notifications",
    "expires at": "until", "mute expires at": "until", "until": "until",
}
"""What a header says, and which column that is. Letter case, blanks, `_` and `-` do not matter. Of several columns with
addresses the one whose header stands first here counts.
"""
HEADERS_OF: Mapping[str, Mapping[str, str]] = {
    "lists": {"list name": "list", "list": "list", "list title": "list", "title": "list"},
    "blocked_domains": {"#domain": ADDRESS, "domain": ADDRESS},
    "bookmarks": {"#uri": ADDRESS},
}
"""Headers that only lists of one kind have."""
HEADER, USUAL_HEADER = {"bookmarks": "#uri", "blocked_domains": "#domain"}, "Account address"
"""What stands above the names of a list, by its kind."""
UNMISTAKABLE = "account address"
"""A line with these two words is a header wherever it stands, because no account is called so."""
ORDERS: Mapping[Kind, Sequence[str]] = {
    "following": (ADDRESS, "reblogs", "notify", "languages"),
    "blocks": (ADDRESS,),
    "mutes": (ADDRESS, "hide_notifications", "until"),
    "lists": ("list", ADDRESS),
    "bookmarks": (ADDRESS,),
    "blocked_domains": (ADDRESS,),
}
"""The columns of each kind, in the order that they have in every known export. It counts where there is no header."""
JSON_KEYS: Mapping[Kind, Sequence[str]] = {
    "following": ("following", "follows"), "blocks": ("blocked", "blocks"), "mutes": ("muted", "mutes"),
    "lists": (), "bookmarks": ("bookmarks",), "blocked_domains": ("blocked_domains",),
}
# Servers write English, and spreadsheets the words of their own language. `fałsz` is there as other code pages show it.
TRUE = frozenset({
    "true", "t", "yes", "y", "on", "1", "wahr", "vrai", "verdadero", "verdadeiro", "vero", "waar", "prawda", "sant",
    "sand", "tosi", "истина", "αληθησ",
})
FALSE = frozenset({
    "false", "f", "no", "n", "off", "0", "falsch", "faux", "falso", "onwaar", "fałsz", "fa£sz", "faјsz", "falskt",
    "usand", "falsk", "epätosi", "ложь", "ψευδησ",
})

CODE_PAGES = ["cp1252", "cp1251", "cp1253"]
"""Latin, Cyrillic, Greek. Pages of one script differ too little for a short list to show which it is."""

_SEPARATOR = re.compile("[,;\t]")
_IN_BRACKETS = re.compile(r"<([^<>\s]+)>")
_FULL_ADDRESS = re.compile(r"@?[\w.-]+@[\w.:-]+|https?://\S+", re.IGNORECASE)
_HOST = re.compile(r"(\*\.)?[\w-]+(\.[\w-]+)*(:\d{1,5})?")
_AROUND = "\"'`<>()[]{}«»“”„‘’‚‹›,;"
# They have no width, and come along when text is copied.
_INVISIBLE = dict.fromkeys([0xAD, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
                            *range(0x2060, 0x2070)])


@dataclass(frozen=True)
class Columns:
    """What a list says of an account besides naming it. None: it says nothing. `until`: in seconds since 1970.

    `lists`: on which of the person's lists the account shall be: their titles, and in messages their ids.
    """

    reblogs: bool | None = None
    notify: bool | None = None
    languages: Sequence[str] | None = None
    hide_notifications: bool | None = None
    until: int | None = None
    lists: Sequence[str] | None = None

    def as_json(self) -> dict[str, Any]:
        """What the list says, and nothing of the rest."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Columns:
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in said.items() if name in known})


SILENT = Columns()


@dataclass
class AccountList:
    """What a list names, in order, each once: mostly accounts. If the list names one twice, its last columns count, and
    it is on the lists of both.

    `unreadable`: how many words can be no name. `words`: the first of them. `left_out`: how many names, or lines, come
    after what is read of a list that is too long.
    """

    accounts: dict[str, Columns] = field(default_factory=dict)
    unreadable: int = 0
    words: list[str] = field(default_factory=list)
    left_out: int = 0

    def pass_over(self, word: str) -> None:
        """Count a word that can be no name."""
        self.unreadable += 1
        if len(self.words) < MOST_WORDS:
            self.words.append("".join(filter(str.isprintable, word))[:LONGEST_WORD])

    def take(self, name: str, columns: Columns) -> None:
        """Take a name, unless there are enough."""
        before = self.accounts.get(name)
        if before is None and len(self.accounts) >= MOST_NAMES:
            self.left_out += 1
            return
        if before is not None and before.lists:
            columns = replace(columns, lists=list(dict.fromkeys([*before.lists, *(columns.lists or ())])))
        self.accounts[name] = columns


def read(brought: str | bytes, kind: Kind) -> AccountList:
    """Read a list of this kind: a text, or the bytes of a file."""
    text = decoded(brought) if isinstance(brought, bytes) else brought
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    text, rest = text[:LONGEST_LIST], text[LONGEST_LIST:]
    found = AccountList(left_out=len(rest.splitlines()))
    spellings: dict[str, str] = {}
    for word, columns in _words_with_columns(text, kind):
        if word in found.accounts and _may_be(word, columns, kind):
            found.take(word, columns)
            continue
        name = _name(word)
        if not name:
            continue
        if len(name) > LONGEST_NAME or not name.isprintable() or not _may_be(name, columns, kind):
            found.pass_over(word)
            continue
        same = _same(name, kind)
        found.take(same if kind == "blocked_domains" else spellings.setdefault(same, name), columns)
    return found


def _may_be(name: str, columns: Columns, kind: Kind) -> bool:
    """Whether a list of this kind may have such a name: an account that is on a list, an address, a host."""
    if kind == "lists":
        return bool(columns.lists)
    if kind == "bookmarks":
        return name.lower().startswith(("http://", "https://"))
    return kind != "blocked_domains" or _HOST.fullmatch(name) is not None


def _same(name: str, kind: Kind) -> str:
    """What is the same for all spellings of a name."""
    if kind == "bookmarks":
        return name
    return name.casefold() if kind == "blocked_domains" else local_nickname(name) or name.casefold()


# Bytes.


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 with or without its mark, or else a code page of Windows.

    Addresses are ASCII, so in UTF-16 many bytes are zero, which also shows their order. In the others none is.
    """
    zeros = data.count(0)
    if zeros * 10 >= max(len(data), 1):
        order = "utf-16-le" if data[1::2].count(0) * 2 >= zeros else "utf-16-be"
        return data[:len(data) // 2 * 2].decode(order, errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        match = from_bytes(data, cp_isolation=CODE_PAGES).best()
        return data.decode("cp1252", errors="replace") if match is None else str(match)


# Lines.


def _words_with_columns(text: str, kind: Kind) -> Iterator[tuple[str, Columns]]:
    """Every word that should be a name, with the columns that stand beside it."""
    listed = _in_json(text, kind)
    rows = _rows(text, kind) if listed is None else ((address, SILENT) for address in listed)
    for cell, columns in rows:
        for word in (_IN_BRACKETS.findall(cell) if "<" in cell else ()) or cell.split():
            yield word, columns


def _in_json(text: str, kind: Kind) -> list[str] | None:
    """The addresses in a JSON text, which is a list, or an object with a list for each kind. None: it is no JSON."""
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        value = [each for key in JSON_KEYS[kind] if isinstance(value.get(key), list) for each in value[key]]
    return [each for each in value if isinstance(each, str)]


def _rows(text: str, kind: Kind) -> Iterator[tuple[str, Columns]]:
    """The cells that should hold names, each with what else the line says. A header counts until the next one."""
    lines = [line for line in text.splitlines() if line and not line.isspace()]
    header: tuple[str, Sequence[str]] | None = None
    for number, line in enumerate(_without_hint(lines)):
        may_be_header = (number == 0 and len(lines) > 1) or UNMISTAKABLE in line.casefold()
        found = _header(line, kind) if may_be_header else None
        if found is not None:
            header = found
        elif header is not None and len(header[1]) > 1:
            separator, order = header
            cells = dict(zip(order, _cells(line, separator), strict=False))
            yield cells.get(ADDRESS, ""), _columns(cells, kind)
        else:
            yield from _without_header(line, kind)


def _without_hint(lines: list[str]) -> list[str]:
    """The lines without a first `sep=;`, by which spreadsheets are told what separates. The others show it too."""
    is_hint = bool(lines) and re.fullmatch(r"\W*sep=.\W*", lines[0], re.IGNORECASE) is not None
    return lines[1:] if is_hint else lines


def _header(line: str, kind: Kind) -> tuple[str, Sequence[str]] | None:
    """The separator and the columns, if the line is a header. A column that nobody knows is called ``."""
    known = {**HEADERS, **HEADERS_OF.get(kind, {})}
    for separator in SEPARATORS:
        cells = [" ".join(re.split(r"[\s_-]+", cell.casefold())).strip(f" {_AROUND}")
                 for cell in _cells(line, separator)]
        addresses = [header for header, column in known.items() if column == ADDRESS and header in cells]
        if addresses:
            return separator, [known.get(cell, "") if cell not in addresses[1:] else "" for cell in cells]
    return None


def _without_header(line: str, kind: Kind) -> Iterator[tuple[str, Columns]]:
    """The first cell has the names. Others are columns if the second is yes, no or empty; addresses are names too."""
    first = _SEPARATOR.search(line)
    if first is None:
        yield line, SILENT
        return
    separator = first.group()
    cells = _cells(line, separator)
    if kind == "lists":
        said = dict(zip(ORDERS[kind], cells, strict=False))
        yield said[ADDRESS], _columns(said, kind)
        return
    beside = cells[1].casefold() if len(cells) > 1 else ""
    has_columns = len(cells) > 1 and (not beside or beside in TRUE or beside in FALSE)
    if separator == "\t" and not has_columns:
        cells = [line]  # the tab is white space between names
    yield cells[0], _columns(dict(zip(ORDERS[kind], cells, strict=False)), kind) if has_columns else SILENT
    for cell in cells[1:]:
        if _FULL_ADDRESS.fullmatch(cell):
            yield cell, SILENT


def _cells(line: str, separator: str) -> list[str]:
    """The cells of a line, without quotes and blanks. A line that is one quoted cell was quoted whole by mistake."""
    cells = _split(line, separator)
    if len(cells) == 1 and separator in cells[0] and cells[0] != line:
        cells = _split(cells[0], separator)
    return [cell.strip() for cell in cells]


def _split(line: str, separator: str) -> list[str]:
    if len(line) > LONGEST_CELLS:
        return line.split(separator, 1)
    with suppress(csv.Error):
        return next(csv.reader([line.strip(" ")], delimiter=separator, skipinitialspace=True), [])
    return line.split(separator)


# Words.


def _name(word: str) -> str:
    """A word without what people put around a name: `@`, `acct:`, quotes, brackets. Empty if nothing is left."""
    name = word if word.isascii() else normalise("NFKC", word)
    name = name.strip(_AROUND)
    if name[:5].casefold() == "acct:":
        name = name[5:]
    return name.lstrip("@").rstrip(".:")


def _columns(cells: Mapping[str, str], kind: Kind) -> Columns:
    """What the cells of a line say, as far as lists of this kind say anything."""
    said = {name: cell for name, cell in cells.items() if cell and name in ORDERS[kind]}
    if said.keys() <= {ADDRESS}:
        return SILENT
    return Columns(
        reblogs=_truth(said.get("reblogs", "")), notify=_truth(said.get("notify", "")),
        languages=languages.named_in(said.get("languages", "")), until=_moment(said.get("until", "")),
        hide_notifications=_truth(said.get("hide_notifications", "")),
        lists=[_title(said["list"])] if "list" in said else None,
    )


def _title(cell: str) -> str:
    """The title of a list, without what an export puts before one that a spreadsheet would take for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _OPENS_A_FORMULA else cell


def _truth(cell: str) -> bool | None:
    word = cell.casefold()
    return True if word in TRUE else False if word in FALSE else None


def _moment(cell: str) -> int | None:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
