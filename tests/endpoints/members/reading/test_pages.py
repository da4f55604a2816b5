"""The lists of the API as pages for who is signed in."""

from __future__ import annotations

import pytest

from tests.endpoints.members.browser import Browser

PAGES = ["home", "notifications", "conversations", "bookmarks", "favourites", "lists", "requests", "search", "write"]
ACCEPT_HTML = {"Accept": "text/html"}


def posts_of(browser: Browser) -> list[str]:
    """The ids of the statuses on a page."""
    return [given["id"] for tag, given in browser.page.tags if tag == "article"]


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(anonymous, name):
    reply = anonymous.get(f"/account/{name}", headers=ACCEPT_HTML)

    assert (reply.status, reply.headers["location"]) == (302, f"/account/sign-in?next=/account/{name}")


@pytest.mark.parametrize("name", PAGES)
def test_no_cache_keeps_a_page_and_only_where_one_writes_a_script_runs(home, name):
    home.open(f"/account/{name}")

    assert home.reply.status == 200
    assert home.reply.headers["cache-control"] == "private, no-store"
    policy = home.reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "img-src 'self' data: https:" in policy
    assert ("script-src 'self'" in policy) is (name == "write")
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize("name", PAGES)
def test_every_page_leads_to_all_others(home, name):
    home.open(f"/account/{name}")

    assert {f"/account/{each}" for each in PAGES} <= set(home.page.links.values())


# Home and lists.


def test_home_has_what_the_timeline_of_the_api_has(home, alice, bob, carol, drain):
    alice.follows(bob)
    bobs = bob.posts("hello")["id"]
    carol.posts("nobody follows me")
    own = alice.posts("mine")["id"]
    drain()

    home.open("/account/home")

    listed = alice.get("/api/v1/timelines/home")
    assert posts_of(home) == [each["id"] for each in listed.json] == [own, bobs]
    assert home.reply.calls == listed.calls
    assert "Older" not in home.page.links


def test_an_empty_home_says_what_to_do(home):
    page = home.open("/account/home")

    assert page.title == "Home"
    assert "Follow people" in page.text


def test_home_has_pages_of_twenty_in_both_directions(home, alice):
    ids = [alice.posts(f"number {number}")["id"] for number in range(45)][::-1]

    home.open("/account/home")
    assert posts_of(home) == ids[:20]
    assert "Newer" not in home.page.links
    home.open(home.page.links["Older"])
    assert posts_of(home) == ids[20:40]
    home.open(home.page.links["Older"])
    assert posts_of(home) == ids[40:]
    assert "Older" not in home.page.links
    assert "No older posts." in home.page.text
    home.open(home.page.links["Newer"])
    assert posts_of(home) == ids[20:40]


@pytest.mark.parametrize("name", ["home", "bookmarks", "favourites", "notifications", "conversations", "requests"])
@pytest.mark.parametrize("cursor", ["max_id=no!", "max_id=no-id"])
def test_an_id_that_is_none_is_not_found(alice, name, cursor):
    assert alice.get(f"/account/{name}?{cursor}").status == 404


def test_a_list_shows_what_its_members_wrote(home, alice, bob, carol, drain):
    made = alice.post("/api/v1/lists", json={"title": "Moth <b>people</b>"}).json
    alice.follows(bob)
    alice.post(f"/api/v1/lists/{made['id']}/accounts", json={"account_ids": [bob.id]})
    bobs = bob.posts("hello")["id"]
    carol.posts("not on it")
    drain()

    home.open("/account/lists")
    home.open(home.page.links["Moth <b>people</b>"])

    assert home.page.title == "Moth <b>people</b>"
    assert posts_of(home) == [bobs]
    listed = alice.get(f"/api/v1/timelines/list/{made['id']}").calls
    assert home.reply.calls == listed + 1  # its title


def test_a_list_of_somebody_else_is_not_found(home, alice, bob):
    made = bob.post("/api/v1/lists", json={"title": "mine"}).json

    assert alice.get(f"/account/lists/{made['id']}").status == 404


# Bookmarks and favourites.


@pytest.mark.parametrize(("name", "act"), [("bookmarks", "bookmark"), ("favourites", "favourite")])
def test_what_is_marked_is_listed_with_pages(home, alice, bob, name, act):
    assert "is listed here" in home.open(f"/account/{name}").text
    ids = [bob.posts(f"number {number}")["id"] for number in range(25)]
    for id in ids:
        alice.post(f"/api/v1/statuses/{id}/{act}")

    home.open(f"/account/{name}")
    first = posts_of(home)
    assert home.reply.calls == alice.get(f"/api/v1/{name}").calls
    home.open(home.page.links["Older"])

    assert first == ids[:4:-1]
    assert posts_of(home) == ids[4::-1]
    home.open(home.page.links["Newer"])
    assert posts_of(home) == first


# Notifications.


