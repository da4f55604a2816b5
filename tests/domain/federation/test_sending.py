"""Deliveries: one signed request to an inbox."""

from __future__ import annotations

import time

import pytest

from chalicelib import outside
from chalicelib.domain import hosts
from chalicelib.domain.federation import keys, sending
from chalicelib.store.accounts import accounts
from tests.peers.scripted import Reply, redirecting, slowly

BODY = b'{"type": "Follow"}'


@pytest.fixture
def signer(alice):
    return keys.signer_for(accounts.find(alice.id), BODY)


@pytest.fixture
def pem(alice) -> str:
    return keys.pair_of(accounts.find(alice.id)).public_pem


def test_a_body_is_posted_signed_by_its_actor(far, signer, pem):
    reply = sending.post(far.url + "/inbox", BODY, signer)

    assert reply.status == 202
    (asked,) = far.received
    assert (asked.target, asked.body) == ("/inbox", BODY)
    assert asked.headers["content-type"] == "application/activity+json"
    assert asked.headers["host"] == far.host
    assert 'keyId="http://kenoma.test/users/alice#main-key"' in asked.headers["signature"]
    assert far.is_signed(asked, pem)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 410, 429, 500, 503])
def test_a_reply_of_any_status_is_a_result(far, signer, status):
    far.answers["/inbox"] = Reply(status, b"reason", {"Retry-After": "60"})

    reply = sending.post(far.url + "/inbox", BODY, signer)

    assert (reply.status, reply.body, reply.headers["retry-after"]) == (status, b"reason", "60")
    assert len(far.received) == 1


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_to_the_same_host_is_followed_once_and_signed_anew(far, signer, pem, status):
    far.answers["/inbox"] = redirecting("/there", status)
    far.answers["/there"] = redirecting("/further", status)

    assert sending.post(far.url + "/inbox", BODY, signer).status == status
    assert [each.target for each in far.received] == ["/inbox", "/there"]
    assert all(far.is_signed(each, pem) and each.body == BODY for each in far.received)


@pytest.mark.parametrize("status", [301, 302, 303])
def test_redirects_that_lose_the_body_are_not_followed(far, signer, status):
    far.answers["/inbox"] = redirecting("/there", status)

    assert sending.post(far.url + "/inbox", BODY, signer).status == status
    assert len(far.received) == 1


def test_a_redirect_to_another_host_is_not_followed(far, third, signer):
    far.answers["/inbox"] = redirecting(third.url + "/inbox", 307)

    assert sending.post(far.url + "/inbox", BODY, signer).status == 307
    assert third.received == []


def test_an_inbox_with_a_query_is_signed_once_more_without_it(far, signer, pem):
    far.answers["/inbox"] = lambda asked: Reply(202 if far.is_signed(
        type(asked)("POST", "/inbox", asked.headers, asked.body), pem) else 401)

    assert sending.post(far.url + "/inbox?for=bob", BODY, signer).status == 202
    with_query, without = far.received
    assert far.is_signed(with_query, pem)
    assert not far.is_signed(without, pem)
    assert without.target == "/inbox?for=bob"


def test_without_a_query_there_is_no_other_way_to_sign(far, signer):
    far.answers["/inbox"] = Reply(401)

    assert sending.post(far.url + "/inbox", BODY, signer).status == 401
    assert len(far.received) == 1


def test_only_the_beginning_of_a_reply_is_read(far, signer):
    far.answers["/inbox"] = Reply(202, b"x" * 500_000)

    assert len(sending.post(far.url + "/inbox", BODY, signer).body) == 64_000


def test_a_server_that_does_not_answer_is_left_alone(far, signer, monkeypatch):
    monkeypatch.setattr(outside, "MOST_SECONDS", 0.3)
    far.answers["/inbox"] = slowly(1.5)
    began = time.monotonic()

    with pytest.raises(outside.Silent):
        sending.post(far.url + "/inbox", BODY, signer)
    with pytest.raises(hosts.NotNow):
        sending.post(far.url + "/inbox", BODY, signer)

    assert time.monotonic() - began < 1.2
    assert len(far.received) == 1


def test_a_slow_answer_is_waited_for_longer_than_a_page(far, signer):
    """Some servers process a delivery before they answer."""
    assert outside.READ_SECONDS < outside.MOST_SECONDS == 10
    assert outside._Limit(1, 0.0, patient=True).patient


@pytest.mark.parametrize("inbox", ["http://kenoma.test/inbox", "http://kenoma.test./inbox", "http://10.0.0.1/inbox",
                                   "http://user@127.0.0.1/inbox", "ftp://example.org/inbox", "inbox"])
def test_nothing_is_sent_to_ourselves_or_into_networks_of_nobody(signer, inbox):
    with pytest.raises(outside.Unreachable):
        sending.post(inbox, BODY, signer)
