"""Jobs of sockets: sending what happened, closing those whose tokens are over, keeping the others open."""

from __future__ import annotations

from chalicelib.domain.streaming import listening
from chalicelib.jobs import streaming
from chalicelib.jobs.sweep import sweep
from chalicelib.queues.streaming import CloseSockets, KeepAlive, TellSockets
from chalicelib.store.streaming import connections, gateway
from tests.cast import Person
from tests.jobs.scenarios.registry import leaves
from tests.jobs.world import Shows, World
from tests.sockets import Gateway, Socket, serving

ON = {"streaming": True}
HEARD_TWICE = "a socket that hears of something twice knows it by its id"


def _sockets(world: World, *people: Person) -> tuple[Gateway, list[Socket]]:
    """A gateway with a socket of each."""
    made = Gateway()
    world.patch.setenv("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI", world.open.enter_context(serving(made)))
    world.open.callback(gateway.forget_client)
    world.open.callback(listening.forget)
    gateway.forget_client()
    return made, [made.connect("stream=user", token=each.token) for each in people]


def _open() -> dict[str, list[str]]:
    return {"open": sorted(each.id for each in connections.list_all())}


@leaves(TellSockets, settings=ON, repeated={"heard": HEARD_TWICE})
def stream(world: World) -> Shows:
    """Two hear of a status; of the sockets of one of them, one is gone, which nobody has told."""
    alice, bob = world.people("alice", "bob")
    world.patch.setattr(streaming, "OLDEST", 10_000)  # the message comes back minutes after a worker has died
    alice.follows(bob)
    world.run_all()
    made, opened = _sockets(world, alice, alice, bob)
    made.hang_up(opened[1], tells=False)
    bob.posts("hello")

    def shows() -> dict[str, list[str]]:
        heard = [f"{each.id} {frame}" for each in opened for frame in each.frames if '"update"' in frame]
        for each in opened:
            each.frames.clear()
        return {"heard": heard, **_open()}

    return shows


@leaves(CloseSockets, settings=ON)
def close_sockets(world: World) -> Shows:
    """One token of two was revoked."""
    alice = world.people("alice")[0]
    other = world.cast.signs_in(alice.account)
    _sockets(world, alice, alice, other)
    alice.post("/oauth/revoke", {"token": alice.token})
    return _open


@leaves(KeepAlive, settings=ON)
def keep_alive(world: World) -> Shows:
    """Of three sockets one is gone."""
    alice = world.people("alice")[0]
    made, opened = _sockets(world, alice, alice, alice)
    made.hang_up(opened[0], tells=False)
    world.clock.pass_by(connections.HEARTBEAT + 1)
    sweep()
    return _open
