"""What must be known of many viewers at once, to show all of them one thing: a round or two, however many they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from ..accounts import accounts
from ..accounts.accounts import Account, ViewerSet
from ..dynamo.keys import Key, key
from ..dynamo.table import fetch
from ..quotes import quotes
from ..relationships import lists, relations
from ..relationships.lists import ListRow
from ..relationships.relations import Relation
from ..signing_in.tokens import Token
from ..statuses import marks, surroundings
from ..statuses.marks import Mark
from ..statuses.statuses import Status
from ..statuses.surroundings import Eyes, Surroundings
from ..statuses.visibilities import PRIVATE
from .connections import Connection

Held = tuple[Account | None, ViewerSet, Token | None]


def holders(connections: Iterable[Connection]) -> dict[str, Held]:
    """By socket: the account, what it hides, and the token that opened the socket, as they are now."""
    wanted = [each for each in connections if each.account_id is not None]
    keys: list[Key] = []
    for each in wanted:
        keys += [accounts.profile_key(each.account_id), accounts.viewer_set_key(each.account_id),
                 key(Token, each.account_id, each.token_key)]
    found = fetch(strong=keys)
    return {each.id: (accounts.in_found(found, each.account_id), accounts.viewer_set_in(found, each.account_id),
                      found.get(Token, each.account_id, each.token_key)) for each in wanted}


def tokens_of(connections: Iterable[Connection], *,
              strong: bool = False) -> dict[str, tuple[Account | None, Token | None]]:
    """By socket: the account and the token that opened the socket. Sockets of nobody are left out."""
    wanted = {str(each.id): (accounts.profile_key(each.account_id), key(Token, each.account_id, each.token_key))
              for each in connections if each.account_id is not None}
    keys = [each for pair in wanted.values() for each in pair]
    found = fetch(strong=keys) if strong else fetch(eventual=keys)
    return {id: (accounts.in_found(found, str(profile.hash)), found.get(Token, token.hash, token.range))
            for id, (profile, token) in wanted.items()}


def relations_with(author_id: str, viewer_ids: Iterable[str]) -> dict[str, Relation]:
    """By viewer, how they stand to an author. Those who have nothing to do with the author are left out."""
    found = fetch(eventual=[relations.relation_key(each, author_id) for each in viewer_ids if each != author_id])
    return {str(each.me): each for each in found.all(Relation)}


def lists_of(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], ListRow]:
    """Lists by owner and id. Those that are not there are left out."""
    by_key = {lists.list_key(*each): each for each in wanted}
    found = fetch(strong=by_key)
    rows = {each: found.get(ListRow, each[0], asked.range) for asked, each in by_key.items()}
    return {each: row for each, row in rows.items() if row is not None}


def around_for(status: Status, around: Surroundings, viewers: Collection[Eyes]) -> dict[str, Surroundings]:
    """By viewer, all that must be known to show them a status. `around`: what everybody gets to know of it."""
    shown = [status, *(each for each in around.statuses.values() if each.id != status.id)]
    keys: list[Key] = []
    for eyes in viewers:
        keys += [marks.mark_key(eyes.id, each.id) for each in shown]
        keys += [relations.relation_key(eyes.id, author) for author in _related(shown, eyes) if author != eyes.id]
        keys += [lists.member_key(each.account_id, each.list_id, eyes.id) for each in shown if each.list_id is not None]
    found = fetch(eventual=keys)
    by_viewer: dict[str, Surroundings] = {eyes.id: replace(around, marks={}, relations={}, on_lists=set(), reactions={})
                                          for eyes in viewers}
    for eyes in viewers:
        for author in _related(shown, eyes) - {eyes.id}:
            by_viewer[eyes.id].relations[author] = relations.blank(eyes.id, author)
    for mark in found.all(Mark):
        by_viewer[mark.account_id].marks[mark.status_id] = mark
    for relation in found.all(Relation):
        by_viewer[relation.me].relations[relation.other] = relation
    for row in found.all(ListRow):
        by_viewer[row.k.rpartition("#")[2]].on_lists.add(row.id)
    return {eyes.id: surroundings.with_hidden_reactions(by_viewer[eyes.id], eyes) for eyes in viewers}


def _related(shown: Iterable[Status], eyes: Eyes) -> set[str]:
    """Authors to whom it matters how a viewer stands."""
    found = {str(each.account_id) for each in shown if each.account_id in eyes.limited}
    for each in shown:
        if each.visibility == PRIVATE or quotes.depends_on_follows(each):
            found.add(str(each.account_id))
        if each.is_quote:
            found.add(str(each.quote_of_account_id))
    return found


def surroundings_of(status: Status) -> Surroundings:
    """What everybody gets to know of a status."""
    return surroundings.load_statuses([status], None)
