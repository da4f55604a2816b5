"""The notification policy: which notifications are taken, held back, or dropped, and the older switch beside it."""

import time

import pytest

from chalicelib.domain.notifications import policy
from chalicelib.ids import flake_at
from chalicelib.store.dynamo.table import update
from chalicelib.store.relationships.relations import Relation
from tests.endpoints.notifications.telling import becomes, listed, types, unread

PATH = "/api/v2/notifications/policy"
OLDER = "/api/v1/notifications/policy"
RULES = ("for_not_following", "for_not_followers", "for_new_accounts", "for_private_mentions",
         "for_limited_accounts", "for_bots")
NOBODY = {"pending_requests_count": 0, "pending_notifications_count": 0}


def sets(person, **rules):
    reply = person.request("PATCH", PATH, json=rules)
    assert reply.status == 200, reply.body
    return reply.json


def held(person):
    return [each["type"] for each in listed(person, include_filtered=True) if each.get("filtered")]


def test_at_first_everything_is_accepted(alice):
    assert alice.get(PATH).json == {**dict.fromkeys(RULES, "accept"), "summary": NOBODY}
    assert alice.get(OLDER).json == {
        "filter_not_following": False, "filter_not_followers": False, "filter_new_accounts": False,
        "filter_private_mentions": False, "summary": NOBODY}


def test_rules_change_one_by_one(alice):
    assert sets(alice, for_new_accounts="filter")["for_new_accounts"] == "filter"
    shown = sets(alice, for_bots="drop")

    assert {rule: word for rule, word in shown.items() if word == "accept"}.keys() == set(RULES) - {
        "for_new_accounts", "for_bots"}
    assert alice.get(PATH).json == shown
    assert sets(alice) == shown


@pytest.mark.parametrize("word", ["maybe", "", "Filter", "true"])
def test_a_word_that_is_no_verdict_is_refused(alice, word):
    reply = alice.request("PATCH", PATH, json={"for_bots": "drop", "for_not_following": word})

    assert (reply.status, reply.json) == (
        422, {"error": "Validation failed: For not following is not included in the list"})
    assert alice.get(PATH).json["for_bots"] == "accept"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_the_first_form_says_whether_anything_is_filtered(alice, method):
    sets(alice, for_new_accounts="drop")

    shown = alice.request(method, OLDER, form={"filter_not_followers": "true"}).json

    assert (shown["filter_new_accounts"], shown["filter_not_followers"], shown["filter_not_following"]) == (
        True, True, False)
    assert alice.get(PATH).json["for_not_followers"] == "filter"
    assert alice.get(PATH).json["for_new_accounts"] == "drop"
    alice.request(method, OLDER, form={"filter_new_accounts": "false"})
    assert alice.get(PATH).json["for_new_accounts"] == "accept"


def test_the_older_switch_is_to_drop_what_strangers_do(alice):
    alice.put("/api/pleroma/notification_settings", {"block_from_strangers": True})
    assert alice.get(PATH).json["for_not_following"] == "drop"

    sets(alice, for_not_following="filter")
    shown = alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]["notification_settings"]
    assert shown["block_from_strangers"] is False

    sets(alice, for_not_following="drop")
    shown = alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]["notification_settings"]
    assert shown["block_from_strangers"] is True

    alice.put("/api/pleroma/notification_settings", {"block_from_strangers": False})
    assert alice.get(PATH).json["for_not_following"] == "accept"


def test_a_policy_needs_its_scopes(cast):
    writer, reader = cast.person("writer", scopes="write"), cast.person("reader", scopes="read")

    assert writer.get(PATH).status == 403
    assert reader.request("PATCH", PATH, json={"for_bots": "drop"}).status == 403
    assert reader.put(OLDER, {"filter_not_following": True}).status == 403


# What the rules do.


def acts_in_every_way(person, other, status_id):
    """Everything that one account can do to another, but ask to follow."""
    person.post(f"/api/v1/statuses/{status_id}/favourite")
    person.post(f"/api/v1/statuses/{status_id}/reblog")
    person.reacts(status_id, "😀")
    person.posts(f"@{other.nickname} hello")
    person.posts(f"@{other.nickname} psst", visibility="direct")
    person.follows(other)


def test_what_is_held_back_is_in_no_list_and_counts_nowhere(alice, bob):
    sets(alice, for_not_following="filter")
    acts_in_every_way(bob, alice, alice.posts("mine")["id"])

    assert types(alice) == types(alice, types=["mention", "follow"]) == []
    assert unread(alice) == 0
    assert alice.get("/api/v1/notifications/unread_count").json == {"count": 0}
    assert alice.get("/api/v2/notifications").json["notification_groups"] == []
    assert sorted(held(alice)) == ["favourite", "follow", "mention", "mention", "pleroma:emoji_reaction", "reblog"]


def test_include_filtered_shows_it_with_a_mark(alice, bob, carol):
    alice.follows(carol)
    sets(alice, for_not_following="filter")
    bob.posts("@alice one")
    carol.posts("@alice two")

    shown = listed(alice, include_filtered=True)

    assert [(each["account"]["id"], each.get("filtered")) for each in shown] == [(carol.id, None), (bob.id, True)]
    assert [each["account"]["id"] for each in listed(alice, include_filtered=True, types=["mention"])] == [
        carol.id, bob.id]
    assert [each["account"]["id"] for each in listed(alice, include_filtered=True, account_id=bob.id)] == [bob.id]
    groups = alice.get("/api/v2/notifications", {"include_filtered": True}).json["notification_groups"]
    assert [each["group_key"].startswith("ungrouped-") for each in groups] == [True, True]


