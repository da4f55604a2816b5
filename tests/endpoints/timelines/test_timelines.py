"""Home, public and account timelines: what they hold, how they page, what a page costs."""

from urllib.parse import quote

import pytest

from chalicelib.ids import new_flake
from chalicelib.store.accounts.accounts import PROFILE, VIEWER_SET, Account, ViewerSet
from chalicelib.store.dynamo.table import update, write_batch
from chalicelib.store.timelines import feeds
from chalicelib.store.timelines.feeds import FeedRow, HomeRow


def hides(viewer, **sets):
    """Write directly into the store what `viewer` blocks or mutes."""
    actions = [getattr(ViewerSet, name).add(set(ids)) for name, ids in sets.items()]
    update(ViewerSet.stub(viewer.id, VIEWER_SET), actions)


def ids(reply):
    return [status["id"] for status in reply.json]


def posted(person, count, **params):
    """Ids of new statuses, newest first."""
    return [person.posts(f"status {number}", **params)["id"] for number in range(count)][::-1]


# Home.


def test_home_holds_ones_own_and_followed_statuses(alice, bob, carol, drain):
    alice.follows(bob)
    own, theirs = alice.posts("mine")["id"], bob.posts("theirs")["id"]
    carol.posts("nobody follows me")
    drain()

    assert alice.home() == [theirs, own]


def test_the_author_sees_their_status_at_once(alice):
    id = alice.posts("now")["id"]

    assert alice.home() == [id]


def test_followers_see_private_statuses_and_strangers_do_not(alice, bob, carol, drain):
    bob.follows(alice)
    id = alice.posts("friends only", visibility="private")["id"]
    drain()

    assert bob.home() == [id]
    assert carol.home() == []


def test_a_mention_reaches_the_home_of_those_who_do_not_follow(alice, bob, drain):
    id = alice.posts("hey @bob")["id"]
    drain()

    assert bob.home() == [id]


def test_a_follower_who_is_mentioned_gets_one_row(alice, bob, drain):
    bob.follows(alice)
    id = alice.posts("hey @bob")["id"]
    drain()

    rows = feeds.read(HomeRow, f"h#{bob.id}", limit=10)
    assert [(row.id, row.why) for row in rows] == [(id, "a")]


def test_delivering_a_deleted_status_is_finished_not_failed():
    from chalicelib.domain.statuses import fan_out
    from chalicelib.queues.statuses import Deliver, DeliverChunk

    fan_out.deliver([Deliver("0" * 18, "0" * 18)])
    fan_out.deliver_chunk([DeliverChunk("0" * 18, ["0" * 18], "0" * 18)])


def test_home_needs_a_user(anonymous, cast):
    assert anonymous.get("/api/v1/timelines/home").json == {"error": "Invalid credentials."}
    writer = cast.person("writer", scopes="write")
    assert writer.get("/api/v1/timelines/home").json == {"error": "Insufficient permissions: read:statuses."}


def test_blocked_people_are_left_out_of_home(alice, bob, carol, drain):
    alice.follows(bob)
    bob.posts("by the blocked")
    bob_mentions = carol.posts("hey @alice and @bob")["id"]
    carol.posts("hey @alice")
    drain()

    hides(alice, blocked=[bob.id])

    assert bob_mentions not in alice.home()
    assert len(alice.home()) == 1
    assert len(alice.home(with_muted=True)) == 1


def test_muted_people_and_threads_return_when_asked_for(alice, bob, drain):
    alice.follows(bob)
    first = bob.posts("one")["id"]
    drain()

    hides(alice, muted=[bob.id])
    assert alice.home() == []
    assert alice.home(with_muted=True) == [first]


def test_a_muted_thread_is_left_out(alice, bob, drain):
    root = alice.posts("root")["id"]
    reply = bob.posts("hi", in_reply_to_id=root)["id"]
    drain()

    hides(alice, muted_threads=[root])

    assert alice.home() == []
    assert alice.home(with_muted=True) == [reply, root]


