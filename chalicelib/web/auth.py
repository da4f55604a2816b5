"""Who may call: what an endpoint declares, which credentials count, and what happens to those without them.

    auth=signed_in("write:favourites")        a user; any one of the scopes (`all_of=True`: each of them)
    auth=signed_in("write", newer="write:scrobbles")   newer clients' name for it, which refusals do not mention
    auth=signed_in()                          a user, whatever the token's scopes
    auth=optional("read:statuses")            a user if the token has the scope, else nobody
    auth=optional("read", open=True)          the same, and open on a private instance
    auth=public()                             credentials are ignored
    auth=admin("admin:write:accounts")        an administrator with the scope, or the admin token (then no viewer)
    auth=app_token()                          an app by itself (registration)
    auth=either("read")                       a user with the scope, or an app by itself
    auth=session_of("write:accounts")         a user at a page; who is none is sent to sign in, and never refused
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

from ..domain.refusals import Forbidden, Unauthenticated
from ..domain.signing_in.signing_in import NOBODY, Caller, Credentials, Expected, authenticate, note_use
from ..settings import settings
from . import limits, scopes, session
from .kinds import single
from .request import Request

INVALID = "Invalid credentials."
MFA_ENABLED = "Two-factor authentication enabled, you must use a access token."
FORGED = "This was sent by a page of another site."
NOT_ADMIN = "User is not an admin."
PRIVATE = "This resource requires authentication."
NO_APP = "Invalid credentials"
_BEARER = re.compile(r"bearer:?\s+(\S.*)", re.IGNORECASE | re.DOTALL)
_BASIC = re.compile(r"basic\s+(\S+)", re.IGNORECASE)
CHANGE_NOTHING = ("GET", "HEAD")
_LONGEST_NAME = 320
_LONGEST_TOKEN = 500


class Need(Enum):
    USER = auto()
    MAYBE = auto()
    NOBODY = auto()
    ADMIN = auto()
    APP = auto()
    EITHER = auto()
    SESSION = auto()


@dataclass(frozen=True)
class Auth:
    """What an endpoint asks of its caller."""

    need: Need
    scopes: tuple[str, ...] = ()
    all_of: bool = False
    open: bool = False
    newer: str | None = None
    """A scope that does as well, and came later. Refusals say what they said before."""

    @property
    def words(self) -> str:
        """For the documents: `signed in: write:media`."""
        names = {Need.USER: "signed in", Need.MAYBE: "optional", Need.NOBODY: "none", Need.ADMIN: "admin",
                 Need.APP: "app token", Need.EITHER: "signed in or app token", Need.SESSION: "session"}
        wanted = (" & " if self.all_of else " | ").join(self.accepted)
        return f"{names[self.need]}: {wanted}" if wanted else names[self.need]


    @property
    def accepted(self) -> tuple[str, ...]:
        """All scopes that it names, the newer one among them."""
        return self.scopes if self.newer is None else (*self.scopes, self.newer)


def signed_in(*scopes: str, all_of: bool = False, newer: str | None = None) -> Auth:
    return Auth(Need.USER, scopes, all_of, newer=newer)


def optional(*scopes: str, open: bool = False, newer: str | None = None) -> Auth:
    return Auth(Need.MAYBE, scopes, open=open, newer=newer)


def public() -> Auth:
    return Auth(Need.NOBODY)


def admin(*scopes: str) -> Auth:
    return Auth(Need.ADMIN, scopes)


def app_token() -> Auth:
    return Auth(Need.APP)


def either(*scopes: str) -> Auth:
    return Auth(Need.EITHER, scopes)


def session_of(*scopes: str) -> Auth:
    return Auth(Need.SESSION, scopes)


class SignInFirst(Unauthenticated):
    """A page is for somebody who is signed in."""

    default = "Please sign in"


def identify(auth: Auth, request: Request, expected: Expected | None = None) -> Caller:
    """Who calls. Raises Forbidden when a user or an administrator is needed and missing.

    `check_scopes` looks at scopes later. One exception: on an optional endpoint, a token without the scope is nobody.
    """
    if auth.need is Need.NOBODY:
        return NOBODY
    credentials = credentials_of(request)
    caller = NOBODY if credentials is None else _authenticated(credentials, request, expected)
    request.token = credentials.token if credentials else None
    if auth.need is Need.MAYBE:
        return _optional(auth, caller)
    if auth.need is Need.SESSION:
        return _at_a_page(auth, caller, request)
    if auth.need is Need.APP or (auth.need is Need.EITHER and caller.app_token is not None):
        return caller
    if caller.viewer is None and auth.need is Need.ADMIN and not caller.needs_mfa and _sent_admin_token(request):
        return Caller(scopes=None)
    if caller.viewer is None:
        raise Forbidden(MFA_ENABLED if caller.needs_mfa else INVALID)
    if auth.need is Need.ADMIN and not caller.viewer.is_admin:
        raise Forbidden(NOT_ADMIN)
    return caller


def _authenticated(credentials: Credentials, request: Request, expected: Expected | None) -> Caller:
    """Who the credentials belong to. Wrong passwords count as failed sign-ins, so that nobody can guess them here when
    the sign-in page already refuses.
    """
    if credentials.basic is None:
        caller = authenticate(credentials, expected)
        note_use(caller)
        return caller
    limits.refuse_if_over(limits.AUTHENTICATION, request.ip)
    caller = authenticate(credentials, expected)
    if caller == NOBODY:
        limits.enforce((limits.AUTHENTICATION,), None, request.ip, {})
    return caller


def _sent_admin_token(request: Request) -> bool:
    """Whether the request has the admin token. Wrong ones count as failed sign-ins."""
    sent = single(request.fields.get("admin_token"))
    sent = request.headers.get("x-admin-token") if sent is None else sent
    if not settings.admin_token or sent is None:
        return False
    limits.refuse_if_over(limits.AUTHENTICATION, request.ip)
    right = isinstance(sent, str) and hmac.compare_digest(_bytes(sent), _bytes(settings.admin_token))
    if not right:
        limits.enforce((limits.AUTHENTICATION,), None, request.ip, {})
    return right


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _optional(auth: Auth, caller: Caller) -> Caller:
    if caller.viewer is not None and not lacking(auth, caller):
        return caller
    if not settings.public and not auth.open:
        raise Forbidden(PRIVATE)
    return Caller(app_token=caller.app_token, scopes=caller.scopes) if caller.app_token else NOBODY


def _at_a_page(auth: Auth, caller: Caller, request: Request) -> Caller:
    """Who sits before a page. A token that may not do it is of an app, which has no business here: it is nobody's."""
    if caller.viewer is not None and caller.viewer.token is not None and not lacking(auth, caller):
        return caller
    refuse_from_elsewhere(request)
    raise SignInFirst


