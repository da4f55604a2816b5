"""The way back from HTML to plain text; and shortcodes."""

import html as html_entities
import re

from chalicelib.domain.text import sanitise

_BLOCKS = frozenset({"p", "blockquote", "pre", "ul", "ol", "li"})
# A name between two colons. The second colon may be the first of the next name: `:one:two:` has both.
_SHORTCODE = re.compile(r":(?=([^\s:/<>]{1,255}):)")
_COULD_OPEN_A_TAG = re.compile(r"(?<!<)<++(?=[A-Za-z/!?])")


def plain_text(html: str) -> str:
    """The text of HTML made here: without tags, entities decoded, with line breaks where blocks end."""
    parts: list[str] = []
    between_blocks = False
    for token in sanitise.tokens(html):
        name = sanitise.tag_name(token)
        if name in _BLOCKS:
            between_blocks = True
        elif name == "br":
            parts.append("\n")
        elif not name and not (between_blocks and token.isspace()):
            if between_blocks and parts:
                parts.append("\n")
            between_blocks = False
            parts.append(html_entities.unescape(token))
    return "".join(parts).strip("\n")


def one_line(html: str) -> str:
    """The text of HTML made here in one line, with a blank wherever there is white space."""
    return " ".join(plain_text(html).split())


def cut(text: str, length: int) -> str:
    """The text if it is shorter than `length`, else its beginning with three dots, which make it as long as that."""
    return text if len(text) < length else text[:length - 3] + "..."


def strip_tags(text: str) -> str:
    """Typed plain text without its tags. Entities stay as typed, because they mean nothing there.

    Nothing in the result can open a tag, so it does no harm even if it is taken for HTML.
    """
    text = whole(text)
    if "<" not in text:
        return text
    stripped = html_entities.unescape(sanitise.without_tags(text.replace("&", "&amp;")))
    return opening_no_tag(stripped)


def opening_no_tag(text: str) -> str:
    """The text without what would open a tag if it were taken for HTML."""
    return _COULD_OPEN_A_TAG.sub("", text)


def custom_shortcodes(*texts: str) -> list[str]:
    """Everything in the texts that may be the shortcode of a custom emoji, in order, each once."""
    return list(dict.fromkeys(name for text in texts for name in _SHORTCODE.findall(text)))


def whole(text: str) -> str:
    """`text` in a form that can be stored and sent: surrogates paired or replaced, no NUL, line breaks of one kind."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
