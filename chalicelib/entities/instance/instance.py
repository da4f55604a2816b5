"""The instance, as clients ask for it when they start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NotRequired, TypedDict

from ...domain import host_policies
from ...domain.instance import about
from ...domain.instance.about import Statistics
from ...domain.notifications import vapid
from ...host_list import ListedHost
from ...settings import settings

IMAGE_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/apng"]
VIDEO_TYPES = ["video/mp4", "video/webm", "video/quicktime"]
AUDIO_TYPES = ["audio/mpeg", "audio/ogg", "audio/wav", "audio/flac", "audio/mp4"]


class Urls(TypedDict):
    """Empty where no socket answers: clients would try again and again."""

    streaming_api: NotRequired[str]


class Stats(TypedDict):
    user_count: int
    status_count: int
    domain_count: int


class PollLimits(TypedDict):
    max_options: int
    max_option_chars: int
    min_expiration: int
    max_expiration: int


class DomainBlock(TypedDict):
    """A host of which nothing is taken (`suspend`), or less (`silence`)."""

    domain: str
    digest: str
    severity: str
    comment: str


class Reasoned(TypedDict):
    reason: str


class ObjectAge(TypedDict):
    """What is done with statuses that come later than `threshold` seconds after they were written."""

    threshold: int
    actions: list[str]


class Federation(TypedDict):
    """What is done with what comes from other servers. Only `enabled` if that is nobody's business."""

    enabled: bool
    mrf_policies: NotRequired[list[str]]
    exclusions: NotRequired[bool]
    mrf_simple: NotRequired[dict[str, list[str]]]
    mrf_simple_info: NotRequired[dict[str, dict[str, Reasoned]]]
    mrf_object_age: NotRequired[ObjectAge]
    quarantined_instances: NotRequired[list[str]]
    quarantined_instances_info: NotRequired[dict[str, dict[str, Reasoned]]]


class FieldsLimits(TypedDict):
    max_fields: int
    max_remote_fields: int
    name_length: int
    value_length: int


class Metadata(TypedDict):
    account_activation_required: bool
    features: list[str]
    federation: Federation
    fields_limits: FieldsLimits
    post_formats: list[str]


class InstancePleroma(TypedDict):
    metadata: Metadata
    vapid_public_key: str | None


class Instance(TypedDict):
    """What this server is and allows. `configuration` repeats the limits for newer clients."""

    uri: str
    title: str
    description: str
    email: str
    version: str
    urls: Urls
    stats: Stats
    thumbnail: str
    background_image: str
    languages: list[str]
    registrations: bool
    approval_required: bool
    max_toot_chars: int
    chat_limit: int
    description_limit: int
    upload_limit: int
    avatar_upload_limit: int
    background_upload_limit: int
    banner_upload_limit: int
    poll_limits: PollLimits
    configuration: dict[str, dict[str, Any]]
    pleroma: InstancePleroma


def render_instance(statistics: Statistics, features: Sequence[str]) -> Instance:
    base = settings.base_url
    return {
        "uri": base,
        "title": settings.instance_name,
        "description": settings.instance_description,
        "email": settings.instance_email,
        "version": f"{about.MASTODON_VERSION} (compatible; Pleroma {about.PLEROMA_VERSION})",
        "urls": {"streaming_api": "ws" + base.removeprefix("http")} if about.STREAMING in features else {},
        "stats": {"user_count": statistics.users, "status_count": statistics.statuses,
                  "domain_count": statistics.hosts},
        "thumbnail": f"{base}/instance/thumbnail.jpeg",
        "background_image": f"{base}/images/city.jpg",
        "languages": ["en"],
        "registrations": settings.registrations_open,
        "approval_required": settings.account_approval_required,
        "max_toot_chars": settings.limit,
        "chat_limit": settings.chat_limit,
        "description_limit": settings.description_limit,
        "upload_limit": settings.upload_limit,
        "avatar_upload_limit": settings.avatar_upload_limit,
        "background_upload_limit": settings.background_upload_limit,
        "banner_upload_limit": settings.banner_upload_limit,
        "poll_limits": poll_limits(),
        "configuration": _configuration(),
        "pleroma": {
            "metadata": {
                "account_activation_required": settings.account_activation_required,
                "features": list(features),
                "federation": federation(),
                "fields_limits": {
                    "max_fields": settings.max_account_fields, "max_remote_fields": about.MAX_REMOTE_FIELDS,
                    "name_length": settings.account_field_name_length,
                    "value_length": settings.account_field_value_length,
                },
                "post_formats": about.POST_FORMATS,
            },
            "vapid_public_key": vapid.public_key(),
        },
    }


def poll_limits() -> PollLimits:
    return {
        "max_options": settings.poll_max_options, "max_option_chars": settings.poll_max_option_chars,
        "min_expiration": settings.poll_min_expiration, "max_expiration": settings.poll_max_expiration,
    }


def federation() -> Federation:
    """As everybody may see it."""
    if not settings.mrf_transparency:
        return {"enabled": settings.federating}
    age = settings.mrf_object_age_threshold
    lists = {name: host_policies.shown(name) for name in host_policies.NAMES}
    quarantined = host_policies.shown_quarantined()
    shown: Federation = {
        "enabled": settings.federating,
        "mrf_policies": ["SimplePolicy", "TagPolicy", *(["ObjectAgePolicy"] if age else [])],
        "exclusions": bool(settings.mrf_transparency_exclusions),
        "mrf_simple": {name: _patterns(hosts) for name, hosts in lists.items()},
        "mrf_simple_info": _reasons(lists),
        "quarantined_instances": _patterns(quarantined),
        "quarantined_instances_info": _reasons({"quarantined_instances": quarantined}),
    }
    return shown | {"mrf_object_age": {"threshold": age, "actions": [*host_policies.AGE_ACTIONS]}} if age else shown


def render_domain_blocks() -> list[DomainBlock]:
    """The hosts that are rejected or limited, by name, as far as everybody may see it."""
    found = host_policies.shown_blocks() if settings.mrf_transparency else {}
    return [
        {"domain": pattern, "digest": sha256(pattern.encode()).hexdigest(),
         "severity": "suspend" if rejected else "silence", "comment": reason}
        for pattern, (reason, rejected) in sorted(found.items())
    ]


def _patterns(hosts: Sequence[ListedHost]) -> list[str]:
    return [each.pattern for each in hosts]


def _reasons(lists: Mapping[str, Sequence[ListedHost]]) -> dict[str, dict[str, Reasoned]]:
    """The reasons that are given, by list and host."""
    told: dict[str, dict[str, Reasoned]] = {
        name: {each.pattern: {"reason": each.reason} for each in hosts if each.reason}
        for name, hosts in lists.items()}
    return {name: reasons for name, reasons in told.items() if reasons}


def _configuration() -> dict[str, dict[str, Any]]:
    return {
        "statuses": {"max_characters": settings.limit, "max_media_attachments": about.MAX_ATTACHMENTS},
        "media_attachments": {
            "supported_mime_types": [*IMAGE_TYPES, *VIDEO_TYPES, *AUDIO_TYPES],
            "image_size_limit": settings.upload_limit, "video_size_limit": settings.upload_limit,
        },
        "polls": {
            "max_options": settings.poll_max_options,
            "max_characters_per_option": settings.poll_max_option_chars,
            "min_expiration": settings.poll_min_expiration, "max_expiration": settings.poll_max_expiration,
        },
    }
