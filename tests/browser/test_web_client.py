"""A web client, installed as a frontend, in a browser: signing in, posting, editing, reacting, being told.

`KENOMA_TEST_FRONTEND=dist.zip` runs the first test with that bundle: pleroma-fe, Phanpy, Elk, Mangane, any with an
`index.html`. It is found out what its buttons are called; what Kenoma has to do is looked up by the API. Without it,
the bundle is the smallest that people could use, built from client/ with masto.js, on which Elk and Phanpy stand too.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.seed import PASSWORD
from tests import npm
from tests.browser.chromium import DESKTOP, Chromium
from tests.browser.secure_front import secure_front
from tests.browser.web_client import WebClient
from tests.endpoints.frontends.bundling import ADMIN, zipped
from tests.running.stage import Someone, Stage, free_port, until

GIVEN = os.environ.get("KENOMA_TEST_FRONTEND", "")
CLIENT = Path(__file__).parent / "client"
only_ours = pytest.mark.skipif(bool(GIVEN), reason="of our own client alone")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built client as a zip."""
    if GIVEN:
        return Path(GIVEN)
    folder = tmp_path_factory.mktemp("client")
    try:
        packages = npm.installed(CLIENT, "client") / "node_modules"
        (folder / "node_modules").symlink_to(packages)
        (folder / "app.mjs").write_text((CLIENT / "app.mjs").read_text())
        built = subprocess.run([npm.node(), packages / "esbuild" / "bin" / "esbuild", "app.mjs", "--bundle", "--minify",
                                "--format=esm"], cwd=folder, capture_output=True, timeout=60, check=True)
    except npm.Missing as reason:
        pytest.skip(f"the client cannot be built here: {reason}")
    whole = folder / "tiny.zip"
    whole.write_bytes(zipped({"index.html": (CLIENT / "index.html").read_bytes(), "tiny.0123abcd.js": built.stdout,
                              "tiny.0123abcd.css": (CLIENT / "app.css").read_bytes()}))
    return whole


@pytest.fixture(scope="module")
def secure_url(browser: Chromium) -> str:
    """Where the stage is reached by HTTPS: most clients speak with no server without it."""
    return f"https://127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def stage(secure_url: str, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage with the client as its frontend."""
    folder = tmp_path_factory.mktemp("stage")
    running = Stage(folder / "data", KENOMA_BASE_URL=secure_url).answering()
    admin = running.signs_in("admin", "read write admin")
    installed = admin.http.post(f"{running.url}{ADMIN}/install", data={"name": "client"}, timeout=60,
                                files={"file": (bundle.name, bundle.read_bytes())}).json()
    admin.http.put(f"{running.url}{ADMIN}/primary", json={"name": "client", "ref": installed[0]["ref"]}, timeout=30)
    with secure_front(folder, int(secure_url.rpartition(":")[2]), int(running.url.rpartition(":")[2])):
        yield running
    running.stop()
    assert "Traceback" not in running.errors


@pytest.fixture(scope="module")
def alice(stage: Stage) -> Someone:
    return stage.signs_in("alice")


@pytest.fixture(scope="module")
def bob(stage: Stage, alice: Someone) -> Someone:
    """Somebody whom Alice follows, and who has written about moths."""
    bob = stage.signs_in("bob")
    alice.follows(bob)
    bob.posts("Moths at noon")
    stage.settles()
    return bob


@pytest.fixture(scope="module")
def client(browser: Chromium, secure_url: str, bob: Someone) -> WebClient:
    """Alice at the client, signed in."""
    browser.resize(DESKTOP)
    client = WebClient(browser, secure_url)
    client.signs_in("alice", PASSWORD)
    client.sees("Moths at noon")
    return client


def newest(someone: Someone) -> Any:
    return next(iter(someone.get(f"/api/v1/accounts/{someone.id}/statuses", exclude_replies=True)), None)


def test_a_client_posts_edits_favourites_and_is_told(browser, client, alice, bob):
    client.writes("what|post|status|compose|mind", "Tea or coffee?", behind="^(compose|write|new post|post)")
    client.presses("^(post|publish|toot|send|submit)")
    asked = until(lambda: newest(alice))
    client.sees("Tea or coffee?")

    client.presses("favou?rite|like|star", near="Moths at noon")
    until(lambda: newest(bob)["favourites_count"] == 1)

    client.presses("^edit", near="Tea or coffee?", behind="more|options|menu")
    client.writes("Tea or coffee", " Or milk?")
    client.presses("^(save|update|post|publish)", near="Tea or coffee?")
    until(lambda: newest(alice)["edited_at"])

    bob.posts("@alice Coffee, please", in_reply_to_id=asked["id"])
    client.presses("notifications")
    client.sees("Coffee, please")

    assert [each for each in browser.complaints() if "Content Security Policy" in each or "status of 5" in each] == []


@only_ours
def test_a_client_hears_reacts_and_filters(browser, client, alice, bob):
    browser.open(client.url)
    client.sees("Listening")
    bob.posts("Owls at midnight")
    client.sees("Owls at midnight")
    client.presses("react with", near="Owls at midnight")
    client.sees("🎉 1")
    client.writes("word to filter", "owls")
    client.presses("^filter$")
    client.sees("Filtered: owls")

    assert "Owls at midnight" not in browser.text()
    assert browser.run("return document.documentElement.dataset.began") == "here", "a script of the index itself"
    assert browser.complaints() == []
