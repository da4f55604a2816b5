"""toot, the command line client, signs in through the page, posts, and reads its home timeline."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.seed import PASSWORD
from tests.clients.browser import Browser
from tests.running.stage import Stage

pytest.importorskip("toot", reason="toot is not installed")
TOOT = [sys.executable, "-c", "from toot.cli import cli; cli()"]


class Toot:
    """The program with a home of its own, in which it keeps its token."""

    def __init__(self, home: Path) -> None:
        self.environment = os.environ | {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "BROWSER": "true"}

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run([*TOOT, *arguments], env=self.environment, capture_output=True, text=True, timeout=30,
                              check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def log_in(self, server: str, name: str) -> str:
        running = subprocess.Popen([*TOOT, "login", "--instance", server], env=self.environment, text=True, bufsize=0,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert running.stdin is not None
        running.stdin.write("n\n")  # the link is not to be opened in a real browser
        said = self._until(running, "Authorization code: ")
        address = re.search(r"http://\S+/oauth/authorize/\?\S+", said)
        assert address, said
        code = Browser().sign_in(address[0], name, PASSWORD).code
        return running.communicate(code + "\n", timeout=30)[0]

    @staticmethod
    def _until(running: subprocess.Popen[str], words: str) -> str:
        assert running.stdout is not None
        said = ""
        while not said.endswith(words):
            letter = running.stdout.read(1)
            assert letter, said
            said += letter
        return said


@pytest.fixture(scope="module")
def toot(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Toot:
    made = Toot(tmp_path_factory.mktemp("home"))
    assert "Successfully logged in" in made.log_in(stage.url, "alice")
    return made


def test_it_knows_who_it_is(toot, stage):
    assert "@alice alice" in toot("whoami")
    assert f"{stage.url}/users/alice" in toot("whoami")
    assert "alice@" in toot("auth")


def test_it_posts_and_reads_its_home_timeline(toot):
    posted = toot("post", "hello from the command line @bob")
    assert "/notice/" in posted

    for which in (["home"], ["public"], ["account", "alice"]):
        assert "hello from the command line @bob" in toot("timelines", *which)


def test_it_shows_and_deletes_a_status(toot):
    id = toot("post", "soon to be gone").strip().rpartition("/")[2]

    assert "soon to be gone" in toot("thread", id)
    toot("delete", id)
    assert "soon to be gone" not in toot("timelines", "home")


def test_it_describes_the_server(toot):
    assert "compatible; Pleroma" in toot("instance")
