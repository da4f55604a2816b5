"""Documents of other servers: what is asked, how it is signed, and which answers are taken."""

from __future__ import annotations

import json
import socket
import time

import pytest

from chalicelib import outside
from chalicelib.domain.federation import fetching, keys, server_actor
from chalicelib.domain.federation.fetching import Denied, Missing, NotFetched, Unanswered, Untrusted
from chalicelib.store.dynamo import ledgers
from tests import other_server
from tests.peers import scripted
from tests.peers.scripted import Reply, redirecting, slowly, typed


def refused(kind: type[NotFetched], url: str, **more) -> str:
    with pytest.raises(kind) as fault:
        fetching.document(url, **more)
    return str(fault.value)


# What is asked.


def test_a_document_is_fetched_in_the_name_of_the_server(far):
    bob = far.actor("bob")

    assert fetching.document(bob["id"]) == bob

    (asked,) = far.asked
    assert (asked.method, asked.target) == ("GET", "/users/bob")
    assert asked.headers["accept"] == (
        'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"')
    assert far.is_signed(asked, keys.pair_of(server_actor.account()).public_pem)
    assert 'keyId="http://kenoma.test/internal/fetch#main-key"' in asked.headers["signature"]
    assert 'headers="(request-target) host date accept"' in asked.headers["signature"]


def test_a_fetch_says_nothing_of_who_asks(far, alice):
    fetching.document(far.actor("bob")["id"])

    told = json.dumps(dict(far.asked[0].headers))
    assert "alice" not in told
    assert far.asked[0].headers["user-agent"] == "Kenoma (+http://kenoma.test)"
    assert not {"cookie", "authorization", "referer", "x-forwarded-for"} & far.asked[0].headers.keys()


def test_a_query_is_signed_as_it_is_asked(far):
    id = far.url + "/?p=1&x=%C3%A4"
    far.answers["/?p=1&x=%C3%A4"] = {"id": id, "type": "Note"}

    assert fetching.document(id)["id"] == id
    assert far.is_signed(far.asked[0], keys.pair_of(server_actor.account()).public_pem)


def test_a_walk_of_many_documents_reads_the_key_once(far):
    bob = far.actor("bob")
    notes = [far.note(bob, "hello") for _ in range(5)]
    fetching.document(notes[0]["id"])

    with ledgers.counted() as ledger:
        for note in notes:
            fetching.document(note["id"])
    assert ledger.calls == 0


def test_each_hop_is_signed_anew_for_its_host(far, third):
    bob = third.actor("bob")
    far.answers["/old"] = redirecting(bob["id"])

    assert fetching.document(far.url + "/old") == bob

    pem = keys.pair_of(server_actor.account()).public_pem
    assert far.is_signed(far.asked[0], pem)
    assert third.is_signed(third.asked[0], pem)


def test_nothing_is_fetched_by_a_server_that_does_not_federate(far, setting):
    setting(federating=False)

    refused(Denied, far.actor("bob")["id"])
    assert far.asked == []


def test_nothing_is_fetched_without_a_key_to_sign_with(far, setting):
    setting(encryption_key="", fetching_key="")

    refused(Denied, far.actor("bob")["id"])
    assert far.asked == []


# Which id it has.


def test_another_spelling_of_an_address_leads_to_the_id(far):
    bob = far.actor("bob")
    far.answers["/@bob"] = bob

    assert fetching.document(far.url + "/@bob") == bob
    assert [each.target for each in far.asked] == ["/@bob", "/users/bob"]


def test_a_fragment_is_not_asked_for(far):
    bob = far.actor("bob")

    assert fetching.document(bob["id"] + "#main-key") == bob
    assert far.asked[0].target == "/users/bob"


def test_the_id_must_be_of_the_server_that_gave_it(far, third):
    bob = third.actor("bob")
    far.answers["/fake"] = bob | {"name": "Mallory"}

    assert refused(Untrusted, far.url + "/fake") == "the document has no id of its server"
    assert third.asked == []


