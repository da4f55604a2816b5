"""PUT /api/pleroma/notification_settings: the keys of both generations."""

import pytest

from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.table import update
from chalicelib.store.notifications.notifications import Notification
from tests.at_once import at_once
from tests.faults import before_call

PATH = "/api/pleroma/notification_settings"
DONE = {"status": "success"}
DEFAULTS = {
    "block_from_strangers": False, "hide_notification_contents": False, "privacy_option": False,
    "followers": True, "follows": True, "remote": True, "local": True,
}
MENTION = "m"
TWINS = ("hide_notification_contents", "privacy_option")


def settings_of(person):
    return person.get("/api/v1/accounts/verify_credentials").json["pleroma"]["notification_settings"]


def sends(person, **values):
    reply = person.put(PATH, json=values)
    assert reply.status == 200
    return reply.json


def told(person):
    return [row.type for row in Notification.query(person.id, consistent_read=True)]


@pytest.mark.parametrize("how", ["json", "form", "params"])
@pytest.mark.parametrize("name", DEFAULTS)
def test_each_switch_by_itself(alice, name, how):
    reply = alice.put(PATH, **{how: {name: not DEFAULTS[name]}})

    assert (reply.status, reply.json) == (200, DONE)
    changed = TWINS if name in TWINS else (name,)
    assert settings_of(alice) == DEFAULTS | {each: not DEFAULTS[each] for each in changed}


@pytest.mark.parametrize(("value", "meant"), [
    (True, True), (1, True), ("1", True), ("true", True), ("True", True), ("TRUE", True), ("tRuE", True),
    (False, False), (0, False), ("0", False), ("false", False), ("False", False), ("FALSE", False),
])
def test_how_on_and_off_are_written(alice, value, meant):
    sends(alice, followers=not meant)

    assert sends(alice, followers=value) == DONE
    assert settings_of(alice)["followers"] is meant


@pytest.mark.parametrize("value", [
    "", "x", "yes", "on", "off", " true", "2", 2, -1, 1.0, 0.5, 10**30, [], [True], {}, {"a": 1}, "é",
])
@pytest.mark.parametrize("name", ["followers", "privacy_option", "block_from_strangers"])
def test_anything_else_is_an_error_and_nothing_changes(alice, name, value):
    answer = sends(alice, remote=False, **{name: value})

    assert answer == {"error": f"{name} must be true or false."}
    assert settings_of(alice) == DEFAULTS


def test_what_is_not_sent_stays(alice):
    sends(alice, followers=False, block_from_strangers=True)

    assert sends(alice, local=False) == DONE
    assert sends(alice) == DONE
    assert sends(alice, followers=None) == DONE
    assert alice.put(PATH).json == DONE
    assert settings_of(alice) == DEFAULTS | {"followers": False, "block_from_strangers": True, "local": False}


def test_unknown_keys_are_ignored(alice):
    assert sends(alice, is_admin=True, doc={"a": 1}, followers=False, version=5) == DONE
    assert settings_of(alice) == DEFAULTS | {"followers": False}
    assert alice.account.notification_settings == {"followers": False}
    assert not alice.account.is_admin


@pytest.mark.parametrize("newer", [True, False])
def test_of_two_names_of_one_switch_the_newer_counts(alice, newer):
    for values in ({"privacy_option": not newer, "hide_notification_contents": newer},
                   {"hide_notification_contents": newer, "privacy_option": not newer}):
        assert sends(alice, **values) == DONE
        assert settings_of(alice)["privacy_option"] is settings_of(alice)["hide_notification_contents"] is newer


def test_both_generations_at_once(alice):
    sends(alice, block_from_strangers=True, followers=False, follows=False, remote=False, local=False, privacy_option=1)

    assert settings_of(alice) == {name: not value for name, value in DEFAULTS.items()}


def test_strangers_are_those_whom_one_does_not_follow(alice, bob, carol):
    bob.follows(alice)  # bob follows, but is not followed: the document means such accounts
    alice.follows(carol)
    before = told(alice)

    sends(alice, block_from_strangers=True)
    bob.posts("hello @alice")
    assert told(alice) == before
    carol.posts("hello @alice")

    assert told(alice) == [*before, MENTION]


def test_each_rule_forbids_by_itself(alice, bob, carol):
    bob.follows(alice)
    alice.follows(carol)
    before = told(alice)

    sends(alice, followers=False)
    bob.posts("hello @alice")
    assert told(alice) == before
    sends(alice, followers=True, follows=False)
    carol.posts("hello @alice")
    assert told(alice) == before
    sends(alice, follows=True, local=False)
    bob.posts("hello @alice")
    assert told(alice) == before
    sends(alice, local=True, remote=False)
    bob.posts("hello @alice")
    assert told(alice) == [*before, MENTION]


def test_it_needs_a_user_and_the_scope(anonymous, cast):
    reader = cast.person("reader", scopes="read write:notifications")

    nobody, lacking = anonymous.put(PATH, json={"local": False}), reader.put(PATH, json={"local": False})

    assert (nobody.status, nobody.json) == (403, {"error": "Invalid credentials."})
    assert (lacking.status, lacking.json) == (403, {"error": "Insufficient permissions: write:accounts."})


def test_what_it_costs(alice):
    some, none = alice.put(PATH, json={"local": False}), alice.put(PATH, json={})

    assert (some.calls, some.rounds) == (2, 2)
    assert (none.calls, none.rounds) == (1, 1)


def test_changes_at_the_same_moment_are_all_made(alice):
    names = [name for name in DEFAULTS if name != "privacy_option"]

    at_once(*[lambda name=name: sends(alice, **{name: not DEFAULTS[name]}) for name in names])

    assert settings_of(alice) == {name: not value for name, value in DEFAULTS.items()}


def test_a_profile_and_its_settings_do_not_undo_each_other(alice):
    def overtake():
        assert alice.patch("/api/v1/accounts/update_credentials", json={"note": "new"}).status == 200

    with before_call("UpdateItem", 1, overtake):
        assert sends(alice, local=False) == DONE

    assert settings_of(alice)["local"] is False
    assert alice.account.profile["note"] == "new"


def test_a_deleted_account_has_no_settings(alice):
    with before_call("UpdateItem", 1, lambda: update(Account.stub(alice.id, "P"), [Account.deleted.set(True)])):
        reply = alice.put(PATH, json={"local": False})

    assert (reply.status, reply.json) == (403, {"error": "Invalid credentials."})
    assert alice.account.notification_settings is None
