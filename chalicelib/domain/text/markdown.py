"""Markdown → HTML that has yet to be sanitised.

CommonMark with HTML and `~~struck~~`. A single line break stays in the HTML's source, but is not shown as one. Mentions
and addresses are kept from emphasis, so that `@some_one_` and `https://one.example/a_b_c` stay whole.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from chalicelib.domain.text import recognise
from chalicelib.domain.text.addresses import end_in_markdown
from chalicelib.domain.text.numbered_lists import numbers_as_typed

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

# The last underscore is left out: it may end an emphasis that began before the name.
_MENTION = re.compile(r"@[A-Za-z0-9_-]*[A-Za-z0-9-](?:@[\w-]*[^\W_](?:\.[\w-]*[^\W_])*)?")
# For each open bracket the parser reads on to the end of the text. A text with more brackets than this gets no links.
_MOST_BRACKETS = 300


def to_html(text: str) -> str:
    html: str = _parser(links=text.count("[") <= _MOST_BRACKETS).render(text)
    return html


@cache
def _parser(*, links: bool) -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML

    class Compact(RendererHTML):
        """Puts no line breaks between blocks, because clients show them."""

        def renderToken(  # noqa: N802  (the library's name)
            self, tokens: Sequence["Token"], idx: int, options: "OptionsDict", env: "EnvType"
        ) -> str:
            token = tokens[idx]
            if token.hidden:
                return ""
            tag = "del" if token.tag == "s" else token.tag
            return f"</{tag}>" if token.nesting == -1 else f"<{tag}{self.renderAttrs(token)}>"

        def fence(self, tokens: Sequence["Token"], idx: int, options: "OptionsDict", env: "EnvType") -> str:
            return _code_block(tokens[idx].content)

        def code_block(self, tokens: Sequence["Token"], idx: int, options: "OptionsDict", env: "EnvType") -> str:
            return _code_block(tokens[idx].content)

        def html_block(self, tokens: Sequence["Token"], idx: int, options: "OptionsDict", env: "EnvType") -> str:
            return tokens[idx].content.rstrip("\n")

        def hardbreak(self, tokens: Sequence["Token"], idx: int, options: "OptionsDict", env: "EnvType") -> str:
            return "<br>"

    parser = MarkdownIt("commonmark", {"html": True, "breaks": False}, renderer_cls=Compact).enable("strikethrough")
    parser.core.ruler.push("numbers_as_typed", numbers_as_typed)
    parser.inline.ruler.before("escape", "as_typed", _as_typed)
    return parser if links else parser.disable(["link", "image", "reference"])


def _code_block(code: str) -> str:
    from markdown_it.common.utils import escapeHtml

    return f"<pre><code>{escapeHtml(code.rstrip())}</code></pre>"


def _as_typed(state: "StateInline", silent: bool) -> bool:
    """Takes the rest of an address at the first sign in it that could mean something, or else a mention."""
    end = _end_of_address(state.src, state.pos)
    if end is None and state.src[state.pos] == "@":
        mention = _MENTION.match(state.src, state.pos)
        end = mention.end() if mention else None
    if end is None:
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def _end_of_address(text: str, position: int) -> int | None:
    """The end of the address that began before `position` and goes on there. (Its beginning was read as text.)"""
    addresses = _addresses(text)
    index = bisect_left(addresses, (position, 0)) - 1
    return addresses[index][1] if index >= 0 and position < addresses[index][1] else None


@lru_cache(maxsize=8)
def _addresses(text: str) -> list[tuple[int, int]]:
    return [(found.start, end_in_markdown(text, found.start, found.end))
            for found in recognise.find(text) if found.kind == "link"]
