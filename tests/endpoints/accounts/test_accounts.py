"""Looking at accounts: one's own, and others'."""

import time

import pytest

from chalicelib.domain.accounts import registration
from chalicelib.ids import flake_at, new_flake
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import PROFILE, Account, Preferences, State
from chalicelib.store.dynamo.table import update
from chalicelib.store.notifications import notifications
from chalicelib.store.notifications.notifications import Notice
from chalicelib.store.relationships import relations
from chalicelib.store.relationships.relations import Relation
from chalicelib.store.timelines.conversations import Participation
from tests.cast import PASSWORD

UNKNOWN = {"error": "Can't find user"}
EVERYBODY = {
    "id", "username", "acct", "display_name", "locked", "created_at", "followers_count", "following_count",
    "statuses_count", "note", "url", "avatar", "avatar_static", "header", "header_static", "emojis", "fields", "bot",
    "source", "pleroma", "uri", "fqn", "group", "discoverable", "indexable", "noindex", "hide_collections",
    "last_status_at", "roles", "avatar_description", "header_description", "attribution_domains", "show_media",
    "show_media_replies", "show_featured", "feature_approval", "akkoma",
}


def state(person, **attributes):
    update(Account.stub(person.id, "P"), [getattr(Account, name).set(value) for name, value in attributes.items()])


def notified(person, count=1):
    """Write unread notifications. Answers when they were written, oldest first."""
    now = time.time_ns() // 1_000_000  # a millisecond for each, or their numbers would sometimes be the same
    causes = [flake_at(now - count + number) for number in range(count)]
    rows = [notifications.row(Notice(person.id, "follow", cause, new_flake())) for cause in causes]
    for number, row in enumerate(rows):
        row.unread += number
        row.save()
    return [int(row.unread) for row in rows]


# One's own.


def test_my_own_account_shows_what_only_i_may_see(alice):
    reply = alice.get("/api/v1/accounts/verify_credentials")

    own = reply.json
    assert reply.status == 200
    assert own.keys() == EVERYBODY | {"follow_requests_count", "role"}
    assert own["follow_requests_count"] == 0
    assert own["source"] == {
        "note": "", "sensitive": False, "fields": [], "privacy": "public", "language": None,
        "hide_collections": False, "discoverable": False, "indexable": False, "attribution_domains": [],
        "quote_policy": "public", "follow_requests_count": 0,
        "pleroma": {"actor_type": "Person", "discoverable": False, "show_role": True, "no_rich_text": False,
                    "show_birthday": False, "accepts_chat_messages": True},
    }
    pleroma = own["pleroma"]
    assert pleroma["notification_settings"] == {
        "block_from_strangers": False, "hide_notification_contents": False, "privacy_option": False,
        "followers": True, "follows": True, "remote": True, "local": True,
    }
    assert pleroma["allow_following_move"] is True
    assert (pleroma["unread_conversation_count"], pleroma["unread_notifications_count"]) == (0, 0)
    assert pleroma["settings_store"] == {}
    assert isinstance(pleroma["chat_token"], str)
    assert (pleroma["is_admin"], pleroma["is_moderator"]) == (False, False)
    assert "deactivated" not in pleroma
    assert "localdomain" not in reply.text


def test_my_own_account_counts_what_waits(alice, bob, carol):
    first, *_ = notified(alice, 3)
    State(alice.id, "U", watermark=first).save()
    Preferences(alice.id, "F", settings_store={"pleroma_fe": {"theme": "x"}}).save()
    Relation(alice.id, bob.id, followed="p", requester_id=bob.id).save()
    update(Account.stub(alice.id, PROFILE), [Account.was_asked.set(True)])
    Participation(alice.id, 5, thread="t", unread="u").save()
    Participation(alice.id, 6, thread="t").save()

    own = alice.get("/api/v1/accounts/verify_credentials").json

    assert own["follow_requests_count"] == 1
    assert own["pleroma"]["unread_notifications_count"] == 2
    assert own["pleroma"]["unread_conversation_count"] == 1
    assert own["pleroma"]["settings_store"] == {"pleroma_fe": {"theme": "x"}}


