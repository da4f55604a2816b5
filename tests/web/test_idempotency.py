"""Idempotency-Key: the first reply is the reply to all repeats."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from chalicelib.domain.refusals import Forbidden, Throttled
from chalicelib.domain.viewer import Viewer
from chalicelib.store import idempotency as store
from chalicelib.web import idempotency
from chalicelib.web.auth import optional, signed_in
from chalicelib.web.endpoint import endpoint
from chalicelib.web.replies import Empty
from tests.web.calling import Site

KEY = {"Idempotency-Key": "k 1"}


class Counter:
    """How often the work was done, and what it does."""

    def __init__(self) -> None:
        self.done = 0
        self.outcome: Any = None


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def counting(site, counter) -> Site:
    """Endpoints that answer how often they worked."""
    def work(viewer: Viewer, number: int = 0) -> dict[str, Any]:
        counter.done += 1
        if isinstance(counter.outcome, Exception):
            raise counter.outcome
        return {"done": counter.done, "é": counter.outcome}

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        endpoint(method, "/api/x", auth=signed_in("write"))(work)
    endpoint("POST", "/oauth/x", auth=signed_in())(work)
    endpoint("POST", "/api/other", auth=signed_in())(work)

    @endpoint("POST", "/api/maybe", auth=optional())
    def maybe(viewer: Viewer | None) -> int:
        counter.done += 1
        return counter.done

    return site


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_repeat_gets_the_first_reply_without_the_work(counting, counter, alice, method):
    first = counting.call(method, "/api/x", headers=KEY, token=alice.token)
    again = counting.call(method, "/api/x", headers=KEY, token=alice.token, json={"number": "not looked at"})

    assert counter.done == 1
    assert (again.status, again.body, again.headers["content-type"]) == (
        first.status, first.body, first.headers["content-type"])
    assert first.headers["idempotency-key"] == again.headers["idempotency-key"] == "k%201"
    assert first.headers["x-original-request-id"] == first.headers["x-request-id"]
    assert again.headers["x-original-request-id"] == first.headers["x-request-id"] != again.headers["x-request-id"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_other_methods_ignore_the_key(counting, counter, alice, method):
    answers = [counting.call(method, "/api/x", headers=KEY, token=alice.token) for _ in range(2)]

    assert counter.done == 2
    assert "idempotency-key" not in answers[1].headers


def test_a_key_belongs_to_account_method_and_path(counting, counter, alice, bob):
    counting.post("/api/x", headers=KEY, token=alice.token)
    counting.post("/api/x", headers=KEY, token=bob.token)
    counting.call("PUT", "/api/x", headers=KEY, token=alice.token)
    counting.post("/api/other", headers=KEY, token=alice.token)
    counting.post("/api/x", headers={"Idempotency-Key": "k2"}, token=alice.token)

    assert counter.done == 5


def test_without_a_user_or_outside_the_api_a_key_means_nothing(counting, counter, alice):
    for _ in range(2):
        counting.post("/api/maybe", headers=KEY)
        counting.post("/oauth/x", headers=KEY, token=alice.token)

    assert counter.done == 4


def test_refusals_are_kept_like_successes(counting, counter, alice):
    counter.outcome = Forbidden("not yours")
    first = counting.post("/api/x", headers=KEY, token=alice.token)
    counter.outcome = None
    again = counting.post("/api/x", headers=KEY, token=alice.token)

    assert (first.status, again.status) == (403, 403)
    assert again.json == {"error": "not yours"}


@pytest.mark.parametrize("outcome", [RuntimeError(), Throttled()])
def test_a_crash_or_a_full_limit_leaves_the_key_free(counting, counter, alice, outcome):
    counter.outcome = outcome
    assert counting.post("/api/x", headers=KEY, token=alice.token).status in (500, 429)

    counter.outcome = None
    assert counting.post("/api/x", headers=KEY, token=alice.token).json["done"] == 2


def test_a_token_without_the_scope_reads_nobodys_reply(counting, counter, alice, cast):
    counting.post("/api/x", headers=KEY, token=alice.token)
    reading = cast.signs_in(alice.account, "read")

    assert counting.post("/api/x", headers=KEY, token=reading.token).status == 403
    assert counter.done == 1


def test_a_reply_too_large_for_a_row_is_not_kept(counting, counter, alice):
    counter.outcome = "é" * 200_000
    first = counting.post("/api/x", headers=KEY, token=alice.token)
    again = counting.post("/api/x", headers=KEY, token=alice.token)

    assert (first.status, again.status, counter.done) == (200, 200, 2)


def test_a_large_reply_that_fits_is_kept(counting, counter, alice):
    counter.outcome = "é" * 150_000

    assert counting.post("/api/x", headers=KEY, token=alice.token).status == 200
    assert counting.post("/api/x", headers=KEY, token=alice.token).json["é"] == counter.outcome
    assert counter.done == 1


@pytest.mark.parametrize("key", ["x" * 9_000, "é🔥" * 50, "a\r\nb", "#"])
def test_any_text_is_a_key(counting, counter, alice, key):
    answers = [counting.post("/api/x", headers={"Idempotency-Key": key}, token=alice.token) for _ in range(2)]

    assert counter.done == 1
    assert answers[1].headers["idempotency-key"].isascii()


def test_a_twin_waits_for_the_first(site, alice):
    started, done = threading.Event(), []

    @endpoint("POST", "/api/slow", auth=signed_in())
    def slow(viewer: Viewer) -> int:
        started.set()
        time.sleep(0.4)
        done.append(1)
        return len(done)

    answers: list[Any] = []
    twin = Site()
    assert twin.app.routes

    def first() -> None:
        answers.append(site.post("/api/slow", headers=KEY, token=alice.token))

    thread = threading.Thread(target=first)
    thread.start()
    started.wait(5)
    second = twin.post("/api/slow", headers=KEY, token=alice.token)
    thread.join()

    assert len(done) == 1
    assert second.json == answers[0].json == 1
    assert second.headers["idempotent-replayed"] == "true"


def test_a_twin_of_a_request_that_does_not_end_is_a_conflict(counting, counter, alice, monkeypatch):
    monkeypatch.setattr(idempotency, "PATIENCE_SECONDS", 0.2)
    store.claim(store.key_of(alice.id, "POST", "/api/x", "k 1"))

    answer = counting.post("/api/x", headers=KEY, token=alice.token)

    assert (answer.status, counter.done) == (409, 0)
    assert answer.error == "A request with this Idempotency-Key is still being worked on"


def test_a_claim_that_died_is_free_after_a_minute(monkeypatch):
    now = time.time()
    assert store.claim("i#a#1")
    assert not store.claim("i#a#1")

    monkeypatch.setattr(time, "time", lambda: now + 62)
    assert store.claim("i#a#1")


def test_a_reply_is_kept_for_six_hours(monkeypatch):
    now = time.time()
    reply = store.KeptReply(200, "{}", "application/json", "id")
    store.claim("i#a#1")
    store.keep("i#a#1", reply)

    assert store.find("i#a#1") == reply
    monkeypatch.setattr(time, "time", lambda: now + 6 * 3600 + 2)
    assert store.find("i#a#1") is None
    assert store.claim("i#a#1")


def test_one_of_many_claims_wins():
    won = []
    threads = [threading.Thread(target=lambda: won.append(store.claim("i#a#race"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(won) == 1


def test_an_empty_reply_is_kept_too(site, alice):
    done = []

    @endpoint("POST", "/api/empty", auth=signed_in())
    def empty(viewer: Viewer) -> Empty:
        done.append(1)
        return Empty(201)

    answers = [site.post("/api/empty", headers=KEY, token=alice.token) for _ in range(2)]

    assert [(answer.status, answer.body) for answer in answers] == [(201, "")] * 2
    assert len(done) == 1
