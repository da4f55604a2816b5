"""Pages as replies: one function for each kind, with its headers. The text is made in `pages/`.

    public_page(request, html)      everybody may see it; caches keep what nobody in particular gets
    private_page(html)              account pages: somebody's own, or a form; no cache keeps it
    reading_page(html)              the same, with pictures, sound and films of others
    sign_in_page(html)              the same; its form may lead to an app at any address
    outward_page(html)              a form that leads to another server
    scripted_page(html)             the same; loads a script file of this server
    embedded_page(html)             pages of others may frame it

The endpoint of a public page is declared `shared=…`: then its reply has an entity tag, and the CDN may keep it.
"""

from __future__ import annotations

from .auth import credentials_of
from .replies import LEAVE, Html, R, Session
from .request import Request

SECONDS, SECONDS_OF_FAULTS, SECONDS_EMBEDDED = 30, 10, 300
BY_FORM_AND_SESSION = {"Vary": "Accept, Cookie, Accept-Encoding"}
UNKEPT = "private, no-store"
_NOTHING = {"default-src": "'none'", "base-uri": "'none'"}
_SHOWN = {"media-src": "'self' https:", "style-src": "'self'", "manifest-src": "'self'"}
_UNFRAMED = {"frame-ancestors": "'none'"}
PUBLIC = _NOTHING | {"form-action": "'self' https:"} | _UNFRAMED | {"img-src": "'self' data: https:"} | _SHOWN
PRIVATE = PUBLIC | {"form-action": "'self'", "img-src": "'self' data:"}
READING = PRIVATE | {"img-src": PUBLIC["img-src"]}
SIGNING_IN = {name: value for name, value in PRIVATE.items() if name != "form-action"}
SCRIPTED = SIGNING_IN | {"script-src": "'self'"}
EMBEDDED = _NOTHING | {"form-action": "'none'", "frame-ancestors": "*", "img-src": "'self' data: https:"} | _SHOWN


def policy(rules: dict[str, str]) -> str:
    """The header of a content security policy."""
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def public_page(request: Request, html: str, status: int = 200, *, seconds: int = SECONDS) -> Html:
    """A page that everybody may see. Whoever shows credentials gets it for themselves alone."""
    if credentials_of(request) is not None:
        kept = UNKEPT
    elif status == 200:
        kept = f"public, max-age={seconds}"
    else:
        kept = f"public, max-age={SECONDS_OF_FAULTS}" if status in (404, 410) else "no-store"
    return _page(html, status, PUBLIC, kept)


def private_page(html: str, status: int = 200, *, session: Session = LEAVE) -> Html:
    """A page of somebody's own. It begins no session, unless told."""
    return _page(html, status, PRIVATE, UNKEPT, session)


def reading_page(html: str, status: int = 200, *, scripted: bool = False) -> Html:
    """A page of somebody's own that shows what others wrote. `scripted`: it loads a script file of this server."""
    return _page(html, status, READING | {"script-src": "'self'"} if scripted else READING, UNKEPT)


def sign_in_page(html: str, status: int = 200, *, session: Session = LEAVE) -> Html:
    """`form-action` would count for the address of the app too, which the form's reply leads to."""
    return _page(html, status, SIGNING_IN, UNKEPT, session)


def outward_page(html: str, status: int = 200) -> Html:
    """The same for everybody, and its form leads to another server, at any address under https."""
    return _page(html, status, PUBLIC, "no-store")


def scripted_page(html: str, status: int = 200, *, session: Session = LEAVE) -> Html:
    return _page(html, status, SCRIPTED, "no-store", session)


def embedded_page(html: str) -> Html:
    """A page for the frames of others, without forms. No cookie is looked at. X-Frame-Options has no word for it."""
    page = _page(html, 200, EMBEDDED, f"public, max-age={SECONDS_EMBEDDED}")
    page.headers = {**page.headers, "X-Frame-Options": ""}
    return page


def by_form(reply: R) -> R:
    """The reply, marked as one that depends on what is accepted and on who is signed in."""
    reply.headers = {**reply.headers, **BY_FORM_AND_SESSION}
    return reply


def _page(html: str, status: int, rules: dict[str, str], kept: str, session: Session = LEAVE) -> Html:
    reply = Html(html, status, session=session)
    reply.headers = {"Content-Security-Policy": policy(rules), "Cache-Control": kept}
    return by_form(reply)
