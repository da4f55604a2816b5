"""What an account sees of its second factor."""

from __future__ import annotations

from typing import TypedDict


class MfaSettings(TypedDict):
    """Whether a second factor is asked for, and which."""

    enabled: bool
    totp: bool


class Mfa(MfaSettings):
    """The keys occur twice. Clients of the document read these, clients of the reference server those in `settings`."""

    settings: MfaSettings


class MfaSetUp(TypedDict):
    """A secret for an authenticator app: as text, and as the address in a QR code."""

    key: str
    provisioning_uri: str


class BackupCodes(TypedDict):
    codes: list[str]


class Nothing(TypedDict):
    """An object without fields."""


def render_mfa(is_on: bool) -> Mfa:
    return {"enabled": is_on, "totp": is_on, "settings": {"enabled": is_on, "totp": is_on}}
