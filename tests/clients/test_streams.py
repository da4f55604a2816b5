"""Clients hear of what happens at once: masto.js (Elk, Phanpy), megalodon (Fedistar, Whalebird), Mastodon.py."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mastodon import Mastodon, StreamListener

from tests import npm
from tests.clients.listening import process
from tests.running.sockets.listening import token_of
from tests.running.stage import Someone, Stage, until

AT_ONCE = 10.0
"""Seconds within which a client has to have it, on a machine that does much else. How quick it is, the bench tells."""


@pytest.fixture(scope="module")
def folder() -> Path:
    try:
        return process.installed()
    except npm.Missing as reason:
        pytest.skip(f"the clients cannot run here: {reason}")


@pytest.fixture(scope="module")
def alice(stage: Stage) -> Someone:
    return stage.signs_in("alice")


@pytest.fixture(scope="module")
def bob(stage: Stage, alice: Someone) -> Someone:
    """Follows alice."""
    bob = stage.signs_in("bob")
    bob.follows(alice)
    until(lambda: bob.get("/api/v1/accounts/relationships", id=alice.id)[0]["following"])
    return bob


def until_it_listens(alice: Someone, hears: Callable[[float], Any]) -> None:
    """Post until it is heard: a client does not tell when its subscription stands."""
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        alice.posts("is anybody there?")
        try:
            hears(1.0)
        except (AssertionError, queue.Empty):
            continue
        return
    raise AssertionError("nothing was ever heard")


@pytest.mark.parametrize("library", ["masto", "mastodon", "pleroma"])
def test_a_client_hears_updates_edits_deletions_and_notifications(
        stage: Stage, alice: Someone, bob: Someone, folder: Path, library: str) -> None:
    with process.listening(folder, library, stage.url, token_of(bob)) as client:
        client.hears("connect", 20)
        until_it_listens(alice, lambda within: client.hears("update", within))

        status = alice.posts("for @bob")
        assert "for" in client.hears("update", AT_ONCE, status["id"])["content"]
        assert client.hears("notification", AT_ONCE)["type"] == "mention"
        alice._done(alice.http.put(f"{stage.url}/api/v1/statuses/{status['id']}", json={"status": "for nobody"},
                                   timeout=30))
        edited = client.hears("status.update" if library == "masto" else "status_update", AT_ONCE, status["id"])
        assert "nobody" in edited["content"]
        alice.deletes(status["id"])
        client.hears("delete", AT_ONCE, status["id"])


class Heard(StreamListener):
    def __init__(self) -> None:
        self.updates: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.notifications: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.deleted: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def on_update(self, status: Any) -> None:
        self.updates.put(status)

    def on_notification(self, notification: Any) -> None:
        self.notifications.put(notification)

    def on_delete(self, status_id: Any) -> None:
        self.deleted.put(status_id)


def test_mastodon_py_finds_the_streams_well(stage: Stage, bob: Someone) -> None:
    assert Mastodon(api_base_url=stage.url, access_token=token_of(bob)).stream_healthy() is True


def test_mastodon_py_hears_by_server_sent_events(stage: Stage, alice: Someone, bob: Someone) -> None:
    client, heard = Mastodon(api_base_url=stage.url, access_token=token_of(bob)), Heard()
    handle = client.stream_user(heard, run_async=True)
    try:
        until_it_listens(alice, lambda within: heard.updates.get(timeout=within))

        status = alice.posts("for @bob, again")
        until(lambda: heard.updates.get(timeout=AT_ONCE).id == status["id"], AT_ONCE)
        assert heard.notifications.get(timeout=AT_ONCE).status.id == status["id"]
        alice.deletes(status["id"])
        assert str(heard.deleted.get(timeout=AT_ONCE)) == status["id"]
    finally:
        handle.close()
