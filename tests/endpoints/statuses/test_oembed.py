"""GET /api/oembed: how other pages show a status."""

from xml.etree import ElementTree

import pytest

URL = "/api/oembed"
BASE = "http://kenoma.test"


def asked(person, url, **more):
    return person.get(URL, {"url": url, **more})


def test_it_says_how_to_show_a_status(alice, anonymous):
    alice.patch("/api/v1/accounts/update_credentials", json={"display_name": 'Al "&" Co'})
    status = alice.posts("hello\nthere")

    reply = asked(anonymous, f"{BASE}/notice/{status['id']}")

    html = reply.json["html"]
    assert reply.json == {
        "type": "rich", "version": "1.0", "title": 'Al "&" Co: “hello there”', "author_name": 'Al "&" Co',
        "author_url": f"{BASE}/users/alice", "provider_name": "Kenoma", "provider_url": BASE, "cache_age": 86400,
        "width": 400, "height": None, "html": html}
    assert reply.headers["cache-control"] == "public, max-age=300"
    assert reply.headers["access-control-allow-origin"] == "*"
    frame = ElementTree.fromstring(html)
    assert html.endswith("></iframe>")
    assert frame.attrib == {
        "src": f"{BASE}/embed/{status['id']}", "title": 'Post by Al "&" Co', "width": "400", "height": "400",
        "loading": "lazy", "sandbox": "allow-popups allow-popups-to-escape-sandbox", "style": "border:0"}


@pytest.mark.parametrize("address", ["{BASE}/notice/{id}", "{uri}", "{BASE}/@alice/{id}", "{BASE}/notice/{id}?x=1#y"])
def test_every_address_of_a_status_will_do(alice, anonymous, address):
    status = alice.posts("hello", visibility="unlisted")

    reply = asked(anonymous, address.format(BASE=BASE, **status))

    assert (reply.status, reply.json["title"]) == (200, "alice: “hello”")


def test_a_reblog_is_the_original(alice, bob, anonymous):
    reblog = bob.post(f"/api/v1/statuses/{alice.posts('hello')['id']}/reblog").json

    assert asked(anonymous, f"{BASE}/notice/{reblog['id']}").json["author_name"] == "alice"


def test_a_content_warning_stands_for_the_text(alice, anonymous):
    status = alice.posts("spiders", spoiler_text="<legs>")

    reply = asked(anonymous, status["uri"])

    assert reply.json["title"] == "alice: “CW: <legs>”"
    assert "spiders" not in reply.text


def test_a_long_text_is_cut(alice, anonymous):
    status = alice.posts("x" * 300)

    assert asked(anonymous, status["uri"]).json["title"] == f"alice: “{'x' * 197}...”"


@pytest.mark.parametrize(("sent", "width", "height"), [
    ({"maxwidth": 500, "maxheight": 300}, 500, 300), ({"maxwidth": 10}, 220, None), ({"maxwidth": 5000}, 800, None),
])
def test_it_keeps_to_the_room_that_there_is(alice, anonymous, sent, width, height):
    reply = asked(anonymous, alice.posts("hello")["uri"], **sent)

    assert (reply.json["width"], reply.json["height"]) == (width, height)
    assert f'width="{width}"' in reply.json["html"]


@pytest.mark.parametrize("address", [
    "https://other.example/notice/{id}", "http://kenoma.test.evil.example/notice/{id}", "/notice/{id}",
    "{BASE}/users/alice", "{BASE}/notice/nothing", "{BASE}/objects/nothing", "{BASE}/api/v1/statuses/{id}", "", "x",
])
def test_anything_else_is_not_found(alice, anonymous, address):
    reply = asked(anonymous, address.format(BASE=BASE, **alice.posts("hello")))

    assert (reply.status, list(reply.json)) == (404, ["error"])


@pytest.mark.parametrize("visibility", ["private", "direct", "local"])
def test_what_is_not_for_everybody_is_not_found_even_by_its_author(alice, visibility):
    assert asked(alice, alice.posts("hello", visibility=visibility)["uri"]).status == 404


@pytest.mark.parametrize("hidden", [{"public": False}, {"restrict_statuses": True}])
def test_a_server_may_hide_its_statuses(alice, anonymous, setting, hidden):
    status = alice.posts("hello")
    setting(**hidden)

    assert asked(anonymous, status["uri"]).status == 404


def test_an_address_is_needed(anonymous):
    assert anonymous.get(URL).status == 400


def test_there_is_no_other_format_than_json(alice, anonymous):
    reply = asked(anonymous, alice.posts("hello")["uri"], format="xml")

    assert (reply.status, reply.json) == (501, {"error": "Not implemented"})


def test_it_costs_what_the_status_costs(alice, anonymous):
    status = alice.posts("hello")

    assert asked(anonymous, status["uri"]).calls == anonymous.get(f"/api/v1/statuses/{status['id']}").calls
