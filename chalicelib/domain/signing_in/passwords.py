"""Passwords, hashed with argon2id at the cheapest accepted strength: 19 MiB, two passes, about 24 ms.

The library is loaded when the first password arrives, because most containers never see one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ...store.accounts.accounts import Secret

if TYPE_CHECKING:
    from argon2 import PasswordHasher

# The hash of a password that nobody has. It is verified for unknown names, so that the time does not tell who exists.
_DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$E0KbeNq4qkbR7cW2IBEGOA$h0SwVVJ1cGjwNGxLQLd/TcJKXgRx6fpQoDSxzXxda+Y"


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def hashed(password: str) -> str:
    return _hasher().hash(password.encode("utf-8", "surrogatepass"))


def fits(password: object, secret: Secret | None) -> bool:
    """Whether this is the password. Takes as long if there is no account. Only a text can fit."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    stored = secret.password_hash if secret is not None else None
    text = password if isinstance(password, str) else ""
    try:
        matches = _hasher().verify(stored or _DUMMY, text.encode("utf-8", "surrogatepass"))
    except (Argon2Error, InvalidHashError):
        return False
    return matches and stored is not None and isinstance(password, str)
