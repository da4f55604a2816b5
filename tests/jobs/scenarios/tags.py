"""Jobs of hashtags: what one that is followed brings home, and takes away again."""

from __future__ import annotations

from chalicelib.domain.tags import fan_out
from chalicelib.queues.tags import DeliverTagged, TagSync
from tests.jobs.scenarios.registry import leaves
from tests.jobs.scenarios.statuses import counted, homes
from tests.jobs.world import Shows, World


@leaves(DeliverTagged)
def deliver_tagged(world: World) -> Shows:
    """A status for followers of a tag on several pages, more than one run goes through."""
    alice, *followers = world.people("alice", "bob", "carol", "dave", "erin")
    world.patch.setattr(fan_out, "PER_PAGE", 1)
    world.patch.setattr(fan_out, "PAGES_A_RUN", 2)
    for each in followers:
        each.post("/api/v1/tags/cats/follow")
    followers[2].follows(alice)
    world.run_all()
    alice.posts("#cats")
    return lambda: {**homes(*followers), **counted(alice)}


@leaves(TagSync, repeated={"queued": "the last look is asked for once more, and finds nothing"})
def tag_sync(world: World) -> Shows:
    """What another tag has brought too stays, and what addresses the follower."""
    alice, bob = world.people("alice", "bob")
    for tag in ("cats", "dogs"):
        alice.post(f"/api/v1/tags/{tag}/follow")
    for text in ("#cats", "#cats #dogs", "#dogs", "@alice #cats"):
        bob.posts(text)
    world.run_all()
    alice.post("/api/v1/tags/cats/unfollow")
    return lambda: homes(alice)
