"""Frontends in front of this server: which addresses an installed one answers, and how.

Whose address is it? The first that fits: the server's own (`SERVERS`), whatever files a frontend has; a document or a
feed that is asked for; people's addresses, which show our pages unless the settings give them to the frontend; a file
of the frontend; its index, for a browser at an address that looks like no file.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple
from urllib.parse import unquote

from ..domain.frontends import places, serving
from ..domain.frontends.serving import FrontendFile, Version
from ..settings import settings
from .accepting import ACTIVITY, preferred
from .conditional import is_known
from .replies import HTML, Rendered
from .request import cookies_in

COOKIE = "preferred_frontend"
SERVERS = frozenset({
    "api", "oauth", "auth", "account", "inbox", "tags", "nodeinfo", ".well-known", "media", "embed", "robots.txt",
    "dev", "authorize_interaction", "ostatus_subscribe", "akkoma", "emoji", "frontends", "internal", "relay",
})
"""What the paths begin with that are never a frontend's."""
_SERVERS_TOO = re.compile(r"main/ostatus|users/[^/]+/(?:inbox|outbox|feed[^/]*|followers|following|collections/.*)"
                          r"|@[^/]+\.(?:rss|atom)|@[^/]+/feed\.(?:rss|atom)|tag/[^/]+\.rss|notice/[^/]+/embed_player"
                          r"|instance/panel\.html|static/(?:terms-of-service|privacy-policy)\.html"
                          r"|about/(?:terms|privacy)")
_PEOPLES = re.compile(r"(?:users|notice|objects|activities|tag)/.+|@.+")
_FEEDS = ("application/atom+xml", "application/rss+xml")
_HAS_AN_ENDING = re.compile(r"\.[A-Za-z0-9]{1,11}$")
_OF_FRONTENDS = frozenset({"web", "login", "registration"})
"""Words that frontends know as addresses. Without one, they lead to the front page."""
MARK = "<!--server-generated-meta-->"
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL | re.IGNORECASE)
_HEAD_OF_A_PAGE = re.compile(r"<title>.*?(?=<meta name=\"color-scheme\")", re.DOTALL)
LARGEST = 4_000_000
"""Bytes of a file that a function may send. A larger one is led to, in the bucket."""
POLICY = ("default-src 'none'; base-uri 'self'; frame-ancestors 'none'; script-src 'self' 'wasm-unsafe-eval'; "
          "style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data: blob: https:; "
          "media-src 'self' blob: https:; connect-src 'self' blob: https: wss:; worker-src 'self' blob:; "
          "manifest-src 'self'; form-action 'self' https:")
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_SOURCE = re.compile(r"\bsrc\s*=", re.IGNORECASE)
MOST_SCRIPTS, LOOKED_AT = 20, 200_000
"""Of an index: scripts, and the characters in which they are looked for."""
Headers = Mapping[str, str]


class Fronted(NamedTuple):
    """What a frontend has for an address. `is_index`: its index. `dresses`: our page there gives title and status."""

    file: FrontendFile
    is_index: bool
    dresses: bool = False


def find(method: str, path: str, headers: Headers) -> Fronted | None:
    """What a frontend answers here. None: the server answers."""
    inner = unquote(path).lstrip("/")
    if method not in ("GET", "HEAD") or inner.partition("/")[0] in SERVERS or _SERVERS_TOO.fullmatch(inner):
        return None
    accept = headers.get("accept", "")
    if preferred(accept, ["text/html", *ACTIVITY, *_FEEDS]) in (*ACTIVITY, *_FEEDS):
        return None
    wanted = preferred_in(headers)
    if _PEOPLES.fullmatch(inner):
        index = serving.find_index(inner, wanted) if _is_given(path) and _wants_html(accept) else None
        return None if index is None else Fronted(index, is_index=True, dresses=True)
    file = serving.find_file(inner, wanted)
    if file is not None and inner != serving.INDEX:
        return Fronted(file, is_index=False)
    if not _wants_html(accept) or (file is None and _HAS_AN_ENDING.search(inner)):
        return None
    index = serving.find_index(inner, wanted)
    return None if index is None else Fronted(index, is_index=True)


def _is_given(path: str) -> bool:
    """Whether the settings give an address of people to the frontend."""
    prefixes = tuple(each.strip() for each in settings.frontend_paths.split(",") if each.strip())
    return bool(prefixes) and path.startswith(prefixes)


def _wants_html(accept: str) -> bool:
    return preferred(accept, ["text/html"]) is not None


def preferred_in(headers: Headers) -> Version | None:
    """The frontend that the browser's cookie names, if people may choose it."""
    if COOKIE not in headers.get("cookie", "") or not settings.pickable_frontends:
        return None
    return serving.find_preferred(unquote(cookies_in(headers).get(COOKIE, "")))


