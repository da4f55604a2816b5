"""Statuses as administrators list, see, change and delete them."""

import pytest

from chalicelib.domain.staff import statuses as rules
from chalicelib.domain.statuses import fan_out
from chalicelib.queues.statuses import Deliver
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update
from chalicelib.store.statuses.marks import Mark
from chalicelib.store.statuses.statuses import Status
from chalicelib.store.timelines.feeds import FeedRow, HomeRow
from tests.at_once import at_once
from tests.domain.federation.foreigners import PUBLIC, comes, posts

ROOT = "/api/pleroma/admin"
URL = f"{ROOT}/statuses"
NOT_FOUND = {"error": "Not found"}
NOWHERE = ["9zzzzzzzzzzzzzzzzz", "nonsense", "1", "a.b", "é"]
VISIBILITIES = ["public", "unlisted", "private", "direct", "local"]


@pytest.fixture
def second(cast):
    """Another administrator."""
    return cast.person("second", is_admin=True, scopes="read write follow push admin")


@pytest.fixture
def everywhere(admin, alice, drain):
    """The three lists, each with all of alice's statuses."""
    def listed(**params):
        drain()
        return [admin.get(path, params) for path in (URL, f"{ROOT}/users/alice/statuses",
                                                     f"{ROOT}/instances/kenoma.test/statuses")]

    return listed


def ids(reply):
    assert reply.status == 200, reply.body
    return [status["id"] for status in reply.json]


def logged(admin):
    """The messages of the moderation log, oldest first."""
    items = admin.get(f"{ROOT}/moderation_log").json["items"]
    return [item["message"] for item in reversed(items)]


@pytest.fixture
def leave(drain):
    """Lets somebody's account be deactivated."""
    def act(person):
        person.post("/api/pleroma/disable_account", {"password": "kenoma-local"})
        drain()
        assert person.account.deactivated

    return act


# Lists.


def test_statuses_are_listed_newest_first_with_all_that_the_staff_knows_of_the_author(everywhere, alice):
    first, second = alice.posts("one")["id"], alice.posts("two")["id"]

    for reply in everywhere():
        assert ids(reply) == [second, first]
        author = reply.json[0]["account"]
        assert (author["id"], author["email"], author["is_active"]) == (alice.id, "alice@localhost.localdomain", True)
        assert author["roles"] == {"admin": False, "moderator": False}


def test_only_what_is_for_everybody_is_listed_unless_one_asks_for_all(everywhere, alice):
    made = {visibility: alice.posts("x", visibility=visibility)["id"] for visibility in VISIBILITIES}

    for reply in everywhere():
        assert ids(reply) == [made["unlisted"], made["public"]]
    for reply in everywhere(godmode=True):
        assert ids(reply) == list(made.values())[::-1]


def test_statuses_for_a_list_are_shown_with_godmode(everywhere, alice):
    friends = alice.post("/api/v1/lists", json={"title": "friends"}).json["id"]
    id = alice.posts("x", visibility=f"list:{friends}")["id"]

    for reply in everywhere(godmode="true"):
        assert (ids(reply), reply.json[0]["visibility"]) == ([id], "list")


def test_reblogs_are_listed_if_asked_for(everywhere, alice, bob):
    original = bob.posts("bob's")["id"]
    own = alice.posts("mine")["id"]
    reblog = alice.post(f"/api/v1/statuses/{original}/reblog").json["id"]

    everything, by_alice, here = everywhere()
    assert (ids(everything), ids(by_alice), ids(here)) == ([own, original], [own], [own, original])
    everything, by_alice, here = everywhere(with_reblogs=True)
    assert (ids(everything), ids(by_alice), ids(here)) == (
        [reblog, own, original], [reblog, own], [reblog, own, original])
    shown = by_alice.json[0]
    assert (shown["account"]["id"], shown["account"]["email"]) == (alice.id, "alice@localhost.localdomain")
    assert (shown["reblog"]["id"], "email" in shown["reblog"]["account"]) == (original, False)


