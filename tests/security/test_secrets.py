"""Secrets: everything that lets somebody in is given only to its owner, and is in neither logs nor tables."""

from __future__ import annotations

import io
import json
import logging
import sys
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest

from chalicelib.store.accounts.accounts import Secret
from chalicelib.web import logs
from tests import leftovers
from tests.agreement import breaking
from tests.cast import Person
from tests.endpoints.signing_in.mfa_steps import SETTINGS, Clock, code_of, wrong_code
from tests.faults import before_call
from tests.security.pages import Page, sign_in

OOB = "urn:ietf:wg:oauth:2.0:oob"
FIRST, SECOND, THIRD = "first pass phrase", "second pass phrase", "third pass phrase"
WRONG, REASON = "guessed pass phrase", "because of my secret reason"


@dataclass
class Story:
    """Dora signs up, signs in by every way, sets up a second factor, and changes the password twice."""

    secrets: dict[str, str] = field(default_factory=dict)

    def know(self, **found: str) -> None:
        assert all(len(text) >= 6 for text in found.values()), found
        self.secrets |= found


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def tell(aws, anonymous, setting, drain, clock):
    """Let it all happen, with the settings under which most is kept and mailed."""
    setting(account_activation_required=True, rate_limits=True, rate_limit_overrides="authentication=off",
            log_level="DEBUG")
    story = Story()

    def post(path, token="", **form):
        headers = {"Authorization": f"Bearer {token}"} if token else None
        return anonymous.post(path, form=form, headers=headers)

    def mailed(part):
        words = " ".join(letter["text"] for letter in json.loads(aws.letters.as_json())).split()
        return next(word for word in words if part in word)

    def tell():
        app = post("/api/v1/apps", client_name="A client", redirect_uris=OOB, scopes="read write").json
        keys = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
        app_token = post("/oauth/token", grant_type="client_credentials", **keys).json["access_token"]
        post("/api/v1/accounts", app_token, username="dora", password=FIRST, email="dora@example.org", agreement="1",
             reason=REASON)
        drain()
        confirm = mailed("/confirm_email/")
        anonymous.get(confirm.removeprefix("http://kenoma.test"))

        post("/oauth/token", grant_type="password", username="dora", password=WRONG, **keys)
        signed_in = post("/oauth/token", grant_type="password", username="dora", password=FIRST, **keys)
        token = signed_in.json["access_token"]
        code = Page(sign_in(anonymous, name="dora", password=FIRST, redirect_uri=OOB, **keys)).text_of("output")
        exchanged = post("/oauth/token", grant_type="authorization_code", code=code, **keys).json
        unused = Page(sign_in(anonymous, name="dora", password=FIRST, redirect_uri=OOB, **keys)).text_of("output")
        refreshed = post("/oauth/token", grant_type="refresh_token", refresh_token=exchanged["refresh_token"],
                         **keys).json

        backup = dora(token).get(f"{SETTINGS}/backup_codes").json["codes"]
        key = dora(token).get(f"{SETTINGS}/setup/totp").json["key"]
        post(f"{SETTINGS}/confirm/totp", token, password=FIRST, code=code_of(key))
        begun = post("/oauth/token", grant_type="password", username="dora", password=FIRST, **keys).json["mfa_token"]
        post("/oauth/mfa/challenge", mfa_token=begun, challenge_type="totp", code=wrong_code(key), **keys)
        second = post("/oauth/mfa/challenge", mfa_token=begun, challenge_type="totp", code=code_of(key), **keys).json
        waiting = post("/oauth/token", grant_type="password", username="dora", password=FIRST, **keys).json["mfa_token"]
        post("/oauth/mfa/challenge", mfa_token=waiting, challenge_type="recovery", code=backup[0], **keys)
        pending = post("/oauth/token", grant_type="password", username="dora", password=FIRST, **keys).json["mfa_token"]

        anonymous.get(f"/oauth/mfa?mfa_token={pending}&state=a-secret-state")
        anonymous.get(f"/api/v1/accounts/verify_credentials?access_token={token}")
        anonymous.get("/api/v1/accounts/verify_credentials",
                      headers={"Cookie": signed_in.headers["set-cookie"].partition(";")[0]})
        post("/api/pleroma/change_password", token, password=FIRST, new_password=SECOND,
             new_password_confirmation=SECOND)
        post("/auth/password", email="dora@example.org")
        drain()
        link = mailed("/password_reset/")
        reset = link.rpartition("/")[2]
        post("/api/pleroma/password_reset", **{"data[token]": reset.replace("%3D", "="), "data[password]": THIRD,
                                              "data[password_confirmation]": "another"})
        post("/api/pleroma/password_reset", **{"data[token]": reset.replace("%3D", "="), "data[password]": THIRD,
                                              "data[password_confirmation]": THIRD})
        post("/oauth/revoke", token=app_token)
        drain()
        story.know(
            first=FIRST, second=SECOND, third=THIRD, wrong=WRONG, client_secret=keys["client_secret"],
            app_token=app_token,
            access=token, refresh=signed_in.json["refresh_token"],
            cookie=signed_in.headers["set-cookie"].partition(";")[0],
            code=code, unused_code=unused, exchanged=exchanged["access_token"], kept_refresh=exchanged["refresh_token"],
            refreshed=refreshed["access_token"], totp_key=key, begun=begun, waiting=waiting, pending=pending,
            after_mfa=second["access_token"], confirmation=confirm.rpartition("/")[2], reset=reset.removesuffix("%3D"),
            state="a-secret-state", reason=REASON, **{f"backup_{number}": text for number, text in enumerate(backup)},
        )
        assert sign_in(anonymous, name="dora", password=THIRD, redirect_uri=OOB, **keys).status == 200
        return story.secrets

    return tell


