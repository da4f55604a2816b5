"""Two servers on one machine, each a process of its own: people of one follow, read and answer those of the other."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from infra.local.seed import PASSWORD
from tests.pictures import png
from tests.running.stage import CHECKOUT, PROFILE_WITHIN, SCOPES, Someone, Stage, until

WITHIN = 10.0
"""Seconds within which what happened on one server is seen on the other."""


def stage(data: Path, port: int = 0) -> Stage:
    return Stage(data, port=port, KENOMA_DELIVERY_PACE="0.01", KENOMA_CONFIGURABLE_FROM_DATABASE="1")


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Stage]]:
    folder = tmp_path_factory.mktemp("servers")
    two = stage(folder / "one"), stage(folder / "two")
    yield two[0].answering(), two[1].answering()
    for each in two:
        if each.process.poll() is None:
            each.kill()


def handle(nickname: str, stage: Stage) -> str:
    return f"{nickname}@{stage.url.removeprefix('http://')}"


def found(person: Someone, words: str) -> dict[str, Any]:
    """The account that a search by handle or address resolves."""
    accounts = until(lambda: person.get(f"/api/v2/search?resolve=true&type=accounts&q={quote(words)}")["accounts"])
    account: dict[str, Any] = accounts[0]
    return account


def at_home(person: Someone) -> set[str]:
    """The plain beginnings of what stands on the home timeline."""
    return {status["pleroma"]["content"]["text/plain"].partition(" ")[0]
            for status in person.get("/api/v1/timelines/home?limit=40")}


def told(person: Someone, kind: str) -> list[dict[str, Any]]:
    return [each for each in person.get("/api/v1/notifications") if each["type"] == kind]


def relationship(person: Someone, id: str) -> dict[str, Any]:
    shown: dict[str, Any] = person.get(f"/api/v1/accounts/relationships?id={id}")[0]
    return shown


def comes_to(person: Someone, path: str, count: str, number: int) -> None:
    until(lambda: person.get(path)[count] == number, WITHIN)


def react_and_vote(alice: Someone, bob: Someone, own: str, seen: str) -> None:
    """Alice reacts to what bob has written, and votes in a poll of bob's."""
    def reactions() -> list[str]:
        return [each["name"] for each in bob.get(f"/api/v1/statuses/{own}")["pleroma"]["emoji_reactions"]]

    alice.reacts(seen, "🔥")
    until(lambda: reactions() == ["🔥"], WITHIN)
    alice.takes_back(seen, "🔥")
    until(lambda: not reactions(), WITHIN)

    asked = bob.posts("tea?", poll={"options": ["yes", "no"], "expires_in": 3600, "multiple": True})
    poll = until(lambda: next((each["poll"] for each in alice.get("/api/v1/timelines/home")
                               if each["uri"] == asked["uri"]), None), WITHIN)
    alice.post(f"/api/v1/polls/{poll['id']}/votes", choices=[0, 1])
    until(lambda: [each["votes_count"] for each in bob.get(f"/api/v1/polls/{asked['id']}")["options"]] == [1, 1],
          WITHIN)
    assert bob.get(f"/api/v1/polls/{asked['id']}")["voters_count"] == 1


def chat(alice: Someone, bob: Someone, friend: str) -> None:
    """They say something to each other, and alice takes back what alice has said."""
    own = "/api/v1/pleroma/chats/" + alice.post(f"/api/v1/pleroma/chats/by-account-id/{friend}")["id"]
    said = alice.post(f"{own}/messages", content="hello")
    [theirs] = until(lambda: bob.get("/api/v1/pleroma/chats"), WITHIN)
    assert (theirs["unread"], theirs["last_message"]["content"]) == (1, "hello")
    bob.post(f"/api/v1/pleroma/chats/{theirs['id']}/messages", content="hi")
    until(lambda: [each["content"] for each in alice.get(f"{own}/messages")] == ["hi", "hello"], WITHIN)
    assert alice.http.delete(f"{alice.url}{own}/messages/{said['id']}", timeout=30).status_code == 200
    until(lambda: [each["content"] for each in bob.get(f"/api/v1/pleroma/chats/{theirs['id']}/messages")] == ["hi"],
          WITHIN)


