"""Asking other servers what software they run."""

from __future__ import annotations

import time

import pytest

from chalicelib.domain.federation import arriving, nodeinfo
from chalicelib.domain.federation.fetching import NotFetched
from chalicelib.domain.federation.nodeinfo import ForeignSoftware
from chalicelib.store.federation import host_rows
from tests.peers.scripted import Peer, Reply, typed

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"


def describe(far: Peer, software, *versions: str) -> None:
    links = [{"rel": SCHEMA + version, "href": f"{far.url}/nodeinfo/{version}"} for version in versions]
    far.answers["/.well-known/nodeinfo"] = typed("application/json", {"links": links})
    for version in versions:
        far.answers[f"/nodeinfo/{version}"] = typed("application/json", {"version": version, "software": software})


def test_the_software_is_told(far):
    describe(far, {"name": "mastodon", "version": "4.7.0"}, "2.0")

    assert nodeinfo.software_of(far.url) == ForeignSoftware("mastodon", "4.7.0")
    assert all("signature" not in each.headers for each in far.asked)


@pytest.mark.parametrize(("versions", "asked"), [
    (("2.0", "2.1"), "2.1"), (("1.0", "2.0"), "2.0"), (("1.0",), "1.0"), (("9.9", "1.1", "2.0"), "2.0"),
])
def test_the_best_known_form_is_asked_for(far, versions, asked):
    describe(far, {"name": "x", "version": "1"}, *versions)

    nodeinfo.software_of(far.url)

    assert far.asked[-1].target == f"/nodeinfo/{asked}"


@pytest.mark.parametrize("software", [None, "text", {}, {"name": 7}, {"name": ""}, {"version": "1"}])
def test_without_a_name_there_is_none(far, software):
    describe(far, software, "2.0")

    with pytest.raises(NotFetched):
        nodeinfo.software_of(far.url)


def test_words_are_cut_and_cleaned(far):
    describe(far, {"name": "x" * 500, "version": "1\n2\x7f"}, "2.0")

    assert nodeinfo.software_of(far.url) == ForeignSoftware("x" * 100, "1 2")


@pytest.mark.parametrize("answer", [
    Reply(404), Reply(200, b"<html>"), typed("application/json", {"links": 7}), typed("application/json", {}),
    typed("application/json", {"links": [7, {"rel": ["x"]}, {"rel": SCHEMA + "2.0"}]}),
    typed("application/json", {"links": [{"rel": SCHEMA + "2.0", "href": "http://10.0.0.1/x"}]}),
])
def test_other_answers_tell_nothing(far, answer):
    far.answers["/.well-known/nodeinfo"] = answer

    with pytest.raises(NotFetched):
        nodeinfo.software_of(far.url)


def test_another_host_is_not_asked(far, third):
    describe(third, {"name": "x", "version": "1"}, "2.0")
    far.answers["/.well-known/nodeinfo"] = typed("application/json", {
        "links": [{"rel": SCHEMA + "2.0", "href": f"{third.url}/nodeinfo/2.0"}]})

    with pytest.raises(NotFetched):
        nodeinfo.software_of(far.url)
    assert third.asked == []


@pytest.mark.parametrize(("address", "is_one"), [
    ("https://far.example/x", True), ("https://api.far.example/x", True), ("https://notfar.example/x", False),
    ("https://far.example.evil.example/x", False), ("http://far.example/x", False), ("x", False),
])
def test_a_subdomain_may_be_asked(address, is_one):
    assert nodeinfo._is_of(address, "https://far.example") is is_one


# When it is asked.


def asked(far: Peer) -> int:
    return sum(each.path == "/.well-known/nodeinfo" for each in far.asked)


def test_a_server_is_asked_once_when_its_accounts_are_met(far, drain):
    describe(far, {"name": "mastodon", "version": "4.7.0"}, "2.0")
    for name in ("bob", "carol", "dave"):
        arriving.learn_account(far.actor(name))
    assert asked(far) == 0, "somebody waited for it"
    drain()

    row = host_rows.find(far.host)
    assert (row.software, row.version, asked(far)) == ("mastodon", "4.7.0", 1)


def test_another_process_does_not_ask_again_within_a_week(far, drain, monkeypatch):
    describe(far, {"name": "mastodon", "version": "4.7.0"}, "2.0")
    nodeinfo.learn(far.url)
    nodeinfo.forget()
    arriving.learn_account(far.actor("bob"))
    drain()
    assert asked(far) == 1

    week = host_rows.find(far.host).asked + nodeinfo.ASKED_AGAIN_SECONDS
    monkeypatch.setattr(time, "time", lambda: week + 1.0)
    describe(far, {"name": "far", "version": ""}, "2.0")
    nodeinfo.learn(far.url)
    row = host_rows.find(far.host)
    assert (row.software, row.version) == ("far", None)


def test_a_server_that_does_not_say_is_left_alone_and_one_that_is_down_is_not(far, third):
    assert nodeinfo.learn(far.url)
    third.answers["/.well-known/nodeinfo"] = Reply(503)
    assert not nodeinfo.learn(third.url)

    assert (host_rows.find(far.host).asked > 0, host_rows.find(third.host).asked) == (True, 0)
