"""Every page: no typed text becomes part of the markup, nobody can frame the page, and everybody can read it."""

from __future__ import annotations

import pytest

from chalicelib.domain.signing_in import password_reset
from chalicelib.ids import new_flake
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in import apps, tokens
from tests.cast import PASSWORD
from tests.endpoints.signing_in.mfa_steps import turns_on
from tests.pages.reading import WebPage, check
from tests.security.pages import Page, sign_in

OOB = "urn:ietf:wg:oauth:2.0:oob"
PLAIN = "plain"
TOO_LONG = "plain" * 100
"""For a token: some pages then leave out what is only offered for one that may be good."""
HOSTILE = [
    "\"><script>alert(1)</script>", "'><img src=x onerror=alert(1)>",
    "</style></title></textarea><svg onload=alert(1)>",
    "\" autofocus onfocus=\"alert(1)", "' onclick='alert(1)", "`onerror=alert(1)`", "<!--", "-->", "]]>",
    "&lt;script&gt;",
    "&#60;script&#62;", "$style ${body} $$ %s {0}", "javascript:alert(1)", "\u2028<script>\u2029", "＜script＞",
    "<\tscript>",
    "</form><form action=https://evil.example/>", "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=0>",
    "\r\n\r\n<script>", "\"/><input name=x value=\"", "\ufeff<b>", "\x1b[31m<i>", "<a href=//evil.example>",
]


def app_named(name: str, scopes: str = "read write") -> apps.App:
    return apps.add(apps.App(tokens.random_token(), id=new_flake(), secret="s", name=name, redirect_uris=OOB,
                             scopes=scopes))


def wanted(text: str, client_id: str | None = None) -> dict[str, str]:
    return {"client_id": client_id or text, "redirect_uri": OOB, "state": text, "response_type": text}


def asked(text, anonymous, alice):
    return anonymous.get("/oauth/authorize", wanted(text, app_named(text).client_id))


def asked_with_a_wrong_address(text, anonymous, alice):
    return anonymous.get("/oauth/authorize", wanted(text, app_named(text).client_id) | {"redirect_uri": text})


def asked_with_a_wrong_scope(text, anonymous, alice):
    return anonymous.get("/oauth/authorize", wanted(text, app_named(text).client_id) | {"scope": f"write:{text} x"})


def asked_by_a_stranger(text, anonymous, alice):
    return anonymous.get("/oauth/authorize", {**wanted(text), "force_login": text})


def asked_for_scopes(text, anonymous, alice):
    one = "".join(text.replace(",", "").split())
    return anonymous.get("/oauth/authorize", {"client_id": app_named("An app", f"read {one}").client_id,
                                              "scope": f"read:{one} {one}"})


def asked_who_is_signed_in(text, anonymous, alice):
    return alice.get("/oauth/authorize", wanted(text, app_named(text).client_id))


def refused(text, anonymous, alice):
    return sign_in(anonymous, name=text, password=text, **wanted(text, app_named(text).client_id))


def granted(text, anonymous, alice):
    return sign_in(anonymous, name="alice", password=PASSWORD, client_id=app_named(text).client_id, redirect_uri=OOB,
                   state=text)


def second_factor(text, anonymous, alice):
    return anonymous.get("/oauth/mfa", {"mfa_token": text, "redirect_uri": text, "state": text, "challenge_type": text})


def second_factor_refused(text, anonymous, alice):
    return anonymous.post("/oauth/mfa/verify", form={f"mfa[{name}]": text for name in (
        "mfa_token", "redirect_uri", "state", "challenge_type", "code")})


def second_factor_after_the_password(text, anonymous, alice):
    turns_on(alice)
    app = app_named(text)
    return sign_in(anonymous, name="alice", password=PASSWORD, client_id=app.client_id, redirect_uri=OOB, state=text)


def new_password(text, anonymous, alice):
    return anonymous.get(f"/api/pleroma/password_reset/{password_reset.link_for(alice.account)[0]}")


def new_password_refused(text, anonymous, alice):
    return anonymous.post("/api/pleroma/password_reset", form={"data[token]": text, "data[password]": text})


