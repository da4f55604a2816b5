"""Ids: flakes, which sort by time as text, and the numbers that clients need as integers.

A *flake* is 128 bits (64 milliseconds since 1970, 48 random per process, 16 sequence) in base62, always
18 characters, so that text order, number order and time order are the same until the year 2284.
All numbers for clients stay below 2^53: JavaScript reads them without loss.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
import uuid
from datetime import UTC, datetime
from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH = 18
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_LARGEST = 62**LENGTH - 1
_WORKER = secrets.randbits(48)
_EPOCH_2020_MS = 1_577_836_800_000

_lock = threading.Lock()
_last = 0


def new_flake(after: str | None = None) -> str:
    """A new id, later than every id of this process and later than `after` (the clock of a parent may run ahead)."""
    global _last
    with _lock:
        milliseconds = time.time_ns() // 1_000_000
        floor = max(_last, decode(after) if after else 0)
        number = (milliseconds << 64) | (_WORKER << 16)
        if number <= floor:
            number = floor + 1
        _last = number
    return encode(number)


def flake_back_at(moment_ms: int, after: str | None = None) -> str:
    """A new id of a moment that is over, for what was made elsewhere then. It is later than `after`, as `new_flake`."""
    number = (max(moment_ms, 0) << 64) | secrets.randbits(64)
    return encode(max(number, decode(after) + 1) if after else number)


def flake_of_text(text: str) -> str:
    """What looks like a flake, and is the same for the same text. It has no order."""
    return encode(_digest_bits(text, 105))


def flake_beside(flake: str, text: str) -> str:
    """What looks like a flake of the same moment, and is the same for the same text."""
    return encode((milliseconds(flake) << 64) | _digest_bits(f"{flake} {text}", 64))


def flake_at(moment_ms: int) -> str:
    """The lowest id of a moment (milliseconds since 1970). It only bounds queries by time: nothing has this id."""
    return encode(moment_ms << 64)


def encode(number: int) -> str:
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, 62)
        letters.append(ALPHABET[rest])
    return "".join(reversed(letters))


@lru_cache(maxsize=1024)
def decode(flake: str) -> int:
    """The number of a flake. Raises KeyError for other letters: ask `is_flake` first.

    The last ones are remembered: of a status that is shown, the address, the thread and the time need it.
    """
    number = 0
    for letter in flake:
        number = number * 62 + _VALUES[letter]
    return number


def is_flake(text: object) -> bool:
    return isinstance(text, str) and len(text) == LENGTH and text.isascii() and text.isalnum()


def before(flake: str) -> str:
    """The greatest id below `flake`."""
    return encode(max(decode(flake) - 1, 0))


def cursor(text: str) -> str | None:
    """A paging cursor as a flake. A decimal number is encoded as one. None for anything else."""
    if is_flake(text):
        return text
    if text.isascii() and text.isdigit() and len(text) <= 39:
        number = int(text)
        return encode(number) if number <= _LARGEST else None
    return None


def milliseconds(flake: str) -> int:
    """When the flake was made, in milliseconds since 1970."""
    return decode(flake) >> 64


def moment(flake: str) -> datetime:
    return datetime.fromtimestamp(milliseconds(flake) / 1000, UTC)


def created_at(flake: str) -> str:
    """When the flake was made, as clients expect it: `2020-04-21T15:11:46.000Z`."""
    return iso(milliseconds(flake) // 1000)


def iso(seconds: float) -> str:
    """Seconds since 1970 as clients expect a time: UTC, with the milliseconds always .000."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(seconds))


def uuid_of(flake: str) -> str:
    """The same 128 bits as a UUID: the last part of a status' uri."""
    digits = f"{decode(flake):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def flake_of(uuid_text: str) -> str | None:
    """The flake of a UUID that `uuid_of` made. None for what is no UUID."""
    try:
        number = uuid.UUID(uuid_text).int
    except ValueError:
        return None
    return encode(number) if number <= _LARGEST else None


def _digest_bits(text: str, bits: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()) >> (256 - bits)


def thread_number(thread: str) -> int:
    """`pleroma.conversation_id` of a thread, given its root status' id."""
    return _digest_bits(thread, 53)


def participation_number(account_id: str, thread: str) -> int:
    """The id of an account's own entry of a direct thread. Each participant has another one, and no read is needed."""
    return _digest_bits(f"{account_id} {thread}", 53)


def chat_id(owner_id: str, partner_id: str) -> str:
    """The id of an account's chat with another. It looks like a flake, but has no order. Each side has its own."""
    return encode(_digest_bits(f"{owner_id} {partner_id}", 107))


def notification_number(recipient_id: str, cause: str) -> int:
    """The id of a notification. It follows from the cause, a flake, and grows with the time of that."""
    return number_at(milliseconds(cause)) + _digest_bits(f"{recipient_id} {cause}", 12)


def number_at(moment_ms: int) -> int:
    """The lowest id of a notification of a moment (milliseconds since 1970)."""
    return max(moment_ms - _EPOCH_2020_MS, 0) * 4096


def milliseconds_of(number: int) -> int:
    """When a notification was caused, by its id, in milliseconds since 1970."""
    return number // 4096 + _EPOCH_2020_MS


def decimal_at(moment_ms: int, place: int) -> int:
    """The number of a moment, like those of `new_decimal`. `place`: which one of that moment, from 0 to 4095."""
    return (moment_ms - _EPOCH_2020_MS) * 4096 + place


def new_decimal() -> int:
    """A growing number, for lists that clients page by integers (bookmarks)."""
    return (time.time_ns() // 1_000_000 - _EPOCH_2020_MS) * 4096 + secrets.randbits(12)
