"""Nodeinfo: the instance, as other servers and some clients ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

from ...domain.accounts.nicknames import RESERVED
from ...domain.instance import about, features
from ...domain.instance.about import Statistics
from ...settings import settings
from .instance import federation, poll_limits

VERSIONS = ("2.0", "2.1")
_SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"


class NodeInfoLink(TypedDict):
    rel: str
    href: str


class NodeInfoLinks(TypedDict):
    links: list[NodeInfoLink]


class Software(TypedDict):
    name: str
    version: str
    repository: NotRequired[str]


class NodeInfo(TypedDict):
    """Nodeinfo 2.0 or 2.1. The metadata have all keys of the reference server: one client reads all or none of them."""

    version: str
    software: Software
    protocols: list[str]
    services: dict[str, list[str]]
    openRegistrations: bool
    usage: dict[str, Any]
    metadata: dict[str, Any]


def content_type(version: str) -> str:
    return f"application/json; profile={_SCHEMA}{version}#; charset=utf-8"


def render_links() -> NodeInfoLinks:
    """The latest version comes last, because that one is used."""
    return {"links": [
        {"rel": _SCHEMA + version, "href": f"{settings.base_url}/nodeinfo/{version}.json"} for version in VERSIONS
    ]}


def render_nodeinfo(version: str, statistics: Statistics, staff: Sequence[str], found: Sequence[str]) -> NodeInfo:
    """Clients know this kind of server by the name `pleroma`. The server's own name is in the metadata."""
    software: Software = {"name": "pleroma", "version": features.ANNOUNCED.pleroma}
    if version != "2.0" and settings.repository:
        software["repository"] = settings.repository
    limits = poll_limits()
    return {
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": settings.registrations_open,
        "usage": {"users": {"total": statistics.users}, "localPosts": statistics.statuses},
        "metadata": {
            "nodeName": settings.instance_name,
            "nodeDescription": settings.instance_description,
            "private": not settings.public,
            "suggestions": {"enabled": False},
            "staffAccounts": [f"{settings.base_url}/users/{nickname}" for nickname in staff],
            "federation": federation(),
            "pollLimits": limits,
            "postFormats": about.POST_FORMATS,
            "uploadLimits": {
                "general": settings.upload_limit, "avatar": settings.avatar_upload_limit,
                "banner": settings.banner_upload_limit, "background": settings.background_upload_limit,
            },
            "fieldsLimits": {
                "maxFields": settings.max_account_fields, "maxRemoteFields": about.MAX_REMOTE_FIELDS,
                "nameLength": settings.account_field_name_length, "valueLength": settings.account_field_value_length,
            },
            "accountActivationRequired": settings.account_activation_required,
            "invitesEnabled": settings.invites_enabled,
            "mailerEnabled": settings.mail,
            "features": list(found),
            "localBubbleInstances": [settings.host],
            "restrictedNicknames": sorted(RESERVED),
            "skipThreadContainment": True,
        },
    }
