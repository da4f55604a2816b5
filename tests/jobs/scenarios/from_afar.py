"""Jobs of federation: what other servers have sent, once for each kind of thing that it makes or ends."""

from __future__ import annotations

from typing import Any

from chalicelib.queues.federating import Inbound
from tests.cast import Person
from tests.endpoints.federation.sending import create, follow, followers, sends, to, undo
from tests.jobs.scenarios.registry import leaves
from tests.jobs.world import Shows, World
from tests.peers import scripted
from tests.peers.scripted import PUBLIC, Document, Peer


def _met(world: World) -> tuple[Peer, Document, Person]:
    """An account elsewhere that is known here, since it mentioned alice."""
    far = world.open.enter_context(scripted.serving())
    fern = far.actor("fern")
    (alice,) = world.people("alice")
    sends(far, create(far, far.note(fern, "hi", **to(alice)), fern), fern)
    world.run_all()
    return far, fern, alice


def _shown(alice: Person, status: dict[str, Any] | None = None) -> dict[str, Any]:
    own = {"account": alice.get("/api/v1/accounts/verify_credentials").json, "followers": followers(alice),
           "home": alice.get("/api/v1/timelines/home").json, "notifications": alice.get("/api/v1/notifications").json}
    return own | ({"status": alice.get(f"/api/v1/statuses/{status['id']}").json} if status is not None else {})


@leaves(Inbound)
def follow_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    sends(far, follow(far, fern, alice), fern)
    return lambda: _shown(alice)


@leaves(Inbound)
def unfollow_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    wanted = follow(far, fern, alice)
    sends(far, wanted, fern)
    world.run_all()
    sends(far, undo(far, wanted), fern)
    return lambda: _shown(alice)


@leaves(Inbound)
def favourite_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    status = alice.posts("hello")
    world.run_all()
    sends(far, far.activity("Like", fern, status["uri"]), fern)
    return lambda: _shown(alice, status)


@leaves(Inbound)
def reblog_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    status = alice.posts("hello")
    world.run_all()
    sends(far, far.activity("Announce", fern, status["uri"], to=[PUBLIC]), fern)
    return lambda: _shown(alice, status)


@leaves(Inbound)
def status_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    sends(far, create(far, far.note(fern, "news", **to(alice)), fern), fern)
    return lambda: _shown(alice)


@leaves(Inbound)
def deletion_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    note = far.note(fern, "news", **to(alice))
    sends(far, create(far, note, fern), fern)
    world.run_all()
    sends(far, far.activity("Delete", fern, note["id"]), fern)
    return lambda: _shown(alice)
