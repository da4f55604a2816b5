"""Every method of clients that people's apps have, in their newest versions, against a running server.

What a library calls that is not served is in docs/clients.md, with the reason.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests import npm
from tests.clients.listening import process
from tests.running.sockets.listening import token_of
from tests.running.stage import Stage

METHODS = Path(__file__).parent / "methods"
NOT_SERVED = {
    "masto": {"annualReports.list": "404", "collections": "404", "statuses.translate": "404"},
    "megalodon": {},
}
"""By library: the status of the reply to what is not served."""
REFUSED = {
    "masto": {"emails.confirmations": "403"},
    "megalodon": {"fetchAccessToken": "400", "refreshToken": "400", "dismissInstanceAnnouncement": "404",
                  "addReactionToAnnouncement": "404", "removeReactionFromAnnouncement": "404",
                  "getAccountFavourites": "403"},
}
"""What is refused because of what is asked for: codes and announcements that are not there, favourites that are hidden,
a letter of confirmation to who has confirmed."""


@pytest.fixture(scope="module")
def folder() -> Path:
    try:
        return process.installed()
    except npm.Missing as reason:
        pytest.skip(f"the clients cannot run here: {reason}")


@pytest.mark.parametrize("library", ["masto", "megalodon mastodon", "megalodon pleroma"])
def test_every_method_of_a_client_ends_as_it_expects(stage: Stage, folder: Path, library: str) -> None:
    tokens = [token_of(stage.signs_in(name)) for name in ("alice", "bob")]

    script, *kind = library.split()
    done = subprocess.run([str(npm.node()), str(METHODS / f"{script}.mjs"), str(folder), stage.url, *tokens, *kind],
                          capture_output=True, text=True, timeout=240, check=False)

    assert done.returncode == 0, done.stderr
    ended = json.loads(done.stdout)
    expected = NOT_SERVED[script] | REFUSED[script]
    assert {name: how for name, how in ended.items() if how != expected.get(name, "done")} == {}
