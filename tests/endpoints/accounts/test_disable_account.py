"""Deactivating one's account, and letting it come back: what it answers, and what everybody sees meanwhile."""

from __future__ import annotations

import pytest

from chalicelib.domain.accounts import deactivation
from chalicelib.queues import messages, running
from chalicelib.queues.accounts import AccountDisable, AccountEnable
from chalicelib.store import jobs
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update
from chalicelib.store.instance import counters
from chalicelib.store.leaving import deactivation as store
from chalicelib.store.relationships import relations
from chalicelib.store.statuses import statuses
from tests.cast import PASSWORD
from tests.domain.relationships.pairs import assert_exact
from tests.endpoints.accounts.test_delete_account import NOBODY, WRONG, signs_in
from tests.faults import Killed, before_write, die

PATH = "/api/pleroma/disable_account"


def leaves(person, drain):
    assert person.post(PATH, form={"password": PASSWORD}).json == {"status": "success"}
    drain()


def returns(person, drain):
    assert deactivation.enable(person.id)
    drain()


def test_the_right_password_is_answered_with_success(alice):
    reply = alice.post(PATH, form={"password": PASSWORD})

    assert (reply.status, reply.json) == (200, {"status": "success"})
    assert alice.get("/api/v1/accounts/verify_credentials").status == 200, "until the job has run"


@pytest.mark.parametrize("sent", [{}, {"password": ""}, {"password": None}, {"password": "wrong"}, {"password": 5},
                                  {"password": [PASSWORD]}])
def test_any_other_password_is_a_wrong_one(alice, aws, sent):
    reply = alice.post(PATH, json=sent)

    assert (reply.status, reply.json) == (200, WRONG)
    assert aws.count("jobs") == 0


def test_it_needs_a_viewer_and_the_scope(alice, anonymous, cast):
    refused = anonymous.post(PATH, form={"password": PASSWORD})

    assert (refused.status, refused.json) == NOBODY
    assert cast.signs_in(alice.account, "read").post(PATH).json == {
        "error": "Insufficient permissions: write:accounts."}


def test_it_costs_the_token_with_the_secrets_and_one_write(alice):
    assert alice.post(PATH, form={"password": PASSWORD}).calls == 2


# Meanwhile.


def test_its_profile_tokens_and_password_are_refused(cast, alice, bob, anonymous, drain):
    leaves(alice, drain)

    for name in (alice.id, "alice"):
        assert (bob.get(f"/api/v1/accounts/{name}").status, bob.get(f"/api/v1/accounts/{name}").json) == (
            404, {"error": "Can't find user"})
    refused = alice.get("/api/v1/accounts/verify_credentials")
    assert (refused.status, refused.json) == NOBODY
    reply = signs_in(cast, anonymous, "alice")
    assert (reply.status, reply.json["identifier"]) == (403, "account_is_disabled")


def test_administrators_still_see_it(alice, admin, drain):
    leaves(alice, drain)

    assert admin.get(f"/api/v1/accounts/{alice.id}").json["pleroma"]["deactivated"] is True


def test_its_statuses_are_hidden_everywhere(alice, bob, carol, anonymous, drain):
    bob.follows(alice)
    bob.follows(carol)
    ours = bob.posts("ours")["id"]
    alices = alice.posts("@bob hers #tag")["id"]
    answer = alice.posts("an answer", in_reply_to_id=ours)["id"]
    alice.post(f"/api/v1/statuses/{ours}/reblog")
    passed_on = carol.post(f"/api/v1/statuses/{alices}/reblog").json["id"]
    drain()

    leaves(alice, drain)

    assert not {alices, answer, passed_on} & set(bob.home())
    for path in ("/api/v1/timelines/public", "/api/v1/timelines/tag/tag", f"/api/v1/accounts/{carol.id}/statuses"):
        assert not {alices, answer, passed_on} & {each["id"] for each in anonymous.get(path).json}
    for id in (alices, answer, passed_on):
        assert bob.get(f"/api/v1/statuses/{id}").status == 404
    assert bob.get("/api/v1/statuses", {"ids": [alices, ours]}).json[0]["id"] == ours
    assert bob.get(f"/api/v1/statuses/{ours}/context").json == {"ancestors": [], "descendants": []}
    assert bob.get(f"/api/v1/accounts/{alice.id}/statuses").status == 404
    assert bob.get(f"/api/v1/statuses/{alices}/context").status == 404
    assert bob.reacts(alices, "😀").status == 400


