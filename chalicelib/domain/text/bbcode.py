"""BBCode → HTML that has yet to be sanitised.

Everything but our own tags is escaped. A tag that is unknown, never closed or never opened is shown as it was typed.
"""

import re
from collections import Counter
from dataclasses import dataclass

from chalicelib.domain.text.linking import escape
from chalicelib.domain.text.recognise import SCHEMES

_HTML = {
    "b": "strong",
    "i": "em",
    "u": "u",
    "s": "del",  # HTML has `s`, but the sanitiser allows `del` only
    "quote": "blockquote",
    "list": "ul",
    "list=": "ol",
    "ul": "ul",
    "ol": "ol",
    "li": "li",
}
_LISTS = frozenset({"list", "ul", "ol"})
_TAG = re.compile(
    r"\[(?P<close>/?)(?P<tag>b|i|u|s|quote|list|ul|ol|li|\*|code|img|url)(?P<rest>[=\s][^\[\]\n]{0,2000}+)?\]",
    re.IGNORECASE,
)
_MAY_HAVE_A_VALUE = frozenset({"quote", "list", "code", "img", "url"})
_LONGEST_ADDRESS = 4000
_NUMBERING = frozenset("1aAiI")
_SIZE = re.compile(r"\b(width|height)\s*=\s*[\"']?(\d{1,5})\b|^=\s*[\"']?(\d{1,5})x(\d{1,5})\b", re.IGNORECASE)
_LINE_BREAKS_AROUND_ITEMS = re.compile(
    r"(?<!<br>)(?:<br>)++ *+(?=</?(?:ul|ol|li)>)|(?<=<[uo]l>)(?:<br>)++|(?<=</[uo]l>)<br>|(?<=</li>)(?:<br>)++"
)


@dataclass
class _Open:
    """A tag that is not closed yet. `at`: which of the parts is its HTML, or what was typed if nothing closes it."""

    name: str
    typed: str
    html: str
    follows: str = ""  # what stands at its beginning
    at: int = 0

    @property
    def family(self) -> str:
        """The name that closes it: `[/list]` closes `[list=1]` too."""
        return self.name.partition("=")[0]


def to_html(text: str) -> str:
    return _LINE_BREAKS_AROUND_ITEMS.sub("", _Reader(text).read())


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lowered = text.lower() if len(text.lower()) == len(text) else text
        self.parts: list[str] = []  # of the result, in order: nothing is moved, however deep tags are nested
        self.stack = [_Open("", "", "")]
        self.never_closed: set[str] = set()  # from here on
        self.waiting: Counter[str] = Counter()  # how many of each family are on the stack

    def read(self) -> str:
        position = 0
        while match := _TAG.search(self.text, position):
            self._write(_lines(self.text[position : match.start()]))
            position = self._take(match)
        self._write(_lines(self.text[position:]))
        self._give_up_above(0)
        return "".join(self.parts)

    def _take(self, match: re.Match[str]) -> int:
        """Handle the tag found. Answers where to read on."""
        tag, rest = match["tag"].lower(), (match["rest"] or "").strip()
        value = _unquoted(rest[1:].strip()) if rest.startswith("=") else ""
        if rest and (match["close"] or not (value or tag == "img") or tag not in _MAY_HAVE_A_VALUE):
            self._write(escape(match[0]))
        elif match["close"]:
            self._close(tag, match[0])
        elif tag in ("code", "img") or (tag == "url" and not value):
            return self._whole(tag, match, rest)
        else:
            self._begin(tag, value, match[0])
        return match.end()

    def _begin(self, tag: str, value: str, typed: str) -> None:
        if tag == "url":
            self._open_link(value, typed)
        elif tag == "*":
            self._next_item(typed)
        elif tag == "list" and value and value not in _NUMBERING:
            self._write(escape(typed))
        else:
            name = "list=" if tag == "list" and value else tag
            self._open(_Open(name, typed, _HTML[name], f"{escape(value)}:<br>" if value and tag == "quote" else ""))

    def _whole(self, tag: str, match: re.Match[str], rest: str) -> int:
        """Handle a tag whose inside is not read: `[code]`, `[img]` and `[url]` up to their end."""
        end = self._end_of(tag, match.end())
        inside = self.text[match.end() : end] if end >= 0 else ""
        html = _image(inside, rest) if tag == "img" else _RAW[tag](inside)
        self._write(html or escape(match[0]))
        return end + len(f"[/{tag}]") if html else match.end()

    def _end_of(self, tag: str, start: int) -> int:
        """Where the tag closes, or -1. Each search is short, or the last one that finds nothing."""
        if tag in self.never_closed:
            return -1
        end = self.lowered.find(f"[/{tag}]", start, start + _LONGEST_ADDRESS if tag != "code" else None)
        if end < 0 and tag == "code":
            self.never_closed.add(tag)
        return end

    def _open_link(self, address: str, typed: str) -> None:
        if _is_address(address):
            self._open(_Open("url", typed, f'a href="{escape(address)}"'))
        else:
            self._write(escape(typed))

    def _next_item(self, typed: str) -> None:
        """Begin a list item. `[*]` ends the item before it, and counts in a list only."""
        if self.stack[-1].name == "*":
            self._finish()
        if self.stack[-1].family in _LISTS:
            self._open(_Open("*", typed, "li"))
        else:
            self._write(escape(typed))

    def _close(self, tag: str, typed: str) -> None:
        if tag in _LISTS and self.stack[-1].name == "*":
            self._finish()
        if not self.waiting[tag]:
            self._write(escape(typed))
            return
        opened = len(self.stack) - 1
        while self.stack[opened].family != tag:
            opened -= 1
        self._give_up_above(opened)
        self._finish()

    def _finish(self) -> None:
        done = self.stack.pop()
        self.waiting[done.family] -= 1
        self.parts[done.at] = f"<{done.html}>{done.follows}"
        self._write(f"</{done.html.partition(' ')[0]}>")

    def _give_up_above(self, opened: int) -> None:
        """Show the tags after `opened` as they were typed, because nothing has closed them."""
        for given_up in self.stack[opened + 1 :]:
            self.parts[given_up.at] = escape(given_up.typed)
            self.waiting[given_up.family] -= 1
        del self.stack[opened + 1 :]

    def _open(self, tag: _Open) -> None:
        tag.at = len(self.parts)
        self.parts.append("")
        self.stack.append(tag)
        self.waiting[tag.family] += 1

    def _write(self, html: str) -> None:
        self.parts.append(html)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _code(inside: str) -> str:
    code = f"<code>{escape(inside.strip(chr(10)))}</code>"
    return f"<pre>{code}</pre>" if "\n" in inside else code if inside else ""


def _image(inside: str, rest: str) -> str:
    address = inside.strip()
    if not _is_address(address, frozenset({"http", "https"})):
        return ""
    sizes: dict[str, str] = {}
    for name, size, width, height in _SIZE.findall(rest):
        sizes |= {name.lower(): size} if name else {"width": width, "height": height}
    return f'<img src="{escape(address)}"' + "".join(f' {name}="{size}"' for name, size in sizes.items()) + ">"


def _link(inside: str) -> str:
    address = inside.strip()
    return f'<a href="{escape(address)}">{escape(address)}</a>' if _is_address(address) else ""


_RAW = {"code": _code, "url": _link}


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if quoted else value


def _is_address(text: str, schemes: frozenset[str] = SCHEMES) -> bool:
    scheme, colon, rest = text.partition(":")
    return bool(colon and rest) and scheme.lower() in schemes and not re.search(r"\s", text)
