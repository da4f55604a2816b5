"""POST /auth/password and the pages for a new password."""

import re
from urllib.parse import quote, unquote

import pytest

from chalicelib.domain.signing_in import password_reset
from chalicelib.store import ephemeral
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import Account, Secret
from chalicelib.store.dynamo.table import remove, update
from chalicelib.store.ephemeral import Ephemeral
from chalicelib.store.signing_in import password_resets, sessions
from tests.at_once import at_once
from tests.cast import PASSWORD
from tests.endpoints.signing_in.granting import NO_GRANT
from tests.faults import before_call

PAGE = "/api/pleroma/password_reset"
NEW = "another secret"


@pytest.fixture
def box(aws, drain):
    """The letters sent when all jobs are done, newest first."""

    def box():
        drain()
        return aws.letters.letters()

    return box


@pytest.fixture
def token(alice):
    return password_reset.link_for(alice.account)[0]


@pytest.fixture
def reset(anonymous, token):
    def reset(**changes):
        wanted = {"token": token, "password": NEW, "password_confirmation": NEW, **changes}
        return anonymous.post(PAGE, form={f"data[{name}]": value for name, value in wanted.items()
                                          if value is not None})

    return reset


def signs_in(person, password, anonymous):
    return anonymous.post("/oauth/token", form={
        "grant_type": "password", "username": person.nickname, "password": password,
        "client_id": person.app.client_id, "client_secret": person.app.secret})


def heading(reply):
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "private, no-store"
    (found,) = re.findall(r"<h1>(.*?)</h1>", reply.text)
    return found


# Asking for the letter.

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_the_page_asks_for_address_or_name(anonymous):
    reply = anonymous.get("/auth/password")

    assert heading(reply) == "Forgot password?"
    assert 'action="/auth/password"' in reply.text
    assert 'name="email"' in reply.text


@pytest.mark.parametrize("asked", ["alice", "alice@localhost.localdomain", "nobody", ""])
def test_a_browser_is_told_the_same_whoever_is_asked_for(alice, anonymous, box, asked):
    reply = anonymous.post("/auth/password", form={"email": asked}, headers=BROWSER)

    assert heading(reply) == "Look into your mailbox"
    assert "If there is such an account, a letter is on its way." in reply.text
    assert len(box()) == (asked.startswith("alice"))


def test_a_link_that_does_not_work_has_a_form_for_another(anonymous):
    reply = anonymous.get(f"{PAGE}/nonsense")

    assert heading(reply) == "Invalid Token"
    assert 'action="/auth/password"' in reply.text


@pytest.mark.parametrize("asked", [
    {"email": "alice@localhost.localdomain"}, {"email": "ALICE@localhost.LocalDomain"}, {"nickname": "alice"},
    {"nickname": "Alice"}, {"nickname": "alice@kenoma.test"}, {"email": "", "nickname": "alice"},
])
def test_a_link_is_mailed(alice, anonymous, box, asked):
    reply = anonymous.post("/auth/password", asked)

    assert (reply.status, reply.text) == (204, "")
    (sent,) = box()
    assert (sent["to"], sent["subject"]) == ("alice@localhost.localdomain", "Password reset")
    (url,) = re.findall(r"http://kenoma\.test/api/pleroma/password_reset/(\S+)", sent["text"])
    assert len(unquote(url)) == 44
    assert unquote(url).endswith("=")
    assert heading(anonymous.get(f"{PAGE}/{url}")) == "Password Reset for alice"


@pytest.mark.parametrize("how", ["form", "json", "files"])
def test_it_may_be_asked_in_any_form(alice, anonymous, box, how):
    if how == "files":
        anonymous.post("/auth/password", form={"email": "alice@localhost.localdomain"},
                       files={"x": ("x", b"", "text/plain")})
    else:
        anonymous.post("/auth/password", **{how: {"email": "alice@localhost.localdomain"}})

    assert len(box()) == 1


def test_the_address_counts_more_than_the_nickname(alice, bob, anonymous, box):
    anonymous.post("/auth/password", {"email": "bob@localhost.localdomain", "nickname": "alice"})

    assert [sent["to"] for sent in box()] == ["bob@localhost.localdomain"]


@pytest.mark.parametrize("asked", [
    {}, {"email": ""}, {"email": "nobody@example.org"}, {"nickname": "nobody"}, {"email": "x" * 10_000},
    {"nickname": "a\x00b"}, {"email": ["a"]}, {"email": {"a": 1}}, {"email": 5}, {"nickname": "🦊" * 255},
])
def test_nobody_is_told_who_exists(alice, anonymous, box, asked):
    reply = anonymous.post("/auth/password", json=asked)

    assert (reply.status, reply.text, reply.headers["content-type"]) == (204, "", "application/json; charset=utf-8")
    assert box() == []


def test_the_request_does_the_same_whoever_exists(alice, anonymous):
    known = anonymous.post("/auth/password", {"email": "alice@localhost.localdomain"})
    unknown = anonymous.post("/auth/password", {"email": "nobody@localhost.localdomain"})

    assert (known.calls, known.rounds) == (unknown.calls, unknown.rounds) == (1, 1)


