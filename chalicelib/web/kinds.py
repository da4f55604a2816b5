"""The kinds of value a parameter can have: what each accepts, what it becomes, and the words of its refusal.

A kind reads one JSON-like value. It gives the typed value or raises `Wrong` with the faults that it found. A fault's
path grows from the inside out: each list or map around the faulty value puts a name in front. Kinds made of other kinds
are in `shapes`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, ClassVar, NamedTuple

from ..domain.mail.addresses import is_email
from ..domain.refusals import BadRequest, NotFound
from ..ids import is_flake
from .body import Repeated, SentFile
from .errors import NOT_IMPLEMENTED

FALSE = ("0", "f", "F", "false", "False", "FALSE", "off", "OFF", "")
UNKNOWN_ID = "0"
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*")
_LONGEST_WORD = 64
WORDS_BEFORE_OTHERS = frozenset({"requests"})
"""Words that newer versions of the API have where ours has an id and something after it: `requests/dismiss`."""
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LARGEST_INTEGER = 2**63 - 1
_MOST_ECHOED = 100

Schema = dict[str, Any]


class ParameterFault(NamedTuple):
    """One thing wrong with a parameter. `subject` opens the sentence; None stands for the field's own name. `own_key`:
    what the body says under the name of the parameter, for clients that look there.
    """

    path: tuple[str, ...]
    message: str
    subject: str | None = None
    own_key: str | None = None

    def within(self, name: str) -> ParameterFault:
        return self._replace(path=(name, *self.path))

    @property
    def sentence(self) -> str:
        if self.message.startswith("Missing field"):
            return f"{self.message}."
        subject = self.path[-1] if self.subject is None else self.subject
        return f"{subject} - {self.message}."


class Wrong(Exception):
    def __init__(self, *faults: ParameterFault) -> None:
        super().__init__(faults)
        self.faults = faults


def type_name(value: Any) -> str:
    """What a value is called in an error."""
    match value:
        case bool():
            return "boolean"
        case str():
            return "string"
        case int():
            return "integer"
        case float():
            return "number"
        case list():
            return "array"
        case None:
            return "null"
    return "object"


class Kind:
    """Base of all kinds. `textual`: an empty value in a query counts as a value, not as absent. `blank`: what the error
    says of it under a key of its own, if it is missing.
    """

    name: ClassVar[str] = "string"
    textual = False
    blank: ClassVar[str | None] = None

    def read(self, value: Any) -> Any:
        raise NotImplementedError

    def schema(self) -> Schema:
        return {"type": self.name}

    def refuse(self, value: Any) -> Wrong:
        if value is None:
            return Wrong(ParameterFault((), f"null value where {self.name} expected"))
        return Wrong(ParameterFault((), f"Invalid {self.name}. Got: {type_name(value)}"))


def single(value: Any) -> Any:
    return value[-1] if type(value) is Repeated else value


class Text(Kind):
    """Any Unicode text without NUL. Its length is counted in characters."""

    textual = True

    def __init__(self, shortest: int | None = None, longest: int | None = None, *, in_path: bool = False) -> None:
        self.shortest, self.longest, self.in_path = shortest, longest, in_path

    def read(self, value: Any) -> str:
        value = single(value)
        if not isinstance(value, str):
            raise self.refuse(value)
        if "\0" in value and not self.in_path:
            raise BadRequest
        if self.longest is not None and len(value) > self.longest:
            raise Wrong(ParameterFault((), f"String length is larger than maxLength: {self.longest}"))
        if self.shortest is not None and len(value) < self.shortest:
            raise Wrong(ParameterFault((), f"String length is smaller than minLength: {self.shortest}"))
        return value

    def schema(self) -> Schema:
        bounds = {"minLength": self.shortest, "maxLength": self.longest}
        return {"type": "string"} | {word: bound for word, bound in bounds.items() if bound is not None}


class Id(Kind):
    """An id. A text that cannot be an id becomes UNKNOWN_ID, which nothing has, so that the endpoint finds nothing."""

    def read(self, value: Any) -> str:
        value = single(value)
        if isinstance(value, str):
            return value if _ID.fullmatch(value) else UNKNOWN_ID
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value) if 0 <= value <= _LARGEST_INTEGER else UNKNOWN_ID
        raise self.refuse(value)


class PathId(Id):
    """An id in a path. NotFound: it is a word, so that the path is one of a newer API, which nobody serves here.

    Clients ask for such a path to find out whether a server has it, and go another way if it has not. `is_last`: the
    path ends here, so every word counts. Otherwise only those count that the newer API is known to have there.
    """

    def __init__(self, *, is_last: bool) -> None:
        self.is_last = is_last

    def read(self, value: Any) -> str:
        if value in WORDS_BEFORE_OTHERS or (self.is_last and is_word(value)):
            raise NotFound(NOT_IMPLEMENTED)
        return super().read(value)


def is_word(text: str) -> bool:
    """Whether a text reads as a word of an address (`unread_count`) and cannot be an id."""
    return len(text) <= _LONGEST_WORD and not is_flake(text) and _WORD.fullmatch(text) is not None


class Integer(Kind):
    """A number or decimal digits, within 64 bits."""

    name = "integer"

    def read(self, value: Any) -> int:
        value = single(value)
        number = value
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            number = int(value)
        if not isinstance(number, int) or isinstance(number, bool) or abs(number) > _LARGEST_INTEGER:
            raise self.refuse(value)
        return number


class PageNumber(Integer):
    """A number from 1: which page, or how many rows it has. A lower one counts as 1.

    `instead`: what a lower number, or no number at all, counts as, where nothing is refused.
    """

    def __init__(self, instead: int | None = None) -> None:
        self.instead = instead

    def read(self, value: Any) -> int:
        try:
            number = super().read(value)
        except Wrong:
            if self.instead is None:
                raise
            return self.instead
        return number if number >= 1 else self.instead or 1


class Number(Kind):
    name = "number"

    def read(self, value: Any) -> float:
        value = single(value)
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return float(value)
        if isinstance(value, float) or (type(value) is int and abs(value) <= _LARGEST_INTEGER):
            return float(value)
        raise self.refuse(value)


class LooseBoolean(Kind):
    """A loose boolean: a few spellings are false, every other single value is true."""

    name = "boolean"

    def read(self, value: Any) -> bool:
        value = single(value)
        if isinstance(value, bool):
            return value
        if isinstance(value, str):
            return value not in FALSE
        if isinstance(value, (int, float)):
            return value != 0
        raise self.refuse(value)


class StrictBoolean(Kind):
    """True or false, also as words or as the digits that clients send for booleans. Nothing else."""

    name = "boolean"

    def read(self, value: Any) -> bool:
        value = single(value)
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in ("true", "false", "1", "0"):
            return value in ("true", "1")
        raise self.refuse(value)


class Choice(Kind):
    """One of the words of an enumeration."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words

    def read(self, value: Any) -> str:
        value = single(value)
        if not isinstance(value, str):
            raise self.refuse(value)
        if value not in self.words:
            raise Wrong(ParameterFault((), "Invalid value for enum", value[:_MOST_ECHOED]))
        return value

    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.words)}


