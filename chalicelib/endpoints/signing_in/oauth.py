"""OAuth: the sign-in page, and tokens: given and revoked."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import unquote_plus, urlencode

from ... import entities
from ...domain.refusals import BadRequest, Refusal
from ...domain.signing_in import apps, oauth, pkce, scopes, second_factor
from ...domain.signing_in.apps import App
from ...domain.signing_in.oauth import Authorization, Client, Granted, MfaRequired
from ...domain.viewer import Viewer
from ...entities.signing_in.token import render_token
from ...pages import oauth as pages
from ...pages.mfa import TOTP, two_factor
from ...web import limits
from ...web.auth import is_forged, optional, public, sent_session
from ...web.endpoint import endpoint
from ...web.errors import status_of
from ...web.limits import AUTHENTICATION
from ...web.pages import private_page, scripted_page, sign_in_page
from ...web.params import Flag, Flat, Loose
from ...web.replies import END, LEAVE, As, Html, Redirect, Reply, unkept
from ...web.request import Request

WORDS = {oauth.WRONG: "Invalid username or password"}
"""For people, in place of the words that clients know."""


@dataclass(frozen=True)
class AuthorizationForm:
    """What the sign-in page is asked with. Each may also come as `authorization[…]`, which counts more."""

    client_id: Loose[str]
    redirect_uri: Loose[str]
    response_type: Loose[str]
    scope: Annotated[Loose[Any], "Text or list; left out: all that the app may have."]
    scopes: Loose[Any]
    state: Loose[str]
    code_challenge: Annotated[Loose[str], "For PKCE; the code then needs its `code_verifier`."]
    code_challenge_method: Annotated[Loose[str], "`S256`; no other is accepted."]
    name: Annotated[Loose[str], "Nickname or e-mail address."]
    password: Loose[str]
    authorization: Loose[dict[str, Any]]

    def text(self, field: str) -> str:
        value = (self.authorization or {}).get(field, getattr(self, field))
        return value if isinstance(value, str) else ""

    @property
    def wanted(self) -> Authorization:
        return Authorization(self.text("client_id"), self.text("redirect_uri"), _scopes(
            (self.authorization or {}).get("scope", (self.authorization or {}).get("scopes")), self.scope, self.scopes,
        ), self.text("code_challenge"), self.text("code_challenge_method"))


@endpoint("GET", "/oauth/authorize", auth=optional(open=True))
def authorization_page(request: Request, viewer: Viewer | None, asked: Flat[AuthorizationForm],
                       force_login: Annotated[Flag, "Ask for name and password all the same."] = False,
                       ) -> Html | Annotated[Html, As(400)] | Redirect:
    """The sign-in page. If a token of this app is sent and no code is wanted, goes back to the app with the token."""
    wanted = asked.wanted
    app = apps.find(wanted.client_id)
    if app is None:
        return private_page(pages.unknown_app(), 400)
    wanted = replace(wanted, redirect_uri=wanted.redirect_uri or oauth.default_redirect(app))
    fault = _fault_in(wanted, app)
    if fault is not None:
        return private_page(fault, 400)
    viewer = None if force_login else viewer
    try:
        pkce.check_challenge(wanted.challenge, wanted.challenge_method)
    except BadRequest as refusal:
        return _form(asked, app, viewer, fault=refusal.extra["error_description"], status=status_of(refusal))
    token, uri = request.token, wanted.redirect_uri
    if token is None or not _is_of(app, viewer):
        return _form(asked, app, viewer)
    if uri == apps.OUT_OF_BAND:
        return scripted_page(pages.authorization_exists(token))
    if asked.text("response_type") == "code":
        return _form(asked, app, viewer)  # if a code was asked for, no token may be put into an address
    return Redirect(_with_query(uri, access_token=token, state=asked.text("state")))


@endpoint("POST", "/oauth/authorize", auth=optional(open=True), limits=(AUTHENTICATION,))
def authorize(request: Request, viewer: Viewer | None, asked: Flat[AuthorizationForm],
              ) -> Html | Annotated[Html, As(400, 401, 403)] | Redirect:
    """Sign in, or approve if signed in already: send the browser to the app's address with a code, or show the code."""
    name, password = asked.text("name"), asked.text("password")
    if name or is_forged(request):
        viewer = None
    wanted, state = asked.wanted, asked.text("state")
    try:
        code = oauth.authorize(wanted, viewer, name, password)
    except MfaRequired as required:
        return sign_in_page(second_step(required.token, wanted.redirect_uri, state), session=LEAVE)
    except Refusal as refusal:
        return _again(asked, viewer, refusal)
    return code_reply(wanted.redirect_uri, code, state)


def _again(asked: AuthorizationForm, viewer: Viewer | None, refusal: Refusal) -> Html:
    """The form with what was wrong, unless it is the app's fault: then people can do nothing."""
    app = apps.find(asked.wanted.client_id)
    if app is None:
        return private_page(pages.unknown_app(), 400)
    if not oauth.may_redirect(app, asked.wanted.redirect_uri):
        return private_page(pages.unknown_address(), 400)
    text = str(refusal.extra.get("error_description", refusal.message))
    return _form(asked, app, viewer, fault=WORDS.get(text, text), status=status_of(refusal))


def _fault_in(wanted: Authorization, app: App) -> str | None:
    """The page that says what is wrong with an app's request. None: nothing is."""
    if not oauth.may_redirect(app, wanted.redirect_uri):
        return pages.unknown_address()
    is_within = all(scopes.covers(app.scope_list, scope) for scope in wanted.scopes or ())
    return None if is_within else pages.unknown_scope()