def test_replies_are_listed(everywhere, alice, bob):
    parent = bob.posts("ask")["id"]
    reply = alice.posts("answer", in_reply_to_id=parent)["id"]

    everything, by_alice, _ = everywhere()

    assert (ids(everything), ids(by_alice)) == ([reply, parent], [reply])


def test_chats_and_votes_are_no_statuses(everywhere, alice, bob):
    poll = bob.posts("which?", poll={"options": ["a", "b"], "expires_in": 3600})
    alice.post(f"/api/v1/polls/{poll['poll']['id']}/votes", json={"choices": [0]})
    chat = alice.post(f"/api/v1/pleroma/chats/by-account-id/{bob.id}").json["id"]
    alice.post(f"/api/v1/pleroma/chats/{chat}/messages", json={"content": "hi"})

    everything, by_alice, _ = everywhere(godmode=True, with_reblogs=True)

    assert (ids(everything), ids(by_alice)) == ([poll["id"]], [])


def test_blocks_and_mutes_of_the_administrator_have_no_effect(admin, everywhere, alice):
    id = alice.posts("x")["id"]
    admin.post(f"/api/v1/accounts/{alice.id}/block")

    for reply in everywhere():
        assert ids(reply) == [id]


@pytest.fixture
def from_afar():
    """A public and an unlisted status of another server, which are delivered."""
    fern = comes()
    made = [posts(fern, 1, tag=[{"type": "Hashtag", "name": "#tag"}]), posts(fern, 2, to=[], cc=[PUBLIC])]
    fan_out.deliver([Deliver(each.id, fern.id) for each in made])
    return made


def test_statuses_of_other_servers_are_listed_unless_one_asks_for_ours_only(admin, alice, drain, from_afar):
    id = alice.posts("x")["id"]
    drain()

    assert ids(admin.get(URL)) == [id, from_afar[0].id]
    assert ids(admin.get(URL, {"local_only": True})) == [id]
    assert ids(admin.get(f"{ROOT}/instances/kenoma.test/statuses")) == [id]


def test_statuses_of_one_other_server_are_its_public_ones(admin, alice, drain, from_afar):
    alice.posts("x")
    drain()
    public, unlisted = from_afar

    assert ids(admin.get(f"{ROOT}/instances/Far.example/statuses")) == [public.id]
    assert ids(admin.get(f"{ROOT}/instances/far.example/statuses", {"godmode": True})) == [public.id]
    assert ids(admin.get(f"{ROOT}/users/fern@far.example/statuses")) == [unlisted.id, public.id]


def test_a_status_of_another_server_takes_another_visibility_here(admin, alice, drain, from_afar):
    public, _ = from_afar

    for visibility, feeds in (("private", set()), ("public", {"pr", "i#far.example", "gr#tag"})):
        assert admin.put(f"{URL}/{public.id}", json={"visibility": visibility}).json["visibility"] == visibility
        drain()
        found = {row.feed for feed in ("pr", "i#far.example", "gr#tag", "pl", "g#tag") for row in FeedRow.query(feed)}
        assert found == feeds
    assert list(HomeRow.query(f"h#{public.account_id}")) == []
    assert stats(alice) == 0


def test_statuses_of_accounts_that_are_deactivated_are_in_no_list(everywhere, alice, bob, admin, leave):
    other = bob.posts("x")["id"]
    alice.posts("y")
    bob.post(f"/api/v1/statuses/{alice.posts('z')['id']}/reblog")
    leave(alice)

    everything, by_alice, _ = everywhere(godmode=True, with_reblogs=True)

    assert (ids(everything), ids(by_alice)) == ([other], [])
    assert ids(admin.get(f"{ROOT}/users/bob/statuses", {"with_reblogs": True})) == [other]


