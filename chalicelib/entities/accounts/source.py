"""The source of an account: what its owner edits, as it was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NotRequired, TypedDict


class ShownField(TypedDict):
    """A field of a profile. In an account its value is HTML with links only, in its source it is as typed."""

    name: str
    value: str
    verified_at: NotRequired[str | None]


class SourcePleroma(TypedDict):
    actor_type: str
    discoverable: bool
    show_role: NotRequired[bool]
    no_rich_text: NotRequired[bool]
    show_birthday: NotRequired[bool]
    accepts_chat_messages: NotRequired[bool]


class AccountSource(TypedDict):
    """What the owner edits: everything as typed. Keys that may be missing are for the owner."""

    note: str
    sensitive: bool
    fields: list[ShownField]
    pleroma: SourcePleroma
    privacy: NotRequired[str]
    language: NotRequired[str | None]
    hide_collections: NotRequired[bool]
    discoverable: NotRequired[bool]
    indexable: NotRequired[bool]
    attribution_domains: NotRequired[list[str]]
    quote_policy: NotRequired[str]
    follow_requests_count: NotRequired[int]


def render_source(get: Callable[..., Any], actor_type: str, fields: Sequence[Sequence[str]]) -> AccountSource:
    """What everybody gets of it. `get`: of the profile's document."""
    return {
        "note": get("note") or "",
        "sensitive": False,
        "fields": [{"name": name, "value": typed} for name, typed, _ in fields],
        "pleroma": {"actor_type": actor_type, "discoverable": bool(get("discoverable"))},
    }


def add_for_owner(source: AccountSource, doc: Mapping[str, Any]) -> None:
    """What only the owner sees, but for the count of those who ask to follow."""
    source["privacy"] = doc.get("default_scope") or "public"
    source["sensitive"] = bool(doc.get("default_sensitive"))
    source["language"] = doc.get("language")
    source["hide_collections"] = hides_collections(doc)
    source["discoverable"] = bool(doc.get("discoverable"))
    source["indexable"] = bool(doc.get("indexable"))
    source["attribution_domains"] = list(doc.get("attribution_domains") or ())
    source["quote_policy"] = doc.get("quote_policy") or "public"
    source["pleroma"]["show_role"] = doc.get("show_role", True)
    source["pleroma"]["no_rich_text"] = bool(doc.get("no_rich_text"))
    source["pleroma"]["show_birthday"] = bool(doc.get("show_birthday"))
    source["pleroma"]["accepts_chat_messages"] = doc.get("accepts_chat_messages", True)


def hides_collections(doc: Mapping[str, Any]) -> bool:
    """Whether nobody else sees who follows the account, and whom it follows."""
    return bool(doc.get("hide_followers")) and bool(doc.get("hide_follows"))
