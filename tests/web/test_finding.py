"""Finding the code of a path, and the table of all routes."""

from __future__ import annotations

import pytest

from chalicelib.web.auth import optional, public, signed_in
from chalicelib.web.endpoint import endpoint
from chalicelib.web.finding import file_by_rule, routes_markdown, where
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


FILES = [
    "accounts/accounts.py", "accounts/delete_account.py", "admin/backups.py", "admin/users.py", "backups/backups.py",
    "emoji/emoji.py", "emoji/packs.py", "members/backups.py", "members/members.py", "relationships/follow_requests.py",
    "relationships/follows.py", "relationships/imports.py", "relationships/lists.py", "relationships/requests.py",
    "signing_in/password_reset.py", "statuses/favourites.py", "statuses/reblogs.py", "statuses/statuses.py",
]


@pytest.mark.parametrize(("path", "file"), [
    ("/api/v1/statuses/{id}/favourite", "statuses/favourites.py"),
    ("/api/v1/statuses/{id}/unfavourite", "statuses/favourites.py"),
    ("/api/v1/statuses/{id}/favourited_by", "statuses/favourites.py"),
    ("/api/v1/statuses/{id}/reblogged_by", "statuses/reblogs.py"),
    ("/api/v1/accounts/{id}/followers", "relationships/follows.py"),
    ("/api/pleroma/follow_import", "relationships/imports.py"),
])
def test_a_word_names_a_file_in_any_form(path, file):
    assert file_by_rule(path, FILES) == file


@pytest.mark.parametrize(("path", "file"), [
    ("/api/v1/statuses/{id}/context", "statuses/statuses.py"),
    ("/api/v1/lists/{id}/accounts", "relationships/lists.py"),
    ("/api/v1/accounts/{id}/statuses", "statuses/statuses.py"),
    ("/api/pleroma/delete_account", "accounts/delete_account.py"),
    ("/api/pleroma/emoji.json", "emoji/emoji.py"),
])
def test_a_file_called_as_its_folder_has_what_no_other_is_named_for(path, file):
    assert file_by_rule(path, FILES) == file


@pytest.mark.parametrize(("path", "file"), [
    ("/api/pleroma/emoji/packs/import", "emoji/packs.py"),
    ("/api/pleroma/admin/users/{nickname}/password_reset", "admin/users.py"),
    ("/api/pleroma/password_reset/{token}", "signing_in/password_reset.py"),
    ("/api/pleroma/admin/backups", "admin/backups.py"),
    ("/api/v1/pleroma/backups", "backups/backups.py"),
    ("/account/backups", "members/backups.py"),
    ("/account/sign-out", "members/members.py"),
])
def test_the_folder_that_the_first_word_names_comes_first_and_some_are_theirs_alone(path, file):
    assert file_by_rule(path, FILES) == file


def test_of_several_names_in_a_word_the_longest_counts():
    assert file_by_rule("/api/v1/follow_requests/{id}/reject", FILES) == "relationships/follow_requests.py"


@pytest.mark.parametrize("path", ["/", "/api/v1/upload", "/api/v1/backup_codes", "/oauth/token"])
def test_a_path_may_lead_to_no_file(path):
    assert file_by_rule(path, FILES) is None


def test_a_path_that_leads_to_two_files_leads_to_none():
    assert file_by_rule("/api/v1/mutes", ["relationships/mutes.py", "statuses/mutes.py"]) is None