def dora(token):
    return Person(token=token)


def found_in(text, secrets):
    """Which of them stand in a text, also percent-encoded."""
    return sorted(name for name, secret in secrets.items() if secret in text or quote(secret, safe="") in text)


@pytest.fixture
def written(monkeypatch):
    """Everything that a process logs when it runs as deployed, with all levels of our own logger."""
    told = io.StringIO()
    root, before = logging.getLogger(), (logging.getLogger().handlers[:], logging.getLogger().level, logs.log.level)
    monkeypatch.setattr(sys, "stdout", told)
    monkeypatch.setattr(sys, "stderr", told)
    logs.configure()
    logs.log.setLevel(logging.DEBUG)
    yield told
    root.handlers[:], root_level, log_level = before
    root.setLevel(root_level)
    logs.log.setLevel(log_level)


def test_no_log_holds_a_secret(tell, written):
    secrets = tell()

    lines = written.getvalue()
    assert lines.count("/oauth/token") > 10, "the requests are not in the log any more"
    assert found_in(lines, secrets) == []


def test_no_log_of_a_crash_holds_a_secret(anonymous, cast, alice, written):
    """Whatever call to AWS fails, wherever that is."""
    for operation, number in (("BatchGetItem", 1), ("BatchGetItem", 2), ("PutItem", 1)):
        with before_call(operation, number, fail), breaking():
            reply = sign_in(anonymous, name="alice", password="kenoma-local", client_id=cast.app.client_id,
                            redirect_uri=OOB)
            assert reply.status == 500
    with before_call("BatchGetItem", 1, fail), breaking():
        alice.post("/oauth/token", {"access_token": alice.token}, form={
            "grant_type": "password", "username": "alice", "password": "kenoma-local", "client_id": cast.app.client_id,
            "client_secret": cast.app.secret})

    lines = written.getvalue()
    assert lines.count("traceback") >= 4
    assert found_in(lines, {"password": "kenoma-local", "token": alice.token, "secret": cast.app.secret}) == []


def fail():
    raise RuntimeError("the cable is cut")


# What is shown to others.
KEPT_READABLE = {
    "client_secret",  # the app's own, which it may be shown again; it opens nobody's account
    "reason",  # for the administrators
}


def test_nothing_that_is_stored_or_queued_opens_a_door(aws, tell, anonymous):
    secrets = tell()

    everything = leftovers.contents(aws)
    rows = str(everything.items)
    assert found_in(rows, secrets) == sorted(KEPT_READABLE)
    assert found_in(str(everything.files), secrets) == []
    for queue in ("timelines", "inbox", "outside", "imports", "archives", "dead"):
        assert found_in(str(aws.messages(queue)), secrets) == []


def test_a_token_to_confirm_an_address_is_gone_once_it_is_confirmed(aws, tell):
    tell()

    (secret,) = [each for each in Secret.scan() if each.part == "S"]
    assert secret.confirm_token is None


def test_no_reply_about_an_account_holds_a_secret_of_it(tell, anonymous, alice):
    secrets = tell()
    shown = [alice.get(path).text for path in (
        "/api/v1/accounts/dora", "/api/v1/accounts/lookup?acct=dora", "/api/v1/instance", "/nodeinfo/2.0", "/",
        "/api/v1/accounts/search?q=dora", "/api/v2/search?q=dora", "/api/oauth_tokens")]

    assert found_in("".join(shown), secrets | {"email": "dora@example.org"}) == []
    assert "$argon2" not in "".join(shown)


def test_passwords_are_kept_as_strong_hashes_only(aws, tell):
    tell()

    (secret,) = [each for each in Secret.scan() if each.part == "S"]
    assert secret.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
