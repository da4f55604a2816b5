"""Following and unfollowing as rules and records: both rows, counters and notifications agree."""

from __future__ import annotations

import pytest

from chalicelib.domain.refusals import BadRequest, Forbidden, NotFound
from chalicelib.domain.relationships import following, standing
from chalicelib.ids import new_flake
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.dynamo.table import create, remove, update
from chalicelib.store.notifications import notifications
from chalicelib.store.notifications.notifications import Notification
from chalicelib.store.relationships import meetings, relations
from chalicelib.store.relationships.relations import Relation
from tests.domain.relationships.pairs import assert_exact, blocks, eyes, hides, refusals_too, told, wrote

# The rules.


def test_a_follow_stands_in_both_rows_and_both_counters(alice, bob):
    following.follow(bob.id, by=eyes(alice))

    assert relations.find(alice.id, bob.id).follows
    assert relations.find(bob.id, alice.id).followed_by
    assert (alice.account.following_count, bob.account.followers_count) == (1, 1)
    assert (alice.account.followers_count, bob.account.following_count) == (0, 0)
    assert relations.follower_ids(bob.id) == ([alice.id], None)
    assert relations.following_ids(alice.id) == ([bob.id], None)


def test_the_followed_account_is_told_once(alice, bob):
    viewer = eyes(alice)

    following.follow(bob.id, by=viewer)
    following.follow(bob.id, by=viewer)

    assert [(each.type, each.by) for each in told(bob)] == [(notifications.TYPES["follow"], alice.id)]
    assert_exact(alice, bob)


def test_following_again_tells_nobody_while_the_first_notification_is_there(alice, bob):
    viewer = eyes(alice)
    following.follow(bob.id, by=viewer)
    following.unfollow(bob.id, by=viewer)

    following.follow(bob.id, by=viewer)

    assert len(told(bob)) == 1
    assert_exact(alice, bob)


def test_following_again_tells_once_more_when_the_first_notification_is_gone(alice, bob):
    viewer = eyes(alice)
    following.follow(bob.id, by=viewer)
    following.unfollow(bob.id, by=viewer)
    first = told(bob)[0]
    remove(first)

    following.follow(bob.id, by=viewer)

    assert [each.id != first.id for each in told(bob)] == [True]


def test_a_notification_past_its_time_is_gone_even_before_it_is_deleted(alice, bob):
    viewer = eyes(alice)
    following.follow(bob.id, by=viewer)
    following.unfollow(bob.id, by=viewer)
    update(told(bob)[0], [Notification.ttl.set(1_600_000_000)])

    following.follow(bob.id, by=viewer)

    assert len(told(bob)) == 2


def test_a_locked_account_is_asked(cast, alice):
    bob = cast.person("bob", locked=True)

    standing = following.follow(bob.id, by=eyes(alice))

    assert (standing.relation.follows, standing.relation.requested) == (False, True)
    assert [each.type for each in told(bob)] == [notifications.TYPES["follow_request"]]
    assert relations.count_requests(bob.id) == 1
    assert (alice.account.following_count, bob.account.followers_count) == (0, 0)
    assert_exact(alice, bob)


def test_asking_twice_asks_once(cast, alice):
    bob = cast.person("bob", locked=True)
    viewer = eyes(alice)
    following.follow(bob.id, by=viewer)

    following.follow(bob.id, by=viewer)

    assert len(told(bob)) == 1
    assert relations.count_requests(bob.id) == 1


def test_a_request_taken_back_leaves_nothing_waiting(cast, alice):
    bob = cast.person("bob", locked=True)
    viewer = eyes(alice)
    following.follow(bob.id, by=viewer)

    standing = following.unfollow(bob.id, by=viewer)

    assert not standing.relation.requested
    assert relations.count_requests(bob.id) == 0
    assert_exact(alice, bob)


def test_following_again_after_the_account_was_unlocked_follows(cast, alice):
    bob = cast.person("bob", locked=True)
    viewer = eyes(alice)
    following.follow(bob.id, by=viewer)
    update(Account.stub(bob.id, PROFILE), [Account.locked.remove()])

    standing = following.follow(bob.id, by=viewer)

    assert standing.relation.follows
    assert relations.count_requests(bob.id) == 0
    assert [each.type for each in told(bob)] == [notifications.TYPES["follow"]]
    assert_exact(alice, bob)


