"""The edge: the one way from Chalice to an endpoint and back, with the order of all checks.

The path is served, the body is readable, there is a user or administrator if needed, the parameters are valid, scopes,
rate limit: then the endpoint does its work. Every reply leaves with the same headers and every error in the same form,
even those that Chalice makes itself.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from chalice.app import CORSConfig, Response

from .. import metrics, request_ids
from ..aws import quick_json
from ..domain.refusals import Refusal
from ..domain.signing_in import telling
from ..domain.signing_in.signing_in import NOBODY, Caller
from ..domain.viewer import Viewer
from ..metrics import Value
from ..settings import settings
from ..store.dynamo.ahead import one_request
from ..store.dynamo.failures import within
from ..store.dynamo.ledgers import counted
from ..store.dynamo.table import Full, Overloaded
from . import auth, faults, idempotency, limits, logs, session
from .accepting import wants_page
from .body import filled
from .errors import NOT_IMPLEMENTED, TOO_BUSY, TOO_MANY, WENT_WRONG, body_of, error_body, status_of
from .forms import sign_in_address
from .kinds import ParameterFault
from .paging import Page, Paged, read_page
from .params import InvalidParameters, read
from .replies import END, HTML, JSON, LEAVE, NOTHING, Redirect, Rendered, Reply
from .request import Request, new_or_sent

if TYPE_CHECKING:
    from chalice.app import Chalice
    from chalice.app import Request as GatewayRequest

    from .endpoint import Endpoint

ALLOW_METHODS = "POST,PUT,DELETE,GET,PATCH,OPTIONS"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": "Link,X-RateLimit-Reset,X-RateLimit-Limit,X-RateLimit-Remaining,X-Request-Id,"
                                     "Idempotency-Key,Deprecation,Mastodon-Async-Refresh",
}
ON_PREFLIGHT = CORS | {
    "Access-Control-Allow-Headers": "Authorization,Content-Type,Idempotency-Key",
    "Access-Control-Max-Age": "86400",
}
ON_EVERY_REPLY = CORS | {
    "X-XSS-Protection": "1; mode=block",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "X-Download-Options": "noopen",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none';base-uri 'self';frame-ancestors 'none';"
                               "img-src 'self' data: https:;media-src 'self' https:;style-src 'self' 'unsafe-inline';",
}

PATIENCE = 12
"""Seconds after which a request tries nothing again. A call that is under way then ends within another ten: the gateway
waits for thirty."""
NOT_KEPT = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
"""What every reply of the application says, unless an endpoint says otherwise: no cache keeps it."""


def _text_of(value: Any) -> str:
    return quick_json.encode(value).decode()


class _Preflight(CORSConfig):
    """What `chalice local` answers to OPTIONS, as the door does. Chalice's own class would add headers of AWS."""

    def get_access_control_headers(self) -> dict[str, str]:
        return dict(ON_PREFLIGHT)  # Chalice adds to the dict it gets


PREFLIGHT = _Preflight()


class Sent(Response):
    """A reply that went through `_sent`. The middleware does not change it."""

    is_base64 = False
    """Whether the body is bytes in this form. Chalice itself would send bytes only to who asks for their type."""

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        reply: dict[str, Any] = super().to_dict()
        return reply | {"isBase64Encoded": True} if self.is_base64 else reply


def view_of(declared: Endpoint, app: Chalice) -> Callable[..., Response]:
    """The function Chalice calls for an endpoint, with the values of the path."""

    def view(**path_values: str) -> Response:
        assert app.current_request is not None
        return serve(declared, app.current_request, path_values)

    return view


