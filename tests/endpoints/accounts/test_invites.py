"""Invites: signing up where registrations are closed."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.accounts import invites
from chalicelib.domain.mail import mailing
from chalicelib.domain.refusals import NotFound
from chalicelib.queues.notifications import Mail
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.invites import Invite
from chalicelib.store.instance import counters
from tests.at_once import at_once
from tests.cast import Person
from tests.faults import Killed, before_call, die


@pytest.fixture
def machine(anonymous, cast):
    """The tests' app, by itself."""
    reply = anonymous.post("/oauth/token", form={
        "grant_type": "client_credentials", "client_id": cast.app.client_id, "client_secret": cast.app.secret})
    return Person(token=reply.json["access_token"])


@pytest.fixture
def sign_up(machine, setting):
    """Sign up with an invite, on a server where that is the only way."""
    setting(registrations_open=False)

    def sign_up(username, invite, **more):
        token = invite.token if isinstance(invite, Invite) else invite
        return machine.post("/api/v1/accounts", json={
            "username": username, "password": "a secret", "agreement": True, "token": token, **more})

    return sign_up


@pytest.fixture
def today():
    return datetime.now(UTC).date()


def now(invite):
    """The invite as it is now."""
    (found,) = [each for each in invites.list_latest() if each.token == invite.token]
    return found


def refused(reply, error):
    assert (reply.status, reply.json) == (400, {"error": error})


# The kinds.


@pytest.mark.parametrize(("max_use", "expires_at", "kind"), [
    (None, None, "one_time"), (3, None, "reusable"), (None, date(2100, 1, 2), "date_limited"),
    (3, date(2100, 1, 2), "reusable_date_limited"),
])
def test_there_are_four_kinds(max_use, expires_at, kind):
    invite = now(invites.create(max_use, expires_at))

    assert invite.invite_type == kind
    assert (invite.number, invite.uses, invite.used, invite.max_use) == (1, 0, False, max_use)
    assert invite.expires_at == (expires_at.isoformat() if expires_at else None)
    assert len(invite.token) == 44
    assert invite.token.endswith("=")


def test_one_is_good_for_one_account(sign_up):
    invite = invites.create()

    assert sign_up("one", invite).status == 200
    refused(sign_up("two", invite), "Expired token")
    assert (now(invite).uses, now(invite).used) == (1, True)


def test_a_reusable_one_is_good_so_often(sign_up):
    invite = invites.create(max_use=2)

    assert sign_up("one", invite).status == 200
    assert (now(invite).uses, now(invite).used) == (1, False)
    assert sign_up("two", invite).status == 200
    assert (now(invite).uses, now(invite).used) == (2, True)
    refused(sign_up("three", invite), "Expired token")


def test_one_with_a_last_day_is_good_through_that_day(sign_up, today):
    good, over = invites.create(expires_at=today), invites.create(expires_at=today - timedelta(days=1))

    assert [sign_up(name, good).status for name in ("one", "two", "three")] == [200] * 3
    assert (now(good).uses, now(good).used) == (3, False)
    refused(sign_up("four", over), "Expired token")


def test_one_may_end_by_number_or_by_day(sign_up, today):
    by_number = invites.create(max_use=1, expires_at=today)
    by_day = invites.create(max_use=9, expires_at=today - timedelta(days=1))

    assert sign_up("one", by_number).status == 200
    refused(sign_up("two", by_number), "Expired token")
    refused(sign_up("two", by_day), "Expired token")


# What is refused.


def test_without_an_invite_nobody_gets_in(sign_up):
    refused(sign_up("one", None), "Expired token")


@pytest.mark.parametrize("token", ["", "unknown", "invite", "x" * 5_000, "ä🦊"])
def test_an_unknown_one_is_invalid(sign_up, token):
    invites.create()

    refused(sign_up("one", token), "Invalid token")


def test_a_revoked_one_is_expired(sign_up):
    invite = invites.create(max_use=5)
    sign_up("one", invite)

    revoked = invites.revoke(invite.token)

    assert (revoked.used, revoked.uses) == (True, 1)
    assert invites.revoke(invite.token).used
    refused(sign_up("two", invite), "Expired token")