def test_a_redirect_cannot_lend_a_servers_name_to_a_document_of_a_third(far, third):
    """`far` leads to a place at the victim, which serves a document that names a third place as its own."""
    with scripted.serving() as victim:
        far.answers["/x"] = redirecting(victim.url + "/upload")
        victim.answers["/upload"] = third.actor("bob") | {"name": "Mallory"}

        refused(Untrusted, far.url + "/x")


def test_the_id_must_be_the_same_when_it_is_asked_itself(far):
    far.answers["/a"] = {"id": far.url + "/b", "type": "Note"}
    far.answers["/b"] = {"id": far.url + "/c", "type": "Note"}
    far.answers["/c"] = {"id": far.url + "/c", "type": "Note"}

    assert refused(Untrusted, far.url + "/a") == "the document names another address as its own"
    assert [each.target for each in far.asked] == ["/a", "/b"]


def test_an_id_that_leads_elsewhere_is_not_its_own(far):
    far.answers["/a"] = {"id": far.url + "/b", "type": "Note"}
    far.answers["/b"] = redirecting(far.url + "/a")

    refused(Untrusted, far.url + "/a")


@pytest.mark.parametrize("id", [None, "", 7, ["URL/a"], {"id": "URL/a"}, "a", "URL/a#part", "http://kenoma.test/users/x",
                                "ftp://example.org/a", "http://user@HOST/a"])
def test_a_document_without_a_usable_id_is_refused(far, id):
    named = id.replace("URL", far.url).replace("HOST", far.host) if isinstance(id, str) else id
    far.answers["/a"] = {"id": named, "type": "Note"}

    refused(Untrusted, far.url + "/a")


# Which form it has.


@pytest.mark.parametrize("kind", [
    "application/activity+json", "Application/Activity+JSON; charset=utf-8",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    "application/ld+json;profile=https://www.w3.org/ns/activitystreams",
    'application/ld+json; charset=utf-8; profile="https://w3id.org/security https://www.w3.org/ns/activitystreams"',
])
def test_documents_of_activity_pub_are_taken(far, kind):
    far.answers["/a"] = typed(kind, {"id": far.url + "/a"})

    assert fetching.document(far.url + "/a")


@pytest.mark.parametrize("kind", [
    "text/plain", "application/octet-stream", "application/json", "text/html", "", "application/ld+json",
    'application/ld+json; profile="https://example.org/other"', "application/activity+jsonx", "image/png",
    "text/plain; application/activity+json", 'application/json; profile="https://www.w3.org/ns/activitystreams"',
])
def test_what_somebody_may_have_uploaded_is_no_document(far, kind):
    far.answers["/a"] = typed(kind, {"id": far.url + "/a"})

    assert refused(Untrusted, far.url + "/a") == "not a document of ActivityPub"


@pytest.mark.parametrize("body", [b"", b"[]", b"[" * 100_000, b'{"id": NaN}', b"\xff", b"<html>"])
def test_malformed_documents_are_refused(far, body):
    far.answers["/a"] = Reply(200, body, {"Content-Type": "application/activity+json"})

    assert refused(Untrusted, far.url + "/a") == "malformed document"


# What the server answers.


@pytest.mark.parametrize(("status", "kind"), [
    (404, Missing), (410, Missing), (401, Denied), (403, Denied), (400, Denied), (406, Denied), (429, Unanswered),
    (408, Unanswered), (500, Unanswered), (502, Unanswered), (503, Unanswered), (300, Untrusted), (304, Untrusted),
])
def test_a_refusal_says_what_may_be_done_about_it(far, status, kind):
    far.answers["/a"] = Reply(status)

    refused(kind, far.url + "/a")
    assert len(far.asked) == 1


def test_what_is_gone_is_told_from_what_is_not_found(far):
    far.answers["/gone"] = Reply(410)
    for path, gone in (("/gone", True), ("/never", False)):
        with pytest.raises(Missing) as fault:
            fetching.document(far.url + path)
        assert fault.value.gone is gone


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "x"])
def test_compressed_documents_are_refused(far, encoding):
    far.answers["/a"] = Reply(200, b"{}", {"Content-Type": "application/activity+json", "Content-Encoding": encoding})

    assert refused(Untrusted, far.url + "/a") == "compressed"
    assert far.asked[0].headers["accept-encoding"] == "identity"


