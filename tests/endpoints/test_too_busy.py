"""When too many change the same thing at once, each kind of change says that it may be tried again, and does nothing.

Every write is refused as if another request had been faster, until the tries end.
"""

import time

import pytest

from chalicelib.domain.retrying import TRIES
from tests.cast import PASSWORD
from tests.faults import no_condition_holds

TOO_BUSY = {"error": "Too busy, try again"}
LATER = "2099-01-01T00:00:00.000Z"
V1, PLEROMA = "/api/v1", "/api/v1/pleroma"


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


@pytest.fixture
def status(bob):
    return f"{V1}/statuses/{bob.posts('hello')['id']}"


@pytest.fixture
def own(alice):
    return f"{V1}/statuses/{alice.posts('mine')['id']}"


@pytest.fixture
def chat(alice, bob):
    id = alice.post(f"{PLEROMA}/chats/by-account-id/{bob.id}").json["id"]
    return f"{PLEROMA}/chats/{id}"


def says(person, other):
    id = person.post(f"{PLEROMA}/chats/by-account-id/{other.id}").json["id"]
    assert person.post(f"{PLEROMA}/chats/{id}/messages", {"content": "hello"}).status == 200


def busy(call):
    """Make a call while every conditional write fails. Checks that it was tried often, and that the reply is a 503.

    On a slow machine, tries that hash passwords end with the time of the request, before all are made.
    """
    with no_condition_holds() as refused:
        reply = call()
    assert len(refused) >= TRIES / 2
    assert (reply.status, reply.json) == (503, TOO_BUSY)


@pytest.mark.parametrize("act", ["favourite", "reblog", "mute"])
def test_acts_on_a_status_may_be_tried_again(alice, status, act):
    busy(lambda: alice.post(f"{status}/{act}"))

    shown = alice.get(status).json
    assert (shown["favourites_count"], shown["reblogs_count"], shown["muted"]) == (0, 0, False)
    assert alice.post(f"{status}/{act}").status == 200


@pytest.mark.parametrize("act", ["favourite", "reblog"])
def test_taking_acts_back_may_be_tried_again(alice, status, act):
    alice.post(f"{status}/{act}")

    busy(lambda: alice.post(f"{status}/un{act}"))

    assert alice.get(status).json[f"{act}s_count"] == 1


def test_reactions_may_be_tried_again(alice, status):
    path = status.replace(V1, PLEROMA) + "/reactions/☕"
    busy(lambda: alice.put(path))
    assert alice.put(path).status == 200
    busy(lambda: alice.delete(path))
    assert alice.get(status).json["pleroma"]["emoji_reactions"] == [{"name": "☕", "count": 1, "me": True}]


def test_pins_may_be_tried_again(alice, own):
    busy(lambda: alice.post(f"{own}/pin"))
    assert alice.post(f"{own}/pin").status == 200
    busy(lambda: alice.post(f"{own}/unpin"))
    assert alice.get(own).json["pinned"]


@pytest.mark.parametrize("act", ["follow", "block", "mute"])
def test_acts_on_an_account_and_taking_them_back(alice, bob, act):
    busy(lambda: alice.post(f"{V1}/accounts/{bob.id}/{act}"))
    assert alice.post(f"{V1}/accounts/{bob.id}/{act}").status == 200
    before = alice.relationship(bob)
    busy(lambda: alice.post(f"{V1}/accounts/{bob.id}/un{act}"))
    assert alice.relationship(bob) == before


@pytest.mark.parametrize("act", ["subscribe", "unsubscribe"])
def test_subscriptions_may_be_tried_again(alice, bob, act):
    if act == "unsubscribe":
        alice.post(f"{PLEROMA}/accounts/{bob.id}/subscribe")

    busy(lambda: alice.post(f"{PLEROMA}/accounts/{bob.id}/{act}"))

    assert alice.relationship(bob)["subscribing"] is (act == "unsubscribe")