def test_people_of_two_servers_meet(servers: tuple[Stage, Stage]) -> None:
    here, there = servers
    alice, bob = here.signs_in("alice"), there.signs_in("bob")

    # By handle and by address it is the same account.
    friend = found(alice, handle("bob", there))
    assert friend["acct"] == handle("bob", there)
    assert friend["url"] == f"{there.url}/users/bob"
    assert found(alice, f"{there.url}/users/bob")["id"] == friend["id"]

    # A follow is a request until the other server has accepted it.
    assert alice.post(f"/api/v1/accounts/{friend['id']}/follow")["requested"] is True
    until(lambda: relationship(alice, friend["id"])["following"], WITHIN)
    assert [each["account"]["acct"] for each in told(bob, "follow")] == [handle("alice", here)]

    # Followers get what is for them, in each visibility.
    posted = {visibility: bob.posts(f"{visibility} words", visibility=visibility)
              for visibility in ("public", "unlisted", "private", "direct", "local")}
    until(lambda: at_home(alice) >= {"public", "unlisted", "private"}, WITHIN)
    there.settles()
    assert at_home(alice) == {"public", "unlisted", "private"}
    status = next(each for each in alice.get("/api/v1/timelines/home") if each["uri"] == posted["public"]["uri"])
    assert (status["visibility"], status["account"]["id"]) == ("public", friend["id"])

    # An answer, a favourite and a reblog travel back, and so does their end.
    own = f"/api/v1/statuses/{posted['public']['id']}"
    alice.posts(f"@{handle('bob', there)} answer", in_reply_to_id=status["id"])
    until(lambda: told(bob, "mention"), WITHIN)
    assert len(bob.get(f"{own}/context")["descendants"]) == 1
    for act, count in (("favourite", "favourites_count"), ("reblog", "reblogs_count")):
        alice.post(f"/api/v1/statuses/{status['id']}/{act}")
        comes_to(bob, own, count, 1)
        alice.post(f"/api/v1/statuses/{status['id']}/un{act}")
        comes_to(bob, own, count, 0)

    react_and_vote(alice, bob, posted["public"]["id"], status["id"])
    chat(alice, bob, friend["id"])

    # What is deleted is gone on both.
    bob.deletes(posted["unlisted"]["id"])
    until(lambda: "unlisted" not in at_home(alice), WITHIN)

    # A direct status becomes a conversation there.
    alice.posts(f"@{handle('bob', there)} psst", visibility="direct")
    until(lambda: [each for each in bob.get("/api/v1/conversations") if "psst" in each["last_status"]["content"]],
          WITHIN)

    # Whoever is locked decides.
    alice.changes(locked=True)
    other = found(bob, handle("alice", here))
    bob.post(f"/api/v1/accounts/{other['id']}/follow")
    [asking] = until(lambda: alice.get("/api/v1/follow_requests"), WITHIN)
    assert relationship(bob, other["id"])["following"] is False
    alice.post(f"/api/v1/follow_requests/{asking['id']}/authorize")
    until(lambda: relationship(bob, other["id"])["following"], WITHIN)
    alice.posts("chosen words", visibility="private")
    until(lambda: "chosen" in at_home(bob), WITHIN)

    # A changed profile is told.
    bob.changes(display_name="Bob the second")
    until(lambda: alice.get(f"/api/v1/accounts/{friend['id']}")["display_name"] == "Bob the second", PROFILE_WITHIN)

    # Whoever no longer follows is no longer counted.
    alice.post(f"/api/v1/accounts/{friend['id']}/unfollow")
    until(lambda: bob.account()["followers_count"] == 0, WITHIN)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_commands_of_the_document_bring_a_status_from_one_to_the_other(servers: tuple[Stage, Stage]) -> None:
    pasted = re.search(r"```sh\n(.+?)```", (CHECKOUT / "docs" / "federation.md").read_text(), re.DOTALL)
    assert pasted is not None
    commands = pasted[1]
    for server, address in zip(servers, ("127.0.0.1:8001", "127.0.0.1:8002"), strict=True):
        commands = commands.replace(address, server.url.removeprefix("http://"))

    done = subprocess.run(["bash", "-c", commands], capture_output=True, text=True, timeout=120, check=False)

    requested, uri, content = done.stdout.splitlines()
    assert (requested, content) == ("True", "Hello from the other server"), done.stdout + done.stderr
    assert uri.startswith(f"{servers[1].url}/objects/")
    assert done.stderr == ""


def joins(nickname: str, stage: Stage) -> Someone:
    return Someone(stage.url).sign_up(nickname)


def follows(person: Someone, nickname: str, stage: Stage) -> str:
    """Somebody follows an account of the other server, which agrees. Answers its id."""
    id: str = found(person, handle(nickname, stage))["id"]
    person.post(f"/api/v1/accounts/{id}/follow")
    until(lambda: relationship(person, id)["following"], WITHIN)
    return id