def serve(declared: Endpoint, gateway: GatewayRequest, path_values: Mapping[str, str]) -> Response:
    """Answer one request, whatever happens."""
    started = time.perf_counter()
    request = Request(gateway, path_values)
    with counted() as ledger, one_request(), within(PATIENCE), request_ids.followed(request.id):
        settings.refresh()
        exchange = _Exchange(declared, request)
        reply = _for_browser(exchange.answered(), request, declared)
    response = _sent(request.id, reply)
    if settings.figures != "off":
        response.headers["X-Kenoma-DynamoDB"] = ledger.header(settings.figures == "capacity")
    logs.request_done(
        request, status=reply.status, ms=(time.perf_counter() - started) * 1000, ledger=ledger,
        account=exchange.caller.viewer.id if exchange.caller.viewer else None,
    )
    if request.method == "HEAD":
        response.body, response.is_base64 = "", False
    return response


class _Exchange:
    """One request on its way through the checks."""

    __slots__ = ("allowances", "caller", "declared", "faults", "request", "steps")

    def __init__(self, declared: Endpoint, request: Request) -> None:
        self.declared, self.request = declared, request
        self.caller: Caller = NOBODY
        self.steps: dict[str, Any] = {}
        self.faults: list[ParameterFault] = []
        self.allowances: list[limits.Allowance] = []

    def answered(self) -> Rendered:
        reply = self._guarded(self._identified)
        if self.declared.deprecated:
            reply.headers["Deprecation"] = f"@{self.declared.deprecated}"
        if self.declared.shared and reply.status == 200 and auth.credentials_of(self.request) is None:
            return self._shared(reply)
        if self.allowances:
            reply.headers |= min(self.allowances, key=lambda each: (each.remaining, -each.ends_at)).headers
        return reply

    def _shared(self, reply: Rendered) -> Rendered:
        """A reply that is the same for everybody, with a tag. Who has it already gets only that it is unchanged.

        It does not say how the one who asked stands to a limit: others get it too.
        """
        reply.headers.setdefault("Cache-Control", f"public, max-age=0, s-maxage={self.declared.shared}")
        tag = f'W/"{hashlib.blake2b(reply.body.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()}"'
        reply.headers["ETag"] = tag
        known = [each.strip() for each in self.request.headers.get("if-none-match", "").split(",")]
        if tag in known or tag.removeprefix("W/") in known:
            reply.status, reply.body = 304, ""
        return reply

    def _guarded(self, work: Callable[[], Rendered]) -> Rendered:
        try:
            reply = work()
        except auth.SignInFirst as refusal:
            reply = self._sent_to_sign_in(refusal)
        except Refusal as refusal:
            reply = Rendered(status_of(refusal), _text_of(body_of(refusal)), JSON)
        except Full:
            reply = Rendered(422, _text_of(error_body(TOO_MANY)), JSON)
        except Exception as error:  # noqa: BLE001  (whatever it is becomes a reply, and a line in the log)
            logs.crashed(self.request.id, self.request.method, self.request.route)
            reply = _failed(error)
        return reply

    def _sent_to_sign_in(self, refusal: auth.SignInFirst) -> Rendered:
        """The way to the sign-in page, and from there back. A form that was sent gets an error: it would be lost."""
        if self.request.method not in auth.CHANGE_NOTHING:
            return Rendered(status_of(refusal), _text_of(body_of(refusal)), JSON)
        return rendered(Redirect(sign_in_address(self.request), session=LEAVE))

    def _identified(self) -> Rendered:
        """Check path, body, user and administrator. After that, a stored first reply may replace the work."""
        declared, request = self.declared, self.request
        if declared.in_path:
            self.steps = read(declared.in_path, request.path_values, self.faults)
        if not declared.raw:
            _ = request.fields
        self.caller = caller = auth.identify(declared.auth, request, self._expected)
        key = idempotency.key_in(request) if caller.viewer is not None else None
        if caller.viewer is None or key is None or auth.lacking(declared.auth, caller):
            return self._with_session(self._guarded(self._worked))
        reply = idempotency.once(key, caller.viewer.id, request, lambda: self._guarded(self._worked))
        return self._with_session(reply)

    def _expected(self, viewer_id: str) -> Iterable[Any]:
        ahead = self.declared.ahead
        return ahead(viewer_id, **self.request.path_values) if ahead is not None else ()

    def _worked(self) -> Rendered:
        """Check parameters, scopes and rate limit, then do the work."""
        declared, caller = self.declared, self.caller
        arguments = self._arguments()
        auth.check_scopes(declared.auth, caller)
        if declared.limits:
            limits.enforce(declared.limits, caller.viewer.id if caller.viewer else None, self.request.ip, arguments,
                           self.allowances)
        reply = rendered(declared.function(**arguments))
        if caller.viewer is not None and self.request.method == "GET" and reply.content_type == HTML and reply.body:
            telling.forget(caller.viewer)
        return reply

    def _arguments(self) -> dict[str, Any]:
        declared, request = self.declared, self.request
        faults, arguments = list(self.faults), dict(self.steps)
        if declared.parameters:
            fields = request.fields
            if declared.is_administration:
                fields = filled(fields, request.body_names)
            arguments |= read(declared.parameters, fields, faults, request.body_names)
        for argument, kind in declared.machinery:
            if kind is Viewer:
                arguments[argument] = self.caller.viewer
            elif kind is Page:
                arguments[argument] = read_page(request, declared.sizes, faults)
            else:
                arguments[argument] = request if kind is Request else self.caller
        if faults:
            raise InvalidParameters(faults)
        return arguments

    def _with_session(self, reply: Rendered) -> Rendered:
        """The reply, with a session for the token that signed in, unless the browser has that one already."""
        viewer, token = self.caller.viewer, self.request.token
        if not auth.may_start_session(self.request):
            if reply.headers.get("Set-Cookie") != session.ended():
                reply.headers.pop("Set-Cookie", None)
            return reply
        if reply.session_settled or viewer is None or viewer.token is None or not token or not settings.secret_key:
            return reply
        if auth.sent_session(self.request) == token:
            return reply
        reply.headers["Set-Cookie"] = session.cookie(token)
        return reply


