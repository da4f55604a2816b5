"""Visitors of other servers: sent to their own server to follow somebody here, and people of ours who come home."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.cast import PASSWORD, Person, Reply
from tests.endpoints.signing_in.mfa_steps import Clock, code_of, turns_on, wrong_code
from tests.peers import scripted
from tests.peers.scripted import Peer

HOME, AWAY, API = "/authorize_interaction", "/main/ostatus", "/api/v1/pleroma/remote_interaction"
HOSTILE = "\"'><script>alert(1)</script>@x"


class Page(HTMLParser):
    """What somebody without JavaScript meets on a page, as far as it can be used without seeing it."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        assert reply.headers["content-type"] == "text/html; charset=utf-8", reply.body
        self.tags: list[str] = []
        self.hidden: dict[str, str] = {}
        self.fields: dict[str, str] = {}
        self.labels: set[str] = set()
        self.ids: list[str] = []
        self.form: dict[str, Any] = {}
        self.links: list[str] = []
        self.text = self.heading = self.alert = ""
        self._is_alert = False
        self.feed(reply.text)
        assert self.tags.count("h1") == 1
        assert "script" not in self.tags
        assert set(self.fields.values()) <= self.labels  # each field has its label
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        self.tags.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        if tag == "form":
            self.form = given
        elif tag == "input" and given.get("type") == "hidden":
            self.hidden[given["name"]] = given["value"]
        elif tag == "input":
            self.fields[given["name"]] = given["id"]
        elif tag == "label":
            self.labels.add(given["for"])
        elif tag == "a":
            self.links.append(given["href"])
        self._is_alert = given.get("role") == "alert"
        assert not any(name.startswith("on") for name in given)

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "h1":
            self.heading = self.heading or data.strip()
        if self._is_alert:
            self.alert += data.strip()
        self.text += data


def serves_people(far: Peer, template: str | None, name: str = "me") -> str:
    """Somebody of another server, whose people follow others by this template. Answers their name."""
    links = [{"rel": "self", "type": "application/activity+json", "href": f"{far.url}/users/{name}"}]
    if template is not None:
        links.append({"rel": "http://ostatus.org/schema/1.0/subscribe", "template": template})
    far.answers["/.well-known/webfinger"] = scripted.typed("application/jrd+json", {
        "subject": f"acct:{name}@{far.host}", "links": links})
    return f"{name}@{far.host}"


@pytest.fixture
def fern(far: Peer) -> dict[str, Any]:
    return far.actor("fern")


def signs_in(person: Person, uri: str, **authorization: str) -> Reply:
    return person.post(HOME, form={"uri": uri, **{f"authorization[{name}]": value
                                                  for name, value in authorization.items()}})


# People of this server, whom another one sent home.


@pytest.mark.parametrize("parameter", ["uri", "acct"])
@pytest.mark.parametrize("path", [HOME, "/ostatus_subscribe"])
@pytest.mark.parametrize("form", ["acct:fern@{host}", "{url}/users/fern"])
def test_whoever_is_sent_home_sees_whom_they_would_follow(alice, far, fern, path, parameter, form):
    page = Page(alice.get(path, {parameter: form.format(host=far.host, url=far.url)}))

    assert page.heading == "Follow Fern"
    assert f"@fern@{far.host}" in page.text
    assert "signed in as alice" in page.text
    assert (page.form["method"], page.form["action"], page.fields) == ("post", HOME, {})


def test_the_button_follows(alice, far, fern):
    page = Page(alice.get(HOME, {"uri": fern["id"]}))
    done = alice.post(page.form["action"], form=page.hidden)

    assert (done.status, Page(done).heading) == (200, "Asked to follow")
    (account,) = alice.get("/api/v2/search", {"q": fern["id"], "resolve": True}).json["accounts"]
    assert alice.get("/api/v1/accounts/relationships", {"id": account["id"]}).json[0]["requested"]
    assert "You have asked" in Page(alice.get(HOME, {"uri": fern["id"]})).text


@pytest.mark.parametrize("form", ["bob", "@bob", "acct:bob@kenoma.test", "http://kenoma.test/users/bob",
                                  "http://kenoma.test/@bob"])
def test_people_of_this_server_are_found_too(alice, bob, form):
    assert Page(alice.get(HOME, {"uri": form})).heading == "Follow bob"
    assert Page(alice.post(HOME, form={"uri": form})).heading == "Followed"
    assert alice.relationship(bob)["following"] is True
    assert "You follow this account" in Page(alice.get(HOME, {"uri": form})).text


