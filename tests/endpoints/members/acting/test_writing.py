"""Writing by the form: new statuses, replies, edits, previews; what happens when it goes wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.statuses.writing import publishing
from chalicelib.domain.statuses.writing.compositions import Composition
from tests.cast import PASSWORD, Person
from tests.emoji import made
from tests.endpoints.members.browser import Browser
from tests.pictures import picture

WRITE, POST = "/account/write", "/account/statuses"


def newest(person: Person) -> dict[str, Any]:
    return person.get(f"/api/v1/accounts/{person.id}/statuses").json[0]


def fault_at(browser: Browser, field: str) -> str:
    return browser.page.texts.get(f"#{field}-fault", "")


def test_a_status_is_posted_and_shown(home, alice):
    home.open(WRITE)

    page = home.press("Post", text="Hello, *world*", spoiler="a greeting", visibility="unlisted", language="en",
                      content_type="text/markdown", sensitive=True)

    status = newest(alice)
    assert home.address == f"/notice/{status['id']}"
    assert page.texts["status"] == "Your post is out."
    assert "<em>world</em>" in status["content"]
    assert (status["spoiler_text"], status["visibility"], status["language"], status["sensitive"]) == (
        "a greeting", "unlisted", "en", True)


def test_the_sentence_is_said_once(home):
    home.open(WRITE)
    assert "status" in home.press("Post", text="Hello").texts

    assert "status" not in home.open(home.address).texts


def test_the_form_begins_as_the_author_has_it_usually(home, alice):
    alice.patch("/api/v1/accounts/update_credentials", json={
        "default_scope": "private", "source": {"sensitive": True, "language": "de"}})

    form = home.open(WRITE).form(POST)

    assert form.values["visibility"] == "private"
    assert form.values["language"] == "de"
    assert form.boxes["sensitive"] == "true"


def test_what_another_app_shares_is_in_the_form(home):
    page = home.open(f"{WRITE}?text=Look%20%3Cb%3E&url=https://one.example/x")

    assert page.form(POST).values["text"] == "Look <b>\nhttps://one.example/x"


def test_the_same_form_posts_once(home, alice):
    page = home.open(WRITE)
    form = page.form(POST)
    home.send(form, text="Hello")
    home.page = page

    home.send(form, text="Hello")

    assert home.address == "/account/home"
    assert len(alice.get(f"/api/v1/accounts/{alice.id}/statuses").json) == 1


def test_pictures_have_descriptions(home, alice):
    home.open(WRITE)

    page = home.press("Post", text="Two", files={"file[0]": ("a.png", picture(), "image/png"),
                                                 "file[2]": ("b.png", picture(), "image/png")},
                      **{"description[0]": "A moth", "description[2]": "Another"})

    assert [each["description"] for each in newest(alice)["media_attachments"]] == ["A moth", "Another"]
    assert [given["alt"] for tag, given in page.tags if given.get("class") == "u-photo"] == ["A moth", "Another"]


def test_a_preview_stores_no_status_and_keeps_all_that_was_given(home, alice):
    home.open(WRITE)

    page = home.press("Preview", text="Hello #moth", spoiler="cw", poll_option=["yes", "no"],
                      files={"file[0]": ("a.png", picture(), "image/png")}, **{"description[0]": "A moth"})

    assert "This is how it will look" in page.text
    assert "/tag/moth" in page.links.values()
    form = page.form(POST)
    assert form.values["text"] == "Hello #moth"
    assert form.values["poll_option"] == ["yes", "no"]
    assert form.values["description[0]"] == "A moth"
    assert alice.get(f"/api/v1/accounts/{alice.id}/statuses").json == []
    home.press("Post", **{"description[0]": "A brown moth"})
    status = newest(alice)
    assert [each["description"] for each in status["media_attachments"]] == ["A brown moth"]
    assert [each["title"] for each in status["poll"]["options"]] == ["yes", "no"]


def test_a_file_is_left_out_again(home, alice):
    home.open(WRITE)
    home.press("Preview", text="Hello", files={"file[0]": ("a.png", picture(), "image/png")})

    home.press("Post", **{"remove[0]": True})

    assert newest(alice)["media_attachments"] == []


def test_a_poll_may_have_more_options(home, alice):
    home.open(WRITE)
    home.press("More options", text="Which?", poll_option=["a", "b"])
    assert home.page.form(POST).values["poll_option"] == ["a", "b", "", ""]

    home.press("Post", poll_option=["a", "b", "c", ""], poll_multiple=True, poll_end="3600")

    poll = newest(alice)["poll"]
    assert [each["title"] for each in poll["options"]] == ["a", "b", "c"]
    assert poll["multiple"] is True


@pytest.mark.parametrize(("sent", "field", "fault"), [
    ({"text": "  ", "spoiler": ""}, "text", "Cannot post an empty status without attachments"),
    ({"text": "x" * 5_001}, "text", "The status is over the character limit"),
    ({"text": "x", "poll_option": ["a", "a"]}, "poll_option", "Poll options must differ from each other"),
    ({"text": "x", "poll_option": ["a" * 300, "b"]}, "poll_option", "Poll options cannot be longer than"),
])
def test_what_is_not_posted_is_in_the_form_again_with_the_reason(home, alice, sent, field, fault):
    home.open(WRITE)

    page = home.press("Post", **{"spoiler": "kept", **sent})

    assert home.reply.status == 422
    assert fault_at(home, field).startswith(fault)
    assert page.form(POST).values["text"] == sent["text"]
    assert page.form(POST).values["spoiler"] == sent.get("spoiler", "kept")
    assert alice.get(f"/api/v1/accounts/{alice.id}/statuses").json == []


def test_a_file_that_is_too_large_is_told_beside_it(home, setting):
    setting(upload_limit=1_000)
    home.open(WRITE)

    home.press("Post", text="Hello", files={"file[1]": ("a.png", b"x" * 2_000, "image/png")})

    assert (home.reply.status, fault_at(home, "file-1")) == (422, "The file is too large.")


# Replies.


def test_a_reply_names_everybody_and_is_no_wider_than_what_it_answers(home, alice, bob, carol):
    id = bob.posts("@carol @alice hello", visibility="private", spoiler_text="moths")["id"]
    bob.follows(alice)
    alice.follows(bob)

    page = home.open(f"{WRITE}?reply={id}")

    form = page.form(POST)
    assert page.title == "Reply"
    assert form.values["text"] == "@bob @carol "
    assert form.values["visibility"] == "private"
    assert form.values["spoiler"] == "moths"
    home.press("Post", text="@bob @carol hi")
    assert newest(alice)["in_reply_to_id"] == id


def test_there_is_no_reply_to_what_one_may_not_see(alice, bob):
    id = bob.posts("@carol hello", visibility="direct")["id"]

    assert alice.get(f"{WRITE}?reply={id}").status == 404
    assert alice.get(f"{WRITE}?reply=nothing").status == 404


def test_a_direct_reply_that_is_made_wider_is_refused_beside_the_field(home, bob):
    id = bob.posts("@alice hello", visibility="direct")["id"]
    home.open(f"{WRITE}?reply={id}")

    home.press("Post", visibility="public")

    assert (home.reply.status, fault_at(home, "visibility")) == (422, "The message visibility must be direct")


@pytest.mark.parametrize("button", ["Reply", "Post"])
def test_a_conversation_goes_on(home, alice, bob, button):
    bob.posts("@alice hello", visibility="direct")
    home.open("/account/conversations")
    home.open(home.page.links["bob"])
    if button == "Post":
        home.open(home.page.links["With pictures, a poll or a warning"])

    home.press(button, text="hi")

    status = newest(alice)
    assert (status["visibility"], status["content"]) == ("direct", "hi")
    assert [each["acct"] for each in status["mentions"]] == ["bob"]
    assert button == "Post" or "hi" in home.page.text


def test_a_conversation_of_somebody_else_is_not_found(alice):
    assert alice.get(f"{WRITE}?conversation=77").status == 404


# Edits.


def test_an_edit_begins_with_what_was_typed(home, alice):
    home.open(WRITE)
    home.press("Post", text="*Helo*", content_type="text/markdown", spoiler="cw", poll_option=["a", "b"],
               files={"file[0]": ("a.png", picture(), "image/png")}, **{"description[0]": "A moth"})
    id = newest(alice)["id"]
    poll = newest(alice)["poll"]

    page = home.open(f"{WRITE}?edit={id}")
    form = page.form(POST)
    assert form.values["text"] == "*Helo*"
    assert form.values["poll_option"] == ["a", "b"]
    assert form.values["description[0]"] == "A moth"
    page = home.press("Save", text="*Hello*", **{"description[0]": "A brown moth"})

    assert page.texts["status"] == "Your post is changed."
    status = newest(alice)
    assert status["id"] == id
    assert "<em>Hello</em>" in status["content"]
    assert status["media_attachments"][0]["description"] == "A brown moth"
    assert status["poll"]["expires_at"] == poll["expires_at"]


def test_nobody_edits_what_others_wrote(alice, bob, home):
    id = bob.posts("hello")["id"]

    assert alice.get(f"{WRITE}?edit={id}").status == 403
    form = home.open(WRITE).form(POST)
    form.values["edit"] = id
    page = home.send(form, text="mine", files={})
    assert (home.reply.status, page.form(POST).values["text"]) == (422, "mine")
    assert newest(bob)["content"] == "hello"


@pytest.mark.parametrize("about", ["edit", "conversation"])
def test_what_is_written_about_something_that_is_gone_is_kept(home, alice, bob, about):
    posted = alice.posts("@bob hello", visibility="direct")
    number = posted["pleroma"]["direct_conversation_id"]
    form = home.open(f"{WRITE}?{about}={number if about == 'conversation' else posted['id']}").form(POST)
    if about == "conversation":
        alice.delete(f"/api/v1/conversations/{number}")
    else:
        alice.delete(f"/api/v1/statuses/{posted['id']}")

    page = home.send(form, text="A long text.", files={})

    again = page.form(POST).values
    assert (home.reply.status, again["text"], again["visibility"], again[about]) == (422, "A long text.", "direct", "")
    assert "What you wanted to" in fault_at(home, "text")
    home.press("Post")
    assert "A long text." in newest(alice)["content"]


# Custom emoji.


@pytest.fixture
def emoji():
    made("face", 60)


def test_an_emoji_is_put_at_the_end_of_the_text(home, emoji):
    home.open(WRITE)

    files = {"file[0]": ("a.png", picture(), "image/png")}
    page = home.press(":face1:", text="Hello", spoiler="Greetings", files=files)

    form = page.form(POST).values
    assert (form["text"], form["spoiler"]) == ("Hello :face1: ", "Greetings")
    assert form["media[0]"]
    assert page.attributes("details", open="")
    assert home.press(":face2:").form(POST).values["text"] == "Hello :face1: :face2: "
    assert ":face2:" not in home.press("Post").text, "it is a picture"


def test_the_first_emoji_are_offered_and_the_others_found(home, emoji):
    page = home.open(WRITE)
    shown = [each.text for each in page.form(POST).buttons if each.name == "emoji"]
    assert len(shown) == 48

    page = home.press("Look", text="Hello", emoji_query=":FACE5")

    assert [each.text for each in page.form(POST).buttons if each.name == "emoji"] == [
        f":face{number}:" for number in (5, *range(50, 60))]
    assert page.form(POST).values["text"] == "Hello"
    assert "No emoji is called so." in home.press("Look", emoji_query="nothing").text


def test_a_server_without_emoji_offers_none(home):
    assert "emoji_query" not in home.open(WRITE).form(POST).values


def test_what_is_no_emoji_is_not_put_in(home, emoji):
    form = home.open(WRITE).form(POST)
    form.values["emoji"] = "<b>"

    assert home.send(form, text="Hello", files={}).form(POST).values["text"] == "Hello"


def test_the_page_may_load_its_script_and_no_other(home):
    home.open(WRITE)

    assert "script-src 'self';" in f'{home.reply.headers["content-security-policy"]};'
    scripts = [given["src"] for tag, given in home.page.tags if tag == "script"]
    assert [each.partition(".")[0] for each in scripts] == ["/static/writing"]
    assert len(home.download(scripts[0]).text) < 5_000


# Forged, and lost.


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_from_elsewhere_posts_nothing(home, alice, headers):
    cookies = "; ".join(f"{name}={value}" for name, value in home.cookies.items())

    reply = Person().post(POST, form={"text": "forged"}, headers={"Cookie": cookies, **headers})

    assert reply.status == 403
    assert alice.get(f"/api/v1/accounts/{alice.id}/statuses").json == []


def test_who_is_signed_out_signs_in_and_finds_what_was_typed(home, alice):
    home.open(WRITE)
    home.cookies.clear()

    page = home.press("Post", text="A long text", spoiler="cw", poll_option=["a", "b"])
    assert page.title == "Sign in"
    assert alice.get(f"/api/v1/accounts/{alice.id}/statuses").json == []
    page = home.send("/account/sign-in", name="alice", password=PASSWORD)

    form = page.form(POST)
    assert (form.values["text"], form.values["spoiler"]) == ("A long text", "cw")
    assert form.values["poll_option"] == ["a", "b"]
    home.press("Post")
    assert newest(alice)["spoiler_text"] == "cw"


def test_what_nobody_kept_is_not_found(alice):
    assert alice.get(f"{WRITE}?kept=nothing").status == 404


def test_what_is_kept_has_a_limit():
    written = Composition(text="x" * 500_000, poll_options=["y" * 500_000] * 1_000)

    kept = publishing.find_kept(publishing.keep(written))

    assert kept is not None
    assert replace(kept, media=()) == replace(written, text="x" * 20_000, poll_options=["y" * 1_000] * 20)


def test_writing_costs_one_call_more_than_posting_by_the_api(home, alice):
    home.open(WRITE)  # which learns the emoji
    home.open(WRITE)
    assert home.reply.calls <= 2, "the second asks whether the emoji have changed"
    by_api = alice.post("/api/v1/statuses", json={"status": "Hello"}).calls

    home.press("Post", text="Hello there")

    assert home.calls[-2] == by_api + 1
