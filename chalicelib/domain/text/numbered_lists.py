"""Markdown's numbered lists that begin with another number than 1.

The attribute that would tell where they begin is not allowed. Often they are none: `2024. What a year` is a sentence.
So their items become paragraphs, each with the number that was typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token


def numbers_as_typed(state: StateCore) -> None:
    """Rewrite the parsed text's tokens, if there is such a list among them."""
    if any(map(_begins_elsewhere, state.tokens)):
        state.tokens = list(_Rewriting().of(state.tokens))


def _begins_elsewhere(token: Token) -> bool:
    return token.type == "ordered_list_open" and "start" in token.attrs


class _Rewriting:
    def __init__(self) -> None:
        self.lists: list[bool] = []  # of the lists that are open, whether their tags go
        self.levels: list[int] = []  # of the items whose tags go: paragraphs right within them are shown
        self.number = ""  # of the item that has just begun

    def of(self, tokens: Sequence[Token]) -> Iterator[Token]:
        for token in tokens:
            if self.number and token.type == "inline":
                token.children = [_text(self.number + " "), *(token.children or [])]
                self.number = ""
            elif self.number and token.type != "paragraph_open":
                yield from _paragraph(self.number)
                self.number = ""
            if not self._goes(token):
                yield token

    def _goes(self, token: Token) -> bool:
        """Whether the tag goes. Remembers where the walk is."""
        match token.type:
            case "ordered_list_open" | "bullet_list_open":
                self.lists.append(_begins_elsewhere(token))
                return self.lists[-1]
            case "ordered_list_close" | "bullet_list_close":
                return self.lists.pop()
            case "list_item_open" if self.lists[-1]:
                self.number = token.info + token.markup
                self.levels.append(token.level)
                return True
            case "list_item_close" if self.lists[-1]:
                self.levels.pop()
                return True
            case "paragraph_open" | "paragraph_close" if self.levels and token.level == self.levels[-1] + 1:
                token.hidden = False
        return False


def _paragraph(text: str) -> Iterator[Token]:
    from markdown_it.token import Token

    yield Token("paragraph_open", "p", 1)
    yield Token("inline", "", 0, children=[_text(text)])
    yield Token("paragraph_close", "p", -1)


def _text(content: str) -> Token:
    from markdown_it.token import Token

    return Token("text", "", 0, content=content)