def test_notifications_say_what_happened_and_are_read_by_a_button_alone(home, alice, bob, carol):
    id = alice.posts("hello")["id"]
    bob.post(f"/api/v1/statuses/{id}/favourite")
    bob.put(f"/api/v1/pleroma/statuses/{id}/reactions/🎉")
    bob.posts("@alice hi", in_reply_to_id=id)
    carol.post(f"/api/v1/statuses/{id}/reblog")
    carol.follows(alice)

    page = home.open("/account/notifications")
    assert home.reply.calls == alice.get("/api/v1/notifications").calls
    for text in ("bob favourited your post", "bob reacted to your post with 🎉", "bob mentioned you",
                 "carol reblogged your post", "carol follows you"):
        assert text in page.text
    assert page.text.count("Unread") == 5
    assert home.open("/account/notifications").text.count("Unread") == 5

    page = home.press("Mark all as read")

    assert page.texts["status"] == "Your notifications are marked as read."
    assert "Unread" not in page.text
    assert "Mark all as read" not in page.text
    assert all(each["pleroma"]["is_seen"] for each in alice.get("/api/v1/notifications").json)


def test_what_comes_while_one_reads_stays_unread(home, alice, bob, carol):
    bob.follows(alice)
    home.open("/account/notifications")
    carol.follows(alice)

    page = home.press("Mark all as read")

    assert page.text.count("Unread") == 1


def test_forty_notifications_cost_what_two_cost(home, alice, bob):
    ids = [alice.posts(f"number {number}")["id"] for number in range(25)]
    for id in ids[:2]:
        bob.post(f"/api/v1/statuses/{id}/favourite")
    home.open("/account/notifications")
    few = home.reply.calls
    for id in ids[2:]:
        bob.post(f"/api/v1/statuses/{id}/favourite")

    home.open("/account/notifications")

    assert home.reply.calls == few
    assert len(posts_of(home)) == 20
    home.open(home.page.links["Older"])
    assert len(posts_of(home)) == 5


# Requests.


def test_requests_are_answered(home, alice, bob, carol):
    alice.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    assert "Nobody waits" in home.open("/account/requests").text
    for person in (bob, carol):
        person.post(f"/api/v1/accounts/{alice.id}/follow")

    page = home.open("/account/requests")
    assert home.reply.calls == alice.get("/api/v1/follow_requests").calls
    assert "@bob" in page.text
    page = home.press("Accept the request of bob")
    assert page.texts["status"] == "The account follows you now."
    page = home.press("Reject the request of carol")

    assert page.texts["status"] == "The request is rejected."
    assert home.address == "/account/requests"
    assert bob.relationship(alice)["following"] is True
    assert carol.relationship(alice)["following"] is False


def test_many_requests_have_pages(home, alice, cast):
    alice.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    for person in cast.people(23):
        person.post(f"/api/v1/accounts/{alice.id}/follow")

    home.open("/account/requests")
    assert sum(form.action.endswith("/authorize") for form in home.page.forms) == 20
    home.open(home.page.links["Older"])

    assert sum(form.action.endswith("/authorize") for form in home.page.forms) == 3


# Conversations.


def test_a_conversation_is_listed_and_shows_its_thread_oldest_first(home, alice, bob):
    assert "No conversations yet." in home.open("/account/conversations").text
    first = bob.posts("@alice are you there?", visibility="direct")["id"]
    second = bob.posts("@alice hello?", visibility="direct", in_reply_to_id=first)["id"]

    page = home.open("/account/conversations")
    assert "Unread" in page.text
    assert home.reply.calls == alice.get("/api/v1/conversations").calls
    home.open(page.links["bob"])

    assert "Conversation with bob" in home.page.text
    assert posts_of(home) == [first, second]
    page = home.press("Mark as read")
    assert page.texts["status"] == "The conversation is marked as read."
    assert "Unread" not in home.open("/account/conversations").text


def test_a_conversation_of_others_is_not_found(alice):
    assert alice.get("/account/conversations/77").status == 404


# Search.


def test_a_search_finds_people_posts_and_tags(home, alice, bob, drain):
    id = bob.posts("a moth at #night")["id"]
    drain()

    home.open("/account/search")
    assert "No" not in home.page.text.split("Search")[-1]
    page = home.open("/account/search?q=moth")
    assert posts_of(home) == [id]
    page = home.open("/account/search?q=bob")
    assert "@bob" in page.text
    assert "Follow bob" in [each.text for form in page.forms for each in form.buttons]
    page = home.open("/account/search?q=%23night")
    assert page.links["night"] == "/tag/night"
    page = home.open("/account/search?q=%2B%2B")
    assert "Nothing was found." in page.text


def test_a_search_costs_what_that_of_the_api_costs(home, alice, bob):
    bob.posts("a moth")

    home.open("/account/search?q=moth")

    assert home.reply.calls == alice.get("/api/v2/search", {"q": "moth", "resolve": "true"}).calls


def test_what_is_searched_for_is_never_html(home):
    page = home.open("/account/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")

    assert page.form("/account/search").values["q"] == '"><script>alert(1)</script>'


def test_a_search_goes_on(home, bob, drain):
    for number in range(22):
        bob.posts(f"moth {number}")
    drain()

    home.open("/account/search?q=moth")
    assert len(posts_of(home)) == 20
    home.open(home.page.links["Older"])

    assert len(posts_of(home)) == 2
    assert "Older" not in home.page.links
    assert home.page.links["Newer"] == "/account/search?q=moth&offset=0"