def show_and_pin(dave: Someone, carol: Someone, seen: str) -> None:
    """Dave posts a picture and pins it, and carol sees both."""
    picture = dave.upload("/api/v1/media", file=("dot.png", png(2, 1)))
    shown = dave.posts("look", media_ids=[picture["id"]])
    status = until(lambda: next((each for each in carol.get("/api/v1/timelines/home")
                                 if each["uri"] == shown["uri"]), None), WITHIN)
    assert status["media_attachments"][0]["url"] == picture["url"]
    pinned = f"/api/v1/accounts/{seen}/statuses?pinned=true"
    dave.post(f"/api/v1/statuses/{shown['id']}/pin")
    until(lambda: carol.get(pinned), WITHIN)
    dave.post(f"/api/v1/statuses/{shown['id']}/unpin")
    until(lambda: not carol.get(pinned), WITHIN)


def report_and_block(carol: Someone, dave: Someone, seen: str, here: Stage, there: Stage) -> None:
    """Carol reports dave to both servers, and blocks dave for a while."""
    carol.post("/api/v1/reports", account_id=seen, comment="too loud", forward=True)
    staff = there.signs_in("admin", f"{SCOPES} admin")
    [report] = until(lambda: staff.get("/api/pleroma/admin/reports?state=open")["reports"], WITHIN)
    assert (report["content"], report["actor"]["acct"]) == ("too loud", handle("internal.fetch", here))

    blocking = found(dave, handle("carol", here))["id"]
    carol.post(f"/api/v1/accounts/{seen}/block")
    until(lambda: relationship(dave, blocking)["blocked_by"], WITHIN)
    assert dave.account()["followers_count"] == 0
    carol.post(f"/api/v1/accounts/{seen}/unblock")
    until(lambda: not relationship(dave, blocking)["blocked_by"], WITHIN)


def block_server(carol: Someone, dave: Someone, here: Stage, there: Stage) -> None:
    """Each follows the other, until carol wants nothing of dave's whole server for a while."""
    follows(carol, "dave", there)
    followed = follows(dave, "carol", here)
    assert dave.account()["followers_count"] == 1
    carol.post("/api/v1/domain_blocks", domain=there.url.removeprefix("http://"))
    until(lambda: not relationship(dave, followed)["following"], WITHIN)
    comes_to(dave, "/api/v1/accounts/verify_credentials", "followers_count", 0)
    unblocked = carol.http.delete(f"{here.url}/api/v1/domain_blocks",
                                  params={"domain": there.url.removeprefix("http://")}, timeout=30)
    assert unblocked.status_code == 200


def test_people_of_two_servers_part(servers: tuple[Stage, Stage]) -> None:
    here, there = servers
    carol, dave, erin = joins("carol", here), joins("dave", there), joins("erin", there)
    seen = follows(carol, "dave", there)
    show_and_pin(dave, carol, seen)
    report_and_block(carol, dave, seen, here, there)
    block_server(carol, dave, here, there)

    # Followers go with an account that moves, if the new one says so.
    follows(carol, "dave", there)
    next = found(carol, handle("erin", there))["id"]
    assert erin.http.put(f"{there.url}/api/pleroma/aliases", json={"alias": "dave"}, timeout=30).status_code == 200
    dave.post("/api/pleroma/move_account", password=PASSWORD, target_account="erin")
    until(lambda: relationship(carol, next)["following"], WITHIN)
    assert [each["target"]["acct"] for each in told(carol, "move")] == [handle("erin", there)]

    # Whoever leaves is gone on both.
    erin.post("/api/pleroma/delete_account", password=PASSWORD)
    until(lambda: carol.http.get(f"{here.url}/api/v1/accounts/{next}", timeout=30).status_code == 404, WITHIN)


def test_a_server_is_rejected_and_taken_back_and_misses_nothing_while_it_is_away(
        servers: tuple[Stage, Stage]) -> None:
    here, there = servers
    gwen, hugo = joins("gwen", here), joins("hugo", there)
    follows(hugo, "gwen", here)
    staff = here.signs_in("admin", f"{SCOPES} admin")

    def rejects(hosts: list[str]) -> None:
        value = [{"tuple": [":reject", hosts]}]
        staff.post("/api/pleroma/admin/config", configs=[{"group": ":pleroma", "key": ":mrf_simple", "value": value}])

    rejects([there.url.removeprefix("http://")])
    gwen.posts("unheard words")
    hugo.posts(f"@{handle('gwen', here)} unheard too")
    for each in servers:
        each.settles(only=("inbox", "outside"))
    rejects([])
    assert (at_home(hugo), told(gwen, "mention")) == ({"@gwen"}, []), "people read their own"

    there.kill()
    gwen.posts("later words")
    back = stage(there.data, int(there.url.rpartition(":")[2])).answering()
    try:
        until(lambda: "later" in at_home(hugo))
        assert len(hugo.get("/api/v1/timelines/home")) == 2, "and nothing twice"
    finally:
        back.kill()
