"""The older name of `/authorize_interaction`, which webfinger tells. Pages of other servers lead there."""

from __future__ import annotations

from ...domain.viewer import Viewer
from ...web.endpoint import endpoint
from ...web.params import Flat
from ...web.replies import Html
from ...web.request import Request
from . import interactions
from .interactions import SIGNED_IN, InteractionForm, Page


@endpoint("GET", "/ostatus_subscribe", auth=SIGNED_IN)
def show(viewer: Viewer | None, asked: Flat[InteractionForm]) -> Html | Page:
    """The account or the status for which another server sent somebody home."""
    return interactions.authorize_interaction(viewer, asked)


@endpoint("POST", "/ostatus_subscribe", auth=SIGNED_IN)
def follow(request: Request, viewer: Viewer | None, asked: Flat[InteractionForm]) -> Html | Page:
    """Follow the account, signed in already, or with name and password for this once."""
    return interactions.follow(request, viewer, asked)
