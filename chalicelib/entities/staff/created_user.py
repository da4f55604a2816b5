"""Created user: what became of each account that an administrator asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from ...domain.staff.creating import NewUser


class Asked(TypedDict):
    nickname: str
    email: str


class CreatedUser(TypedDict):
    type: Literal["success"]
    code: int
    data: Asked


class UncreatedUser(TypedDict):
    """`error` is empty for an account that was not made because of another one."""

    type: Literal["error"]
    code: int
    error: str
    data: Asked


def render_created_users(wishes: Sequence[NewUser]) -> list[CreatedUser]:
    return [{"type": "success", "code": 200, "data": _asked(wish)} for wish in wishes]


def render_uncreated_users(wishes: Sequence[NewUser], faults: Sequence[str]) -> list[UncreatedUser]:
    return [{"type": "error", "code": 409, "error": fault, "data": _asked(wish)}
            for wish, fault in zip(wishes, faults, strict=True)]


def _asked(wish: NewUser) -> Asked:
    return {"nickname": wish.nickname, "email": wish.email}
