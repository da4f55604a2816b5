"""The whole way of two people in browsers without JavaScript, by what their pages have and nothing else."""

from __future__ import annotations

from tests.endpoints.members.browser import Browser
from tests.pictures import picture


def test_two_people_meet_talk_and_tidy_up(home: Browser, bobs: Browser, drain):
    assert home.open("/").title == "Home"
    assert home.address == "/account/home"

    # Alice writes, looks at it, and posts it.
    home.open(home.page.links["Write"])
    home.press("Preview", text="What is this? #moth", poll_option=["a moth", "a butterfly"],
               files={"file[0]": ("moth.png", picture(), "image/png")}, **{"description[0]": "Brown wings"})
    page = home.press("Post")
    assert page.texts["status"] == "Your post is out."
    assert page.attributes("img", **{"class": "u-photo", "alt": "Brown wings"})
    status = home.address
    drain()

    # Bob finds her, follows her, votes, reacts and replies.
    bobs.open("/account/search")
    page = bobs._follow("GET", "/account/search?q=moth")
    assert "Brown wings" in [given.get("alt") for tag, given in page.tags if tag == "img"]
    bobs.press("Vote in the poll by alice", choice="0")
    bobs.press("React to post by alice", emoji="🎉")
    bobs.press("Favourite post by alice")
    bobs.open("/users/alice")
    bobs.press("Follow alice")
    bobs.open(status)
    bobs.open(next(href for href in bobs.page.links.values() if href.startswith("/account/write?reply=")))
    assert bobs.press("Post", text="@alice a moth!").texts["status"] == "Your post is out."
    drain()

    # Alice sees what happened.
    page = home.open("/account/notifications")
    for text in ("reacted to your post with 🎉", "favourited your post", "follows you", "mentioned you"):
        assert f"bob {text}" in page.text
    assert "Unread" not in home.press("Mark all as read").text

    # She edits, and Bob sees it.
    page = home.open(status)
    assert "100 %" in page.text
    home.open(next(href for href in page.links.values() if href.startswith("/account/write?edit=")))
    assert home.press("Save", text="What was this? #moth").texts["status"] == "Your post is changed."
    page = bobs.open(status)
    assert "What was this?" in page.text
    assert "edited" in page.text

    # She deletes, and it is gone for both.
    home.press("Delete post by alice")
    assert home.press("Delete").texts["status"] == "The post is deleted."
    bobs.open(status)
    assert bobs.reply.status == 410
