"""Profile, posting, privacy, e-mail and password: each form, what it changes, and each fault beside its field."""

from __future__ import annotations

import base64

import pytest

from chalicelib import endpoints
from chalicelib.web.auth import Need
from chalicelib.web.endpoint import DECLARED
from tests.cast import PASSWORD, Person
from tests.endpoints.members.browser import Browser
from tests.pictures import picture

PAGES = ["/account", "/account/profile", "/account/posting", "/account/privacy", "/account/email", "/account/password",
         "/account/mfa", "/account/sessions", "/account/import", "/account/export", "/account/backups",
         "/account/aliases", "/account/move", "/account/blocks", "/account/mutes", "/account/followers",
         "/account/disable", "/account/delete"]
endpoints.load()
FORMS = [(each.method, each.path) for each in DECLARED if each.auth.need is Need.SESSION and each.method == "POST"
         and each.path.startswith("/account")]
POLICY = ("default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; "
          "media-src 'self' https:; style-src 'self'; manifest-src 'self'")


def fault_at(browser: Browser, field: str) -> str:
    """What is wrong with a field, by what a screen reader says of it and by the summary above."""
    page = browser.page
    given = next(given for _, given in page.tags if given.get("name") == field)
    assert given["aria-invalid"] == "true"
    target = f"{given['id']}-fault"
    assert target in given["aria-describedby"].split()
    text = page.texts[f"#{target}"]
    assert page.links[text] == f"#{given['id']}"
    return text


# All of them.


@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_for_who_is_signed_in_and_is_kept_by_nobody(home, path):
    home.open(path)

    assert home.address == path
    assert home.reply.status == 200
    assert home.reply.headers["cache-control"] == "private, no-store"
    assert home.reply.headers["content-security-policy"] == POLICY
    assert "noindex" in home.page.attributes("meta", name="robots")["content"]
    assert home.reply.calls <= 3
    assert home.reply.rounds <= 3


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_led_to_the_sign_in_page(anonymous, path):
    reply = anonymous.get(path)

    assert (reply.status, reply.headers["location"]) == (302, f"/account/sign-in?next={path}")


def test_the_first_page_leads_to_all_others(home):
    home.open("/account")

    assert {*PAGES} - {"/account"} <= {given["href"] for tag, given in home.page.tags if tag == "a"}


@pytest.mark.parametrize(("method", "path"), FORMS)
def test_a_form_without_a_session_is_not_taken(anonymous, path, method):
    reply = anonymous.post(path.replace("{id}", "1"), form={"password": PASSWORD})

    assert (reply.status, reply.json) == (401, {"error": "Please sign in"})


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}], ids=str)
@pytest.mark.parametrize(("method", "path"), FORMS)
def test_a_form_that_another_site_sends_with_the_session_does_nothing(home, alice, path, method, headers):
    before = alice.account.attribute_values
    cookie = "; ".join(f"{name}={value}" for name, value in home.cookies.items())

    reply = Person().post(path.replace("{id}", alice.id), form={"password": PASSWORD, "id": alice.id},
                          headers={"Cookie": cookie, **headers})

    assert (reply.status, reply.json) == (403, {"error": "This was sent by a page of another site."})
    assert alice.account.attribute_values == before


@pytest.mark.parametrize("scopes", ["read", "read:accounts", "write:media", "push"])
def test_a_token_of_an_app_opens_no_page_that_it_has_no_scope_for(cast, scopes):
    carol = cast.person("carol", scopes=scopes)

    for path in ("/account/profile", "/account/email", "/account/mfa", "/account/delete"):
        assert carol.get(path).headers["location"] == f"/account/sign-in?next={path}"
    assert carol.post("/account/profile", form={"display_name": "Eve"}).status == 401


def test_a_password_in_a_header_is_no_session(alice):
    pair = base64.b64encode(f"alice:{PASSWORD}".encode()).decode()

    assert Person().get("/account", headers={"Authorization": f"Basic {pair}"}).status == 302


def test_nothing_of_the_address_is_shown(home):
    page = home.open("/account/email?done=<b>you+won</b>")

    assert "you won" not in page.text
    assert "status" not in page.texts


# Profile.