@pytest.mark.parametrize("act", [following.follow, following.unfollow])
def test_an_unknown_account_is_not_found(alice, act):
    with pytest.raises(NotFound, match="Record not found"):
        act(new_flake(), by=eyes(alice))


def test_nobody_follows_themselves(alice):
    with pytest.raises(BadRequest, match=r"^Can not follow yourself$"):
        following.follow(alice.id, by=eyes(alice))


def test_nobody_unfollows_themselves(alice):
    with pytest.raises(BadRequest, match=r"^Can not unfollow yourself$"):
        following.unfollow(alice.id, by=eyes(alice))


def test_who_is_not_followed_cannot_be_unfollowed(alice, bob):
    with pytest.raises(BadRequest, match=r"^Not subscribed!$"):
        following.unfollow(bob.id, by=eyes(alice))


def test_a_deactivated_account_is_not_followed(alice, bob):
    update(Account.stub(bob.id, PROFILE), [Account.deactivated.set(True)])

    with pytest.raises(Forbidden, match=r"^rejected$"):
        following.follow(bob.id, by=eyes(alice))

    assert_exact(alice, bob)
    assert told(bob) == []


def test_who_is_blocked_is_rejected(alice, bob):
    blocks(bob, alice)

    with pytest.raises(Forbidden, match=r"^rejected$"):
        following.follow(bob.id, by=eyes(alice))

    assert told(bob) == []


def test_a_setting_lets_the_blocked_follow(alice, bob, setting):
    setting(deny_follow_blocked=False)
    blocks(bob, alice)

    assert following.follow(bob.id, by=eyes(alice)).relation.follows


def test_a_block_between_reading_and_writing_wins(alice, bob):
    viewer = eyes(alice)
    meeting = meetings.meet(viewer.id, [bob.id])[bob.id]
    blocks(bob, alice)

    with pytest.raises(Forbidden):
        following.follow_met(meeting, by=viewer)

    assert_exact(alice, bob)


def test_an_account_deactivated_between_reading_and_writing_is_not_followed(alice, bob):
    viewer = eyes(alice)
    meeting = meetings.meet(viewer.id, [bob.id])[bob.id]
    update(Account.stub(bob.id, PROFILE), [Account.deactivated.set(True)])

    with pytest.raises(Forbidden):
        following.follow_met(meeting, by=viewer)

    assert_exact(alice, bob)


def test_hidden_reblogs_stand_in_the_row_and_in_the_viewer_set(alice, bob):
    viewer = eyes(alice)
    standing = following.follow(bob.id, following.terms_of(reblogs=False), by=viewer)

    assert not standing.relation.follows_reblogs
    assert hides(alice).reblogs_hidden == {bob.id}

    standing = following.follow(bob.id, by=viewer)

    assert standing.relation.follows_reblogs
    assert hides(alice).reblogs_hidden == frozenset()
    assert relations.find(alice.id, bob.id).follows_reblogs
    assert_exact(alice, bob)


def test_whom_a_follow_limits_to_languages_stands_in_the_viewer_set(cast, alice, bob):
    viewer, locked = eyes(alice), cast.person("dora", locked=True)
    following.follow(bob.id, following.terms_of(languages=["de"]), by=viewer)
    following.follow(locked.id, following.terms_of(languages=["de"]), by=viewer)
    assert hides(alice).limited == {bob.id, locked.id}

    following.follow(bob.id, following.terms_of(languages=["de", "pt-BR"]), by=viewer)
    following.follow(bob.id, following.terms_of(reblogs=False), by=viewer)
    assert hides(alice).limited == {bob.id, locked.id}
    assert relations.find(alice.id, bob.id).languages == ["de", "pt-BR"]

    following.follow(bob.id, following.terms_of(languages=[]), by=viewer)
    following.unfollow(locked.id, by=viewer)
    assert hides(alice).limited == frozenset()

    following.follow(bob.id, following.terms_of(languages=["de"]), by=viewer)
    following.unfollow(bob.id, by=viewer)
    assert hides(alice).limited == frozenset()
    assert_exact(alice, bob)


def test_a_repeated_follow_writes_nothing(alice, bob):
    viewer = eyes(alice)
    following.follow(bob.id, by=viewer)

    with counted() as ledger:
        following.follow(bob.id, by=viewer)

    assert ledger.operations == ["BatchGetItem"]


