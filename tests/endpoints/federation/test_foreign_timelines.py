"""Statuses of other servers on the timelines of readers here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.domain.federation.arriving import relearn_status
from chalicelib.domain.federation.reading.status import read_status
from chalicelib.domain.relationships import follow_requests
from chalicelib.domain.viewer import Viewer
from chalicelib.store.accounts.accounts import ViewerSet
from chalicelib.store.federation import presence
from chalicelib.store.statuses import statuses
from tests.cast import Person
from tests.domain.federation.foreigners import FAR, comes, note, posts

FILE = {"type": "Document", "mediaType": "image/png", "url": f"{FAR}/cat.png"}
TAG = {"type": "Hashtag", "name": "#Kenoma", "href": f"{FAR}/tags/kenoma"}


def ids(person: Person, path: str, **params: object) -> list[str]:
    return [each["id"] for each in person.get(f"/api/v1/timelines/{path}", params).json]


def test_the_public_timeline_has_both_newest_first(alice: Person) -> None:
    first = alice.posts("one")["id"]
    second = posts(comes()).id
    third = alice.posts("three")["id"]

    assert ids(alice, "public") == [third, second, first]
    assert ids(alice, "public", local=True) == [third, first]
    assert ids(alice, "public", remote=True) == [second]
    assert ids(alice, "public", limit=2, max_id=third) == [second, first]


def test_the_timeline_of_an_instance_has_its_statuses_only(alice: Person) -> None:
    own = alice.posts("one")["id"]
    far = posts(comes()).id
    posts(comes("gorse", at="https://other.example"))

    assert ids(alice, "public", instance="far.example") == [far]
    assert ids(alice, "public", instance="kenoma.test") == [own]
    assert ids(alice, "public", instance="nobody.example") == []


def test_the_timeline_of_a_tag_has_both(alice: Person) -> None:
    own = alice.posts("#kenoma")["id"]
    far = posts(comes(), tag=TAG).id

    assert ids(alice, "tag/kenoma") == [far, own]
    assert ids(alice, "tag/Kenoma", local=True) == [own]
    assert ids(alice, "tag/Kenoma", remote=True) == [far]
    assert ids(alice, "bubble") == [own]


def test_a_followed_tag_brings_it_home(alice: Person, drain: Callable[[], object]) -> None:
    alice.post("/api/v1/tags/kenoma/follow")
    plain = posts(comes(), tag=TAG)
    drain()

    assert ids(alice, "home") == [plain.id]


def test_ones_own_timelines_may_be_of_one_side_and_of_media_only(
        alice: Person, drain: Callable[[], object]) -> None:
    fern = comes()
    alice.post("/api/v1/tags/kenoma/follow")
    kept = alice.post("/api/v1/lists", {"title": "far"}).json["id"]
    alice.post(f"/api/v1/lists/{kept}/accounts", {"account_ids": [fern.id, alice.id]})
    own = alice.posts("mine")["id"]
    plain, picture = posts(fern, tag=TAG).id, posts(fern, 2, tag=TAG, attachment=FILE).id
    drain()

    for path in ("home", f"list/{kept}"):
        assert ids(alice, path, remote=True) == [picture, plain]
        assert ids(alice, path, local=True) == [own]
        assert ids(alice, path, only_media=True) == [picture]


def test_followers_here_get_it_at_home_and_nobody_else(alice: Person, bob: Person, drain: Callable[[], object]) -> None:
    fern = comes()
    alice.post(f"/api/v1/accounts/{fern.id}/follow")
    follow_requests.authorize(alice.id, Viewer(fern, ViewerSet.blank(fern.id, "X#0")))
    status = posts(fern)
    drain()

    assert alice.home() == [status.id]
    assert bob.home() == []


def test_a_blocked_domain_is_not_shown(alice: Person, bob: Person) -> None:
    status = posts(comes())
    alice.post("/api/v1/domain_blocks", {"domain": "far.example"})

    assert ids(alice, "public") == []
    assert ids(bob, "public") == [status.id]


@pytest.mark.parametrize("path", ["public", "tag/kenoma"])
def test_a_server_that_knows_of_no_other_reads_nothing_for_others(path: str, alice: Person) -> None:
    alice.posts("#kenoma")
    local = alice.get(f"/api/v1/timelines/{path}", {"local": True})

    everybody = alice.get(f"/api/v1/timelines/{path}")

    assert (everybody.calls, everybody.rounds) == (local.calls, local.rounds)


def test_a_process_learns_of_other_servers_while_it_reads(alice: Person) -> None:
    alice.posts("#kenoma")
    status = posts(comes())
    presence.forget()

    assert ids(alice, "public")[0] == status.id
    assert presence.is_known()


def test_a_process_learns_of_other_servers_from_an_empty_timeline(alice: Person) -> None:
    status = posts(comes())
    presence.forget()

    assert ids(alice, "public") == [status.id]


def test_a_page_of_foreign_statuses_costs_the_rounds_of_local_ones(alice: Person, bob: Person) -> None:
    for number in range(3):
        bob.posts(f"{number}")
    local = alice.get("/api/v1/timelines/public", {"local": True})
    fern = comes()
    for number in range(3):
        posts(fern, number)

    foreign = alice.get("/api/v1/timelines/public", {"remote": True})

    assert len(foreign.json) == len(local.json) == 3
    assert (foreign.calls, foreign.rounds) == (local.calls, local.rounds)
    assert alice.get("/api/v1/timelines/public").rounds == local.rounds


def test_rows_of_other_servers_end_after_some_days(alice: Person, setting: Callable[..., None]) -> None:
    from chalicelib.store.timelines import feeds
    from chalicelib.store.timelines.feeds import FeedRow

    setting(federated_days=30, remote_post_retention_days=90)
    fern = comes()
    status = posts(fern)

    (listed,), (own,) = feeds.read(FeedRow, "pr", limit=2), feeds.read(FeedRow, f"a#{fern.id}", limit=2)
    assert own.ttl - listed.ttl == pytest.approx(60 * 86400, abs=60)
    assert status.ttl == own.ttl


def test_an_edit_elsewhere_moves_it_between_the_timelines_of_tags_and_media(alice: Person) -> None:
    fern = comes()
    status = posts(fern, tag=TAG)
    media = f"/api/v1/accounts/{fern.id}/statuses"
    edited = note(tag={"type": "Hashtag", "name": "#other"}, attachment=FILE)

    relearn_status(read_status(edited), status, fern)

    assert (ids(alice, "tag/kenoma"), ids(alice, "tag/other")) == ([], [status.id])
    assert [each["id"] for each in alice.get(media, {"only_media": True}).json] == [status.id]
    assert ids(alice, "public", only_media=True) == [status.id]

    relearn_status(read_status(note()), statuses.find(status.id), fern)
    assert alice.get(media, {"only_media": True}).json == []
    assert ids(alice, "public") == [status.id]