def test_what_is_left_out_makes_no_page_shorter(admin, alice, bob, leave):
    made = []
    for _ in range(3):
        made.append(alice.posts("a")["id"])
        bob.posts("b")
        bob.posts("c", visibility="private")
    leave(bob)

    assert [ids(admin.get(URL, {"page": page, "page_size": 2})) for page in (1, 2, 3)] == [
        made[:0:-1], made[:1], []]


def test_deleted_statuses_are_gone(everywhere, alice):
    kept, gone = alice.posts("one")["id"], alice.posts("two")["id"]
    alice.delete(f"/api/v1/statuses/{gone}")

    for reply in everywhere():
        assert ids(reply) == [kept]


def test_pages_have_twenty_and_at_most_forty(everywhere, alice):
    made = [alice.posts(f"{number}")["id"] for number in range(45)][::-1]

    for reply in everywhere():
        assert ids(reply) == made[:20]
    for reply in everywhere(page_size=500):
        assert ids(reply) == made[:40]
    for reply in everywhere(page_size=500, page=2):
        assert ids(reply) == made[40:]
    for reply in everywhere(page=3, page_size=20):
        assert ids(reply) == made[40:]
    for reply in everywhere(page=4):
        assert ids(reply) == []


@pytest.mark.parametrize("page", [0, -1, ""])
def test_a_page_below_one_is_the_first(everywhere, alice, page):
    id = alice.posts("x")["id"]

    for reply in everywhere(page=page):
        assert ids(reply) == [id]


def test_a_page_far_beyond_the_end_is_empty(everywhere, alice):
    alice.posts("x")

    for reply in everywhere(page=10**15):
        assert ids(reply) == []


def test_without_statuses_a_list_is_empty(everywhere):
    for reply in everywhere():
        assert reply.json == []


@pytest.mark.parametrize(("params", "error"), [
    ({"page": "x"}, "page - Invalid integer. Got: string."),
    ({"page_size": "1.5"}, "page_size - Invalid integer. Got: string."),
    ({"godmode": "x"}, "godmode - Invalid boolean. Got: string."),
    ({"local_only": "x"}, "local_only - Invalid boolean. Got: string."),
    ({"with_reblogs": "x"}, "with_reblogs - Invalid boolean. Got: string."),
])
def test_what_is_no_number_or_boolean_is_refused_where_the_document_has_a_schema(admin, params, error):
    reply = admin.get(URL, params)

    assert (reply.status, reply.json["error"]) == (400, error)


@pytest.mark.parametrize("params", [{"page": "x"}, {"page_size": "x"}, {"page_size": 0}, {"page_size": -5}])
def test_elsewhere_it_is_the_default(admin, alice, drain, params):
    made = [alice.posts(f"{number}")["id"] for number in range(21)][::-1]
    drain()

    for path in ("users/alice", "instances/kenoma.test"):
        assert ids(admin.get(f"{ROOT}/{path}/statuses", params)) == made[:20]


def test_a_size_below_one_is_one_where_the_document_has_a_schema(admin, alice, drain):
    alice.posts("one")
    id = alice.posts("two")["id"]
    drain()

    assert ids(admin.get(URL, {"page_size": 0})) == [id]


@pytest.mark.parametrize("name", ["nobody", "9zzzzzzzzzzzzzzzzz"])
def test_an_unknown_account_is_not_found(admin, name):
    reply = admin.get(f"{ROOT}/users/{name}/statuses")

    assert (reply.status, reply.json) == (404, NOT_FOUND)


def test_an_account_is_named_by_nickname_or_id(admin, alice):
    id = alice.posts("x")["id"]

    for name in ("alice", "ALICE", "alice@kenoma.test", alice.id):
        assert ids(admin.get(f"{ROOT}/users/{name}/statuses")) == [id]


def test_an_instance_is_named_by_its_host(admin, alice, drain):
    id = alice.posts("x")["id"]
    drain()

    assert ids(admin.get(f"{ROOT}/instances/KENOMA.test/statuses")) == [id]
    for host in ("other.example", "kenoma", "kenoma.test:81"):
        assert admin.get(f"{ROOT}/instances/{host}/statuses").json == []


