"""`make admin`: the first administrator, on any stage, as often as one likes."""

from __future__ import annotations

import contextlib
import io
import os
import sys

import pytest

from chalicelib.domain.refusals import Unacceptable
from chalicelib.domain.staff import appointing
from chalicelib.settings import settings
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.table import update
from chalicelib.store.instance import counters
from infra import admin
from tests.cast import PASSWORD
from tests.faults import before_call

PAGE = "/api/pleroma/password_reset"


@pytest.fixture
def make_admin(monkeypatch, capsys, setting):
    """Run the command as make does, against the AWS of the tests. Answers what it prints."""
    monkeypatch.setattr(admin, "environment_of", lambda stage: contextlib.nullcontext())

    def make_admin(*words, stdin=""):
        monkeypatch.setattr(sys, "argv", ["admin", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        admin.main()
        return capsys.readouterr().out

    return make_admin


def sets_password(anonymous, link, password):
    token = anonymous.get(link.removeprefix("http://kenoma.test")).text.partition('name="data[token]"')[2]
    token = token.partition('value="')[2].partition('"')[0]
    return anonymous.post(PAGE, form={"data[token]": token, "data[password]": password,
                                      "data[password_confirmation]": password})


def signs_in(anonymous, cast, nickname, password):
    return anonymous.post("/oauth/token", form={
        "grant_type": "password", "username": nickname, "password": password, "scope": "admin",
        "client_id": cast.app.client_id, "client_secret": cast.app.secret})


def test_the_first_administrator_sets_a_password_and_administers(make_admin, anonymous, cast, alice):
    told = make_admin("--name", "root", "--email", "root@example.org").splitlines()

    assert told[0] == "root is now an administrator of http://kenoma.test"
    link = told[1].rpartition(" ")[2]
    assert link.startswith(f"http://kenoma.test{PAGE}/")
    assert "<h1>Password changed!</h1>" in sets_password(anonymous, link, "my own").text
    token = signs_in(anonymous, cast, "root", "my own").json["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert anonymous.get("/api/pleroma/admin/users/alice/password_reset", headers=bearer).status == 200
    assert accounts.find_by_nickname("root").id in counters.staff_ids()


def test_a_second_time_gives_another_link_and_nothing_else(make_admin, aws):
    make_admin("--name", "root", "--email", "root@example.org")
    before = aws.count("accounts"), counters.statistics().users, counters.staff_ids()

    told = make_admin("--name", "ROOT", "--email", "other@example.org")

    assert told.startswith("root is an administrator of http://kenoma.test\nA password can be set within 24 hours")
    assert (aws.count("accounts"), counters.statistics().users, counters.staff_ids()) == before
    assert accounts.find_by_nickname("root").is_admin


def test_somebody_who_is_there_is_promoted_and_keeps_everything(make_admin, alice, cast, anonymous):
    update(Account.stub(alice.id, "P"), [Account.approval_pending.set(True), Account.confirmation_pending.set(True)])

    make_admin("--name", "alice")

    assert alice.account.is_admin
    assert alice.account.status == "active"
    assert counters.staff_ids() == {alice.id}
    assert signs_in(anonymous, cast, "alice", PASSWORD).status == 200
    assert alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]["is_admin"] is True


@pytest.mark.parametrize("exists", [True, False])
def test_a_password_may_be_piped_in(make_admin, cast, anonymous, exists):
    person = cast.person("root") if exists else None

    told = make_admin("--name", "root", "--email", "r@example.org", "--ask", stdin="from a pipe\n")

    assert PAGE not in told
    assert signs_in(anonymous, cast, "root", "from a pipe").status == 200
    assert person is None or person.get("/api/v1/accounts/verify_credentials").status == 403


@pytest.mark.parametrize(("words", "fault"), [
    (["--name", "b c"], "has invalid format"), (["--name", "new", "--email", "nonsense"], "has invalid format"),
    (["--name", "new", "--email", "alice@localhost.localdomain"], "has already been taken"),
    (["--name", "alice"], "alice is deactivated"), (["--name", "new", "--ask"], "This password will not do"),
    (["--name", ""], "Who"),
])
def test_what_cannot_be_is_told(make_admin, alice, words, fault):
    update(Account.stub(alice.id, "P"), [Account.deactivated.set(True)])

    with pytest.raises(SystemExit) as told:
        make_admin(*words)

    assert fault in str(told.value)
    assert not alice.account.is_admin
    assert accounts.find_by_nickname("new") is None


def test_two_at_once_make_one_account(aws):
    with before_call("TransactWriteItems", 1, lambda: appointing.appoint("root", "root@example.org")):
        second = appointing.appoint("root", "root@example.org")

    assert not second.is_new
    assert (aws.count("accounts"), len(counters.staff_ids())) == (2, 1)


def test_accounts_of_other_servers_are_not_appointed(alice):
    update(Account.stub(alice.id, "P"), [Account.host.set("elsewhere.example")])

    with pytest.raises(Unacceptable):
        appointing.appoint("alice", None)

    assert counters.staff_ids() == frozenset()


# Stages.


def test_a_deployed_stage_is_asked_for_its_environment(monkeypatch, aws, setting):
    environ = {"KENOMA_BASE_URL": "https://social.example.org", "KENOMA_TABLE_PREFIX": "prod-"}
    asked = []

    class Lambda:
        def get_function_configuration(self, FunctionName):  # noqa: N803
            asked.append(FunctionName)
            return {"Environment": {"Variables": environ}}

    monkeypatch.setattr("boto3.Session.client", lambda self, service: {"lambda": Lambda()}[service])
    monkeypatch.setattr(os, "environ", dict(os.environ))

    with admin.environment_of("prod"):
        settings.load(os.environ)

    assert asked == ["kenoma-prod-api_handler"]
    assert (settings.base_url, settings.table_prefix) == ("https://social.example.org", "prod-")
    assert settings.region == "us-east-1"


def test_a_stage_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr(os, "environ", {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"})

    with pytest.raises(SystemExit, match="Stage nowhere cannot be asked"), admin.environment_of("nowhere"):
        pass


def test_the_local_stage_of_make_aws_is_used_while_it_runs(monkeypatch):
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(admin, "_is_served", lambda url: url == "http://127.0.0.1:4567")

    with admin.environment_of("local"):
        assert os.environ["AWS_ENDPOINT_URL_DYNAMODB"] == "http://127.0.0.1:4567"
