"""Follows: following and unfollowing, who follows whom, and followers whom one knows or does not want."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.relationships import followers as known_followers
from ...domain.relationships import following as relationships
from ...domain.relationships.languages import asked_for
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...entities.relationships.familiar_followers import render_familiar
from ...entities.relationships.relationship import render_relationship
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint
from ...web.limits import RELATION_ID_ACTION, RELATIONS_ACTIONS
from ...web.paging import Page, Paged
from ...web.params import Flag, FlakeId, StrictFlag


@endpoint("POST", "/api/v1/accounts/{id}/follow", auth=signed_in("follow", "write:follows"),
          limits=(RELATIONS_ACTIONS, RELATION_ID_ACTION.per("follow", "id")), ahead=relationships.ahead)
def follow(viewer: Viewer, id: FlakeId, reblogs: Annotated[StrictFlag, "Whether its reblogs are shown."] = True,
           notify: Annotated[Flag | None, "Whether to hear of each new status. Absent: as before."] = None,
           languages: Annotated[list[str] | None, "Of which statuses. Absent: as before; empty: all."] = None,
           ) -> entities.Relationship:
    """Follow an account, or ask a locked one. A repeat only changes how it is followed."""
    terms = relationships.terms_of(reblogs=reblogs, notify=notify, languages=asked_for(languages))
    return render_relationship(relationships.follow(id, terms, by=viewer), viewer)


@endpoint("POST", "/api/v1/accounts/{id}/unfollow", auth=signed_in("follow", "write:follows"),
          limits=(RELATIONS_ACTIONS, RELATION_ID_ACTION.per("follow", "id")), ahead=relationships.ahead)
def unfollow(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """End a follow, or take back a request to follow. A subscription ends with it."""
    return render_relationship(relationships.unfollow(id, by=viewer), viewer)


@endpoint("POST", "/api/v1/follows", auth=signed_in("follow", "write:follows"),
          limits=(RELATIONS_ACTIONS, RELATION_ID_ACTION.per("follow", "uri")), refuses=(404,))
def follow_by_uri(viewer: Viewer, uri: Annotated[str, "nick or nick@host."]) -> entities.Relationship:
    """Follow an account by its name."""
    return render_relationship(relationships.follow_named(uri, by=viewer), viewer)


@endpoint("GET", "/api/v1/accounts/{id}/followers", auth=optional("read:accounts"))
def followers(viewer: Viewer | None, id: FlakeId, page: Page, with_relationships: Flag = False,
              ) -> Paged[entities.Account]:
    """Who follows the account, newest account first. Empty if its owner hides them."""
    listed = relationships.list_followers(id, page, viewer=viewer)
    shown = render_accounts(listed.accounts, viewer, with_relationships=with_relationships)
    return page.reply(shown, continues=listed.continues)


@endpoint("GET", "/api/v1/accounts/{id}/following", auth=optional("read:accounts"))
def following(viewer: Viewer | None, id: FlakeId, page: Page, with_relationships: Flag = False,
              ) -> Paged[entities.Account]:
    """Whom the account follows, newest account first. Empty if its owner hides them."""
    listed = relationships.list_following(id, page, viewer=viewer)
    shown = render_accounts(listed.accounts, viewer, with_relationships=with_relationships)
    return page.reply(shown, continues=listed.continues)


@endpoint("POST", "/api/v1/accounts/{id}/remove_from_followers", auth=signed_in("follow", "write:follows"),
          ahead=relationships.ahead)
def remove_from_followers(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """End an account's follow of the viewer. It may follow again."""
    return render_relationship(known_followers.remove(id, by=viewer), viewer)


@endpoint("GET", "/api/v1/accounts/familiar_followers", auth=signed_in("read:follows"))
def familiar_followers(viewer: Viewer, id: Annotated[list[FlakeId] | None, "At most 10."] = None,
                       ) -> list[entities.FamiliarFollowers]:
    """For each account those of its followers whom the viewer follows too."""
    return [render_familiar(each, viewer) for each in known_followers.list_familiar(id or [], viewer=viewer)]
