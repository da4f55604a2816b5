"""OAuth: how an account lets an app act for it, and how the app gets, renews and loses its tokens.

There are two ways to a token of an account. Either the account's password is given to the app (`grant_password`). Or
the account gets a *code* from the sign-in page (`authorize`), which the app exchanges (`grant_code`). Raising the
account's `token_generation` revokes all codes and tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...settings import settings
from ...store import ephemeral
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.signing_in import apps, grants, mfa, sessions, tokens
from ...store.signing_in.apps import App
from ...store.signing_in.grants import CODE
from ...store.signing_in.mfa import MFA_TOKEN
from ...store.signing_in.sessions import Session
from ...store.signing_in.tokens import Minted, Token
from .. import events
from ..event_types.streaming import TokensEnded
from ..refusals import BadRequest, Forbidden, Unauthenticated
from ..retrying import retried
from ..viewer import Viewer
from . import passwords, pkce
from .apps import INVALID, NO_GRANT, OUT_OF_BAND, check_secret, is_secret_of, within
from .signing_in import mfa_enabled

CODE_SECONDS = 600
MFA_SECONDS = 300
LONGEST_NAME = 255
FOREIGN_TOKEN = "You are not authorized to revoke this token"
WRONG = "Invalid Username/Password"
OUTSIDE = "This action is outside the authorized scopes"
DISABLED = "Your account is currently disabled"
RESET = "Password reset is required"
UNCONFIRMED = "Your login is missing a confirmed e-mail address"
UNAPPROVED = "Your account is awaiting approval."


@dataclass(frozen=True)
class Client:
    """What an app says about itself. It is not checked yet."""

    id: str = ""
    secret: str = ""


@dataclass(frozen=True)
class Granted:
    """A fresh pair of tokens, and the account. None: the tokens are of the app by itself."""

    minted: Minted
    account: Account | None


class InvalidGrant(BadRequest):
    """The words of the older document, with a description in those of OAuth. It does not tell what was wrong."""

    def __init__(self) -> None:
        super().__init__(INVALID, error_description=NO_GRANT)


class MfaRequired(Forbidden):
    """The password was right, but a second factor is wanted. The MFA token is good for 300 seconds."""

    def __init__(self, token: str) -> None:
        self.token = token
        super().__init__("mfa_required", mfa_token=token, supported_challenge_types="totp")


# The grants of POST /oauth/token. Refusals about the account's state say what it is. All others are
# InvalidGrant, which tells nothing.


def grant_client(client: Client) -> Granted:
    """A token of the app by itself, with all its scopes."""
    app = check_secret(apps.find(client.id), client.secret)
    return Granted(tokens.issue(app.id, app.client_id, app.scope_list, Token.OF_APP), None)


def grant_password(client: Client, name: str, password: object, wanted: list[str] | None) -> Granted:
    """A token of the account with this name (or e-mail address) and password. `wanted` None: all the app's scopes.

    Raises Forbidden if the account may not sign in now, MfaRequired if a second factor is wanted.
    """
    session, app = together(lambda: _session_of(name), lambda: apps.find(client.id))
    account = _checked(session, password)
    if account is None:
        raise InvalidGrant
    app = check_secret(app, client.secret)
    refuse_inactive(account)
    scopes = app.scope_list if wanted is None else tuple(wanted)
    if not within(app, scopes):
        raise InvalidGrant
    if mfa_enabled(session.secret):
        raise MfaRequired(_keep(MFA_TOKEN, account, app, scopes, MFA_SECONDS))
    return Granted(tokens.issue(account.id, app.client_id, scopes, int(account.token_generation)), account)


def grant_code(client: Client, code: str, redirect_uri: str | None = None, verifier: str = "") -> Granted:
    """A token for a code. The code is used up. It works only for the app that it was made for.

    `redirect_uri`: where the code was sent to; None if the client leaves it out. `verifier`: see `pkce`.
    """
    doc, found = grants.find_code(code, client.id)
    app = check_secret(found, client.secret)
    if doc is None or doc["app"] != app.client_id:
        raise InvalidGrant
    if redirect_uri and redirect_uri != doc.get("uri", redirect_uri):
        raise BadRequest("invalid_grant", error_description="redirect_uri is not the one that the code was sent to")
    pkce.check_verifier(verifier, doc.get("challenge", ""))
    account = accounts.find(doc["account"])
    if account is None or account.status != "active" or account.token_generation != doc["gen"]:
        raise InvalidGrant
    minted = grants.exchange_code(code, account, app, doc["scopes"], doc["gen"])
    if minted is None:
        raise InvalidGrant
    return Granted(minted, account)


def grant_refresh(client: Client, refresh_token: str) -> Granted:
    """A new access token to replace the old one, which may have expired."""
    return retried(lambda: _refresh(client, refresh_token))


def _refresh(client: Client, refresh_token: str) -> Granted:
    used, account = _refreshable(client, refresh_token)
    minted = tokens.renew(used, refresh_token, keep=settings.issue_new_refresh_token)
    events.tell(TokensEnded(used.owner))
    return Granted(minted, account)


def _refreshable(client: Client, refresh_token: str) -> tuple[Token, Account | None]:
    found = grants.find_refresh(refresh_token, client.id)
    app = check_secret(found.app, client.secret)
    used, account = found.token, found.account
    if used is None or used.app != app.client_id:
        raise InvalidGrant
    if used.is_of_app:
        return used, None
    if account is None or account.status != "active" or account.token_generation != used.generation:
        raise InvalidGrant
    return used, account


# The sign-in page.


@dataclass(frozen=True)
class Authorization:
    """What an app asks an account to allow. `scopes` None: all that the app may have. For the challenge see `pkce`."""

    client_id: str = ""
    redirect_uri: str = ""
    scopes: list[str] | None = None
    challenge: str = ""
    challenge_method: str = ""


def authorize(wanted: Authorization, viewer: Viewer | None, name: str = "", password: object = None) -> str:
    """A code for the viewer, or else for the account with this name and password.

    Raises Unauthenticated for a wrong password, an unknown app or address, or scopes that the app may not have;
    Forbidden if the account may not sign in now; BadRequest for a challenge of another kind; MfaRequired if a second
    factor is wanted.
    """
    pkce.check_challenge(wanted.challenge, wanted.challenge_method)
    account: Account | None
    if viewer is not None:
        account = viewer.account
        secret, app = together(lambda: mfa.find(viewer.id), lambda: apps.find(wanted.client_id))
    else:
        session, app = together(lambda: _session_of(name), lambda: apps.find(wanted.client_id))
        account, secret = _checked(session, password), session.secret
    if account is None or app is None or not may_redirect(app, wanted.redirect_uri):
        raise Unauthenticated(WRONG)
    if account.status == "approval_pending":
        raise Unauthenticated(WRONG)
    refuse_inactive(account)
    scopes = app.scope_list if wanted.scopes is None else tuple(wanted.scopes)
    if not within(app, scopes):
        raise Unauthenticated(OUTSIDE)
    bound = {"uri": wanted.redirect_uri, **({"challenge": wanted.challenge} if wanted.challenge else {})}
    if mfa_enabled(secret):
        raise MfaRequired(_keep(MFA_TOKEN, account, app, scopes, MFA_SECONDS, bound))
    return _keep(CODE, account, app, scopes, CODE_SECONDS, bound)


def may_redirect(app: App, uri: str) -> bool:
    """Whether a browser may be sent to this address with a code or token: only if the app has registered it."""
    return uri in app.redirect_list


def default_redirect(app: App) -> str:
    return next(iter(app.redirect_list), OUT_OF_BAND)


def _session_of(name: str) -> Session:
    """Who signs in by this name. A name longer than any account's is nobody's."""
    return sessions.find_by_name(name if len(name) <= LONGEST_NAME else "")


def _checked(session: Session, password: object) -> Account | None:
    """The account, if this is the right password. Takes as long if there is no such account."""
    return session.account if passwords.fits(password, session.secret) else None


def refuse_inactive(account: Account) -> None:
    """Raises Forbidden with the reason why the account may not sign in. Only for who has proved to be its owner."""
    match account.status:
        case "deactivated":
            raise Forbidden(DISABLED, identifier="account_is_disabled")
        case "password_reset_pending":
            raise Forbidden(RESET, identifier="password_reset_required")
        case "approval_pending":
            raise Forbidden(UNAPPROVED, identifier="awaiting_approval")
        case "confirmation_pending":
            raise Forbidden(UNCONFIRMED, identifier="missing_confirmed_email")


def _keep(kind: str, account: Account, app: App, scopes: Iterable[str], seconds: int,
          bound: Mapping[str, str] | None = None) -> str:
    """A new secret that stands for this account, app and scopes for a while. `bound`: what its code is bound to."""
    secret = tokens.random_token()
    doc: dict[str, Any] = {
        "account": account.id, "app": app.client_id, "scopes": list(scopes), "gen": int(account.token_generation),
        **(bound or {}),
    }
    ephemeral.keep(kind, secret, doc, seconds)
    return secret


# The end of tokens.


def revoke(access_token: str, client: Client | None = None) -> None:
    """End a token and its refresh token, whoever holds it. An unknown token is no fault.

    Raises BadRequest if no token is given, Forbidden if a client says who it is and the token is not its own.
    """
    if not access_token:
        raise BadRequest
    found, app = together(lambda: tokens.find_access(access_token),
                          lambda: apps.find(client.id) if client is not None and client.id else None)
    if client is not None and client.id and not _may_revoke(found, app, client):
        raise Forbidden("unauthorized_client", error_description=FOREIGN_TOKEN)
    if found is not None:
        _end(found)


def _end(token: Token) -> None:
    tokens.revoke(token)
    events.tell(TokensEnded(token.owner))


def _may_revoke(token: Token | None, app: App | None, client: Client) -> bool:
    return is_secret_of(app, client.secret) and (token is None or token.app == client.id)


def list_tokens(viewer: Viewer) -> tuple[list[Token], dict[str, App]]:
    """The viewer's tokens that have not been revoked, with their apps by client id."""
    generation = viewer.account.token_generation
    alive = [token for token in tokens.list_of(viewer.id) if token.generation == generation]
    return alive, apps.find_many({token.app for token in alive})


def list_apps(viewer: Viewer) -> list[App]:
    """The apps of these tokens, by name."""
    _, found = list_tokens(viewer)
    return sorted(found.values(), key=lambda app: (app.name, int(app.number)))


def revoke_by_number(viewer: Viewer, number: int) -> Token | None:
    """End one of the viewer's own tokens. A token of somebody else counts as unknown."""
    found = tokens.find_by_number(viewer.id, number) if 0 <= number < 2**52 else None
    if found is not None:
        _end(found)
    return found
