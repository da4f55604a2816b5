"""GET /users/NICK and its parts, as people see them."""

from __future__ import annotations

import pytest

from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update
from tests.cast import PASSWORD
from tests.lengths import ON_A_PROFILE, say
from tests.pages.reading import check, pages_from, uploads, visit

HTML = {"Accept": "text/html"}


def test_it_shows_who_somebody_is(anonymous, alice):
    alice.patch("/api/v1/accounts/update_credentials", json={
        "display_name": "Alice <A>", "note": "I like #moths.", "bot": True, "locked": True,
        "fields_attributes": [{"name": "Site", "value": "https://one.example/me"}]})
    alice.posts("hello")

    page = visit(anonymous, "/users/alice")

    check(page)
    assert "<h1 class=\"p-name\"><bdi dir=\"auto\">Alice &lt;A&gt;</bdi>" in page.html
    assert "@alice@kenoma.test" in page.html
    assert all(f"<li>{badge}" in page.html for badge in ("Bot", "Locked"))
    assert '<dt dir="auto">Site</dt>' in page.html
    assert 'href="https://one.example/me" rel="nofollow noopener ugc' in page.html
    assert "<strong>1</strong> post</span>" in page.html
    assert "<strong>0</strong> followers</span>" in page.html
    assert {"rel": "alternate", "type": "application/activity+json", "href": "http://kenoma.test/users/alice"} in (
        page.links("alternate"))


def test_counts_that_are_hidden_are_not_there(anonymous, alice):
    alice.patch("/api/v1/accounts/update_credentials", json={
        "hide_followers": True, "hide_followers_count": True, "hide_follows": True, "hide_follows_count": True})

    page = visit(anonymous, "/users/alice")

    assert "follower" not in page.html
    assert "following" not in page.html


def test_replies_to_others_and_media_have_pages_of_their_own(anonymous, alice, bob):
    own = alice.posts("own")["id"]
    to_herself = alice.posts("and more", in_reply_to_id=own)["id"]
    reply = alice.posts("reply", in_reply_to_id=bob.posts("of bob")["id"])["id"]
    pictured = alice.posts("look", media_ids=[uploads(alice)])["id"]

    assert visit(anonymous, "/users/alice").articles == [pictured, to_herself, own]
    assert visit(anonymous, "/users/alice/with_replies").articles == [pictured, reply, to_herself, own]
    assert visit(anonymous, "/users/alice/media").articles == [pictured]
    assert "No posts yet." in visit(anonymous, "/users/bob/media").html


def test_a_reblog_names_both(anonymous, alice, bob):
    id = bob.posts("of bob")["id"]
    alice.post(f"/api/v1/statuses/{id}/reblog")

    page = visit(anonymous, "/users/alice")

    assert "</a> reblogged" in page.html
    assert 'href="http://kenoma.test/users/bob"' in page.html
    assert "of bob" in page.html


def test_pinned_statuses_stand_first_and_once(anonymous, alice):
    ids = [alice.posts(f"{number}")["id"] for number in range(3)]
    alice.post(f"/api/v1/statuses/{ids[0]}/pin")

    page = visit(anonymous, "/users/alice")

    assert page.articles == [ids[0], ids[2], ids[1]]
    assert page.html.count('<p class="above">Pinned</p>') == 1
    assert visit(anonymous, f"/users/alice?max_id={ids[2]}").articles == [ids[1], ids[0]]


def test_there_is_a_way_through_all_pages_and_back(anonymous, alice):
    ids = [alice.posts(f"{number}")["id"] for number in range(41)][::-1]

    first = visit(anonymous, "/users/alice")
    second = visit(anonymous, first.links("next")[0]["href"])
    third = visit(anonymous, second.links("next")[0]["href"])
    back = visit(anonymous, third.links("prev")[0]["href"])
    front = visit(anonymous, back.links("prev")[0]["href"])

    assert [page.articles for page in (first, second, third)] == [ids[:20], ids[20:40], ids[40:]]
    assert (back.articles, front.articles) == (ids[20:40], ids[:20])
    assert (first.links("prev"), third.links("next")) == ([], [])
    assert "No older posts." in third.html
    assert second.links("canonical")[0]["href"] == f"http://kenoma.test/users/alice?max_id={ids[19]}"


@pytest.mark.parametrize("query", ["max_id=no", "min_id=-", "max_id=" + "9" * 60])
def test_a_bad_id_leads_nowhere(anonymous, alice, query):
    assert anonymous.get(f"/users/alice?{query}", headers=HTML).status == 404


def test_nobody_is_told_of_what_is_not_for_everybody(anonymous, alice, bob):
    shown = [alice.posts("one", visibility=each)["id"] for each in ("public", "unlisted", "private", "direct")]
    local = alice.posts("here", visibility="local")["id"]
    bob.follows(alice)

    assert visit(anonymous, "/users/alice").articles == [shown[1], shown[0]]
    assert visit(bob, "/users/alice").articles == [local, shown[2], shown[1], shown[0]]
    assert visit(alice, "/users/alice").articles[-3:] == shown[2::-1]


def test_who_has_moved_leads_on(anonymous, alice, bob):
    update(Account.stub(alice.id, PROFILE), [Account.doc.set({**alice.account.profile, "moved": {"id": bob.id}})])
    alice.posts("from before")

    page = visit(anonymous, "/users/alice")

    assert 'has moved to <a href="http://kenoma.test/users/bob">@<bdi>bob@kenoma.test</bdi></a>' in page.html
    assert "from before" in page.html


