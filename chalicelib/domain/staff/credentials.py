"""Credentials: profile, settings, address and password of an account, as administrators see and change them.

The rules are those of people who change them for themselves (`accounts/profiles.py`). But here it is told what breaks
a rule, field by field, and the display name may not be empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...queues import queue
from ...queues.accounts import ForcePasswordReset
from ...queues.messages import outbox
from ...store.accounts.accounts import Account
from ...store.accounts.creating import Taken
from ...store.accounts.profiles import AccountGone
from ...store.staff import credentials as store
from ...store.staff.credentials import Kept, NewSecrets
from .. import events, lookup
from ..accounts import profiles
from ..accounts.changing import Decide
from ..accounts.profiles import Faulty, ProfileChange
from ..accounts.registration import BLANK, MALFORMED, TAKEN
from ..event_types.streaming import TokensEnded
from ..mail.addresses import is_email
from ..refusals import NotFound
from ..retrying import retried_from
from ..signing_in import passwords
from . import log
from .acting import Administrator

UNKNOWN = "Not found"
NAMED = {"display_name": "name", "note": "bio", "header": "banner", "settings_store": "pleroma_settings_store"}
"""What the profile's parts are called here, where that differs."""


@dataclass(frozen=True)
class CredentialsChange:
    """What to change. None leaves it as it is."""

    profile: ProfileChange = field(default_factory=ProfileChange)
    email: str | None = None
    password: str | None = None


def get(name: str) -> Kept:
    """An account with all that administrators may change. Raises NotFound."""
    try:
        return store.get(lookup.get_any(name).id)
    except AccountGone:
        raise NotFound(UNKNOWN) from None


def change(name: str, wanted: CredentialsChange, admin: Administrator) -> Mapping[str, str]:
    """Change an account. Answers what is wrong, by field; then nothing has changed. Raises NotFound, TooLarge.

    A new password ends all tokens, and the account has to choose yet another one.
    """
    account = lookup.get_any(name)
    if account.host and (wanted.email is not None or wanted.password is not None):
        raise NotFound(UNKNOWN)
    faults = _find_faults(wanted)
    if faults:
        return faults
    new = NewSecrets(wanted.email, passwords.hashed(wanted.password) if wanted.password is not None else None)
    try:
        profiles.apply(account, wanted.profile, lambda decide: _write(account.id, decide, new, admin))
    except Faulty as faulty:
        return _by_field(faulty.faults)
    except Taken:
        return {"email": TAKEN}
    except AccountGone:
        raise NotFound(UNKNOWN) from None
    return {}


def _find_faults(wanted: CredentialsChange) -> dict[str, str]:
    faults = _by_field(profiles.find_faults(wanted.profile))
    if wanted.profile.display_name is not None and not wanted.profile.display_name.strip():
        faults["name"] = BLANK
    if wanted.email is not None and not is_email(wanted.email):
        faults["email"] = MALFORMED
    if wanted.password is not None and not wanted.password.strip():
        faults["password"] = BLANK
    return faults


def _by_field(faults: Mapping[str, str]) -> dict[str, str]:
    return {NAMED.get(name, name): text for name, text in faults.items()}


def _write(account_id: str, decide: Decide, new: NewSecrets, admin: Administrator) -> Account:
    def attempt(held: Kept) -> Account:
        writing = decide(held.account, held.known.settings_store)
        demands = [ForcePasswordReset(account_id, int(held.account.token_generation) + 1)] if new.password_hash else []
        entries = [log.updated_users(admin, [held.account]),
                   *(log.forced_password_reset(admin, [held.account]) for _ in demands)]
        changed = store.change(held, writing, new, jobs=map(outbox, demands), entries=entries)
        queue.send_all(demands)
        events.tell(*(TokensEnded(account_id) for _ in demands))
        return changed

    return retried_from(store.get(account_id), attempt, lambda: store.get(account_id))
