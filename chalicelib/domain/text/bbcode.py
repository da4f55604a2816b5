"""BBCode → HTML that has yet to be sanitised.

Everything but our own tags is escaped. A tag that is unknown, never closed or never opened is shown as it was typed.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from chalicelib.domain.text.linking import escape
from chalicelib.domain.text.recognise import SCHEMES

_HTML = {
    "b": "strong",
    "i": "em",
    "u": "u",
    "s": "del",  # HTML has `s`, but the sanitiser allows `del` only
    "quote": "blockquote",
    "list": "ul",
    "list=1": "ol",
    "ul": "ul",
    "ol": "ol",
    "li": "li",
}
_LISTS = frozenset({"list", "ul", "ol"})
_TAG = re.compile(
    r"\[(?P<close>/?)(?P<tag>b|i|u|s|quote|list(?:=1)?|ul|ol|li|\*|code|img|url(?:=(?P<address>[^\[\]\s]+))?)\]",
    re.IGNORECASE,
)
_LINE_BREAKS_AROUND_ITEMS = re.compile(
    r"(?<!<br>)(?:<br>)++ *+(?=</?(?:ul|ol|li)>)|(?<=<[uo]l>)(?:<br>)++|(?<=</[uo]l>)<br>|(?<=</li>)(?:<br>)++"
)


@dataclass
class _Open:
    """A tag that is not closed yet."""

    name: str
    typed: str
    html: str
    parts: list[str] = field(default_factory=list)

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
        self.stack = [_Open("", "", "")]
        self.waiting: Counter[str] = Counter()  # how many of each family are on the stack

    def read(self) -> str:
        position = 0
        while match := _TAG.search(self.text, position):
            self._write(_lines(self.text[position : match.start()]))
            position = self._take(match)
        self._write(_lines(self.text[position:]))
        self._give_up_above(0)
        return "".join(self.stack[0].parts)

    def _take(self, match: re.Match[str]) -> int:
        """Handle the tag found. Answers where to read on."""
        tag = match["tag"].lower()
        if match["address"]:
            tag = "url="
        if match["close"]:
            self._close(tag, match[0])
        elif tag in ("code", "img", "url"):
            return self._whole(tag, match)
        elif tag == "url=":
            self._open_link(match["address"], match[0])
        elif tag == "*":
            self._next_item(match[0])
        else:
            self._open(_Open(tag, match[0], _HTML[tag]))
        return match.end()

    def _whole(self, tag: str, match: re.Match[str]) -> int:
        """Handle a tag whose inside is not read: `[code]`, `[img]` and `[url]` up to their end."""
        end = self.lowered.find(f"[/{tag}]", match.end())
        inside = self.text[match.end() : end] if end >= 0 else ""
        html = _RAW[tag](inside)
        self._write(html or escape(match[0]))
        return end + len(f"[/{tag}]") if html else match.end()

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
        self._write(f"<{done.html}>", *done.parts, f"</{done.html.partition(' ')[0]}>")

    def _give_up_above(self, opened: int) -> None:
        """Show the tags after `opened` as they were typed, because nothing has closed them."""
        for given_up in self.stack[opened + 1 :]:
            self.stack[opened].parts += escape(given_up.typed), *given_up.parts
            self.waiting[given_up.family] -= 1
        del self.stack[opened + 1 :]

    def _open(self, tag: _Open) -> None:
        self.stack.append(tag)
        self.waiting[tag.family] += 1

    def _write(self, *html: str) -> None:
        self.stack[-1].parts += html


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _code(inside: str) -> str:
    code = f"<code>{escape(inside.strip(chr(10)))}</code>"
    return f"<pre>{code}</pre>" if "\n" in inside else code if inside else ""


def _image(inside: str) -> str:
    address = inside.strip()
    return f'<img src="{escape(address)}">' if _is_address(address, frozenset({"http", "https"})) else ""


def _link(inside: str) -> str:
    address = inside.strip()
    return f'<a href="{escape(address)}">{escape(address)}</a>' if _is_address(address) else ""


_RAW = {"code": _code, "img": _image, "url": _link}


def _is_address(text: str, schemes: frozenset[str] = SCHEMES) -> bool:
    scheme, colon, rest = text.partition(":")
    return bool(colon and rest) and scheme.lower() in schemes and not re.search(r"\s", text)
