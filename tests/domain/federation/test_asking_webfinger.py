"""Asking who is meant by a name: which answers count, and that nobody takes or gives a name of others."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from chalicelib.domain.federation import webfinger
from chalicelib.domain.federation.fetching import Denied, Missing, NotFetched, Unanswered, Untrusted
from tests.peers.scripted import Peer, Reply, redirecting, slowly, typed

ACTIVITY = "application/activity+json"


def find(name: str, domain: str) -> tuple[str, str]:
    """The name that it has, and the address."""
    found = webfinger.find(name, domain)
    return str(found.handle), found.document["id"]


def refused(name: str, domain: str, kind: type[NotFetched] = NotFetched) -> str:
    with pytest.raises(kind) as fault:
        webfinger.find(name, domain)
    return str(fault.value)


def says(peer: Peer, address: str | None, subject: str | None = None, **more) -> None:
    """Whatever name the server is asked for, it says this."""
    links = [{"rel": "self", "type": ACTIVITY, "href": address}] if address else []
    peer.answers["/.well-known/webfinger"] = typed(
        "application/jrd+json", {"links": links, **({"subject": subject} if subject else {}), **more})


def knows(peer: Peer, resource: str, address: str, subject: str | None = None) -> None:
    """For this name alone it says this."""
    links = [{"rel": "self", "type": ACTIVITY, "href": address}]
    peer.answers[f"/.well-known/webfinger?resource={quote(resource, safe=':@')}"] = typed(
        "application/jrd+json", {"subject": subject or resource, "links": links})


# The name that was asked for.


def test_a_name_leads_to_its_actor(far):
    bob = far.actor("bob")

    assert find("bob", far.host) == (f"bob@{far.host}", bob["id"])

    asked, fetched = far.asked
    assert asked.target == f"/.well-known/webfinger?resource=acct:bob@{far.host}"
    assert asked.headers["accept"] == "application/jrd+json, application/json"
    assert "signature" not in asked.headers
    assert "signature" in fetched.headers


def test_the_actor_says_how_its_name_is_spelt(far):
    bob = far.actor("Bob")
    says(far, bob["id"], f"acct:bob@{far.host.upper()}")

    assert find("bOB", far.host) == (f"Bob@{far.host}", bob["id"])


@pytest.mark.parametrize("subject", [None, "acct:bob", "https://far.example/@bob", "", "acct:@", "acct:bob@b@c"])
def test_a_subject_without_a_host_counts_as_absent(far, subject):
    bob = far.actor("bob")
    says(far, bob["id"], subject)

    assert find("bob", far.host)[0] == f"bob@{far.host}"


@pytest.mark.parametrize(("nickname", "domain"), [
    ("", "far.example"), ("a b", "far.example"), ("bob", ""), ("bob", "far.example/x"), ("bob", "a@far.example"),
    ("b" * 201, "far.example"), ("bob", "kenoma.test"), ("bob", "KENOMA.test"), ("b\u00f6b", "far.example"),
    ("bob", "far.example?x"), ("bob", "far.example#x"), ("bob", "-"), ("bob", "far..example"),
])
def test_what_is_no_name_at_another_server_is_not_asked_for(nickname, domain):
    assert refused(nickname, domain, Untrusted).startswith("not a name")


def test_a_name_is_asked_for_at_public_addresses_only(setting):
    setting(stage="prod", base_url="https://kenoma.example")

    for domain in ("127.0.0.1", "[::1]", "localhost:8000", "2130706433", "far.example:22", "far.example:8443"):
        assert refused("bob", domain, Untrusted) == "not a name at another server"
    assert webfinger.handle("bob", "Far.EXAMPLE:443").resource == "acct:bob@far.example"
    assert webfinger.handle("bob", "b\u00fccher.example").domain == "xn--bcher-kva.example"
    assert webfinger._base("far.example") == "https://far.example"


# What the domain answers.


@pytest.mark.parametrize(("status", "kind"), [(403, Denied), (500, Unanswered), (429, Unanswered)])
def test_a_domain_may_refuse(far, status, kind):
    far.answers["/.well-known/webfinger"] = Reply(status)

    refused("bob", far.host, kind)


@pytest.mark.parametrize("links", [
    [], None, "text", [7], [{"rel": "self"}], [{"rel": "self", "type": "text/html", "href": "URL/users/bob"}],
    [{"rel": "self", "type": "application/json", "href": "URL/users/bob"}],
    [{"rel": "self", "type": ACTIVITY, "href": "http://10.0.0.1/users/bob"}],
    [{"rel": "self", "type": ACTIVITY, "href": "http://kenoma.test/users/alice"}],
    [{"rel": "self", "type": ACTIVITY, "href": "javascript:alert(1)"}],
    [{"rel": "self", "type": ACTIVITY, "href": 7}], [{"rel": "profile", "type": ACTIVITY, "href": "URL/users/bob"}],
])
def test_without_a_usable_link_there_is_nobody(far, links):
    far.actor("bob")
    if isinstance(links, list):
        links = [each if not isinstance(each, dict) else {
            key: value.replace("URL", far.url) if isinstance(value, str) else value for key, value in each.items()}
            for each in links]
    far.answers["/.well-known/webfinger"] = typed("application/jrd+json", {
        "subject": f"acct:bob@{far.host}", "links": links})

    refused("bob", far.host)


@pytest.mark.parametrize("type", [ACTIVITY, 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'])
def test_the_first_usable_link_counts(far, type):
    bob = far.actor("bob")
    far.answers["/.well-known/webfinger"] = typed("application/json", {"links": [
        {"rel": "self", "type": "text/html", "href": far.url}, {"rel": "self", "type": type, "href": "ftp://x/"},
        {"rel": "self", "type": type, "href": bob["id"]}, {"rel": "self", "type": type, "href": far.url + "/other"}]})

    assert find("bob", far.host)[1] == bob["id"]


XRD = """<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Subject>acct:bob@HOST</Subject>
<Link rel="self" type="application/activity+json" href="URL/users/bob"/></XRD>"""


def xrd(far: Peer, text: str) -> Reply:
    return Reply(200, text.replace("HOST", far.host).replace("URL", far.url).encode(),
                 {"Content-Type": "application/xrd+xml"})


def test_xml_is_read_as_well(far):
    bob = far.actor("bob")
    far.answers["/.well-known/webfinger"] = xrd(far, XRD)

    assert find("bob", far.host) == (f"bob@{far.host}", bob["id"])


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)) + "]><XRD>&j;</XRD>"


@pytest.mark.parametrize("text", [BOMB, "<XRD", "<", "<html><p>hello</html>", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'])
def test_xml_that_grows_or_is_none_is_refused(far, text):
    far.actor("bob")
    far.answers["/.well-known/webfinger"] = xrd(far, text)

    refused("bob", far.host)


def test_a_large_answer_is_refused(far):
    far.answers["/.well-known/webfinger"] = Reply(200, b" " * 200_000)

    assert refused("bob", far.host, Untrusted) == "too much"


def test_redirects_are_followed(far, third):
    bob = far.actor("bob")
    knows(third, f"acct:bob@{far.host}", bob["id"])
    far.answers["/.well-known/webfinger"] = lambda asked: redirecting(third.url + asked.target)

    assert find("bob", far.host) == (f"bob@{far.host}", bob["id"])


# host-meta.


def host_meta(far: Peer, template: str) -> None:
    far.answers["/.well-known/host-meta"] = Reply(
        200, f'<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="{template}"/></XRD>'
        .encode(), {"Content-Type": "application/xrd+xml"})


@pytest.mark.parametrize("plain", [Reply(404), Reply(410), Reply(200, b"<html>hello", {"Content-Type": "text/html"})])
def test_a_domain_may_say_where_else_to_ask(far, plain):
    bob = far.actor("bob")
    far.answers["/.well-known/webfinger"] = plain
    far.answers["/finger"] = typed("application/jrd+json", {
        "subject": f"acct:bob@{far.host}", "links": [{"rel": "self", "type": ACTIVITY, "href": bob["id"]}]})
    host_meta(far, far.url + "/finger?q={uri}")

    assert find("bob", far.host)[1] == bob["id"]
    assert far.asked[1].headers["accept"] == "application/xrd+xml, application/json"
    assert far.asked[2].target == f"/finger?q={quote(f'acct:bob@{far.host}', safe='')}"


def test_host_meta_may_be_json(far):
    bob = far.actor("bob")
    far.answers["/.well-known/webfinger"] = Reply(404)
    far.answers["/.well-known/host-meta"] = typed("application/json", {
        "links": [{"rel": "lrdd", "template": far.url + "/finger/{uri}"}]})
    far.answers["/finger/" + quote(f"acct:bob@{far.host}", safe="")] = typed("application/json", {
        "links": [{"rel": "self", "type": ACTIVITY, "href": bob["id"]}]})

    assert find("bob", far.host)[1] == bob["id"]


@pytest.mark.parametrize("template", [
    "http://10.0.0.1/{uri}", "http://kenoma.test/.well-known/webfinger?resource={uri}", "file:///{uri}", "URL/finger",
    "http://[::ffff:10.0.0.1]/{uri}", "{uri}", "",
])
def test_a_template_leads_to_public_addresses_of_others_only(far, template):
    far.actor("bob")
    far.answers["/.well-known/webfinger"] = Reply(404)
    host_meta(far, template.replace("URL", far.url))

    refused("bob", far.host)
    assert [each.path for each in far.asked] == ["/.well-known/webfinger", "/.well-known/host-meta"]


# Names of another domain.


def test_a_domain_may_have_its_actors_at_another_host(far, third):
    """The name is that of the domain, which confirms it."""
    bob = third.actor("bob")
    for peer in (far, third):
        knows(peer, f"acct:bob@{far.host}", bob["id"])
    knows(third, f"acct:bob@{third.host}", bob["id"], f"acct:bob@{far.host}")

    assert find("bob", far.host) == (f"bob@{far.host}", bob["id"])
    assert find("bob", third.host) == (f"bob@{far.host}", bob["id"])


def test_an_actor_cannot_take_a_name_of_another_domain(far, third):
    """Mallory's server says that she is bob of a domain, which knows nothing of it."""
    third.actor("bob")
    mallory = far.actor("bob", id=far.url + "/users/mallory")
    says(far, mallory["id"], f"acct:bob@{third.host}")

    assert refused("bob", far.host, Untrusted) == "the domain does not confirm the name"


