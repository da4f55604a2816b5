"""Which texts are exactly one emoji, as Unicode's emoji-test counts them.

Only *fully-qualified* sequences count: `❤` becomes an emoji only by a U+FE0F after it. `infra/generate_emoji.py` writes
the list. Regional indicators, the halves of flags, are not in Unicode's list, but the reference takes them.
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
