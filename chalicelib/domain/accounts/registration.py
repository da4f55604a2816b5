"""Registration: how an account is made.

`sign_up` is what strangers do, with all its conditions. `create_account` only makes the account; seeding,
administration and tests use it too. What is wrong with a sign-up is told field by field, as JSON within the error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any

from ...ids import new_flake
from ...settings import settings
from ...store.accounts import accounts, creating
from ...store.accounts import invites as invite_store
from ...store.accounts.accounts import PROFILE, SECRET, Account, Secret
from ...store.accounts.creating import Taken
from ...store.accounts.invites import Invite
from ...store.dynamo.keys import Key
from ...store.jobs import Job
from ...store.signing_in import apps, tokens
from ...store.signing_in.apps import App
from ...store.signing_in.tokens import Minted
from .. import documents, events
from ..event_types.accounts import AccountSignedUp
from ..lookup import describe
from ..mail import addresses
from ..refusals import BadRequest, Refusal
from ..search import index
from ..signing_in import passwords
from ..text import fits
from . import ages, captcha, invites, nicknames
from .arrivals import message_for, take_step
from .profiles import TOO_LONG, too_long

TAKEN = "has already been taken"
MALFORMED = "has invalid format"
BLANK = "can't be blank"
RESERVED = "is reserved"
BLACKLISTED = "Invalid email"
INVALID_DAY = "is invalid"
TOO_YOUNG = "Invalid age"

Faults = dict[str, list[str]]


class Invalid(BadRequest):
    """What is wrong with a sign-up, by field. The error itself is the text of a JSON object.

    Newer clients read the same as `details`: by the names of their parameters, with words that programs know.
    """

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        text = json.dumps(dict(sorted(faults.items())), ensure_ascii=False, separators=(",", ":"))
        super().__init__(text, details=_details(faults))


_NEWER_NAMES = {"nickname": "username", "ap_id": "username", "registration_reason": "reason",
                "birthday": "date_of_birth"}
_WORDS = {TAKEN: "ERR_TAKEN", BLANK: "ERR_BLANK", RESERVED: "ERR_RESERVED", BLACKLISTED: "ERR_BLOCKED",
          TOO_YOUNG: "ERR_BELOW_LIMIT"}


def _details(faults: Faults) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for field, texts in faults.items():
        found.setdefault(_NEWER_NAMES.get(field, field), []).extend(
            {"error": _word(text), "description": text} for text in texts)
    return found


def _word(text: str) -> str:
    return "ERR_TOO_LONG" if text.startswith(TOO_LONG) else _WORDS.get(text, "ERR_INVALID")


@dataclass(frozen=True)
class SignUp:
    """What people who sign up may say about themselves."""

    username: Annotated[str, "The nickname to be."]
    password: str
    email: Annotated[str | None, "May be left out unless addresses have to be confirmed."] = None
    fullname: Annotated[str | None, "Display name; the username if left out."] = None
    bio: Annotated[str | None, "Plain text; links, mentions and hashtags are recognised."] = None
    reason: Annotated[str | None, "Why one wants to join: for whoever approves accounts."] = None
    token: Annotated[str | None, "An invite, where registrations are closed."] = None
    invite_code: Annotated[str | None, "The same as `token`."] = None
    captcha_solution: str | None = None
    captcha_token: str | None = None
    captcha_answer_data: str | None = None
    birthday: Annotated[str | None, "A day as in 2000-12-31. Others do not see it."] = None
    date_of_birth: Annotated[str | None, "The same, only to check the age. Kept if this server demands a birthday."
                             ] = None
    locale: Annotated[str | None, "Not looked at: replies are in English."] = None


@dataclass(frozen=True)
class NewAccount:
    """The new account, and its first token if it may sign in at once."""

    account: Account
    minted: Minted | None


def sign_up(wanted: SignUp, client_id: str, scopes: Sequence[str] = ()) -> NewAccount:
    """Make the account that an app asks for. Raises BadRequest, or Invalid (faults by field); then nothing is made.

    `scopes`: what the first token may do that is of no app (`signing_in/browsing`).
    """
    if settings.account_activation_required and wanted.email is None:
        raise BadRequest("Missing parameter: email")
    wanted = replace(wanted, username=wanted.username.strip(), email=wanted.email and wanted.email.strip(),
                     token=wanted.invite_code if wanted.token is None else wanted.token)
    invite_key = _invite_key(wanted)
    taken, found = creating.find_taken(wanted.username[:nicknames.LONGEST], _bounded(wanted.email),
                                       also=[apps.app_key(client_id), *([invite_key] if invite_key else [])])
    app = found.get(App, client_id)
    _check_captcha(wanted, app)
    invite = None
    if not settings.registrations_open:
        known = found.get(Invite, invite_key.hash, invite_key.range) if invite_key else None
        invite = invites.demand_usable(known, wanted.token)
    faults = _faults(wanted)
    if faults:
        raise Invalid(faults)
    if taken is not None:
        raise _told(taken, wanted.username)
    account = new_account(wanted.username, wanted.fullname or wanted.username, wanted.bio or "")
    kept = wanted.birthday or (wanted.date_of_birth if settings.birthday_required else None)
    if kept:
        account.doc = {**account.profile, "birthday": kept}
    if documents.size(account.profile) > documents.LARGEST_PROFILE:
        raise Invalid({"bio": [too_long(settings.user_bio_length)]})
    account.approval_pending = settings.account_approval_required
    account.confirmation_pending = settings.account_activation_required
    secret = Secret(account.id, SECRET, password_hash=passwords.hashed(wanted.password), **address_of(wanted.email))
    secret.reason = wanted.reason or None
    if account.confirmation_pending:
        secret.confirm_token = tokens.random_token()
    held = scopes if app is None else app.scope_list
    may_sign_in = account.status == "active" and (app is not None or bool(scopes))
    minted: Minted | None = None

    def write(job: Job | None) -> bool:
        nonlocal minted
        minted = creating.create(account, secret, app=client_id if may_sign_in else None, scopes=held, invite=invite,
                                 job=job)
        return True

    with findable(account):
        try:
            take_step(message_for(account), write)
        except Taken as taken_meanwhile:
            raise _told(taken_meanwhile, wanted.username) from None
    events.tell(AccountSignedUp(account.id))
    return NewAccount(account, minted)


def create_account(nickname: str, password: str, email: str | None = None, *, display_name: str | None = None,
                   note: str = "", password_hash: str | None = None, **profile: Any) -> Account:
    """Make an account without the conditions of a sign-up. `profile`: more attributes of the profile or its document.

    Raises Invalid for a name that is malformed or taken. `password_hash` saves the hashing of `password`.
    """
    faults = _nickname_faults(nickname) | _email_faults(email)
    if faults:
        raise Invalid(faults)
    account = new_account(nickname, nickname if display_name is None else display_name, note)
    doc = dict(account.profile)
    for name, value in profile.items():
        if name in Account.get_attributes():
            setattr(account, name, value)
        else:
            doc[name] = value
    account.doc = doc
    hashed = passwords.hashed(password) if password_hash is None else password_hash
    with findable(account):
        try:
            creating.create(account, Secret(account.id, SECRET, password_hash=hashed, **address_of(email)))
        except Taken as taken:
            raise _told(taken, nickname) from None
    return account


def ensure_account(nickname: str, password: str, email: str | None = None, **profile: Any) -> Account:
    """The account of this nickname, made if there is none. For seeding, which may be repeated."""
    found = accounts.find_by_nickname(nickname)
    if found is not None:
        return found
    try:
        return create_account(nickname, password, email, **profile)
    except Invalid:
        found = accounts.find_by_nickname(nickname)
        if found is None:
            raise
        return found


def new_account(nickname: str, display_name: str, note: str) -> Account:
    """An account as it is when nothing is known of it but this. It is not stored."""
    doc = {"display_name": display_name, "default_scope": "public", "accepts_chat_messages": True}
    doc |= describe(display_name, note)
    return Account(
        new_flake(), PROFILE, nickname=nickname, nickname_lower=nickname.casefold(),
        nickname_find=nickname.casefold(), display_lower=display_name.casefold()[:200], doc=doc,
    )


@contextmanager
def findable(account: Account) -> Iterator[None]:
    """Index the account before the block makes it. If the block fails, take it out of the index."""
    index.index_account(account)
    try:
        yield
    except Refusal:
        index.remove_account(account)
        raise


def address_of(email: str | None) -> dict[str, str]:
    """What the secrets hold of an e-mail address."""
    return {"email": email, "email_lower": email.casefold()} if email else {}


def _bounded(email: str | None) -> str | None:
    return email[:addresses.LONGEST] if email else None


# The conditions of signing up.


def _check_captcha(wanted: SignUp, app: App | None) -> None:
    """Check the captcha, unless an administrator trusts the app. Raises Invalid with the message of the first fault."""
    if settings.captcha == "none" or (app is not None and app.trusted):
        return
    try:
        captcha.check(wanted.captcha_solution, wanted.captcha_token, wanted.captcha_answer_data)
    except captcha.Unsolved as unsolved:
        raise Invalid({"captcha": [str(unsolved)]}) from None


def _invite_key(wanted: SignUp) -> Key | None:
    """The key of the invite, if one is needed and the token can be one."""
    if settings.registrations_open or not wanted.token or not invite_store.may_be_token(wanted.token):
        return None
    return invite_store.invite_key(wanted.token)


def _birthday_faults(day: str | None) -> Faults:
    if not day:
        return {"birthday": [BLANK]} if settings.birthday_required or settings.birthday_min_age > 0 else {}
    if not ages.is_day(day):
        return {"birthday": [INVALID_DAY]}
    return {} if ages.is_old_enough(day) else {"birthday": [TOO_YOUNG]}


def _faults(wanted: SignUp) -> Faults:
    faults = _nickname_faults(wanted.username) | _email_faults(wanted.email)
    if wanted.email and not faults.get("email") and is_blacklisted(wanted.email):
        faults["email"] = [BLACKLISTED]
    if wanted.email == "" and settings.account_activation_required:
        faults["email"] = [BLANK]
    if not wanted.password.strip():
        faults["password"] = faults["password_confirmation"] = [BLANK]
    if wanted.fullname is not None and not wanted.fullname.strip():
        faults["name"] = [BLANK]
    faults |= _birthday_faults(wanted.birthday or wanted.date_of_birth)
    bounds = [
        ("name", wanted.fullname, settings.user_name_length), ("bio", wanted.bio, settings.user_bio_length),
        ("registration_reason", wanted.reason, settings.registration_reason_length),
    ]
    for field, text, most in bounds:
        if text and not fits(most, text):
            faults[field] = [too_long(most)]
    return faults


def _nickname_faults(nickname: str) -> Faults:
    if not nickname.strip():
        return {"nickname": [BLANK]}
    if nickname.casefold() in nicknames.RESERVED:
        return {"nickname": [RESERVED]}
    return {} if nicknames.is_nickname(nickname) else {"nickname": [MALFORMED]}


def _email_faults(email: str | None) -> Faults:
    if not email:
        return {}
    return {} if addresses.is_email(email) else {"email": [MALFORMED]}


def is_blacklisted(email: str) -> bool:
    """Whether addresses of this domain, or of one above it, may not sign up."""
    domain = "." + email.rpartition("@")[2].casefold()
    listed = (each.strip().strip(".").casefold() for each in settings.email_blacklist.split(","))
    return any(domain.endswith("." + each) for each in listed if each)


def _told(taken: Taken, nickname: str) -> BadRequest:
    """The error for a name or address that is taken. The reference adds `ap_id` if the name is exactly the same."""
    if taken.what == creating.INVITE:
        return BadRequest(invites.SPENT)
    if taken.what == creating.EMAIL:
        return Invalid({"email": [TAKEN]})
    return Invalid({"ap_id" if taken.spelling == nickname else "nickname": [TAKEN]})