@pytest.mark.parametrize("state", ["deactivated", "deleted", "no address", "remote"])
def test_some_accounts_get_no_link(cast, anonymous, box, state):
    dora = cast.person("dora", email=None if state == "no address" else "dora@example.org")
    change = {"deactivated": Account.deactivated.set(True), "deleted": Account.deleted.set(True),
              "remote": Account.host.set("elsewhere.example")}.get(state)
    if change is not None:
        update(Account.stub(dora.id, "P"), [change])

    reply = anonymous.post("/auth/password", {"nickname": "dora"})

    assert reply.status == 204
    assert box() == []


def test_letters_for_new_passwords_are_limited(alice, anonymous, setting):
    setting(rate_limits=True)

    replies = [anonymous.post("/auth/password", {"nickname": "alice"}) for _ in range(6)]

    assert [reply.status for reply in replies] == [204] * 5 + [429]
    assert replies[-1].json == {"error": "Throttled"}


# The page.


def test_the_page_has_a_form(anonymous, token):
    reply = anonymous.get(f"{PAGE}/{quote(token, safe='')}")

    assert heading(reply) == "Password Reset for alice"
    assert '<form method="post" action="/api/pleroma/password_reset">' in reply.text
    assert 'name="data[password]"' in reply.text
    assert 'name="data[password_confirmation]"' in reply.text
    assert f'<input type="hidden" name="data[token]" value="{token}">' in reply.text
    assert 'type="submit"' in reply.text


@pytest.mark.parametrize("bad", ["unknown", "x" * 5_000, "%22%3E%3Cscript%3E", "%00", "%F0%9F%A6%8A"])
def test_an_unknown_token_is_invalid(anonymous, alice, bad):
    reply = anonymous.get(f"{PAGE}/{bad}")

    assert heading(reply) == "Invalid Token"
    assert "<script" not in reply.text


def test_a_token_ends_with_its_time(anonymous, alice, token, reset, setting):
    update(Ephemeral.stub(ephemeral.kept_key("r", token).hash), [Ephemeral.ttl.set(1)])

    assert heading(anonymous.get(f"{PAGE}/{token}")) == "Invalid Token"
    assert heading(reset()) == "Password reset failed"


def test_how_long_it_lives_is_a_setting(anonymous, alice, setting):
    setting(password_reset_token_validity=-1)
    token, link = password_reset.link_for(alice.account)

    assert link == f"http://kenoma.test{PAGE}/{quote(token, safe='')}"
    assert heading(anonymous.get(f"{PAGE}/{token}")) == "Invalid Token"


def test_only_the_hash_of_a_token_is_stored(aws, token):
    (row,) = aws.dynamodb.scan(TableName="kenoma-ephemeral")["Items"]

    assert token not in str(row)


def test_the_token_of_a_deleted_account_is_invalid(anonymous, alice, token, reset):
    update(Account.stub(alice.id, "P"), [Account.deleted.set(True)])

    assert heading(anonymous.get(f"{PAGE}/{token}")) == "Invalid Token"
    assert heading(reset()) == "Password reset failed"


def test_names_on_the_page_are_escaped(anonymous, token, setting):
    setting(instance_name="<script>alert(1)</script>")

    assert "<script>" not in anonymous.get(f"{PAGE}/{token}").text


# The new password.


def test_the_password_is_changed_once(anonymous, alice, token, reset):
    assert heading(reset()) == "Password changed!"

    assert signs_in(alice, NEW, anonymous).status == 200
    assert signs_in(alice, PASSWORD, anonymous).status == 400
    assert heading(anonymous.get(f"{PAGE}/{token}")) == "Invalid Token"
    assert heading(reset(password="third", password_confirmation="third")) == "Password reset failed"
    assert signs_in(alice, NEW, anonymous).status == 200


def test_all_tokens_and_codes_end(anonymous, alice, cast, reset):
    other = cast.signs_in(alice.account)
    code = alice.post("/oauth/authorize", form={
        "authorization[client_id]": alice.app.client_id, "authorization[redirect_uri]": "urn:ietf:wg:oauth:2.0:oob",
    })
    (code,) = re.findall(r"[\w-]{43}", code.text)[:1]

    reset()

    for person in (alice, other):
        assert person.get("/api/v1/accounts/verify_credentials").status == 403
    exchanged = anonymous.post("/oauth/token", form={
        "grant_type": "authorization_code", "code": code, "client_id": alice.app.client_id,
        "client_secret": alice.app.secret})
    assert (exchanged.status, exchanged.json) == (400, NO_GRANT)


def test_several_tokens_may_be_open_until_one_is_used(anonymous, alice, token, reset):
    other, _ = password_reset.link_for(alice.account)

    assert heading(reset(token=other)) == "Password changed!"
    assert heading(anonymous.get(f"{PAGE}/{token}")) == "Invalid Token"
    assert heading(reset(password="x y", password_confirmation="x y")) == "Password reset failed"


