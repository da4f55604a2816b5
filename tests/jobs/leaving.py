"""A small world around one account that is about to leave: something in every table, and others who stay."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.ids import new_flake
from chalicelib.settings import settings
from chalicelib.store import files
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import (
    PREFERENCES,
    PROFILE,
    STATE,
    VIEWER_SET,
    Account,
    Preferences,
    State,
    ViewerSet,
)
from chalicelib.store.dynamo.table import create, update, write_batch
from chalicelib.store.media import uploads
from chalicelib.store.media.uploads import NewFile
from chalicelib.store.notifications.notifications import Notice, Notification
from chalicelib.store.notifications.notifications import row as notification
from chalicelib.store.relationships.relations import Relation
from chalicelib.store.search.index import AccountWord
from tests import leftovers
from tests.cast import Cast, Person
from tests.simulated_aws import LocalAws

FOLLOWERS, STATUSES, FILES = 10, 30, 5


@dataclass
class World:
    """Who leaves, who stays, and how everything must look afterwards."""

    alice: Person
    bob: Person
    carol: Person
    locked: Person
    followers: list[Person]
    statuses: list[str]
    bobs: dict[str, str]
    before: leftovers.Contents

    @property
    def names(self) -> list[str]:
        return [*self.statuses, "alice@localhost.localdomain"]


def build(aws: LocalAws, cast: Cast, drain: Callable[[], Any]) -> World:
    """Make the world by requests where there are any, and the rest row by row."""
    alice, bob, carol = (cast.person(name) for name in ("alice", "bob", "carol"))
    locked = cast.person("locked", locked=True)
    followers = cast.people(FOLLOWERS, "follower")
    for each in [*followers, bob]:
        each.follows(alice)
    followers[0].follows(bob)
    carol.follows(bob)
    for each in [bob, carol, locked, followers[1]]:
        alice.follows(each)
    bobs = {name: bob.posts(f"{name} to everybody")["id"] for name in ("favourite", "reblog", "reaction", "both")}
    bobs["parent"] = bob.posts("answer me")["id"]
    statuses = [alice.posts(f"number {number}")["id"] for number in range(STATUSES - 10)]
    statuses += [
        alice.posts("@bob and @carol #tag #other")["id"],
        alice.posts("a reply", in_reply_to_id=bobs["parent"])["id"],
        alice.posts("another", in_reply_to_id=bobs["parent"])["id"],
        alice.posts("@carol only", visibility="direct")["id"],
        alice.posts("@bob only", visibility="direct")["id"],
        alice.posts("@bob again", visibility="direct")["id"],
        alice.posts("for friends", visibility="private")["id"],
        alice.posts("quietly", visibility="unlisted")["id"],
        alice.posts("soon over", expires_in=86400)["id"],
        alice.posts("my own reply", in_reply_to_id=None)["id"],
    ]
    bobs["reply"] = bob.posts("@alice well", in_reply_to_id=statuses[0])["id"]
    bobs["direct"] = bob.posts("@alice hello", visibility="direct")["id"]
    _marks(alice, bob, carol, statuses, bobs)
    alice.post(f"/api/v1/pleroma/accounts/{bob.id}/subscribe")
    carol.post(f"/api/v1/pleroma/accounts/{alice.id}/subscribe")
    drain()
    statuses.append(alice.posts("told to a subscriber")["id"])
    drain()
    _hidden(alice, carol, locked)
    _own_items(alice, bob)
    _rows_of_later(aws, alice, bob)
    _files(aws, alice, bob)
    return World(alice, bob, carol, locked, followers, statuses, bobs, leftovers.contents(aws))


def _marks(alice: Person, bob: Person, carol: Person, statuses: list[str], bobs: dict[str, str]) -> None:
    for each in (alice, carol):
        each.post(f"/api/v1/statuses/{bobs['favourite']}/favourite")
        each.post(f"/api/v1/statuses/{bobs['reblog']}/reblog")
        each.reacts(bobs["reaction"], "😀")
        each.post(f"/api/v1/statuses/{bobs['both']}/favourite")
    alice.reacts(bobs["reaction"], "☕")
    alice.reacts(bobs["both"], "☕")
    alice.post(f"/api/v1/statuses/{bobs['both']}/bookmark")
    bob.post(f"/api/v1/statuses/{statuses[1]}/favourite")
    bob.post(f"/api/v1/statuses/{statuses[1]}/bookmark")
    bob.reacts(statuses[2], "😀")
    bob.post(f"/api/v1/statuses/{statuses[3]}/reblog")
    alice.post(f"/api/v1/statuses/{statuses[4]}/favourite")
    alice.post(f"/api/v1/statuses/{statuses[4]}/pin")
    alice.post(f"/api/v1/statuses/{bobs['parent']}/mute", {"expires_in": 86400})
    alice.post("/api/v1/statuses", json={"status": "one day", "scheduled_at": "2099-01-01T00:00:00.000Z"})
    alice.post("/api/v1/pleroma/scrobble", json={"title": "a song"})


def _hidden(alice: Person, carol: Person, locked: Person) -> None:
    """Let Carol hide Alice in every way there is, and let Carol's locked account ask to follow."""
    update(ViewerSet.stub(carol.id, VIEWER_SET), [
        ViewerSet.blocked.add({alice.id}), ViewerSet.muted.add({alice.id}), ViewerSet.reblogs_hidden.add({alice.id}),
        ViewerSet.limited.add({alice.id}),
        ViewerSet.notifications_muted.add({alice.id}), ViewerSet.muted_until.set({alice.id: 4_000_000_000}),
        ViewerSet.blocked_until.set({alice.id: 4_000_000_000}),
    ])
    update(Relation.stub(carol.id, alice.id), [Relation.blocks.set(True), Relation.mutes.set(True),
                                               Relation.blocked_id.set(alice.id), Relation.muted_id.set(alice.id),
                                               Relation.version.add(1)])
    update(Account.stub(carol.id, PROFILE), [Account.endorsed.add({alice.id})])
    update(Relation.stub(alice.id, carol.id), [Relation.blocked_by.set(True), Relation.version.add(1)])
    update(Account.stub(alice.id, PROFILE), [Account.locked.set(True)])
    locked.follows(alice)


