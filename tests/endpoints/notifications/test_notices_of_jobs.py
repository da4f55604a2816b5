"""What people are told that nobody did to them: polls that are over, and new accounts."""

import time

from chalicelib.domain.notifications import poll_ends
from chalicelib.queues.notifications import PollEnded
from chalicelib.store.jobs import Job
from tests.cast import Person
from tests.endpoints.notifications.telling import listed, types, unread

POLL = {"options": ["yes", "no"], "expires_in": 3600}


def asks(person, **more):
    return person.post("/api/v1/statuses", json={"status": "?", "poll": POLL, **more}).json


def votes(person, status, *choices):
    assert person.post(f"/api/v1/polls/{status['poll']['id']}/votes", json={"choices": list(choices)}).status == 200


def is_over(status):
    poll_ends.tell(status["id"], PollEnded(status["id"]).job)


def ends(status, monkeypatch, after=3606):
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + after)
    is_over(status)


def test_author_and_voters_hear_of_the_end_of_a_poll_once(alice, bob, carol, monkeypatch):
    status = asks(alice)
    votes(bob, status, 0)
    carol.post(f"/api/v1/statuses/{status['id']}/favourite")
    ends(status, monkeypatch)
    is_over(status)

    for person in (alice, bob):
        [shown] = listed(person, types=["poll"])
        assert (shown["status"]["id"], shown["account"]["id"]) == (status["id"], alice.id)
        assert shown["status"]["poll"]["expired"] is True
    assert (types(bob), types(carol), unread(bob)) == (["poll"], [], 1)


def test_a_poll_has_one_job_that_waits_for_its_end(alice, bob):
    status = asks(alice)
    votes(bob, status, 1)

    [job] = [job for job in Job.scan() if job.kind == "poll_ended"]
    assert 3600 <= job.due - time.time() <= 3606


def test_before_its_end_nobody_hears_of_it(alice, bob, monkeypatch):
    status = asks(alice)
    votes(bob, status, 0)
    ends(status, monkeypatch, after=3500)

    assert (types(alice), types(bob)) == ([], [])


def test_an_edit_moves_the_end(alice, bob, monkeypatch):
    status = asks(alice)
    alice.put(f"/api/v1/statuses/{status['id']}", json={
        "status": "?", "poll": {"options": ["yes", "no"], "expires_in": 7200}})

    [job] = [job for job in Job.scan() if job.kind == "poll_ended"]
    assert job.due - time.time() >= 7190


def test_the_end_of_a_poll_is_never_held_back(alice, bob, monkeypatch):
    bob.patch("/api/v2/notifications/policy", json={"for_not_following": "drop"})
    status = asks(alice)
    votes(bob, status, 0)
    ends(status, monkeypatch)

    assert types(bob) == ["poll"]


def test_what_was_deleted_has_no_end(alice, bob, monkeypatch, drain):
    status = asks(alice)
    votes(bob, status, 0)
    ends(status, monkeypatch)
    alice.delete(f"/api/v1/statuses/{status['id']}")
    drain()

    assert (types(alice), types(bob)) == ([], [])
    is_over(status)
    assert types(bob) == []


def test_staff_hear_of_sign_ups_where_they_ask(alice, admin, anonymous, cast, drain):
    app = anonymous.post("/oauth/token", form={
        "grant_type": "client_credentials", "client_id": cast.app.client_id, "client_secret": cast.app.secret})
    Person(token=app.json["access_token"]).post("/api/v1/accounts", json={
        "username": "dora", "password": "a secret", "agreement": "true", "email": "dora@example.org"})
    drain()

    [shown] = listed(admin, types=["admin.sign_up"])
    assert (shown["account"]["acct"], shown["group_key"].rpartition("-")[0]) == ("dora", "admin.sign_up")
    [group] = admin.get("/api/v2/notifications", {"types": ["admin.sign_up"]}).json["notification_groups"]
    assert (group["type"], group["notifications_count"]) == ("admin.sign_up", 1)
    assert (types(admin), unread(admin)) == ([], 0)
    assert types(alice, types=["admin.sign_up"]) == []
