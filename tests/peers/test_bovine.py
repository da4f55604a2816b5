"""Kenoma and a server of Bovine's: another language of ActivityPub, whose addresses say nothing of who they belong to.

Bovine gives an actor only to who signs, and asks for ours before it believes us. Its actors have no shared inbox, no
`url` and no name but what webfinger says. It installs by `make bovine`; without that these tests are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.peers.bovine import process
from tests.peers.bovine.process import Bovine
from tests.running.stage import Someone, Stage, until

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@dataclass(frozen=True)
class Met:
    """Kenoma and Bovine, and alice, who is at Kenoma."""

    stage: Stage
    bovine: Bovine
    alice: Someone

    @property
    def uri(self) -> str:
        return f"{self.stage.url}/users/alice"

    @property
    def fern(self) -> Any:
        found, *_ = self.alice.get("/api/v2/search", q=self.bovine.acct, resolve=True)["accounts"]
        return found

    def relationship(self) -> Any:
        (found,) = self.alice.get("/api/v1/accounts/relationships", id=self.fern["id"])
        return found

    def sends(self, type: str, about: Any, **more: Any) -> Any:
        return self.bovine.does("send", type=type, object=about, **{"to": [self.uri], **more})


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    packages = process.folder()
    if not packages.exists():
        pytest.skip("Bovine is not installed: `make bovine`")
    stage = Stage(tmp_path_factory.mktemp("kenoma") / "data", KENOMA_AUTHORIZED_FETCH="1").answering()
    try:
        with process.serving(packages, tmp_path_factory.mktemp("bovine")) as bovine:
            yield Met(stage, bovine, stage.signs_in("alice"))
    finally:
        stage.stop()
    assert "Traceback" not in stage.errors, stage.errors


@pytest.fixture(autouse=True)
def aws() -> None:
    """No AWS in this process."""


def test_they_find_each_other_by_name(met: Met) -> None:
    assert met.fern["pleroma"]["ap_id"] == met.bovine.fern
    name = f"acct:alice@{met.stage.url.removeprefix('http://')}"
    assert met.bovine.does("named", name=name, server=met.stage.url) == {"address": met.uri}
    assert met.bovine.does("find", address=met.uri)["preferredUsername"] == "alice"


def test_fern_follows_is_accepted_and_reads_what_is_posted_and_deleted(met: Met) -> None:
    follow = met.sends("Follow", met.uri)
    (accept,) = until(lambda: met.bovine.heard("Accept"))
    assert accept["object"]["id"] == follow["id"]
    assert met.relationship()["followed_by"]

    status = met.alice.posts("hello, Bovine")
    until(lambda: [each for each in met.bovine.heard("Create") if each["object"]["id"] == status["uri"]])
    met.alice.deletes(status["id"])
    until(lambda: [each for each in met.bovine.heard("Delete") if each["object"]["id"] == status["uri"]])

    met.sends("Undo", follow)
    until(lambda: not met.relationship()["followed_by"])


def test_alice_follows_is_accepted_and_reads_what_fern_writes_and_deletes(met: Met) -> None:
    met.alice.post(f"/api/v1/accounts/{met.fern['id']}/follow")
    follow, *_ = until(lambda: met.bovine.heard("Follow"))
    met.sends("Accept", follow["id"])
    until(lambda: met.relationship()["following"])

    note = {"type": "Note", "content": "<p>moo</p>", "attributedTo": met.bovine.fern, "to": [PUBLIC, met.uri]}
    created = met.sends("Create", note, to=[PUBLIC, met.uri])
    uri = created["object"]["id"]
    (shown,) = until(lambda: [each for each in met.alice.get("/api/v1/timelines/home") if each["uri"] == uri])
    assert shown["content"] == "<p>moo</p>"

    met.alice.post(f"/api/v1/statuses/{shown['id']}/favourite")
    until(lambda: [each for each in met.bovine.heard("Like") if each["object"] == uri])
    met.alice.post(f"/api/v1/statuses/{shown['id']}/unfavourite")
    until(lambda: [each for each in met.bovine.heard("Undo") if each["object"]["type"] == "Like"])

    met.sends("Delete", uri, to=[PUBLIC, met.uri])
    until(lambda: [each["uri"] for each in met.alice.get("/api/v1/timelines/home")].count(uri) == 0)


def test_fern_likes_and_takes_it_back(met: Met) -> None:
    status = met.alice.posts("like this")
    like = met.sends("Like", status["uri"])
    until(lambda: met.alice.get(f"/api/v1/statuses/{status['id']}")["favourites_count"] == 1)

    met.sends("Undo", like)
    until(lambda: met.alice.get(f"/api/v1/statuses/{status['id']}")["favourites_count"] == 0)
