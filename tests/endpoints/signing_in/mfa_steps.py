"""What people do with their second factor, for the tests of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

from tests.cast import PASSWORD, Cast, Person, Reply

SETTINGS = "/api/pleroma/accounts/mfa"


class Clock:
    """The time, which stands still unless somebody moves it. It is in the middle of a step, so that no step ends."""

    def __init__(self, monkeypatch: Any) -> None:
        self.now = time.time() // 30 * 30 + 10
        monkeypatch.setattr(time, "time", lambda: self.now)

    def passes(self, seconds: float) -> None:
        self.now += seconds


def code_of(key: str, at: float | None = None) -> str:
    """The six digits of a moment, by RFC 6238, computed without a library."""
    counter = int(time.time() if at is None else at) // 30
    digest = hmac.digest(base64.b32decode(key), counter.to_bytes(8), hashlib.sha1)
    start = digest[-1] & 15
    number = int.from_bytes(digest[start:start + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def wrong_code(key: str) -> str:
    """Six digits that fit neither the present step nor one beside it."""
    near = {code_of(key, time.time() + 30 * step) for step in (-2, -1, 0, 1)}
    return next(code for code in (f"{number:06}" for number in range(10)) if code not in near)


def sets_up(person: Person) -> str:
    """The key that waits to be confirmed."""
    reply = person.get(f"{SETTINGS}/setup/totp")
    assert reply.status == 200, reply.body
    return str(reply.json["key"])


def confirms(person: Person, code: str, password: str = PASSWORD) -> Reply:
    return person.post(f"{SETTINGS}/confirm/totp", form={"password": password, "code": code})


def turns_on(person: Person) -> str:
    """Set up and confirm the second factor. Answers the key."""
    key = sets_up(person)
    reply = confirms(person, code_of(key))
    assert reply.status == 200, reply.body
    return key


class Door:
    """An app at which people sign in."""

    def __init__(self, cast: Cast) -> None:
        self.app, self.client = cast.app, Person()

    @property
    def credentials(self) -> dict[str, str]:
        return {"client_id": self.app.client_id, "client_secret": self.app.secret}

    def mfa_token(self, name: str = "alice", password: str = PASSWORD, **more: str) -> str:
        """The MFA token that the right password gets when a second factor is on."""
        reply = self.client.post("/oauth/token", form={
            "grant_type": "password", "username": name, "password": password, **self.credentials, **more})
        assert reply.status == 403, reply.body
        assert reply.json["error"] == "mfa_required"
        return str(reply.json["mfa_token"])

    def challenge(self, mfa_token: str, code: str, kind: str = "totp", **more: Any) -> Reply:
        return self.client.post("/oauth/mfa/challenge", form={
            "mfa_token": mfa_token, "challenge_type": kind, "code": code, **self.credentials, **more})

    def verify(self, mfa_token: str, code: str, **more: str) -> Reply:
        """The form of the page."""
        fields = {"mfa_token": mfa_token, "code": code, "challenge_type": "totp", "state": "",
                  "redirect_uri": "urn:ietf:wg:oauth:2.0:oob", **more}
        return self.client.post("/oauth/mfa/verify", form={f"mfa[{name}]": value for name, value in fields.items()})
