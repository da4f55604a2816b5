"""Rate limits: how many requests in which time, for whom, and where they are counted."""

from __future__ import annotations

import time

import pytest

from chalicelib.domain.refusals import Throttled
from chalicelib.store import limits as store
from chalicelib.web import limits
from chalicelib.web.auth import optional, signed_in
from chalicelib.web.endpoint import endpoint
from chalicelib.web.limits import PASSWORD_RESET, RELATION_ID_ACTION, SEARCH, STATUS_ID_ACTION, TIMELINE, Rate, rate_of
from chalicelib.web.params import FlakeId
from tests.web.calling import Site


@pytest.fixture(autouse=True)
def limited(setting, monkeypatch):
    """Rate limits are on and the clock stands still, so that no window ends in the middle of a test."""
    setting(rate_limits=True)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


@pytest.fixture
def acting(site) -> Site:
    """Endpoints: favouriting and unfavouriting share a bucket for each status, reblogging has another."""
    for path, bucket in (("favourite", "favourite"), ("unfavourite", "favourite"), ("reblog", "reblog")):
        @endpoint("POST", "/statuses/{id}/" + path, auth=optional(), limits=(STATUS_ID_ACTION.per(bucket, "id"),))
        def act(id: FlakeId, number: int = 0) -> str:
            return id
    return site


def test_over_the_limit_is_throttled(acting):
    statuses = [acting.post("/statuses/1/favourite").status for _ in range(4)]
    answer = acting.post("/statuses/1/favourite")

    assert statuses == [200, 200, 200, 429]
    assert answer.json == {"error": "Throttled"}


def test_a_bucket_is_shared_by_the_actions_that_name_it(acting):
    for path in ("favourite", "unfavourite", "favourite"):
        assert acting.post(f"/statuses/1/{path}").status == 200

    assert acting.post("/statuses/1/unfavourite").status == 429
    assert acting.post("/statuses/1/reblog").status == 200
    assert acting.post("/statuses/2/favourite").status == 200


def test_users_are_counted_by_themselves_and_anonymous_callers_by_address(acting, alice, bob):
    for _ in range(3):
        acting.post("/statuses/1/favourite", token=alice.token)
        acting.post("/statuses/1/favourite")

    assert acting.post("/statuses/1/favourite", token=alice.token, ip="203.0.113.1").status == 429
    assert acting.post("/statuses/1/favourite").status == 429
    assert acting.post("/statuses/1/favourite", token=bob.token).status == 200
    assert acting.post("/statuses/1/favourite", ip="203.0.113.1").status == 200


def test_the_limit_comes_after_parameters_and_scopes(site, cast):
    @endpoint("POST", "/x", auth=signed_in("write"), limits=(STATUS_ID_ACTION,))
    def act(number: int = 0) -> str:
        return ""

    reader, writer = cast.person("reader", scopes="read"), cast.person("writer", scopes="write")
    for _ in range(5):
        assert site.post("/x", token=reader.token).status == 403
        assert site.post("/x?number=x", token=writer.token).status == 400
    assert site.post("/x", token=writer.token).status == 200


def test_limits_can_be_switched_off(acting, setting):
    setting(rate_limits=False)

    assert {acting.post("/statuses/1/favourite").status for _ in range(6)} == {200}


def test_exact_limits_of_one_request_take_one_round(site):
    @endpoint("POST", "/x", auth=optional(), limits=(STATUS_ID_ACTION, PASSWORD_RESET, RELATION_ID_ACTION))
    def act() -> str:
        return ""

    assert site.post("/x").headers["x-kenoma-dynamodb"].startswith("calls=3 rounds=1")


def test_timelines_are_counted_in_memory(site):
    @endpoint("GET", "/home", auth=optional(), limits=(TIMELINE.per("home"),))
    def home() -> str:
        return ""

    @endpoint("GET", "/tag", auth=optional(), limits=(TIMELINE.per("tag"),))
    def tag() -> str:
        return ""

    answers = [site.get("/home") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["x-kenoma-dynamodb"].startswith("calls=0")
    assert site.get("/tag").status == 200


def test_a_window_in_memory_ends(site, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    memory = limits._Memory()

    assert [memory.hit("a", 500) for _ in range(3)] == [1, 2, 3]
    now[0] += 0.5
    assert memory.hit("a", 500) == 1


def test_memory_stays_bounded(monkeypatch):
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 10)
    memory = limits._Memory()
    for number in range(100):
        memory.hit(str(number), 60_000)

    assert len(memory._windows) <= 10


def test_exact_windows_are_counted_by_name_person_and_time():
    assert [store.hit("a", "me", 1_000, at=50.1) for _ in range(3)] == [1, 2, 3]
    assert store.hit("a", "me", 1_000, at=50.999) == 4
    assert store.hit("a", "me", 1_000, at=51.0) == 1
    assert store.hit("a", "you", 1_000, at=50.1) == 1
    assert store.hit("b", "me", 1_000, at=50.1) == 1


def test_a_window_of_somebody_with_an_endless_name_is_counted_too():
    assert [store.hit("a", "é" * 5_000, 1_000, at=1.0) for _ in range(2)] == [1, 2]


def test_only_failures_may_be_made_to_count():
    for _ in range(5):
        limits.refuse_if_over(PASSWORD_RESET, "192.0.2.1")
        limits.enforce((PASSWORD_RESET,), None, "192.0.2.1", {})

    with pytest.raises(Throttled):
        limits.refuse_if_over(PASSWORD_RESET, "192.0.2.1")
    limits.refuse_if_over(PASSWORD_RESET, "192.0.2.2")


def test_defaults_are_those_of_the_reference():
    assert rate_of(SEARCH, signed_in=False) == Rate(1_000, 10)
    assert rate_of(SEARCH, signed_in=True) == Rate(1_000, 30)
    assert rate_of(RELATION_ID_ACTION, signed_in=True) == Rate(60_000, 2)


def test_each_limit_can_be_set(setting):
    setting(rate_limit_overrides="search=1000/1|2000/2, timeline=off,password_reset=5/6")

    assert rate_of(SEARCH, signed_in=False) == Rate(1_000, 1)
    assert rate_of(SEARCH, signed_in=True) == Rate(2_000, 2)
    assert rate_of(TIMELINE, signed_in=True) is None
    assert rate_of(PASSWORD_RESET, signed_in=True) == rate_of(PASSWORD_RESET, signed_in=False) == Rate(5, 6)
    assert rate_of(RELATION_ID_ACTION, signed_in=False) == Rate(60_000, 2)


def test_a_limit_that_cannot_be_read_is_said_so(setting):
    setting(rate_limit_overrides="search=many")

    with pytest.raises(ValueError, match="search=many"):
        rate_of(SEARCH, signed_in=True)
