"""Confirming an address, waiting for approval, and what happens when a new account is ready."""

import json
import re

import pytest

from chalicelib.domain.accounts import arrivals
from chalicelib.domain.staff import users
from chalicelib.domain.staff.acting import Administrator
from chalicelib.store import jobs
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import Account, Secret
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in import sessions
from tests.at_once import at_once
from tests.cast import PASSWORD, Person
from tests.endpoints.chats.talking import chats, heard
from tests.faults import Killed, before_call, die

RESEND = "/api/v1/pleroma/accounts/confirmation_resend"
ADDRESS = "dora@example.org"


@pytest.fixture
def machine(anonymous, cast):
    """The tests' app, by itself."""
    reply = anonymous.post("/oauth/token", form={
        "grant_type": "client_credentials", "client_id": cast.app.client_id, "client_secret": cast.app.secret})
    return Person(token=reply.json["access_token"], app=cast.app)


@pytest.fixture
def sign_up(machine):
    def sign_up(username="dora", **more):
        return machine.post("/api/v1/accounts", json={
            "username": username, "password": PASSWORD, "agreement": True, "email": ADDRESS, **more})

    return sign_up


@pytest.fixture
def box(aws, drain):
    """The letters sent when all jobs are done, newest first."""

    def box():
        drain()
        return aws.letters.letters()

    return box


@pytest.fixture
def dora(sign_up, setting, cast):
    """Somebody who signed up where addresses must be confirmed, and has not confirmed theirs."""
    setting(account_activation_required=True)
    sign_up()
    return cast.signs_in(accounts.find_by_nickname("dora"))


def secret_of(person):
    return sessions.find_by_id(person.id).secret


def path_of(person):
    return f"/api/account/confirm_email/{person.id}/{secret_of(person).confirm_token}"


def signs_in(name, machine):
    return machine.post("/oauth/token", headers={"Authorization": ""}, form={
        "grant_type": "password", "username": name, "password": PASSWORD,
        "client_id": machine.app.client_id, "client_secret": machine.app.secret})


def is_active(person):
    return person.get("/api/v1/accounts/verify_credentials").status == 200


# The letter.


def test_who_signs_up_is_sent_a_link(dora, box):
    (sent,) = box()

    assert (sent["to"], sent["subject"]) == (ADDRESS, "Kenoma account confirmation")
    url = f"http://kenoma.test{path_of(dora)}"
    assert f"\n{url}\n" in sent["text"]
    assert f'href="{url}"' in sent["html"]
    assert len(secret_of(dora).confirm_token) == 43


def test_without_the_need_to_confirm_nothing_is_sent(sign_up, box, aws):
    assert sign_up().status == 200

    assert [json.loads(each)["kind"] for each in aws.messages("timelines")] == ["tell_of_sign_up"]
    assert box() == []


def test_a_death_after_signing_up_loses_no_letter(sign_up, setting, box, aws):
    setting(account_activation_required=True)
    with pytest.raises(Killed), before_call("SendMessageBatch", 1, die, service="sqs"):
        sign_up()

    assert aws.messages("timelines") == []
    assert aws.count("jobs") == 1
    from chalicelib.jobs.sweep import sweep

    update(jobs.Job.stub(f"arrival#{accounts.find_by_nickname('dora').id}#confirm"), [jobs.Job.due.set(0)])
    sweep()
    assert len(box()) == 1


def test_the_account_waits(dora, machine, anonymous):
    refused = signs_in("dora", machine)

    assert (refused.status, refused.json) == (403, {
        "error": "Your login is missing a confirmed e-mail address", "identifier": "missing_confirmed_email"})
    assert not is_active(dora)
    assert anonymous.get(f"/api/v1/accounts/{dora.id}").status == 404


# The link.


def test_the_link_confirms(dora, anonymous, machine):
    reply = anonymous.get(path_of(dora))

    assert (reply.status, reply.headers["location"]) == (302, "/")
    assert is_active(dora)
    assert signs_in("dora", machine).status == 200
    assert secret_of(dora).confirm_token is None
    assert dora.get("/api/v1/accounts/verify_credentials").json["pleroma"]["confirmation_pending"] is False
    assert (reply.calls, reply.rounds) == (2, 2)


def test_the_link_ends_on_a_page_that_says_so(dora, anonymous):
    reply = anonymous.get(path_of(dora), headers={"Accept": "text/html,*/*;q=0.8"})

    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Your address is confirmed" in reply.text
    assert 'href="/account/sign-in"' in reply.text
    assert is_active(dora)


def went_wrong(reply):
    return (reply.status, reply.json, reply.headers["content-type"]) == (
        404, "Something went wrong", "application/json; charset=utf-8")


