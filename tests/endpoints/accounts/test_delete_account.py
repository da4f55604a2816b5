"""Deleting one's account: what the request answers, and what everybody sees before and after the job."""

from __future__ import annotations

import pytest

from chalicelib.queues.accounts import AccountDelete
from chalicelib.store import jobs
from tests.cast import PASSWORD

PATH = "/api/pleroma/delete_account"
WRONG = {"error": "Invalid password."}
NOBODY = (403, {"error": "Invalid credentials."})


@pytest.fixture(autouse=True)
def at_once(setting):
    setting(deletion_pause=0)


def signs_in(cast, anonymous, name, password=PASSWORD):
    return anonymous.post("/oauth/token", form={
        "grant_type": "password", "username": name, "password": password, "client_id": cast.app.client_id,
        "client_secret": cast.app.secret, "scope": "read",
    })


def test_the_right_password_is_answered_with_success(alice):
    reply = alice.post(PATH, form={"password": PASSWORD})

    assert (reply.status, reply.json) == (200, {"status": "success"})
    assert jobs.find(AccountDelete(alice.id).job) is not None


@pytest.mark.parametrize("sent", [
    {}, {"password": ""}, {"password": " "}, {"password": None}, {"password": "wrong"}, {"password": 5},
    {"password": [PASSWORD]}, {"password": {"a": PASSWORD}}, {"password": True},
])
def test_any_other_password_is_a_wrong_one(alice, aws, sent):
    reply = alice.post(PATH, json=sent)

    assert (reply.status, reply.json) == (200, WRONG)
    assert aws.count("jobs") == 0


@pytest.mark.parametrize("how", ["params", "form", "json", "files"])
def test_the_password_comes_in_every_form(alice, how):
    sent = {"password": PASSWORD}
    reply = alice.post(PATH, form=sent, files={"x": ("x", b"x", "text/plain")}) if how == "files" else alice.post(
        PATH, **{how: sent})

    assert reply.json == {"status": "success"}


def test_it_needs_a_viewer_and_the_scope(alice, anonymous, cast):
    reader = cast.signs_in(alice.account, "read")

    assert (anonymous.post(PATH, form={"password": PASSWORD}).status,
            anonymous.post(PATH, form={"password": PASSWORD}).json) == NOBODY
    assert (reader.post(PATH, form={"password": PASSWORD}).status, reader.post(PATH).json) == (
        403, {"error": "Insufficient permissions: write:accounts."})


def test_it_costs_the_token_with_the_secrets_and_one_write(alice):
    assert alice.post(PATH, form={"password": PASSWORD}).calls == 2
    assert alice.post(PATH, form={"password": "wrong"}).calls == 1


def test_until_the_job_runs_the_account_works(alice, bob):
    id = alice.posts("still here")["id"]

    alice.post(PATH, form={"password": PASSWORD})

    assert alice.get("/api/v1/accounts/verify_credentials").status == 200
    assert bob.get(f"/api/v1/statuses/{id}").status == 200
    assert alice.posts("and here")


def test_a_message_that_is_lost_is_sent_by_the_sweep(alice, clock_ahead, drain):
    from chalicelib.jobs.sweep import sweep

    alice.post(PATH, form={"password": PASSWORD})
    clock_ahead()
    sweep()
    drain()

    assert alice.account.deleted


@pytest.fixture
def clock_ahead(monkeypatch, aws):
    """Lose what is queued, and let five minutes pass."""
    import time

    def ahead():
        from tests.leftovers import contents, restore

        restore(aws, contents(aws))
        now = time.time
        monkeypatch.setattr(time, "time", lambda: now() + 300)

    return ahead


# Afterwards.


@pytest.fixture
def gone(alice, bob, drain):
    """Alice, who wrote, followed and was followed, and has left."""
    alice.follows(bob)
    bob.follows(alice)
    status = bob.posts("like me")["id"]
    alice.post(f"/api/v1/statuses/{status}/favourite")
    alice.post(f"/api/v1/statuses/{status}/reblog")
    own = alice.posts("@bob hello #tag")["id"]
    drain()
    alice.post(PATH, form={"password": PASSWORD})
    drain()
    return {"bobs": status, "own": own}


def test_the_profile_is_unknown(alice, bob, gone):
    for name in (alice.id, "alice"):
        reply = bob.get(f"/api/v1/accounts/{name}")
        assert (reply.status, reply.json) == (404, {"error": "Can't find user"})


def test_its_tokens_are_nobodys(alice, gone):
    reply = alice.get("/api/v1/accounts/verify_credentials")

    assert (reply.status, reply.json) == NOBODY
    assert alice.get("/api/v1/timelines/public").status == 200, "as anybody"


def test_its_password_signs_nobody_in(cast, anonymous, gone):
    for name in ("alice", "alice@localhost.localdomain"):
        reply = signs_in(cast, anonymous, name)
        assert (reply.status, reply.json["error"]) == (400, "Invalid credentials")


def test_its_name_stays_taken_and_its_address_is_free(cast, anonymous, gone):
    from chalicelib.domain.accounts.registration import Invalid

    with pytest.raises(Invalid):
        cast.person("Alice", email="new@localhost.localdomain")
    assert cast.person("another", email="alice@localhost.localdomain")


def test_its_statuses_are_nowhere(alice, bob, gone):
    assert bob.get(f"/api/v1/statuses/{gone['own']}").status == 404
    assert bob.home() == [gone["bobs"]]
    for path in ("/api/v1/timelines/public", "/api/v1/timelines/tag/tag"):
        assert gone["own"] not in [each["id"] for each in bob.get(path).json]
    assert bob.get(f"/api/v1/accounts/{alice.id}/statuses").status == 404


def test_what_it_did_to_others_is_undone(bob, gone):
    status = bob.get(f"/api/v1/statuses/{gone['bobs']}").json
    own = bob.get("/api/v1/accounts/verify_credentials").json

    assert (status["favourites_count"], status["reblogs_count"]) == (0, 0)
    assert (own["followers_count"], own["following_count"]) == (0, 0)
    assert own["pleroma"]["unread_notifications_count"] == 0
    assert bob.get(f"/api/v1/accounts/{bob.id}/followers").json == []
    assert bob.get(f"/api/v1/accounts/{bob.id}/following").json == []


def test_the_server_counts_one_account_less(bob, gone):
    from chalicelib.domain.instance import about

    about.forget()

    assert bob.get("/api/v1/instance").json["stats"]["user_count"] == 1
    assert bob.get("/api/v1/instance").json["stats"]["status_count"] == 1


def test_it_can_be_asked_for_no_more(alice, gone):
    assert (alice.post(PATH, form={"password": PASSWORD}).status) == 403


def test_others_can_neither_follow_it_nor_mention_it(alice, bob, gone):
    assert bob.post(f"/api/v1/accounts/{alice.id}/follow").status == 404
    assert bob.posts("@alice where are you")["mentions"] == []