# Replies.


def answer(found: Fronted, headers: Headers) -> Rendered:
    """The reply with a file, or with the index and the instance's title in it."""
    if found.is_index:
        return _index(found.file, headers, _head_of_the_instance(), 200)
    return _file(found.file, headers)


def dress(found: Fronted, headers: Headers, page: Mapping[str, Any]) -> Rendered | None:
    """The index with the head of our own page at this address, and its status. None: that is not a page."""
    status = int(page["statusCode"])
    if status not in (200, 401, 403, 404, 410):
        return None
    head = _HEAD_OF_A_PAGE.search(str(page["body"])) if not page.get("isBase64Encoded") else None
    reply = _index(found.file, headers, head[0] if head else _head_of_the_instance(), status)
    kept = page["headers"].get("Cache-Control", "no-store")
    reply.headers |= {"Cache-Control": "public, no-cache" if kept.startswith("public") else kept}
    return reply


def lead_home(path: str) -> Rendered | None:
    """Where no frontend is: to the front page, from addresses that only frontends have."""
    if path.strip("/") in _OF_FRONTENDS:
        return Rendered(302, "", HTML, {"Location": "/"})
    return None


def _file(file: FrontendFile, headers: Headers) -> Rendered:
    about = {"Cache-Control": places.caching_of(file.path), "ETag": f'"{file.hash}"', **_framed(), **_varied()}
    if is_known(headers, f'"{file.hash}"'):
        return Rendered(304, "", places.type_of(file.path), about)
    if file.size > LARGEST:
        return Rendered(302, "", HTML, {"Location": file.address, **about, "Cache-Control": places.FOR_A_WHILE})
    data = file.read()
    if data is None:
        return Rendered(404, '{"error":"Not implemented"}', "application/json; charset=utf-8")
    return rendered_file(data, places.type_of(file.path), about, is_text=places.is_text(file.path))


def rendered_file(data: bytes, content_type: str, headers: dict[str, str], *, is_text: bool) -> Rendered:
    """Texts are sent as such, so that they can be compressed on the way."""
    try:
        if is_text:
            return Rendered(200, data.decode(), content_type, headers)
    except UnicodeDecodeError:
        pass
    return Rendered.of_bytes(data, content_type, headers)


def _index(file: FrontendFile, headers: Headers, head: str, status: int) -> Rendered:
    index = serving.read_index(file)
    html = with_head(index, head)
    tag = f'"{serving.hash_of(html.encode())}"'
    about = {"Cache-Control": places.OF_AN_INDEX, "ETag": tag, **_framed(index), **_varied()}
    if status == 200 and is_known(headers, tag):
        return Rendered(304, "", HTML, about)
    return Rendered(status, html, HTML, about)


def with_head(index: str, head: str) -> str:
    """An index with a title and tags: where it has the mark for them, or at the end of its head."""
    html = _TITLE.sub("", index, count=1)
    if MARK in html:
        return html.replace(MARK, head, 1)
    before, end, after = html.partition("</head>")
    return f"{before}{head}{end}{after}" if end else head + html


def _head_of_the_instance() -> str:
    name, text = escape(settings.instance_name), escape(plain_description())
    picture = escape(f"{settings.base_url}/instance/thumbnail.jpeg")
    tags = {"og:site_name": name, "og:type": "website", "og:title": name, "og:description": text,
            "og:url": escape(settings.base_url), "og:image": picture}
    return "".join([f"<title>{name}</title>", f'<meta name="description" content="{text}">',
                    *(f'<meta property="{name}" content="{value}">' for name, value in tags.items()),
                    '<meta name="twitter:card" content="summary">'])


def plain_description() -> str:
    from ..domain.text import strip_tags

    return " ".join(strip_tags(settings.instance_description).split())


def _framed(index: str = "") -> dict[str, str]:
    return {"Content-Security-Policy": settings.frontend_csp or policy_of(index)}


@lru_cache(maxsize=4)
def policy_of(index: str) -> str:
    """The policy under which a frontend runs. Of scripts without a file it allows those of the installed index.

    They are as good as its files. What the server puts into the index is not among them.
    """
    scripts = [script for attributes, script in _SCRIPT.findall(index[:LOOKED_AT])
               if not _SOURCE.search(attributes) and script]
    digests = (hashlib.sha256(script.replace("\r\n", "\n").encode()).digest() for script in scripts[:MOST_SCRIPTS])
    allowed = "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return POLICY.replace("script-src 'self'", f"script-src 'self'{allowed}")


def _varied() -> dict[str, str]:
    return {"Vary": "Accept, Cookie, Accept-Encoding" if settings.pickable_frontends else "Accept, Accept-Encoding"}
