"""Jobs of notifications: pushing one, clearing many, telling the staff of a report."""

from __future__ import annotations

import json

from chalicelib.queues.notifications import (
    ClearNotifications,
    DismissGroup,
    NotifyPush,
    PollEnded,
    ReportFiled,
    SettleRequest,
    TellOfSignUp,
)
from chalicelib.store.notifications import reading, requests
from chalicelib.store.statuses import polls
from tests.cast import Person
from tests.jobs.scenarios.letters import signs_up
from tests.jobs.scenarios.registry import leaves
from tests.jobs.scenarios.statuses import told
from tests.jobs.world import Shows, World
from tests.other_server import serving
from tests.push_service import PRIVATE_KEY, PUBLIC_KEY, Browser

SHOWN_ONCE = "a push is not noted anywhere; a second one takes the place of the first, by its topic"


@leaves(NotifyPush, settings={"vapid_public_key": PUBLIC_KEY, "vapid_private_key": PRIVATE_KEY},
        repeated={"pushed": SHOWN_ONCE, "queued": "as is the push to a service that did not answer"})
def notify_push(world: World) -> Shows:
    """To three devices: one takes it, one is gone, one does not answer and will be asked again."""
    alice, bob = world.people("alice", "bob")
    service = world.open.enter_context(serving({"/one": (201, b""), "/gone": (410, b""), "/busy": (503, b"")}))
    phones = {path: Browser(service.url + path) for path in ("/one", "/gone", "/busy")}
    for phone in phones.values():
        phone.subscribes(world.cast.signs_in(alice.account))
    world.run_all()
    bob.posts("hello @alice")
    service.asked.clear()

    def shows() -> dict[str, list[str]]:
        asked = [json.dumps([path, headers["topic"], phones[path].reads(body)])
                 for (path, headers), body in zip(service.asked, service.bodies, strict=True)]
        service.asked.clear()
        service.bodies.clear()
        return {"pushed": sorted(asked)}

    return shows


@leaves(ClearNotifications)
def clear_notifications(world: World) -> Shows:
    """More were cleared than one request deletes; what came since stays."""
    alice, bob = world.people("alice", "bob")
    world.patch.setattr(reading, "AT_ONCE", 2)
    for number in range(7):
        bob.posts(f"@alice {number}")
    world.run_all()
    alice.post("/api/v1/notifications/clear")
    bob.posts("@alice once more")
    return lambda: told(alice)


@leaves(DismissGroup)
def dismiss_group(world: World) -> Shows:
    """More are in the group than one request deletes; those of another group stay."""
    alice = world.people("alice")[0]
    world.patch.setattr(reading, "AT_ONCE", 1)
    first, second = alice.posts("one")["id"], alice.posts("two")["id"]
    for person in world.people("bob", "carol", "dan"):
        person.post(f"/api/v1/statuses/{first}/favourite")
        person.post(f"/api/v1/statuses/{second}/favourite")
    world.run_all()
    key = alice.get("/api/v2/notifications").json["notification_groups"][1]["group_key"]
    alice.post(f"/api/v2/notifications/{key}/dismiss")
    return lambda: told(alice)


def held_back(world: World) -> tuple[Person, str]:
    """Three notifications of a stranger's, which Alice's policy holds back, and the request that they make."""
    alice, bob = world.people("alice", "bob")
    world.patch.setattr(requests, "AT_ONCE", 2)
    alice.patch("/api/v2/notifications/policy", json={"for_not_following": "filter"})
    for number in range(3):
        bob.posts(f"@alice {number}")
    world.run_all()
    return alice, alice.get("/api/v1/notifications/requests").json[0]["id"]


@leaves(SettleRequest)
def settle_request(world: World) -> Shows:
    """An accepted one: all are released."""
    alice, request = held_back(world)
    alice.post(f"/api/v1/notifications/requests/{request}/accept")
    return lambda: told(alice) | {"merged": alice.get("/api/v1/notifications/requests/merged").json}


@leaves(SettleRequest)
def settle_dismissed_request(world: World) -> Shows:
    """All are deleted."""
    alice, request = held_back(world)
    alice.post(f"/api/v1/notifications/requests/{request}/dismiss")
    return lambda: {"held": len(alice.get("/api/v1/notifications", {"include_filtered": True}).json)}


@leaves(ReportFiled)
def report_filed(world: World) -> Shows:
    alice, bob = world.people("alice", "bob")
    admin = world.cast.person("admin", is_admin=True)
    moderator = world.cast.person("moderator", is_moderator=True)
    status = bob.posts("bad")["id"]
    world.run_all()
    alice.post("/api/v1/reports", json={"account_id": bob.id, "status_ids": [status], "comment": "look"})
    return lambda: told(admin, moderator, bob)


@leaves(PollEnded)
def poll_ended(world: World) -> Shows:
    """More voted than one step looks at; who only favourited hears nothing."""
    alice, bob, carol, dan = world.people("alice", "bob", "carol", "dan")
    world.patch.setattr(polls, "VOTERS_AT_ONCE", 1)
    status = alice.post("/api/v1/statuses", json={
        "status": "?", "poll": {"options": ["yes", "no"], "expires_in": 3600}}).json
    for person in (bob, carol):
        person.post(f"/api/v1/polls/{status['poll']['id']}/votes", json={"choices": [0]})
    dan.post(f"/api/v1/statuses/{status['id']}/favourite")
    return lambda: told(alice, bob, carol, dan)


@leaves(TellOfSignUp)
def tell_of_sign_up(world: World) -> Shows:
    alice = world.people("alice")[0]
    admin = world.cast.person("admin", is_admin=True)
    world.run_all()
    signs_up(world)
    return lambda: {
        "admin": admin.get("/api/v1/notifications", {"types": ["admin.sign_up"]}).json,
        "alice": alice.get("/api/v1/notifications", {"types": ["admin.sign_up"]}).json,
    }
