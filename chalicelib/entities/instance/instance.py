"""The instance, as clients ask for it when they start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NotRequired, TypedDict

from ... import entities
from ...domain import host_policies, text
from ...domain.instance import about, features
from ...domain.instance.about import Statistics
from ...domain.notifications import vapid
from ...host_list import ListedHost
from ...settings import settings
from ...store.accounts.accounts import Account as Record
from .rule import Rule

IMAGE_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/apng"]
VIDEO_TYPES = ["video/mp4", "video/webm", "video/quicktime"]
LANGUAGES = ["en"]
"""Of what the server itself says."""
ACTIVE_MONTH = 0
"""Nobody counts who was active."""
ANY_NUMBER_OF_PIXELS, ANY_FRAME_RATE = 2**30, 1_000
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


class BaseUrls(TypedDict):
    upload: str


class Languages(TypedDict):
    source_languages: list[str] | None
    target_languages: list[str] | None


class Metadata(TypedDict):
    """`restrict_unauthenticated` says what anonymous visitors may not read, `markup` what statuses are shown with."""

    account_activation_required: bool
    features: list[str]
    federation: Federation
    fields_limits: FieldsLimits
    post_formats: list[str]
    avatar_upload_limit: int
    background_upload_limit: int
    banner_upload_limit: int
    background_image: str
    chat_limit: int
    description_limit: int
    shout_limit: int
    base_urls: BaseUrls
    markup: dict[str, bool]
    restrict_unauthenticated: dict[str, dict[str, bool]]
    translation: Languages
    birthday_required: bool
    birthday_min_age: int


class PleromaStats(TypedDict):
    """`mau`: accounts that were active within a month."""

    mau: int


class InstancePleroma(TypedDict):
    metadata: Metadata
    stats: PleromaStats
    vapid_public_key: str | None


class Instance(TypedDict):
    """What this server is and allows. `configuration` repeats the limits for newer clients."""

    uri: str
    title: str
    description: str
    short_description: str
    email: str
    version: str
    urls: Urls
    stats: Stats
    thumbnail: str
    background_image: str
    languages: list[str]
    registrations: bool
    approval_required: bool
    invites_enabled: bool
    max_media_attachments: int
    contact_account: entities.Account | None
    rules: list[Rule]
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


def render_instance(statistics: Statistics, rules: list[Rule], contact: Record | None,
                    found: Sequence[str]) -> Instance:
    """`found`: the features. `contact`: the account to turn to."""
    base = settings.base_url
    return {
        "uri": base,
        "title": settings.instance_name,
        "description": settings.instance_description,
        "short_description": settings.instance_description,
        "email": settings.instance_email,
        "version": features.ANNOUNCED.version,
        "urls": {"streaming_api": socket_address()} if features.STREAMING in found else {},
        "stats": {"user_count": statistics.users, "status_count": statistics.statuses,
                  "domain_count": statistics.hosts},
        "thumbnail": thumbnail(),
        "background_image": _background(),
        "languages": LANGUAGES,
        "registrations": settings.registrations_open,
        "approval_required": settings.account_approval_required,
        "invites_enabled": settings.invites_enabled,
        "max_media_attachments": about.MAX_ATTACHMENTS,
        "contact_account": contact_account(contact),
        "rules": rules,
        "max_toot_chars": settings.limit,
        "chat_limit": settings.chat_limit,
        "description_limit": settings.description_limit,
        "upload_limit": settings.upload_limit,
        "avatar_upload_limit": settings.avatar_upload_limit,
        "background_upload_limit": settings.background_upload_limit,
        "banner_upload_limit": settings.banner_upload_limit,
        "poll_limits": poll_limits(),
        "configuration": {"accounts": account_limits(), "statuses": status_limits(),
                          "media_attachments": media_limits(), "polls": poll_configuration()},
        "pleroma": pleroma(found),
    }


def thumbnail() -> str:
    return f"{settings.base_url}/instance/thumbnail.jpeg"


def _background() -> str:
    return f"{settings.base_url}/images/city.jpg"


def socket_address() -> str:
    return "ws" + settings.base_url.removeprefix("http")


def contact_account(contact: Record | None) -> entities.Account | None:
    """Few instances name one, and the first request is often for the instance: so accounts are imported here."""
    if contact is None:
        return None
    from ..accounts.account import arrange_account

    return arrange_account(contact, None)


def pleroma(found: Sequence[str]) -> InstancePleroma:
    """Pleroma's own part, the same in both forms."""
    return {"metadata": _metadata(found), "stats": {"mau": ACTIVE_MONTH}, "vapid_public_key": vapid.public_key()}


