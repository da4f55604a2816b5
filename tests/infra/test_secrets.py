"""Secrets of a deployed function: from the parameter store, in one call, and only when one is needed."""

import logging
import threading

import boto3
import pytest

from chalicelib.settings import Settings
from infra.deploy import secrets

PATH = "/kenoma/secrets-test/"


@pytest.fixture
def ssm(aws):
    client = boto3.client("ssm")
    yield client
    client.delete_parameters(Names=[each["Name"] for each in client.describe_parameters()["Parameters"]] or ["none"])


@pytest.fixture
def calls(monkeypatch):
    """The names of each call to the parameter store."""
    made = []
    read = Settings.read_secrets

    def noted(names):
        made.append(sorted(names))
        return read(names)

    monkeypatch.setattr(Settings, "read_secrets", staticmethod(noted))
    return made


def deployed(*names):
    settings = Settings()
    named = ",".join(PATH + name for name in names)
    settings.load({"KENOMA_SECRETS": named, "KENOMA_SECRET_KEY": "of the environment"})
    return settings


def test_secrets_are_read_together_when_one_is_needed(ssm, calls):
    secrets.ensure(ssm, PATH)
    settings = deployed("secret_key", "encryption_key")

    assert calls == []
    assert len(settings.secret_key) > 40
    assert ":" in settings.encryption_key
    assert settings.secret_key != "of the environment"
    assert calls == [[PATH + "encryption_key", PATH + "secret_key"]]


def test_threads_that_need_one_at_the_same_time_ask_once(ssm, calls):
    secrets.ensure(ssm, PATH)
    settings = deployed("secret_key")
    threads = [threading.Thread(target=lambda: settings.secret_key) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(calls) == 1


def test_whether_a_secret_is_set_is_known_without_reading_it(ssm, calls):
    assert deployed("secret_key").holds("vapid_private_key")
    assert not Settings().holds("vapid_private_key")
    assert calls == []


def test_a_function_has_no_secret_that_it_does_not_name(ssm):
    secrets.ensure(ssm, PATH)

    assert deployed("secret_key").vapid_private_key == ""


def test_a_parameter_that_is_missing_is_told_and_asked_for_once(ssm, calls, caplog):
    settings = deployed("admin_token")

    with caplog.at_level(logging.ERROR, "kenoma.secrets"):
        assert (settings.admin_token, settings.admin_token) == ("", "")

    assert [record.names for record in caplog.records] == [[PATH + "admin_token"]]
    assert len(calls) == 1


def test_a_store_that_does_not_answer_is_asked_again(ssm, calls, monkeypatch):
    secrets.ensure(ssm, PATH)
    settings = deployed("secret_key")
    answers = Settings.read_secrets

    def fail(names):
        monkeypatch.setattr(Settings, "read_secrets", staticmethod(answers))
        raise TimeoutError

    monkeypatch.setattr(Settings, "read_secrets", staticmethod(fail))

    with pytest.raises(TimeoutError):
        _ = settings.secret_key
    assert settings.secret_key


def test_keys_are_made_once_and_never_replaced(ssm, capsys):
    public = secrets.ensure(ssm, PATH)
    before = values(ssm)
    capsys.readouterr()

    assert secrets.ensure(ssm, PATH) == public == before["vapid_public_key"]
    assert values(ssm) == before
    assert capsys.readouterr().out == ""


def test_what_is_secret_is_encrypted_and_not_shown(ssm, capsys):
    secrets.ensure(ssm, PATH)

    kinds = {each["Name"].removeprefix(PATH): each["Type"] for each in ssm.describe_parameters()["Parameters"]}
    assert kinds == {"secret_key": "SecureString", "encryption_key": "SecureString", "fetching_key": "SecureString",
                     "vapid_private_key": "SecureString", "vapid_public_key": "String"}
    shown = capsys.readouterr().out
    assert not [value for value in values(ssm).values() if value in shown]


def test_half_a_pair_is_not_made_whole_with_another(ssm):
    secrets.ensure(ssm, PATH)
    ssm.delete_parameter(Name=PATH + "vapid_private_key")

    with pytest.raises(SystemExit, match="Half of the pair"):
        secrets.ensure(ssm, PATH)


def values(ssm):
    found = ssm.get_parameters_by_path(Path=PATH, WithDecryption=True)["Parameters"]
    return {each["Name"].removeprefix(PATH): each["Value"] for each in found}
