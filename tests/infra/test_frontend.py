"""`make frontend`: install a built frontend, let it answer, remove it."""

from __future__ import annotations

import contextlib
import sys

import pytest

from infra import frontend
from tests.endpoints.frontends.bundling import BROWSER, zipped

NAMED = ("--name", "tiny", "--ref", "1")


@pytest.fixture
def make_frontend(monkeypatch, capsys, setting, tmp_path):
    """Run the command as make does, against the AWS of the tests. Answers what it prints. ZIP is a tiny frontend."""
    monkeypatch.setattr(frontend, "environment_of", lambda stage: contextlib.nullcontext())
    zip_file = tmp_path / "tiny.zip"
    zip_file.write_bytes(zipped())

    def make_frontend(*words):
        monkeypatch.setattr(sys, "argv", ["frontend", *(str(zip_file) if word == "ZIP" else word for word in words)])
        frontend.main()
        return capsys.readouterr().out.splitlines()

    return make_frontend


def test_it_is_installed_and_answers_browsers(make_frontend, anonymous):
    told = make_frontend(*NAMED, "--zip", "ZIP", "--primary")

    assert told == ["tiny/1 is installed", "tiny/1 is the primary frontend now; within a minute everywhere"]
    assert "/app.0123abcd.js" in anonymous.get("/", headers=BROWSER).text
    assert anonymous.get("/style.css").text == "body{}"


def test_it_may_be_chosen_later_and_for_administrators(make_frontend, anonymous):
    make_frontend(*NAMED, "--zip", "ZIP")
    before = anonymous.get("/pleroma/admin/", headers=BROWSER).status

    assert make_frontend("--name", "tiny", "--admin") == [
        "tiny is the admin frontend now; within a minute everywhere"]
    assert (before, anonymous.get("/pleroma/admin/", headers=BROWSER).status) == (404, 200)


def test_it_is_removed_and_our_own_pages_are_back(make_frontend, anonymous):
    make_frontend(*NAMED, "--zip", "ZIP", "--primary")

    told = make_frontend("--name", "tiny", "--primary", "--remove")

    assert told == ["No primary frontend is chosen now", "tiny is removed"]
    assert "/app.0123abcd.js" not in anonymous.get("/", headers=BROWSER).text


@pytest.mark.parametrize(("words", "reason"), [
    (("--name", "Tiny", "--zip", "ZIP"), "Could not install the frontend"),
    (("--name", "other", "--primary"), "Record not found"), (("--name", "other", "--remove"), "Record not found"),
])
def test_what_cannot_be_is_said(make_frontend, words, reason):
    with pytest.raises(SystemExit, match=reason):
        make_frontend(*words)


def test_a_chosen_one_is_not_removed_by_the_way(make_frontend):
    make_frontend(*NAMED, "--zip", "ZIP", "--primary")

    with pytest.raises(SystemExit, match="Frontend is in use"):
        make_frontend(*NAMED, "--remove")


def test_something_must_be_asked_for(make_frontend, capsys):
    with pytest.raises(SystemExit):
        make_frontend(*NAMED)

    assert "ZIP=" in capsys.readouterr().err