def test_lists_take_as_many_calls_whatever_there_is(everywhere, alice, bob):
    alice.posts("x")
    few = everywhere()
    for number in range(30):
        (alice if number % 2 else bob).posts(f"{number}", visibility="private" if number % 5 == 0 else "public")

    many = everywhere()

    assert [(reply.calls, reply.rounds) for reply in few] == [(6, 4), (6, 5), (5, 4)]
    assert [(reply.calls, reply.rounds) for reply in many] == [(6, 4), (6, 5), (5, 4)]
    assert len(many[0].json) == 20


def test_reading_ends_where_very_much_is_left_out(admin, alice, bob, drain, monkeypatch):
    shown = alice.posts("x")["id"]
    for number in range(8):
        bob.posts(f"{number}", visibility="private")
    drain()
    monkeypatch.setattr(rules, "NEXT_PAGES", (1, 1, 1))

    reply = admin.get(URL, {"page_size": 1})
    assert ids(reply) == []
    assert reply.calls <= 12
    assert ids(admin.get(URL, {"page_size": 1, "godmode": True, "page": 9})) == [shown]


def test_many_authors_who_are_left_out_cost_few_calls(admin, cast, alice, drain):
    shown = alice.posts("x")["id"]
    gone = cast.people(30)
    for each in gone:
        each.posts("spam")
    drain()
    for each in gone:
        update(Account.stub(each.id, PROFILE), [Account.deactivated.set(True)])

    reply = admin.get(URL, {"page_size": 1})

    assert ids(reply) == [shown]
    assert reply.calls == 9


# One status.


@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_a_status_of_any_visibility_is_shown(admin, alice, visibility):
    id = alice.posts("x", visibility=visibility)["id"]

    shown = admin.get(f"{URL}/{id}").json

    assert (shown["id"], shown["visibility"], shown["account"]["email"]) == (
        id, visibility, "alice@localhost.localdomain")


def test_a_status_of_somebody_deactivated_is_shown_by_its_id(admin, alice, leave):
    id = alice.posts("x")["id"]
    leave(alice)

    shown = admin.get(f"{URL}/{id}").json

    assert (shown["id"], shown["account"]["deactivated"]) == (id, True)


@pytest.mark.parametrize("id", NOWHERE)
def test_an_unknown_status_is_not_found(admin, id):
    for reply in (admin.get(f"{URL}/{id}"), admin.put(f"{URL}/{id}", json={"sensitive": True}),
                  admin.delete(f"{URL}/{id}")):
        assert (reply.status, reply.json) == (404, NOT_FOUND)
    assert logged(admin) == []


def test_a_deleted_status_and_one_of_a_deleted_account_are_not_found(admin, alice, bob):
    gone, by_bob = alice.posts("x")["id"], bob.posts("y")["id"]
    alice.delete(f"/api/v1/statuses/{gone}")
    bob.post("/api/pleroma/delete_account", {"password": "kenoma-local"})

    assert admin.get(f"{URL}/{gone}").json == NOT_FOUND
    assert admin.put(f"{URL}/{gone}", json={}).json == NOT_FOUND
    assert by_bob


def test_a_reblog_is_shown_and_neither_changed_nor_deleted(admin, alice, bob):
    reblog = bob.post(f"/api/v1/statuses/{alice.posts('x')['id']}/reblog").json["id"]

    assert admin.get(f"{URL}/{reblog}").json["account"]["id"] == bob.id
    assert admin.put(f"{URL}/{reblog}", json={"sensitive": True}).json == NOT_FOUND
    assert admin.delete(f"{URL}/{reblog}").json == NOT_FOUND


def test_one_status_takes_four_calls(admin, alice):
    reply = admin.get(f"{URL}/{alice.posts('x')['id']}")

    assert (reply.calls, reply.rounds) == (4, 3)