def test_nobody_follows_themselves(alice):
    assert "This is you" in Page(alice.get(HOME, {"uri": "alice"})).text
    reply = alice.post(HOME, form={"uri": "alice"})

    assert (reply.status, Page(reply).heading) == (400, "This cannot be done")


def test_whoever_is_blocked_is_told_so(alice, bob):
    bob.post(f"/api/v1/accounts/{alice.id}/block")
    reply = alice.post(HOME, form={"uri": "bob"})

    assert reply.status == 403
    assert "cannot be followed by you" in Page(reply).text


def test_a_status_is_shown_with_the_way_to_it(alice, far, fern):
    note = far.note(fern, "hello", summary="a subject")

    page = Page(alice.get(HOME, {"uri": note["id"]}))

    assert all(text in page.text for text in ("Fern", "a subject", "hello", note["id"]))
    assert note["id"] in page.links
    assert page.form == {}
    assert alice.post(HOME, form={"uri": note["id"]}).status == 404


def test_own_statuses_are_found_by_document_and_by_page_if_they_may_be_seen(alice, bob, anonymous):
    open_one, private = bob.posts("open"), bob.posts("private", visibility="private")

    for address in (open_one["uri"], open_one["url"]):
        assert "open" in Page(anonymous.get(HOME, {"uri": address})).text
    for viewer in (alice, anonymous):
        assert "private" not in Page(viewer.get(HOME, {"uri": private["uri"]})).text


@pytest.mark.parametrize("meant", ["", " ", "nobody", "http://kenoma.test/objects/1", HOSTILE, "x" * 3_000,
                                   "http://kenoma.test/notice/9", "javascript:alert(1)", "\x00"])
def test_what_leads_nowhere_is_a_page_with_words(alice, anonymous, meant):
    for reply in (alice.get(HOME, {"uri": meant}), alice.post(HOME, form={"uri": meant})):
        assert (reply.status, Page(reply).heading) == (404, "This cannot be done")
    assert anonymous.get(HOME, {"uri": meant}).status in (200, 404)
    assert "<script" not in anonymous.get(HOME, {"uri": meant}).text


# Nobody is signed in.


