"""Where an address ends that begins in a text.

After a scheme stands a host, which has letters, digits and few signs between them. Only a path, a query or a fragment
may have almost any character. What encloses an address in prose, or follows it there, is outside of it.

Every function reads on from where it is, and looks at no character much more often than once.
"""

import re
import unicodedata

# An address may have any letter. It has no white space, no invisible characters, and nothing that encloses it in prose:
# angle brackets, typographic quotation marks, CJK and full-width punctuation. Nobody types an ellipsis in one.
_INVISIBLE = r"\s\x00-\x20\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_ENCLOSING = r"<>\\«»‘-‟‹›…\u3000-\u3004\u3008-\u3020！-／：-＠［-｀｛-･"
_DASHES = "\u2014\u2015\u2e3a"  # a sentence goes on behind them. In the titles of pages they stand between underscores
_PIECE = re.compile(
    rf"""[^{_INVISIBLE}{_ENCLOSING}{_DASHES}"`()\[\]]++|(?<=[_/=-])[{_DASHES}]|[{_DASHES}](?!\w)"""
)
_WORD = re.compile(r"[^\W_]++")
_BETWEEN_WORDS = re.compile(r"(?:[-._%]++|[\u200c\u200d])(?=[^\W_])")
_USER = re.compile(r"[\w.~%+-]{1,128}+(?::[\w.~%!$&'*+;=-]{1,128}+)?@(?=[^\W_]|\[)")
_IPV6 = re.compile(r"\[[0-9A-Fa-f:.]{2,60}\]")
_PORT = re.compile(r":\d{1,5}(?!\d)")
_MAILBOX = re.compile(r"[\w.!#$%&'*+/=?^{|}~-]{1,128}+@(?=[^\W_]|\[)")
_JOINERS = "\u200c\u200d"
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))

_CLOSING = {")": "(", "]": "[", "}": "{"}
_SENTENCE = frozenset(",.;:>?!'|" + _JOINERS)
_PAIRED = frozenset("\"`")
_EMPHASIS = frozenset("*_~")


def end_of_schemed(text: str, begin: int, rest: int) -> int | None:
    """The end of the address at `begin`, whose scheme ends before `rest`. None if too little follows."""
    scheme = text[begin:rest].lower()
    if scheme == "magnet:?":
        end = end_of_path(text, begin, rest)
        return end if end > rest else None
    user = (_USER if scheme.endswith("//") else _MAILBOX).match(text, rest)
    if user is None and scheme == "mailto:":
        return None
    host = _end_of_host(text, user.end() if user else rest)
    return end_after_host(text, begin, host) if host is not None else None


def end_after_host(text: str, begin: int, host: int) -> int:
    """The end of the address at `begin`, whose host ends at `host`: there, or after its port, or after its path."""
    port = _PORT.match(text, host)
    end = port.end() if port else host
    return end_of_path(text, begin, end) if text[end : end + 1] in ("/", "?", "#") else end


def end_of_path(text: str, begin: int, start: int) -> int:
    """The end of what may be in a path, read from `start` on, without the punctuation of the sentence around it."""
    before = text[begin - 1 : begin]
    end = _untrimmed(text, start, before)
    return _trimmed(text, start, end, before)


def end_in_markdown(text: str, begin: int, end: int) -> int:
    """Where the address ends for Markdown: brackets that were opened before it, and emphasis, close behind it."""
    opened = {"(": 0, "[": 0}
    for sign in re.finditer(r"[()\[\]]", text[begin:end]):
        if sign[0] in opened:
            opened[sign[0]] += 1
        elif opened[_CLOSING[sign[0]]]:
            opened[_CLOSING[sign[0]]] -= 1
        else:
            end = begin + sign.start()
            break
    while end > begin and text[end - 1] in _EMPHASIS:
        end -= 1
    return end


def is_mark(character: str) -> bool:
    """Whether the character belongs to the letter before it. `re` has no class for these."""
    return character >= "\u0300" and unicodedata.category(character).startswith("M")


def _end_of_host(text: str, start: int) -> int | None:
    """The end of the host that begins at `start`. Signs and joiners belong to it if a letter or a digit follows."""
    ip = _IPV6.match(text, start)
    if ip is not None:
        return ip.end()
    word = _WORD.match(text, start)
    if word is None:
        return None
    end = word.end()
    while True:
        more = _WORD.match(text, end) or _BETWEEN_WORDS.match(text, end)
        if more is not None:
            end = more.end()
        elif end < len(text) and is_mark(text[end]) and text[end] not in _VARIATION_SELECTORS:
            end += 1
        else:
            return end


def _untrimmed(text: str, start: int, before: str) -> int:
    """The end of all that may be in an address. A bracket or quotation mark that was opened before it ends it."""
    end, opened = start, {"(": 0, "[": 0}
    while end < len(text):
        if (piece := _PIECE.match(text, end)) is not None:
            end = piece.end()
            continue
        sign = text[end]
        if sign in opened:
            opened[sign] += 1
        elif sign in (")", "]"):
            if not opened[_CLOSING[sign]] and (sign == "]" or before == "("):
                break
            opened[_CLOSING[sign]] -= 1
        elif sign not in _PAIRED or sign == before:
            break
        end += 1
    return end


def _trimmed(text: str, start: int, end: int, before: str) -> int:
    """The end without the punctuation of the sentence, and without closing signs that were opened before it."""
    too_many = {closing: text.count(closing, start, end) - text.count(opening, start, end)
                for closing, opening in _CLOSING.items()}
    too_many |= {sign: text.count(sign, start, end) % 2 for sign in _PAIRED}
    while end > start:
        last = text[end - 1]
        if too_many.get(last, 0) > 0:
            too_many[last] -= 1
        elif not _ends_a_sentence(last) and not (last == before and last in _EMPHASIS):
            break
        end -= 1
    return end


def _ends_a_sentence(character: str) -> bool:
    if character.isascii():
        return character in _SENTENCE
    return character in _SENTENCE or unicodedata.category(character).startswith("P")