def new_password_set(text, anonymous, alice):
    token = password_reset.link_for(alice.account)[0]
    return anonymous.post("/api/pleroma/password_reset", form={
        "data[token]": token, "data[password]": text, "data[password_confirmation]": text})


def way_home(text, anonymous, alice):
    return anonymous.get("/main/ostatus", {"nickname": text, "profile": text})


def way_home_refused(text, anonymous, alice):
    return anonymous.post("/main/ostatus", form={"nickname": text, "profile": text})


def sent_home(text, anonymous, alice):
    return anonymous.get("/authorize_interaction", {"uri": text})


def sent_home_with_a_wrong_code(text, anonymous, alice):
    return anonymous.post("/ostatus_subscribe", form={"acct": text, "mfa[mfa_token]": text, "mfa[code]": text})


def front(text, anonymous, alice):
    return anonymous.get("/")


def signs_in(text, anonymous, alice):
    return anonymous.get("/account/sign-in", {"next": text})


def sign_in_refused(text, anonymous, alice):
    return anonymous.post("/account/sign-in", form={"name": text, "password": text, "next": text})


def second_step_refused(text, anonymous, alice):
    return anonymous.post("/account/sign-in/mfa", form={"mfa_token": text, "code": text, "next": text})


def sign_up_refused(text, anonymous, alice):
    names = ("username", "email", "password", "fullname", "bio", "reason", "token", "captcha_solution",
             "captcha_token", "captcha_answer_data")
    return anonymous.post("/account/sign-up", form=dict.fromkeys(names, text))


def profile_refused(text, anonymous, alice):
    return alice.post("/account/profile", form={
        "display_name": text, "note": text + "x" * 5_000, "fields_attributes[0][name]": text,
        "fields_attributes[0][value]": text})


def posting_refused(text, anonymous, alice):
    return alice.post("/account/posting", form={"language": text, "default_scope": text})


def address_refused(text, anonymous, alice):
    return alice.post("/account/email", form={"email": text, "password": PASSWORD})


def import_refused(text, anonymous, alice):
    return alice.post("/account/import", form={"kind": text, "list": text})


def alias_refused(text, anonymous, alice):
    return alice.post("/account/aliases", form={"alias": text})


def move_refused(text, anonymous, alice):
    return alice.post("/account/move", form={"target": text, "password": PASSWORD})


def sessions(text, anonymous, alice):
    update(apps.App.stub(alice.app.client_id), [apps.App.name.set(text), apps.App.website.set(text)])
    return alice.get("/account/sessions")


PAGES = [signs_in, sign_in_refused, second_step_refused, sign_up_refused, profile_refused, posting_refused,
         address_refused, import_refused, alias_refused, move_refused, sessions, asked_with_a_wrong_address,
         asked_with_a_wrong_scope, asked,
         asked_by_a_stranger, asked_for_scopes, asked_who_is_signed_in, refused, granted, second_factor,
         second_factor_refused, second_factor_after_the_password, new_password, new_password_refused, new_password_set,
         way_home, way_home_refused, sent_home, sent_home_with_a_wrong_code, front]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)


@every_page
def test_nothing_that_was_typed_becomes_an_element(page, aws, anonymous, cast, setting):
    alice = cast.person("alice")
    setting(instance_rules=PLAIN)
    known = [Page(page(text, anonymous, alice)).skeleton for text in (PLAIN, TOO_LONG) if page is not new_password_set]
    for text in HOSTILE:
        if page is second_factor_after_the_password:  # which needs somebody without a second factor
            aws.wipe()
            alice = cast.person("alice")
        setting(instance_name=text, instance_rules=text.replace("\n", ""), instance_email=text)

        shown = Page(page(text, anonymous, alice))

        known = known or [shown.skeleton]
        assert shown.skeleton in known, text
        assert all(address.startswith(("/", "mailto:", "#", "http://kenoma.test/")) and not address.startswith("//")
                   for address in shown.addresses()), text
        assert text.replace("\r\n", "\n") in shown.text_of("title").replace("\r\n", "\n")


