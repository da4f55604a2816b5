"""The sign-in page: GET and POST /oauth/authorize."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from chalicelib.domain.signing_in import oauth
from chalicelib.ids import new_flake
from chalicelib.store import ephemeral
from chalicelib.store.accounts.accounts import Account, Secret
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in import apps, tokens
from tests.cast import PASSWORD

OOB = "urn:ietf:wg:oauth:2.0:oob"
CALLBACK = "https://client.example/callback?keep=1"
HOSTILE = "\"><script>alert('1')</script>"


class Form(HTMLParser):
    """What a page's form holds."""

    def __init__(self, reply):
        super().__init__()
        self.action = self.method = ""
        self.fields = []
        self.boxes = {}
        self.feed(reply.text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.action, self.method = given["action"], given["method"]
        if tag in ("input", "button"):
            self.fields.append((given.get("name"), given.get("type"), given.get("value")))
            if given.get("type") == "checkbox":
                self.boxes[given["value"]] = "checked" in given

    @property
    def names(self):
        return [name for name, _, _ in self.fields]

    @property
    def hidden(self):
        return {name: value for name, kind, value in self.fields if kind == "hidden" and value}


@pytest.fixture
def app(cast):
    return apps.add(apps.App(tokens.random_token(), id=new_flake(), secret="s", name="Tester <1>",
                             redirect_uris=f"{OOB} {CALLBACK} my.app://back", scopes="read write:media"))


@pytest.fixture
def sign_in(anonymous, app):
    """POST the form as nobody; parameters of `authorization[…]` by name."""

    def sign_in(person=anonymous, headers=None, **more):
        fields = {"name": "alice", "password": PASSWORD, "client_id": app.client_id, "redirect_uri": OOB, **more}
        form = {f"authorization[{name}]": value for name, value in fields.items() if value is not None}
        return person.post("/oauth/authorize", form=form, headers=headers)

    return sign_in


def page(person, app, **params):
    return person.get("/oauth/authorize", {"response_type": "code", "client_id": app.client_id, "redirect_uri": OOB,
                                           **params})


def code_in(reply):
    return re.search(r"<output>([\w-]{43})</output>", reply.text)[1]


def query_of(reply):
    return parse_qs(urlsplit(reply.headers["location"]).query)


# The form.


def test_the_page_has_a_form_for_name_and_password(anonymous, app):
    reply = page(anonymous, app, state="abc")

    form = Form(reply)
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert (form.method, form.action) == ("post", "/oauth/authorize")
    assert {"authorization[name]", "authorization[password]"} <= set(form.names)
    assert form.hidden == {
        "authorization[client_id]": app.client_id, "authorization[response_type]": "code",
        "authorization[redirect_uri]": OOB, "authorization[state]": "abc",
    }
    assert (None, "submit", None) in form.fields
    assert "Tester &lt;1&gt;" in reply.text


def test_a_trailing_slash_and_wrapped_parameters_are_the_same(anonymous, app):
    reply = anonymous.get("/oauth/authorize/", {
        "authorization[client_id]": app.client_id, "authorization[redirect_uri]": OOB, "authorization[state]": "s"})

    assert Form(reply).hidden["authorization[client_id]"] == app.client_id
    assert Form(reply).hidden["authorization[state]"] == "s"


def test_each_scope_of_the_app_has_a_box_and_all_are_ticked(anonymous, app):
    reply = page(anonymous, app)

    assert Form(reply).boxes == {"read": True, "write:media": True}
    fields = [(kind, value) for name, kind, value in Form(reply).fields if name == "authorization[scope][]"]
    assert fields == [("hidden", ""), ("checkbox", "read"), ("hidden", ""), ("checkbox", "write:media")]


def test_only_the_scopes_asked_for_are_ticked(anonymous, app):
    assert Form(page(anonymous, app, scope="read")).boxes == {"read": True, "write:media": False}
    assert Form(page(anonymous, app, scopes="read:statuses")).boxes == {
        "read": False, "write:media": False, "read:statuses": True}


def test_where_no_scope_is_named_all_are_ticked(anonymous, app):
    assert Form(page(anonymous, app, scope="")).boxes == {"read": True, "write:media": True}


def test_boxes_that_were_all_unticked_stay_so(alice, anonymous, app, sign_in):
    nothing = [("authorization[scope][]", ""), ("authorization[scope][]", "")]
    fields = [("authorization[name]", "alice"), ("authorization[password]", PASSWORD),
              ("authorization[client_id]", app.client_id), ("authorization[redirect_uri]", OOB)]

    reply = anonymous.request("POST", "/oauth/authorize", body=urlencode(fields + nothing).encode(),
                              headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert "This action is outside the authorized scopes" in reply.text
    assert Form(reply).boxes == {"read": False, "write:media": False}
    assert Form(sign_in(password="wrong")).boxes == {"read": True, "write:media": True}


@pytest.mark.parametrize("client_id", ["nope", "", "x" * 5_000, None])
def test_an_unknown_app_is_told_at_once(anonymous, alice, client_id):
    for person in (anonymous, alice):
        reply = person.get("/oauth/authorize", {} if client_id is None else {"client_id": client_id})

        assert reply.status == 400
        assert "This app is not known here." in reply.text
        assert "<form" not in reply.text


@pytest.mark.parametrize("uri", ["https://thief.example/", CALLBACK + "&more", "my.app://other", "javascript:alert(1)"])
def test_an_address_that_the_app_did_not_list_is_told_at_once(anonymous, app, uri):
    reply = page(anonymous, app, redirect_uri=uri)

    assert (reply.status, "location" in reply.headers) == (400, False)
    assert "This app is not set up for this address." in reply.text
    assert uri not in reply.text
    assert "<form" not in reply.text


@pytest.mark.parametrize("scope", ["admin", "read write", "readers", "nonsense"])
def test_a_scope_that_the_app_has_not_is_told_at_once(anonymous, app, scope):
    reply = page(anonymous, app, scope=scope)

    assert reply.status == 400
    assert "This app asks for more than it may." in reply.text
    assert "<form" not in reply.text


def test_scopes_are_told_in_words_and_those_of_the_staff_in_a_box_of_their_own(anonymous):
    app = apps.add(apps.App(tokens.random_token(), id=new_flake(), secret="s", name="Tester", redirect_uris=OOB,
                            scopes="read write:statuses follow push admin:read:reports admin:write made:up"))

    text = page(anonymous, app).text

    for words in ("Read everything in your account", "Write and delete posts", "Follow, block and mute people",
                  "Send you notifications", "Do what it calls “made:up”"):
        assert words in text.partition("As an administrator")[0]
    staff = text.partition('<fieldset class="warning">')[2].partition("</fieldset>")[0]
    assert "Read reports, as an administrator" in staff
    assert "Change everything that an administrator may change" in staff


@pytest.mark.parametrize(("website", "link"), [
    ("https://client.example/about?x=1", '<a href="https://client.example/about?x=1" rel="nofollow noopener">'
                                         "client.example</a>"),
    ("javascript:alert(1)", ""), ("client.example", ""), (None, ""),
])
def test_the_site_of_an_app_is_a_link_by_its_host(anonymous, app, website, link):
    if website is not None:
        update(apps.App.stub(app.client_id), [apps.App.website.set(website)])

    text = page(anonymous, app).text

    assert link in text
    assert website == "https://client.example/about?x=1" or "client.example" not in text.partition("<form")[0]


def test_who_is_signed_in_may_sign_in_as_somebody_else(alice, app):
    reply = page(alice, app, redirect_uri=CALLBACK, state="a&b", scope="read")
    address = re.search(r'href="(/oauth/authorize\?[^"]+)">Sign in as somebody else', reply.text)[1]

    other = alice.get(unescape(address))

    assert {"authorization[name]", "authorization[password]"} <= set(Form(other).names)
    assert Form(other).hidden == Form(reply).hidden
    assert Form(other).boxes == {"read": True, "write:media": False}


def test_a_forgotten_password_has_a_way_on(anonymous, app):
    assert '<a href="/auth/password">Forgot password?</a>' in page(anonymous, app).text


def test_the_code_has_a_button_that_a_script_of_this_server_brings(alice, sign_in, anonymous):
    reply = sign_in()

    (script,) = re.findall(r'<script src="(/static/copy\.\w+\.js)" defer></script>', reply.text)
    assert '<button type="button" hidden data-copies="output">Copy</button>' in reply.text
    assert "script-src 'self'" in reply.headers["content-security-policy"]
    assert "unsafe" not in reply.headers["content-security-policy"]
    assert anonymous.get(script).headers["content-type"] == "text/javascript; charset=utf-8"


def test_every_echoed_value_is_escaped(anonymous, app):
    reply = page(anonymous, app, state=HOSTILE, response_type=HOSTILE)
    refused = [page(anonymous, app, **{name: HOSTILE}) for name in ("client_id", "redirect_uri", "scope")]

    assert "<script" not in reply.text
    assert Form(reply).hidden["authorization[state]"] == HOSTILE
    assert all("alert" not in each.text for each in refused)


def test_who_is_signed_in_only_approves(alice, app):
    reply = page(alice, app)

    form = Form(reply)
    assert not {"authorization[name]", "authorization[password]"} & set(form.names)
    assert "Approve" in reply.text
    assert "alice" in reply.text


def test_the_pages_work_on_a_private_instance(anonymous, app, setting, alice, sign_in):
    setting(public=False)

    assert page(anonymous, app).status == 200
    assert sign_in().status == 200


# Signed in with a token of this app.


@pytest.fixture
def member(alice, app):
    """Alice, signed in with a token of this app."""
    alice.token = tokens.issue(alice.id, app.client_id, ["read"], 0).access_token
    return alice


def test_an_existing_authorization_is_shown(member, app):
    reply = page(member, app)

    assert reply.status == 200
    assert "Authorization exists" in reply.text
    assert member.token in reply.text


def test_an_existing_authorization_goes_back_to_the_app(member, app):
    reply = page(member, app, redirect_uri=CALLBACK, state="x&y", response_type="token")

    assert reply.status == 302
    assert reply.headers["location"].startswith("https://client.example/callback?")
    assert query_of(reply) == {"keep": ["1"], "access_token": [member.token], "state": ["x&y"]}


def test_a_token_is_not_put_into_an_address_where_a_code_was_asked_for(member, app):
    reply = page(member, app, redirect_uri=CALLBACK)

    assert (reply.status, "location" in reply.headers) == (200, False)
    assert "Approve" in reply.text
    assert member.token not in reply.text


def test_the_apps_first_address_is_the_default(member, app):
    assert "Authorization exists" in member.get("/oauth/authorize", {"client_id": app.client_id}).text


def test_a_session_cookie_counts_as_well(member, anonymous, app):
    cookie = member.get("/api/v1/accounts/verify_credentials").headers["set-cookie"].partition(";")[0]

    assert "Authorization exists" in anonymous.get("/oauth/authorize", {"client_id": app.client_id},
                                                   headers={"Cookie": cookie}).text


def test_an_address_that_the_app_did_not_list_gets_nothing(member, app):
    reply = page(member, app, redirect_uri="https://thief.example/")

    assert reply.status == 400
    assert "location" not in reply.headers
    assert member.token not in reply.text


def test_force_login_asks_again(member, app):
    reply = page(member, app, force_login="true")

    assert reply.status == 200
    assert "<form" in reply.text
    assert page(member, app, force_login="false").text != reply.text


# Signing in.


def test_the_code_is_shown_where_the_app_has_no_address(alice, sign_in, anonymous, app):
    reply = sign_in()

    assert reply.status == 200
    assert "Successfully authorized" in reply.text
    granted = anonymous.post("/oauth/token", form={"grant_type": "authorization_code", "code": code_in(reply),
                                                   "client_id": app.client_id, "client_secret": "s"})
    assert granted.json["scope"] == "read write:media"


def test_the_code_is_sent_to_the_apps_address_with_the_state(alice, sign_in):
    reply = sign_in(redirect_uri=CALLBACK, state="a b&c=d")

    assert reply.status == 302
    assert reply.headers["location"].startswith("https://client.example/callback?keep=1&code=")
    assert query_of(reply)["state"] == ["a b&c=d"]
    assert len(query_of(reply)["code"][0]) == 43


def test_without_a_state_none_is_sent(alice, sign_in):
    assert "state" not in query_of(sign_in(redirect_uri=CALLBACK))
    assert "state" not in query_of(sign_in(redirect_uri=CALLBACK, state=""))


def test_an_address_may_have_a_scheme_of_its_own(alice, sign_in):
    assert sign_in(redirect_uri="my.app://back").headers["location"].startswith("my.app://back?code=")


def test_flat_parameters_are_taken_too(alice, anonymous, app):
    reply = anonymous.post("/oauth/authorize", form={
        "name": "alice@localhost.localdomain", "password": PASSWORD, "client_id": app.client_id, "redirect_uri": OOB})

    assert "Successfully authorized" in reply.text


@pytest.mark.parametrize(("scope", "granted"), [
    ("read", ["read"]), ("write:media read", ["write:media", "read"]), ("read:statuses", ["read:statuses"]),
    (None, ["read", "write:media"]),
])
def test_the_scopes_asked_for_are_granted_in_their_order(alice, sign_in, scope, granted):
    assert ephemeral.look("c", code_in(sign_in(scope=scope)))["scopes"] == granted


def test_ticked_boxes_are_the_scopes(alice, anonymous, app):
    pairs = [("authorization[name]", "alice"), ("authorization[password]", PASSWORD),
             ("authorization[client_id]", app.client_id), ("authorization[redirect_uri]", OOB),
             ("authorization[scope][]", ""), ("authorization[scope][]", ""), ("authorization[scope][]", "write:media")]

    reply = anonymous.post("/oauth/authorize", form=pairs)

    assert ephemeral.look("c", code_in(reply))["scopes"] == ["write:media"]


@pytest.mark.parametrize("wrong", [
    {"client_id": "nope"}, {"redirect_uri": "https://thief.example/"}, {"redirect_uri": ""},
    {"redirect_uri": CALLBACK + "&more"},
])
def test_what_is_wrong_with_the_app_is_told_without_a_form(alice, sign_in, wrong):
    reply = sign_in(**wrong)

    assert (reply.status, "location" in reply.headers, "<form" in reply.text) == (400, False, False)


@pytest.mark.parametrize("wrong", [
    {"password": "nope"}, {"name": "nobody"}, {"name": "x" * 5000}, {"password": ""}, {"name": ""},
])
def test_what_is_wrong_shows_the_form_again(alice, sign_in, wrong):
    reply = sign_in(state="kept", **wrong)

    assert reply.status == 401
    assert "Invalid username or password" in reply.text
    assert "location" not in reply.headers
    assert Form(reply).hidden["authorization[state]"] == "kept"
    assert PASSWORD not in reply.text


@pytest.mark.parametrize("scope", ["", "  ", "admin", "read write", "readers"])
def test_scopes_beyond_the_apps_are_refused(alice, sign_in, scope):
    reply = sign_in(scope=scope)

    assert reply.status == 401
    assert "This action is outside the authorized scopes" in reply.text


@pytest.mark.parametrize(("attribute", "status", "text"), [
    ("confirmation_pending", 403, "Your login is missing a confirmed e-mail address"),
    ("reset_pending", 403, "Password reset is required"),
    ("deactivated", 403, "Your account is currently disabled"),
    ("approval_pending", 401, "Invalid username or password"),
])
def test_an_account_that_may_not_sign_in_is_told_why(alice, sign_in, setting, attribute, status, text):
    setting(account_activation_required=True)
    update(Account.stub(alice.id, "P"), [getattr(Account, attribute).set(True)])

    reply = sign_in(scope="admin")

    assert reply.status == status
    assert text in reply.text


def test_a_second_factor_is_asked_for_last(alice, sign_in):
    update(Secret.stub(alice.id, "S"), [Secret.mfa.set({"enabled": True})])

    refused = sign_in(scope="admin")
    reply = sign_in(redirect_uri=CALLBACK, state=HOSTILE)

    assert refused.status == 401
    assert reply.status == 200
    form = Form(reply)
    assert form.action == "/oauth/mfa/verify"
    assert "mfa[code]" in form.names
    assert (form.hidden["mfa[redirect_uri]"], form.hidden["mfa[state]"]) == (CALLBACK, HOSTILE)
    assert ephemeral.look("m", form.hidden["mfa[mfa_token]"])["account"] == alice.id
    assert "<script" not in reply.text


def test_sign_ins_are_limited(alice, sign_in, setting):
    setting(rate_limits=True, rate_limit_overrides="authentication=60000/2")

    statuses = [sign_in(password="nope").status for _ in range(3)]

    assert statuses == [401, 401, 429]


# Approving as somebody who is signed in.


def test_a_token_approves_without_a_password(alice, sign_in):
    reply = sign_in(alice, name=None, password=None)

    assert ephemeral.look("c", code_in(reply))["account"] == alice.id


@pytest.fixture
def cookie(alice):
    return alice.get("/api/v1/accounts/verify_credentials").headers["set-cookie"].partition(";")[0]


@pytest.mark.parametrize("headers", [
    {}, {"Origin": "http://kenoma.test"}, {"Origin": "http://kenoma.test", "Sec-Fetch-Site": "same-origin"},
])
def test_a_session_approves_from_our_own_page(alice, sign_in, cookie, headers):
    reply = sign_in(name=None, password=None, headers={"Cookie": cookie, **headers})

    assert "Successfully authorized" in reply.text


@pytest.mark.parametrize("headers", [
    {"Origin": "https://thief.example"}, {"Origin": "null"}, {"Origin": "http://kenoma.test.thief.example"},
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site", "Origin": "http://kenoma.test"},
])
def test_a_session_approves_nothing_that_another_page_sends(alice, sign_in, cookie, headers):
    reply = sign_in(name=None, password=None, headers={"Cookie": cookie, **headers})

    assert reply.status == 401
    assert "Successfully authorized" not in reply.text


def test_whoever_types_a_name_is_meant_and_not_the_session(alice, bob, sign_in, cookie):
    reply = sign_in(name="bob", headers={"Cookie": cookie})

    assert ephemeral.look("c", code_in(reply))["account"] == bob.id


# Where the browser is sent.


@pytest.mark.parametrize(("uri", "expected"), [
    ("https://a.example", "https://a.example?code=C"),
    ("https://a.example/?", "https://a.example/?code=C"),
    ("https://a.example/?x=%20y", "https://a.example/?x=%20y&code=C"),
    ("https://a.example/?code=old&x=1", "https://a.example/?x=1&code=C"),
    ("https://a.example/#part", "https://a.example/?code=C#part"),
    ("my.app:/back", "my.app:/back?code=C"),
])
def test_the_code_joins_the_query_that_is_there(uri, expected):
    from chalicelib.endpoints.signing_in.oauth import _with_query

    assert _with_query(uri, code="C", state="") == expected


def test_no_header_can_be_smuggled_in(alice, sign_in):
    reply = sign_in(redirect_uri="my.app://back", state="x\r\nSet-Cookie: a=b")

    assert "\r" not in reply.headers["location"]
    assert "\n" not in reply.headers["location"]
    assert "Set-Cookie: a" not in reply.headers["location"]


def test_addresses_of_an_app_hold_no_blanks_so_no_line_ends(alice, anonymous, sign_in):
    sneaky = apps.add(apps.App(tokens.random_token(), id=new_flake(), secret="s", name="Sneaky",
                               redirect_uris="https://a.example/\r\nX-Evil:1", scopes="read"))

    whole = sign_in(client_id=sneaky.client_id, redirect_uri="https://a.example/\r\nX-Evil:1")
    first = sign_in(client_id=sneaky.client_id, redirect_uri="https://a.example/")

    assert whole.status == 400
    assert first.headers["location"].startswith("https://a.example/?code=")


def test_what_signing_in_costs(alice, sign_in):
    reply = sign_in()

    assert (reply.calls, reply.rounds) == (4, 3)
    assert oauth.CODE_SECONDS == 600
