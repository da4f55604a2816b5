"""Kenoma and a server that others wrote, each in a process of its own. Nothing of the AWS in this process is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import npm
from tests.peers.fedify import process
from tests.peers.fedify.process import Fedify
from tests.running.stage import Someone, Stage, until


@dataclass(frozen=True)
class Both:
    """Kenoma and Fedify. `kind`: how Fedify signs. `strict`: both give documents only to who signs."""

    stage: Stage
    fedify: Fedify
    kind: str
    strict: bool

    def person(self, name: str) -> Someone:
        return self.stage.signs_in(name)

    def joins(self, name: str) -> Someone:
        """Somebody who signs up."""
        newcomer = Someone(self.stage.url)
        newcomer.sign_up(name)
        return newcomer

    def uri(self, name: str) -> str:
        return f"{self.stage.url}/users/{name}"

    def fern(self, viewer: Someone) -> Any:
        """The account of fern's, as Kenoma shows it."""
        found, *_ = viewer.get("/api/v2/search", q=self.fedify.acct, resolve=True)["accounts"]
        return found

    def relationship(self, viewer: Someone) -> Any:
        (found,) = viewer.get("/api/v1/accounts/relationships", id=self.fern(viewer)["id"])
        return found


KINDS = [pytest.param(("rfc9421", process.RFC_9421, False), id="RFC 9421"),
         pytest.param(("cavage", process.CAVAGE, True), id="Cavage, strict")]


@pytest.fixture(autouse=True)
def aws() -> None:
    """No AWS in this process."""


@pytest.fixture(scope="session")
def fedify_folder() -> Path:
    """Where Fedify is installed. Without it the tests are skipped."""
    try:
        return process.installed()
    except npm.Missing as reason:
        pytest.skip(f"Fedify cannot run here: {reason}")


@pytest.fixture(scope="module", params=KINDS)
def both(request: pytest.FixtureRequest, fedify_folder: Path,
         tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    kind, first, strict = request.param
    data = tmp_path_factory.mktemp("kenoma") / "data"
    stage = Stage(data, KENOMA_AUTHORIZED_FETCH="1" if strict else "0").answering()
    try:
        with process.serving(fedify_folder, first, strict=strict) as fedify:
            yield Both(stage, fedify, kind, strict)
    finally:
        stage.stop()
    assert "Traceback" not in stage.errors, stage.errors


@pytest.fixture(scope="module")
def alice(both: Both) -> Someone:
    """Follows fern, and is followed by fern. Then takes another name."""
    alice = both.person("alice")
    both.fedify.does("follow", address=both.uri("alice"))
    alice.post(f"/api/v1/accounts/{both.fern(alice)['id']}/follow")
    until(lambda: both.relationship(alice)["following"] and both.relationship(alice)["followed_by"])
    alice.changes(display_name="Alice the second")
    return alice


@pytest.fixture(scope="module")
def bob(both: Both) -> Someone:
    """Has nothing to do with fern, before and after each test."""
    return both.person("bob")
