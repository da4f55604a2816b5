"""Emoji reactions."""

from __future__ import annotations

from ... import entities
from ...domain.statuses import reactions, reading
from ...domain.viewer import Viewer
from ...entities.statuses.reaction import render_reactions
from ...entities.statuses.status import render_status
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint
from ...web.params import Flag, FlakeId

OF_AKKOMA = "/api/v1/statuses/{id}/emoji_reactions/{emoji}"


@endpoint("PUT", "/api/v1/pleroma/statuses/{id}/reactions/{emoji}",
          also=(OF_AKKOMA,), auth=signed_in("write:statuses"), ahead=reading.ahead)
def react(viewer: Viewer, id: FlakeId, emoji: str) -> entities.Status:
    """React with one emoji: of Unicode, or a shortcode of this server. A second time changes nothing."""
    status, around = reactions.add(id, emoji, viewer)
    return render_status(status, viewer, around)


@endpoint("DELETE", "/api/v1/pleroma/statuses/{id}/reactions/{emoji}",
          also=(OF_AKKOMA,), auth=signed_in("write:statuses"), ahead=reading.ahead)
def take_back(viewer: Viewer, id: FlakeId, emoji: str) -> entities.Status:
    """Take a reaction back."""
    status, around = reactions.remove(id, emoji, viewer)
    return render_status(status, viewer, around)


@endpoint("GET", "/api/v1/pleroma/statuses/{id}/reactions", auth=optional("read:statuses"), ahead=reading.ahead)
def index(viewer: Viewer | None, id: FlakeId, with_muted: Flag = False) -> list[entities.Reaction]:
    """Every emoji on a status, with the accounts that put it there, oldest emoji first."""
    return render_reactions(reactions.list_of(id, viewer, with_muted=with_muted), viewer)


@endpoint("GET", "/api/v1/pleroma/statuses/{id}/reactions/{emoji}",
          auth=optional("read:statuses"), ahead=reading.ahead)
def show(viewer: Viewer | None, id: FlakeId, emoji: str, with_muted: Flag = False) -> list[entities.Reaction]:
    """The reactions with one emoji: a list of one, or of none."""
    return render_reactions(reactions.list_of(id, viewer, with_muted=with_muted, only=emoji), viewer)
