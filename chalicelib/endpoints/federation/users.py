"""Accounts by the addresses that other servers know them by, and their collections."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from ...domain.accounts.nicknames import RESERVED, is_nickname
from ...domain.federation import own_accounts, own_collections
from ...domain.federation.own_accounts import Addressed
from ...domain.federation.own_collections import CollectionPlace
from ...domain.instance import openness
from ...domain.refusals import NotFound
from ...domain.tags.featured import featured_by
from ...domain.timelines import browsing, timelines
from ...domain.timelines.browsing import BrowsedPlace
from ...domain.timelines.timelines import ProfileWishes
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_account
from ...entities.tags.featured_tag import render_featured_tags
from ...ids import is_flake
from ...pages import timelines as pages
from ...pages import visit_of
from ...pages.visits import place_of
from ...settings import settings
from ...web.auth import optional, public
from ...web.endpoint import endpoint
from ...web.errors import NOT_IMPLEMENTED
from ...web.pages import SECONDS, by_form, public_page
from ...web.params import Flag
from ...web.replies import As, Html, Redirect
from ...web.request import Request
from ...web.signed import incoming
from ..timelines.feeds import FORMATS, lead_to
from ..timelines.post_lists import MaxId as BelowId
from ..timelines.post_lists import MinId as AboveId
from ..timelines.post_lists import as_list
from .answers import (
    SECONDS_KEPT,
    Answer,
    answer,
    asker_of,
    demand_federation,
    feed_wanted,
    redirect,
    redirect_to_notice,
    wants_document,
)

PageFlag = Annotated[Flag, "Whether a page is wanted, and not what there is to say of all pages."]
MaxId = Annotated[str | None, "The page begins below this id."]
MinId = Annotated[str | None, "The page ends above this id."]
PINNED = ProfileWishes(pinned=True)
WISHES = {"": ProfileWishes(exclude_replies_to_others=True), pages.WITH_REPLIES: ProfileWishes(),
          pages.MEDIA: ProfileWishes(only_media=True)}
"""Which statuses are on a profile, by what its address ends with."""


@endpoint("GET", "/users/{nickname}", auth=optional("read:statuses", open=True), head=True, shared=SECONDS_KEPT,
          refuses=(401, 403, 404, 410))
def show(request: Request, viewer: Viewer | None, nickname: str, max_id: BelowId = None,
         min_id: AboveId = None) -> Answer | Html | Redirect:
    """An account: its actor for servers, its profile for people. Its id, or another spelling, leads there.

    That of another server's account is there, unless one is signed in here: then one can follow it here too.
    """
    wanted = feed_wanted(request)
    if wanted:
        return redirect(f"{settings.base_url}/users/{quote(nickname, safe='')}/feed.{wanted}")
    try:
        found = own_accounts.get_addressed(nickname)
    except NotFound:
        if wants_document(request):
            raise
        return _foreign(request, viewer, nickname, browsing.place(max_id, min_id))
    account = found.account
    if account.nickname != nickname:
        return redirect(account.uri)
    if wants_document(request):
        demand_federation()
        return answer(own_accounts.actor(found, incoming(request)))
    return _profile(request, viewer, found, browsing.place(max_id, min_id))


@endpoint("GET", "/users/{nickname}/{part}", auth=optional("read:statuses", open=True), head=True, shared=SECONDS,
          refuses=(403, 404, 410))
def show_part(request: Request, viewer: Viewer | None, nickname: str, part: str, max_id: BelowId = None,
              min_id: AboveId = None) -> Html | Redirect:
    """The profile with other statuses: `media`, or `with_replies`."""
    if part not in WISHES:
        raise NotFound(NOT_IMPLEMENTED)
    at = browsing.place(max_id, min_id)
    try:
        found = own_accounts.get_addressed(nickname)
    except NotFound:
        return _foreign(request, viewer, nickname, at, part)
    if found.account.nickname != nickname:
        return redirect(f"{found.account.uri}/{part}")
    return _profile(request, viewer, found, at, part)


def _foreign(request: Request, viewer: Viewer | None, name: str, at: BrowsedPlace, part: str = "") -> Html | Redirect:
    found = own_accounts.get_foreign(name)
    if viewer is None:
        return by_form(redirect(own_accounts.foreign_page_of(found.account)))
    nickname = str(found.account.nickname)
    if nickname != name:
        return by_form(redirect(f"{settings.base_url}{place_of(nickname)}{part and f'/{part}'}"))
    return _profile(request, viewer, found, at, part)


def _profile(request: Request, viewer: Viewer | None, found: Addressed, at: BrowsedPlace, part: str = "") -> Html:
    openness.demand_profiles(viewer)
    account = found.account
    posts = browsing.browsed(timelines.of_account(account, viewer, at, WISHES[part]), at)
    pinned = None
    if at.is_first and not part and account.pins:
        pinned = browsing.browsed(timelines.of_account(account, viewer, at, PINNED), at)
    shown = render_account(account, viewer, with_relationship=True)
    html = pages.profile(shown, as_list(posts, viewer, pinned), render_featured_tags(featured_by(account)),
                         visit=visit_of(viewer, request.target), part=part, max_id=at.max_id)
    return public_page(request, html)


@endpoint("GET", "/@{nickname}", auth=optional(open=True), head=True, refuses=(404, 410))
def lead(viewer: Viewer | None, nickname: str) -> Annotated[Redirect, As(301, 302)]:
    """The address of an account as people write it. It leads to the one that servers know; with `.rss` to the feed.

    Who is signed in is led to the page here, whatever the server of the account.
    """
    name, dot, format = nickname.rpartition(".")
    if dot and format in FORMATS:
        return lead_to(name, format)
    page = own_accounts.page_of(nickname)
    if viewer is not None and not page.startswith(f"{settings.base_url}/"):
        page = f"{settings.base_url}{place_of(nickname)}"
    return by_form(redirect(page))


@endpoint("GET", "/@{nickname}/{status_id}", auth=public(), head=True, refuses=(404,))
def lead_to_status(nickname: str, status_id: str) -> Redirect:
    """The address of a status on some other servers. Whether there is one is not looked up."""
    if not is_flake(status_id):
        raise NotFound(NOT_IMPLEMENTED)
    return redirect_to_notice(status_id)


@endpoint("GET", "/{name}", auth=public(), head=True, refuses=(404, 410))
def lead_short(name: str) -> Redirect:
    """The shortest address of an account. It leads to its profile."""
    if name.casefold() in RESERVED or not (is_flake(name) or is_nickname(name)):
        raise NotFound(NOT_IMPLEMENTED)
    try:
        return redirect(own_accounts.get_addressed(name).account.uri)
    except NotFound:
        raise NotFound(NOT_IMPLEMENTED) from None


@endpoint("GET", "/users/{nickname}/outbox", auth=public(), head=True, shared=SECONDS_KEPT,
          refuses=(401, 403, 404, 410))
def outbox(request: Request, nickname: str, page: PageFlag = False, max_id: MaxId = None,
           min_id: MinId = None) -> Answer:
    """What an account wrote and reblogged for everybody, newest first."""
    account = own_accounts.get_for(asker_of(request), nickname)
    if not page:
        return answer(own_collections.outbox(account))
    return answer(own_collections.outbox_page(account, CollectionPlace(max_id, min_id)))


@endpoint("GET", "/users/{nickname}/followers", auth=public(), head=True, shared=SECONDS_KEPT,
          refuses=(401, 403, 404, 410))
def followers(request: Request, nickname: str, page: PageFlag = False, max_id: MaxId = None,
              min_id: MinId = None) -> Answer:
    """Who follows an account, unless it hides that."""
    account = own_accounts.get_for(asker_of(request), nickname)
    if not page:
        return answer(own_collections.followers(account))
    return answer(own_collections.followers_page(account, CollectionPlace(max_id, min_id)))


@endpoint("GET", "/users/{nickname}/following", auth=public(), head=True, shared=SECONDS_KEPT,
          refuses=(401, 403, 404, 410))
def following(request: Request, nickname: str, page: PageFlag = False, max_id: MaxId = None,
              min_id: MinId = None) -> Answer:
    """Whom an account follows, unless it hides that."""
    account = own_accounts.get_for(asker_of(request), nickname)
    if not page:
        return answer(own_collections.following(account))
    return answer(own_collections.following_page(account, CollectionPlace(max_id, min_id)))


@endpoint("GET", "/users/{nickname}/collections/featured", auth=public(), head=True, shared=SECONDS_KEPT,
          refuses=(401, 403, 404, 410))
def featured(request: Request, nickname: str) -> Answer:
    """What an account has pinned."""
    return answer(own_collections.featured(own_accounts.get_for(asker_of(request), nickname)))
