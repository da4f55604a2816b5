"""Jobs about other servers."""

from __future__ import annotations

from chalicelib.domain.federation import arriving, nodeinfo
from chalicelib.queues.messages import DescribeHost
from chalicelib.store.federation import host_rows
from tests.jobs.scenarios.registry import leaves
from tests.jobs.world import Shows, World
from tests.peers import scripted
from tests.peers.scripted import typed


@leaves(DescribeHost)
def describe_host(world: World) -> Shows:
    """The first accounts of another server are met."""
    nodeinfo.forget()
    far = world.open.enter_context(scripted.serving())
    far.answers["/.well-known/nodeinfo"] = typed("application/json", {
        "links": [{"rel": nodeinfo.SCHEMAS[1], "href": far.url + "/nodeinfo/2.0"}]})
    far.answers["/nodeinfo/2.0"] = typed("application/json", {"software": {"name": "far", "version": "1"}})
    for name in ("bob", "carol"):
        arriving.learn_account(far.actor(name))

    def shows() -> dict[str, object]:
        row = host_rows.find(far.host)
        return {"software": row.software, "version": row.version}

    return shows
