"""Finding the code of a path, and the table of all routes."""

from __future__ import annotations

import pytest

from chalicelib.web.auth import optional, public, signed_in
from chalicelib.web.endpoint import endpoint
from chalicelib.web.finding import routes_markdown, where
from chalicelib.web.limits import STATUS_ID_ACTION, STATUSES_ACTIONS
from chalicelib.web.params import FlakeId


@pytest.fixture
def declared(site) -> None:
    @endpoint("GET", "/api/v1/accounts/{id}", auth=optional("read", "follow"))
    def show(id: FlakeId) -> str: ...

    @endpoint("GET", "/api/v1/accounts/search", auth=public(), head=True)
    def search() -> str:
        """Find accounts."""

    @endpoint("POST", "/api/v1/accounts/{id}/follow", auth=signed_in("follow"),
              limits=(STATUSES_ACTIONS, STATUS_ID_ACTION.per("x", "id")))
    def follow(id: FlakeId) -> str: ...

    @endpoint("GET", "/api/pleroma/emoji", auth=public(), also=("/api/pleroma/emoji.json",))
    def emoji() -> str: ...

    @endpoint("PUT", "/api/pleroma/emoji", auth=public())
    def put() -> str: ...


@pytest.mark.parametrize(("asked", "functions"), [
    ("/api/v1/accounts/123", ["show"]), ("/api/v1/accounts/{id}", ["show"]), ("/api/v1/accounts/search", ["search"]),
    ("/api/v1/accounts/1/follow/", ["follow"]), ("/api/pleroma/emoji.json?x=1", ["emoji"]),
    ("/api/pleroma/emoji", ["emoji", "put"]), ("PUT /api/pleroma/emoji", ["put"]),
    ("https://kenoma.example/api/pleroma/emoji", ["emoji", "put"]), ("/nowhere", []), ("", []),
])
def test_a_concrete_path_leads_to_its_code(declared, asked, functions):
    found = where(asked)

    assert [line.rpartition("(")[2][:-1] for line in found] == functions
    assert all("tests/web/test_finding.py:" in line for line in found)


def test_the_table_of_routes_names_everything(declared):
    table = routes_markdown().splitlines()

    assert ("| POST | `/api/v1/accounts/{id}/follow` | signed in: follow | statuses_actions, status_id_action |  | "
            "tests/web/test_finding.py |") in table
    assert ("| GET, HEAD | `/api/v1/accounts/search` | none |  | Find accounts. | tests/web/test_finding.py |") in table
    assert any("optional: read \\| follow" in line for line in table)
    assert any("`/api/pleroma/emoji`, `/api/pleroma/emoji.json`" in line for line in table)
