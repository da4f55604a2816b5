"""What the bench needs here of people of other servers: accounts that are known, statuses for them, followers.

This runs inside the server's process. Whoever only follows is written to the store directly, as the items that a follow
from another server leaves. Everything else is made by the functions that requests and jobs call.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.domain.federation import addresses, arriving
from chalicelib.domain.federation.receiving import people
from chalicelib.domain.relationships import follow_requests, following
from chalicelib.domain.statuses import posting
from chalicelib.domain.statuses.drafts import Draft
from chalicelib.ids import encode, new_flake
from chalicelib.settings import settings
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import Record, update, write_batch
from chalicelib.store.relationships import relations
from chalicelib.store.signing_in import apps, tokens
from chalicelib.store.signing_in.apps import App
from chalicelib.store.statuses import statuses
from chalicelib.store.statuses.statuses import uri_of

from .crowd import as_following, chunked, values_of
from .world import SCOPES, TEXTS, Person, as_posted, new_person, viewer_of

MS_APART = 1_000


class Abroad:
    """An author and a reader here, and accounts of other servers. `answers`: what the bench may ask."""

    def __init__(self, drain: Callable[[], object]) -> None:
        app = apps.add(App(tokens.random_token(), id=new_flake(), secret=tokens.random_token(), name="Kenoma bench",
                           redirect_uris="urn:ietf:wg:oauth:2.0:oob", scopes=SCOPES))
        self._drain = drain
        self._app = app
        self._author, self._reader = new_person(app, "author_here"), new_person(app, "reader_here")
        self._strangers: list[Account] = []
        self._ids: list[str] = []
        self.answers: dict[str, Callable[..., Any]] = {
            "meet": self.meet, "statuses": self.statuses, "reach": self.reach, "outcome": self.outcome}

    def meet(self, documents: Sequence[dict[str, Any]], unread: int = 0) -> dict[str, str]:
        """Know these accounts. The reader follows all but the last ones. Answers which host this is, and who
        posts and reads here.
        """
        self._strangers = [arriving.learn_account(document) for document in documents]
        for stranger in self._strangers[:len(documents) - unread]:
            following.follow(stranger.id, by=viewer_of(self._reader))
            follow_requests.authorize(self._reader.id, by=people.acting(stranger))
        self._drain()
        return {"host": settings.host, "author": self._author.token, "reader": self._reader.token,
                "followed": addresses.of_account(self._author.nickname)}

    def statuses(self, count: int) -> list[str]:
        """The uris of so many new statuses of the author."""
        template, _ = posting.post(Draft(TEXTS[0], preview=True), viewer_of(self._author))
        newest = int(time.time() * 1000) - MS_APART * len(self._ids)
        made = [_earlier(newest, number) for number in range(count)]
        for part in chunked(made):
            write_batch(puts=[row for id in part for row in as_posted(template, id, [])])
        self._ids += made
        return [uri_of(id) for id in made]

    def reach(self, inboxes: Sequence[str]) -> None:
        """Let the author have a follower behind each of these inboxes, one of which the strangers share."""
        model = self._strangers[-1]
        following.follow_from_afar(self._author.id, f"{model.foreign_uri}#follows/1", by=people.acting(model))
        self._drain()
        followers(self._author, model, [each for each in inboxes if each != model.shared_inbox])

    def outcome(self) -> dict[str, int]:
        """How many favourites the statuses have, and how many statuses the strangers."""
        found = statuses.find_many(self._ids)
        known = accounts.find_many([each.id for each in self._strangers])
        return {"favourites": sum(int(each.favourites_count) for each in found.values()),
                "statuses": sum(int(each.statuses_count) for each in known.values())}


def followers(author: Person, model: Account, inboxes: Sequence[str]) -> list[str]:
    """New accounts, one behind each inbox, that follow the author as `model` does. Answers their ids."""
    mine, theirs = relations.find(model.id, author.id), relations.find(author.id, model.id)
    ids: list[str] = []
    now = int(time.time() * 1000)
    for part in chunked(inboxes):
        rows: list[Record] = []
        for inbox in part:
            id = new_flake()
            row_of_theirs, row_of_author, told = as_following(mine, theirs, id, _earlier(now, len(ids)))
            ids.append(id)
            rows += [_account(id, model, inbox), row_of_theirs, _behind(row_of_author, inbox), told]
        write_batch(puts=rows)
    update(Account.stub(author.id, PROFILE), [
        Account.followers_count.add(len(ids)), Account.foreign_followers_count.add(len(ids))])
    return ids


def _earlier(newest: int, number: int) -> str:
    """The id of what happened so many seconds before, each in a millisecond of its own."""
    return encode(((newest - number * MS_APART) << 64) | (0x5EED << 16) | (number & 0xFFFF))


def _account(id: str, model: Account, inbox: str) -> Account:
    host = addresses.host_of(inbox) or ""
    base = addresses.base_of(inbox)
    name = f"follower@{host}"
    return Account(id, PROFILE, **values_of(model, "id", "part") | {
        "nickname": name, "nickname_lower": name, "nickname_find": name, "host": host,
        "foreign_uri": f"{base}/users/follower", "inbox": f"{base}/users/follower/inbox", "shared_inbox": inbox})


def _behind(row: Record, inbox: str) -> Record:
    row.attribute_values = row.attribute_values | {"other_inbox": inbox}
    return row
