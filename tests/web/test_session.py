"""The session cookie hides its token, and cannot be made or changed by others."""

from __future__ import annotations

import pytest

from chalicelib.settings import settings
from chalicelib.web import session

TOKEN = "4kdjfF_3-abcdefghijklmnopqrstuvwxyzABCDEFGH"


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setattr(settings, "secret_key", "a key")


def test_a_sealed_token_opens_again():
    assert session.unseal(session.seal(TOKEN)) == TOKEN
    assert session.unseal(session.seal("x" * 200)) == "x" * 200


def test_one_token_makes_one_cookie():
    assert session.seal(TOKEN) == session.seal(TOKEN)


def test_a_changed_cookie_is_worthless():
    sealed = session.seal(TOKEN)
    for place in range(0, len(sealed) - 1, 7):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1:]
        assert session.unseal(changed) is None


@pytest.mark.parametrize("value", ["", "=", "a", "é", TOKEN, "A" * 10_000, "!!!!", "\0"])
def test_what_this_server_did_not_make_is_worthless(value):
    assert session.unseal(value) is None


def test_another_key_opens_nothing(monkeypatch):
    sealed = session.seal(TOKEN)
    monkeypatch.setattr(settings, "secret_key", "another key")

    assert session.unseal(sealed) is None


def test_without_a_key_there_are_no_sessions(monkeypatch):
    sealed = session.seal(TOKEN)
    monkeypatch.setattr(settings, "secret_key", "")

    assert session.cookie(TOKEN) == ""
    assert session.unseal(sealed) is None


def test_the_cookie_is_for_this_site_alone(monkeypatch):
    monkeypatch.setattr(settings, "base_url", "https://kenoma.example")
    assert session.cookie(TOKEN).endswith("; Path=/; HttpOnly; SameSite=Lax; Secure")

    monkeypatch.setattr(settings, "base_url", "http://kenoma.test")
    assert session.cookie(TOKEN).endswith("; Path=/; HttpOnly; SameSite=Lax")


@pytest.mark.parametrize("name", ["_pleroma_key", "__Host-pleroma_key", "pleroma_key"])
def test_all_names_of_the_cookie_are_read(name):
    assert session.find_in({name: session.seal(TOKEN), "other": "x"}) == TOKEN
    assert session.find_in({name: "forged"}) == ""
    assert session.find_in({"other": "x"}) is None