def test_a_domain_cannot_give_its_name_to_an_actor_under_another(far, third):
    """The domain must not only know the actor, but call it so."""
    bob = far.actor("bob")
    says(far, bob["id"], f"acct:bob@{third.host}")
    knows(third, f"acct:bob@{third.host}", bob["id"], f"acct:other@{third.host}")

    assert refused("bob", far.host, Untrusted) == "the domain does not confirm the name"


def test_a_name_that_leads_to_an_actor_of_another_name_is_nobody(far):
    mallory = far.actor("mallory")
    says(far, mallory["id"])

    assert refused("bob", far.host, Missing) == "the name is that of another actor"


def test_an_alias_leads_to_the_name_that_the_domain_says(far):
    bob = far.actor("bob")
    knows(far, f"acct:robert@{far.host}", bob["id"], f"acct:bob@{far.host}")

    assert find("robert", far.host) == (f"bob@{far.host}", bob["id"])


# An actor that was met without a name.


def name_of(actor) -> tuple[str, bool]:
    found = webfinger.name_of(actor)
    return str(found), found.is_proved


def test_the_host_of_an_actor_confirms_its_name(far):
    assert name_of(far.actor("bob")) == (f"bob@{far.host}", True)


def test_a_confirmed_name_is_remembered(far):
    bob = far.actor("bob")
    for _ in range(3):
        name_of(bob)

    assert len(far.asked) == 1