def test_large_documents_are_refused(far):
    far.answers["/a"] = Reply(200, b" " * 2_000_000, {"Content-Type": "application/activity+json"})

    assert refused(Untrusted, far.url + "/a") == "too much"


def test_slow_servers_are_not_waited_for_and_then_left_alone(far):
    far.answers["/slow"] = slowly(2)
    began = time.monotonic()

    refused(Unanswered, far.url + "/slow", seconds=0.4)
    refused(Unanswered, far.url + "/slow", seconds=5)

    assert time.monotonic() - began < 1.5
    assert len(far.asked) == 1


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\n\r\n"])
def test_documents_that_drip_are_cut_off(start):
    with other_server.serving({"/a": other_server.dripping(start + b"x" * 500, 0.05)}) as other:
        began = time.monotonic()
        refused(Unanswered, other.url + "/a", seconds=0.5)

    assert time.monotonic() - began < 2


def test_what_was_looked_at_is_what_is_connected_to(far, monkeypatch):
    """The name server says a public address first, and one of this network when it is asked again."""
    answers = iter(["93.184.216.34", "127.0.0.1"])
    resolve, tried = socket.getaddrinfo, []

    def resolved(host, port, *args, **more):
        if host != "rebinding.example":
            return resolve(host, port, *args, **more)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connected(address, *args, **more):
        tried.append(address[0])
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr("urllib3.util.connection.create_connection", connected)
    refused(Unanswered, "http://rebinding.example/a")
    assert tried == ["93.184.216.34"]


@pytest.mark.parametrize("stage", ["prod", "local"])
@pytest.mark.parametrize("answers", [["10.0.0.1"], ["93.184.216.34", "169.254.169.254"], ["::ffff:10.0.0.1"]])
def test_a_name_is_judged_by_all_its_addresses(setting, monkeypatch, stage, answers):
    setting(stage=stage, base_url=DEPLOYED)
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **_: [
        (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
        for each in answers])

    with pytest.raises(outside.Unreachable, match="not a public address"):
        outside.document("https://rebinding.example/a", "*/*")
    with pytest.raises(outside.Unreachable, match="not a public address"):
        outside.deliver("https://rebinding.example/a", b"{}", lambda *_: {})


def test_redirects_are_followed_three_times(far):
    bob = far.actor("bob")
    for number in range(6):
        far.answers[f"/{number}"] = redirecting(f"/{number + 1}")
    far.answers["/3"] = redirecting("/users/bob")
    far.answers["/2"] = redirecting("/users/bob")

    assert fetching.document(far.url + "/0") == bob
    far.answers["/2"] = redirecting("/3")
    assert refused(Untrusted, far.url + "/0") == "too many redirects"


# Where nothing is asked.


@pytest.mark.parametrize("url", [
    "http://kenoma.test/users/alice", "http://KENOMA.test/x", "http://kenoma.test./x", "http://kenoma.test:80/x",
    "ftp://example.org/x", "http://user@127.0.0.1/x", "javascript:alert(1)", "", "nonsense", "http://[::1",
    "http://example.org/" + "x" * 3_000, "http://10.0.0.1/x", "http://169.254.169.254/x", "http://[::ffff:10.0.0.1]/x",
])
def test_addresses_of_nobody_or_ours_are_not_asked(url):
    refused(Untrusted, url)


@pytest.mark.parametrize("location", [
    "http://kenoma.test/users/alice", "http://KENOMA.TEST./users/alice", "http://10.0.0.1/", "http://[::ffff:10.0.0.1]/",
    "http://169.254.169.254/latest/meta-data/", "http://user@127.0.0.1/", "file:///etc/passwd", "http://[::1",
])
def test_a_redirect_leads_nowhere_either(far, location):
    far.answers["/a"] = redirecting(location)

    refused(Untrusted, far.url + "/a")
    assert len(far.asked) == 1


DEPLOYED = "https://kenoma.example"