def _metadata(found: Sequence[str]) -> Metadata:
    return {
        "account_activation_required": settings.account_activation_required,
        "features": list(found),
        "federation": federation(),
        "fields_limits": {
            "max_fields": settings.max_account_fields, "max_remote_fields": about.MAX_REMOTE_FIELDS,
            "name_length": settings.account_field_name_length, "value_length": settings.account_field_value_length,
        },
        "post_formats": about.POST_FORMATS,
        "avatar_upload_limit": settings.avatar_upload_limit,
        "background_upload_limit": settings.background_upload_limit,
        "banner_upload_limit": settings.banner_upload_limit,
        "background_image": _background(),
        "chat_limit": settings.chat_limit,
        "description_limit": settings.description_limit,
        "shout_limit": 0,
        "base_urls": {"upload": f"{settings.base_url}/media/"},
        "markup": {"allow_inline_images": True, "allow_headings": False, "allow_tables": False},
        "restrict_unauthenticated": _restricted(),
        "translation": {"source_languages": None, "target_languages": None},
        "birthday_required": settings.birthday_required,
        "birthday_min_age": settings.birthday_min_age,
    }


def _restricted() -> dict[str, dict[str, bool]]:
    """What anonymous visitors may not read."""
    closed = not settings.public
    return {
        "timelines": dict.fromkeys(("local", "federated"), closed or settings.restrict_timelines),
        "profiles": {"local": settings.restrict_profiles, "remote": settings.restrict_profiles},
        "activities": {"local": closed or settings.restrict_statuses, "remote": closed},
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


# The limits, in the words of newer clients. Both forms of the instance have them.


def account_limits() -> dict[str, int]:
    return {
        "max_featured_tags": about.MAX_FEATURED_TAGS,
        "max_pinned_statuses": settings.max_pinned_statuses,
        "max_profile_fields": settings.max_account_fields,
        "profile_field_name_limit": settings.account_field_name_length,
        "profile_field_value_limit": settings.account_field_value_length,
        "max_display_name_length": settings.user_name_length,
        "max_note_length": settings.user_bio_length,
        "max_avatar_description_length": about.MAX_PICTURE_DESCRIPTION,
        "max_header_description_length": about.MAX_PICTURE_DESCRIPTION,
    }


def status_limits() -> dict[str, int]:
    return {"max_characters": settings.limit, "max_media_attachments": about.MAX_ATTACHMENTS,
            "characters_reserved_per_url": text.LINK_LENGTH}


def media_limits() -> dict[str, Any]:
    """The numbers of pixels and pictures a second are larger than anybody has: nothing is refused for them."""
    return {
        "supported_mime_types": [*IMAGE_TYPES, *VIDEO_TYPES, *AUDIO_TYPES],
        "description_limit": settings.description_limit,
        "image_size_limit": settings.upload_limit, "image_matrix_limit": ANY_NUMBER_OF_PIXELS,
        "video_size_limit": settings.upload_limit, "video_frame_rate_limit": ANY_FRAME_RATE,
        "video_matrix_limit": ANY_NUMBER_OF_PIXELS,
    }


def poll_configuration() -> dict[str, int]:
    return {
        "max_options": settings.poll_max_options, "max_characters_per_option": settings.poll_max_option_chars,
        "min_expiration": settings.poll_min_expiration, "max_expiration": settings.poll_max_expiration,
    }