def test_signing_in_for_nothing_is_a_page_with_words(alice, anonymous):
    reply = anonymous.post(HOME, form={"authorization[name]": "alice", "authorization[password]": "x"})

    assert (reply.status, reply.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "This leads to nobody" in reply.text


def test_nobody_signed_in_makes_this_server_ask_another(anonymous, far, fern):
    page = Page(anonymous.get(HOME, {"uri": f"fern@{far.host}"}))

    assert (page.heading, list(page.fields)) == ("Sign in", ["authorization[name]", "authorization[password]"])
    assert f"fern@{far.host}" in page.text
    assert far.asked == []


def test_name_and_password_follow_and_begin_no_session(alice, anonymous, far, fern):
    page = Page(anonymous.get(HOME, {"uri": fern["id"]}))
    reply = signs_in(anonymous, page.hidden["uri"], name="alice", password=PASSWORD)

    assert (reply.status, Page(reply).heading) == (200, "Asked to follow")
    assert "set-cookie" not in reply.headers
    assert reply.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("sent", [{"name": "alice", "password": "wrong"}, {"name": "nobody", "password": PASSWORD}, {}])
def test_a_wrong_password_brings_the_form_again(alice, bob, anonymous, sent):
    reply = signs_in(anonymous, "bob", **sent)

    assert reply.status == 401
    assert (Page(reply).alert, Page(reply).hidden) == ("Invalid Username/Password", {"uri": "bob"})


def test_passwords_cannot_be_guessed_here_without_limit(alice, bob, anonymous, setting):
    setting(rate_limits=True)
    tries = [signs_in(anonymous, "bob", name="alice", password=f"wrong{number}").status for number in range(16)]
    last = signs_in(anonymous, "bob", name="alice", password=PASSWORD)

    assert (tries, last.status) == ([401] * 15 + [429], 429)
    assert "Too many attempts" in Page(last).alert


def test_a_second_factor_is_asked_for(alice, bob, anonymous, monkeypatch):
    clock = Clock(monkeypatch)
    key = turns_on(alice)
    clock.passes(60)

    page = Page(signs_in(anonymous, "bob", name="alice", password=PASSWORD))
    assert list(page.fields) == ["mfa[code]"]
    wrong = anonymous.post(HOME, form={**page.hidden, "mfa[code]": wrong_code(key)})
    assert (wrong.status, Page(wrong).hidden) == (401, page.hidden)
    right = anonymous.post(HOME, form={**page.hidden, "mfa[code]": code_of(key)})

    assert Page(right).heading == "Followed"
    assert anonymous.post(HOME, form={**page.hidden, "mfa[code]": code_of(key)}).status == 401
    token = page.hidden["mfa[mfa_token]"]
    assert anonymous.post("/oauth/mfa/verify", form={"mfa[mfa_token]": token, "mfa[code]": code_of(key)}).status == 401


def test_the_cookie_of_somebody_follows_nobody_for_another_site(cast, alice, bob, setting):
    setting(secret_key="x" * 32)
    from chalicelib.web import session

    browser = Person()
    headers = {"cookie": session.cookie(alice.token).partition(";")[0]}
    forged = browser.post(HOME, form={"uri": "bob"}, headers={**headers, "sec-fetch-site": "cross-site"})
    own = browser.post(HOME, form={"uri": "bob"}, headers={**headers, "sec-fetch-site": "same-origin"})

    assert (forged.status, Page(own).heading) == (401, "Followed")


def test_an_app_that_may_not_follow_does_not_follow_here(cast, bob):
    reader = cast.person("reader", scopes="read")

    assert reader.post(HOME, form={"uri": "bob"}).status == 401
    assert reader.relationship(bob)["following"] is False


def test_visitors_of_a_closed_server_see_nobody(anonymous, alice, bob, setting):
    setting(public=False)

    assert "@bob" not in Page(anonymous.get(HOME, {"uri": "http://kenoma.test/users/bob"})).text
    assert Page(alice.get(HOME, {"uri": "bob"})).heading == "Follow bob"


def test_who_was_shown_too_many_strangers_is_told_to_wait(alice, far, monkeypatch):
    monkeypatch.setattr("chalicelib.domain.federation.resolving.MOST_ASKED", 0)
    reply = alice.get(HOME, {"uri": f"{far.url}/users/fern"})

    assert (reply.status, "Too many attempts" in Page(reply).text) == (429, True)


# Visitors, who are sent to their own server.


@pytest.mark.parametrize("names", [("nickname", "profile"), ("user[nickname]", "user[profile]")])
def test_a_visitor_goes_to_the_address_that_their_server_tells(alice, anonymous, far, names):
    me = serves_people(far, f"{far.url}/authorize_interaction?uri={{uri}}")
    page = Page(anonymous.get(AWAY, {"nickname": "alice"}))
    assert (page.form["method"], page.form["action"], list(page.fields)) == ("post", AWAY, ["nickname", "profile"])

    reply = anonymous.post(AWAY, form=dict(zip(names, ("alice", f"@{me}"), strict=True)))

    uri = quote("http://kenoma.test/users/alice", safe="")
    assert (reply.status, reply.headers["location"]) == (302, f"{far.url}/authorize_interaction?uri={uri}")


def test_a_visitor_acts_on_a_status_from_home(alice, anonymous, far):
    me = serves_people(far, f"{far.url}/go?x={{uri}}&y=1")
    status = alice.posts("hello")
    assert Page(anonymous.get(AWAY, {"status[status_id]": status["id"]})).hidden == {"status[status_id]": status["id"]}

    reply = anonymous.post(AWAY, form={"status[status_id]": status["id"], "status[profile]": me})

    assert parse_qs(urlsplit(reply.headers["location"]).query) == {"x": [status["uri"]], "y": ["1"]}


@pytest.mark.parametrize("form", ["{url}/@me", "{url}/users/me", "acct:me@{host}", " me@{host} "])
def test_a_visitor_may_type_their_page(alice, anonymous, far, form):
    serves_people(far, f"{far.url}/go?{{uri}}")

    reply = anonymous.post(AWAY, form={"nickname": "alice", "profile": form.format(url=far.url, host=far.host)})

    assert (reply.status, len(far.asked)) == (302, 1)


def test_a_person_of_this_server_is_sent_to_its_own_page(alice, bob, anonymous):
    reply = anonymous.post(AWAY, form={"nickname": "alice", "profile": "bob@kenoma.test"})

    assert reply.headers["location"].startswith("http://kenoma.test/authorize_interaction?uri=http%3A%2F%2F")


@pytest.mark.parametrize("template", [
    None, "javascript:alert('{uri}')", "data:text/html,{uri}", "//evil.example/{uri}", "/{uri}", "https://{uri}",
    "http://kenoma.test/oauth/authorize?x={uri}", "https://a.example/go", "https://user@a.example/{uri}",
    "https://a.example/\r\nSet-Cookie: x={uri}", "https://a.example/{uri}?" + "x" * 3_000, "https://a.example/<{uri}>",
])
def test_no_other_address_is_gone_to(template, alice, anonymous, far):
    me = serves_people(far, template)

    reply = anonymous.post(AWAY, form={"nickname": "alice", "profile": me})

    assert (reply.status, "location" in reply.headers) == (422, False)
    assert "does not say" in Page(reply).alert


def test_the_button_of_a_profile_leads_to_the_form(anonymous, alice):
    reply = anonymous.post("/main/ostatus", form={"nickname": "alice", "profile": ""})

    assert reply.status == 200
    assert 'name="nickname" type="text" value="alice"' in reply.text
    assert 'role="alert"' not in reply.text


@pytest.mark.parametrize(("sent", "status", "words"), [
    ({"nickname": "nobody", "profile": "me@far.example"}, 404, "no such account"),
    ({"nickname": "", "profile": "me@far.example"}, 404, "no such account"),
    ({"nickname": "alice", "profile": "me"}, 400, "name@server.example"),
    ({"nickname": "alice", "profile": HOSTILE}, 400, "name@server.example"),
    ({"nickname": HOSTILE, "profile": "me@far.example"}, 404, "no such account"),
    ({"status[status_id]": "9", "profile": "me@far.example"}, 404, "no such status"),
])
def test_what_is_wrong_is_said_on_the_form_again(alice, anonymous, sent, status, words):
    reply = anonymous.post(AWAY, form=sent)

    page = Page(reply)
    assert (reply.status, words in page.alert) == (status, True)
    assert "profile" in page.fields


def test_an_unknown_name_and_a_silent_server_are_told_of(alice, anonymous, far):
    reply = anonymous.post(AWAY, form={"nickname": "alice", "profile": f"nobody@{far.host}"})

    assert (reply.status, "does not know this name" in Page(reply).alert) == (404, True)


def test_nobody_learns_of_what_is_not_for_everybody(alice, anonymous, far):
    me = serves_people(far, f"{far.url}/{{uri}}")
    private = alice.posts("private", visibility="private")["id"]

    assert anonymous.post(AWAY, form={"status[status_id]": private, "profile": me}).status == 404
    assert far.asked == []


def test_other_servers_are_not_asked_without_limit(alice, anonymous, far, setting):
    setting(rate_limits=True)
    me = serves_people(far, f"{far.url}/{{uri}}")
    sent = [anonymous.post(AWAY, form={"nickname": "alice", "profile": me}) for _ in range(16)]

    assert [each.status for each in sent] == [302] * 15 + [429]
    assert "Too many attempts" in Page(sent[-1]).alert
    assert len(far.asked) == 15


def test_the_api_tells_the_address(anonymous, far):
    me = serves_people(far, f"{far.url}/go?{{uri}}")
    uri = "http://kenoma.test/users/alice"

    there = anonymous.post(API, json={"ap_id": uri, "profile": me}).json
    assert there == {"url": f"{far.url}/go?{quote(uri, safe='')}"}
    for sent in ({"ap_id": uri, "profile": f"nobody@[{far.host}"}, {"ap_id": "x y", "profile": me}):
        assert anonymous.post(API, json=sent).json == {"error": "Couldn't find user"}
    assert anonymous.post(API, json={"ap_id": uri}).status == 400


def test_a_server_that_does_not_federate_sends_nobody_away(alice, anonymous, far, setting):
    setting(federating=False)
    me = serves_people(far, f"{far.url}/{{uri}}")

    reply = anonymous.post(AWAY, form={"nickname": "alice", "profile": me})

    assert (reply.status, Page(reply).heading) == (404, "Follow from your server")
    assert alice.get(HOME, {"uri": f"{far.url}/users/fern"}).status == 404
    assert far.asked == []


def test_our_webfinger_leads_to_the_page(alice, anonymous, far, fern):
    links = anonymous.get("/.well-known/webfinger", {"resource": "acct:alice@kenoma.test"}).json["links"]
    (template,) = [each["template"] for each in links if "template" in each]
    there = urlsplit(template.replace("{uri}", quote(fern["id"], safe="")))

    assert Page(alice.get(f"{there.path}?{there.query}")).heading == "Follow Fern"
