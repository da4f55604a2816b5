"""The lists of custom emoji for two generations of clients, and reading the emoji again."""

from __future__ import annotations

from ... import entities
from ...domain.emoji import custom
from ...entities.emoji.emoji import render_entries, render_pictures
from ...web.auth import admin, public
from ...web.endpoint import endpoint


@endpoint("GET", "/api/pleroma/emoji", auth=public(), also=("/api/pleroma/emoji.json",), shared=60)
def by_shortcode() -> dict[str, entities.EmojiPicture]:
    """All custom emoji by shortcode, with the paths of their pictures."""
    return render_pictures(custom.list_all())


@endpoint("GET", "/api/v1/custom_emojis", auth=public(), shared=60)
def for_pickers() -> list[entities.CustomEmojiEntry]:
    """All custom emoji, sorted by shortcode."""
    return render_entries(custom.list_all())


@endpoint("POST", "/api/pleroma/admin/reload_emoji", auth=admin("admin:write"))
def reload() -> str:
    """Make every process read the emoji again. Changes made through the API are seen without this."""
    custom.reload()
    return "ok"