class Moment(Kind):
    """A date and time of ISO 8601. Without a zone it is UTC."""

    def read(self, value: Any) -> datetime:
        value = single(value)
        if not isinstance(value, str):
            raise self.refuse(value)
        try:
            moment = datetime.fromisoformat(value.strip()) if len(value) > len("2020-01-01") else None
            if moment is not None:
                return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise Wrong(ParameterFault((), 'Invalid format. Expected :"date-time"'))

    def schema(self) -> Schema:
        return {"type": "string", "format": "date-time"}


class FilledText(Text):
    """A text that says something. If it is missing or blank, the error has a key of its own for it."""

    blank = "can't be blank"

    def read(self, value: Any) -> str:
        text = super().read(value)
        if not text.strip():
            raise Wrong(ParameterFault((), self.blank, own_key=self.blank))
        return text


class Day(Kind):
    """A date of ISO 8601: year, month and day."""

    def read(self, value: Any) -> date:
        value = single(value)
        if not isinstance(value, str):
            raise self.refuse(value)
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise Wrong(ParameterFault((), "Invalid format. Expected :date"))

    def schema(self) -> Schema:
        return {"type": "string", "format": "date"}


class Email(Text):
    """What looks like an e-mail address."""

    def read(self, value: Any) -> str:
        text = super().read(value)
        if not is_email(text):
            raise Wrong(ParameterFault((), "Invalid format. Expected :email"))
        return text

    def schema(self) -> Schema:
        return {"type": "string", "format": "email"}


class File(Kind):
    name = "string"

    def read(self, value: Any) -> SentFile:
        value = single(value)
        if not isinstance(value, SentFile):
            raise self.refuse(value)
        return value

    def schema(self) -> Schema:
        return {"type": "string", "format": "binary"}


class Anything(Kind):
    name = "object"
    textual = True

    def read(self, value: Any) -> Any:
        return single(value)

    def schema(self) -> Schema:
        return {}
