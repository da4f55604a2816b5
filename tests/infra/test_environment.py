"""The environment of the local stage: keys that are made once."""

import os

import pytest

from chalicelib.domain import vault
from infra.local import environment


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    """Prepare a fresh environment from the folder, as each start does."""
    before = dict(os.environ)

    def prepared():
        os.environ.clear()
        environment.prepare(tmp_path, "http://127.0.0.1:8000", capacity=False)
        return dict(os.environ)

    yield prepared
    os.environ.clear()
    os.environ.update(before)


def test_keys_are_made_once_and_only_their_owner_may_read_them(prepared, tmp_path):
    first, second = prepared(), prepared()

    for name in ("secret_key", "encryption_key", "fetching_key"):
        assert first[f"KENOMA_{name.upper()}"] == second[f"KENOMA_{name.upper()}"] != ""
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_whoever_subscribed_to_push_stays_subscribed_after_a_restart(prepared, tmp_path):
    first, second = prepared(), prepared()

    for name in ("KENOMA_VAPID_PUBLIC_KEY", "KENOMA_VAPID_PRIVATE_KEY"):
        assert first[name] == second[name] != ""
    assert (tmp_path / "vapid_keys").stat().st_mode & 0o777 == 0o600


def test_the_encryption_key_encrypts(prepared, setting):
    setting(encryption_key=prepared()["KENOMA_ENCRYPTION_KEY"])

    assert vault.unseal(vault.seal("text", about="a"), about="a") == "text"