def test_visitors_may_follow_from_their_own_server(anonymous, alice):
    page = visit(anonymous, "/users/alice")

    assert page.forms[0] == "/main/ostatus"
    assert {"type": "hidden", "name": "nickname", "value": "alice"} in page.all("input")
    assert "Follow from your server" in page.html


def test_members_follow_from_here(alice, bob):
    before = visit(bob, "/users/alice")
    bob.follows(alice)
    after = visit(bob, "/users/alice")

    assert before.forms == [f"/account/accounts/{alice.id}/follow"]
    assert after.forms == [f"/account/accounts/{alice.id}/unfollow"]
    assert (">Follow<" in before.html, ">Unfollow<" in after.html) == (True, True)
    assert visit(alice, "/users/alice").forms == []


@pytest.mark.parametrize("settings", [{"public": False}, {"restrict_profiles": True}])
def test_a_server_may_show_profiles_to_members_only(anonymous, alice, bob, setting, settings):
    setting(**settings)

    reply = anonymous.get("/users/alice", headers=HTML)

    assert reply.status == 403
    assert "This server shows its pages to members only." in reply.text
    assert 'href="/account/sign-in?next=/users/alice"' in reply.text
    assert visit(bob, "/users/alice").all("h1")


def test_caches_keep_what_visitors_get_and_nothing_else(anonymous, alice):
    reply = anonymous.get("/users/alice", headers=HTML)
    again = anonymous.get("/users/alice", headers=HTML | {"If-None-Match": reply.headers["etag"]})

    assert reply.headers["cache-control"] == "public, max-age=30"
    assert reply.headers["vary"] == "Accept, Cookie, Accept-Encoding"
    assert (again.status, again.text) == (304, "")
    assert alice.get("/users/alice", headers=HTML).headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("accept", ["application/atom+xml", "application/rss+xml;q=0.9, */*;q=0.1"])
def test_feed_readers_are_led_to_the_feed(anonymous, alice, accept):
    reply = anonymous.get("/users/alice", headers={"Accept": accept})

    assert reply.status == 302
    assert reply.headers["location"].startswith("http://kenoma.test/users/alice/feed.")


@pytest.mark.parametrize(("path", "leads_to"), [
    ("/@alice", "/users/alice"), ("/@alice@kenoma.test", "/users/alice"), ("/alice", "/users/alice"),
    ("/ALICE", "/users/alice"), ("/users/ALICE", "/users/alice"), ("/users/ALICE/media", "/users/alice/media"),
])
def test_other_spellings_lead_to_the_profile(anonymous, alice, path, leads_to):
    reply = anonymous.get(path, headers=HTML)

    assert (reply.status, reply.headers["location"]) == (302, f"http://kenoma.test{leads_to}")


@pytest.mark.parametrize("path", ["/nobody", "/tag", "/embed", "/manifest", "/users/nobody",
                                  "/users/alice/nothing", "/@nobody", "/@bob@elsewhere.example", "/@alice/x"])
def test_what_is_nobody_is_nothing(anonymous, alice, path):
    reply = anonymous.get(path, headers=HTML)

    assert reply.status == 404
    assert "Nothing here" in reply.text


def test_an_account_that_was_deleted_is_gone(anonymous, alice, drain):
    assert alice.post("/api/pleroma/delete_account", form={"password": PASSWORD}).json == {"status": "success"}
    drain()

    reply = anonymous.get("/users/alice", headers=HTML)

    assert reply.status == 410
    assert "This account has been deleted." in reply.text


def test_a_slash_at_the_end_is_one_too_many(anonymous, alice):
    reply = anonymous.get("/users/alice/?max_id=0", headers=HTML)

    assert (reply.status, reply.headers["location"]) == (301, "/users/alice?max_id=0")


def test_a_page_costs_as_much_as_what_clients_ask_for(anonymous, alice, bob):
    for number in range(25):
        alice.posts(f"{number}")
    alice.post(f"/api/v1/statuses/{alice.posts('pin me')['id']}/pin")
    for reader in (anonymous, bob):
        stands_on = [reader.get(f"/api/v1/accounts/{alice.id}"), reader.get(f"/api/v1/accounts/{alice.id}/statuses"),
                     reader.get(f"/api/v1/accounts/{alice.id}/statuses?pinned=true"),
                     *([reader.get(f"/api/v1/accounts/relationships?id={alice.id}")] if reader is bob else [])]

        reply = reader.get("/users/alice", headers=HTML)

        assert reply.calls <= sum(each.calls for each in stands_on) + 1
        assert len(reply.text) < 60_000


@pytest.mark.size
def test_a_page_of_a_long_profile_costs_as_one_of_twenty_and_nothing_is_left_out(anonymous, alice, bob):
    small = [bob.posts(f"{number}")["id"] for number in range(21)]
    ids = [alice.posts(f"{number}")["id"] for number in range(ON_A_PROFILE)]

    of_twenty, pages = pages_from(anonymous, "/users/bob"), pages_from(anonymous, "/users/alice")

    assert [id for page in of_twenty for id in page.articles] == small[::-1]
    assert [id for page in pages for id in page.articles] == ids[::-1]
    assert pages[0].calls == of_twenty[0].calls
    assert max(page.calls for page in pages[1:]) <= of_twenty[1].calls
    say(f"{ON_A_PROFILE:,} statuses: {len(pages)} pages of {max(page.calls for page in pages)} calls, "
        f"{1_000 * sum(page.seconds for page in pages) / len(pages):.0f} ms each, the last "
        f"{1_000 * pages[-1].seconds:.0f} ms; of one of twenty: {1_000 * of_twenty[0].seconds:.0f} ms")