# Changing one.


def test_a_status_is_marked_sensitive_and_that_is_logged(admin, alice, bob):
    id = alice.posts("x")["id"]

    reply = admin.put(f"{URL}/{id}", json={"sensitive": True})

    assert reply.status == 200
    assert (reply.json["id"], reply.json["sensitive"], reply.json["visibility"]) == (id, True, "public")
    assert "email" not in reply.json["account"]
    assert bob.get(f"/api/v1/statuses/{id}").json["sensitive"] is True
    admin.put(f"{URL}/{id}", form={"sensitive": "false"})
    assert bob.get(f"/api/v1/statuses/{id}").json["sensitive"] is False
    assert logged(admin) == [f"@admin updated status #{id}, set sensitive: 'true'",
                             f"@admin updated status #{id}, set sensitive: 'false'"]


def test_both_may_be_sent_or_neither(admin, alice):
    id = alice.posts("x")["id"]

    both = admin.put(f"{URL}/{id}", json={"sensitive": True, "visibility": "private"}).json
    neither = admin.put(f"{URL}/{id}", json={}).json

    assert (both["sensitive"], both["visibility"]) == (True, "private")
    assert (neither["sensitive"], neither["visibility"]) == (True, "private")
    assert logged(admin) == [f"@admin updated status #{id}, set sensitive: 'true', visibility: 'private'",
                             f"@admin updated status #{id}, set visibility: ''"]


@pytest.mark.parametrize(("params", "error"), [
    ({"visibility": "test"}, "test - Invalid value for enum."),
    ({"sensitive": "x"}, "sensitive - Invalid boolean. Got: string."),
    ({"sensitive": True, "visibility": "direct"}, "Unsupported visibility"),
    ({"sensitive": True, "visibility": "local"}, "Unsupported visibility"),
    ({"sensitive": True, "visibility": "list"}, "Unsupported visibility"),
])
def test_what_cannot_be_set_changes_nothing(admin, alice, params, error):
    id = alice.posts("x")["id"]

    reply = admin.put(f"{URL}/{id}", json=params)

    assert (reply.status, reply.json["error"]) == (400, error)
    shown = alice.get(f"/api/v1/statuses/{id}").json
    assert (shown["sensitive"], shown["visibility"]) == (False, "public")
    assert logged(admin) == []


@pytest.mark.parametrize("visibility", [*VISIBILITIES, "list"])
def test_the_present_visibility_is_always_accepted(admin, alice, visibility):
    friends = alice.post("/api/v1/lists", json={"title": "friends"}).json["id"]
    id = alice.posts("x", visibility=f"list:{friends}" if visibility == "list" else visibility)["id"]

    reply = admin.put(f"{URL}/{id}", json={"sensitive": True, "visibility": visibility})

    assert reply.status == 200, reply.body
    assert (reply.json["sensitive"], reply.json["visibility"]) == (True, visibility)
    assert logged(admin) == [f"@admin updated status #{id}, set sensitive: 'true', visibility: '{visibility}'"]


def stats(person):
    return person.get("/api/v1/instance").json["stats"]["status_count"]


def seen(bob, alice, id, tag="tag"):
    """Where somebody finds the status of alice."""
    lists = {
        "public": "/api/v1/timelines/public", "tag": f"/api/v1/timelines/tag/{tag}", "home": "/api/v1/timelines/home",
        "profile": f"/api/v1/accounts/{alice.id}/statuses",
    }
    found = {name for name, path in lists.items() if id in [each["id"] for each in bob.get(path).json]}
    hits = bob.get("/api/v2/search", {"q": "findable", "type": "statuses"}).json["statuses"]
    shown = bob.get(f"/api/v1/statuses/{id}").status == 200
    return found | ({"search"} if id in [each["id"] for each in hits] else set()) | ({"id"} if shown else set())


