"""Polls: seeing one, and voting."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.statuses import polls, reading
from ...domain.viewer import Viewer
from ...entities.statuses.poll import render_poll
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint
from ...web.params import FlakeId


@endpoint("GET", "/api/v1/polls/{id}", auth=optional("read:statuses"), ahead=reading.ahead)
def show(viewer: Viewer | None, id: FlakeId) -> entities.Poll:
    """A poll, by the id of its status."""
    return render_poll(*polls.get(id, viewer), viewer)


@endpoint("POST", "/api/v1/polls/{id}/votes", auth=signed_in("write:statuses"), ahead=reading.ahead)
def vote(viewer: Viewer, id: FlakeId,
         choices: Annotated[list[int], "Numbers of the options, from 0."]) -> entities.Poll:
    """Vote in a poll, once."""
    return render_poll(*polls.vote(id, choices, viewer), viewer)
