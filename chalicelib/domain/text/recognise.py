"""Where links, mentions and hashtags are in a text.

What starts further left wins. At the same place, a link wins over a mention, and a mention over a hashtag: so
`https://one.example/@alice` stays a link. A mention found here is a *candidate*: the caller finds out whether the
account exists.

Every pattern reads a character only a few times. A look-behind says what may stand before a match, so that a run that
did not match is not tried again from its middle.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

SCHEMES = frozenset(
    {"https", "http", "dat", "dweb", "gopher", "hyper", "ipfs", "ipns", "irc", "ircs", "magnet", "mailto"}
    | {"mumble", "ssb", "xmpp"}
)


class Piece(NamedTuple):
    """A piece of the text, and what it means: the address of a link, the name of a mention, a tag in lower case."""

    kind: Literal["link", "mention", "hashtag"]
    start: int
    end: int
    value: str


# An address may have any letter. It has no white space, no invisible characters, and nothing that encloses it in prose:
# quotation marks, CJK and full-width punctuation.
_INVISIBLE = r"\s\x00-\x20\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_ENCLOSING = r"<>\"`{}|\\^«»‘-‟‹›\u3000-\u3004\u3008-\u3020！-／：-＠［-｀｛-･"
_ADDRESS = rf"[^{_INVISIBLE}{_ENCLOSING}]"
_BEFORE_ADDRESS = r"(?:(?:https?|dat|dweb|gopher|hyper|ipfs|ipns|ircs?|mumble|ssb)://|magnet:\?|(?:mailto|xmpp):)"
_BARE_HOST = rf"(?P<host>(?:[\w-]+\.)+[\w-]{{2,}})(?::\d{{1,5}})?(?:[/?#]{_ADDRESS}*)?"
_NAME = r"[A-Za-z0-9_-]+(?:@[\w-]+(?:\.[\w-]+)*(?::\d{1,5})?)?"

_ANYTHING = re.compile(
    rf"(?<![A-Za-z0-9])(?P<link>(?i:{_BEFORE_ADDRESS}){_ADDRESS}+)"
    rf"|(?<![\w@/])@(?P<mention>{_NAME})"
    rf"|(?<![\w#·])(?P<hash>\#)(?=[^\s!-/:-@])"
    rf"|(?<![\w@.:/-])(?P<bare>{_BARE_HOST})"
)
# A text without any of these has nothing to find. Most texts are such.
_HINT = re.compile(r"[@#]|\w[.:][\w/?]")
_TAG = re.compile(r"[\w·]*")


def find(text: str) -> Iterator[Piece]:
    """Everything that will be linked in `text`, from left to right, without overlaps."""
    if not _HINT.search(text):
        return
    position = 0
    while match := _ANYTHING.search(text, position):
        found = _understand(match)
        if found:
            yield found
        position = found.end if found else match.end()


def _understand(match: re.Match[str]) -> Piece | None:
    if match["link"]:
        return _schemed(match)
    if match["mention"]:
        return Piece("mention", match.start(), match.end(), match["mention"])
    if match["hash"]:
        return _hashtag(match.string, match.start())
    return _bare(match)


def _schemed(match: re.Match[str]) -> Piece | None:
    url = _without_trailing_punctuation(match["link"])
    scheme, _, rest = url.partition(":")
    if not rest.strip("/?") or (scheme.lower() == "mailto" and "@" not in rest):
        return None
    return Piece("link", match.start(), match.start() + len(url), url)


def _bare(match: re.Match[str]) -> Piece | None:
    host = match["host"]
    if match.string[match.end("host") : match.end("host") + 1] == "@" or not _is_top_level(host.rpartition(".")[2]):
        return None
    typed = _without_trailing_punctuation(match["bare"])
    return Piece("link", match.start(), match.start() + len(typed), "http://" + typed)


def _hashtag(text: str, start: int) -> Piece | None:
    """The hashtag at `start`. Many scripts need marks. `re` has no class for them, so characters are tested singly."""
    end = start + 1
    while True:
        run = _TAG.match(text, end)
        end = run.end() if run else end
        if end == len(text) or text[end] < "\u0300" or not unicodedata.category(text[end]).startswith("M"):
            break
        end += 1
    tag = text[start + 1 : end]
    if not any(character.isalpha() or character == "_" for character in tag):
        return None
    return Piece("hashtag", start, end, tag.lower())


def _without_trailing_punctuation(url: str) -> str:
    """`url` without the punctuation of the sentence, and without closing brackets that were opened before it."""
    unopened = {")": url.count(")") - url.count("("), "]": url.count("]") - url.count("[")}
    end = len(url)
    while end:
        last = url[end - 1]
        if unopened.get(last, 0) > 0:
            unopened[last] -= 1
        elif last not in ",.;:>?!'":
            break
        end -= 1
    return url[:end]


def _is_top_level(label: str) -> bool:
    if len(label) > 63:  # the longest label that a host can have
        return False
    if not label.isascii():
        label = "xn--" + label.lower().encode("punycode").decode("ascii")
    return label.upper() in _top_level_domains()


@cache
def _top_level_domains() -> frozenset[str]:
    # Only its list is used: the matcher of linkify-it knows neither our schemes nor our mentions.
    from linkify_it.tlds import TLDS  # type: ignore[import-untyped]

    return frozenset(TLDS)