def test_visibilities_can_be_left_out(alice):
    public, unlisted = alice.posts("p")["id"], alice.posts("u", visibility="unlisted")["id"]

    assert alice.home(exclude_visibilities=["unlisted", "nonsense"]) == [public]
    assert alice.home(exclude_visibilities=["public"]) == [unlisted]


def test_replies_can_be_narrowed_to_those_that_concern_the_viewer(alice, bob, carol, cast, drain):
    dave = cast.person("dave")
    for friend in (bob, carol):
        alice.follows(friend)
    root, stranger = carol.posts("root")["id"], dave.posts("stranger")["id"]
    to_friend = bob.posts("to carol", in_reply_to_id=root)["id"]
    to_stranger = bob.posts("to dave", in_reply_to_id=stranger)["id"]
    to_me = bob.posts("to alice", in_reply_to_id=alice.posts("mine")["id"])["id"]
    drain()

    assert {to_friend, to_stranger, to_me} <= set(alice.home())
    assert {to_friend, to_stranger, to_me} & set(alice.home(reply_visibility="self")) == {to_me}
    assert {to_friend, to_stranger, to_me} & set(alice.home(reply_visibility="following")) == {to_me, to_friend}


def test_an_unfollowed_author_vanishes_at_once(alice, bob, drain):
    alice.follows(bob)
    bob.posts("bye")
    drain()
    assert len(alice.home()) == 1

    alice.post(f"/api/v1/accounts/{bob.id}/unfollow")

    assert alice.home() == []


def test_following_brings_the_latest_statuses_along(alice, bob, drain):
    newest = bob.posts("before the follow")["id"]
    drain()

    alice.follows(bob)

    assert alice.home() == [newest]


# Paging.


def test_pages_follow_the_link_header_to_the_end(alice):
    newest_first = posted(alice, 7)

    seen, params = [], {"limit": 3}
    while True:
        reply = alice.get("/api/v1/timelines/home", params)
        if not reply.json:
            break
        seen += ids(reply)
        params = reply.links()["next"]

    assert seen == newest_first
    assert "link" not in reply.headers


def test_the_link_header_keeps_parameters_and_drops_old_cursors(alice):
    newest = posted(alice, 3)

    reply = alice.get("/api/v1/timelines/home", {"limit": 2, "with_muted": True, "max_id": newest[0], "since_id": "0"})

    assert reply.headers["link"] == (
        f'<http://kenoma.test/api/v1/timelines/home?limit=2&with_muted=true&max_id={newest[2]}>; rel="next", '
        f'<http://kenoma.test/api/v1/timelines/home?limit=2&with_muted=true&min_id={newest[1]}>; rel="prev"'
    )


def test_since_id_gives_the_newest_and_min_id_the_next(alice):
    newest = posted(alice, 6)
    oldest = newest[-1]

    assert alice.home(since_id=oldest, limit=2) == newest[:2]
    assert alice.home(min_id=oldest, limit=2) == newest[3:5]
    assert alice.home(max_id=newest[0], min_id=oldest, limit=9) == newest[1:5]
    assert alice.home(max_id=newest[0], since_id=newest[3]) == newest[1:3]


@pytest.mark.parametrize(("limit", "count"), [("0", 0), ("-1", 0), ("2", 2), ("", 5), ("100", 5)])
def test_the_limit_is_kept_within_its_bounds(alice, limit, count):
    posted(alice, 5)

    assert len(alice.get("/api/v1/timelines/home", {"limit": limit}).json) == count


def test_a_limit_that_is_no_number_is_a_validation_error(alice):
    reply = alice.get("/api/v1/timelines/home", {"limit": "many"})

    assert (reply.status, reply.json["error"]) == (400, "limit - Invalid integer. Got: string.")


def test_cursors_that_are_no_ids_match_nothing_or_everything(alice):
    id = alice.posts("x")["id"]

    assert alice.home(max_id="nonsense!") == []
    assert alice.home(since_id="nonsense!") == [id]
    assert alice.home(min_id="nonsense!") == [id]
    assert alice.home(max_id=id, min_id=id) == []