def test_unfollowing_ends_a_subscription(alice, bob):
    viewer = eyes(alice)
    following.follow(bob.id, by=viewer)
    update(Relation.stub(alice.id, bob.id), [Relation.subscribes.set(True), Relation.version.add(1)])
    update(Relation.stub(bob.id, alice.id), [Relation.subscribed_by.set(True), Relation.version.add(1)])
    create(accounts.Part(bob.id, f"W#{alice.id}"))

    standing = following.unfollow(bob.id, by=viewer)

    assert not standing.relation.subscribes
    assert not relations.find(bob.id, alice.id).subscribed_by
    assert list(accounts.Part.query(bob.id, accounts.Part.part.startswith("W#"))) == []


def test_a_row_that_is_not_counted_does_not_move_the_counter_when_it_ends(alice, bob):
    viewer = eyes(alice)
    following.follow(bob.id, by=viewer)
    update(Account.stub(bob.id, PROFILE), [Account.deactivated.set(True)])
    update(Account.stub(alice.id, PROFILE), [Account.following_count.add(-1)])
    update(Relation.stub(alice.id, bob.id), [Relation.uncounted.set(True), Relation.version.add(1)])
    update(Relation.stub(bob.id, alice.id), [Relation.version.add(1)])

    following.unfollow(bob.id, by=viewer)

    assert (alice.account.following_count, bob.account.followers_count) == (0, 0)


# What it costs.


def test_a_follow_costs_three_rounds_after_signing_in(alice, bob):
    viewer = eyes(alice)
    wrote(bob, 30)

    with counted() as ledger:
        following.follow(bob.id, by=viewer)

    assert ledger.rounds == 3
    assert sorted(ledger.operations) == [
        "BatchGetItem", "BatchWriteItem", "Query", "TransactWriteItems"]


def test_an_unfollow_costs_two_rounds_after_signing_in(alice, bob):
    viewer = eyes(alice)
    following.follow(bob.id, by=viewer)

    with counted() as ledger:
        following.unfollow(bob.id, by=viewer)

    assert ledger.operations == ["BatchGetItem", "TransactWriteItems"]


def test_standings_with_forty_accounts_are_one_call(cast, alice):
    people = cast.people(40)
    viewer = eyes(alice)

    with counted() as ledger:
        standings = standing.list_standings([each.id for each in people], viewer=viewer)

    assert [each.account.id for each in standings] == [each.id for each in people]
    assert ledger.operations == ["BatchGetItem"]


# At the same moment.


def test_twenty_accounts_follow_one_at_once(cast, alice):
    people = cast.people(20)
    viewers = [eyes(each) for each in people]

    refusals_too(*[lambda viewer=viewer: following.follow(alice.id, by=viewer) for viewer in viewers])

    assert alice.account.followers_count == 20
    assert sorted(each.by for each in told(alice)) == sorted(each.id for each in people)
    assert_exact(alice, *people)


def test_the_same_follow_ten_times_at_once_counts_and_tells_once(alice, bob):
    viewer = eyes(alice)

    results = refusals_too(*[lambda: following.follow(bob.id, by=viewer)] * 10)

    assert all(result.relation.follows for result in results)
    assert len(told(bob)) == 1
    assert_exact(alice, bob)


def test_following_and_unfollowing_at_once_ends_in_one_state(alice, bob):
    viewer = eyes(alice)
    following.follow(bob.id, by=viewer)

    refusals_too(*[lambda: following.unfollow(bob.id, by=viewer),
                   lambda: following.follow(bob.id, by=viewer)] * 6)

    relation = relations.find(alice.id, bob.id)
    assert_exact(alice, bob)
    assert len(told(bob)) == 1
    assert (bob.id in hides(alice).gone) == bool(relation.retracting) == (not relation.follows)


def test_two_accounts_that_follow_each_other_at_once_both_do(alice, bob):
    one, other = eyes(alice), eyes(bob)

    refusals_too(lambda: following.follow(bob.id, by=one), lambda: following.follow(alice.id, by=other))

    assert relations.find(alice.id, bob.id).follows
    assert relations.find(bob.id, alice.id).follows
    assert_exact(alice, bob)
