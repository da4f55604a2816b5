"""/api/v1/instance/activity"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from chalicelib.domain.instance import about
from chalicelib.store.dynamo.table import transaction
from chalicelib.store.instance import counters, weeks
from tests.cast import PASSWORD
from tests.domain.federation.foreigners import comes, posts

PATH = "/api/v1/instance/activity"


def shown(anonymous):
    """For each week statuses, sign-ins and registrations, the present one first."""
    about.forget()
    reply = anonymous.get(PATH)
    assert reply.status == 200, reply.text
    assert all(isinstance(value, str) for week in reply.json for value in week.values())
    return [tuple(int(week[name]) for name in ("statuses", "logins", "registrations")) for week in reply.json]


def signs_in(anonymous, cast, name):
    reply = anonymous.post("/oauth/token", form={
        "grant_type": "password", "username": name, "password": PASSWORD,
        "client_id": cast.app.client_id, "client_secret": cast.app.secret})
    assert reply.status == 200, reply.text


def test_statuses_sign_ins_and_registrations_are_counted(anonymous, cast):
    alice, bob = cast.person("alice"), cast.person("bob")
    before = shown(anonymous)
    alice.posts("one")
    status = bob.posts("for friends", visibility="private")["id"]
    bob.delete(f"/api/v1/statuses/{status}")
    signs_in(anonymous, cast, "alice")
    cast.person("carol")
    comes("fern")
    posts(comes("fern"))

    after = shown(anonymous)

    assert len(after) == 12
    assert tuple(now - then for now, then in zip(after[0], before[0], strict=True)) == (2, 1, 1)
    assert after[1:] == [(0, 0, 0)] * 11


def test_a_week_begins_on_monday(anonymous):
    found = [int(week["week"]) for week in anonymous.get(PATH).json]

    assert {(day.weekday(), day.hour, day.minute) for day in (datetime.fromtimestamp(at, UTC) for at in found)} == {
        (0, 0, 0)}
    assert found == [found[0] - number * 7 * 86_400 for number in range(12)]
    assert found[0] <= time.time() < found[0] + 7 * 86_400


@pytest.mark.parametrize("at", [0, 4 * 86_400, 11 * 86_400 - 1, 1_764_547_199, 1_764_547_200])
def test_every_moment_is_in_its_week(monkeypatch, at):
    monkeypatch.setattr(time, "time", lambda: at)

    assert weeks.begins(weeks.this_week()) <= at < weeks.begins(weeks.this_week() + 1)


def test_twelve_weeks_are_kept(alice, anonymous, monkeypatch):
    now = weeks.this_week()
    for week in (now - 12, now - 11, now):
        with monkeypatch.context() as patched, transaction() as write:
            patched.setattr(time, "time", lambda week=week: weeks.begins(week))
            counters.count_statuses(write, alice.id, 1, new=True)

    assert [statuses for statuses, _, _ in shown(anonymous)] == [1, *[0] * 10, 1]
    assert min(week for week, _ in counters.by_week()) == now - 11


def test_reading_it_costs_one_call_a_minute(anonymous):
    about.forget()

    assert [anonymous.get(PATH).calls for _ in range(2)] == [1, 0]
