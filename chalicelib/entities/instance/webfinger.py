"""Webfinger and host-meta: an account's descriptor as JSON and as XRD, and where descriptors are found."""

from __future__ import annotations

from html import escape
from typing import NotRequired, TypedDict

from ...domain.instance.webfinger import Meant
from ...settings import settings

XRD_KIND = "application/xrd+xml"
JRD_KIND = "application/jrd+json"
XRD = f"{XRD_KIND}; charset=utf-8"
ACTIVITY = ("application/activity+json", 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"')
_PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
_SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'


class WebfingerLink(TypedDict):
    rel: str
    type: NotRequired[str]
    href: NotRequired[str]
    template: NotRequired[str]


class Webfinger(TypedDict):
    """The name of an account, and where there is more about it."""

    subject: str
    aliases: list[str]
    links: list[WebfingerLink]


class HostMeta(TypedDict):
    """Where webfinger is."""

    links: list[WebfingerLink]


def render_webfinger(meant: Meant) -> Webfinger:
    """An alias claims to be the same, so other accounts that somebody names as theirs are none."""
    links: list[WebfingerLink] = [{"rel": "self", "type": type, "href": meant.address} for type in ACTIVITY]
    if meant.has_page:
        page: WebfingerLink = {"rel": _PROFILE_PAGE, "type": "text/html", "href": meant.address}
        following: WebfingerLink = {
            "rel": _SUBSCRIBE, "template": f"{settings.base_url}/ostatus_subscribe?acct={{uri}}"}
        links = [page, *links, following]
    return {"subject": f"acct:{meant.nickname}@{meant.domain}", "aliases": [meant.address], "links": links}


def render_webfinger_as_xrd(meant: Meant) -> str:
    shown = render_webfinger(meant)
    aliases = [f"<Alias>{_text(alias)}</Alias>" for alias in shown["aliases"]]
    return _xrd([f"<Subject>{_text(shown['subject'])}</Subject>", *aliases, *map(_link, shown["links"])])


def render_host_meta() -> HostMeta:
    template = f"{settings.base_url}/.well-known/webfinger?resource={{uri}}"
    return {"links": [{"rel": "lrdd", "type": JRD_KIND, "template": template}]}


def render_host_meta_as_xrd() -> str:
    return _xrd([_link(each | {"type": XRD_KIND}) for each in render_host_meta()["links"]])


def _link(link: WebfingerLink) -> str:
    return "<Link " + " ".join(f'{name}="{_text(str(value))}"' for name, value in link.items()) + " />"


def _xrd(elements: list[str]) -> str:
    return _HEAD + "".join(f"  {element}\n" for element in elements) + "</XRD>\n"


def _text(text: str) -> str:
    """The text as XML allows it: without control characters."""
    return escape("".join(letter for letter in text if letter.isprintable()))
