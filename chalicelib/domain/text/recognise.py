"""Where links, mentions and hashtags are in a text.

What starts further left wins. At the same place, a link wins over a mention, and a mention over a hashtag: so
`https://one.example/@alice` stays a link. A mention found here is a *candidate*: the caller finds out whether the
account exists.

Every pattern reads a character only a few times. A look-behind says what may stand before a match, so that a run that
did not match is not tried again from its middle.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from chalicelib.domain.text.addresses import end_after_host, end_of_schemed, is_mark
from chalicelib.domain.text.hashtags import end_of_tag, fold_tag, is_tag

SCHEMES = frozenset(
    {"https", "http", "dat", "dweb", "gopher", "hyper", "ipfs", "ipns", "irc", "ircs", "magnet", "mailto"}
    | {"mumble", "ssb", "xmpp"}
)


class Piece(NamedTuple):
    """A piece of the text, and what it means: the address of a link, the name of a mention, a folded tag."""

    kind: Literal["link", "mention", "hashtag"]
    start: int
    end: int
    value: str


_SCHEME = r"(?:(?:https?|dat|dweb|gopher|hyper|ipfs|ipns|ircs?|mumble|ssb)://|magnet:\?|(?:mailto|xmpp):)"
_HOST = r"(?:[\w-]+\.)+[^\W_](?:[\w-]*[^\W_])?"
_NAME = r"[A-Za-z0-9_-]+(?:@[\w-]+(?:\.[\w-]+)*(?::\d{1,5})?)?"

_ANYTHING = re.compile(
    rf"(?<![A-Za-z0-9])(?P<scheme>(?i:{_SCHEME}))"
    rf"|(?<![\w@/])@(?P<mention>{_NAME})"
    rf"|(?<![\w#＃·])(?P<hash>[#＃])(?=[^\s!-/:-@])"
    rf"|(?<![\w@.:/-])(?P<host>{_HOST})"
)
# A text without any of these has nothing to find. Most texts are such.
_HINT = re.compile(r"[@#＃]|\w[.:][\w/?]")


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
    if match["scheme"]:
        return _schemed(match)
    if match["mention"]:
        return Piece("mention", match.start(), match.end(), match["mention"])
    if match["hash"]:
        return _hashtag(match.string, match.start())
    return _bare(match)


def _schemed(match: re.Match[str]) -> Piece | None:
    text, start = match.string, match.start()
    end = end_of_schemed(text, start, match.end())
    return Piece("link", start, end, text[start:end]) if end is not None else None


def _bare(match: re.Match[str]) -> Piece | None:
    text, start, host = match.string, match.start(), match["host"]
    after = text[match.end() : match.end() + 1]
    if after == "@" or (after and is_mark(after)) or not _is_top_level(host.rpartition(".")[2]):
        return None
    end = end_after_host(text, start, match.end())
    return Piece("link", start, end, "http://" + text[start:end])


def _hashtag(text: str, start: int) -> Piece | None:
    end = end_of_tag(text, start + 1)
    tag = fold_tag(text[start + 1 : end])
    return Piece("hashtag", start, end, tag) if is_tag(tag) else None


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