def test_it_is_in_no_list_of_people(alice, bob, carol, drain):
    status = bob.posts("hello")["id"]
    alice.follows(bob)
    bob.follows(alice)
    alice.post(f"/api/v1/statuses/{status}/favourite")
    alice.post(f"/api/v1/statuses/{status}/reblog")
    alice.reacts(status, "😀")

    leaves(alice, drain)

    for path in (f"/api/v1/accounts/{bob.id}/followers", f"/api/v1/accounts/{bob.id}/following",
                 f"/api/v1/statuses/{status}/favourited_by", f"/api/v1/statuses/{status}/reblogged_by",
                 f"/api/v1/pleroma/statuses/{status}/reactions"):
        assert bob.get(path).json == [], path
    assert carol.post(f"/api/v1/accounts/{alice.id}/follow").json == {"error": "rejected"}
    assert bob.posts("@alice are you there")["mentions"] == []


def test_its_own_follows_end_and_it_leaves_the_counts_of_its_followers(alice, bob, carol, drain):
    alice.follows(bob)
    carol.follows(alice)
    bob.follows(alice)

    leaves(alice, drain)

    assert (bob.account.followers_count, bob.account.following_count, carol.account.following_count) == (0, 0, 0)
    assert (alice.account.followers_count, alice.account.following_count) == (2, 0)
    assert relations.find(carol.id, alice.id).follows


def test_its_request_to_follow_waits_nowhere(alice, cast, drain):
    locked = cast.person("locked", locked=True)
    alice.follows(locked)

    def waiting():
        return locked.get("/api/v1/accounts/verify_credentials").json["follow_requests_count"]

    before = waiting()
    leaves(alice, drain)
    meanwhile = waiting()
    returns(alice, drain)

    assert (before, meanwhile, waiting()) == (1, 0, 1)


def test_its_reactions_are_in_no_sum(alice, bob, carol, drain):
    status = bob.posts("hello")["id"]
    alice.reacts(status, "😀")
    alice.reacts(status, "☕")
    carol.reacts(status, "😀")

    def shown():
        return [(each["name"], each["count"]) for each in
                bob.get(f"/api/v1/statuses/{status}").json["pleroma"]["emoji_reactions"]]

    before = shown()
    leaves(alice, drain)
    meanwhile, reactors = shown(), statuses.find(status).reactors
    returns(alice, drain)

    assert before == [("😀", 2), ("☕", 1)]
    assert (meanwhile, reactors) == ([("😀", 1)], {carol.id})
    assert shown() == before
    assert statuses.find(status).reactors == {alice.id, carol.id}


def test_the_only_reaction_of_all_comes_back_too(alice, bob, drain):
    status = bob.posts("hello")["id"]
    alice.reacts(status, "😀")

    leaves(alice, drain)
    meanwhile = bob.get(f"/api/v1/statuses/{status}").json["pleroma"]["emoji_reactions"]
    returns(alice, drain)

    assert meanwhile == []
    assert alice.get(f"/api/v1/statuses/{status}").json["pleroma"]["emoji_reactions"] == [
        {"name": "😀", "count": 1, "me": True}]


def test_the_server_counts_one_account_less(alice, bob, drain):
    leaves(alice, drain)
    meanwhile = counters.statistics().users
    returns(alice, drain)

    assert (meanwhile, counters.statistics().users) == (1, 2)


# Coming back.


def test_its_tokens_statuses_and_followers_come_back_and_its_own_follows_do_not(alice, bob, drain):
    bob.follows(alice)
    alice.follows(bob)
    id = alice.posts("hello")["id"]
    drain()
    leaves(alice, drain)

    returns(alice, drain)

    assert alice.get("/api/v1/accounts/verify_credentials").status == 200
    assert bob.home() == [id]
    assert (bob.account.following_count, bob.account.followers_count) == (1, 0)
    assert (alice.account.followers_count, alice.account.following_count) == (1, 0)
    assert_exact(alice, bob)


