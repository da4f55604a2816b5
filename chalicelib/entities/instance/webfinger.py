"""Webfinger and host-meta: an account's descriptor as JSON and as XRD, and where descriptors are found."""

from __future__ import annotations

from html import escape
from typing import NotRequired, TypedDict

from ...settings import settings
from ...store.accounts.accounts import Account

XRD_KIND = "application/xrd+xml"
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
    """The name of an account, and where there is more about it. The host has no port."""

    subject: str
    aliases: list[str]
    links: list[WebfingerLink]


def render_webfinger(account: Account) -> Webfinger:
    links: list[WebfingerLink] = [{"rel": _PROFILE_PAGE, "type": "text/html", "href": account.url}]
    links += [{"rel": "self", "type": type, "href": account.url} for type in ACTIVITY]
    links += [{"rel": _SUBSCRIBE, "template": f"{settings.base_url}/ostatus_subscribe?acct={{uri}}"}]
    return {
        "subject": f"acct:{account.nickname}@{settings.hostname}",
        "aliases": [account.url, *(account.profile.get("also_known_as") or ())],
        "links": links,
    }


def render_webfinger_as_xrd(account: Account) -> str:
    shown = render_webfinger(account)
    aliases = [f"<Alias>{_text(alias)}</Alias>" for alias in shown["aliases"]]
    return _xrd([f"<Subject>{_text(shown['subject'])}</Subject>", *aliases, *map(_link, shown["links"])])


def render_host_meta() -> str:
    template = f"{settings.base_url}/.well-known/webfinger?resource={{uri}}"
    return _xrd([_link({"rel": "lrdd", "template": template, "type": "application/xrd+xml"})])


def _link(link: WebfingerLink) -> str:
    return "<Link " + " ".join(f'{name}="{_text(str(value))}"' for name, value in link.items()) + " />"


def _xrd(elements: list[str]) -> str:
    return _HEAD + "".join(f"  {element}\n" for element in elements) + "</XRD>\n"


def _text(text: str) -> str:
    """The text as XML allows it: without control characters."""
    return escape("".join(letter for letter in text if letter.isprintable()))
