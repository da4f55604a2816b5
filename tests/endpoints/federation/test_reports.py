"""Reports between servers: the staff of each hears of accounts of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.federation import keys
from chalicelib.domain.federation.arriving import learn_account, learn_status
from chalicelib.domain.federation.reading.status import read_status
from chalicelib.domain.federation.receiving import reports
from chalicelib.domain.federation.server_actor import account as server_actor
from tests.cast import Cast, Person
from tests.endpoints.federation.sending import HERE, Drain, follow, sends, uri
from tests.peers.scripted import Document, Peer
from tests.simulated_aws import LocalAws


@pytest.fixture
def admin(cast: Cast) -> Person:
    return cast.person("admin", is_admin=True, scopes="read write admin:read admin:write")


def filed(admin: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = admin.get("/api/pleroma/admin/reports").json["reports"]
    return found


# What comes in.


def test_one_host_cannot_fill_the_boxes_of_the_staff(far: Peer, third: Peer, alice: Person, admin: Person, drain: Drain,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MOST_OF_A_HOST", 2)
    for peer, said in ((far, "abc"), (third, "d")):
        for content in said:
            reporter = peer.actor(f"reporter-{content}")
            sends(peer, peer.activity("Flag", reporter, [uri(alice)], content=content), reporter)
    drain()

    told = {each["content"] for each in filed(admin)}
    assert (len(told & set("abc")), told - set("abc")) == (2, {"d"})


def test_the_staff_hears_of_a_report_from_another_server(
        far: Peer, alice: Person, admin: Person, drain: Drain, aws: LocalAws) -> None:
    server = far.actor("far.example", type="Application", id=f"{far.url}/actor")
    status = alice.posts("bad")
    flag = far.activity("Flag", server, [uri(alice), status["uri"]], id=None, content="spam, says somebody")
    for _ in range(2):
        assert sends(far, flag, server).status == 202
        drain()

    (report,) = filed(admin)
    assert report["account"]["id"] == alice.id
    assert report["actor"]["acct"] == f"far.example@{far.host}"
    assert (report["state"], report["content"]) == ("open", "spam, says somebody")
    assert [each["id"] for each in report["statuses"]] == [status["id"]]
    (notice,) = admin.get("/api/v1/notifications?include_types[]=pleroma:report").json
    assert (notice["account"]["acct"], notice["report"]["id"]) == (report["actor"]["acct"], report["id"])
    assert [letter["to"] for letter in aws.letters.letters()] == ["admin@localhost.localdomain"]


@pytest.mark.parametrize("shape", ["account alone", "status alone", "embedded", "links in the comment",
                                   "unknown ones first"])
def test_what_is_reported_comes_in_many_shapes(far: Peer, alice: Person, admin: Person, drain: Drain,
                                               shape: str) -> None:
    fern, status = far.actor("fern"), alice.posts("bad")
    about: Any = {
        "account alone": uri(alice), "status alone": [status["uri"]],
        "embedded": [{"type": "Person", "id": uri(alice)}, {"type": "Note", "id": status["uri"], "content": "lies"}],
        "links in the comment": [uri(alice)],
        "unknown ones first": [f"{HERE}/users/nobody", f"{HERE}/objects/x", "https://other.example/1", 5, uri(alice)],
    }[shape]
    comment = f"spam\n-----\nNote: {status['url']}" if shape.startswith("links") else "spam"
    sends(far, far.activity("Flag", fern, about, content=comment), fern)
    drain()

    (report,) = filed(admin)
    assert report["account"]["id"] == alice.id
    assert [each["content"] for each in report["statuses"]] == (
        ["bad"] if shape in ("status alone", "embedded", "links in the comment") else [])


def test_statuses_of_others_and_those_that_the_reporter_cannot_see_are_left_out(
        far: Peer, alice: Person, bob: Person, admin: Person, drain: Drain) -> None:
    fern, ivy = far.actor("fern"), far.actor("ivy")
    sends(far, follow(far, fern, alice), fern)
    drain()
    said = [alice.posts("open"), alice.posts("friends", visibility="private"),
            alice.posts("@bob psst", visibility="direct"), bob.posts("bob's")]
    about = [uri(alice), *(each["uri"] for each in said)]
    for by in (fern, ivy):
        sends(far, far.activity("Flag", by, about), by)
        drain()

    by_name = {report["actor"]["username"]: [each["id"] for each in report["statuses"]] for report in filed(admin)}
    assert sorted(by_name["fern"]) == sorted([said[0]["id"], said[1]["id"]])
    assert by_name["ivy"] == [said[0]["id"]]


def test_a_comment_is_cut_and_is_no_markup(far: Peer, alice: Person, admin: Person, drain: Drain,
                                           setting: Callable[..., None]) -> None:
    setting(max_report_comment_size=20)
    fern = far.actor("fern")
    sends(far, far.activity("Flag", fern, uri(alice), content="<b>bad</b>" + "x" * 100), fern)
    drain()

    (report,) = filed(admin)
    assert report["content"] == "&lt;b&gt;bad&lt;/b&gt;" + "x" * 10


def test_a_report_of_nobody_here_is_left_out(far: Peer, alice: Person, admin: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    sends(far, follow(far, fern, alice), fern)
    drain()
    for about in ([f"{HERE}/users/nobody"], [fern["id"]], []):
        assert sends(far, far.activity("Flag", fern, about, content=f"{about}"), fern).status == 202
    drain()

    assert filed(admin) == []


# What goes out.


def reported(far: Peer) -> tuple[Document, Any, Any]:
    document = far.actor("fern")
    fern = learn_account(document)
    return document, fern, learn_status(read_status(far.note(document, "bad")), fern, placed=True)


def test_a_report_with_forward_goes_to_the_accounts_server_in_the_name_of_ours(
        far: Peer, alice: Person, admin: Person, drain: Drain) -> None:
    _, fern, status = reported(far)
    alice.post("/api/v1/reports", json={"account_id": fern.id, "status_ids": [status.id], "comment": "spam",
                                        "forward": True})
    drain()

    (sent,) = far.received
    flag = sent.json
    assert sent.target == "/inbox"
    assert (flag["type"], flag["actor"], flag["to"]) == ("Flag", f"{HERE}/internal/fetch", [fern.uri])
    assert (flag["object"], flag["content"]) == ([fern.uri, status.uri], "spam")
    assert far.is_signed(sent, keys.pair_of(server_actor()).public_pem)
    assert "alice" not in sent.body.decode()
    assert [each["account"]["acct"] for each in filed(admin)] == [fern.acct]


@pytest.mark.parametrize("forward", [None, "false"])
def test_a_report_stays_here_unless_it_is_to_be_forwarded(far: Peer, alice: Person, drain: Drain,
                                                          forward: str | None) -> None:
    _, fern, _ = reported(far)
    alice.post("/api/v1/reports", json={"account_id": fern.id} | ({"forward": forward} if forward else {}))
    drain()

    assert far.received == []


def test_a_report_of_somebody_here_is_forwarded_to_nobody(far: Peer, alice: Person, bob: Person, drain: Drain) -> None:
    reported(far)
    assert alice.post("/api/v1/reports", json={"account_id": bob.id, "forward": True}).status == 200
    drain()

    assert far.received == []
