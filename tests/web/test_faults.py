"""Errors as pages for browsers."""

from __future__ import annotations

import time

import pytest

from chalicelib.pages import engine
from chalicelib.web import faults
from chalicelib.web.replies import JSON, Rendered
from tests.pages.reading import WebPage, check

HTML = {"Accept": "text/html,*/*;q=0.8"}


def test_who_asks_with_a_browser_gets_a_page(anonymous):
    reply = anonymous.get("/users/nobody", headers=HTML)

    check(WebPage(reply))
    assert reply.status == 404
    assert "<h1>Nothing here</h1>" in reply.text
    assert reply.headers["cache-control"] == "public, max-age=10"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert '<meta name="robots" content="noindex">' in reply.text


@pytest.mark.parametrize("accept", ["*/*", "", "application/json", "application/activity+json, text/html;q=0.5"])
def test_all_others_get_the_error_of_the_api(anonymous, accept):
    reply = anonymous.get("/users/nobody", headers={"Accept": accept})

    assert (reply.status, set(reply.json)) == (404, {"error"})


@pytest.mark.parametrize("path", [
    "/api/v1/nothing", "/api/v1/accounts/nobody", "/nodeinfo/9", "/media/none", "/static/x", "/.well-known/nothing",
    "/inbox"])
def test_paths_for_programs_have_no_pages(anonymous, path):
    reply = anonymous.get(path, headers=HTML)

    assert reply.status == 404
    assert set(reply.json) == {"error"}


def test_unknown_addresses_have_a_page_too(anonymous):
    reply = anonymous.get("/no/such/address", headers=HTML)

    assert reply.status == 404
    assert "Nothing here" in reply.text


def test_what_an_address_does_not_take_is_said(anonymous, alice):
    reply = anonymous.post("/notice/x", headers=HTML)

    assert reply.status == 405
    assert "This address does not take what was sent." in reply.text
    assert anonymous.post("/notice/x").status == 404


def test_nothing_that_was_sent_is_repeated(anonymous, alice):
    for path in ("/users/alice?max_id=zebra", "/zebra", "/tag/moth?min_id=zebra", "/main/zebra", "/@zebra/zebra"):
        reply = anonymous.get(path, headers=HTML)

        assert reply.status in (400, 404)
        assert "zebra" not in reply.text.partition("<main")[2], path


def as_page(status: int, body: str = "{}", headers: dict[str, str] | None = None) -> Rendered:
    """An error as a browser gets it."""
    reply = Rendered(status, body, JSON, headers or {})
    return faults.as_page(reply, "GET", "/tag/moth?max_id=1", {"accept": "text/html"}, "the-request")


def test_who_asks_too_often_is_told_how_long_to_wait(monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1_000_000_000.2)
    reply = as_page(429, headers={"X-RateLimit-Reset": "2001-09-09T01:46:50.000Z"})

    assert reply.headers["Retry-After"] == "10"
    assert "<h1>Too many requests</h1>" in reply.body
    assert "Please wait for 10 seconds." in reply.body
    assert "Please wait." in as_page(429).body


@pytest.mark.parametrize(("status", "title"), [
    (400, "Something is missing"), (401, "Please sign in"), (403, "Not allowed"), (404, "Nothing here"), (410, "Gone"),
    (413, "This did not work"), (422, "Something is missing"),
])
def test_each_fault_has_its_title(status, title):
    reply = as_page(status, '{"error": "a reason"}')

    assert (reply.status, f"<h1>{title}</h1>" in reply.body) == (status, True)
    assert ("a reason" in reply.body) is (status in (403, 410))
    assert ('href="/account/sign-in?next=/tag/moth%3Fmax_id%3D1">Sign in</a></p>' in reply.body) is (
        status in (401, 403))


@pytest.mark.parametrize("status", [500, 503])
def test_a_failure_has_a_page_that_needs_nothing(status, monkeypatch):
    monkeypatch.setattr(engine, "environment", None)
    reply = as_page(status)

    assert "<h1>Something went wrong</h1>" in reply.body
    assert "the-request" in reply.body
    assert (reply.status, reply.headers["Cache-Control"]) == (status, "no-store")
