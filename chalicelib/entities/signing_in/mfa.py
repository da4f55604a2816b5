"""What an account sees of its second factor."""

from __future__ import annotations

from typing import TypedDict


class MfaSettings(TypedDict):
    """Whether a second factor is asked for, and which."""

    enabled: bool
    totp: bool


class Mfa(MfaSettings):
    """The same twice: clients of the document look here, those of the reference server into `settings`."""

    settings: MfaSettings


class MfaSetUp(TypedDict):
    """A secret to be put into an authenticator app: as text, and as the address a QR code holds."""

    key: str
    provisioning_uri: str


class BackupCodes(TypedDict):
    codes: list[str]


class Nothing(TypedDict):
    """An object without fields."""


def render_mfa(is_on: bool) -> Mfa:
    return {"enabled": is_on, "totp": is_on, "settings": {"enabled": is_on, "totp": is_on}}