def test_many_unread_notifications_are_counted_exactly(alice):
    written = notified(alice, 45)
    none_read = alice.get("/api/v1/accounts/verify_credentials")
    State(alice.id, "U", watermark=written[1]).save()

    some_read = alice.get("/api/v1/accounts/verify_credentials")

    assert none_read.json["pleroma"]["unread_notifications_count"] == 45
    assert some_read.json["pleroma"]["unread_notifications_count"] == 43
    assert (some_read.calls, some_read.rounds) == (3, 2)


def test_many_unread_notifications_are_counted_exactly_without_knowing_the_watermark_first(alice):
    written = notified(alice, 45)
    State(alice.id, "U", watermark=written[1]).save()

    reply = alice.get("/api/v1/accounts/alice")

    assert reply.json["pleroma"]["unread_notifications_count"] == 43
    assert (reply.calls, reply.rounds) == (5, 3)


def test_a_password_shows_the_same_account_as_a_token(alice, anonymous):
    Preferences(alice.id, "F", settings_store={"a": 1}).save()
    basic = {"Authorization": "Basic YWxpY2U6a2Vub21hLWxvY2Fs"}

    by_password = anonymous.get("/api/v1/accounts/verify_credentials", headers=basic)

    assert by_password.json == alice.get("/api/v1/accounts/verify_credentials").json


def test_what_my_own_account_costs(alice):
    notified(alice, 30)

    reply = alice.get("/api/v1/accounts/verify_credentials")

    assert (reply.calls, reply.rounds) == (3, 2)


def test_my_own_account_needs_a_user_and_the_scope(anonymous, cast):
    writer = cast.person("writer", scopes="write")

    nobody, narrow = (each.get("/api/v1/accounts/verify_credentials") for each in (anonymous, writer))

    assert (nobody.status, nobody.json) == (403, {"error": "Invalid credentials."})
    assert (narrow.status, narrow.json) == (403, {"error": "Insufficient permissions: read:accounts."})


def test_the_chat_token_is_my_own_and_stays(alice, bob):
    tokens = [person.get("/api/v1/accounts/verify_credentials").json["pleroma"]["chat_token"]
              for person in (alice, alice, bob)]

    assert tokens[0] == tokens[1] != tokens[2]


# Others'.


def test_an_account_by_id_and_by_nickname(alice, bob, anonymous):
    by_id = anonymous.get(f"/api/v1/accounts/{bob.id}")

    assert by_id.status == 200
    assert by_id.json.keys() == EVERYBODY
    assert by_id.json["username"] == "bob"
    for path in ("bob", "BOB"):
        assert anonymous.get(f"/api/v1/accounts/{path}").json == by_id.json
    assert alice.get("/api/v1/accounts/bob").json == by_id.json


@pytest.mark.parametrize("name", ["bob@kenoma.test", "Bob@KENOMA.test"])
def test_only_members_may_name_a_host(alice, anonymous, bob, setting, name):
    member, stranger = (each.get(f"/api/v1/accounts/{name}") for each in (alice, anonymous))
    setting(limit_to_local_content="off")
    freely = anonymous.get(f"/api/v1/accounts/{name}")
    setting(limit_to_local_content="all")
    nobody = alice.get(f"/api/v1/accounts/{name}")

    assert (member.status, stranger.status, freely.status, nobody.status) == (200, 404, 200, 404)
    assert stranger.json == UNKNOWN


@pytest.mark.parametrize("unknown", [
    "nobody", "bob@elsewhere.example", "0" * 18, "z" * 18, "x" * 3000, "a%20b", "%00", "..%2f..", "é" * 300, "@",
    "%F0%9F%98%80",
])
def test_an_unknown_account_is_not_found(alice, bob, unknown):
    reply = alice.get(f"/api/v1/accounts/{unknown}")

    assert (reply.status, reply.json) == (404, UNKNOWN)


@pytest.mark.parametrize(("attribute", "status"), [
    ("deactivated", 404), ("approval_pending", 404), ("confirmation_pending", 404), ("deleted", 404),
    ("reset_pending", 200),
])
def test_accounts_not_in_use_are_for_staff_only(alice, bob, admin, cast, setting, attribute, status):
    setting(account_activation_required=True)
    moderator = cast.person("mod", is_moderator=True)
    state(bob, **{attribute: True})

    seen = [each.get(f"/api/v1/accounts/{bob.id}").status for each in (alice, admin, moderator)]
    named = alice.get("/api/v1/accounts/bob")

    assert seen == [status, 200, 200]
    assert named.status == status


