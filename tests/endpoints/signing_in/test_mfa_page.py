"""The second step in the browser: the page, its form, and where it leads."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from chalicelib.ids import new_flake
from chalicelib.store import ephemeral
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in import apps, tokens
from tests.cast import PASSWORD
from tests.endpoints.signing_in.mfa_steps import SETTINGS, Clock, Door, code_of, turns_on, wrong_code

OOB = "urn:ietf:wg:oauth:2.0:oob"
CALLBACK = "https://client.example/callback?keep=1"
HOSTILE = "\"'><script>alert('1')</script>&amp;"
FAILED = "Two-factor authentication failed."


class Page(HTMLParser):
    """What somebody without JavaScript meets on a page."""

    def __init__(self, reply):
        super().__init__()
        self.tags, self.hidden, self.fields, self.links, self.ids, self.form = [], {}, {}, [], {}, {}
        self.heading = self.text = ""
        self.feed(reply.text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append(tag)
        if tag == "form":
            self.form = given
        elif tag == "input" and given.get("type") == "hidden":
            self.hidden[given["name"]] = given["value"]
        elif tag == "input":
            self.fields[given["name"]] = given
        elif tag == "a":
            self.links += [given["href"]] if "main" in self.tags and "footer" not in self.tags else []
        assert not any(name.startswith("on") for name in given)

    def handle_data(self, data):
        if self.tags and self.tags[-1] == "h1":
            self.heading = self.heading or data
        self.text += data


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def door(cast):
    door = Door(cast)
    door.app = apps.add(apps.App(tokens.random_token(), id=new_flake(), secret="s", name="Tester",
                                 redirect_uris=f"{OOB} {CALLBACK} my.app://back", scopes="read write"))
    return door


@pytest.fixture
def key(alice):
    return turns_on(alice)


@pytest.fixture
def begin(alice, key, door):
    """Send the sign-in page with the right password. Answers the page that asks for the code."""

    def begin(person=door.client, headers=None, **more):
        fields = {"name": "alice", "password": PASSWORD, "client_id": door.app.client_id, "redirect_uri": OOB, **more}
        return person.post("/oauth/authorize", headers=headers, form={
            f"authorization[{name}]": value for name, value in fields.items() if value is not None})

    return begin


@pytest.fixture
def mfa_token(begin):
    return Page(begin()).hidden["mfa[mfa_token]"]


def code_in(reply):
    return re.search(r"<output>([\w-]{43})</output>", reply.text)[1]


# The page.


def test_the_right_password_leads_to_the_page(begin):
    reply = begin(redirect_uri=CALLBACK, state=HOSTILE)

    page = Page(reply)
    assert (reply.status, page.heading) == (200, "Two-factor authentication")
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "private, no-store"
    assert (page.form["method"], page.form["action"]) == ("post", "/oauth/mfa/verify")
    assert page.hidden == {"mfa[mfa_token]": page.hidden["mfa[mfa_token]"], "mfa[state]": HOSTILE,
                           "mfa[redirect_uri]": CALLBACK, "mfa[challenge_type]": "totp"}
    assert "location" not in reply.headers
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize(("asked", "kind", "heading"), [
    (None, "totp", "Two-factor authentication"), ("totp", "totp", "Two-factor authentication"),
    ("recovery", "recovery", "Two-factor recovery"), ("sms", "totp", "Two-factor authentication"),
    (HOSTILE, "totp", "Two-factor authentication"), ("", "totp", "Two-factor authentication"),
])
def test_the_page_asks_for_the_kind_of_code_that_was_named(anonymous, asked, kind, heading):
    named = {} if asked is None else {"challenge_type": asked}

    reply = anonymous.get("/oauth/mfa", {"mfa_token": "t", "redirect_uri": OOB, "state": "s", **named})

    page = Page(reply)
    assert (reply.status, page.heading) == (200, heading)
    assert page.hidden == {"mfa[mfa_token]": "t", "mfa[state]": "s", "mfa[redirect_uri]": OOB,
                           "mfa[challenge_type]": kind}
    assert list(page.fields) == ["mfa[code]"]
    assert FAILED not in reply.text
    assert "To sign in as" not in reply.text
    assert reply.calls == 1


def test_each_kind_links_to_the_other_with_everything_kept(anonymous):
    first = Page(anonymous.get("/oauth/mfa", {"mfa_token": "t", "redirect_uri": CALLBACK, "state": HOSTILE}))
    second = Page(anonymous.get(first.links[0]))
    third = Page(anonymous.get(second.links[0]))

    assert len(first.links) == 1
    assert second.heading == "Two-factor recovery"
    assert second.hidden == first.hidden | {"mfa[challenge_type]": "recovery"}
    assert third.hidden == first.hidden


@pytest.mark.parametrize("field", ["mfa_token", "redirect_uri", "state", "challenge_type"])
def test_whatever_is_echoed_is_escaped(anonymous, field):
    shown = anonymous.get("/oauth/mfa", {field: HOSTILE})
    failed = anonymous.post("/oauth/mfa/verify", form={f"mfa[{field}]": HOSTILE, "mfa[code]": HOSTILE})

    for reply in (shown, failed):
        assert "<script" not in reply.text
        assert "script" not in Page(reply).tags
        if field != "challenge_type":
            assert Page(reply).hidden[f"mfa[{field}]"] == HOSTILE
    assert "alert(" not in anonymous.post("/oauth/mfa/verify", form={"mfa[code]": HOSTILE}).text


def test_the_page_needs_no_script_and_can_be_read_aloud(anonymous):
    reply = anonymous.get("/oauth/mfa", {"mfa_token": "t"})

    page = Page(reply)
    field = page.fields["mfa[code]"]
    assert "script" not in page.tags
    assert f'<label for="{field["id"]}">' in reply.text
    assert f'id="{field["aria-describedby"]}"' in reply.text
    assert (field["inputmode"], field["autocomplete"]) == ("numeric", "one-time-code")
    assert 'name="viewport"' in reply.text
    assert reply.headers["x-frame-options"] == "DENY"
    assert reply.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("odd", [{"mfa_token": ["a"], "state": {"a": "b"}}, {"redirect_uri": 5}, {}])
def test_odd_parameters_count_as_none(anonymous, odd):
    assert anonymous.request("GET", "/oauth/mfa", json=odd).status == 200
    assert anonymous.post("/oauth/mfa/verify", json={"mfa": odd}).status == 401
    assert anonymous.post("/oauth/mfa/verify", json={"mfa": [odd]}).status == 401


# The answer.


def test_the_code_of_oauth_goes_to_the_apps_address_with_the_state(alice, begin, door, key):
    page = Page(begin(redirect_uri=CALLBACK, state="a b&c=d", scope="read"))

    reply = door.client.post("/oauth/mfa/verify", form=page.hidden | {"mfa[code]": code_of(key)})

    query = parse_qs(urlsplit(reply.headers["location"]).query)
    assert reply.status == 302
    assert reply.headers["location"].startswith("https://client.example/callback?keep=1&code=")
    assert query["state"] == ["a b&c=d"]
    granted = door.client.post("/oauth/token", form={"grant_type": "authorization_code", "code": query["code"][0],
                                                     **door.credentials})
    assert (granted.json["scope"], granted.json["me"]) == ("read", "http://kenoma.test/users/alice")


def test_the_page_says_whose_code_it_asks_for(mfa_token, door, anonymous, key):
    shown = anonymous.get("/oauth/mfa", {"mfa_token": mfa_token})
    wrong = door.verify(mfa_token, wrong_code(key))

    assert "To sign in as <strong>@alice</strong>." in shown.text
    assert "To sign in as <strong>@alice</strong>." in wrong.text
    assert door.verify(mfa_token, code_of(key)).status == 200


def test_without_a_state_none_is_sent(mfa_token, door, key):
    reply = door.verify(mfa_token, code_of(key), redirect_uri="my.app://back")

    assert re.fullmatch(r"my\.app://back\?code=[\w-]{43}", reply.headers["location"])


def test_the_code_of_oauth_is_shown_where_the_app_has_no_address(mfa_token, door, key):
    reply = door.verify(mfa_token, code_of(key))

    assert reply.status == 200
    assert "Successfully authorized" in reply.text
    assert reply.headers["cache-control"] == "no-store"
    assert ephemeral.look("c", code_in(reply))["scopes"] == ["read", "write"]
    assert (reply.calls, reply.rounds) == (4, 3)


def test_a_recovery_code_does_as_well_and_once(alice, begin, door):
    codes = alice.get(f"{SETTINGS}/backup_codes").json["codes"]
    first, second = (Page(begin()).hidden["mfa[mfa_token]"] for _ in range(2))

    assert door.verify(first, codes[0], challenge_type="recovery").status == 200
    assert door.verify(second, codes[0], challenge_type="recovery").status == 401
    assert door.verify(second, codes[1], challenge_type="recovery").status == 200


def test_a_kind_nobody_knows_is_totp_where_it_is_left_out(mfa_token, door, key):
    assert door.verify(mfa_token, code_of(key), challenge_type="sms").status == 401
    assert door.verify(mfa_token, code_of(key), challenge_type="").status == 200


@pytest.mark.parametrize("wrong", [
    {"code": "000000x"}, {"code": ""}, {"mfa_token": "x" * 43}, {"mfa_token": ""}, {"challenge_type": "recovery"},
])
def test_a_failure_shows_the_form_again(mfa_token, door, key, wrong):
    fields = {"mfa_token": mfa_token, "code": code_of(key), "state": "kept", "redirect_uri": CALLBACK, **wrong}

    reply = door.verify(**fields)

    page = Page(reply)
    assert reply.status == 401
    assert FAILED in reply.text
    assert "location" not in reply.headers
    assert page.form["action"] == "/oauth/mfa/verify"
    assert page.hidden == {
        "mfa[mfa_token]": fields["mfa_token"], "mfa[state]": "kept", "mfa[redirect_uri]": CALLBACK,
        "mfa[challenge_type]": wrong.get("challenge_type", "totp")}
    assert page.heading == ("Two-factor recovery" if "challenge_type" in wrong else "Two-factor authentication")


@pytest.mark.parametrize("uri", [
    "https://thief.example/", "", CALLBACK + "&more", "https://client.example/callback", "//client.example", HOSTILE,
    "https://client.example/callback?keep=1\r\nX-Evil: 1", "javascript:alert(1)", "my.app://back/", f" {CALLBACK}",
])
def test_an_address_that_the_app_did_not_list_never_gets_a_code(mfa_token, door, key, uri, aws):
    reply = door.verify(mfa_token, code_of(key), redirect_uri=uri)

    assert reply.status == 401
    assert "location" not in reply.headers
    assert not any(row["key"]["S"].startswith("c#") for row in aws.dynamodb.scan(TableName="kenoma-ephemeral")["Items"])
    assert door.verify(mfa_token, code_of(key), redirect_uri=CALLBACK).status == 302


def test_an_address_of_another_app_does_not_either(mfa_token, door, key):
    apps.add(apps.App(tokens.random_token(), id=new_flake(), secret="s", name="Thief",
                      redirect_uris="https://thief.example/", scopes="read"))

    assert door.verify(mfa_token, code_of(key), redirect_uri="https://thief.example/").status == 401


def test_no_header_can_be_smuggled_in(mfa_token, door, key):
    reply = door.verify(mfa_token, code_of(key), redirect_uri=CALLBACK, state="x\r\nSet-Cookie: a=b")

    assert "\r" not in reply.headers["location"]
    assert "\n" not in reply.headers["location"]
    assert "set-cookie" not in reply.headers


# Repeated, late and frequent codes.


def test_a_code_is_good_for_one_sign_in_whatever_the_way(begin, door, key):
    tokens_of = [Page(begin()).hidden["mfa[mfa_token]"] for _ in range(2)]

    assert door.verify(tokens_of[0], code_of(key)).status == 200
    assert door.verify(tokens_of[1], code_of(key)).status == 401
    assert door.challenge(door.mfa_token(), code_of(key)).status == 400


def test_an_mfa_token_is_spent_by_success(mfa_token, door, key, clock):
    assert door.verify(mfa_token, code_of(key)).status == 200

    clock.passes(30)

    assert door.verify(mfa_token, code_of(key)).status == 401
    assert door.challenge(mfa_token, code_of(key)).status == 400


def test_it_is_dead_after_five_minutes(mfa_token, door, key, clock):
    clock.passes(300)

    assert door.verify(mfa_token, code_of(key)).status == 401


def test_it_is_dead_after_ten_wrong_codes(mfa_token, door, key):
    for _ in range(10):
        door.verify(mfa_token, wrong_code(key))

    assert door.verify(mfa_token, code_of(key)).status == 401


@pytest.mark.parametrize("change", [{"deactivated": True}, {"token_generation": 5}, {"reset_pending": True}])
def test_an_account_changed_meanwhile_gets_no_code(alice, mfa_token, door, key, change):
    update(Account.stub(alice.id, "P"), [getattr(Account, name).set(value) for name, value in change.items()])

    assert door.verify(mfa_token, code_of(key)).status == 401


def test_too_many_attempts_are_told_on_the_page(mfa_token, door, key, setting):
    setting(rate_limits=True, rate_limit_overrides="authentication=60000/2")
    statuses = [door.verify(mfa_token, wrong_code(key)).status for _ in range(2)]

    reply = door.verify(mfa_token, code_of(key))

    assert statuses == [401, 401]
    assert reply.status == 429
    assert "Too many attempts" in reply.text
    assert Page(reply).hidden["mfa[mfa_token]"] == mfa_token


# Approving as somebody who is signed in.


def test_a_signed_in_account_needs_its_second_factor_for_a_new_app_as_well(alice, begin, door, key):
    cookie = alice.get(SETTINGS).headers["set-cookie"].partition(";")[0]

    by_token = begin(alice, name=None, password=None)
    by_cookie = begin(name=None, password=None, headers={"Cookie": cookie})

    for reply in (by_token, by_cookie):
        assert (reply.status, Page(reply).heading) == (200, "Two-factor authentication")
        assert "Successfully" not in reply.text
    assert door.verify(Page(by_cookie).hidden["mfa[mfa_token]"], code_of(key)).status == 200


def test_the_link_in_an_address_bar_reveals_no_more_than_it_must(anonymous):
    page = Page(anonymous.get("/oauth/mfa", {"mfa_token": "t", "state": "é/?&="}))

    assert page.links == ["/oauth/mfa?mfa_token=t&state=" + quote("é/?&=", safe="")
                          + "&redirect_uri=&challenge_type=recovery"]
