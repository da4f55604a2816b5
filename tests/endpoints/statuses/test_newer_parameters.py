"""What newer clients say of a new status, and what they are told of one."""

from __future__ import annotations

import time

import pytest

from chalicelib.store.statuses import statuses
from tests.domain.federation.conftest import far as far
from tests.endpoints.statuses.acting import act


@pytest.mark.parametrize(("sent", "kept"), [
    ("de", "de"), ("pt-BR", "pt-BR"), ("", None), ("und", None), ("no such language", None), ("x" * 40, None),
])
def test_a_status_has_the_language_that_was_said(alice, bob, sent, kept):
    id = alice.post("/api/v1/statuses", form={"status": "hello", "language": sent}).json["id"]

    assert bob.get(f"/api/v1/statuses/{id}").json["language"] == kept


def test_the_text_may_name_only_whom_its_author_expects(alice, bob, carol):
    post = {"status": "hello @bob and @carol, says @alice"}

    refused = alice.post("/api/v1/statuses", json={**post, "allowed_mentions": [bob.id]})
    allowed = alice.post("/api/v1/statuses", json={**post, "allowed_mentions": [bob.id, carol.id]})
    answer = alice.post("/api/v1/statuses", json={
        "status": "yes", "in_reply_to_id": bob.posts("?")["id"], "allowed_mentions": []})

    assert (refused.status, refused.json["error"]) == (422, "Post would be sent to unexpected accounts")
    assert [each["acct"] for each in refused.json["unexpected_accounts"]] == ["carol"]
    assert (allowed.status, answer.status) == (200, 200)
    assert len(alice.home()) == 2


@pytest.mark.parametrize(("asked", "becomes"), [
    (None, "local"), ("public", "local"), ("unlisted", "local"), ("private", "private"), ("direct", "direct"),
])
def test_what_is_only_for_this_server_is_local(alice, asked, becomes):
    assert alice.posts("x", visibility=asked, local_only=True)["visibility"] == becomes


def test_an_answer_to_a_direct_status_stays_direct(alice, bob):
    parent = bob.posts("@alice psst", visibility="direct")["id"]

    assert alice.posts("yes", in_reply_to_id=parent, local_only=True)["visibility"] == "direct"


def test_duration_is_another_name_of_expires_in(alice):
    until = alice.posts("x", duration=7200)["pleroma"]["expires_at"]

    assert abs(time.mktime(time.strptime(until[:19], "%Y-%m-%dT%H:%M:%S")) - time.mktime(time.gmtime()) - 7200) < 60


def test_a_thread_is_muted_for_a_duration(alice, monkeypatch):
    id = alice.posts("x")["id"]
    assert alice.post(f"/api/v1/statuses/{id}/mute", {"duration": 60}).json["muted"] is True

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert alice.get(f"/api/v1/statuses/{id}").json["muted"] is False


def test_an_unknown_content_type_is_plain_text(alice):
    shown = alice.posts("$[spin *x*]", content_type="text/x.misskeymarkdown")

    assert shown["content"] == "$[spin *x*]"
    assert alice.get(f"/api/v1/statuses/{shown['id']}/source").json["content_type"] == "text/plain"


@pytest.mark.parametrize("way", ["json", "form"])
def test_counts_are_hidden_until_the_poll_ends(alice, bob, monkeypatch, way):
    poll = {"options": ["a", "b"], "expires_in": 60, "hide_totals": True}
    form = [("status", "?"), ("poll[options][]", "a"), ("poll[options][]", "b"), ("poll[expires_in]", "60"),
            ("poll[hide_totals]", "true")]
    sent = {"json": {"status": "?", "poll": poll}} if way == "json" else {"form": form}
    id = alice.post("/api/v1/statuses", **sent).json["id"]

    voted = bob.post(f"/api/v1/polls/{id}/votes", json={"choices": [1]}).json
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 61)
    ended = alice.get(f"/api/v1/polls/{id}").json

    assert [each["votes_count"] for each in voted["options"]] == [None, None]
    assert (voted["votes_count"], voted["own_votes"]) == (1, [1])
    assert [each["votes_count"] for each in ended["options"]] == [0, 1]


def test_own_votes_are_told_to_who_is_signed_in(alice, bob, carol, anonymous):
    id = alice.posts("?", poll={"options": ["a", "b", "c"], "expires_in": 60, "multiple": True})["id"]
    bob.post(f"/api/v1/polls/{id}/votes", json={"choices": [2, 0]})

    polls = [person.get(f"/api/v1/statuses/{id}").json["poll"] for person in (bob, carol, alice)]
    assert [(each["voted"], each["own_votes"]) for each in polls] == [(True, [2, 0]), (False, []), (True, [])]
    assert "own_votes" not in anonymous.get(f"/api/v1/polls/{id}").json


