"""Accounts by the addresses that other servers know them by, and their collections."""

from __future__ import annotations

from typing import Annotated

from ...domain import lookup
from ...domain.federation import own_accounts, own_collections
from ...domain.federation.own_collections import CollectionPlace
from ...entities.accounts.account import render_account
from ...pages import people
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.pages import public_page
from ...web.params import Flag
from ...web.replies import As, Html, Redirect
from ...web.request import Request
from ...web.signed import incoming
from ..timelines.feeds import FORMATS, lead_to
from .answers import SECONDS_KEPT, Answer, answer, asker_of, demand_federation, redirect, wants_document

PageFlag = Annotated[Flag, "Whether a page is wanted, and not what there is to say of all pages."]
MaxId = Annotated[str | None, "The page begins below this id."]
MinId = Annotated[str | None, "The page ends above this id."]


@endpoint("GET", "/users/{nickname}", auth=public(), head=True, shared=SECONDS_KEPT, refuses=(401, 403, 404, 410))
def show(request: Request, nickname: str) -> Answer | Html | Redirect:
    """An account: its actor for servers, its profile for people. Its id, or another spelling, leads there."""
    found = own_accounts.get_addressed(nickname)
    account = found.account
    if account.nickname != nickname:
        return redirect(account.uri)
    if wants_document(request):
        demand_federation()
        return answer(own_accounts.actor(found, incoming(request)))
    lookup.demand_open_profiles()
    return public_page(request, people.profile(render_account(account, None)))


@endpoint("GET", "/@{nickname}", auth=public(), head=True, refuses=(404, 410))
def lead(nickname: str) -> Annotated[Redirect, As(301, 302)]:
    """The address of an account as people write it. It leads to the one that servers know; with `.rss` to the feed."""
    name, dot, format = nickname.rpartition(".")
    if dot and format in FORMATS:
        return lead_to(name, format)
    return redirect(own_accounts.get(nickname).uri)


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
