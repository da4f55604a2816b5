"""The way home for visitors: the form for their own name, and where their server lets them go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from ...domain.refusals import Refusal
from ...domain.relationships import interactions
from ...pages import interactions as pages
from ...web import limits
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.errors import status_of
from ...web.pages import outward_page
from ...web.params import Flat, Loose
from ...web.replies import As, Html, Redirect
from ...web.request import Request
from .interactions import INTERACTION, words_of


@dataclass(frozen=True)
class Wish:
    """What a visitor's form sends, by itself or within `user[…]` or `status[…]`."""

    nickname: Annotated[Loose[str], "Whom to follow here."]
    profile: Annotated[Loose[str], "The visitor's own name and server."]
    user: Annotated[Loose[dict[str, Any]], "nickname, profile"]
    status: Annotated[Loose[dict[str, Any]], "status_id, profile"]

    def text(self, field: str) -> str:
        for value in (getattr(self, field, None), (self.user or {}).get(field), (self.status or {}).get(field)):
            if isinstance(value, str) and value.strip():
                return value.strip()
        return ""


@endpoint("GET", "/main/ostatus", auth=public())
def remote_follow_page(wish: Flat[Wish]) -> Html:
    """The form by which visitors go to their own server, to follow somebody or to act on a status."""
    return outward_page(_form(wish))


@endpoint("POST", "/main/ostatus", auth=public())
def remote_follow(request: Request, wish: Flat[Wish]) -> Redirect | Html | Annotated[Html, As(400, 404, 422, 429)]:
    """Send a visitor to their own server, to the address that it tells of their name. Without a name: ask for it."""
    if not wish.text("profile"):
        return outward_page(_form(wish))
    status_id = wish.text("status_id")
    try:
        limits.enforce((INTERACTION,), None, request.ip, {})
        uri = (interactions.uri_of_status(status_id) if status_id else
               interactions.uri_of_account(wish.text("nickname")))
        return Redirect(interactions.address_at_home(wish.text("profile"), uri))
    except Refusal as refusal:
        return outward_page(_form(wish, fault=words_of(refusal)), status_of(refusal))


def _form(wish: Wish, *, fault: str = "") -> str:
    return pages.remote_follow(wish.text("nickname"), wish.text("status_id"), wish.text("profile"), fault=fault)
