"""Captchas: a riddle for people, so that machines do not sign up. Nothing is stored until one is solved.

The client gets the riddle with *answer data*: the answer, encrypted. Only this server can read it, and only together
with the riddle's token. The token of a solved riddle is remembered until the riddle has expired.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import time
from dataclasses import dataclass
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from ... import outside
from ...settings import settings
from ...store import ephemeral
from ...store.signing_in import tokens
from ..refusals import Failed, Unavailable

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

NATIVE, KOCAPTCHA, NONE = "native", "kocaptcha", "none"
LETTERS = "abcdefhkmnprstuvxyz"  # no two look alike
LENGTH = 5
MOST_BYTES = 20_000
LONGEST_FIELD = 10_000
USED = "q"
_MD5 = re.compile(r"[0-9a-fA-F]{32}")
_PURPOSE = b"kenoma captcha answer"


class Unsolved(Exception):
    """The captcha was not solved. The client reads the text."""


@dataclass(frozen=True)
class Riddle:
    """One riddle. `url` is the picture as a data address, or where the picture is."""

    kind: str
    token: str
    url: str
    answer_data: str


def make() -> Riddle | None:
    """A new captcha of the kind that the settings name. None: no captcha is needed. Raises Failed, Unavailable."""
    if settings.captcha == NONE:
        return None
    if not settings.secret_key or settings.captcha not in (NATIVE, KOCAPTCHA):
        raise Failed("CAPTCHA Error")
    if settings.captcha == NATIVE:
        answer, token = "".join(secrets.choice(LETTERS) for _ in range(LENGTH)), tokens.random_token()
        url = "data:image/png;base64," + base64.b64encode(_picture(answer)).decode()
    else:
        token, url, answer = _from_kocaptcha()
    return Riddle(settings.captcha, token, url, _sealed(token, {"kind": settings.captcha, "answer": answer}))


def check(solution: str | None, token: str | None, answer_data: str | None) -> None:
    """Check a solution, and use the captcha up if it is right. Raises Unsolved; a wrong answer may be corrected."""
    solution, token = _sent("captcha_solution", solution), _sent("captcha_token", token)
    answer_data = _sent("captcha_answer_data", answer_data)
    expected, made = _opened(token, answer_data)
    if time.time() - made > settings.captcha_seconds_valid:
        raise Unsolved("CAPTCHA expired")
    if not _answers(solution, expected):
        raise Unsolved("CAPTCHA already used" if ephemeral.look(USED, token) is not None else "Invalid CAPTCHA")
    if not ephemeral.keep_first(USED, token, settings.captcha_seconds_valid):
        raise Unsolved("CAPTCHA already used")


def _sent(name: str, value: str | None) -> str:
    if value is None:
        raise Unsolved(f"Invalid CAPTCHA (Missing parameter: {name})")
    return value


def _answers(solution: str, expected: dict[str, str]) -> bool:
    given, wanted = solution, expected["answer"]
    if expected["kind"] == KOCAPTCHA:
        given = hashlib.md5(given.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
        wanted = wanted.lower()
    return compare_digest(given.encode("utf-8", "replace"), wanted.encode())


# The encrypted answer.


def _seal(token: str) -> Fernet:
    """Encrypts and authenticates with a key made of this server's secret and this token."""
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(SHA256(), length=32, salt=hashlib.sha256(token.encode("utf-8", "replace")).digest(), info=_PURPOSE)
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.secret_key.encode())))


def _sealed(token: str, expected: dict[str, str]) -> str:
    return _seal(token).encrypt_at_time(json.dumps(expected).encode(), int(time.time())).decode()


def _opened(token: str, answer_data: str) -> tuple[dict[str, str], int]:
    """What was encrypted for this token, and when."""
    from cryptography.fernet import InvalidToken

    if not settings.secret_key or len(answer_data) > LONGEST_FIELD or len(token) > LONGEST_FIELD:
        raise Unsolved("Invalid answer data")
    try:
        seal, data = _seal(token), answer_data.encode("utf-8", "replace")
        expected: dict[str, str] = json.loads(seal.decrypt(data))
        return expected, seal.extract_timestamp(data)
    except InvalidToken:
        raise Unsolved("Invalid answer data") from None


# Where captchas come from.


def _picture(text: str) -> bytes:
    """A PNG of the text, distorted and with noise."""
    from captcha.image import ImageCaptcha

    return ImageCaptcha(width=200, height=80).generate(text).getvalue()


def _from_kocaptcha() -> tuple[str, str, str]:
    """Token, address of the picture, and MD5 of the answer, from the service."""
    endpoint = settings.kocaptcha_endpoint.rstrip("/")
    try:
        made: Any = json.loads(outside.fetch(f"{endpoint}/new", accept="application/json", most_bytes=MOST_BYTES).body)
        token, path, md5 = (made[name] for name in ("token", "url", "md5"))
        if not (0 < len(token) <= LONGEST_FIELD and path.startswith("/") and _MD5.fullmatch(md5)):
            raise ValueError
    except (outside.Unreachable, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unavailable("Kocaptcha service unavailable") from error
    return token, endpoint + path, md5
