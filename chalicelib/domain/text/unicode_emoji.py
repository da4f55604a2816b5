"""Which texts are exactly one emoji, as Unicode's emoji-test counts them.

Only *fully-qualified* sequences: `❤` is a dingbat, and an emoji only when U+FE0F follows. The list is written by
`infra/generate_emoji.py`. The regional indicators, halves of flags, are no emoji there; the reference takes them.
"""

from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_name("fully_qualified.txt")
_REGIONAL_INDICATORS = frozenset(chr(code) for code in range(0x1F1E6, 0x1F200))


def is_emoji(text: str) -> bool:
    return text in _REGIONAL_INDICATORS or text in _fully_qualified()


@cache
def _fully_qualified() -> frozenset[str]:
    return frozenset(_LIST.read_text("utf-8").splitlines())