def test_what_is_held_back_is_a_group_of_one(alice, bob, carol):
    sets(alice, for_not_following="filter")
    status = alice.posts("mine")["id"]
    for person in (bob, carol):
        person.post(f"/api/v1/statuses/{status}/favourite")

    shown = alice.get("/api/v2/notifications", {"include_filtered": True}).json["notification_groups"]

    assert [each["notifications_count"] for each in shown] == [1, 1]


def test_what_is_dropped_is_nowhere(alice, bob):
    sets(alice, for_not_following="drop")
    acts_in_every_way(bob, alice, alice.posts("mine")["id"])

    assert listed(alice, include_filtered=True) == []
    assert alice.get(PATH).json["summary"] == NOBODY


def test_the_strictest_rule_counts(alice, bob):
    sets(alice, for_not_following="filter", for_new_accounts="drop")
    bob.posts("@alice hello")

    assert listed(alice, include_filtered=True) == []


@pytest.mark.parametrize("rule", ["for_not_following", "for_new_accounts", "for_private_mentions", "for_bots",
                                  "for_limited_accounts"])
def test_who_is_followed_passes(alice, bob, rule):
    alice.follows(bob)
    becomes(bob, actor_type="Service", tags=["mrf_tag:sandbox"])
    sets(alice, **{rule: "drop"})
    bob.posts("@alice psst", visibility="direct")

    assert types(alice) == ["mention"]


def test_who_does_not_follow_is_held_back_even_if_followed(alice, bob):
    alice.follows(bob)
    sets(alice, for_not_followers="filter")
    bob.posts("@alice hello")

    assert held(alice) == ["mention"]


@pytest.mark.parametrize(("days", "passes"), [(2.9, False), (3.1, True)])
def test_who_follows_since_three_days_is_a_follower(alice, bob, days, passes):
    bob.follows(alice)
    since = flake_at(int((time.time() - days * 86_400) * 1000))
    update(Relation.stub(alice.id, bob.id), [Relation.followed_id.set(since)])
    sets(alice, for_not_followers="filter")
    bob.posts("@alice hello")

    assert ("mention" in types(alice)) is passes


@pytest.mark.parametrize(("days", "is_new"), [(29, True), (31, False)])
def test_an_account_is_new_for_thirty_days(bob, days, is_new):
    account = bob.account
    account.id = flake_at(int((time.time() - days * 86_400) * 1000))

    assert policy.is_new(account) is is_new


def test_what_another_server_says_of_the_age_counts(bob):
    account = bob.account
    account.host, account.doc = "elsewhere.example", {"published": int(time.time()) - 31 * 86_400}

    assert policy.is_new(account) is False


def test_private_mentions_that_answer_the_viewer_pass(alice, bob):
    sets(alice, for_private_mentions="filter")
    status = alice.posts("@bob psst", visibility="direct")["id"]
    bob.posts("@alice public")
    bob.posts("@alice yes?", visibility="direct", in_reply_to_id=status)
    bob.posts("@alice psst", visibility="direct")

    assert types(alice) == ["mention", "mention"]
    assert held(alice) == ["mention"]


def test_bots_and_limited_accounts_have_rules(alice, bob, carol):
    becomes(bob, actor_type="Service")
    becomes(carol, tags=["mrf_tag:force-unlisted"])
    sets(alice, for_bots="filter", for_limited_accounts="drop")
    bob.posts("@alice hello")
    carol.posts("@alice hello")
    [shown] = listed(alice, include_filtered=True)

    assert (shown["account"]["id"], shown["filtered"]) == (bob.id, True)


def test_mentions_by_the_staff_pass(alice, admin):
    sets(alice, **dict.fromkeys(RULES, "drop"))
    admin.posts("@alice hello")
    admin.follows(alice)

    assert types(alice) == ["mention"]


def test_reports_and_what_was_asked_for_pass(alice, bob, admin, drain):
    bob.post(f"/api/v1/pleroma/accounts/{alice.id}/subscribe")
    sets(bob, for_not_following="filter", for_not_followers="filter")
    sets(admin, **dict.fromkeys(RULES, "drop"))
    alice.posts("news")
    alice.post("/api/v1/reports", json={"account_id": bob.id, "comment": "look"})
    drain()

    assert types(bob) == ["mention"]
    assert types(admin, types=["pleroma:report"]) == ["pleroma:report"]


def test_what_is_held_back_is_not_pushed(alice, bob):
    becomes(alice, has_push=True)
    sets(alice, for_not_following="filter")
    bob.posts("@alice hello")

    [row] = listed(alice, include_filtered=True)

    assert (row["filtered"], row["pleroma"]["is_seen"]) == (True, True)


def test_the_default_policy_costs_nothing(alice, bob, carol):
    status = alice.posts("mine")["id"]
    default = bob.post(f"/api/v1/statuses/{status}/favourite")
    sets(alice, for_not_following="filter")
    filtering = carol.post(f"/api/v1/statuses/{status}/favourite")

    assert (default.calls, default.rounds) == (filtering.calls, filtering.rounds) == (3, 3)


def test_a_request_that_becomes_a_follow_is_held_back_no_more(alice, bob):
    becomes(alice, locked=True)
    sets(alice, for_not_following="filter")
    bob.follows(alice)
    assert held(alice) == ["follow_request"]

    alice.post(f"/api/v1/follow_requests/{bob.id}/authorize")

    assert types(alice) == types(alice, types=["follow"]) == ["follow"]
