"""What happens is heard by sockets at once, and only by those who may see it."""

from __future__ import annotations

from typing import Any

import requests

from tests.running.sockets.listening import listening, token_of
from tests.running.stage import OUT_OF_BAND, Someone, Stage

SUCCESS = {"result": "success"}


def test_it_is_announced_where_it_answers(stage: Stage) -> None:
    """The address is that of the server; clients append the path."""
    anybody = Someone(stage.url)
    first, second = anybody.get("/api/v1/instance"), anybody.get("/api/v2/instance")

    assert first["urls"]["streaming_api"] == stage.url.replace("http", "ws", 1)
    assert second["configuration"]["urls"]["streaming"] == first["urls"]["streaming_api"]
    assert "mastodon_api_streaming" in first["pleroma"]["metadata"]["features"]
    assert requests.get(stage.url + "/api/v1/streaming/health", timeout=10).text == "OK"


# What is heard.


def test_a_post_is_heard_at_home_in_public_and_by_its_tag(stage: Stage, alice: Someone, bob: Someone) -> None:
    with listening(stage, bob, "user", "public", "public:local") as home, listening(stage, None, "public") as anybody:
        home.says("subscribe", stream="hashtag", tag="Tea")
        status = alice.posts("a cup of #tea")

        for stream in (["user"], ["public"], ["public:local"], ["hashtag", "Tea"]):
            heard = home.hears("update", stream)
            assert (heard["id"], heard["content"]) == (status["id"], status["content"])
        assert anybody.hears("update", ["public"])["id"] == status["id"]


def test_an_edit_and_a_deletion_are_heard(stage: Stage, alice: Someone, bob: Someone) -> None:
    status = alice.posts("frist")
    stage.settles()
    with listening(stage, bob, "user", "public") as listener:
        alice._done(alice.http.put(f"{stage.url}/api/v1/statuses/{status['id']}", json={"status": "first"}, timeout=30))
        for stream in ("user", "public"):
            heard = listener.hears("status.update", [stream])
            assert (heard["id"], "first" in heard["content"]) == (status["id"], True)

        alice.deletes(status["id"])
        assert listener.hears("delete", ["user"]) == listener.hears("delete", ["public"]) == status["id"]


def test_a_notification_is_heard(stage: Stage, alice: Someone, bob: Someone) -> None:
    status = alice.posts("a favourite of many")
    with listening(stage, alice, "user", "user:notification") as listener:
        bob.post(f"/api/v1/statuses/{status['id']}/favourite")

        for stream in ("user", "user:notification"):
            heard = listener.hears("notification", [stream])
            assert (heard["type"], heard["account"]["id"], heard["status"]["id"]) == ("favourite", bob.id, status["id"])


def test_a_direct_status_is_heard_by_whom_it_addresses_only(stage: Stage, alice: Someone, bob: Someone) -> None:
    admin = stage.signs_in("admin")
    with (listening(stage, bob, "direct", "user") as addressed, listening(stage, None, "public") as anybody,
          listening(stage, admin, "user", "direct", "public") as other):
        status = alice.posts("@bob between us", visibility="direct")

        heard = addressed.hears("conversation", ["direct"])
        assert heard["last_status"]["id"] == status["id"]
        assert addressed.hears("notification", ["user"])["type"] == "mention"
        stage.settles()
        other.hears_no_more()
        anybody.hears_no_more(0.1)


def test_a_chat_message_is_heard_on_both_sides(stage: Stage, alice: Someone, bob: Someone) -> None:
    with listening(stage, alice, "user:pleroma_chat") as mine, listening(stage, bob, "user") as theirs:
        chat = alice.post(f"/api/v1/pleroma/chats/by-account-id/{bob.id}")
        sent = alice.post(f"/api/v1/pleroma/chats/{chat['id']}/messages", content="are you there?")

        assert mine.hears("pleroma:chat_update")["last_message"]["id"] == sent["id"]
        assert theirs.hears("pleroma:chat_update")["last_message"]["content"] == "are you there?"


def test_a_muted_author_is_not_heard(stage: Stage, alice: Someone) -> None:
    carol = Someone(stage.url).sign_up("carol")
    carol.follows(alice)
    carol.post(f"/api/v1/accounts/{alice.id}/mute")
    stage.settles()
    with listening(stage, carol, "user", "public") as listener, listening(stage, None, "public") as anybody:
        alice.posts("not for carol")

        anybody.hears("update")
        stage.settles()
        listener.hears_no_more()


def test_changed_filters_are_heard(stage: Stage, bob: Someone) -> None:
    with listening(stage, bob, "user") as listener:
        bob.post("/api/v1/filters", phrase="spoiler", context=["home"])
        assert listener.hears("filters_changed", ["user"]) is None


# How it ends.


def test_a_revoked_token_closes_its_sockets_and_no_others(stage: Stage) -> None:
    app = Someone(stage.url).post("/api/v1/apps", client_name="To be revoked", redirect_uris=OUT_OF_BAND,
                                  scopes="read write")
    keys = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    one, other = (_signs_in_by(stage, keys) for _ in range(2))
    with listening(stage, one, "user") as ended, listening(stage, other, "user") as kept:
        one.post("/oauth/revoke", token=token_of(one), **keys)

        ended.is_closed(within=20)
        assert kept.says("subscribe", stream="direct") == SUCCESS


def _signs_in_by(stage: Stage, keys: dict[str, Any]) -> Someone:
    somebody = Someone(stage.url)
    token = somebody.post("/oauth/token", grant_type="password", username="bob", password="kenoma-local",
                          scope="read write", **keys)
    somebody.http.headers["Authorization"] = f"Bearer {token['access_token']}"
    return somebody


def test_after_a_kill_the_rows_of_lost_sockets_heal(start: Any) -> None:
    first = start()
    alice, bob = first.signs_in("alice"), first.signs_in("bob")
    bob.follows(alice)
    with listening(first, bob, "user"):
        first.kill()

    second = start()
    with listening(second, bob, "user") as listener:
        status = alice.posts("after the kill")
        assert listener.hears("update", within=10)["id"] == status["id"]
    second.settles()
    second.stop()
    assert "Traceback" not in second.errors, second.errors
