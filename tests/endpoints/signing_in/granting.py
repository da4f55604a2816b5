"""Tokens, sessions and the state of an account, for those who ask for tokens."""

from __future__ import annotations

from chalicelib.domain.signing_in import apps
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.table import update

NO_GRANT = {"error": "Invalid credentials", "error_description": apps.NO_GRANT}
"""The body of every refusal at /oauth/token that tells nothing."""


def state(person, **attributes):
    update(Account.stub(person.id, "P"), [getattr(Account, name).set(value) for name, value in attributes.items()])


def works(person, token):
    reply = person.get("/api/v1/accounts/verify_credentials", headers={"Authorization": f"Bearer {token}"})
    return reply.status == 200


def cookie_of(reply):
    return reply.headers["set-cookie"].partition(";")[0]