def _for_browser(reply: Rendered, request: Request, declared: Endpoint) -> Rendered:
    """A browser gets an error as a page, and the way to a shared page if it asked with a slash at its end."""
    if reply.status >= 400 and reply.content_type == JSON:
        if not wants_page(request.headers.get("accept", "")):
            return reply
        try:
            target = request.target
        except Refusal:
            target = request.path  # its query cannot be read
        return faults.as_page(reply, request.method, target, request.headers, request.id)
    if not declared.shared or reply.status != 200 or reply.content_type != HTML:
        return reply
    path, mark, query = request.target.partition("?")
    if path == "/" or not path.endswith("/"):
        return reply
    return Rendered(301, "", HTML, {"Location": "/" + path.strip("/") + mark + query})


def _failed(error: Exception) -> Rendered:
    """The reply to a request that a failure ended. DynamoDB may say wait for as long as a second."""
    if isinstance(error, Overloaded):
        metrics.note(Value("Busy", 1))
        return Rendered(503, _text_of(error_body(TOO_BUSY)), JSON, {"Retry-After": "1"})
    return Rendered(500, _text_of(error_body(WENT_WRONG)), JSON)


def rendered(result: Any) -> Rendered:
    """An endpoint's result as text: JSON, unless the result says otherwise."""
    if not isinstance(result, Reply):
        return _rendered_json(result)
    if result.body is NOTHING:
        reply = Rendered(200, "", result.content_type)
    elif result.content_type == JSON:
        reply = _rendered_json(result.body)
    elif isinstance(result.body, bytes):
        reply = Rendered.of_bytes(result.body, result.content_type)
    else:
        reply = Rendered(200, str(result.body), result.content_type)
    reply.status = result.status
    reply.headers |= result.headers
    _settle_session(reply, result.session)
    return reply


