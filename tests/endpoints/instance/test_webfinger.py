"""Webfinger, host-meta, and which servers are out of reach."""

from xml.etree import ElementTree

import pytest

from chalicelib.settings import settings
from chalicelib.store.accounts import accounts
from chalicelib.store.dynamo.table import update

URL = "/.well-known/webfinger"
XRD = "{http://docs.oasis-open.org/ns/xri/xrd-1.0}"
PROFILE = "http://kenoma.test/users/alice"
ALICE = {
    "subject": "acct:alice@kenoma.test",
    "aliases": [PROFILE],
    "links": [
        {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": PROFILE},
        {"rel": "self", "type": "application/activity+json", "href": PROFILE},
        {"rel": "self", "type": 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
         "href": PROFILE},
        {"rel": "http://ostatus.org/schema/1.0/subscribe",
         "template": "http://kenoma.test/ostatus_subscribe?acct={uri}"},
    ],
}
UNKNOWN = "acct:nobody@kenoma.test"
JSON = ["application/json", "application/jrd+json", "*/*", "", "application/*", "text/html, */*;q=0.1"]
XML = ["application/xrd+xml", "application/xml", "text/xml", "text/html,application/xml;q=0.9,*/*;q=0.8"]


def ask(person, resource, accept=None):
    return person.get(URL, {"resource": resource}, headers={"Accept": accept} if accept is not None else None)


# Who is meant.


@pytest.mark.parametrize("resource", [
    "acct:alice@kenoma.test", "alice@kenoma.test", "http://kenoma.test/users/alice", "acct:ALICE@kenoma.test",
    "alice@KENOMA.TEST", " alice@kenoma.test ",
])
def test_an_account_is_found_by_name_and_address(anonymous, alice, resource):
    reply = ask(anonymous, resource)

    assert (reply.status, reply.json) == (200, ALICE)
    assert reply.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(("resource", "subject"), [
    ("acct:alice@kenoma.test:8000", "acct:alice@kenoma.test:8000"), ("alice@kenoma.test", "acct:alice@kenoma.test"),
    ("http://kenoma.test:8000/users/alice", "acct:alice@kenoma.test:8000"),
    ("http://kenoma.test:8000/@alice", "acct:alice@kenoma.test:8000"),
    ("acct:ALICE@KENOMA.test:8000", "acct:alice@kenoma.test:8000"),
    ("acct:internal.fetch@kenoma.test:8000", "acct:internal.fetch@kenoma.test:8000"),
])
def test_the_name_has_the_port_of_this_server_if_the_resource_has_it(anonymous, alice, setting, resource, subject):
    setting(base_url="http://kenoma.test:8000")

    shown = ask(anonymous, resource).json

    assert shown["subject"] == subject
    if "internal" in subject:
        return
    assert shown["aliases"] == ["http://kenoma.test:8000/users/alice"]


@pytest.mark.parametrize("resource", [
    UNKNOWN, "alice", "acct:alice", "alice@elsewhere.example", "acct:alice@kenoma.test.example", "alice@",
    "acct:alice@kenoma.test@kenoma.test", "http://kenoma.test/users/", "http://kenoma.test/users/alice/x",
    "http://kenoma.test/@alice/x", "acct:@@alice@kenoma.test",
    "http://elsewhere.example/users/alice", "acct:", "", "@", "x" * 5_000 + "@kenoma.test",
    "http://kenoma.test/users/" + "x" * 5_000, "acct:../alice@kenoma.test", "acct:al\nice@kenoma.test",
])
def test_nobody_else_is_found(anonymous, alice, resource):
    reply = ask(anonymous, resource)

    assert (reply.status, reply.text) == (404, '"Couldn\'t find user"')
    assert reply.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("state", [{"deactivated": True}, {"approval_pending": True}])
def test_who_is_not_shown_is_not_found(cast, anonymous, state):
    cast.person("hidden", **state)

    assert ask(anonymous, "acct:hidden@kenoma.test").status == 404


@pytest.mark.parametrize("resource", ["acct:alice@kenoma.test:9000", "http://kenoma.test/users/alice",
                                      "http://kenoma.test:9000/users/alice"])
def test_another_port_is_another_server(anonymous, alice, setting, resource):
    setting(base_url="http://kenoma.test:8000")

    assert ask(anonymous, resource).status == 404


@pytest.mark.parametrize("resource", [
    "acct:internal.fetch@kenoma.test", "acct:kenoma.test@kenoma.test", "internal.fetch@kenoma.test",
    "acct:Kenoma.Test@KENOMA.TEST", "http://kenoma.test/internal/fetch", "http://kenoma.test/internal/fetch/",
])
def test_the_server_itself_is_found_by_its_names(anonymous, resource):
    reply = ask(anonymous, resource)

    id = "http://kenoma.test/internal/fetch"
    assert (reply.status, reply.calls) == (200, 0)
    assert reply.json == {
        "subject": "acct:internal.fetch@kenoma.test", "aliases": [id],
        "links": [{"rel": "self", "type": type, "href": id} for type in (
            "application/activity+json", 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"')],
    }


def test_what_an_account_names_as_its_own_elsewhere_is_no_alias(anonymous, alice):
    others = ["https://other.example/users/alice", "https://third.example/<a>&\"'"]
    update(accounts.Account.stub(alice.id, "P"), [accounts.Account.doc.set({"also_known_as": others})])

    assert ask(anonymous, "alice@kenoma.test").json["aliases"] == [PROFILE]
    document = ElementTree.fromstring(ask(anonymous, "alice@kenoma.test", "text/xml").text)
    assert [alias.text for alias in document.iter(f"{XRD}Alias")] == [PROFILE]


def test_the_resource_is_required(anonymous):
    reply = anonymous.get(URL)

    assert (reply.status, reply.json["error"]) == (400, "Missing field: resource.")


# In which form.


@pytest.mark.parametrize("accept", JSON)
def test_json_is_the_first_choice(anonymous, alice, accept):
    reply = ask(anonymous, "alice@kenoma.test", accept)

    assert reply.json == ALICE
    kind = "application/jrd+json" if accept == "application/jrd+json" else "application/json"
    assert reply.headers["content-type"] == f"{kind}; charset=utf-8"


@pytest.mark.parametrize("accept", XML)
def test_an_xrd_says_the_same(anonymous, alice, accept):
    reply = ask(anonymous, "alice@kenoma.test", accept)

    assert reply.headers["content-type"] == "application/xrd+xml; charset=utf-8"
    document = ElementTree.fromstring(reply.text)
    assert document.tag == f"{XRD}XRD"
    assert document.findtext(f"{XRD}Subject") == ALICE["subject"]
    assert [alias.text for alias in document.iter(f"{XRD}Alias")] == ALICE["aliases"]
    assert [link.attrib for link in document.iter(f"{XRD}Link")] == ALICE["links"]


@pytest.mark.parametrize("accept", JSON)
def test_an_unknown_one_is_told_in_json(anonymous, accept):
    reply = ask(anonymous, UNKNOWN, accept)

    assert (reply.status, reply.json) == (404, "Couldn't find user")


@pytest.mark.parametrize("accept", XML)
def test_or_as_plain_text(anonymous, accept):
    reply = ask(anonymous, UNKNOWN, accept)

    assert (reply.status, reply.text) == (404, "Couldn't find user")
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", "image/png", "application/json;q=0"])
def test_no_other_form_is_there(anonymous, alice, accept):
    assert ask(anonymous, "alice@kenoma.test", accept).status == 406


def test_it_takes_two_rounds(anonymous, alice):
    reply = ask(anonymous, "alice@kenoma.test")

    assert (reply.calls, reply.rounds) == (2, 2)


# host-meta.


def test_host_meta_says_where_webfinger_is(anonymous):
    reply = anonymous.get("/.well-known/host-meta")

    assert reply.status == 200
    assert reply.headers["content-type"] == "application/xrd+xml; charset=utf-8"
    document = ElementTree.fromstring(reply.text)
    (link,) = document
    assert (document.tag, link.tag) == (f"{XRD}XRD", f"{XRD}Link")
    assert link.attrib == {"rel": "lrdd", "type": "application/xrd+xml",
                           "template": "http://kenoma.test/.well-known/webfinger?resource={uri}"}


HOST_META = {"links": [{"rel": "lrdd", "type": "application/jrd+json",
                        "template": "http://kenoma.test/.well-known/webfinger?resource={uri}"}]}


@pytest.mark.parametrize("accept", ["application/json", "application/jrd+json",
                                    "application/json, application/xrd+xml;q=0.5"])
def test_host_meta_says_the_same_as_json(anonymous, accept):
    reply = anonymous.get("/.well-known/host-meta", headers={"Accept": accept})

    assert (reply.status, reply.json) == (200, HOST_META)
    assert reply.headers["content-type"] == f"{accept.partition(',')[0]}; charset=utf-8"


@pytest.mark.parametrize("accept", ["", "*/*", "application/xrd+xml, application/json", "text/html", "image/png"])
def test_or_as_xrd(anonymous, accept):
    reply = anonymous.get("/.well-known/host-meta", headers={"Accept": accept})

    assert (reply.status, reply.headers["content-type"]) == (200, "application/xrd+xml; charset=utf-8")


def test_host_meta_has_an_address_of_its_own_for_json(anonymous):
    reply = anonymous.get("/.well-known/host-meta.json")

    assert (reply.json, reply.headers["content-type"]) == (HOST_META, "application/json; charset=utf-8")


# When it answers at all.


@pytest.mark.parametrize("path", [f"{URL}?resource=acct:alice@kenoma.test", f"{URL}?resource={UNKNOWN}",
                                  "/.well-known/host-meta", "/.well-known/host-meta.json",
                                  f"{URL}?resource=acct:internal.fetch@kenoma.test"])
def test_without_federation_neither_is_there(anonymous, alice, setting, path):
    setting(federating=False)

    reply = anonymous.get(path)

    assert (reply.status, reply.json) == (404, {"error": "Not implemented"})


def test_a_private_instance_answers_other_servers(anonymous, alice, setting):
    setting(public=False, restrict_profiles=True)

    assert ask(anonymous, "alice@kenoma.test").status == 200
    assert anonymous.get("/.well-known/host-meta").status == 200


# Which servers are out of reach.


def test_no_server_is_out_of_reach(anonymous, alice):
    for person in (anonymous, alice):
        reply = person.get("/api/v1/pleroma/federation_status")
        assert (reply.status, reply.json) == (200, {"unreachable": {}})


def test_a_private_instance_tells_that_to_its_members_only(anonymous, alice, setting):
    setting(public=False)

    assert anonymous.get("/api/v1/pleroma/federation_status").json == {
        "error": "This resource requires authentication."}
    assert alice.get("/api/v1/pleroma/federation_status").status == 200


@pytest.mark.parametrize("form", ["acct:@alice@{host}", "@alice@{host}", "{base}/@alice", "{base}/@alice/",
                                  "{base}/users/alice/", "acct:alice@{host}"])
def test_people_are_found_by_whatever_their_address_is_copied_as(alice, anonymous, form):
    resource = form.format(host=settings.hostname, base=settings.base_url)

    reply = anonymous.get("/.well-known/webfinger", {"resource": resource}, headers={"Accept": "application/json"})

    assert (reply.status, reply.json["subject"]) == (200, f"acct:alice@{settings.hostname}")
