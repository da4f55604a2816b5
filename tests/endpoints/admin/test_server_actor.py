"""The account by which the server itself speaks: administrators neither find it nor do anything to it."""

from __future__ import annotations

import pytest

from chalicelib.domain.federation import keys, server_actor
from chalicelib.store.accounts import accounts
from tests.cast import Person
from tests.endpoints.admin.staff_acts import ADMIN, logged

NAMES = ("internal.fetch", "Internal.Fetch@kenoma.test", server_actor.ID)


@pytest.mark.parametrize(("method", "path", "body"), [
    ("GET", "users/{name}", {}), ("GET", "users/{name}/credentials", {}),
    ("PATCH", "users/{name}/credentials", {"name": "Mallory"}), ("GET", "users/{name}/statuses", {}),
    ("GET", "users/{name}/chats", {}), ("GET", "users/{name}/password_reset", {}),
    ("GET", "users/{name}/permission_group", {}), ("POST", "users/{name}/permission_group/admin", {}),
    ("PATCH", "users/{name}/toggle_activation", {}), ("PATCH", "users/activate", {"nicknames": ["{name}"]}),
    ("PATCH", "users/deactivate", {"nicknames": ["{name}"]}), ("PATCH", "users/approve", {"nicknames": ["{name}"]}),
    ("PATCH", "users/suggest", {"nicknames": ["{name}"]}),
    ("PUT", "users/tag", {"nicknames": ["{name}"], "tags": ["x"]}), ("DELETE", "users", {"nicknames": ["{name}"]}),
    ("POST", "users/permission_group/admin", {"nicknames": ["{name}"]}),
    ("PUT", "users/disable_mfa", {"nickname": "{name}"}),
    ("PATCH", "users/force_password_reset", {"nicknames": ["{name}"]}),
    ("PATCH", "users/confirm_email", {"nicknames": ["{name}"]}), ("POST", "backups", {"nickname": "{name}"}),
])
def test_nothing_is_done_to_the_servers_own_account(admin: Person, method: str, path: str, body: dict[str, object],
                                                    ) -> None:
    keys.pair_of(server_actor.account())
    before = accounts.find(server_actor.ID)
    assert before is not None

    for name in NAMES:
        sent = {key: [each.format(name=name) for each in value] if isinstance(value, list)
                else str(value).format(name=name) for key, value in body.items()}
        reply = admin.request(method, f"{ADMIN}/{path.format(name=name)}", json=sent or None)
        assert (reply.status, reply.json) == (404, {"error": "Not found"})

    after = accounts.find(server_actor.ID)
    assert after is not None
    assert (after.attribute_values, logged(admin)) == (before.attribute_values, [])


@pytest.mark.parametrize("act", ["follow", "unfollow"])
def test_nobody_is_made_to_follow_it(admin: Person, alice: Person, act: str) -> None:
    keys.pair_of(server_actor.account())

    for follower, followed in (("alice", "internal.fetch"), ("internal.fetch", "alice")):
        admin.post(f"{ADMIN}/users/{act}", json={"follower": follower, "followed": followed})

    assert (logged(admin), alice.account.followers_count, alice.account.following_count) == ([], 0, 0)
