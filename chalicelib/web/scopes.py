"""The scopes a call lacks, in the words of the refusal. What a scope covers is the domain's to say."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.signing_in.scopes import covers


def missing(held: Iterable[str], wanted: tuple[str, ...], *, all_of: bool = False) -> str:
    """The scopes lacking, as the refusal names them; empty when the held ones suffice."""
    held = tuple(held)
    lacking = [scope for scope in wanted if not covers(held, scope)]
    if all_of:
        return " & ".join(lacking)
    return " | ".join(lacking) if len(lacking) == len(wanted) else ""
