"""Jobs of federation: what other servers have sent, once for each kind of thing that it makes or ends."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.federation import addresses, keys
from chalicelib.domain.relationships import severing
from chalicelib.queues.federating import EndFollows, Inbound, MoveFollows
from chalicelib.store.accounts import accounts
from tests.cast import Person
from tests.endpoints.federation.sending import create, follow, followers, sends, to, undo, uri
from tests.jobs.scenarios.registry import leaves
from tests.jobs.world import Shows, World
from tests.peers import scripted
from tests.peers.scripted import PUBLIC, Document, Peer


def _met(world: World, *, featured: bool = False) -> tuple[Peer, Document, Person]:
    """An account elsewhere that is known here, since it mentioned alice. `featured`: it can pin."""
    far = world.open.enter_context(scripted.serving())
    fern = far.actor("fern", featured=f"{far.url}/users/fern/featured" if featured else None)
    (alice,) = world.people("alice")
    keys.pair_of(alice.account)  # each run would make another
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


@leaves(Inbound)
def favourite_taken_back_from_afar(world: World) -> Shows:
    return _taken_back(world, "Like")


@leaves(Inbound)
def reblog_taken_back_from_afar(world: World) -> Shows:
    return _taken_back(world, "Announce")


def _taken_back(world: World, type: str) -> Shows:
    far, fern, alice = _met(world)
    status = alice.posts("hello")
    done = far.activity(type, fern, status["uri"], to=[PUBLIC])
    sends(far, done, fern)
    world.run_all()
    sends(far, undo(far, done), fern)
    return lambda: _shown(alice, status)


@leaves(Inbound)
def edit_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    note = far.note(fern, "one", **to(alice))
    sends(far, create(far, note, fern), fern)
    world.run_all()
    sends(far, far.activity("Update", fern, {**note, "content": "two", "updated": "2098-01-01T00:00:00Z"}), fern)
    return lambda: _shown(alice)


def _asked(world: World) -> tuple[Peer, Document, Person, Document]:
    """Alice asks to follow."""
    far, fern, alice = _met(world)
    known = accounts.find_by_nickname(f"fern@{far.host}")
    assert known is not None
    alice.post(f"/api/v1/accounts/{known.id}/follow")
    world.run_all()
    address = addresses.of_activity(alice.relation_to(known.id).follow_id or "")
    return far, fern, alice, {"type": "Follow", "id": address, "actor": uri(alice), "object": fern["id"]}


@leaves(Inbound)
def acceptance_from_afar(world: World) -> Shows:
    far, fern, alice, asked = _asked(world)
    sends(far, far.activity("Accept", fern, asked), fern)
    return lambda: _shown(alice)


@leaves(Inbound)
def rejection_from_afar(world: World) -> Shows:
    far, fern, alice, asked = _asked(world)
    sends(far, far.activity("Accept", fern, asked), fern)
    world.run_all()
    sends(far, far.activity("Reject", fern, asked), fern)
    return lambda: _shown(alice)


@leaves(Inbound)
def block_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    sends(far, follow(far, fern, alice), fern)
    world.run_all()
    sends(far, far.activity("Block", fern, uri(alice)), fern)
    return lambda: _shown(alice)


@leaves(Inbound)
def block_taken_back_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    block = far.activity("Block", fern, uri(alice))
    sends(far, block, fern)
    world.run_all()
    sends(far, undo(far, block), fern)
    return lambda: _shown(alice)


@leaves(Inbound)
def report_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    admin = world.cast.person("admin", is_admin=True, scopes="read admin:read")
    sends(far, far.activity("Flag", fern, [uri(alice), alice.posts("bad")["uri"]], content="spam"), fern)
    return lambda: {"reports": admin.get("/api/pleroma/admin/reports").json}


@leaves(Inbound)
def pin_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world, featured=True)
    sends(far, far.activity("Add", fern, far.note(fern, "first")["id"], id=None, target=fern["featured"]), fern)
    return lambda: _shown(alice)


def _agreed(world: World) -> tuple[Peer, Document, Person, Person]:
    """Alice follows an account that says to be bob's too."""
    far, fern, alice, asked = _asked(world)
    sends(far, far.activity("Accept", fern, asked), fern)
    world.run_all()
    (bob,) = world.people("bob")
    bob.put("/api/pleroma/aliases", json={"alias": f"fern@{far.host}"})
    world.run_all()
    return far, fern, alice, bob


@leaves(Inbound, resent={"queued": "the followers are asked for once more, and their job has a row"})
def move_from_afar(world: World) -> Shows:
    far, fern, alice, bob = _agreed(world)
    sends(far, far.activity("Move", fern, fern["id"], target=uri(bob)), fern)
    return lambda: _shown(alice)


@leaves(Inbound)
def scrobble_from_afar(world: World) -> Shows:
    far, fern, alice, _ = _agreed(world)
    known = accounts.find_by_nickname(f"fern@{far.host}")
    assert known is not None
    sends(far, far.activity("Listen", fern, {"type": "Audio", "title": "Song"}, to=[PUBLIC]), fern)
    return lambda: {"scrobbles": alice.get(f"/api/v1/pleroma/accounts/{known.id}/scrobbles").json}


@leaves(Inbound)
def mention_by_an_edit_from_afar(world: World) -> Shows:
    far, fern, alice, bob = _agreed(world)
    note = far.note(fern, "one", **to(alice))
    sends(far, create(far, note, fern), fern)
    world.run_all()
    sends(far, far.activity("Update", fern, {**note, "updated": "2098-01-01T00:00:00Z", **to(alice, bob)}), fern)
    return lambda: {**_shown(alice), "bob": _shown(bob)}