def test_a_wrong_link_is_told_to_people_with_a_page(dora, anonymous):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

    reply = anonymous.get(f"/api/account/confirm_email/{dora.id}/wrong", headers=browser)

    assert (reply.status, reply.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "This link does not work" in reply.text
    assert 'href="/account/confirmation">Send a new link<' in reply.text


@pytest.mark.parametrize("path", [
    "9zzzzzzzzzzzzzzzzz/{token}", "{id}/wrong", "nope/{token}", "{id}/%00", "{id}/%F0%9F%A6%8A", "{id}/None",
    "{id}/{token}x", "..%2F/{token}",
])
def test_a_wrong_link_goes_wrong(dora, anonymous, path):
    path = path.format(id=dora.id, token=secret_of(dora).confirm_token)

    assert went_wrong(anonymous.get("/api/account/confirm_email/" + path))
    assert not is_active(dora)


def test_a_second_time_goes_wrong(dora, anonymous):
    path = path_of(dora)
    anonymous.get(path)

    assert went_wrong(anonymous.get(path))


def test_the_token_of_another_goes_wrong(dora, anonymous, sign_up):
    sign_up("other", email="other@example.org")
    other = accounts.find_by_nickname("other")

    assert went_wrong(anonymous.get(f"/api/account/confirm_email/{other.id}/{secret_of(dora).confirm_token}"))


def test_who_had_nothing_to_confirm_goes_wrong(alice, anonymous):
    for token in ("", "None", "x"):
        reply = anonymous.get(f"/api/account/confirm_email/{alice.id}/{token}")
        assert reply.status == 404 if not token else went_wrong(reply)


def test_of_twenty_at_once_one_confirms(dora, anonymous, cast, box, setting):
    setting(autofollowed_nicknames="host", welcome_email=True)
    cast.person("host")
    box()
    path = path_of(dora)

    replies = at_once(*[lambda: anonymous.get(path)] * 20)

    assert [reply.status for reply in replies].count(302) == 1
    assert sum(reply.status != 302 and went_wrong(reply) for reply in replies) == 19
    assert [sent["subject"] for sent in box()] == ["Welcome to Kenoma", "Kenoma account confirmation"]
    assert dora.account.following_count == 1


# Asking for the letter again.


@pytest.mark.parametrize("asked", [
    {"email": ADDRESS}, {"email": ADDRESS.upper()}, {"nickname": "dora"}, {"nickname": "DORA"}, {"email": "dora"},
    {"email": ADDRESS, "nickname": "nobody"},
])
def test_the_letter_may_be_asked_for_again(dora, anonymous, box, aws, asked):
    box()
    aws.letters.clear()

    reply = anonymous.post(RESEND, asked)

    assert (reply.status, reply.text, reply.headers["content-type"]) == (204, "", "application/json; charset=utf-8")
    (sent,) = box()
    assert (sent["to"], sent["subject"]) == (ADDRESS, "Kenoma account confirmation")
    assert path_of(dora) in sent["text"]


@pytest.mark.parametrize("how", ["json", "form"])
def test_the_body_will_do_as_well(dora, anonymous, box, aws, how):
    box()
    aws.letters.clear()

    assert anonymous.post(RESEND, **{how: {"email": ADDRESS}}).status == 204
    assert len(box()) == 1


@pytest.mark.parametrize("asked", [
    {}, {"email": ""}, {"email": "nobody@example.org"}, {"nickname": "nobody"}, {"email": None},
    {"nickname": "x" * 10_000}, {"email": "alice@localhost.localdomain"}, {"email": "nobody@example.org",
                                                                           "nickname": "dora"},
])
def test_nobody_is_told_who_waits(dora, alice, anonymous, box, aws, asked):
    box()
    aws.letters.clear()

    reply = anonymous.post(RESEND, json=asked)

    assert (reply.status, reply.text) == (204, "")
    assert box() == []


def test_the_request_does_the_same_whoever_exists(dora, anonymous):
    known = anonymous.post(RESEND, {"email": ADDRESS})
    unknown = anonymous.post(RESEND, {"email": "nobody@example.org"})

    assert (known.calls, known.rounds) == (unknown.calls, unknown.rounds) == (1, 1)


def test_who_has_confirmed_gets_no_letter(dora, anonymous, box, aws):
    box()
    aws.letters.clear()
    anonymous.get(path_of(dora))

    anonymous.post(RESEND, {"email": ADDRESS})

    assert box() == []


def test_where_nothing_has_to_be_confirmed_there_is_no_letter(dora, anonymous, box, aws, setting):
    box()
    aws.letters.clear()
    setting(account_activation_required=False)

    anonymous.post(RESEND, {"email": ADDRESS})

    assert box() == []


def test_a_wrong_type_is_refused_as_everywhere(anonymous):
    reply = anonymous.post(RESEND, json={"email": 5})

    assert (reply.status, reply.json["error"]) == (400, "email - Invalid string. Got: integer.")


def test_asking_again_is_limited(dora, anonymous, setting):
    setting(rate_limits=True)

    replies = [anonymous.post(RESEND, {"email": ADDRESS}) for _ in range(6)]

    assert [reply.status for reply in replies] == [204] * 5 + [429]


# Approval.


def test_who_waits_for_approval_and_the_staff_are_told(sign_up, setting, cast, box):
    setting(account_approval_required=True)
    cast.person("root", is_admin=True)
    cast.person("moderator", is_moderator=True)
    cast.person("away", is_moderator=True, deactivated=True)
    cast.person("nobody")

    reply = sign_up(reason="I like it here")

    assert reply.json["identifier"] == "awaiting_approval"
    sent = {letter["to"]: letter for letter in box()}
    assert sent.keys() == {ADDRESS, "root@localhost.localdomain", "moderator@localhost.localdomain"}
    assert sent[ADDRESS]["subject"] == "Your account is awaiting approval"
    for_staff = sent["root@localhost.localdomain"]
    assert for_staff["subject"] == "New account up for review on Kenoma (@dora)"
    assert "\n> I like it here\n" in for_staff["text"]
    assert "<blockquote>I like it here</blockquote>" in for_staff["html"]
    dora = accounts.find_by_nickname("dora")
    for url in ("http://kenoma.test/users/dora", f"http://kenoma.test/pleroma/admin/#/users/{dora.id}/"):
        assert f'<a href="{url}">' in for_staff["html"]


def test_an_account_without_an_address_is_reviewed_too(sign_up, setting, cast, box):
    setting(account_approval_required=True)
    cast.person("root", is_admin=True)

    sign_up(email=None)

    assert [sent["to"] for sent in box()] == ["root@localhost.localdomain"]


def approves(id):
    """Approve an account, as an administrator does. Answers whether it was waiting."""
    was_waiting = bool(accounts.find(id).approval_pending)
    users.approve([id], Administrator())
    return was_waiting


def test_approval_lets_in_once(sign_up, setting, machine, box, cast):
    setting(account_approval_required=True, welcome_email=True, autofollowed_nicknames="host")
    host = cast.person("host")
    sign_up()
    dora = cast.signs_in(accounts.find_by_nickname("dora"))
    assert signs_in("dora", machine).json["identifier"] == "awaiting_approval"

    assert [approves(dora.id), approves(dora.id)] == [True, False]

    assert signs_in("dora", machine).status == 200
    assert box()[0]["subject"] == "Welcome to Kenoma"
    assert dora.relationship(host)["following"] is True


def test_where_both_are_needed_approval_comes_second(sign_up, setting, cast, box, aws, anonymous):
    setting(account_activation_required=True, account_approval_required=True, welcome_email=True)
    cast.person("root", is_admin=True)
    sign_up()
    dora = cast.signs_in(accounts.find_by_nickname("dora"))
    assert [sent["subject"] for sent in box()] == ["Kenoma account confirmation"]
    aws.letters.clear()

    anonymous.get(path_of(dora))
    assert {sent["to"] for sent in box()} == {ADDRESS, "root@localhost.localdomain"}
    aws.letters.clear()

    approves(dora.id)
    assert [sent["subject"] for sent in box()] == ["Welcome to Kenoma"]
    assert is_active(dora)


def test_who_is_approved_first_is_welcomed_when_confirmed(sign_up, setting, cast, box, aws, anonymous):
    setting(account_activation_required=True, account_approval_required=True, welcome_email=True)
    sign_up()
    dora = cast.signs_in(accounts.find_by_nickname("dora"))
    box()
    aws.letters.clear()

    approves(dora.id)
    assert box() == []
    assert not is_active(dora)

    anonymous.get(path_of(dora))
    assert [sent["subject"] for sent in box()] == ["Welcome to Kenoma"]
    assert is_active(dora)


def test_approved_and_confirmed_at_once_is_welcomed_once(sign_up, setting, cast, box, aws, anonymous):
    setting(account_activation_required=True, account_approval_required=True, welcome_email=True)
    sign_up()
    dora = cast.signs_in(accounts.find_by_nickname("dora"))
    box()
    aws.letters.clear()
    path = path_of(dora)

    with before_call("TransactWriteItems", 1, lambda: approves(dora.id)):
        reply = anonymous.get(path)

    assert reply.status == 302
    assert [sent["subject"] for sent in box()] == ["Welcome to Kenoma"]
    assert is_active(dora)


# When the account is ready.


def test_who_signs_up_follows_and_is_followed(sign_up, setting, cast, drain):
    setting(autofollowed_nicknames="host, Guide,nobody,gone", autofollowing_nicknames="greeter")
    host, guide, greeter = (cast.person(name) for name in ("host", "guide", "greeter"))
    gone = cast.person("gone", deactivated=True)

    sign_up()
    drain()

    dora = cast.signs_in(accounts.find_by_nickname("dora"))
    for other in (host, guide):
        assert dora.relationship(other)["following"] is True
    assert dora.relationship(gone)["following"] is False
    assert greeter.relationship(dora)["following"] is True
    assert (dora.account.following_count, dora.account.followers_count) == (2, 1)


def test_who_signs_up_gets_a_direct_status(sign_up, setting, cast, drain):
    setting(welcome_direct_message="Welcome! Ask me anything.", welcome_direct_sender="host")
    cast.person("host")

    sign_up()
    drain()

    dora = cast.signs_in(accounts.find_by_nickname("dora"))
    (status,) = dora.get("/api/v1/timelines/home").json
    assert (status["account"]["acct"], status["visibility"]) == ("host", "direct")
    assert "Welcome! Ask me anything." in status["content"]
    assert [mention["acct"] for mention in status["mentions"]] == ["dora"]


def test_who_signs_up_gets_a_chat_message_once(sign_up, setting, cast, drain):
    setting(welcome_chat_message="Welcome! <b>Ask</b> me.", welcome_chat_sender="host")
    host = cast.person("host")

    sign_up()
    drain()
    dora = cast.signs_in(accounts.find_by_nickname("dora"))
    arrivals.follow_up(dora.id, arrivals.WELCOME)

    (message,) = heard(dora, host)
    assert (message["content"], message["account_id"]) == ("Welcome! &lt;b&gt;Ask&lt;/b&gt; me.", host.id)
    assert chats(dora)[0]["unread"] == 1


def test_a_sender_who_is_not_there_greets_nobody(sign_up, setting, cast, drain, aws):
    setting(welcome_direct_message="Welcome!", welcome_direct_sender="nobody",
            welcome_chat_message="Welcome!", welcome_chat_sender="nobody")

    sign_up()
    drain()

    assert aws.count("statuses") == aws.count("messages") == 0
    assert aws.count("jobs") == 0


def test_the_welcome_waits_for_the_confirmation(dora, setting, cast, drain, anonymous):
    setting(autofollowed_nicknames="host")
    host = cast.person("host")
    drain()
    assert host.account.followers_count == 0

    anonymous.get(path_of(dora))
    drain()

    assert host.account.followers_count == 1


def test_nothing_is_done_for_who_has_gone_meanwhile(sign_up, setting, cast, drain, aws):
    setting(autofollowed_nicknames="host", welcome_email=True)
    host = cast.person("host")
    sign_up()
    update(Account.stub(accounts.find_by_nickname("dora").id, "P"), [Account.deactivated.set(True)])

    drain()

    assert host.account.followers_count == 0
    assert aws.letters.letters() == []


# Addresses that may not sign up.


@pytest.mark.parametrize("email", ["a@bad.example", "a@BAD.example", "a@mail.bad.example", "a@x.y.worse.example"])
def test_some_domains_may_not_sign_up(sign_up, setting, email):
    setting(email_blacklist="bad.example, .worse.example,")

    reply = sign_up(email=email)

    assert reply.status == 400
    assert json.loads(reply.json["error"]) == {"email": ["Invalid email"]}
    assert accounts.find_by_nickname("dora") is None


@pytest.mark.parametrize("email", ["a@notbad.example", "a@bad.example.org", "bad.example@example.org", None, ""])
def test_other_domains_may_sign_up(sign_up, setting, email):
    setting(email_blacklist="bad.example")

    assert sign_up(email=email).status == 200


def test_a_malformed_address_is_told_as_such(sign_up, setting):
    setting(email_blacklist="bad.example")

    assert json.loads(sign_up(email="@bad.example").json["error"]) == {"email": ["has invalid format"]}


def test_the_confirmation_token_is_told_to_nobody(dora, anonymous, admin):
    token = secret_of(dora).confirm_token

    for reply in (admin.get(f"/api/v1/accounts/{dora.id}"), anonymous.post(RESEND, {"email": ADDRESS})):
        assert not re.search(re.escape(token), reply.text)


def test_a_secret_without_a_token_confirms_nothing(dora, anonymous):
    update(Secret.stub(dora.id, "S"), [Secret.confirm_token.remove()])

    assert went_wrong(anonymous.get(f"/api/account/confirm_email/{dora.id}/x"))
    assert not is_active(dora)
