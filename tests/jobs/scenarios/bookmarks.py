"""Jobs of bookmarks: a folder that is gone."""

from __future__ import annotations

from chalicelib.domain.timelines import bookmark_folders
from chalicelib.queues.bookmarks import EmptyFolder
from tests.jobs.scenarios.registry import leaves
from tests.jobs.world import Shows, World


@leaves(EmptyFolder)
def empty_folder(world: World) -> Shows:
    """Bookmarks on several pages, more than one run goes through, some of them in another folder."""
    alice, bob = world.people("alice", "bob")
    world.patch.setattr(bookmark_folders, "PAGE", 1)
    world.patch.setattr(bookmark_folders, "PAGES_A_RUN", 2)
    gone, stays = (alice.post("/api/v1/pleroma/bookmark_folders", {"name": name}).json["id"] for name in "ab")
    for folder in (gone, stays, gone):
        id = bob.posts("hello")["id"]
        alice.post(f"/api/v1/statuses/{id}/bookmark", {"folder_id": folder})
    world.run_all()
    alice.delete(f"/api/v1/pleroma/bookmark_folders/{gone}")
    return lambda: {"bookmarks": alice.get("/api/v1/bookmarks").json}
