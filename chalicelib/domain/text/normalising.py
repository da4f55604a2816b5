"""Normal forms of texts of any length, in time that grows with the length.

Python sorts the marks of one letter by comparing each with all others. So a text of nothing but marks would take a
minute for 200 KB. Here a joiner that draws nothing stands after thirty marks in a row, as in the Stream-Safe Text
Format of Unicode (UAX 15). No script has so many.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

MOST_MARKS = 30
_JOINER = "\u034f"
_LETTERS_AS_MARKS = "\uff9e\uff9f"
_MAY_BE_MARKS = re.compile(rf"[\W{_LETTERS_AS_MARKS}]{{{MOST_MARKS + 1},}}")


def normalise(form: Literal["NFC", "NFKC"], text: str) -> str:
    if not text.isascii():
        text = _MAY_BE_MARKS.sub(_without_long_runs, text)
    return unicodedata.normalize(form, text)


def _without_long_runs(found: re.Match[str]) -> str:
    marks = 0
    kept: list[str] = []
    for each in found[0]:
        marks = marks + 1 if unicodedata.combining(each) or each in _LETTERS_AS_MARKS else 0
        if marks > MOST_MARKS:
            kept.append(_JOINER)
            marks = 1
        kept.append(each)
    return "".join(kept)
