"""The scopes that a call lacks, in the words of the refusal. The domain decides what a scope covers."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.signing_in.scopes import covers


def missing(held: Iterable[str], wanted: tuple[str, ...], *, all_of: bool = False) -> str:
    """The missing scopes, as the refusal names them. Empty when the held ones suffice."""
    held = tuple(held)
    lacking = [scope for scope in wanted if not covers(held, scope)]
    if all_of:
        return " & ".join(lacking)
    return " | ".join(lacking) if len(lacking) == len(wanted) else ""
