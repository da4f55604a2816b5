"""Everything the domain can refuse; `web/errors.py` knows the number of each.

Refusal
├── NotFound         no such thing, or not for this viewer: from outside both look the same
├── Vanished         was there, and will not come back
├── Forbidden        seen, but not theirs to do
├── Unauthenticated  hidden from anonymous visitors by a setting
├── BadRequest       cannot be done as asked
├── Unacceptable     understood, and not possible
├── Conflict         exists already, or is being made at this moment
├── TooLarge         more bytes than the limit
├── Unsupported      bytes of another kind than what is wanted
├── Throttled        too often
├── Declined         a refusal of an account setting, which clients get with 200, as the document has it
├── Unavailable      another service is needed, and does not answer
└── Failed           the document itself promises a 500 here
"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """`message` is what the client reads, to the letter. `identifier` is a second key that some replies have."""

    default = "Bad request"

    def __init__(self, message: str | None = None, *, identifier: str | None = None, **extra: Any) -> None:
        self.message = self.default if message is None else message
        self.extra = extra if identifier is None else {"identifier": identifier, **extra}
        super().__init__(self.message)


class NotFound(Refusal):
    default = "Record not found"


class Vanished(Refusal):
    default = "Gone"


class Forbidden(Refusal):
    default = "Access denied"


class Unauthenticated(Refusal):
    default = "This API requires an authenticated user"


class BadRequest(Refusal):
    default = "Bad request"


class Unacceptable(Refusal):
    default = "Unprocessable"


class Conflict(Refusal):
    default = "Conflict"


class TooLarge(Refusal):
    default = "Request body is too large"


class Unsupported(Refusal):
    default = "Unsupported media type"


class Throttled(Refusal):
    default = "Throttled"


class Declined(Refusal):
    """What the endpoints of account settings answer instead of success."""


class Unavailable(Refusal):
    default = "Service unavailable"


class Failed(Refusal):
    default = "Something went wrong"