def test_more_than_forty_is_forty(alice):
    posted(alice, 42)

    assert len(alice.home(limit=80)) == 40


def test_a_page_is_full_although_most_entries_are_muted(alice, bob, carol, drain):
    for friend in (bob, carol):
        alice.follows(friend)
    for number in range(40):
        (carol if number % 10 == 0 else bob).posts(f"{number}")
    drain()
    hides(alice, muted=[bob.id])
    wanted = [status["id"] for status in alice.get(f"/api/v1/accounts/{carol.id}/statuses").json]

    assert alice.home(limit=3) == wanted[:3]


def test_a_page_that_filters_emptied_leads_on(alice, bob, drain):
    own = alice.posts("far below")["id"]
    alice.follows(bob)
    posted(bob, 30)
    drain()
    hides(alice, muted=[bob.id])

    seen, params = [], {"limit": 2}
    for _ in range(10):
        reply = alice.get("/api/v1/timelines/home", params)
        seen += ids(reply)
        if "link" not in reply.headers:
            break
        params = reply.links()["next"]

    assert seen == [own]


# Public.


def test_public_holds_public_originals_of_everybody(alice, bob, anonymous):
    id = alice.posts("public")["id"]
    reply = bob.posts("a reply", in_reply_to_id=id)["id"]
    for visibility in ("unlisted", "local", "private", "direct"):
        alice.posts("x", visibility=visibility)

    for viewer in (alice, bob, anonymous):
        assert ids(viewer.get("/api/v1/timelines/public")) == [reply, id]
    assert ids(alice.get("/api/v1/timelines/public", {"local": True})) == [reply, id]
    assert ids(alice.get("/api/v1/timelines/public", {"instance": "elsewhere.example"})) == []
    assert ids(alice.get("/api/v1/timelines/public", {"only_media": True})) == []
    assert ids(alice.get("/api/v1/timelines/public", {"only_media": "false"})) == [reply, id]


@pytest.mark.parametrize(("flood", "calls"), [(40, 7), (2_500, 12)])
def test_a_flood_of_somebody_suspended_is_passed_over_in_a_few_calls(alice, bob, carol, anonymous, flood, calls):
    there = posted(carol, 3)
    rows = [FeedRow("pl", new_flake(), author_id=bob.id, visibility="public", flags="l", thread="t")
            for _ in range(flood)]
    write_batch(puts=rows)
    update(Account.stub(bob.id, PROFILE), [Account.deactivated.set(True)])

    reply = anonymous.get("/api/v1/timelines/public")

    assert ids(reply) == there
    assert reply.calls <= calls


def test_a_page_beyond_which_a_flood_goes_on_leads_on_from_where_it_looked(alice, bob, carol, anonymous):
    there = posted(carol, 3)
    write_batch(puts=[FeedRow("pl", new_flake(), author_id=bob.id, visibility="public", flags="l", thread="t")
                      for _ in range(3_500)])
    update(Account.stub(bob.id, PROFILE), [Account.deactivated.set(True)])

    first = anonymous.get("/api/v1/timelines/public")
    second = anonymous.get("/api/v1/timelines/public", first.links()["next"])

    assert ids(first) == []
    assert first.calls <= 12
    assert ids(second) == there


def test_public_can_be_closed_to_anonymous_visitors(alice, anonymous, setting):
    alice.posts("x")
    setting(restrict_timelines=True)

    reply = anonymous.get("/api/v1/timelines/public")

    assert (reply.status, reply.json) == (401, {"error": "authorization required for timeline view"})
    assert len(alice.get("/api/v1/timelines/public").json) == 1


def test_an_app_token_reads_as_anonymous(alice, cast):
    from chalicelib.store.signing_in import tokens

    alice.posts("x")
    app = cast.app
    token = tokens.issue(app.id, app.client_id, ["read"], tokens.Token.OF_APP).access_token

    assert len(cast.signs_in(alice.account).get(
        "/api/v1/timelines/public", headers={"Authorization": f"Bearer {token}"}).json) == 1


# One account's.


