"""What is fetched anew from other servers, and what of theirs is kept."""

from __future__ import annotations

from chalicelib.domain.federation import arriving, resolving
from chalicelib.domain.federation.reading.status import read_status
from chalicelib.domain.federation.receiving import people
from chalicelib.domain.relationships import follow_requests, following
from chalicelib.domain.statuses import fan_out, keeping, reblogs
from chalicelib.domain.statuses.reblogs import FromAfar
from chalicelib.queues.federating import FetchPins, KeepThread, RefreshAccount, RefreshPoll, ResolveQuote
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.statuses.statuses import Status
from tests.domain.federation import foreigners
from tests.jobs.scenarios.registry import leaves
from tests.jobs.world import Shows, World
from tests.peers import scripted
from tests.peers.scripted import CONTEXT


@leaves(RefreshAccount)
def account_refresh(world: World) -> Shows:
    (alice,) = world.people("alice")
    far = world.open.enter_context(scripted.serving())
    bob = far.actor("bob")
    far.serve({"@context": CONTEXT, "id": bob["followers"], "type": "Collection", "totalItems": 70})
    account = resolving.account_of(bob["id"])
    Account.stub(account.id, PROFILE).update([Account.seen.set(0)])
    far.serve({**far.actor("bob"), "name": "Bob the Second"})
    alice.get(f"/api/v1/accounts/{account.id}")
    return lambda: {"account": alice.get(f"/api/v1/accounts/{account.id}").json}


@leaves(FetchPins)
def pins(world: World) -> Shows:
    (alice,) = world.people("alice")
    far = world.open.enter_context(scripted.serving())
    bob = far.actor("bob", featured=f"{far.url}/users/bob/featured")
    note = far.note(bob, "first")
    far.serve({"@context": CONTEXT, "id": bob["featured"], "type": "OrderedCollection", "orderedItems": [note["id"]]})
    account = resolving.account_of(bob["id"])
    alice.get(f"/api/v1/accounts/{account.id}")
    return lambda: {"pinned": [each["uri"] for each in alice.get(
        f"/api/v1/accounts/{account.id}/statuses?pinned=true").json]}


@leaves(ResolveQuote)
def resolve_quote(world: World) -> Shows:
    """A status quotes one that is not here, and a follower is to find both at home."""
    (alice,) = world.people("alice")
    far = world.open.enter_context(scripted.serving())
    bob = far.actor("bob")
    account = resolving.account_of(bob["id"])
    following.follow(account.id, by=people.acting(alice.account))
    follow_requests.authorize(alice.id, by=people.acting(account))
    world.run_all()
    note = far.note(bob, "look", quoteUrl=far.note(bob, "original")["id"])
    fan_out.deliver_arrived(arriving.learn_status(read_status(note), account, placed=True))
    return lambda: {"home": [(each["uri"], each["quote"] and (
        each["quote"]["state"], each["quote"]["quoted_status"]["uri"], each["quote"]["quoted_status"]["quotes_count"]))
        for each in alice.get("/api/v1/timelines/home").json]}


@leaves(RefreshPoll)
def poll_refresh(world: World) -> Shows:
    (alice,) = world.people("alice")
    far = world.open.enter_context(scripted.serving())
    bob = far.actor("bob")
    options = [{"type": "Note", "name": "yes", "replies": {"type": "Collection", "totalItems": 5}}]
    status = resolving.status_of(far.note(bob, "?", type="Question", oneOf=options)["id"])
    alice.get(f"/api/v1/statuses/{status.id}")
    return lambda: {"poll": alice.get(f"/api/v1/statuses/{status.id}").json["poll"]}


@leaves(KeepThread)
def keep_thread(world: World) -> Shows:
    """A thread of two, of which one is reblogged by somebody elsewhere, is kept because alice bookmarks one of it."""
    (alice,) = world.people("alice")
    world.patch.setattr(keeping, "INDEXES_LATE", 0)
    fern, gorse = foreigners.comes(), foreigners.comes("gorse")
    first = foreigners.posts(fern, 1)
    answer = foreigners.posts(gorse, 2, inReplyTo=first.uri)
    reblogs.add_from_afar(first.id, people.acting(gorse), FromAfar(f"{foreigners.FAR}/announces/1", None), None)
    world.run_all()
    alice.post(f"/api/v1/statuses/{answer.id}/bookmark")
    return lambda: {"end": sorted(each.foreign_uri for each in Status.scan(Status.ttl.exists()))}