def test_a_status_says_when_it_was_pinned(alice, bob, setting):
    setting(max_pinned_statuses=2)
    one, two = alice.posts("1")["id"], alice.posts("2")["id"]
    before = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    for id in (one, two):
        pinned = alice.post(f"/api/v1/statuses/{id}/pin").json["pleroma"]["pinned_at"]
        assert pinned >= before
    alice.post(f"/api/v1/statuses/{two}/unpin")

    shown = [bob.get(f"/api/v1/statuses/{id}").json["pleroma"]["pinned_at"] for id in (one, two)]
    assert (shown[0] >= before, shown[1]) == (True, None)


def test_a_status_names_its_thread_its_list_and_its_source(alice, bob, far):
    parent = bob.posts("**one**", content_type="text/markdown")
    answer = alice.posts("two", in_reply_to_id=parent["id"])
    friends = alice.post("/api/v1/lists", json={"title": "x"}).json["id"]
    alice.post(f"/api/v1/lists/{friends}/accounts", json={"account_ids": [bob.id]})
    listed = alice.posts("@bob x", visibility=f"list:{friends}")

    assert answer["pleroma"]["context"] == parent["pleroma"]["context"] != listed["pleroma"]["context"]
    assert answer["akkoma"] == {"source": {"content": "two", "mediaType": "text/plain"},
                                "in_reply_to_apid": parent["uri"], "quote_apid": None}
    assert parent["akkoma"]["source"] == {"content": "**one**", "mediaType": "text/markdown"}
    assert (listed["pleroma"]["list_id"], listed["pleroma"]["event"]) == (friends, None)
    assert bob.get(f"/api/v1/statuses/{listed['id']}").json["pleroma"]["list_id"] is None


def test_an_answer_to_a_status_of_another_server_names_it(alice, far):
    note = far.note(far.actor("fern"), "hello")
    parent = alice.get("/api/v2/search", {"q": note["id"], "resolve": True}).json["statuses"][0]

    answer = alice.posts("hi", in_reply_to_id=parent["id"])

    assert answer["akkoma"]["in_reply_to_apid"] == note["id"]
    assert parent["akkoma"] == {"source": None, "in_reply_to_apid": None, "quote_apid": None}


@pytest.mark.parametrize(("verb", "tab"), [("favourite", "favourited_by"), ("reblog", "reblogged_by")])
def test_who_did_is_paged(alice, cast, verb, tab):
    id = alice.posts("x")["id"]
    people = cast.people(5)
    for person in people:
        assert act(person, id, verb).status == 200
    path, latest = f"/api/v1/statuses/{id}/{tab}", [person.id for person in reversed(people)]

    first = alice.get(path, {"limit": 2})
    second = alice.get(path, first.links()["next"])
    third = alice.get(path, second.links()["next"])
    back = alice.get(path, {**second.links()["prev"], "limit": 1})

    assert [[each["id"] for each in page.json] for page in (first, second, third)] == [
        latest[:2], latest[2:4], latest[4:]]
    assert [each["id"] for each in back.json] == [latest[1]]
    assert [each["id"] for each in alice.get(path).json] == latest
    assert alice.get(path, {"max_id": "nonsense!"}).json == []


def test_a_hundred_statuses_come_at_once(alice):
    ids = [alice.posts(f"{number}")["id"] for number in range(3)]

    shown = alice.get("/api/v1/statuses", {"id": [ids[2], ids[0], "0" * 18]}).json

    assert [each["id"] for each in shown] == [ids[2], ids[0]]


@pytest.mark.parametrize(("method", "path"), [
    ("POST", "/api/v1/statuses/{id}/translate"), ("GET", "/api/v1/statuses/{id}/translations/de"),
    ("GET", "/api/v1/akkoma/translation/languages"),
])
def test_nothing_is_translated(alice, method, path):
    reply = alice.request(method, path.format(id=alice.posts("x")["id"]))

    assert (reply.status, reply.json) == (404, {"error": "Not implemented"})


def test_statuses_end_when_their_author_wants_all_to_end(alice):
    lasting = alice.posts("before")["id"]
    alice.patch("/api/v1/accounts/update_credentials", json={"status_ttl_days": 2})

    usual, other = alice.posts("after")["id"], alice.posts("sooner", expires_in=7_200)["id"]
    ends = [statuses.find(id).expires for id in (lasting, usual, other)]

    assert ends[0] is None
    assert ends[1] - time.time() == pytest.approx(2 * 86_400, abs=60)
    assert ends[2] - time.time() == pytest.approx(7_200, abs=60)