@pytest.mark.parametrize(("url", "deployed", "local"), [
    ("https://far.example/users/bob", True, True), ("https://far.example:443/x", True, True),
    ("https://b\u00fccher.example/x", True, True), ("https://xn--bcher-kva.example/x", True, True),
    ("http://far.example/x", False, True), ("https://far.example:8443/x", False, True),
    ("https://far.example:22/x", False, True), ("https://far.example:80/x", False, True),
    ("https://127.0.0.1/x", False, True), ("http://127.0.0.1:8201/x", False, True), ("https://[::1]/x", False, True),
    ("https://[::ffff:10.0.0.1]/x", False, True), ("https://2130706433/x", False, True),
    ("https://0x7f000001/x", False, True), ("https://127.1/x", False, True), ("https://0177.0.0.1/x", False, True),
    ("https://93.184.216.34/x", False, True), ("https://93.184.216.34./x", False, True),
    ("https://kenoma.example/x", False, False), ("https://kenoma.example./x", False, False),
    ("https://KENOMA.example/x", False, False), ("https://kenoma.example:443/x", False, False),
    ("https://kenoma.example:8443/x", False, True), ("https://\uff4benoma.example/x", False, False),
    ("https://user@far.example/x", False, False), ("https://user:x@far.example/x", False, False),
    ("ftp://far.example/x", False, False), ("//far.example/x", False, False), ("", False, False),
    ("https://", False, False), ("https:///x", False, False), ("https://far.example/" + "x" * 2_048, False, False),
    ("https://far..example/x", False, False),
])
def test_which_addresses_may_be_named_among_servers(setting, url, deployed, local):
    setting(stage="prod", base_url=DEPLOYED)
    assert outside.allows(url) is deployed
    setting(stage="local")
    assert outside.allows(url) is local


def test_a_setting_opens_other_ports(setting):
    setting(stage="prod", base_url=DEPLOYED, outgoing_ports="80 443 8443")

    assert outside.allows("https://far.example:8443/x")
    assert not outside.allows("https://far.example:80/x")
    assert not outside.allows("http://far.example:8443/x")


def test_deployed_a_document_is_not_fetched_by_http(setting, far):
    setting(stage="prod", base_url=DEPLOYED)

    refused(Untrusted, "http://far.example/x")
    refused(Untrusted, far.url + "/users/bob")


# Pages that people enter.


def page(far, link: str) -> str:
    far.answers["/page"] = Reply(200, f"<!doctype html><html><head>{link}</head><p>hello".encode(),
                                 {"Content-Type": "text/html; charset=utf-8"})
    return far.url + "/page"


def test_a_page_may_link_to_its_document(far):
    note = far.note(far.actor("bob"), "hello")
    url = page(far, f'<LINK href="{note["id"]}" type=application/activity+json rel="me ALTERNATE">')

    assert fetching.document(url, from_page=True) == note
    refused(Untrusted, url)


@pytest.mark.parametrize("link", [
    '<link rel="alternate" type="application/activity+json" href="http://localhost:PORT/users/bob">',
    '<link rel="alternate" type="text/html" href="/users/bob">', '<link rel="alternate" href="/users/bob">',
    '<link rel="stylesheet" type="application/activity+json" href="/users/bob">',
    '<!-- <link rel="alternate" type="application/activity+json" href="/users/bob"> -->',
    '<link rel="alternate" type="application/activity+json" href="javascript:alert(1)">',
    '<link rel="alternate" type="application/activity+json">', "", "<link" * 20_000,
])
def test_other_links_of_pages_are_not_followed(far, third, link):
    far.actor("bob")
    third.actor("bob")

    refused(Untrusted, page(far, link.replace("PORT", third.host.partition(":")[2])), from_page=True)
    assert len(far.asked) == 1
    assert third.asked == []


def test_a_relative_link_is_followed_once(far):
    far.answers["/next"] = Reply(200, b'<link rel="alternate" type="application/activity+json" href="/x">',
                                 {"Content-Type": "text/html"})

    refused(Untrusted, page(far, '<link rel="alternate" type="application/activity+json" href="next">'), from_page=True)
    assert [each.target for each in far.asked] == ["/page", "/next"]