def lacking(auth: Auth, caller: Caller) -> str:
    """The scopes that the caller lacks. Always empty for a password, which has no scopes."""
    if not auth.scopes or caller.scopes is None:
        return ""
    if auth.newer is not None and not scopes.missing(caller.scopes, (auth.newer,)):
        return ""
    wanted = auth.scopes
    if auth.need is Need.ADMIN and not settings.enforce_oauth_admin_scope_usage:
        wanted = (*wanted, *(scope.removeprefix("admin:") for scope in wanted))
    return scopes.missing(caller.scopes, wanted, all_of=auth.all_of)


def check_scopes(auth: Auth, caller: Caller) -> None:
    """Raise Forbidden if the token does not allow this. Done after the check of the parameters."""
    if auth.need is Need.APP and caller.app_token is None:
        raise Forbidden(NO_APP)
    if auth.need in (Need.USER, Need.ADMIN) or (auth.need is Need.EITHER and caller.app_token is None):
        missing = lacking(auth, caller)
        if missing:
            raise Forbidden(f"Insufficient permissions: {missing}.")


# Which credentials count: the first token that is found, wherever it is. A password counts only beside or after it.


def credentials_of(request: Request) -> Credentials | None:
    header = request.headers.get("authorization", "").strip()
    token = _token(request, header)
    basic = _basic(header)
    if token is None and basic is None:
        return None
    return Credentials(token if token and len(token) <= _LONGEST_TOKEN else None, basic)


def _token(request: Request, header: str) -> str | None:
    """The token that decides. Empty when the first place that has one holds no text."""
    sent = single(request.fields.get("access_token"))
    if sent is not None:
        return sent if isinstance(sent, str) else ""
    bearer = bearer_in(header)
    if bearer is not None:
        return bearer
    if request.method not in CHANGE_NOTHING and is_from_elsewhere(request):
        return None
    return sent_session(request)


def bearer_in(header: str) -> str | None:
    """The token of an Authorization header."""
    bearer = _BEARER.fullmatch(header.strip())
    return bearer[1] if bearer else None


def _basic(header: str) -> tuple[str, str] | None:
    found = _BASIC.fullmatch(header)
    if not found:
        return None
    try:
        name, colon, password = base64.b64decode(found[1], validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (name, password) if colon and name and len(name) <= _LONGEST_NAME else None


def sent_session(request: Request) -> str | None:
    """The token of the session cookie that came with the request."""
    return session.find_in(request.cookies) if "cookie" in request.headers else None


def is_from_elsewhere(request: Request) -> bool:
    """Whether another site's page made a browser send this.

    Browsers say in a header where a request comes from. A request with neither header comes from no browser, or from
    one that is too old for them, which does not send our SameSite cookie at all.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc not in (settings.host, request.headers.get("host"))


def is_forged(request: Request) -> bool:
    """Whether another site's page sent this with our cookie. Such a request must not approve or change anything."""
    return request.token is not None and sent_session(request) == request.token and is_from_elsewhere(request)


def refuse_forged(request: Request) -> None:
    """Refuse a forged request. For a GET that changes something: another site can lead a browser with our cookie to it.
    """
    if is_forged(request):
        raise Forbidden(INVALID)


def refuse_from_elsewhere(request: Request) -> None:
    """Refuse a form that another site's page made a browser send, so that nobody is signed in or out by it."""
    if request.method not in CHANGE_NOTHING and is_from_elsewhere(request):
        raise Forbidden(FORGED)


def may_start_session(request: Request) -> bool:
    """Whether the reply may sign a browser in. It may not if another site, or a link in a letter, caused the request.

    The token could be somebody else's, and its user would go on in that name without noticing.
    """
    return request.headers.get("sec-fetch-site") != "none" and not is_from_elsewhere(request)
