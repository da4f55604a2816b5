"""What the tests of following look at: both rows of a pair, counters, notifications, home timelines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.domain.refusals import Refusal
from chalicelib.domain.signing_in.signing_in import Credentials, authenticate
from chalicelib.domain.viewer import Viewer
from chalicelib.ids import new_flake
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import ViewerSet
from chalicelib.store.dynamo.table import fetch, update, write_batch
from chalicelib.store.notifications.notifications import Notification
from chalicelib.store.relationships import relations
from chalicelib.store.relationships.relations import Relation
from chalicelib.store.timelines.feeds import FeedRow, HomeRow
from tests.at_once import at_once
from tests.cast import Person


def eyes(person: Person) -> Viewer:
    viewer = authenticate(Credentials(token=person.token)).viewer
    assert viewer is not None
    return viewer


def hides(person: Person) -> ViewerSet:
    return accounts.viewer_set_in(fetch(strong=[accounts.viewer_set_key(person.id)]), person.id)


def told(person: Person) -> list[Notification]:
    return list(Notification.query(person.id, consistent_read=True))


def wrote(person: Person, count: int = 1, visibility: str = "public", **more: Any) -> list[str]:
    """Write rows of new statuses into the author's feed, without posting. Answers them oldest first."""
    rows = []
    for _ in range(count):
        id = new_flake()
        rows.append(FeedRow(f"a#{person.id}", id, author_id=person.id, visibility=visibility, thread=id, **more))
    write_batch(puts=rows)
    return [row.id for row in rows]


def home(person: Person) -> list[str]:
    return [row.id for row in HomeRow.query(f"h#{person.id}", consistent_read=True)]


def refusals_too(*calls: Callable[[], Any]) -> list[Any]:
    """The results of calls that are made at once. A refusal is a result too."""
    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Refusal as refusal:
            return refusal

    return at_once(*[lambda call=call: run(call) for call in calls])


def assert_exact(*people: Person) -> None:
    """Check that every counter equals a recount of the rows, and that both rows of each pair say the same."""
    for person in people:
        followers, _ = relations.follower_ids(person.id)
        following, _ = relations.following_ids(person.id)
        assert (person.account.followers_count, person.account.following_count) == (len(followers), len(following))
        for row in Relation.query(person.id, consistent_read=True):
            mirror = relations.find(row.other, person.id)
            assert (row.follow, row.follow_id, row.version) == (mirror.followed, mirror.followed_id, mirror.version)


def blocks(blocker: Person, blocked: Person) -> None:
    update(Relation.stub(blocker.id, blocked.id), [Relation.blocks.set(True), Relation.version.add(1)])
    update(Relation.stub(blocked.id, blocker.id), [Relation.blocked_by.set(True), Relation.version.add(1)])