def test_an_accounts_timeline_shows_what_the_viewer_may_see(alice, bob, carol, anonymous):
    bob.follows(alice)
    made = {visibility: alice.posts("x", visibility=visibility)["id"]
            for visibility in ("public", "unlisted", "local", "private")}
    direct = alice.posts("@carol", visibility="direct")["id"]
    path = f"/api/v1/accounts/{alice.id}/statuses"

    assert ids(alice.get(path)) == [direct, *reversed(made.values())]
    assert ids(bob.get(path)) == [made["private"], made["local"], made["unlisted"], made["public"]]
    assert ids(carol.get(path)) == [direct, made["unlisted"], made["public"]]
    assert ids(anonymous.get(path)) == [made["unlisted"], made["public"]]


def test_an_accounts_timeline_is_found_by_nickname_and_filtered(alice, bob):
    plain, tagged = alice.posts("x")["id"], alice.posts("#Cofe")["id"]
    reply = alice.posts("r", in_reply_to_id=bob.posts("root")["id"])["id"]
    path = "/api/v1/accounts/ALICE/statuses"

    assert ids(bob.get(path)) == [reply, tagged, plain]
    assert ids(bob.get(path, {"exclude_replies": True})) == [tagged, plain]
    assert ids(bob.get(path, {"tagged": "cofE"})) == [tagged]
    assert ids(bob.get(path, {"only_media": True})) == []
    assert ids(bob.get(path, {"exclude_reblogs": True})) == [reply, tagged, plain]
    assert ids(bob.get(path, {"pinned": True})) == []
    assert ids(bob.get(path, {"limit": 1, "max_id": reply})) == [tagged]


def test_only_reblogs_or_no_direct_statuses_are_shown_on_request(alice, bob):
    plain, bobs = alice.posts("x")["id"], bob.posts("y")["id"]
    direct = alice.posts("@bob", visibility="direct")["id"]
    reblog = alice.post(f"/api/v1/statuses/{bobs}/reblog").json["id"]
    path = f"/api/v1/accounts/{alice.id}/statuses"

    assert ids(bob.get(path, {"only_reblogs": True})) == [reblog]
    assert ids(bob.get(path, {"only_reblogs": True, "exclude_reblogs": True})) == []
    assert ids(bob.get(path, {"only_reblogs": True, "only_media": True})) == []
    assert ids(alice.get(path)) == [reblog, direct, plain]
    assert ids(alice.get(path, {"exclude_direct": True})) == [reblog, plain]


def test_who_mutes_an_account_sees_nothing_of_it_unless_asked(alice, bob):
    id = alice.posts("x")["id"]
    hides(bob, muted=[alice.id])
    path = f"/api/v1/accounts/{alice.id}/statuses"

    assert ids(bob.get(path)) == []
    assert ids(bob.get(path, {"with_muted": True})) == [id]


def test_who_blocks_an_account_still_sees_its_timeline(alice, bob):
    id = alice.posts("x")["id"]
    hides(bob, blocked=[alice.id])

    assert ids(bob.get(f"/api/v1/accounts/{alice.id}/statuses")) == [id]


def test_an_unknown_accounts_timeline_is_not_found(alice):
    reply = alice.get("/api/v1/accounts/nobody/statuses")

    assert (reply.status, reply.json) == (404, {"error": "Can't find user"})


# What a page costs.


@pytest.mark.parametrize("path", [
    "/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/accounts/{id}/statuses",
])
def test_a_page_of_forty_takes_the_rounds_of_a_page_of_two(cast, bob, drain, path):
    authors = cast.people(6)
    for author in authors:
        bob.follows(author)
    for number in range(42):
        authors[number % 6].posts(f"status {number}")
    posted(bob, 42)
    drain()
    path = path.format(id=bob.id)

    two, forty = (bob.get(path, {"limit": limit}) for limit in (2, 40))

    assert len(two.json) == 2
    assert len(forty.json) == 40
    assert two.rounds == forty.rounds
    assert forty.calls - two.calls in (0, 1)


