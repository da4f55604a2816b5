"""Domain blocks: the list, and what they cover."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.relationships import domain_blocks, follow_requests
from chalicelib.domain.relationships.domain_blocks import MOST, blocks_domain
from chalicelib.domain.viewer import Viewer
from chalicelib.store.accounts.accounts import PREFERENCES, PROFILE, VIEWER_SET, Account, Preferences, ViewerSet
from chalicelib.store.dynamo.table import update
from tests.domain.relationships.pairs import hides

PATH = "/api/v1/domain_blocks"


def lives_at(person, host):
    """Make the account look as if it came from another server."""
    update(Account.stub(person.id, PROFILE), [Account.host.set(host)])


def test_domains_are_listed_newest_first(alice):
    for domain in ("one.example", "two.example", "*.three.example"):
        reply = alice.post(PATH, form={"domain": domain})
        assert (reply.status, reply.json) == (200, {})

    assert alice.get(PATH).json == ["*.three.example", "two.example", "one.example"]


@pytest.mark.parametrize("how", ["params", "form", "json"])
def test_the_domain_comes_by_query_form_or_json(alice, how):
    assert alice.post(PATH, **{how: {"domain": "one.example"}}).json == {}
    assert alice.get(PATH).json == ["one.example"]

    assert alice.delete(PATH, **{how: {"domain": "one.example"}}).json == {}
    assert alice.get(PATH).json == []


def test_repeats_and_unknown_ones_are_harmless(alice):
    alice.post(PATH, form={"domain": "one.example"})
    alice.post(PATH, form={"domain": "two.example"})

    assert alice.post(PATH, form={"domain": "One.example"}).json == {}
    assert alice.delete(PATH, form={"domain": "never.example"}).json == {}
    assert alice.get(PATH).json == ["two.example", "one.example"]


@pytest.mark.parametrize("method", ["post", "delete"])
def test_the_domain_must_be_there(alice, method):
    reply = getattr(alice, method)(PATH)

    assert (reply.status, reply.json["error"]) == (400, "Missing field: domain.")


def test_what_cannot_be_a_domain_is_refused(alice, cast):
    assert alice.post(PATH, form={"domain": "  "}).status == 422
    assert alice.post(PATH, form={"domain": "a" * 256}).status == 422
    update(Preferences.stub(alice.id, PREFERENCES), [Preferences.blocked_domains.set([str(n) for n in range(MOST)])])
    assert alice.post(PATH, form={"domain": "one.example"}).status == 422


def test_they_need_a_user_and_a_scope(cast, anonymous, alice):
    narrow = cast.signs_in(alice.account, "read:statuses")
    for scopes in ("follow", "read:blocks", "read"):
        assert cast.signs_in(alice.account, scopes).get(PATH).status == 200

    assert anonymous.get(PATH).json == {"error": "Invalid credentials."}
    assert narrow.get(PATH).json == {"error": "Insufficient permissions: follow | read:blocks."}
    for method in ("post", "delete"):
        reply = getattr(narrow, method)(PATH, {"domain": "x"})
        assert (reply.status, reply.json) == (403, {"error": "Insufficient permissions: follow | write:blocks."})


def test_list_and_viewer_set_stay_in_step_when_many_come_at_once(alice):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: alice.post(PATH, form={"domain": f"{n}.example"}), range(8)))
        list(pool.map(lambda n: alice.delete(PATH, form={"domain": f"{n}.example"}), range(0, 8, 2)))

    assert sorted(alice.get(PATH).json) == [f"{n}.example" for n in range(1, 8, 2)]
    assert hides(alice).blocked_domains == {f"{n}.example" for n in range(1, 8, 2)}


def test_they_are_read_with_the_token(alice):
    alice.post(PATH, form={"domain": "one.example"})

    assert (alice.get(PATH).calls, alice.get(PATH).rounds) == (1, 1)
    assert (alice.post(PATH, form={"domain": "two.example"}).calls) == 2


# What a block would concern.


def concerns(person, domain):
    reply = person.get(f"{PATH}/preview", {"domain": domain})
    assert reply.status == 200, reply.text
    return reply.json["followers_count"], reply.json["following_count"]


def test_a_preview_counts_followers_and_followed_of_a_domain(alice, bob, carol, cast):
    dora, erin = cast.people(2)
    for person in (bob, carol, dora, erin):
        person.follows(alice)
    for person in (bob, dora):
        alice.follows(person)
    for person, host in ((bob, "d.example"), (carol, "D.example:8443"), (dora, "sub.d.example")):
        lives_at(person, host)

    assert concerns(alice, "d.example") == concerns(alice, " D.Example ") == (2, 1)
    assert concerns(alice, "*.d.example") == (3, 2)
    assert concerns(alice, "example") == (0, 0)
    assert concerns(alice, "kenoma.test") == (1, 0)
    assert alice.get(PATH).json == [], "nothing is blocked by it"


def test_a_preview_costs_the_same_for_two_and_for_forty(alice, cast):
    costs, crowd = [], cast.people(40)
    for people in (crowd[:2], crowd[2:]):
        for person in people:
            person.follows(alice)
        reply = alice.get(f"{PATH}/preview", {"domain": "d.example"})
        costs.append((reply.calls, reply.rounds))

    assert costs == [(4, 3)] * 2


def test_a_preview_looks_at_the_newest_followers(alice, cast, monkeypatch):
    monkeypatch.setattr(domain_blocks, "MOST_LOOKED_AT", 2)
    for person in cast.people(3):
        person.follows(alice)
        lives_at(person, "d.example")

    assert concerns(alice, "d.example") == (2, 0)


@pytest.mark.parametrize("domain", ["  ", "a" * 256])
def test_there_is_no_preview_of_what_cannot_be_a_domain(alice, domain):
    assert alice.get(f"{PATH}/preview", {"domain": domain}).status == 422
    assert alice.get(f"{PATH}/preview").status == 400


# What they cover, and what follows.


def accepts(person, follower):
    """As the server says, where the followed account lives by now."""
    follow_requests.authorize(follower.id, by=Viewer(person.account, ViewerSet.blank(person.id, VIEWER_SET)))


@pytest.mark.parametrize(("pattern", "host", "covered"), [
    ("d.example", "d.example", True),
    ("D.Example", "d.example", True),
    ("d.example", "sub.d.example", False),
    ("*.d.example", "sub.d.example", True),
    ("*.d.example", "d.example", True),
    ("*.d.example", "bad.example", False),
    ("*.d.example", "notd.example", False),
    ("d.example", "d.example:8443", True),
])
def test_a_pattern_covers_whole_labels_only(pattern, host, covered):
    viewer = Viewer(Account("me", PROFILE), ViewerSet("me", VIEWER_SET, blocked_domains={pattern}))

    assert blocks_domain(viewer, Account("other", PROFILE, host=host)) is covered


def test_the_relationship_shows_the_domain_block(alice, bob, carol):
    lives_at(bob, "sub.elsewhere.example")

    alice.post(PATH, form={"domain": "*.elsewhere.example"})

    assert alice.relationship(bob)["domain_blocking"] is True
    assert alice.relationship(carol)["domain_blocking"] is False
    alice.delete(PATH, form={"domain": "*.elsewhere.example"})
    assert alice.relationship(bob)["domain_blocking"] is False


def test_accounts_there_are_not_heard_of_unless_followed(alice, bob, carol):
    alice.follows(carol)
    for person in (bob, carol):
        person.posts("@alice hello")
        lives_at(person, "elsewhere.example")

    alice.post(PATH, form={"domain": "elsewhere.example"})

    assert [each["account"]["id"] for each in alice.get("/api/v1/notifications").json] == [carol.id]
    assert alice.get("/api/v1/notifications", {"with_muted": True}).json[0]["account"]["id"] == carol.id
    alice.follows(bob)
    accepts(bob, alice)
    assert len(alice.get("/api/v1/notifications").json) == 2


def timelines(person):
    """Whose statuses are where."""
    paths = {"home": "home", "public": "public", "tag": "tag/cats", "direct": "direct"}
    return {name: [each["account"]["id"] for each in person.get(f"/api/v1/timelines/{path}").json]
            for name, path in paths.items()}


def test_timelines_and_conversations_leave_them_out_unless_followed(alice, bob, carol, drain):
    for person in (bob, carol):
        lives_at(person, "elsewhere.example")
    alice.follows(carol)
    accepts(carol, alice)
    for person in (bob, carol):
        person.posts("@alice all #cats")
    bob.posts("@alice psst", visibility="direct")
    drain()
    alice.post(PATH, form={"domain": "elsewhere.example"})
    bob.posts("@alice again", visibility="direct")

    assert timelines(alice) == {"home": [carol.id], "public": [carol.id], "tag": [carol.id], "direct": []}
    assert [each["last_status"] for each in alice.get("/api/v1/conversations").json] == []
    assert alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_conversation_count"] == 1
    assert len(alice.get(f"/api/v1/accounts/{bob.id}/statuses").json) == 3, "a profile is looked at on purpose"
    alice.follows(bob)
    accepts(bob, alice)
    assert timelines(alice)["public"] == [carol.id, bob.id]
    assert timelines(alice)["direct"] == [bob.id, bob.id]


def test_what_others_reblog_of_them_is_left_out(alice, bob, carol, drain):
    alice.follows(carol)
    status = bob.posts("hello")["id"]
    lives_at(bob, "elsewhere.example")
    carol.post(f"/api/v1/statuses/{status}/reblog")
    drain()
    assert len(alice.home()) == 1

    alice.post(PATH, form={"domain": "elsewhere.example"})

    assert alice.home() == []
    assert alice.get(f"/api/v1/accounts/{carol.id}/statuses").json == []


def test_a_page_is_full_where_most_of_it_is_left_out(alice, bob, carol):
    lives_at(bob, "elsewhere.example")
    wanted = [carol.posts(f"{number}")["id"] for number in range(3)]
    for number in range(20):
        bob.posts(f"{number}")
    alice.post(PATH, form={"domain": "elsewhere.example"})

    reply = alice.get("/api/v1/timelines/public", {"limit": 3})

    assert [each["id"] for each in reply.json] == wanted[::-1]