@pytest.mark.parametrize("token", ["", "unknown", "x" * 5_000])
def test_only_what_exists_is_revoked(token, aws):
    with pytest.raises(NotFound):
        invites.revoke(token)

    assert aws.count("instance") == 0


def test_the_invite_is_looked_at_before_the_fields(sign_up):
    refused(sign_up("a b", "unknown", email="nope"), "Invalid token")


@pytest.mark.parametrize("change", [
    {"username": "a b"}, {"email": "nope"}, {"email": "alice@localhost.localdomain"}, {"username": "alice"},
    {"password": ""},
])
def test_a_sign_up_that_fails_uses_nothing(sign_up, alice, change):
    invite = invites.create()

    reply = sign_up(change.pop("username", "one"), invite, **change)

    assert reply.status == 400
    assert json.loads(reply.json["error"])
    assert (now(invite).uses, now(invite).used) == (0, False)
    assert sign_up("two", invite).status == 200


def test_where_anybody_may_join_no_invite_is_used(sign_up, setting):
    setting(registrations_open=True)
    invite = invites.create()

    assert sign_up("one", invite).status == 200
    assert now(invite).uses == 0


# At the same moment.


def test_of_twenty_at_once_three_get_in(sign_up, aws):
    invite = invites.create(max_use=3)

    replies = at_once(*[lambda number=number: sign_up(f"person{number}", invite) for number in range(20)])

    made = [reply for reply in replies if reply.status == 200]
    assert len(made) == 3
    for reply in replies:
        if reply not in made:
            refused(reply, "Expired token")
    assert (now(invite).uses, now(invite).used) == (3, True)
    assert aws.count("accounts") == 6
    assert aws.count("claims") == 3
    assert counters.statistics().users == 3


def test_one_revoked_in_the_last_moment_is_not_used(sign_up, aws):
    invite = invites.create()

    with before_call("TransactWriteItems", 1, lambda: invites.revoke(invite.token)):
        reply = sign_up("one", invite)

    refused(reply, "Expired token")
    assert now(invite).uses == 0
    assert accounts.find_by_nickname("one") is None


def test_who_dies_while_signing_somebody_up_uses_nothing(sign_up):
    invite = invites.create()

    with pytest.raises(Killed), before_call("TransactWriteItems", 1, die):
        sign_up("one", invite)

    assert now(invite).uses == 0
    assert sign_up("one", invite).status == 200


def test_an_invite_costs_no_call_of_its_own(sign_up, setting):
    invited = sign_up("one", invites.create())
    setting(registrations_open=True)

    uninvited = sign_up("two", None)

    assert (invited.status, invited.calls, invited.rounds) == (200, uninvited.calls, uninvited.rounds)


# The list.


def test_the_latest_are_listed(monkeypatch):
    monkeypatch.setattr(invites, "MOST_LISTED", 3)
    made = [invites.create() for _ in range(5)]

    assert [invite.token for invite in invites.list_latest()] == [invite.token for invite in made[2:]]


def test_all_are_listed_oldest_first(sign_up):
    made = [invites.create() for _ in range(12)]
    sign_up("one", made[3])
    invites.revoke(made[5].token)

    listed = invites.list_latest()

    assert [invite.token for invite in listed] == [invite.token for invite in made]
    assert [invite.number for invite in listed] == list(range(1, 13))
    assert [invite.number for invite in listed if invite.used] == [4, 6]


@pytest.mark.parametrize(("name", "to"), [
    ("", "new@example.org"),
    ("<b>Newcomer</b>", '"<b>Newcomer</b>" <new@example.org>'),
    ("Élodie", "=?utf-8?q?=C3=89lodie?= <new@example.org>"),
    ("A\r\nBcc: victim@example.org", '"A Bcc: victim@example.org" <new@example.org>'),
])
def test_whoever_is_invited_is_named_beside_the_address(aws, drain, name, to):
    mailing.ask([Mail("1", mailing.INVITATION, mailing.NOBODY,
                      {"to": "new@example.org", "name": name, "token": "t"})])
    drain()

    (sent,) = aws.letters.letters()
    assert sent["to"] == to
    assert "<b>" not in sent["html"]