EVERYWHERE = {"public", "tag", "home", "profile", "search", "id"}
FOR_FOLLOWER = {
    "public": EVERYWHERE, "unlisted": EVERYWHERE - {"public", "tag"}, "private": {"home", "profile", "id"},
}
FOR_STRANGER = {
    "public": EVERYWHERE - {"home"}, "unlisted": {"profile", "search", "id"}, "private": set(),
}


@pytest.mark.parametrize("before", [*VISIBILITIES, "list"])
@pytest.mark.parametrize("after", ["public", "unlisted", "private"])
def test_another_visibility_takes_a_status_to_where_it_belongs(admin, alice, bob, carol, drain, before, after):
    bob.follows(alice)
    friends = alice.post("/api/v1/lists", json={"title": "friends"}).json["id"]
    drain()
    id = alice.posts("findable #tag", visibility=f"list:{friends}" if before == "list" else before)["id"]
    drain()

    reply = admin.put(f"{URL}/{id}", json={"visibility": after})
    assert (reply.status, reply.json["visibility"]) == (200, after)
    drain()

    assert seen(bob, alice, id) == FOR_FOLLOWER[after]
    assert seen(carol, alice, id) == FOR_STRANGER[after]
    assert alice.get(f"/api/v1/statuses/{id}").json["visibility"] == after
    assert id in alice.home()
    counts = int(after != "private")
    assert alice.account.statuses_count == counts
    assert stats(alice) == counts
    by_visibility = admin.get(f"{ROOT}/stats").json["status_visibility"]
    assert by_visibility == {**dict.fromkeys(("public", "unlisted", "private", "direct"), 0), after: 1}


@pytest.mark.parametrize("after", ["public", "private"])
def test_shared_timelines_and_counters_follow_before_any_job_runs(admin, alice, carol, drain, after):
    before = "private" if after == "public" else "public"
    id = alice.posts("x #tag", visibility=before)["id"]
    drain()

    admin.put(f"{URL}/{id}", json={"visibility": after})

    there = after == "public"
    for path in ("/api/v1/timelines/public", "/api/v1/timelines/tag/tag", f"/api/v1/accounts/{alice.id}/statuses"):
        assert (id in [each["id"] for each in carol.get(path).json]) is there
    assert (alice.account.statuses_count, stats(alice)) == (int(there), int(there))
    assert ids(admin.get(URL)) == ([id] if there else [])


def test_a_status_is_taken_home_and_back_as_often_as_one_likes(admin, alice, bob, carol, drain):
    bob.follows(alice)
    id = alice.posts("findable #tag")["id"]
    drain()

    for visibility in ("private", "public", "unlisted", "private", "unlisted", "public"):
        admin.put(f"{URL}/{id}", json={"visibility": visibility})
        drain()
        assert seen(bob, alice, id) == FOR_FOLLOWER[visibility]
        assert seen(carol, alice, id) == FOR_STRANGER[visibility]
    assert (alice.account.statuses_count, stats(alice)) == (1, 1)


def test_what_is_in_the_air_does_not_bring_back_the_old_visibility(admin, alice, bob, carol, drain):
    """The status is changed before it was delivered."""
    bob.follows(alice)
    drain()
    id = alice.posts("findable #tag")["id"]

    admin.put(f"{URL}/{id}", json={"visibility": "private"})
    drain()

    assert seen(bob, alice, id) == FOR_FOLLOWER["private"]
    assert seen(carol, alice, id) == set()
    assert ids(admin.get(URL)) == []
    assert ids(admin.get(URL, {"godmode": True})) == [id]


def test_the_parents_count_of_replies_follows(admin, alice, bob):
    parent = bob.posts("ask")["id"]
    id = alice.posts("answer", in_reply_to_id=parent)["id"]

    for visibility, count in (("private", 0), ("unlisted", 1), ("public", 1)):
        admin.put(f"{URL}/{id}", json={"visibility": visibility})
        assert bob.get(f"/api/v1/statuses/{parent}").json["replies_count"] == count