def test_the_profile_is_changed_and_shown_as_it_was_typed(home, alice):
    home.open("/account/profile")

    page = home.send("/account/profile", display_name="Alice <3", note="I like moths & #rust",
                     **{"fields_attributes[0][name]": "Site", "fields_attributes[0][value]": "https://one.example",
                        "fields_attributes[1][name]": "", "fields_attributes[1][value]": "left out",
                        "fields_attributes[2][name]": "Third", "fields_attributes[2][value]": "yes"},
                     locked=True, bot=True, discoverable=True, hide_follows=True, hide_followers=True,
                     hide_follows_count=True, hide_followers_count=True, hide_favorites=True)

    assert page.texts["status"] == "Your profile is changed."
    shown = alice.get("/api/v1/accounts/verify_credentials").json
    assert (shown["display_name"], shown["source"]["note"]) == ("Alice <3", "I like moths & #rust")
    assert [field["name"] for field in shown["source"]["fields"]] == ["Site", "Third"]
    assert (shown["locked"], shown["bot"], shown["discoverable"]) == (True, True, True)
    hidden = ("hide_follows", "hide_followers", "hide_follows_count", "hide_followers_count", "hide_favorites")
    assert [shown["pleroma"][name] for name in hidden] == [True] * 5
    form = page.form("/account/profile")
    assert (form.values["display_name"], form.values["note"]) == ("Alice <3", "I like moths & #rust")
    assert form.values["fields_attributes[1][name]"] == "Third"
    assert form.boxes["locked"] == form.boxes["bot"] == "true"


def test_a_box_that_is_not_ticked_is_off_and_rows_that_are_emptied_go(home, alice):
    alice.patch("/api/v1/accounts/update_credentials", json={
        "locked": True, "bot": True, "discoverable": True, "fields_attributes": [{"name": "a", "value": "b"}]})
    home.open("/account/profile")

    home.send("/account/profile", locked=False, bot=False, discoverable=False,
              **{"fields_attributes[0][name]": "", "fields_attributes[0][value]": ""})

    shown = alice.get("/api/v1/accounts/verify_credentials").json
    assert (shown["locked"], shown["bot"], shown["discoverable"], shown["fields"]) == (False, False, False, [])


def test_saving_what_the_page_shows_changes_nothing(home, alice):
    alice.patch("/api/v1/accounts/update_credentials", json={
        "display_name": "Al", "note": "a\n\nb", "locked": True, "hide_favorites": True,
        "fields_attributes": [{"name": "a", "value": "b"}]})
    before = alice.get("/api/v1/accounts/verify_credentials").json

    home.open("/account/profile")
    home.send("/account/profile")

    assert alice.get("/api/v1/accounts/verify_credentials").json == before


def test_pictures_are_set_and_removed(home, alice):
    home.open("/account/profile")

    page = home.send("/account/profile", files={"avatar": ("a.png", picture(), "image/png"),
                                                "header": ("h.png", picture(), "image/png")})
    shown = alice.get("/api/v1/accounts/verify_credentials").json
    assert "/media/" in shown["avatar"]
    assert "/media/" in shown["header"]
    assert page.attributes("img", alt="Your avatar")["src"] == shown["avatar"]
    home.send("/account/profile", remove_avatar=True, remove_header=True)

    shown = alice.get("/api/v1/accounts/verify_credentials").json
    assert "/media/" not in shown["avatar"] + shown["header"]


def test_a_file_that_is_no_picture_is_told_and_the_rest_is_kept_in_the_form(home, alice):
    home.open("/account/profile")

    page = home.send("/account/profile", display_name="Typed", files={"avatar": ("a.png", b"no picture", "image/png")})

    assert home.reply.status == 422
    assert fault_at(home, "avatar") == "Avatar is invalid."
    assert page.form("/account/profile").values["display_name"] == "Typed"
    assert alice.account.profile["display_name"] == "alice"


def test_a_picture_that_is_too_large_is_told(home, setting):
    setting(banner_upload_limit=100)
    home.open("/account/profile")

    home.send("/account/profile", files={"header": ("a.png", picture(), "image/png")})

    assert (home.reply.status, fault_at(home, "header")) == (422, "File is too large")


