"""Pictures of custom emoji in HTML: `:name:` in its texts becomes the picture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from . import sanitise

_SHORTCODE = re.compile(r":([^\s:/<>]{1,255}):")


def with_pictures(html: str, addresses: Mapping[str, str], attributes: str) -> str:
    """Sanitised HTML with the pictures of the emoji in its texts.

    `addresses`: where the picture of each shortcode is. `attributes`: what each picture has besides, as HTML.
    """
    if not addresses or ":" not in html:
        return html

    def picture(match: re.Match[str]) -> str:
        address = addresses.get(match[1])
        if address is None:
            return match[0]
        name = escape(match[0])
        return f'<img src="{escape(address)}" alt="{name}" title="{name}" {attributes}>'

    return "".join(token if token.startswith("<") else _SHORTCODE.sub(picture, token)
                   for token in sanitise.tokens(html))
