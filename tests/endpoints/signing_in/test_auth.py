"""Signing out. Asking for a new password is in test_password_reset.py."""

from __future__ import annotations

from tests.cast import PASSWORD
from tests.endpoints.signing_in.granting import cookie_of, works


def test_signing_out_revokes_the_token_and_leads_home(alice):
    reply = alice.delete("/auth/sign_out")

    assert (reply.status, reply.headers["location"]) == (302, "/")
    assert not works(alice, alice.token)


def test_signing_out_of_a_session_ends_it(alice, anonymous, ask):
    granted = ask("password", username="alice", password=PASSWORD)

    reply = anonymous.delete("/auth/sign_out", headers={"Cookie": cookie_of(granted)})

    assert reply.status == 302
    assert reply.headers["set-cookie"].startswith("_pleroma_key=; Max-Age=0")
    assert not works(alice, granted.json["access_token"])


def test_nobody_may_sign_out(anonymous, setting):
    setting(public=False)

    reply = anonymous.delete("/auth/sign_out")

    assert (reply.status, reply.headers["location"]) == (302, "/")