def test_an_empty_poll_stops_after_one_query(alice):
    newest = alice.posts("x")["id"]

    reply = alice.get("/api/v1/timelines/home", {"since_id": newest})

    assert (reply.json, reply.calls, reply.rounds) == ([], 2, 2)


def test_a_page_takes_three_rounds(alice, bob, anonymous):
    posted(alice, 5)

    def cost(reader, path):
        reply = reader.get(path)
        assert len(reply.json) == 5
        return reply.calls, reply.rounds

    assert cost(alice, "/api/v1/timelines/home") == (4, 3)
    assert cost(alice, "/api/v1/timelines/public") == (4, 3)
    assert cost(anonymous, "/api/v1/timelines/public") == (2, 2)
    assert cost(alice, f"/api/v1/accounts/{alice.id}/statuses") == (4, 3)
    assert cost(bob, f"/api/v1/accounts/{alice.id}/statuses") == (4, 3)
    assert cost(bob, "/api/v1/accounts/alice/statuses") == (6, 4)


# Tags.


def test_a_tags_timeline_holds_public_statuses_with_it(alice, bob, anonymous):
    one = alice.posts("#Cofe")["id"]
    both = bob.posts("#cofe and #Tea")["id"]
    tea = bob.posts("#tea")["id"]
    alice.posts("#cofe", visibility="unlisted")
    path = "/api/v1/timelines/tag/"

    for viewer in (alice, anonymous):
        assert ids(viewer.get(path + "COFE")) == [both, one]
    assert ids(alice.get(path + "cofe", {"any": ["tea"]})) == [tea, both, one]
    assert ids(alice.get(path + "cofe", {"all": ["TEA"]})) == [both]
    assert ids(alice.get(path + "cofe", {"none": ["tea"]})) == [one]
    assert ids(alice.get(path + "cofe", {"limit": 1, "max_id": both})) == [one]
    assert ids(alice.get(path + "cofe", {"only_media": True})) == []
    assert ids(alice.get(path + "nothing")) == []
    assert ids(alice.get(path + "%F0%9F%98%80")) == []


@pytest.mark.parametrize("spelling", ["caf\u00e9", "cafe\u0301", "ＣＡＦÉ", "#Café", "＃café"])
def test_all_spellings_of_a_tag_are_one_tag(alice, spelling):
    made = [alice.posts(text)["id"] for text in ("#Caf\u00e9 #x", "#cafe\u0301 #x", "＃ｃａｆé #x")][::-1]

    assert ids(alice.get("/api/v1/timelines/tag/" + quote(spelling))) == made
    assert ids(alice.get("/api/v1/timelines/tag/x", {"all": [spelling]})) == made
    assert ids(alice.get("/api/v1/timelines/tag/x", {"none": [spelling]})) == []
    assert ids(alice.get("/api/v1/accounts/alice/statuses", {"tagged": spelling})) == made


def test_a_tags_timeline_can_be_closed(alice, anonymous, setting):
    setting(restrict_timelines=True)

    assert anonymous.get("/api/v1/timelines/tag/x").json == {"error": "authorization required for timeline view"}


def test_a_tags_timeline_leaves_out_the_blocked(alice, bob):
    bob.posts("#cofe")
    hides(alice, blocked=[bob.id])

    assert ids(alice.get("/api/v1/timelines/tag/cofe")) == []


# Direct.


def test_the_direct_timeline_holds_what_was_sent_and_received(alice, bob, carol):
    sent = alice.posts("psst @bob", visibility="direct")["id"]
    received = bob.posts("yes @alice", visibility="direct", in_reply_to_id=sent)["id"]
    carol.posts("@bob not for alice", visibility="direct")
    alice.posts("public @bob")

    assert ids(alice.get("/api/v1/timelines/direct")) == [received, sent]
    hides(alice, muted=[bob.id])
    assert ids(alice.get("/api/v1/timelines/direct")) == [received, sent]
    hides(alice, blocked=[bob.id])
    assert received not in ids(alice.get("/api/v1/timelines/direct"))


def test_the_direct_timeline_needs_a_user(anonymous):
    assert anonymous.get("/api/v1/timelines/direct").json == {"error": "Invalid credentials."}
