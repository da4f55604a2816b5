"""Emoji reactions between servers, in the spellings of several."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.federation import resolving
from chalicelib.domain.federation.receiving import processing
from chalicelib.queues import messages
from chalicelib.store.dynamo.ledgers import counted
from tests.cast import Person
from tests.endpoints.federation.sending import Drain, sends, told, undo
from tests.peers.scripted import PUBLIC, Document, Peer
from tests.simulated_aws import LocalAws

PICTURE = "http://127.0.0.1:9/emoji/blob.png"


@pytest.fixture
def fern(far: Peer) -> Document:
    return far.actor("fern")


@pytest.fixture
def status(alice: Person) -> dict[str, Any]:
    return alice.posts("hello")


def tag(name: str = ":blob:", url: str = PICTURE) -> list[Document]:
    return [{"type": "Emoji", "id": url, "name": name, "icon": {"type": "Image", "url": url}}]


def reaction(far: Peer, by: Document, status: dict[str, Any], emoji: str, **said: Any) -> Document:
    return far.activity("EmojiReact", by, status["uri"], content=emoji, **said)


def of_misskey(far: Peer, by: Document, status: dict[str, Any], emoji: str, **said: Any) -> Document:
    return far.activity("Like", by, status["uri"], content=emoji, _misskey_reaction=emoji, **said)


def shown(person: Person, status: dict[str, Any]) -> list[tuple[str, int]]:
    """The reactions, and ⭐ for each favourite."""
    found = person.get(f"/api/v1/statuses/{status['id']}").json
    marks = [(each["name"], each["count"]) for each in found["pleroma"]["emoji_reactions"]]
    return marks + ([("⭐⭐⭐", found["favourites_count"])] if found["favourites_count"] else [])


FAVOURITE = [("⭐⭐⭐", 1)]
SPELT: dict[str, tuple[dict[str, Any], list[tuple[str, int]]]] = {
    "Pleroma": ({"type": "EmojiReact", "content": "🔥"}, [("🔥", 1)]),
    "without U+FE0F": ({"type": "EmojiReact", "content": "❤"}, [("❤️", 1)]),
    "Misskey": ({"type": "Like", "content": "👍", "_misskey_reaction": "👍"}, [("👍", 1)]),
    "Misskey's name": ({"type": "Like", "_misskey_reaction": "pudding"}, [("🍮", 1)]),
    "a Like with content": ({"type": "Like", "content": "🔥"}, [("🔥", 1)]),
    "custom": ({"type": "EmojiReact", "content": ":blob:", "tag": tag()}, [("blob@FAR", 1)]),
    "a single tag": ({"type": "Like", "content": ":blob:", "tag": tag("blob")[0]}, [("blob@FAR", 1)]),
    "of a third server": ({"type": "Like", "_misskey_reaction": ":blob@Emoji.Example:", "tag": tag()},
                          [("blob@emoji.example", 1)]),
    "of Misskey itself": ({"type": "Like", "_misskey_reaction": ":blob@.:", "tag": tag(":blob@.:")},
                          [("blob@FAR", 1)]),
    "without a tag": ({"type": "EmojiReact", "content": ":blob:"}, FAVOURITE),
    "another tag": ({"type": "EmojiReact", "content": ":blob:", "tag": tag(":cat:")}, FAVOURITE),
    "no picture": ({"type": "EmojiReact", "content": ":blob:", "tag": tag(url="javascript:alert(1)")}, FAVOURITE),
    "no host": ({"type": "EmojiReact", "content": ":blob@a/b:", "tag": tag()}, FAVOURITE),
    "no emoji": ({"type": "EmojiReact", "content": "hello"}, FAVOURITE),
    "plain": ({"type": "Like"}, FAVOURITE),
    "two emoji": ({"type": "EmojiReact", "content": "🔥🔥"}, []),
}


@pytest.mark.parametrize("spelling", SPELT)
def test_a_reaction_comes_in_many_spellings(far: Peer, fern: Document, alice: Person, drain: Drain,
                                            status: dict[str, Any], spelling: str) -> None:
    said, wanted = SPELT[spelling]
    sends(far, {**far.activity("Like", fern, status["uri"]), **said}, fern)
    drain()

    assert shown(alice, status) == [(name.replace("FAR", far.host), count) for name, count in wanted]
    kind = "favourite" if wanted == FAVOURITE else "pleroma:emoji_reaction"
    assert told(alice) == [(kind, f"fern@{far.host}")][:len(wanted)]


def test_a_custom_emoji_is_shown_with_its_picture(far: Peer, fern: Document, alice: Person, drain: Drain,
                                                  status: dict[str, Any]) -> None:
    sends(far, reaction(far, fern, status, ":blob:", tag=tag()), fern)
    drain()
    name, picture = f"blob@{far.host}", {"url": PICTURE, "static_url": PICTURE}

    found = alice.get(f"/api/v1/statuses/{status['id']}").json["pleroma"]["emoji_reactions"]
    (listed,) = alice.get(f"/api/v1/pleroma/statuses/{status['id']}/reactions").json
    (one,) = alice.get(f"/api/v1/pleroma/statuses/{status['id']}/reactions/:{name}:").json
    (notification,) = alice.get("/api/v1/notifications").json

    assert found == [{"name": name, "count": 1, "me": False, **picture}]
    assert listed == one
    assert [each["acct"] for each in listed.pop("accounts")] == [f"fern@{far.host}"]
    assert listed == {"name": name, "count": 1, "me": False, **picture}
    assert (notification["emoji"], notification["emoji_url"]) == (name, PICTURE)


def test_people_here_add_a_custom_emoji_that_is_there(far: Peer, fern: Document, alice: Person, bob: Person,
                                                      drain: Drain, status: dict[str, Any]) -> None:
    sends(far, reaction(far, fern, status, ":blob:", tag=tag()), fern)
    drain()
    name = f"blob@{far.host}"

    assert bob.reacts(status["id"], f":{name}:").json["pleroma"]["emoji_reactions"][0]["me"] is True
    assert bob.reacts(status["id"], f"cat@{far.host}").status == 400
    assert shown(alice, status) == [(name, 2)]

    sends(far, far.activity("Undo", fern, reaction(far, fern, status, ":blob:", tag=tag(), id=None)), fern)
    drain()
    taken = bob.delete(f"/api/v1/pleroma/statuses/{status['id']}/reactions/{name}")
    assert taken.json["pleroma"]["emoji_reactions"] == []


def test_the_same_picture_without_a_host_is_the_same_emoji(far: Peer, third: Peer, fern: Document, alice: Person,
                                                           drain: Drain, status: dict[str, Any]) -> None:
    thyme = third.actor("thyme")
    sends(far, reaction(far, fern, status, ":blob:", tag=tag()), fern)
    drain()
    sends(third, reaction(third, thyme, status, ":blob:", tag=tag()), thyme)
    drain()

    assert shown(alice, status) == [(f"blob@{far.host}", 2)]


def test_an_account_puts_several_emoji_unless_its_server_lets_it_put_one(
        far: Peer, fern: Document, alice: Person, drain: Drain, status: dict[str, Any]) -> None:
    for emoji in ("🔥", "🌲", "🔥"):
        sends(far, reaction(far, fern, status, emoji), fern)
        drain()
    assert shown(alice, status) == [("🔥", 1), ("🌲", 1)]

    first, second = of_misskey(far, fern, status, "👍"), of_misskey(far, fern, status, "🎉")
    for activity in (first, second, undo(far, first)):
        sends(far, activity, fern)
        drain()
    assert shown(alice, status) == [("🎉", 1)]
    assert [kind for kind, _ in told(alice)] == ["pleroma:emoji_reaction"]


@pytest.mark.parametrize("named", ["embedded", "without its id", "address"])
@pytest.mark.parametrize("emoji", ["🔥", ":blob:", ":untagged:", ""])
def test_a_reaction_is_taken_back(far: Peer, fern: Document, alice: Person, drain: Drain, status: dict[str, Any],
                                  named: str, emoji: str) -> None:
    done = far.activity("Like", fern, status["uri"], content=emoji or None, tag=tag() if emoji == ":blob:" else None)
    sends(far, done, fern)
    drain()
    assert shown(alice, status) != []
    what: Any = {"embedded": done, "without its id": {**done, "id": None}, "address": done["id"]}[named]
    sends(far, far.activity("Undo", fern, what), fern)
    drain()

    assert (shown(alice, status), told(alice)) == ([], [])


def test_nobody_takes_back_what_somebody_else_put(far: Peer, fern: Document, alice: Person, drain: Drain,
                                                  status: dict[str, Any]) -> None:
    rose = far.actor("rose")
    done = reaction(far, fern, status, "🔥")
    sends(far, done, fern)
    sends(far, far.activity("Follow", rose, f"{status['uri'].partition('/objects')[0]}/users/alice"), rose)
    drain()
    sends(far, far.activity("Undo", rose, done["id"]), rose)
    sends(far, far.activity("Undo", rose, {**done, "actor": rose["id"]}), rose)
    drain()

    assert shown(alice, status) == [("🔥", 1)]


def test_a_reaction_that_was_taken_back_before_it_came_is_left_out(
        far: Peer, fern: Document, alice: Person, drain: Drain, status: dict[str, Any]) -> None:
    done = reaction(far, fern, status, "🔥")
    for activity in (undo(far, done), done):
        sends(far, activity, fern)
        drain()

    assert shown(alice, status) == []


def test_whom_the_author_blocks_and_who_may_not_see_it_do_not_react(
        far: Peer, fern: Document, alice: Person, drain: Drain, status: dict[str, Any]) -> None:
    secret = alice.posts("for my followers", visibility="private")
    sends(far, reaction(far, fern, secret, "🔥"), fern)
    account = resolving.account_of(fern["id"])
    alice.post(f"/api/v1/accounts/{account.id}/block")
    sends(far, reaction(far, fern, status, "🔥"), fern)
    drain()

    assert (shown(alice, secret), shown(alice, status)) == ([], [])


def test_a_custom_emoji_comes_back_with_its_account(far: Peer, fern: Document, alice: Person, cast: Any, drain: Drain,
                                                    status: dict[str, Any]) -> None:
    sends(far, reaction(far, fern, status, ":blob:", tag=tag()), fern)
    drain()
    root = cast.person("root", is_admin=True, scopes="read write admin")
    for act in ("deactivate", "activate"):
        root.patch(f"/api/pleroma/admin/users/{act}", json={"nicknames": [f"fern@{far.host}"]})
        drain()
        found = alice.get(f"/api/v1/statuses/{status['id']}").json["pleroma"]["emoji_reactions"]
        assert [each.get("url") for each in found] == ([PICTURE] if act == "activate" else [])


# What goes out.


def note(far: Peer, fern: Document, person: Person) -> dict[str, Any]:
    """A note of fern's, as the person sees it."""
    found = resolving.status_of(far.note(fern, "from afar", to=[PUBLIC])["id"])
    shown: dict[str, Any] = person.get(f"/api/v1/statuses/{found.id}").json
    return shown


