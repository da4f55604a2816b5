"""The page on which somebody chooses a frontend."""

from __future__ import annotations

from collections.abc import Sequence

from .engine import rendered


def choose(offered: Sequence[str], chosen: str, *, fault: str = "") -> str:
    """`offered`: what may be chosen, as `NAME/REF`."""
    return rendered("frontends/choose.html", offered=[(each, each) for each in offered], chosen=chosen, fault=fault)
