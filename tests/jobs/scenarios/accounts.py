"""Accounts that go, for good or for a while, and those that come back."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.accounts import deactivation, deletion
from chalicelib.domain.signing_in import apps as registering
from chalicelib.domain.staff import apps
from chalicelib.queues.accounts import AccountDelete, AccountDisable, AccountEnable, EndApp
from chalicelib.store.signing_in import tokens
from tests.cast import PASSWORD, Person
from tests.endpoints.chats.talking import chats, says
from tests.jobs.scenarios.registry import leaves
from tests.jobs.scenarios.relationships import standings
from tests.jobs.scenarios.statuses import counted, homes, told
from tests.jobs.world import Shows, World
from tests.pictures import picture


def _known_by_all(world: World) -> tuple[Person, list[Person], str]:
    """Alice, with people who follow her and whom she follows, and a status that she and others have marked."""
    alice, bob, carol, dave = world.people("alice", "bob", "carol", "dave")
    locked = world.cast.person("locked", locked=True)
    for each in (bob, carol):
        each.follows(alice)
    for each in (bob, dave, locked):
        alice.follows(each)
    id = bob.posts("mark me")["id"]
    for each in (alice, carol):
        each.post(f"/api/v1/statuses/{id}/favourite")
        each.reacts(id, "😀")
    alice.reacts(id, "☕")
    alice.posts("my own #tag")
    world.run_all()
    return alice, [bob, carol, dave, locked], id


def _others(alice: Person, others: list[Person], id: str) -> dict[str, Any]:
    """How the world looks to all but Alice."""
    shown = {f"how {each.nickname} stands": each.get("/api/v1/accounts/relationships", {"id": alice.id}).json
             for each in others}
    return {**shown, **homes(*others), **told(*others), **counted(*others),
            "status": others[0].get(f"/api/v1/statuses/{id}").json,
            "public": others[0].get("/api/v1/timelines/public").json}


@leaves(AccountDisable)
def account_disable(world: World) -> Shows:
    alice, others, id = _known_by_all(world)
    alice.post("/api/pleroma/disable_account", {"password": PASSWORD})
    return lambda: {**_others(alice, others, id), "alice": alice.get("/api/v1/accounts/verify_credentials").status}


@leaves(AccountEnable)
def account_enable(world: World) -> Shows:
    """Nothing calls this over HTTP so far: an administrator's request will."""
    alice, others, id = _known_by_all(world)
    alice.post("/api/pleroma/disable_account", {"password": PASSWORD})
    world.run_all()
    assert deactivation.enable(alice.id)
    return lambda: {**_others(alice, others, id), **standings(alice, *others), **counted(alice)}


@leaves(EndApp)
def end_app(world: World) -> Shows:
    """An app that many used, and one that is not deleted, in runs of a few tokens."""
    world.patch.setattr(apps, "ENDED_AT_ONCE", 2)
    world.patch.setattr(apps, "ENDED_IN_A_RUN", 3)
    world.patch.setattr(apps, "UNDER_WAY", 0)
    alice, bob = world.people("alice", "bob")
    app = registering.register("Another", "urn:ietf:wg:oauth:2.0:oob", "read", None)
    held = [Person(each.id, each.nickname, tokens.issue(each.id, app.client_id, ["read"], 0).access_token)
            for each in (alice, bob, alice)]
    assert apps.delete(int(app.number))
    return lambda: {"alive": [each.get("/api/v1/accounts/verify_credentials").status for each in (*held, alice, bob)]}


@leaves(AccountDelete, settings={"deletion_pause": 0})
def account_delete(world: World) -> Shows:
    """An account with something in nearly every table, in runs of a few items."""
    world.patch.setattr(deletion, "ITEMS_PER_RUN", 6)
    alice, others, id = _known_by_all(world)
    bob, carol, dave, _ = others
    _writes(alice, bob, carol, id)
    _keeps(alice, bob, dave)
    for each in (bob, carol):
        each.post(f"/api/v1/pleroma/accounts/{alice.id}/subscribe")
    world.run_all()
    alice.posts("told to subscribers")
    world.run_all()
    alice.post("/api/pleroma/delete_account", {"password": PASSWORD})
    return lambda: {**_others(alice, others, id), "chats": chats(bob), "lists": bob.get("/api/v1/lists").json,
                    "conversations": [each.get("/api/v1/conversations").json for each in (bob, carol)]}


def _writes(alice: Person, bob: Person, carol: Person, id: str) -> None:
    """Statuses that others answer, mark and take part in."""
    own = alice.posts("@bob what do you say? #tag")["id"]
    bob.posts("a lot", in_reply_to_id=own)
    alice.posts("a reply", in_reply_to_id=id)
    alice.post(f"/api/v1/statuses/{id}/reblog")
    for each in (bob, carol):
        each.post(f"/api/v1/statuses/{own}/favourite")
    carol.post(f"/api/v1/statuses/{own}/reblog")
    alice.posts("@bob @carol psst", visibility="direct")
    bob.posts("@alice psst", visibility="direct")
    alice.posts("soon over", expires_in=86400)
    says(alice, bob, "hello")
    says(bob, alice, "hello yourself")


def _keeps(alice: Person, bob: Person, dave: Person) -> None:
    """Lists, mutes, files, and what was to be posted one day."""
    for owner, member in ((alice, bob), (bob, alice)):
        friends = owner.post("/api/v1/lists", json={"title": "friends"}).json["id"]
        owner.post(f"/api/v1/lists/{friends}/accounts", json={"account_ids": [member.id]})
    alice.post(f"/api/v1/accounts/{dave.id}/mute", {"expires_in": 864_000})
    dave.post(f"/api/v1/accounts/{alice.id}/mute", {"expires_in": 864_000})
    alice.post("/api/v1/media", files={"file": ("one.png", picture(), "image/png")})
    alice.posts("one day", scheduled_at="2099-01-01T00:00:00.000Z")
    alice.post("/api/v1/pleroma/backups")