def test_the_host_may_name_another_domain_which_must_confirm(far, third):
    bob = third.actor("bob")
    knows(third, f"acct:bob@{third.host}", bob["id"], f"acct:bob@{far.host}")
    with pytest.raises(NotFetched):
        name_of(bob)
    knows(far, f"acct:bob@{far.host}", bob["id"])

    assert name_of(bob) == (f"bob@{far.host}", True)


def test_a_name_that_is_another_actors_is_refused(far):
    bob = far.actor("bob")
    mallory = far.actor("mallory") | {"preferredUsername": "bob"}

    with pytest.raises(Untrusted, match="that of another actor"):
        name_of(mallory)
    assert name_of(bob)[1]


@pytest.mark.parametrize("answer", [slowly(1), Reply(500)])
def test_a_host_that_cannot_be_asked_now_leaves_the_name_unproved(far, answer):
    bob = far.actor("bob")
    far.answers["/.well-known/webfinger"] = answer

    found = webfinger.name_of(bob, seconds=0.3)

    assert (str(found), found.is_proved) == (f"bob@{far.host}", False)


def test_an_unproved_name_is_asked_for_again(far):
    bob = far.actor("bob")
    answer = far.answers["/.well-known/webfinger"]
    far.answers["/.well-known/webfinger"] = Reply(503)
    assert not name_of(bob)[1]
    far.answers["/.well-known/webfinger"] = answer

    assert name_of(bob)[1]


def test_the_documents_own_hint_counts_if_the_domain_confirms_it(far, third):
    bob = third.actor("bob")
    knows(far, f"acct:bob@{far.host}", bob["id"])

    assert name_of(bob | {"webfinger": f"bob@{far.host}"}) == (f"bob@{far.host}", True)


@pytest.mark.parametrize("hint", ["alice@kenoma.test", "alice@HOST", "text", 7, ["bob@HOST"], "bob@10.0.0.1"])
def test_a_hint_is_never_a_proof(far, third, hint):
    far.actor("alice")
    bob = third.actor("bob")
    hint = hint.replace("HOST", far.host) if isinstance(hint, str) else hint

    assert name_of(bob | {"webfinger": hint}) == (f"bob@{third.host}", True)


@pytest.mark.parametrize("name", [None, "", "a b", 7, "b\u00f6b", "a@b"])
def test_an_actor_without_a_usable_name_has_none(far, name):
    with pytest.raises(Untrusted):
        name_of(far.actor("bob") | {"preferredUsername": name})
