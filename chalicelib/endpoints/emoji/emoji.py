"""Custom emoji, as two generations of clients list them, and reading them anew."""

from __future__ import annotations

from ... import entities
from ...domain.emoji import named
from ...entities.emoji.emoji import render_entries, render_pictures
from ...web.auth import admin, public
from ...web.endpoint import endpoint


@endpoint("GET", "/api/pleroma/emoji", auth=public(), also=("/api/pleroma/emoji.json",))
def by_shortcode() -> dict[str, entities.EmojiPicture]:
    """All custom emoji by shortcode, with the paths of their pictures."""
    return render_pictures(named.every())


@endpoint("GET", "/api/v1/custom_emojis", auth=public())
def for_pickers() -> list[entities.CustomEmojiEntry]:
    """All custom emoji, sorted by shortcode."""
    return render_entries(named.every())


@endpoint("POST", "/api/pleroma/admin/reload_emoji", auth=admin("admin:write"))
def reload() -> str:
    """Have every process read the emoji anew. Changes made through the API are seen without this."""
    named.reload()
    return "ok"