def test_a_token_ends_when_the_password_changes_otherwise(anonymous, alice, token, reset):
    changed = alice.post("/api/pleroma/change_password", form={
        "password": PASSWORD, "new_password": "mine", "new_password_confirmation": "mine"})
    assert changed.json == {"status": "success"}

    assert heading(anonymous.get(f"{PAGE}/{token}")) == "Invalid Token"
    assert heading(reset()) == "Password reset failed"
    assert signs_in(alice, "mine", anonymous).status == 200
    assert heading(reset(token=password_reset.link_for(alice.account)[0])) == "Password changed!"


def test_a_password_that_changes_at_the_last_moment_counts(anonymous, alice, token, reset):
    def change():
        update(Account.stub(alice.id, "P"), [Account.token_generation.add(1)])

    with before_call("TransactWriteItems", 1, change):
        assert heading(reset()) == "Password reset failed"

    assert signs_in(alice, PASSWORD, anonymous).status == 200


@pytest.mark.parametrize("change", [
    {"password_confirmation": "different"}, {"password_confirmation": None}, {"password": None},
    {"password": "", "password_confirmation": ""}, {"password": "  ", "password_confirmation": "  "},
])
def test_a_password_that_will_not_do_leaves_the_token_usable(anonymous, alice, token, reset, change):
    failed = reset(**change)

    assert heading(failed) == "Password reset failed"
    assert f'href="{PAGE}/{quote(token, safe="")}"' in failed.text
    assert signs_in(alice, PASSWORD, anonymous).status == 200
    assert heading(reset()) == "Password changed!"


@pytest.mark.parametrize("sent", [
    {}, {"data": "text"}, {"data": ["a"]}, {"data": {"token": ["x"], "password": {"a": 1}}},
    {"data": {"token": 1, "password": "a", "password_confirmation": "a"}},
    {"data": {"token": '"><script>', "password": "a", "password_confirmation": "a"}},
    {"data": {"token": "x" * 5_000, "password": "a", "password_confirmation": "a"}},
    {"data": {"token": "🦊", "password": "a", "password_confirmation": "a"}},
    {"data": {"token": "unknown", "password": "a", "password_confirmation": "a"}},
])
def test_nonsense_fails_like_everything_else(anonymous, alice, sent):
    reply = anonymous.post(PAGE, json=sent)

    assert heading(reply) == "Password reset failed"
    assert "<script" not in reply.text


def test_two_at_once_with_one_token_set_one_password(anonymous, alice, token, reset):
    passwords = [f"secret {number}" for number in range(6)]

    replies = at_once(*[lambda each=each: reset(password=each, password_confirmation=each) for each in passwords])

    headings = [heading(reply) for reply in replies]
    assert headings.count("Password changed!") == 1
    assert headings.count("Password reset failed") == 5
    (winner,) = [each for each in passwords if signs_in(alice, each, anonymous).status == 200]
    assert winner == passwords[headings.index("Password changed!")]
    assert alice.account.token_generation == 1


def test_a_token_spent_in_the_last_moment_changes_nothing(anonymous, alice, token, reset):
    def spend():
        remove(Ephemeral.stub(ephemeral.kept_key("r", token).hash))

    with before_call("TransactWriteItems", 1, spend):
        reply = reset()

    assert heading(reply) == "Password reset failed"
    assert signs_in(alice, PASSWORD, anonymous).status == 200
    assert alice.account.token_generation == 0


def test_what_it_costs(reset):
    reply = reset()

    assert (reply.calls, reply.rounds) == (3, 3)


# Demanding it.


def test_a_forced_reset_locks_out_until_there_is_a_new_password(anonymous, alice, bob, reset):
    assert password_reset.force(alice.id, 0)

    assert alice.get("/api/v1/accounts/verify_credentials").json == {"error": "Invalid credentials."}
    refused = signs_in(alice, PASSWORD, anonymous)
    assert (refused.status, refused.json) == (
        403, {"error": "Password reset is required", "identifier": "password_reset_required"})
    assert bob.get(f"/api/v1/accounts/{alice.id}").status == 200
    assert heading(reset()) == "Password changed!"
    assert signs_in(alice, NEW, anonymous).status == 200


def test_a_link_is_mailed_while_a_reset_is_pending(anonymous, alice, box):
    password_reset.force(alice.id, 0)

    anonymous.post("/auth/password", {"nickname": "alice"})

    assert len(box()) == 1


def test_nothing_is_forced_upon_who_is_not_there(cast):
    dora = cast.person("dora", host="elsewhere.example")

    assert not password_reset.force("9zzzzzzzzzzzzzzzzz", 0)
    assert not password_reset.force(dora.id, 0)
    assert accounts.find("9zzzzzzzzzzzzzzzzz") is None


def test_the_secrets_beside_the_password_stay(alice, token, reset):
    update(Secret.stub(alice.id, "S"), [Secret.backup_hashes.set({"x"})])

    reset()

    secret = sessions.find_by_id(alice.id).secret
    assert (secret.email, secret.backup_hashes) == ("alice@localhost.localdomain", {"x"})


def test_nothing_is_written_for_an_account_that_is_gone(aws, token):
    assert not password_resets.spend(token, "9zzzzzzzzzzzzzzzzz", 0, "hash")
    assert aws.count("accounts") == 2