@pytest.mark.parametrize(("typed", "field", "fault"), [
    ({"display_name": "x" * 101}, "display_name", "Display name should be at most 100 character(s)."),
    ({"note": "x" * 5_001}, "note", "Note should be at most 5000 character(s)."),
])
def test_a_text_that_is_too_long_is_told(home, alice, typed, field, fault):
    home.open("/account/profile")

    page = home.send("/account/profile", **typed)

    assert (home.reply.status, fault_at(home, field)) == (422, fault)
    assert page.form("/account/profile").values[field] == typed[field]


def test_a_field_that_is_too_long_is_told(home, alice):
    home.open("/account/profile")

    page = home.send("/account/profile", **{"fields_attributes[0][name]": "x" * 600})

    assert home.reply.status == 422
    assert page.texts["#fields_attributes-fault"] == "Fields attributes invalid."
    assert page.form("/account/profile").values["fields_attributes[0][name]"] == "x" * 600


def test_only_the_staff_may_say_whether_they_show_it(home, admin, alice, anonymous):
    assert "show_role" not in home.open("/account/profile").form("/account/profile").names
    home.reply = alice.post("/account/profile", form={"show_role": "true"})
    assert "show_role" not in alice.account.profile

    browser = Browser()
    browser.open("/account/sign-in")
    browser.send("/account/sign-in", name="admin", password=PASSWORD)
    browser.open("/account/profile")
    browser.send("/account/profile", show_role=False)
    assert admin.account.profile["show_role"] is False


# Posting.


def test_how_new_posts_are(home, alice):
    home.open("/account/posting")

    page = home.send("/account/posting", default_scope="private", default_sensitive=True, language="pt-BR",
                     no_rich_text=True)

    assert page.texts["status"] == "Your settings are changed."
    preferences = alice.get("/api/v1/preferences").json
    assert preferences["posting:default:visibility"] == "private"
    assert preferences["posting:default:sensitive"] is True
    assert preferences["posting:default:language"] == "pt-BR"
    assert page.form("/account/posting").values == {"default_scope": "private", "language": "pt-BR"}
    assert page.form("/account/posting").boxes == {"default_sensitive": "true", "no_rich_text": "true"}


def test_a_post_is_sensitive_by_default_and_says_otherwise(home, alice):
    home.open("/account/posting")
    home.send("/account/posting", default_sensitive=True)

    assert alice.posts("hello")["sensitive"] is True
    assert alice.posts("hello", sensitive=False)["sensitive"] is False


def test_clients_set_it_as_part_of_the_source(alice):
    shown = alice.patch("/api/v1/accounts/update_credentials", json={"source": {"sensitive": True}}).json

    assert shown["source"]["sensitive"] is True
    assert alice.get("/api/v1/preferences").json["posting:default:sensitive"] is True


@pytest.mark.parametrize(("typed", "field", "fault"), [
    ({"language": "not a language"}, "language", "Language is invalid."),
    ({"default_scope": "nobody"}, "default_scope", "Default scope is invalid."),
])
def test_what_is_no_language_or_visibility_is_told(home, alice, typed, field, fault):
    home.open("/account/posting")

    page = home.send("/account/posting", **typed)

    assert (home.reply.status, fault_at(home, field)) == (422, fault)
    assert alice.account.profile.get("language") is None
    assert page.form("/account/posting").values["language"] == typed.get("language", "")


# Privacy.


def test_who_may_reach_one(home, alice):
    form = home.open("/account/privacy").form("/account/privacy")
    assert form.boxes == {"accepts_chat_messages": "true", "block_from_strangers": "",
                          "hide_notification_contents": "", "allow_following_move": "true"}

    page = home.send(form, accepts_chat_messages=False, block_from_strangers=True, hide_notification_contents=True,
                     allow_following_move=False)

    assert page.texts["status"] == "Your settings are changed."
    shown = alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]
    assert (shown["accepts_chat_messages"], shown["allow_following_move"]) == (False, False)
    assert shown["notification_settings"]["block_from_strangers"] is True
    assert shown["notification_settings"]["hide_notification_contents"] is True
    assert page.form("/account/privacy").boxes["block_from_strangers"] == "true"


