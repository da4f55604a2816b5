"""What a follow brings to the home timeline, what its end takes away, and that the last change wins."""

from __future__ import annotations

from chalicelib.domain.relationships import following
from chalicelib.ids import flake_at, milliseconds, new_flake
from chalicelib.store.dynamo.table import create
from chalicelib.store.relationships import meetings, relations
from chalicelib.store.timelines import feeds, home_sync
from chalicelib.store.timelines.feeds import FeedRow, HomeRow
from tests.domain.relationships.pairs import eyes, hides, home, wrote
from tests.faults import before_call


def test_a_follow_brings_the_newest_twenty_at_once_and_the_rest_by_a_job(alice, bob, aws):
    ids = wrote(bob, 30)

    following.follow(bob.id, by=eyes(alice))
    at_first = home(alice)
    following.agree_home(alice.id, bob.id, home_sync.DEEP)

    assert at_first == ids[10:]
    assert home(alice) == ids
    assert len(aws.messages("timelines")) == 1


def test_the_job_brings_reblogs_but_none_of_ones_own_statuses(alice, bob, carol):
    mine, theirs = new_flake(), new_flake()
    for original, author in ((mine, alice), (theirs, carol)):
        create(FeedRow(f"r#{bob.id}", new_flake(), author_id=bob.id, visibility="public", thread=original,
                       original_id=original, original_author_id=author.id))

    following.follow(bob.id, by=eyes(alice))
    at_first = home(alice)
    following.agree_home(alice.id, bob.id, home_sync.DEEP)

    assert at_first == []
    assert [row.original_id for row in HomeRow.query(f"h#{alice.id}")] == [theirs]


def test_a_follow_without_a_job_brings_reblogs_itself(alice, bob, carol):
    create(FeedRow(f"r#{bob.id}", new_flake(), author_id=bob.id, visibility="public", thread="t", original_id="o",
                   original_author_id=carol.id))
    viewer = eyes(alice)

    following.follow_met(meetings.meet(alice.id, [bob.id])[bob.id], by=viewer, deepen=False)

    assert [row.original_id for row in HomeRow.query(f"h#{alice.id}")] == ["o"]


def test_a_follow_brings_what_followers_may_see(alice, bob):
    ids = [wrote(bob, visibility=each)[0] for each in ("public", "unlisted", "local", "private", "direct", "list:1")]

    following.follow(bob.id, by=eyes(alice))

    assert home(alice) == ids[:4]


def test_a_follow_brings_nothing_older_than_home_timelines_are(alice, bob, setting):
    setting(home_days=0)
    wrote(bob, 3)
    setting(home_days=90)
    old = flake_at(1_600_000_000_000)
    create(FeedRow(f"a#{bob.id}", old, author_id=bob.id, visibility="public", thread=old))

    following.follow(bob.id, by=eyes(alice))

    assert len(home(alice)) == 3


def test_what_a_follow_brings_expires_with_the_age_of_the_status(alice, bob):
    (id,) = wrote(bob)

    following.follow(bob.id, by=eyes(alice))

    (row,) = HomeRow.query(f"h#{alice.id}")
    assert row.ttl == milliseconds(id) // 1000 + 90 * 86400


def test_what_is_addressed_stays_when_the_follow_ends(alice, bob):
    (addressed,) = wrote(bob, to=[alice.id])
    (long_list,) = wrote(bob, to=["someone"] * 10, more_to="1")
    for id in (addressed, long_list):
        create(HomeRow(f"h#{alice.id}", id, author_id=bob.id, visibility="public", thread=id, why=feeds.ADDRESSED))
    wrote(bob, 2)
    viewer = eyes(alice)
    following.follow(bob.id, by=viewer)
    following.unfollow(bob.id, by=viewer)

    following.agree_home(alice.id, bob.id, home_sync.DEEP)

    assert home(alice) == [addressed, long_list]


def test_an_unfollow_hides_at_once_and_removes_later(alice, bob, carol):
    viewer = eyes(alice)
    wrote(bob, 3)
    kept = wrote(carol, 2)
    following.follow(bob.id, by=viewer)
    following.follow(carol.id, by=viewer)

    following.unfollow(bob.id, by=viewer)
    assert hides(alice).gone == {bob.id}
    following.agree_home(alice.id, bob.id, home_sync.DEEP)

    assert home(alice) == kept
    assert hides(alice).gone == frozenset()
    assert not relations.find(alice.id, bob.id).retracting


def test_following_again_before_the_removal_shows_everything_again(alice, bob):
    viewer = eyes(alice)
    ids = wrote(bob, 30)
    following.follow(bob.id, by=viewer)
    following.unfollow(bob.id, by=viewer)

    following.follow(bob.id, by=viewer)
    following.agree_home(alice.id, bob.id, home_sync.DEEP)
    following.agree_home(alice.id, bob.id, home_sync.DEEP)

    assert hides(alice).gone == frozenset()
    assert home(alice) == ids


def test_a_removal_that_meets_a_new_follow_turns_into_its_opposite(alice, bob):
    viewer = eyes(alice)
    ids = wrote(bob, 3)
    following.follow(bob.id, by=viewer)
    following.unfollow(bob.id, by=viewer)

    with before_call("BatchWriteItem", 1, lambda: following.follow(bob.id, by=viewer), about="DeleteRequest"):
        following.agree_home(alice.id, bob.id, home_sync.DEEP)

    assert home(alice) == ids
    assert hides(alice).gone == frozenset()


def test_a_deepening_that_meets_an_unfollow_turns_into_its_opposite(alice, bob):
    viewer = eyes(alice)
    wrote(bob, 3)
    following.follow(bob.id, by=viewer)

    with before_call("BatchWriteItem", 1, lambda: following.unfollow(bob.id, by=viewer)):
        following.agree_home(alice.id, bob.id, home_sync.DEEP)

    assert home(alice) == []
    assert hides(alice).gone == frozenset()
