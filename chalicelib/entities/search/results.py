"""What a search found. A hashtag is an object with its address, or only a text in the API's first version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from ...domain.search.results import Everything, FoundAccount
from ...domain.tags.known import KnownTag
from ...domain.viewer import Viewer
from ...settings import settings
from ...store.relationships import relations
from ..accounts.account import Account, arrange_account
from ..relationships.relationship import arrange_relationship
from ..statuses.status import Status, render_statuses
from ..tags.tag import Hashtag


class Found(TypedDict):
    """What a search found. A kind that was not asked for is empty."""

    accounts: list[Account]
    statuses: list[Status]
    hashtags: list[Hashtag]


class FoundPlainly(TypedDict):
    """The same, with hashtags as texts."""

    accounts: list[Account]
    statuses: list[Status]
    hashtags: list[str]


def render_found(found: Everything, viewer: Viewer | None, *, with_relationships: bool = False) -> Found:
    return {
        "accounts": render_found_accounts(found.accounts, viewer, with_relationships=with_relationships),
        "statuses": render_statuses(found.statuses.statuses, viewer, found.statuses.around),
        "hashtags": [_hashtag(tag) for tag in found.hashtags],
    }


def _hashtag(tag: KnownTag) -> Hashtag:
    """A tag as it was searched for. Its history is empty: a search counts nothing up."""
    shown: Hashtag = {"name": tag.name, "url": f"{settings.base_url}/tag/{tag.name}", "history": []}
    if tag.following is not None:
        shown["following"] = tag.following
    return shown


def render_found_plainly(found: Everything, viewer: Viewer | None, *,
                         with_relationships: bool = False) -> FoundPlainly:
    whole = render_found(found, viewer, with_relationships=with_relationships)
    return {"accounts": whole["accounts"], "statuses": whole["statuses"],
            "hashtags": [tag.name for tag in found.hashtags]}


def render_found_accounts(found: Iterable[FoundAccount], viewer: Viewer | None, *,
                          with_relationships: bool = False) -> list[Account]:
    """The accounts in the order found. Reads nothing: relationships were read already, to rank the accounts."""
    if viewer is None or not with_relationships:
        return [arrange_account(each.account, viewer) for each in found]
    return [
        arrange_account(each.account, viewer, arrange_relationship(
            each.relation or relations.blank(viewer.id, each.account.id), viewer, each.account))
        for each in found
    ]
