"""QR codes, as pictures within a page: they hold secrets, so no other server draws them."""

from __future__ import annotations

MODULE = 5
"""Pixels of one dot. The picture of a secret is then some 250 wide, which every telephone reads."""
QUIET = 4
"""Dots of white around it, as the standard wants. It is white in the dark too: scanners need that."""


def picture(text: str) -> str:
    """The address of an SVG that shows the text as a QR code."""
    import segno

    code = segno.make_qr(text, error="m")
    return str(code.svg_data_uri(scale=MODULE, border=QUIET, dark="#000", light="#fff"))