@pytest.mark.parametrize("path", ["/users/alice", "/notice/{id}", "/main/public", "/tag/moth", "/"])
def test_the_page_of_an_account_or_a_status_has_nothing_that_acts(anonymous, alice, path):
    for text in HOSTILE:
        alice.patch("/api/v1/accounts/update_credentials", json={"display_name": text, "note": text})
        options = [text[:20] + "1", text[:20] + "2"]
        id = alice.posts(f"{text}. #moth", spoiler_text=text, content_type="text/html")["id"]
        alice.posts(f"{text}. #moth", content_type="text/html", language="en", in_reply_to_id=id,
                    poll={"options": options, "expires_in": 3600})

        shown = WebPage(anonymous.get(path.format(id=id), headers={"Accept": "text/html"}))

        check(shown, text)
        forms = [each["action"] for each in shown.all("form")]
        assert set(forms) <= {"/main/ostatus"}, text
        assert {each["type"] for each in shown.all("input")} <= {"hidden"}, text


def test_the_description_may_hold_html_but_nothing_that_acts(anonymous, setting):
    setting(instance_description="<b>Moths</b> <a href='https://one.example/' onclick='x()'>here</a>" + "".join(HOSTILE)
            + "<iframe src=x></iframe><form action=x><input name=password></form><style>*{}</style>")

    shown = Page(anonymous.get("/"))

    assert shown.all("b")
    assert shown.all("script", "iframe", "form", "input", "svg", "base", "object") == []
    assert shown.all("style") == []
    assert not [each for each in shown.all("meta") if "http-equiv" in each]
    assert not [name for _, attributes in shown.elements for name in attributes if name.startswith("on")]
    assert not [address for address in shown.addresses() if address.lower().startswith(("javascript:", "data:"))]


@every_page
def test_nobody_can_put_it_into_a_frame_or_load_anything_into_it(page, anonymous, alice):
    headers = page(PLAIN, anonymous, alice).headers

    policy = {rule.split()[0]: rule.split()[1:] for rule in headers["content-security-policy"].split(";") if rule}
    assert headers["x-frame-options"] == "DENY"
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["default-src"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["style-src"] == ["'self'"]
    assert policy.get("script-src") == (["'self'"] if page is granted else None)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] in ("same-origin", "no-referrer")


@every_page
def test_everybody_can_read_it(page, anonymous, alice):
    shown = Page(page(PLAIN, anonymous, alice))

    assert shown.all("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in shown.all("meta")
    assert shown.text_of("title").strip()
    assert (len(shown.all("h1")), len(shown.all("main"))) == (1, 1)
    assert shown.all("iframe", "style") == []
    assert len(shown.all("script")) == (page is granted)
    assert all({"alt", "width", "height"} <= each.keys() for each in shown.all("img"))
    links = [each["rel"] for each in shown.all("link") if each["rel"] != "canonical"]
    assert links == ["icon", "apple-touch-icon", "manifest", "stylesheet"]
    labels = {label.get("for") for label in shown.all("label")}
    seen = [each for each in shown.all("input") if each.get("type") not in ("hidden", "checkbox")]
    assert all(each["id"] in labels and each["autocomplete"] for each in seen)
    assert len({each["id"] for each in seen}) == len(seen)
    within = [shown.elements[place - 1][0] for place, (tag, attributes) in enumerate(shown.elements)
              if tag == "input" and attributes.get("type") == "checkbox"]
    assert set(within) <= {"label"}


@every_page
def test_a_page_with_a_secret_or_a_form_is_kept_by_no_cache(page, anonymous, alice):
    reply = page(PLAIN, anonymous, alice)

    if page is front:
        assert reply.headers["cache-control"] == "public, max-age=60"
        assert "set-cookie" not in reply.headers
    else:
        assert "no-store" in reply.headers["cache-control"]


@every_page
def test_no_page_repeats_a_password(page, anonymous, alice):
    text = "correct horse battery staple"

    shown = Page(page(text, anonymous, alice))

    assert not [each for each in shown.all("input") if each.get("type") == "password" and each.get("value")]