def test_a_reply_to_a_deleted_status_can_be_changed(admin, alice, bob):
    parent = bob.posts("ask")["id"]
    id = alice.posts("answer", in_reply_to_id=parent)["id"]
    bob.delete(f"/api/v1/statuses/{parent}")

    assert admin.put(f"{URL}/{id}", json={"visibility": "private"}).status == 200

    assert (alice.account.statuses_count, stats(alice)) == (0, 0)


def test_a_status_that_was_direct_leaves_conversations(admin, alice, bob, drain):
    first = alice.posts("@bob one", visibility="direct")["id"]
    second = alice.posts("@bob two", visibility="direct", in_reply_to_id=first)["id"]
    drain()

    admin.put(f"{URL}/{second}", json={"visibility": "unlisted"})
    drain()

    for person in (alice, bob):
        assert [each["last_status"]["id"] for each in person.get("/api/v1/conversations").json] == [first]
        assert [each["id"] for each in person.get("/api/v1/timelines/direct").json] == [first]
        assert person.get(f"/api/v1/statuses/{second}").json["pleroma"]["direct_conversation_id"] is None
    assert second in bob.home()


def test_replies_know_whom_their_parent_is_for(admin, alice, bob, carol, drain):
    parent = alice.posts("ask")["id"]
    reply = bob.posts("answer", in_reply_to_id=parent)["id"]

    for visibility, visible in (("private", False), ("public", True)):
        admin.put(f"{URL}/{parent}", json={"visibility": visibility})
        drain()
        assert carol.get(f"/api/v1/statuses/{reply}").json["pleroma"]["parent_visible"] is visible


def test_notifications_and_marks_follow(admin, alice, bob, carol, drain):
    carol.post(f"/api/v1/pleroma/accounts/{alice.id}/subscribe")
    carol.follows(alice)
    id = alice.posts("@bob look")["id"]
    drain()
    bob.post(f"/api/v1/statuses/{id}/favourite")
    carol.post(f"/api/v1/statuses/{id}/favourite")
    carol.reacts(id, "😀")

    admin.put(f"{URL}/{id}", json={"visibility": "private"})
    drain()

    hidden = {"exclude_visibilities": ["private"]}
    for person, types in ((bob, ["mention"]), (carol, ["mention"]), (alice, ["favourite", "pleroma:emoji_reaction"])):
        told = person.get("/api/v1/notifications", {"include_types": types}).json
        assert {each["status"]["id"] for each in told} == {id}
        assert person.get("/api/v1/notifications", {"include_types": types, **hidden}).json == []
    assert Mark.get(bob.id, id).visibility == Mark.get(carol.id, id).visibility == "private"
    assert [each["id"] for each in carol.get("/api/v1/favourites").json] == [id]


def test_two_administrators_change_one_status_at_once(admin, second, alice, drain):
    id = alice.posts("x #tag")["id"]
    drain()

    replies = at_once(*[lambda who=who, word=word: who.put(f"{URL}/{id}", json={"visibility": word})
                        for who, word in ((admin, "private"), (second, "unlisted")) * 3])
    drain()

    assert {reply.status for reply in replies} == {200}
    last = Status.get(id).visibility
    counts = int(last == "unlisted")
    assert (alice.account.statuses_count, stats(alice)) == (counts, counts)
    assert len(logged(admin)) == 6
    assert ids(admin.get(URL)) == [id] * counts


def test_a_status_is_changed_and_deleted_at_once(admin, second, alice, carol, drain):
    for _ in range(4):
        id = alice.posts("findable #tag")["id"]
        drain()

        changed, deleted = at_once(*[lambda id=id, act=act: act(f"{URL}/{id}", {"visibility": "unlisted"})
                                     for act in (admin.put, second.delete)])
        drain()

        assert deleted.status == 200
        assert changed.status in (200, 404)
        assert seen(carol, alice, id) == set()
    assert (alice.account.statuses_count, stats(alice)) == (0, 0)