@leaves(MoveFollows)
def move_follows(world: World) -> Shows:
    far, fern, alice, bob = _agreed(world)
    sends(far, far.activity("Move", fern, fern["id"], target=uri(bob)), fern)
    return lambda: {**_shown(alice), "bob": _shown(bob)}


@leaves(EndFollows)
def end_follows(world: World) -> Shows:
    """Two of one server follow alice, who waits to follow one of them."""
    world.patch.setattr(severing, "LOOKED_AT", 1)
    far, fern, alice = _met(world)
    gil = far.actor("gil")
    for each in (fern, gil):
        sends(far, follow(far, each, alice), each)
    world.run_all()
    known = accounts.find_by_nickname(f"fern@{far.host}")
    assert known is not None
    alice.post(f"/api/v1/accounts/{known.id}/follow")
    world.run_all()
    alice.post("/api/v1/domain_blocks", {"domain": far.host})
    return lambda: {**_shown(alice), "asked": alice.relation_to(known.id).requested}


@leaves(Inbound, resent={"queued": "the deletion is asked for once more, and its job has a row"})
def end_of_an_account_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    sends(far, follow(far, fern, alice), fern)
    world.run_all()
    sends(far, far.activity("Delete", fern, fern["id"]), fern)
    return lambda: _shown(alice)


@leaves(Inbound)
def reaction_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    status = alice.posts("hello")
    world.run_all()
    picture = {"type": "Emoji", "name": ":blob:", "icon": {"type": "Image", "url": "http://127.0.0.1:9/blob.png"}}
    reaction = far.activity("EmojiReact", fern, status["uri"], content=":blob:", tag=[picture])
    sends(far, reaction, fern)
    return lambda: _shown(alice, status)


@leaves(Inbound)
def changed_reaction_from_afar(world: World) -> Shows:
    """Its server lets an account have one reaction, so the new one takes the place of the old."""
    far, fern, alice = _met(world)
    status = alice.posts("hello")
    for emoji in ("👍", "🎉"):
        world.run_all()
        sends(far, far.activity("Like", fern, status["uri"], _misskey_reaction=emoji), fern)
    return lambda: _shown(alice, status)


@leaves(Inbound)
def reaction_taken_back_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    status = alice.posts("hello")
    done = far.activity("EmojiReact", fern, status["uri"], content="🔥")
    sends(far, done, fern)
    world.run_all()
    sends(far, far.activity("Undo", fern, done["id"]), fern)
    return lambda: _shown(alice, status)


@leaves(Inbound)
def votes_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    poll = alice.posts("?", poll={"options": ["a", "b", "c"], "expires_in": 3600, "multiple": True})
    world.run_all()
    votes = [{"id": f"{fern['id']}#votes/{name}", "type": "Note", "name": name, "attributedTo": fern["id"],
              "inReplyTo": poll["uri"], "to": [uri(alice)]} for name in ("a", "c")]
    sends(far, far.activity("Create", fern, votes, to=[uri(alice)]), fern)
    return lambda: _shown(alice, poll)


def _said(far: Peer, fern: Document, alice: Person) -> Document:
    message = {"id": f"{far.url}/objects/1", "type": "ChatMessage", "attributedTo": fern["id"], "to": [uri(alice)],
               "content": "hi"}
    sends(far, far.activity("Create", fern, message, to=[uri(alice)]), fern)
    return message


def _chats(alice: Person) -> dict[str, Any]:
    mentions = alice.get("/api/v1/notifications", {"include_types[]": "pleroma:chat_mention"}).json
    return {"chats": alice.get("/api/v1/pleroma/chats").json, "mentions": mentions}


@leaves(Inbound)
def message_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    _said(far, fern, alice)
    return lambda: _chats(alice)


@leaves(Inbound)
def message_deleted_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    message = _said(far, fern, alice)
    world.run_all()
    sends(far, far.activity("Delete", fern, message["id"], to=[uri(alice)]), fern)
    return lambda: _chats(alice)


@leaves(Inbound)
def quote_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    status = alice.posts("hello")
    world.run_all()
    sends(far, create(far, far.note(fern, "look", quoteUrl=status["uri"]), fern), fern)
    return lambda: _shown(alice, status)


@leaves(Inbound)
def quote_request_from_afar(world: World) -> Shows:
    far, fern, alice = _met(world)
    status = alice.posts("hello")
    world.run_all()
    note = far.note(fern, "look", quote=status["uri"])
    sends(far, far.activity("QuoteRequest", fern, status["uri"], instrument=note["id"]), fern)
    return lambda: {**_shown(alice, status), "answers": sorted({
        str(each.json.get("result")) for each in far.received if each.json["type"] == "Accept"})}


@leaves(Inbound)
def quote_accepted_from_afar(world: World) -> Shows:
    """A quote of a status there waits for this answer."""
    far, fern, alice = _met(world)
    note = far.note(fern, "hi", **to(alice), interactionPolicy={"canQuote": {"automaticApproval": [PUBLIC]}})
    sends(far, create(far, note, fern), fern)
    world.run_all()
    original = alice.get("/api/v1/notifications").json[0]["status"]
    quote = alice.posts("look", quote_id=original["id"])
    world.run_all()
    asked = next(each.json for each in far.received if each.json["type"] == "QuoteRequest")
    sends(far, far.activity("Accept", fern, asked["id"], result=f"{far.url}/stamps/1"), fern)
    return lambda: {**_shown(alice, quote), "original": alice.get(f"/api/v1/statuses/{original['id']}").json}