def _rendered_json(result: Any) -> Rendered:
    if isinstance(result, Paged):
        return Rendered(200, _text_of(result.rows), JSON, {"Link": result.link} if result.link else {})
    return Rendered(200, _text_of(result), JSON)


def _settle_session(reply: Rendered, wanted: str | bool | None) -> None:
    if wanted is None:
        return
    reply.session_settled = True
    if wanted is LEAVE:
        return
    cookie = session.ended() if wanted is END else session.cookie(str(wanted))
    if cookie:
        reply.headers["Set-Cookie"] = cookie


def _sent(request_id: str, reply: Rendered) -> Sent:
    headers: dict[str, str | list[str]] = {
        **ON_EVERY_REPLY, **NOT_KEPT, "Content-Type": reply.content_type, "X-Request-Id": request_id, **reply.headers,
    }
    sent = Sent(reply.body, {name: value for name, value in headers.items() if value}, reply.status)
    sent.is_base64 = reply.is_base64
    return sent


# Replies to requests that reach no endpoint.


def surround(app: Chalice) -> None:
    """Let multipart bodies through unchanged, and give Chalice's own replies the form of the API."""
    app.api.binary_types[:] = ["multipart/form-data"]  # of the others, Chalice asks who accepts them
    app.register_middleware(_outermost, "http")


def _outermost(gateway: GatewayRequest | None, get_response: Callable[[Any], Response]) -> Response:
    try:
        response = get_response(gateway)
    except Exception:  # noqa: BLE001  (the outermost: past it, Chalice would answer in its own form)
        logs.crashed("", getattr(gateway, "method", ""), getattr(gateway, "path", ""))
        response = Response("", status_code=500)
    return response if type(response) is Sent else _reformed(gateway, response)


def _reformed(gateway: GatewayRequest | None, response: Response) -> Response:
    """Chalice's own reply in the form of ours: for an unknown path or method, a preflight, a crash."""
    sent_id = gateway.headers.get("x-request-id") if gateway is not None else None
    if response.status_code in (403, 404, 405):
        if gateway is not None and gateway.method == "OPTIONS":
            return _preflight(sent_id)
        return _sent_refusal(404, NOT_IMPLEMENTED, sent_id)
    return _sent_refusal(response.status_code, "Bad request" if response.status_code < 500 else WENT_WRONG, sent_id)


def _preflight(sent_id: str | None) -> Sent:
    methods = {"Access-Control-Allow-Methods": ALLOW_METHODS}
    return _sent(new_or_sent(sent_id), Rendered(204, "", JSON, ON_PREFLIGHT | methods))


def _sent_refusal(status: int, text: str, sent_id: str | None) -> Sent:
    return _sent(new_or_sent(sent_id), Rendered(status, _text_of(error_body(text)), JSON))


def preflight(sent_id: str | None = None) -> dict[str, Any]:
    """The reply to OPTIONS of any path, in the form of Chalice's replies. `sent_id`: the id that the client sent."""
    return _preflight(sent_id).to_dict()


def sent(reply: Rendered, sent_id: str | None = None) -> dict[str, Any]:
    """A reply that no endpoint made, in the form of Chalice's replies."""
    return _sent(new_or_sent(sent_id), reply).to_dict()


def refusal(status: int, text: str, sent_id: str | None = None) -> dict[str, Any]:
    """The reply to a request that reaches no endpoint, and is not known to come from a browser."""
    return _sent_refusal(status, text, sent_id).to_dict()


def refusal_of(request: Mapping[str, Any], status: int, text: str) -> dict[str, Any]:
    """The reply to an opened request that no route answers: a page for browsers."""
    headers = request["headers"]
    id = new_or_sent(headers.get("x-request-id"))
    reply = Rendered(status, _text_of(error_body(text)), JSON)
    target = str(request.get("target") or request["path"])
    return _sent(id, faults.as_page(reply, request["httpMethod"], target, headers, id)).to_dict()