# E-mail.


def test_the_address_is_changed_with_the_password_and_both_are_told(home, alice, aws, drain):
    assert home.open("/account/email").form("/account/email").values["email"] == "alice@localhost.localdomain"

    page = home.send("/account/email", email="new@one.example", password=PASSWORD)
    drain()

    assert page.texts["status"].startswith("Your e-mail address is changed.")
    assert page.form("/account/email").values["email"] == "new@one.example"
    told = {letter["to"]: letter for letter in aws.letters.letters()}
    assert told.keys() == {"new@one.example", "alice@localhost.localdomain"}
    assert "new@one.example" not in told["alice@localhost.localdomain"]["text"]
    assert "If it was not you" in told["alice@localhost.localdomain"]["text"]


def test_who_had_no_address_is_told_at_the_new_one(cast, aws, drain):
    erin = cast.person("erin", email=None)
    erin.post("/account/email", form={"email": "erin@one.example", "password": PASSWORD})
    drain()

    assert [letter["to"] for letter in aws.letters.letters()] == ["erin@one.example"]


@pytest.mark.parametrize(("email", "password", "field", "fault"), [
    ("new@one.example", "wrong", "password", "Invalid password."),
    ("", PASSWORD, "email", "Email can't be blank."),
    ("nonsense", PASSWORD, "email", "Email has invalid format."),
    ("bob@localhost.localdomain", PASSWORD, "email", "Email has already been taken."),
])
def test_what_is_wrong_with_an_address_is_told(home, bob, email, password, field, fault):
    home.open("/account/email")

    page = home.send("/account/email", email=email, password=password)

    assert (home.reply.status, fault_at(home, field)) == (422, fault)
    assert page.form("/account/email").values == {"email": email, "password": ""}
    assert home.open("/account/email").form("/account/email").values["email"] == "alice@localhost.localdomain"


@pytest.mark.parametrize("path", ["/account/email", "/account/password", "/account/move", "/account/disable",
                                  "/account/delete", "/account/mfa/setup", "/account/mfa/codes", "/account/mfa/off",
                                  "/account/mfa/confirm"])
def test_guesses_of_the_password_are_counted(alice, setting, path):
    setting(rate_limits=True, rate_limit_overrides="authentication=86400000/2")
    for _ in range(2):
        reply = alice.post(path, form={"password": "wrong", "code": "1"})
        assert (reply.status, "Invalid password." in reply.text) == (422, True)

    reply = alice.post(path, form={"password": PASSWORD, "code": "1"})

    assert reply.status == 429
    assert "Too many attempts" in reply.text


# Password.


def test_a_new_password_ends_every_other_session_and_this_one_goes_on(home, alice):
    other = Browser()
    other.open("/account/sign-in")
    other.send("/account/sign-in", name="alice", password=PASSWORD)
    home.open("/account/password")

    page = home.send("/account/password", password=PASSWORD, new_password="moth-light",
                     new_password_confirmation="moth-light")

    assert page.texts["status"] == "Your password is changed. You are signed out everywhere else."
    assert alice.get("/api/v1/accounts/verify_credentials").status == 403
    assert other.open("/account").title == "Sign in"
    assert home.open("/account").title == "Your account"
    other.open("/account/sign-in")
    assert other.send("/account/sign-in", name="alice", password="moth-light").title == "Your account"


@pytest.mark.parametrize(("sent", "field", "fault"), [
    (("wrong", "a", "a"), "password", "Invalid password."),
    ((PASSWORD, "", ""), "new_password", "New password can't be blank."),
    ((PASSWORD, "a", "b"), "new_password", "New password does not match confirmation."),
])
def test_what_is_wrong_with_a_new_password_is_told_and_none_is_shown_again(home, alice, sent, field, fault):
    home.open("/account/password")

    page = home.send("/account/password", password=sent[0], new_password=sent[1], new_password_confirmation=sent[2])

    assert (home.reply.status, fault_at(home, field)) == (422, fault)
    assert set(page.form("/account/password").values.values()) == {""}
    assert alice.get("/api/v1/accounts/verify_credentials").status == 200
