"""Who acts as an administrator."""

from __future__ import annotations

from dataclasses import dataclass

from ..viewer import Viewer


@dataclass(frozen=True)
class Administrator:
    """An administrator as the log names them. Behind the admin token there is nobody: both are None."""

    id: str | None = None
    nickname: str | None = None


def acting(viewer: Viewer | None) -> Administrator:
    return Administrator() if viewer is None else Administrator(viewer.id, viewer.account.nickname)