def test_an_administrator_sees_whether_an_account_is_deactivated(alice, bob, admin, cast):
    moderator = cast.person("mod", is_moderator=True)

    seen = [each.get(f"/api/v1/accounts/{bob.id}").json["pleroma"].get("deactivated")
            for each in (alice, moderator, admin)]

    assert seen == [None, None, False]


def test_my_account_by_id_is_my_own(alice):
    by_id, by_name = alice.get(f"/api/v1/accounts/{alice.id}"), alice.get("/api/v1/accounts/Alice")

    assert by_id.json == by_name.json
    assert "follow_requests_count" in by_id.json
    assert "unread_notifications_count" in by_id.json["pleroma"]
    assert not {"settings_store", "chat_token"} & by_id.json["pleroma"].keys()
    assert (by_id.calls, by_id.rounds) == (3, 2)
    assert (by_name.calls, by_name.rounds) == (4, 2)


def test_without_the_scope_one_is_nobody(alice, cast):
    narrow = cast.person("narrow", scopes="write")

    reply = narrow.get(f"/api/v1/accounts/{narrow.id}")

    assert reply.status == 200
    assert "follow_requests_count" not in reply.json


def test_profiles_may_be_hidden_from_anonymous_visitors(alice, bob, anonymous, setting):
    for changed in ({"restrict_profiles": True}, {"restrict_profiles": False, "public": False}):
        setting(**changed)
        hidden, unknown = anonymous.get("/api/v1/accounts/bob"), anonymous.get("/api/v1/accounts/nobody")

        assert (hidden.status, hidden.json) == (401, {"error": "This API requires an authenticated user"})
        assert (unknown.status, unknown.json) == (404, UNKNOWN)
        assert alice.get("/api/v1/accounts/bob").status == 200


@pytest.mark.parametrize(("path", "calls", "rounds"), [("{id}", 1, 1), ("bob", 2, 2)])
def test_what_anothers_account_costs(anonymous, alice, bob, path, calls, rounds):
    reply = anonymous.get("/api/v1/accounts/" + path.format(id=bob.id))
    member = alice.get("/api/v1/accounts/" + path.format(id=bob.id))

    assert (reply.calls, reply.rounds) == (calls, rounds)
    assert (member.calls, member.rounds) == (calls, rounds)  # the first call brings the token as well


def test_a_nickname_may_look_like_an_id(cast, anonymous):
    registration.create_account("x" * 18, PASSWORD)

    assert anonymous.get(f"/api/v1/accounts/{'x' * 18}").json["username"] == "x" * 18


# Lookup.


@pytest.mark.parametrize("acct", ["bob", "@bob", "bob@kenoma.test", "@BOB@kenoma.test"])
def test_lookup_finds_by_name(alice, bob, acct):
    assert alice.get("/api/v1/accounts/lookup", {"acct": acct}).json["id"] == bob.id


@pytest.mark.parametrize("params", [None, {"acct": ""}, {"acct": "nobody"}, {"acct": "@"}])
def test_lookup_of_an_unknown_name_finds_nothing(anonymous, params):
    reply = anonymous.get("/api/v1/accounts/lookup", params)

    assert (reply.status, reply.json) == (404, UNKNOWN)


def test_lookup_knows_no_ids(alice, bob, anonymous, setting):
    by_id = alice.get("/api/v1/accounts/lookup", {"acct": bob.id})
    with_host = anonymous.get("/api/v1/accounts/lookup", {"acct": "bob@kenoma.test"})
    setting(restrict_profiles=True)
    hidden = anonymous.get("/api/v1/accounts/lookup", {"acct": "bob"})

    assert (by_id.status, with_host.status, hidden.status) == (404, 404, 401)


def test_relations_do_not_show_unasked(alice, bob):
    Relation(alice.id, bob.id, follow="a").save()

    assert alice.get(f"/api/v1/accounts/{bob.id}").json["pleroma"]["relationship"] == {}
    assert relations.find(alice.id, bob.id).follows
    assert accounts.find(bob.id) is not None
