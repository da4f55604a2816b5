"""Headers that newer clients read: limits, what is deprecated, and tags of what has not changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest


def allowance(reply):
    return reply.headers.get("x-ratelimit-limit"), reply.headers.get("x-ratelimit-remaining")


def test_replies_say_how_much_is_left_of_a_limit(alice, bob, setting):
    setting(rate_limits=True, rate_limit_overrides="statuses_actions=600000/2")

    replies = [alice.post("/api/v1/statuses", {"status": "hello"}) for _ in range(3)]

    assert [(reply.status, *allowance(reply)) for reply in replies] == [
        (200, "2", "1"), (200, "2", "0"), (429, "2", "0")]
    reset = datetime.fromisoformat(replies[0].headers["x-ratelimit-reset"])
    assert timedelta(0) <= reset - datetime.now(UTC) < timedelta(minutes=11)
    assert allowance(bob.post("/api/v1/statuses", {"status": "hello"})) == ("2", "1")


def test_of_several_limits_the_nearest_is_told(alice, setting):
    status = alice.posts("hello")["id"]
    setting(rate_limits=True, rate_limit_overrides="statuses_actions=600000/9,status_id_action=600000/2")

    assert allowance(alice.post(f"/api/v1/statuses/{status}/favourite")) == ("2", "1")


def test_where_nothing_is_limited_nothing_is_said(alice, anonymous, setting):
    assert allowance(alice.post("/api/v1/statuses", {"status": "hello"})) == (None, None)
    setting(rate_limits=True)
    assert allowance(alice.get("/api/v1/accounts/verify_credentials")) == (None, None)
    assert allowance(anonymous.get("/api/v1/timelines/public")) == (None, None), "others get this reply too"


@pytest.mark.parametrize(("older", "newer"), [("/api/v1/instance", "/api/v2/instance"),
                                              ("/api/v1/filters", "/api/v2/filters")])
def test_what_has_a_newer_form_says_since_when(alice, anonymous, older, newer):
    assert alice.get(older).headers["deprecation"] == "@1668384000"
    assert "deprecation" not in alice.get(newer).headers
    assert anonymous.get("/api/openapi").json["paths"][older]["get"]["deprecated"] is True


@pytest.mark.parametrize("path", ["/api/v1/instance", "/api/v2/instance", "/api/v1/custom_emojis"])
def test_who_has_a_shared_reply_already_does_not_get_it_again(anonymous, alice, setting, path):
    first = anonymous.get(path)
    tag = first.headers["etag"]

    for known in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        again = anonymous.get(path, headers={"If-None-Match": known})
        assert (again.status, again.body, again.headers["etag"]) == (304, "", tag)
    assert anonymous.get(path, headers={"If-None-Match": '"other"'}).status == 200
    assert "etag" not in alice.get(path).headers
    setting(instance_name="Other")
    assert (anonymous.get(path, headers={"If-None-Match": tag}).status == 304) is path.endswith("emojis")


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/nothing", "/api/v1/instance/nothing",
                                  "/api/v1_alpha/async_refreshes/1", "/nothing"])
def test_a_path_that_is_not_served_is_404_whoever_asks(anonymous, alice, path):
    for person in (anonymous, alice):
        for method in ("GET", "POST", "DELETE"):
            assert person.request(method, path).status == 404
