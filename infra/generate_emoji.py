"""`python -m infra.generate_emoji`: write the list of emoji that `domain/text/unicode_emoji.py` reads.

The source is the package `emoji`, which follows Unicode's emoji-test. It is pinned for development only, because
importing it takes ten times as long as reading the list. Run this after changing the pin.
"""

from pathlib import Path

import emoji

LIST = Path(__file__).parents[1] / "chalicelib" / "domain" / "text" / "fully_qualified.txt"


def fully_qualified() -> list[str]:
    """The fully-qualified sequences, in code point order."""
    wanted = emoji.STATUS["fully_qualified"]
    return sorted(sequence for sequence, about in emoji.EMOJI_DATA.items() if about["status"] == wanted)


if __name__ == "__main__":
    sequences = fully_qualified()
    LIST.write_text("".join(f"{sequence}\n" for sequence in sequences), "utf-8")
    print(f"{len(sequences)} emoji")
