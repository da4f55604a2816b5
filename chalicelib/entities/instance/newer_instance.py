"""The instance in the form of the newer document, `/api/v2/instance`. The older form is in `instance.py`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NotRequired, TypedDict

from ... import entities
from ...domain import text
from ...domain.accounts import ages
from ...domain.instance import documents, features
from ...domain.notifications import vapid
from ...settings import settings
from ...store.accounts.accounts import Account as Record
from . import instance
from .instance import InstancePleroma
from .rule import Rule


class ActiveUsers(TypedDict):
    active_month: int


class Usage(TypedDict):
    users: ActiveUsers


class Thumbnail(TypedDict):
    """In the older form it is a text."""

    url: str
    versions: dict[str, str]
    description: str


class Icon(TypedDict):
    src: str
    size: str


class InstanceUrls(TypedDict):
    """`streaming` is there only where a socket answers. A page of its state is null: there is none."""

    streaming: NotRequired[str]
    status: str | None
    about: str
    privacy_policy: str
    terms_of_service: str


class VapidKey(TypedDict):
    public_key: str | None


class Translation(TypedDict):
    enabled: bool


class FeedReaders(TypedDict):
    """Who may read it: `public`, `authenticated` or `disabled`."""

    local: str
    remote: str


class TimelinesAccess(TypedDict):
    live_feeds: FeedReaders
    hashtag_feeds: FeedReaders
    trending_link_feeds: FeedReaders


class Configuration(TypedDict):
    urls: InstanceUrls
    vapid: VapidKey
    accounts: dict[str, int]
    statuses: dict[str, int]
    media_attachments: dict[str, Any]
    polls: dict[str, int]
    translation: Translation
    timelines_access: TimelinesAccess
    limited_federation: bool


class Registrations(TypedDict):
    enabled: bool
    approval_required: bool
    reason_required: bool
    message: str | None
    min_age: int | None
    url: str | None


class ApiVersions(TypedDict):
    """Absent before the first step that clients know."""

    mastodon: NotRequired[int]


class Contact(TypedDict):
    email: str
    account: entities.Account | None


class NewerInstance(TypedDict):
    """What this server is and allows. `domain` is the bare host, and `version` the same as in the older form."""

    domain: str
    title: str
    version: str
    source_url: str
    description: str
    usage: Usage
    thumbnail: Thumbnail
    icon: list[Icon]
    languages: list[str]
    configuration: Configuration
    registrations: Registrations
    api_versions: ApiVersions
    contact: Contact
    rules: list[Rule]
    pleroma: InstancePleroma


def render_newer_instance(rules: list[Rule], contact: Record | None, found: Sequence[str]) -> NewerInstance:
    """`found`: the features. `contact`: the account to turn to."""
    announced = features.ANNOUNCED
    return {
        "domain": settings.host,
        "title": settings.instance_name,
        "version": announced.version,
        "source_url": settings.repository,
        "description": _plain(settings.instance_description),
        "usage": {"users": {"active_month": instance.ACTIVE_MONTH}},
        "thumbnail": {"url": instance.thumbnail(), "versions": {}, "description": ""},
        "icon": [],
        "languages": instance.LANGUAGES,
        "configuration": _configuration(found),
        "registrations": {
            "enabled": settings.registrations_open, "approval_required": settings.account_approval_required,
            "reason_required": False, "message": None, "min_age": ages.minimum_years(), "url": None,
        },
        "api_versions": {} if announced.api is None else {"mastodon": announced.api},
        "contact": {"email": settings.instance_email, "account": instance.contact_account(contact)},
        "rules": rules,
        "pleroma": instance.pleroma(found),
    }


def _configuration(found: Sequence[str]) -> Configuration:
    base = settings.base_url
    urls: InstanceUrls = {"status": None, "about": f"{base}/", "privacy_policy": documents.address(documents.PRIVACY),
                          "terms_of_service": documents.address(documents.TERMS)}
    if features.STREAMING in found:
        urls["streaming"] = instance.socket_address()
    feed = _feed()
    return {
        "urls": urls,
        "vapid": {"public_key": vapid.public_key()},
        "accounts": instance.account_limits(),
        "statuses": instance.status_limits(),
        "media_attachments": instance.media_limits(),
        "polls": instance.poll_configuration(),
        "translation": {"enabled": False},
        "timelines_access": {"live_feeds": feed, "hashtag_feeds": feed, "trending_link_feeds": feed},
        "limited_federation": bool(settings.mrf_simple_accept.strip()),
    }


def _feed() -> FeedReaders:
    """Who may read timelines of everybody: the same rule holds for all of them."""
    readers = "public" if settings.public and not settings.restrict_timelines else "authenticated"
    return {"local": readers, "remote": readers}


@lru_cache(maxsize=2)
def _plain(description: str) -> str:
    return text.strip_tags(description)