def test_changing_takes_as_many_calls_whatever_hangs_on_the_status(admin, alice, bob):
    plain, busy = alice.posts("x")["id"], alice.posts("@bob x #a #b #c")["id"]
    for number in range(5):
        bob.posts(f"{number}", in_reply_to_id=busy)
    bob.post(f"/api/v1/statuses/{busy}/favourite")

    costs = [(reply.calls, reply.rounds) for reply in (
        admin.put(f"{URL}/{id}", json={"visibility": "private"}) for id in (plain, busy))]

    assert costs[0] == costs[1]


# Deleting one.


def test_a_status_is_deleted_with_all_that_belongs_to_it_and_that_is_logged(admin, alice, bob, drain):
    parent = bob.posts("ask")["id"]
    id = alice.posts("@bob findable #tag", in_reply_to_id=parent)["id"]
    bob.post(f"/api/v1/statuses/{id}/favourite")
    reblog = bob.post(f"/api/v1/statuses/{id}/reblog").json["id"]
    drain()

    reply = admin.delete(f"{URL}/{id}")
    drain()

    assert (reply.status, reply.json) == (200, {})
    assert [alice.get(f"/api/v1/statuses/{each}").status for each in (id, reblog)] == [404, 404]
    assert seen(bob, alice, id) == set()
    assert bob.get(f"/api/v1/statuses/{parent}").json["replies_count"] == 0
    assert (alice.account.statuses_count, stats(alice)) == (0, 1)
    assert bob.get("/api/v1/notifications").json == alice.get("/api/v1/notifications").json == []
    assert logged(admin) == [f"@admin deleted status #{id}"]
    assert admin.delete(f"{URL}/{id}").json == NOT_FOUND


@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_a_status_that_the_administrator_could_not_see_is_deleted_too(admin, alice, visibility):
    id = alice.posts("x", visibility=visibility)["id"]

    assert admin.delete(f"{URL}/{id}").status == 200

    assert alice.get(f"/api/v1/statuses/{id}").status == 404


def test_two_administrators_delete_one_status_at_once(admin, second, alice):
    id = alice.posts("x")["id"]

    replies = at_once(*[lambda who=who: who.delete(f"{URL}/{id}") for who in (admin, second)])

    assert sorted(reply.status for reply in replies) == [200, 404]
    assert len(logged(admin)) == 1
    assert (alice.account.statuses_count, stats(alice)) == (0, 0)


def test_behind_the_admin_token_nobody_acts(anonymous, admin, alice, setting):
    setting(admin_token="sesame")
    id = alice.posts("x")["id"]

    assert anonymous.put(f"{URL}/{id}", {"admin_token": "sesame", "sensitive": True}).status == 200
    assert anonymous.delete(f"{URL}/{id}", headers={"X-Admin-Token": "sesame"}).status == 200

    assert logged(admin) == [f"@ updated status #{id}, set sensitive: 'true'", f"@ deleted status #{id}"]


# Who may.


@pytest.mark.parametrize(("method", "path", "right"), [
    ("GET", "/statuses", "read"), ("GET", "/statuses/x", "read"), ("GET", "/users/alice/statuses", "read"),
    ("GET", "/instances/kenoma.test/statuses", "read"), ("PUT", "/statuses/x", "write"),
    ("DELETE", "/statuses/x", "write"),
])
def test_statuses_take_the_scope_and_an_administrator(admin, cast, alice, method, path, right):
    other = "write" if right == "read" else "read"
    narrow = cast.signs_in(admin.account, f"admin:{other}:statuses")

    assert alice.request(method, ROOT + path).json == {"error": "User is not an admin."}
    assert narrow.request(method, ROOT + path).json == {"error": f"Insufficient permissions: admin:{right}:statuses."}
    assert cast.signs_in(admin.account, f"admin:{right}:statuses").request(method, ROOT + path).status != 403
