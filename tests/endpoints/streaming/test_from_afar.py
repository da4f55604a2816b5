"""What comes from other servers, from lists, and by the schedule, for those who listen."""

from __future__ import annotations

from chalicelib.domain.streaming import listening
from chalicelib.store.streaming import connections
from tests.cast import Person
from tests.domain.federation.conftest import far as far
from tests.endpoints.federation.sending import create, sends, to
from tests.endpoints.streaming.conftest import Drain, Listens
from tests.peers.scripted import PUBLIC, Peer
from tests.sockets import Gateway, Socket


def updates(socket: Socket) -> list[list[str]]:
    return [stream for stream, _ in socket.events("update")]


def test_a_status_of_another_server_is_heard_where_it_belongs(
        listens: Listens, drain: Drain, far: Peer, alice: Person, bob: Person) -> None:
    heard = [listens(None, "public"), listens(None, "public:remote"), listens(None, "public:remote", instance=far.host),
             listens(None, "hashtag", tag="cats"), listens(alice, "user")]
    silent = [listens(None, "public:local"), listens(None, "public:remote", instance="other.example"),
              listens(None, "hashtag:local", tag="cats"), listens(bob, "user")]
    fern = far.actor("fern")
    listening.forget()  # the function of the inbox is another process

    wanted = to(alice)
    tag = {"type": "Hashtag", "name": "#Cats", "href": f"{far.url}/tags/cats"}
    note = far.note(fern, "Hello #Cats", to=[PUBLIC, *wanted["to"]], tag=[*wanted["tag"], tag])
    assert sends(far, create(far, note, fern), fern).status == 202
    drain()

    assert [updates(each) for each in heard] == [
        [["public"]], [["public:remote"]], [["public:remote", far.host]], [["hashtag", "cats"]], [["user"]]]
    assert [updates(each) for each in silent] == [[], [], [], []]


def test_a_host_that_a_viewer_blocks_is_not_heard(
        listens: Listens, drain: Drain, far: Peer, alice: Person, bob: Person) -> None:
    alice.post("/api/v1/domain_blocks", {"domain": far.host})
    blocker, other = listens(alice, "public"), listens(bob, "public")
    fern = far.actor("fern")

    sends(far, create(far, far.note(fern, "Hello", **to(bob)), fern), fern)
    drain()

    assert (updates(blocker), updates(other)) == ([], [["public"]])


def test_a_follow_from_a_list_is_heard(listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    socket = listens(bob, "user:notification")
    alice.post("/api/pleroma/follow_import", form={"list": "bob"})
    listening.forget()

    drain()

    assert [payload["type"] for _, payload in socket.events("notification")] == ["follow"]


def test_staff_hear_of_a_report(listens: Listens, drain: Drain, admin: Person, alice: Person, bob: Person) -> None:
    socket = listens(admin, "user:notification")

    alice.post("/api/v1/reports", {"account_id": bob.id, "comment": "spam"})
    listening.forget()
    drain()

    assert [payload["type"] for _, payload in socket.events("notification")] == ["pleroma:report"]


def test_jobs_ask_anew_whether_anybody_listens(
        listens: Listens, drain: Drain, alice: Person, bob: Person, admin: Person) -> None:
    socket = listens(alice, "user")
    admin.patch("/api/v1/pleroma/admin/users/force_password_reset", json={"nicknames": ["alice"]})
    listening.forget()

    drain()

    assert socket.is_closed


def test_a_new_text_of_an_announcement_is_heard_with_the_pictures_of_its_reactions(
        listens: Listens, drain: Drain, admin: Person, alice: Person) -> None:
    made = admin.post("/api/v1/pleroma/admin/announcements", {"content": "We move"}).json["id"]
    alice.put(f"/api/v1/announcements/{made}/reactions/🎉")
    socket = listens(alice, "user")

    admin.patch(f"/api/v1/pleroma/admin/announcements/{made}", json={"content": "We have moved"})
    drain()

    ((_, told),) = socket.events("announcement")
    assert told["text"] == "We have moved"
    assert [(each["name"], each["count"]) for each in told["reactions"]] == [("🎉", 1)]


def test_who_speaks_on_a_socket_that_is_gone_is_forgotten(
        sockets: Gateway, listens: Listens, alice: Person) -> None:
    socket = listens(alice, "user")
    sockets.hang_up(socket, tells=False)

    sockets.say(socket, type="subscribe", stream="direct")

    assert connections.list_all() == []


def test_a_token_that_follows_later_counts_among_the_ten_sockets(
        sockets: Gateway, drain: Drain, alice: Person) -> None:
    opened = [sockets.connect("stream=user", token=alice.token) for _ in range(10)]
    late = sockets.connect()

    sockets.say(late, type="pleroma:authenticate", token=alice.token)
    drain()

    assert sum(each.is_closed for each in opened) == 1
    assert not late.is_closed
