"""The buttons under statuses and beside accounts."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.pages.sentences import SENTENCES
from tests.cast import Person
from tests.endpoints.members.browser import Browser

HTML = {"Accept": "text/html"}


def seen(person: Person, id: str) -> dict[str, Any]:
    return person.get(f"/api/v1/statuses/{id}").json


def buttons(browser: Browser) -> list[str]:
    return [each.text for form in browser.page.forms for each in form.buttons]


@pytest.mark.parametrize(("press", "key", "back"), [
    ("Favourite post by bob", "favourited", "Unfavourite post by bob"),
    ("Reblog post by bob", "reblogged", "Take reblog back of post by bob"),
    ("Bookmark post by bob", "bookmarked", "Remove bookmark of post by bob"),
    ("Mute thread of post by bob", "muted", "Unmute thread of post by bob"),
])
def test_a_button_does_what_it_says_and_its_opposite_takes_it_back(home, alice, bob, press, key, back):
    id = bob.posts("hello")["id"]
    home.open("/main/public")

    page = home.press(press)

    assert seen(alice, id)[key] is True
    assert page.texts["status"] in SENTENCES.values()
    assert (home.address, home.fragment) == ("/main/public", id)
    assert press not in buttons(home)
    home.open(f"/notice/{id}")
    home.press(back)
    assert seen(alice, id)[key] is False
    assert (home.address, home.fragment) == (f"/notice/{id}", "selected")


def test_ones_own_status_is_pinned_and_taken_off(home, alice):
    id = alice.posts("hello")["id"]
    home.open("/users/alice")

    assert "Pinned" in home.press("Pin post by alice").text
    assert seen(alice, id)["pinned"] is True
    home.press("Unpin post by alice")

    assert seen(alice, id)["pinned"] is False


def test_deleting_asks_once(home, alice):
    id = alice.posts("hello")["id"]
    home.open("/users/alice")

    page = home.press("Delete post by alice")
    assert page.title == "Delete the post?"
    assert seen(alice, id)["id"] == id
    assert page.links["Go back"] == f"/users/alice#{id}"
    page = home.press("Delete")

    assert page.texts["status"] == "The post is deleted."
    assert alice.get(f"/api/v1/statuses/{id}").status == 404


def test_a_reaction_is_typed_and_taken_back(home, alice, bob):
    id = bob.posts("hello")["id"]
    home.open(f"/notice/{id}")

    home.press("React to post by bob", emoji="🎉")
    assert [each["name"] for each in seen(alice, id)["pleroma"]["emoji_reactions"]] == ["🎉"]
    home.press("Take back 🎉 from post by bob")

    assert seen(alice, id)["pleroma"]["emoji_reactions"] == []


def test_eight_emoji_are_offered_once_a_page(home, bob):
    bob.posts("one")
    bob.posts("two")

    page = home.open("/main/public")

    assert sum(tag == "option" for tag, _ in page.tags) == 8
    assert {given["list"] for tag, given in page.tags if "list" in given} == {"offered-emoji"}


def test_what_is_no_emoji_is_in_the_form_again_with_the_reason(home, bob):
    id = bob.posts("hello")["id"]
    home.open(f"/notice/{id}")

    page = home.press("React to post by bob", emoji="not an emoji")

    assert home.reply.status == 422
    assert page.texts["#emoji-fault"] == "Could not add reaction emoji"
    assert page.form(f"/account/statuses/{id}/react").values["emoji"] == "not an emoji"
    page = home.press("React", emoji="👍")
    assert page.texts["status"] == "Your reaction is there."
    assert home.address == f"/notice/{id}"


def test_a_vote_is_counted_once(home, alice, bob):
    id = bob.posts("which?", poll={"options": ["a", "b"], "expires_in": 3600})["id"]
    home.open("/main/public")

    page = home.press("Vote in the poll by bob", choice="1")

    assert page.texts["status"] == "Your vote is counted."
    assert seen(alice, id)["poll"]["own_votes"] == [1]
    assert "Vote in the poll by bob" not in buttons(home)
    assert "100 %" in page.text


def test_a_vote_without_a_choice_is_refused(home, bob):
    bob.posts("which?", poll={"options": ["a", "b"], "expires_in": 3600})
    home.open("/main/public")

    page = home.press("Vote in the poll by bob")

    assert home.address == "/main/public"
    assert page.texts["alert"].startswith("This was not done. ")
    assert "Vote in the poll by bob" in buttons(home)
    assert "alert" not in home.open("/main/public").texts


def test_what_was_deleted_meanwhile_is_told_where_the_button_was(home, bob):
    id = bob.posts("hello")["id"]
    home.open("/main/public")
    bob.delete(f"/api/v1/statuses/{id}")

    page = home.press("Favourite post by bob")

    assert home.address == "/main/public"
    assert page.texts["alert"] == "This was not done. It is not there any more, or it is not for you."


def test_why_it_was_not_done_is_told_where_the_button_was(home, alice, bob):
    home.open("/users/bob")
    bob.post(f"/api/v1/accounts/{alice.id}/block")

    page = home.press("Follow bob")

    assert home.address == "/users/bob"
    assert page.texts["alert"].startswith("This was not done. ")
    assert alice.relationship(bob)["following"] is False


def test_authors_have_no_ballot_and_edit_what_they_wrote(home, alice):
    id = alice.posts("which?", poll={"options": ["a", "b"], "expires_in": 3600})["id"]

    page = home.open(f"/notice/{id}")

    assert "Vote in the poll by alice" not in buttons(home)
    assert f"/account/write?edit={id}" in page.links.values()
    assert "Block alice" not in buttons(home)


def test_what_is_for_followers_is_not_offered_to_be_reblogged(home, alice, bob):
    alice.follows(bob)
    id = bob.posts("hello", visibility="private")["id"]

    home.open(f"/notice/{id}")

    assert "Favourite post by bob" in buttons(home)
    assert "Reblog post by bob" not in buttons(home)


# Accounts.


@pytest.mark.parametrize(("press", "key", "back"), [
    ("Follow bob", "following", "Unfollow bob"),
    ("Mute bob", "muting", "Unmute bob"),
])
def test_an_account_is_followed_or_muted_and_let_go(home, alice, bob, press, key, back):
    home.open("/users/bob")

    page = home.press(press)

    assert alice.relationship(bob)[key] is True
    assert page.texts["status"] in SENTENCES.values()
    assert home.address == "/users/bob"
    home.press(back)
    assert alice.relationship(bob)[key] is False


def test_who_follows_may_ask_to_be_notified(home, alice, bob):
    alice.follows(bob)
    home.open("/users/bob")

    home.press("Notify me of posts by bob")
    assert alice.relationship(bob)["notifying"] is True
    home.press("Do not notify me of posts by bob")

    assert alice.relationship(bob)["notifying"] is False


def test_a_locked_account_is_asked(home, alice, bob):
    bob.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    home.open("/users/bob")

    page = home.press("Follow bob")

    assert page.texts["status"] == "You asked to follow the account."
    assert "Requested : take back the request to follow bob" in buttons(home)


def test_blocking_asks_once(home, alice, bob):
    home.open("/users/bob")

    page = home.press("Block bob")
    assert page.title == "Block the account?"
    assert alice.relationship(bob)["blocking"] is False
    page = home.press("Block")

    assert page.texts["status"] == "The account is blocked."
    assert alice.relationship(bob)["blocking"] is True


def test_a_report_has_a_comment_and_the_status(home, admin, bob):
    id = bob.posts("spam")["id"]
    home.open("/main/public")

    page = home.press("Report post by bob")
    assert page.title == "Report the account"
    page = home.press("Report", comment="It is spam.")

    assert page.texts["status"].startswith("Thank you.")
    (report,) = admin.get("/api/pleroma/admin/reports").json["reports"]
    assert report["content"] == "It is spam."
    assert [each["id"] for each in report["statuses"]] == [id]


def test_a_report_that_is_too_long_is_in_the_form_again(home, bob, setting):
    setting(max_report_comment_size=10)
    home.open("/users/bob")
    home.press("Report bob")

    page = home.press("Report", comment="It is far too long.")

    assert (home.reply.status, page.texts["#comment-fault"]) == (422, "Comment must be up to 10 characters")
    assert page.form(f"/account/accounts/{bob.id}/report").values["comment"] == "It is far too long."


# What holds for all.


def test_nobody_else_sees_a_button_and_what_they_see_is_kept_by_caches(anonymous, bob):
    id = bob.posts("hello")["id"]

    for path in ("/main/public", f"/notice/{id}", "/users/bob"):
        reply = anonymous.get(path, headers=HTML)
        assert "/account/statuses" not in reply.text
        assert "/account/accounts" not in reply.text
        assert reply.headers["cache-control"].startswith("public")


@pytest.mark.parametrize("path", ["/account/statuses/{status}/favourite", "/account/accounts/{account}/follow"])
@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}])
def test_nothing_is_done_from_elsewhere(home, alice, bob, path, headers):
    id = bob.posts("hello")["id"]
    cookies = "; ".join(f"{name}={value}" for name, value in home.cookies.items())
    path = path.format(status=id, account=bob.id)

    reply = Person().post(path, form={}, headers={"Cookie": cookies, **headers})

    assert reply.status == 403
    assert seen(alice, id)["favourited"] is False
    assert alice.relationship(bob)["following"] is False


def test_nothing_is_done_by_looking(alice, bob):
    id = bob.posts("hello")["id"]

    assert alice.get(f"/account/statuses/{id}/favourite").status in (404, 405)
    assert seen(alice, id)["favourited"] is False


def test_who_is_signed_out_is_told(anonymous, bob):
    id = bob.posts("hello")["id"]

    reply = anonymous.post(f"/account/statuses/{id}/favourite", form={}, headers=HTML)

    assert reply.status == 401


@pytest.mark.parametrize("path", [
    "/account/statuses/9zzzzzzzzzzzzzzzzz/favourite", "/account/accounts/9zzzzzzzzzzzzzzzzz/follow",
    "/account/statuses/{status}/dance", "/account/accounts/{account}/dance"])
def test_what_is_not_there_is_not_found(home, bob, path):
    id = bob.posts("hello")["id"]

    assert home._asks("POST", path.format(status=id, account=bob.id), form={}).status == 404


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "x", "", "/a\nb"])
def test_no_button_leads_to_another_server(home, bob, back):
    id = bob.posts("hello")["id"]

    reply = home._asks("POST", f"/account/statuses/{id}/favourite", form={"return": back})

    assert (reply.status, reply.headers["location"]) == (303, f"/notice/{id}")


def test_a_button_costs_one_call_more_than_the_act_by_the_api(home, alice, bob):
    first, second = bob.posts("hello")["id"], bob.posts("hello")["id"]
    by_api = alice.post(f"/api/v1/statuses/{first}/favourite").calls

    reply = home._asks("POST", f"/account/statuses/{second}/favourite", form={})

    assert reply.calls == by_api + 1


def test_the_page_after_an_act_costs_one_call_to_say_it_once(home, bob):
    bob.posts("hello")
    home.open("/main/public")
    before = home.reply.calls

    home.press("Favourite post by bob")
    assert home.reply.calls == before + 1

    home.open("/main/public")
    assert home.reply.calls == before


def test_an_act_of_the_page_and_of_the_api_count_as_one_for_limits(home, alice, bob, setting):
    setting(rate_limits=True)
    id = bob.posts("hello")["id"]
    for _ in range(3):
        alice.post(f"/api/v1/statuses/{id}/favourite")

    reply = home._asks("POST", f"/account/statuses/{id}/favourite", form={})

    assert reply.status == 429


@pytest.mark.parametrize("text", ['<img src=x onerror="alert(1)">', '"><script>alert(1)</script>'])
def test_names_are_texts_in_every_button(home, bob, text):
    bob.patch("/api/v1/accounts/update_credentials", json={"display_name": text})
    bob.posts("hello")

    page = home.open("/main/public")

    assert f"Favourite post by {' '.join(text.split())}" in buttons(home)
    assert not any(tag == "script" for tag, _ in page.tags)


def test_a_page_of_twenty_statuses_with_all_their_buttons_is_small(home, bob):
    for number in range(21):
        bob.posts(f"number {number}")

    home.open("/main/public")

    assert len(home.reply.text.encode()) <= 60_000