def test_who_unfollowed_meanwhile_stays_away(alice, bob, drain):
    bob.follows(alice)
    leaves(alice, drain)
    bob.post(f"/api/v1/accounts/{alice.id}/unfollow")

    returns(alice, drain)
    bob.follows(alice)

    assert_exact(alice, bob)
    assert (alice.account.followers_count, bob.account.following_count) == (1, 1)


def test_disabling_and_enabling_answer_whether_they_did(alice, drain):
    answers = [deactivation.disable(alice.id), deactivation.disable(alice.id), deactivation.enable(alice.id),
               deactivation.enable(alice.id)]
    drain()

    assert answers == [True, False, True, False]
    assert counters.statistics().users == 1


def test_who_has_been_deleted_does_not_come_back(alice):
    update(Account.stub(alice.id, PROFILE), [Account.deactivated.set(True), Account.deleted.set(True)])

    assert not deactivation.enable(alice.id)
    assert not deactivation.enable("0" * 18)


@pytest.mark.parametrize("back", [True, False])
def test_what_was_asked_last_holds_whatever_is_still_queued(alice, bob, carol, drain, back):
    bob.follows(alice)
    carol.follows(alice)
    deactivation.disable(alice.id)
    deactivation.enable(alice.id)
    if not back:
        deactivation.disable(alice.id)

    drain()

    assert bool(alice.account.deactivated) is not back
    assert [each.account.following_count for each in (bob, carol)] == [1 if back else 0] * 2


def test_a_job_that_is_late_leaves_an_account_alone_that_came_back(alice, bob, drain):
    """The job had begun when the account came back. The rows of the pairs show it."""
    bob.follows(alice)
    deactivation.disable(alice.id)
    pair = store.pairs(alice.id, None)[0]
    deactivation.enable(alice.id)

    store.leave_out(pair)

    assert (bob.account.following_count, relations.find(bob.id, alice.id).uncounted) == (1, False)


# Workers that die.


def run(message):
    record = {"messageId": "1", "body": messages.to_text(message), "attributes": {}}
    return running.run_batch("timelines", {"Records": [record]})


@pytest.mark.parametrize("kind", [AccountDisable, AccountEnable])
def test_a_worker_may_die_before_every_single_write(cast, alice, bob, drain, kind):
    people = cast.people(4)
    for each in people:
        each.follows(alice)
        alice.follows(each)
    status = bob.posts("hello")["id"]
    for emoji in ("😀", "☕"):
        alice.reacts(status, emoji)
    people[0].reacts(status, "😀")
    if kind is AccountEnable:
        leaves(alice, drain)
        store.activate([alice.account], jobs=[messages.outbox(kind(alice.id))], instead_of=[])
    else:
        jobs.add([messages.outbox(kind(alice.id))])

    for number in range(1, 60):
        try:
            with before_write(number, die):
                run(kind(alice.id))
        except Killed:
            continue
        break

    back = kind is AccountEnable
    assert jobs.find(kind(alice.id).job) is None
    assert [each.account.following_count for each in people] == [1 if back else 0] * 4
    assert [each.account.followers_count for each in people] == [0] * 4
    assert {emoji: int(entry["n"]) for emoji, entry in statuses.find(status).reactions.items()} == (
        {"😀": 2, "☕": 1} if back else {"😀": 1})


def test_a_run_ends_after_so_many_items_and_another_goes_on(cast, alice, aws, drain, monkeypatch):
    people = cast.people(5)
    for each in people:
        each.follows(alice)
    monkeypatch.setattr(deactivation, "ITEMS_PER_RUN", 2)
    monkeypatch.setattr("chalicelib.store.leaving.deactivation.PER_PAGE", 2)
    jobs.add([messages.outbox(AccountDisable(alice.id))])

    run(AccountDisable(alice.id))
    counts = sorted(each.account.following_count for each in people)
    drain()

    assert counts == [0, 0, 1, 1, 1]
    assert [each.account.following_count for each in people] == [0] * 5
