"""Text: what people type, turned into the HTML that others read.

    recognise.py      where links, mentions and hashtags are in a text
    addresses.py      where an address ends that begins in a text
    hashtags.py       which characters a hashtag has, and when two are the same
    linking.py        turns those places into anchors
    sanitise.py       which HTML is allowed, and the walk over sanitised HTML
    blocks.py         what takes the place of blocks that are not allowed
    markdown.py       Markdown → HTML that has yet to be sanitised
    bbcode.py         BBCode → HTML that has yet to be sanitised
    foreign.py        which HTML of other servers is shown
    formatting.py     the three together: a status, an account's note, an account's field
    plain.py          the way back (HTML → plain text), and shortcodes
    characters.py     how many characters a text has, and whether it keeps a limit
    normalising.py    normal forms, in time that grows with the length
    phrases.py        whether texts have a phrase, as filters ask
    accents.py        letters without their accents, as searches compare them
    languages.py      codes of languages
    unicode_emoji.py  which texts are exactly one emoji
    emoji_pictures.py  pictures of custom emoji in HTML

*Typed* text comes from a person and may be hostile. *HTML* has been sanitised here, and has only tags that we allow.
Nothing here asks the store: the caller looks up `mentioned_names` and passes in the people it found. The libraries are
imported at their first use: every request loads this package, and most of them format nothing.
"""

from chalicelib.domain.text.characters import LINK_LENGTH, fits, is_blank, length, look, with_short_links
from chalicelib.domain.text.formatting import (
    RICH,
    Formatted,
    for_plain_reader,
    format_field,
    format_note,
    format_status,
    markdown_html,
    mentioned_names,
)
from chalicelib.domain.text.hashtags import fold, fold_tag
from chalicelib.domain.text.linking import Mentioned
from chalicelib.domain.text.plain import custom_shortcodes, plain_text, strip_tags
from chalicelib.domain.text.unicode_emoji import find_emoji

__all__ = [
    "LINK_LENGTH",
    "RICH",
    "Formatted",
    "Mentioned",
    "custom_shortcodes",
    "find_emoji",
    "fits",
    "fold",
    "fold_tag",
    "for_plain_reader",
    "format_field",
    "format_note",
    "format_status",
    "is_blank",
    "length",
    "look",
    "markdown_html",
    "mentioned_names",
    "plain_text",
    "strip_tags",
    "with_short_links",
]
