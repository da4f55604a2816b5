"""Accounts as the staff gets them."""

import pytest

from chalicelib.entities.accounts.merged_account import render_merged_account
from chalicelib.entities.staff.admin_account import render_admin_account
from chalicelib.ids import created_at
from chalicelib.store.accounts import accounts

KEYS = {"id", "email", "avatar", "nickname", "display_name", "deactivated", "local", "confirmation_pending",
        "approval_pending", "roles", "tags", "url", "registration_reason", "actor_type", "is_active", "is_confirmed",
        "is_approved", "is_suggested", "created_at"}


@pytest.fixture
def admin_account(alice):
    return lambda **changed: render_admin_account(with_values(alice.account, changed),
                                                  accounts.secrets_of([alice.id])[alice.id])


def with_values(account, values):
    for name, value in values.items():
        setattr(account, name, value)
    return account


def test_an_admin_account_has_the_keys_of_the_document_and_five_newer_ones(alice, admin_account):
    shown = admin_account()

    assert shown.keys() == KEYS
    assert shown == {
        "id": alice.id, "email": "alice@localhost.localdomain", "avatar": "http://kenoma.test/images/avi.png",
        "nickname": "alice", "display_name": "alice", "deactivated": False, "local": True,
        "confirmation_pending": False, "approval_pending": False, "roles": {"admin": False, "moderator": False},
        "tags": [], "url": "http://kenoma.test/users/alice", "registration_reason": None, "actor_type": "Person",
        "is_active": True, "is_confirmed": True, "is_approved": True, "is_suggested": False,
        "created_at": created_at(alice.id),
    }


@pytest.mark.parametrize(("older", "newer"), [
    ("deactivated", "is_active"), ("confirmation_pending", "is_confirmed"), ("approval_pending", "is_approved"),
])
def test_the_newer_keys_say_the_opposite_of_the_older_ones(admin_account, older, newer):
    shown = admin_account(**{older: True})

    assert (shown[older], shown[newer]) == (True, False)


def test_a_display_name_comes_without_html(admin_account):
    assert admin_account(doc={"display_name": "<b>Alice</b>"})["display_name"] == "Alice"


def test_roles_tags_and_type_are_told(admin_account):
    shown = admin_account(is_admin=True, is_moderator=True, tags=["a", "b"], actor_type="Service")

    assert (shown["roles"], shown["tags"], shown["actor_type"]) == (
        {"admin": True, "moderator": True}, ["a", "b"], "Service")


def test_an_account_of_another_server_is_not_local(admin_account):
    assert admin_account(host="other.example", nickname="alice@other.example")["local"] is False


def test_a_merged_account_has_all_keys_of_both(alice, bob, admin_account):
    public = bob.get(f"/api/v1/accounts/{alice.id}").json

    merged = render_merged_account(alice.account, accounts.secrets_of([alice.id])[alice.id])

    assert merged.keys() == public.keys() | KEYS
    assert {key: value for key, value in merged.items() if key in KEYS} == admin_account()
    assert merged["pleroma"]["relationship"] == {}