def _own_items(alice: Person, bob: Person) -> None:
    alice.patch("/api/v1/accounts/update_credentials", json={"birthday": "2001-02-03", "show_birthday": True})
    alice.post("/api/pleroma/follow_import", form={"list": "nobody"})
    create(State(alice.id, STATE, watermark=5))
    create(Preferences(alice.id, PREFERENCES, settings_store={"fe": {"a": 1}}, mascot={"id": "x"}))
    create(notification(Notice(alice.id, "favourite", new_flake(), bob.id)))
    account = alice.account
    update(Account.stub(alice.id, PROFILE), [
        Account.tags.set(["tag"]), Account.notification_settings.set({"followers": False}),
        Account.doc.set({**account.profile, "note": "about me", "fields": [["a", "b", "c"]]}),
    ])


def _rows_of_later(aws: LocalAws, alice: Person, bob: Person) -> None:
    """Chats and lists, both ways; and rows whose features are still to come, as the data model describes them."""
    chat = alice.post(f"/api/v1/pleroma/chats/by-account-id/{bob.id}").json["id"]
    alice.post(f"/api/v1/pleroma/chats/{chat}/messages", json={"content": "hello"})
    chat = bob.post(f"/api/v1/pleroma/chats/by-account-id/{alice.id}").json["id"]
    bob.post(f"/api/v1/pleroma/chats/{chat}/messages", json={"content": "hello yourself"})
    alices_list = alice.post("/api/v1/lists", json={"title": "friends"}).json["id"]
    alice.post(f"/api/v1/lists/{alices_list}/accounts", json={"account_ids": [bob.id]})
    bobs_list = bob.post("/api/v1/lists", json={"title": "people"}).json["id"]
    bob.post(f"/api/v1/lists/{bobs_list}/accounts", json={"account_ids": [alice.id]})
    _put(aws, "backups", {"acct": alice.id, "id": 1, "file": "one.zip"})
    _put(aws, "tokens", {"owner": alice.id, "k": "P#push", "app": "x", "scopes": "push", "created": 1, "expires": 2})
    write_batch(puts=[AccountWord("a#a", f"alice#{alice.id}")])
    _put(aws, "accounts", {"id": alice.id, "part": "N#20990101", "n": 1})


def _files(aws: LocalAws, alice: Person, bob: Person) -> None:
    for number in range(FILES):
        uploads.keep(alice.id, [a_file(b"alice's %d" % number)])
    uploads.keep(alice.id, [a_file(b"everybody's")])
    uploads.keep(alice.id, [a_file(b"twice")])
    uploads.keep(alice.id, [a_file(b"twice")])
    uploads.keep(bob.id, [a_file(b"everybody's")])
    files.put(f"backups/{alice.id}/one.zip", b"zip", "application/zip")
    files.put(f"imports/{alice.id}/list", b"csv", "text/csv")
    update(Account.stub(alice.id, PROFILE), [
        Account.doc.set({**accounts.find(alice.id).profile, "avatar": f"/media/{a_file(b'avatar').name}"}),
    ])
    aws.s3.put_object(Bucket=settings.bucket, Key="media/" + a_file(b"avatar").name, Body=b"avatar")


def a_file(data: bytes) -> NewFile:
    return NewFile(hashlib.sha256(data).hexdigest() + ".png", "image/png", data)


def _put(aws: LocalAws, table: str, item: dict[str, Any]) -> None:
    typed = {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in item.items()}
    aws.dynamodb.put_item(TableName=settings.table_prefix + table, Item=typed)


def told_by(owner: Person, by: Person) -> list[Notification]:
    return [each for each in Notification.query(owner.id, consistent_read=True) if each.by == by.id]