def heard(peer: Peer, drain: Drain) -> list[Document]:
    before = len(peer.received)
    drain()
    return [each.json for each in peer.received[before:]]


def test_a_reaction_and_its_end_are_sent_to_the_author_alone(far: Peer, fern: Document, alice: Person,
                                                             drain: Drain) -> None:
    status = note(far, fern, alice)
    alice.reacts(status["id"], "🔥")
    (sent,) = heard(far, drain)
    alice.delete(f"/api/v1/pleroma/statuses/{status['id']}/reactions/🔥")
    (undone,) = heard(far, drain)

    assert sent.pop("@context")
    id = sent["id"]
    assert sent == {"id": id, "type": "EmojiReact", "actor": alice.account.uri, "to": [fern["id"]],
                    "object": status["uri"], "content": "🔥"}
    assert (undone["type"], undone["to"], undone["object"]) == ("Undo", [fern["id"]], sent)
    assert [each.target for each in far.received] == ["/users/fern/inbox"] * 2


def test_a_custom_emoji_is_sent_with_the_tag_that_it_came_with(far: Peer, fern: Document, alice: Person,
                                                               drain: Drain) -> None:
    status = note(far, fern, alice)
    sends(far, reaction(far, fern, status, ":blob:", tag=tag()), fern)
    drain()
    alice.reacts(status["id"], f"blob@{far.host}")
    (sent,) = heard(far, drain)
    alice.delete(f"/api/v1/pleroma/statuses/{status['id']}/reactions/blob@{far.host}")
    (undone,) = heard(far, drain)

    assert (sent["content"], len(sent["tag"])) == (":blob:", 1)
    assert (sent["tag"][0]["name"], sent["tag"][0]["icon"]["url"]) == (":blob:", PICTURE)
    assert (undone["object"]["content"], undone["object"]["tag"]) == (":blob:", sent["tag"])


def test_a_reaction_that_was_taken_back_meanwhile_is_not_sent(far: Peer, fern: Document, alice: Person,
                                                              drain: Drain) -> None:
    status = note(far, fern, alice)
    alice.reacts(status["id"], "🔥")
    alice.delete(f"/api/v1/pleroma/statuses/{status['id']}/reactions/🔥")

    assert [each["type"] for each in heard(far, drain)] == ["Undo"]


def test_what_a_reaction_of_a_known_account_costs(far: Peer, fern: Document, alice: Person, drain: Drain,
                                                  status: dict[str, Any], aws: LocalAws) -> None:
    sends(far, far.activity("Like", fern, status["uri"]), fern)
    drain()
    sends(far, reaction(far, fern, status, "🔥"), fern)
    (message,) = [messages.from_text(body) for body in aws.messages("inbox")]

    with counted() as ledger:
        processing.process(message)  # type: ignore[arg-type]

    assert ledger.calls == 4
