"""Jobs that tell other servers: who is to hear, the sending, the next try, and the end of a deleted account's keys."""

from __future__ import annotations

from collections import Counter

from chalicelib.domain import hosts
from chalicelib.domain.federation.arriving import learn_account
from chalicelib.domain.federation.delivering import attempts
from chalicelib.queues.deliveries import Federate, ForgetKeys, SendActivity, SendAgain
from chalicelib.store.federation import keys
from tests.cast import PASSWORD, Person
from tests.domain.federation import foreigners
from tests.jobs.scenarios.registry import leaves
from tests.jobs.world import Shows, World
from tests.peers import scripted
from tests.peers.scripted import Peer, Reply


def _followed(world: World) -> tuple[Person, Peer]:
    """Somebody with a follower at another server, to whom everything was told so far."""
    alice, = world.people("alice")
    far = world.open.enter_context(scripted.serving())
    fern = learn_account(far.actor("fern"))
    foreigners.follows(fern, alice.account.uri)
    world.run_all()
    return alice, far


def _anew(world: World) -> None:
    """The server has to be asked for its turn, as one that was not heard of for a while."""
    world.patch.setattr(hosts, "REMEMBERED_SECONDS", -1.0)
    world.patch.setattr(hosts, "TRUSTED_SECONDS", 0)


def _shows(far: Peer) -> Shows:
    """What the other server knows: every activity once, however often it came."""
    return lambda: {"known there": sorted(Counter(each.json["id"] for each in far.received))}


@leaves(Federate)
def federate(world: World) -> Shows:
    alice, far = _followed(world)
    alice.posts("hello")
    return _shows(far)


@leaves(SendActivity)
def send_activity(world: World) -> Shows:
    alice, far = _followed(world)
    alice.posts("hello")
    _anew(world)
    return _shows(far)


@leaves(SendAgain)
def send_again(world: World) -> Shows:
    """The other server was away for so long that the next try has a job row."""
    alice, far = _followed(world)
    world.patch.setattr(attempts, "STEPS", (3600.0, 7200.0))
    far.answers["/inbox"] = Reply(401)
    alice.posts("hello")
    world.run_all()
    del far.answers["/inbox"]
    _anew(world)
    return _shows(far)


@leaves(ForgetKeys)
def forget_keys(world: World) -> Shows:
    alice, far = _followed(world)
    world.set(deletion_pause=0)
    alice.post("/api/pleroma/delete_account", {"password": PASSWORD})
    world.run_all()
    return lambda: {**_shows(far)(), "keys": keys.find(alice.id) is None}
