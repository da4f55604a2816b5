"""What this server calls itself, and what it can do: the versions and features by which clients decide what to ask.

Everything that is announced stands here, once. `tests/contract/test_gates.py` holds what a version switches on in
clients against what is served, so a step is announced only when all of it works.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ...settings import settings


class Announced(NamedTuple):
    """Versions of Mastodon and Pleroma that clients may take this server for, and Mastodon's number of its API."""

    mastodon: str
    pleroma: str
    api: int | None

    @property
    def version(self) -> str:
        """The text in which clients look for both numbers, and for the words between them."""
        return f"{self.mastodon} (compatible; Pleroma {self.pleroma})"


STEPS = {
    "2021": Announced("2.7.2", "2.2.50", None),
    "A": Announced("4.4.0", "2.9.1", 6),
    "B": Announced("4.5.0", "2.10.0", 7),
}
ANNOUNCED = STEPS["B"]
STREAMING = "mastodon_api_streaming"

FEATURES = {
    "pleroma_api": "",
    "mastodon_api": "",
    STREAMING: "GET /api/v1/streaming",
    "mastodon_api_grouped_notifications": "GET /api/v2/notifications",
    "polls": "POST /api/v1/polls/{id}/votes",
    "v2_suggestions": "GET /api/v2/suggestions",
    "pleroma_explicit_addressing": "POST /api/v1/statuses",
    "shareable_emoji_packs": "GET /api/pleroma/emoji/packs",
    "multifetch": "GET /api/v1/statuses",
    "pleroma:api/v1/notifications:include_types_filter": "GET /api/v1/notifications",
    "editing": "PUT /api/v1/statuses/{id}",
    "quote_posting": "GET /api/v1/pleroma/statuses/{id}/quotes",
    "blockers_visible": "GET /api/v1/accounts/relationships",
    "exposable_reactions": "GET /api/v1/pleroma/statuses/{id}/reactions",
    "profile_directory": "GET /api/v1/directory",
    "pleroma_emoji_reactions": "PUT /api/v1/pleroma/statuses/{id}/reactions/{emoji}",
    "pleroma_custom_emoji_reactions": "PUT /api/v1/statuses/{id}/emoji_reactions/{emoji}",
    "custom_emoji_reactions": "PUT /api/v1/statuses/{id}/emoji_reactions/{emoji}",
    "pleroma_chat_messages": "GET /api/v1/pleroma/chats",
    "pleroma:pin_chats": "POST /api/v1/pleroma/chats/{id}/pin",
    "pleroma:get:main/ostatus": "GET /main/ostatus",
    "pleroma:bookmark_folders": "POST /api/v1/pleroma/bookmark_folders",
    "akkoma_api": "GET /api/v1/akkoma/frontend_settings/{frontend}",
    "bubble_timeline": "GET /api/v1/timelines/bubble",
}
"""A feature is named if its endpoint (method and path) is served. With "" it needs no endpoint of its own.

Some are never named, because clients would ask for what is not here: `chat` and `shout` (a socket of Phoenix),
`media_proxy`, `relay`, `events`, `pleroma:group_actors`, `pleroma:language_detection`, `translation`.
"""


def list_features(served: Collection[str]) -> list[str]:
    """The features that clients may count on, given what is served (`METHOD /path`)."""
    there = {*served, FEATURES[STREAMING]} if settings.streaming else served  # sockets are no route
    found = [name for name, endpoint in FEATURES.items() if not endpoint or endpoint in there]
    return [*found, "safe_dm_mentions"] if settings.safe_dm_mentions else found