@pytest.mark.parametrize("answer", ["authorize", "reject"])
def test_answers_to_follow_requests_may_be_tried_again(alice, cast, answer):
    shy = cast.person("shy", locked=True)
    alice.post(f"{V1}/accounts/{shy.id}/follow")

    busy(lambda: shy.post(f"{V1}/follow_requests/{alice.id}/{answer}"))

    assert [each["id"] for each in shy.get(f"{V1}/follow_requests").json] == [alice.id]


def test_domain_blocks_may_be_tried_again(alice):
    busy(lambda: alice.post(f"{V1}/domain_blocks", {"domain": "one.example"}))
    alice.post(f"{V1}/domain_blocks", {"domain": "one.example"})
    busy(lambda: alice.delete(f"{V1}/domain_blocks", {"domain": "one.example"}))
    assert alice.get(f"{V1}/domain_blocks").json == ["one.example"]


def test_filters_may_be_tried_again(alice):
    wanted = {"phrase": "spoiler", "context": ["home"]}
    busy(lambda: alice.post(f"{V1}/filters", json=wanted))
    id = alice.post(f"{V1}/filters", json=wanted).json["id"]
    busy(lambda: alice.put(f"{V1}/filters/{id}", json={**wanted, "phrase": "other"}))
    busy(lambda: alice.delete(f"{V1}/filters/{id}"))
    assert [each["phrase"] for each in alice.get(f"{V1}/filters").json] == ["spoiler"]


def test_markers_may_be_tried_again(alice):
    busy(lambda: alice.post(f"{V1}/markers", json={"home": {"last_read_id": "1"}}))
    assert alice.get(f"{V1}/markers", {"timeline": ["home"]}).json == {}


def test_scheduled_statuses_may_be_tried_again(alice):
    entry = alice.post(f"{V1}/statuses", json={"status": "later", "scheduled_at": LATER}).json
    path = f"{V1}/scheduled_statuses/{entry['id']}"
    busy(lambda: alice.delete(path))
    assert alice.get(path).json["scheduled_at"] == LATER


def test_chats_may_be_tried_again(alice, bob, chat):
    says(bob, alice)
    message = alice.get(f"{chat}/messages").json[0]["id"]
    busy(lambda: alice.post(f"{chat}/read", {"last_read_id": message}))
    busy(lambda: alice.post(f"{chat}/messages/{message}/read"))
    busy(lambda: alice.delete(f"{chat}/messages/{message}"))
    assert [each["content"] for each in alice.get(f"{chat}/messages").json] == ["hello"]
    assert alice.get(chat).json["unread"] == 1


def test_backups_may_be_tried_again(alice):
    busy(lambda: alice.post(f"{PLEROMA}/backups"))

    assert alice.get(f"{PLEROMA}/backups").json == []


def test_profiles_and_notification_settings(alice):
    busy(lambda: alice.patch(f"{V1}/accounts/update_credentials", {"display_name": "Other"}))
    busy(lambda: alice.put("/api/pleroma/notification_settings", {"followers": False}))
    assert alice.get(f"{V1}/accounts/verify_credentials").json["display_name"] != "Other"


def test_addresses_and_passwords_may_be_tried_again(alice):
    busy(lambda: alice.post("/api/pleroma/change_email", {"password": PASSWORD, "email": "new@example.org"}))
    busy(lambda: alice.post("/api/pleroma/change_password", {
        "password": PASSWORD, "new_password": "other", "new_password_confirmation": "other"}))
    assert alice.get(f"{V1}/accounts/verify_credentials").status == 200


def test_refreshing_a_token_may_be_tried_again(alice, anonymous, cast):
    client = {"client_id": cast.app.client_id, "client_secret": cast.app.secret}
    granted = anonymous.post("/oauth/token", {
        "grant_type": "password", "username": "alice", "password": PASSWORD, **client}).json
    refresh = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"], **client}

    busy(lambda: anonymous.post("/oauth/token", refresh))

    assert anonymous.post("/oauth/token", refresh).status == 200


def test_a_second_factor_set_up(alice, setting):
    setting(encryption_key="a:" + "A" * 43 + "=")

    busy(lambda: alice.get("/api/pleroma/accounts/mfa/setup/totp"))

    assert alice.get("/api/pleroma/accounts/mfa/setup/totp").status == 200
