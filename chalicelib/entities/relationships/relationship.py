"""Relationships as clients see them: how the viewer stands to an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from ...domain.relationships.domain_blocks import blocks_domain
from ...domain.relationships.standing import Standing, is_blocking, is_muting
from ...domain.viewer import Viewer
from ...ids import iso
from ...store.accounts.accounts import Account
from ...store.relationships import relations
from ...store.relationships.relations import PENDING, Relation


class Relationship(TypedDict):
    """How the viewer stands to the account `id`. `languages`: those that the follow is limited to; null: all."""

    id: str
    following: bool
    followed_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    subscribing: bool
    notifying: bool
    requested: bool
    domain_blocking: bool
    showing_reblogs: bool
    languages: list[str] | None
    endorsed: bool
    note: str
    requested_by: bool
    muting_expires_at: str | None
    mute_expires_at: str | None
    block_expires_at: str | None


def render_relationship(standing: Standing, viewer: Viewer) -> Relationship:
    return arrange_relationship(standing.relation, viewer, standing.account)


def render_relationships(accounts: Sequence[Account], viewer: Viewer,
                         known: Mapping[str, Relation] | None = None) -> list[Relationship]:
    """How the viewer stands to each of the accounts. One round of reads, or none if the rows are `known`."""
    rows = relations.find_many(viewer.id, [account.id for account in accounts]) if known is None else known
    return [arrange_relationship(rows.get(each.id) or relations.blank(viewer.id, each.id), viewer, each)
            for each in accounts]


def arrange_relationship(relation: Relation, viewer: Viewer, account: Account) -> Relationship:
    """The entity, from what is loaded. To oneself one stands as to somebody whom one never met."""
    is_own = account.id == viewer.id
    muting, blocking = is_muting(relation), is_blocking(relation)
    mute_ends = iso(relation.mutes_until) if muting and relation.mutes_until else None
    return {
        "id": account.id,
        "following": relation.follows,
        "followed_by": relation.followed_by,
        "blocking": blocking,
        "blocked_by": bool(relation.blocked_by),
        "muting": muting,
        "muting_notifications": muting and bool(relation.mutes_notifications),
        "subscribing": bool(relation.subscribes),
        "notifying": bool(relation.subscribes),
        "requested": relation.requested,
        "domain_blocking": not is_own and blocks_domain(viewer, account),
        "showing_reblogs": bool(relation.follows_reblogs),
        "languages": relation.languages or None,
        "endorsed": relation.follows and account.id in viewer.account.endorsed,
        "note": relation.note or "",
        "requested_by": relation.followed == PENDING,
        "muting_expires_at": mute_ends,
        "mute_expires_at": mute_ends,
        "block_expires_at": iso(relation.blocks_until) if blocking and relation.blocks_until else None,
    }
