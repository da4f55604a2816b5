"""Markdown → HTML that has yet to be sanitised.

CommonMark with HTML and `~~struck~~`. A single line break stays in the HTML's source, but is not shown as one. Mentions
and addresses are kept from emphasis, so that `@some_one_` and `https://one.example/a_b_c` stay whole.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.domain.text.recognise import SCHEMES

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

# The last underscore is left out: it may end an emphasis that began before the name.
_MENTION = re.compile(r"@[A-Za-z0-9_-]*[A-Za-z0-9-](?:@[\w-]*[^\W_](?:\.[\w-]*[^\W_])*)?")
_SCHEME = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(sorted(SCHEMES))})\Z", re.IGNORECASE)
_ADDRESS = re.compile(r":[\w\-.~%:/?#@!$&'+,;=]*[\w/=%](?<!_)")


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
    parser.inline.ruler.before("escape", "as_typed", _as_typed)
    return parser if links else parser.disable(["link", "image", "reference"])


def _code_block(code: str) -> str:
    from markdown_it.common.utils import escapeHtml

    return f"<pre><code>{escapeHtml(code.rstrip())}</code></pre>"


def _as_typed(state: "StateInline", silent: bool) -> bool:
    """Takes a mention, or the rest of an address at the colon after its scheme. (The scheme was read as text.)"""
    match state.src[state.pos]:
        case "@":
            match = _MENTION.match(state.src, state.pos)
        case ":" if _SCHEME.search(state.src[max(0, state.pos - 8) : state.pos]):
            match = _ADDRESS.match(state.src, state.pos)
        case _:
            return False
    if match is None:
        return False
    if not silent:
        state.pending += match[0]
    state.pos = match.end()
    return True
