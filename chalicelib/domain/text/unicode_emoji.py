"""Which texts are exactly one emoji, as Unicode's emoji-test counts them, and how each is written.

Some emoji are dingbats unless U+FE0F follows, and keyboards disagree: Apple's adds it where nobody needs it, others
leave it out. All spellings of one emoji are its *fully-qualified* form here. The list of those is written by
`infra/generate_emoji.py`. The regional indicators, halves of flags, are no emoji there; the reference takes them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

LONGEST = 40
"""Code points: no emoji has so many."""
_LIST = Path(__file__).with_name("fully_qualified.txt")
_REGIONAL_INDICATORS = frozenset(chr(code) for code in range(0x1F1E6, 0x1F200))
_PRESENTED_AS_EMOJI = "\ufe0f"


def find_emoji(text: str) -> str | None:
    """The fully-qualified form of a text that is one emoji; None when it is none."""
    if text in _REGIONAL_INDICATORS:
        return text
    return _by_bare_form().get(_bare(text)) if len(text) < LONGEST else None


def _bare(text: str) -> str:
    return text.replace(_PRESENTED_AS_EMOJI, "")


@cache
def _by_bare_form() -> dict[str, str]:
    return {_bare(emoji): emoji for emoji in _LIST.read_text("utf-8").splitlines()}