def second_step(mfa_token: str, redirect_uri: str, state: str, *, kind: str = TOTP, fault: str = "") -> str:
    """The page that asks for a code, of the account that the first step was for."""
    return two_factor(mfa_token, redirect_uri, state, kind=kind, fault=fault,
                      nickname=second_factor.find_nickname(mfa_token))


def code_reply(redirect_uri: str, code: str, state: str) -> Html | Redirect:
    """The end of signing in: send the browser to an address of the app with a code, or show the code to be copied."""
    if redirect_uri == apps.OUT_OF_BAND:
        return scripted_page(pages.authorized(code))
    return Redirect(_with_query(redirect_uri, code=code, state=state))


def _form(asked: AuthorizationForm, app: App, viewer: Viewer | None, *, fault: str = "",
          status: int = 200) -> Html:
    wanted = replace(asked.wanted, redirect_uri=asked.wanted.redirect_uri or oauth.default_redirect(app))
    if not fault and not wanted.scopes:
        wanted = replace(wanted, scopes=None)  # blank means left out, but not if somebody unticked all boxes
    sent = {"response_type": asked.text("response_type") or "code", "state": asked.text("state"),
            "name": asked.text("name")}
    signed_in_as = viewer.account.nickname if viewer else None
    return sign_in_page(pages.sign_in(wanted, app, sent, signed_in_as=signed_in_as, fault=fault), status)


def _is_of(app: App, viewer: Viewer | None) -> bool:
    return viewer is not None and viewer.token is not None and viewer.token.app == app.client_id


def _with_query(uri: str, **added: str) -> str:
    """The address with these in its query. They replace what was there with the same names."""
    before, hash_mark, fragment = uri.partition("#")
    address, _, query = before.partition("?")
    kept = [pair for pair in query.split("&") if pair and pair.partition("=")[0] not in added]
    fresh = urlencode({name: value for name, value in added.items() if value})
    return f"{address}?{'&'.join([*kept, fresh])}{hash_mark}{fragment}"


# Tokens.

UNSUPPORTED = "The authorization grant type is not supported."


@dataclass(frozen=True)
class TokenForm:
    """What a grant may need. Nothing is required here: each grant reports its own faults."""

    grant_type: Annotated[Loose[str], "authorization_code, password, client_credentials or refresh_token"]
    client_id: Annotated[Loose[str], "Or, better, as the name in HTTP Basic."]
    client_secret: Loose[str]
    code: Loose[str]
    username: Annotated[Loose[str], "Nickname or e-mail address."]
    name: Loose[str]
    password: Loose[str]
    refresh_token: Loose[str]
    scope: Annotated[Loose[Any], "For `password`; left out: all that the app may have."]
    scopes: Loose[Any]
    redirect_uri: Annotated[Loose[str], "For a code: where it was sent to; may be left out."]
    code_verifier: Annotated[Loose[str], "For a code that was asked for with a `code_challenge`."]


@endpoint("POST", "/oauth/token", auth=public(), refuses=(403, 429))
def token(request: Request, form: Flat[TokenForm]) -> Reply[entities.Token]:
    """A token for a code, for a password, for the app itself, or for a refresh token."""
    client = client_of(request, form.client_id, form.client_secret)
    match form.grant_type:
        case "authorization_code":
            return token_reply(oauth.grant_code(client, form.code or "", form.redirect_uri, form.code_verifier or ""))
        case "password":
            return token_reply(_password_grant(request, client, form))
        case "client_credentials":
            return token_reply(oauth.grant_client(client))
        case "refresh_token" if form.refresh_token:
            return token_reply(oauth.grant_refresh(client, form.refresh_token))
    raise BadRequest(error_description=UNSUPPORTED)


def _password_grant(request: Request, client: Client, form: TokenForm) -> Granted:
    """A token for a password. Failed attempts count as sign-ins, so nobody can guess passwords here without limit."""
    with limits.counting_failures(AUTHENTICATION, request.ip):
        return oauth.grant_password(client, form.username or form.name or "", form.password,
                                    _scopes(form.scope, form.scopes))


def token_reply(granted: Granted) -> Reply[entities.Token]:
    return unkept(Reply(render_token(granted.minted, granted.account), session=granted.minted.access_token))


def client_of(request: Request, client_id: str | None, client_secret: str | None) -> Client:
    """The app's credentials: from HTTP Basic (each part percent-encoded), else from the parameters."""
    scheme, _, encoded = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "basic":
        try:
            id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            colon = ""
        if colon:
            return Client(unquote_plus(id), unquote_plus(secret))
    return Client(client_id or "", client_secret or "")


def _scopes(*sent: Any) -> list[str] | None:
    """The scopes of the first argument that was sent: a text, or a list of texts."""
    for value in sent:
        if value is not None:
            texts = value if isinstance(value, list) else [value]
            return scopes.split(" ".join(text for text in texts if isinstance(text, str)))
    return None


@endpoint("POST", "/oauth/revoke", auth=public(), refuses=(403,))
def revoke(request: Request, token: Loose[str],
           client_id: Annotated[Loose[str], "May be left out. An app that says who it is ends its own tokens only."],
           client_secret: Loose[str]) -> Reply[dict[str, Any]]:
    """End a token and its refresh token. An unknown one is no fault."""
    oauth.revoke(token or "", client_of(request, client_id, client_secret))
    return Reply({}, session=END if sent_session(request) == token else LEAVE)
