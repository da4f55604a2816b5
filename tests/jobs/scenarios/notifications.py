"""Jobs of notifications: pushing one, clearing many, telling the staff of a report."""

from __future__ import annotations

import json

from chalicelib.queues.notifications import ClearNotifications, NotifyPush, ReportFiled
from chalicelib.store.notifications import reading
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


@leaves(ReportFiled)
def report_filed(world: World) -> Shows:
    alice, bob = world.people("alice", "bob")
    admin = world.cast.person("admin", is_admin=True)
    moderator = world.cast.person("moderator", is_moderator=True)
    status = bob.posts("bad")["id"]
    world.run_all()
    alice.post("/api/v1/reports", json={"account_id": bob.id, "status_ids": [status], "comment": "look"})
    return lambda: told(admin, moderator, bob)
