"""Jobs about other servers."""

from __future__ import annotations

from chalicelib.domain.federation import arriving, nodeinfo
from chalicelib.domain.instance import about
from chalicelib.domain.staff import purging
from chalicelib.queues.federating import DescribeHost, PurgeHost
from chalicelib.store.accounts import accounts
from chalicelib.store.federation import host_rows
from tests.domain.federation.foreigners import comes
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


@leaves(PurgeHost, settings={"deletion_pause": 0})
def host_purge(world: World) -> Shows:
    """An account of a host that is looked for among few rows in each run, and one of another host."""
    world.patch.setattr(accounts, "PAGE_OF_HOST", 2)
    world.patch.setattr(purging, "A_RUN", 0)
    admin = world.cast.person("admin", is_admin=True, scopes="admin read")
    for host in ("far.example", "near.example"):
        nodeinfo.is_wanted(f"https://{host}")  # so that nobody asks it
        comes("bob", at=f"https://{host}")
    world.run_all()
    assert admin.delete("/api/pleroma/admin/instances/far.example").status == 200

    def shows() -> dict[str, object]:
        about.forget()
        listed = admin.get("/api/pleroma/admin/users", {"filters": "external"}).json["users"]
        return {"known": [each["nickname"] for each in listed], "peers": admin.get("/api/v1/instance/peers").json,
                "count": admin.get("/api/v1/instance").json["stats"]["domain_count"]}

    return shows
