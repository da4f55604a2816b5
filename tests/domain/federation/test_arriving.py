"""What other servers tell of is stored once, under their ids, for those whom it is for."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.federation import arriving
from chalicelib.domain.federation.reading.account import read_account
from chalicelib.domain.federation.reading.status import read_status
from chalicelib.domain.federation.reading.values import Unreadable
from chalicelib.domain.federation.receiving import dating
from chalicelib.domain.relationships import follow_requests
from chalicelib.domain.viewer import Viewer
from chalicelib.ids import milliseconds
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import ViewerSet
from chalicelib.store.accounts.claims import Claim, uri_claim
from chalicelib.store.dynamo import connection, foreseen
from chalicelib.store.dynamo.failures import Overtaken
from chalicelib.store.dynamo.table import foresee
from chalicelib.store.federation import accounts as store
from chalicelib.store.federation.accounts import NameTaken
from tests.at_once import at_once
from tests.cast import Person
from tests.domain.federation.foreigners import FAR, actor, comes, mention, note, posts

HERE = "http://kenoma.test/users/"


def test_an_account_is_found_by_its_uri_and_by_its_name() -> None:
    fern = comes()

    found = arriving.find_uris([f"{FAR}/users/fern", f"{FAR}/users/nobody"])

    assert {uri: (claim.kind, claim.id) for uri, claim in found.items()} == {f"{FAR}/users/fern": ("A", fern.id)}
    assert found[f"{FAR}/users/fern"].key_id == f"{FAR}/users/fern#main-key"
    named = accounts.find_by_nickname("Fern@far.example")
    assert named is not None
    assert (named.id, named.inbox, named.shared_inbox, named.host) == (
        fern.id, f"{FAR}/users/fern/inbox", f"{FAR}/inbox", "far.example")


def test_an_account_that_comes_again_is_brought_up_to_date() -> None:
    before = comes()

    after = comes(summary="<p>Again</p>", manuallyApprovesFollowers=True,
                  publicKey={"id": f"{FAR}/users/fern#new", "publicKeyPem": "new"})

    assert after.id == before.id
    stored = accounts.find(after.id)
    assert stored is not None
    assert (stored.profile["note_html"], stored.locked) == ("<p>Again</p>", True)
    assert Claim.get(f"u#{FAR}/users/fern").key_id == f"{FAR}/users/fern#new"


def test_an_account_that_another_run_has_entered_meanwhile_is_that_one() -> None:
    with foreseen.one_message():
        foresee([uri_claim(f"{FAR}/users/fern")])
        with ThreadPoolExecutor(1) as another_run:
            entered = another_run.submit(comes).result()

        assert comes().id == entered.id


def test_an_account_whose_name_is_seen_before_its_uri_is_looked_up_again() -> None:
    fern = comes()
    Claim.stub(uri_claim(f"{FAR}/users/fern").hash).delete()

    with pytest.raises(Overtaken):
        store.look_up(f"{FAR}/users/fern", fern.nickname, "far.example")


def test_a_name_that_another_account_has_is_refused_until_it_is_released() -> None:
    old = comes()
    with pytest.raises(NameTaken) as taken:
        comes(id=f"{FAR}/ap/1", inbox=f"{FAR}/ap/1/inbox")
    assert taken.value.owner_id == old.id

    arriving.release_name(old.id)
    new = comes(id=f"{FAR}/ap/1", inbox=f"{FAR}/ap/1/inbox")

    found = accounts.find_by_nickname("fern@far.example")
    assert found is not None
    assert found.id == new.id
    renamed = accounts.find(old.id)
    assert renamed is not None
    assert renamed.nickname == f"{old.id}.fern@far.example"


def test_an_account_with_a_name_of_this_server_is_refused() -> None:
    with pytest.raises(Unreadable):
        arriving.learn_account(read_account(actor()).at("kenoma.test"))


def test_a_status_is_stored_once_and_counts_for_its_author_only(alice: Person) -> None:
    fern = comes()

    first, second = posts(fern), posts(fern)

    assert first.id == second.id
    author = accounts.find(fern.id)
    assert author is not None
    assert author.statuses_count == 1
    assert alice.get("/api/v1/instance").json["stats"]["status_count"] == 0
    assert alice.get("/api/v1/instance").json["stats"]["user_count"] == 1


def test_a_status_of_another_author_than_the_sender_is_refused() -> None:
    fern = comes()
    with pytest.raises(Unreadable):
        arriving.learn_status(read_status(note(by="gorse")), fern, placed=True)


def test_whom_it_addresses_and_mentions_is_told(alice: Person, bob: Person, carol: Person) -> None:
    posts(comes(), to=[HERE + "alice", HERE + "bob"], cc=[], tag=[mention(HERE + "alice"), mention(HERE + "carol")],
          published=None)

    assert [each["type"] for each in alice.get("/api/v1/notifications").json] == ["mention"]
    assert [each["type"] for each in bob.get("/api/v1/notifications").json] == ["mention"]  # it is direct
    assert carol.get("/api/v1/notifications").json == []


def test_who_is_only_addressed_by_a_public_status_is_not_told(alice: Person, bob: Person) -> None:
    posts(comes(), cc=[HERE + "alice", HERE + "bob"], tag=mention(HERE + "alice"))

    assert len(alice.get("/api/v1/notifications").json) == 1
    assert bob.get("/api/v1/notifications").json == []


def test_what_was_fetched_is_told_to_nobody_and_is_on_no_timeline(alice: Person, drain: Callable[[], object]) -> None:
    fern = comes()
    alice.post(f"/api/v1/accounts/{fern.id}/follow")
    follow_requests.authorize(alice.id, Viewer(fern, ViewerSet.blank(fern.id, "X#0")))
    status = posts(fern, placed=False, cc=[HERE + "alice"], tag=[mention(HERE + "alice")])
    drain()

    assert alice.get("/api/v1/notifications").json == []
    assert alice.home() == []
    assert alice.get("/api/v1/timelines/public").json == []
    assert alice.get(f"/api/v1/statuses/{status.id}").json["uri"] == f"{FAR}/notes/1"
    assert [each["id"] for each in alice.get(f"/api/v1/accounts/{fern.id}/statuses").json] == [status.id]


@pytest.mark.parametrize(("visibility", "said"), [
    ("public", {}), ("unlisted", {"to": [f"{FAR}/users/fern/followers"], "cc": "as:Public"}),
    ("private", {"to": [f"{FAR}/users/fern/followers"], "cc": []}), ("direct", {"to": [HERE + "alice"], "cc": []}),
    ("direct", {"directMessage": True}),
])
def test_the_addressing_decides_who_may_see_it(visibility: str, said: dict[str, Any], alice: Person) -> None:
    status = posts(comes(), **said)

    assert status.visibility == visibility


def test_a_reply_hangs_on_a_parent_that_its_author_may_see(alice: Person) -> None:
    parent = alice.posts("hello")
    reply = posts(comes(), inReplyTo=parent["uri"], cc=[HERE + "alice"], tag=[mention(HERE + "alice")])

    shown = alice.get(f"/api/v1/statuses/{reply.id}").json
    assert shown["in_reply_to_id"] == parent["id"]
    assert shown["pleroma"]["conversation_id"] == parent["pleroma"]["conversation_id"]
    assert alice.get(f"/api/v1/statuses/{parent['id']}").json["replies_count"] == 1


def test_a_reply_to_what_its_author_may_not_see_is_no_reply(alice: Person) -> None:
    parent = alice.posts("for followers", visibility="private")
    reply = posts(comes(), inReplyTo=parent["uri"])

    shown = alice.get(f"/api/v1/statuses/{reply.id}").json
    assert shown["in_reply_to_id"] is None
    assert shown["pleroma"]["conversation_id"] != parent["pleroma"]["conversation_id"]


def test_statuses_of_one_context_meet_in_one_thread() -> None:
    fern = comes()
    one = posts(fern, 1, context=f"{FAR}/contexts/1")
    two = posts(fern, 2, conversation=f"{FAR}/contexts/1")
    other = posts(fern, 3, context="https://elsewhere.example/contexts/1")

    assert one.thread == two.thread
    assert other.thread == other.id


def test_a_status_costs_three_rounds_and_its_place_two(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The claims, what they name, the transaction; then its rows, and whether it is still there. Who reads it is
    asked by queries, which go another way.
    """
    fern = comes()
    parent = posts(fern, 1)
    calls: list[str] = []
    shared = connection.shared()
    dispatch = shared.dispatch

    def counting(operation: str, *args: Any, **more: Any) -> Any:
        calls.append(operation)
        return dispatch(operation, *args, **more)

    monkeypatch.setattr(shared, "dispatch", counting)
    posts(fern, 2, inReplyTo=parent.foreign_uri, cc=[HERE + "alice"], tag=[mention(HERE + "alice")])

    assert calls == ["BatchGetItem", "BatchGetItem", "TransactWriteItems", "BatchWriteItem", "BatchGetItem"]


@pytest.mark.parametrize(("published", "seconds"), [
    (-3600, 0), (-11 * 3600, 0), (-13 * 3600, -13 * 3600), (-30 * 86400, -30 * 86400), (3600, 0),
])
def test_a_late_status_sorts_by_its_date(published: int, seconds: int) -> None:
    said = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + published))
    status = posts(comes(), published=said)

    assert milliseconds(status.id) / 1000 == pytest.approx(time.time() + seconds, abs=5)


def test_a_fetched_status_sorts_by_its_date_and_never_before_2007() -> None:
    fern = comes()
    old = posts(fern, 1, placed=False, published="1999-01-01T00:00:00Z")
    new = posts(fern, 2, placed=False, published="2024-01-01T00:00:00Z")

    assert milliseconds(old.id) == dating.OLDEST * 1000
    assert milliseconds(new.id) == 1704067200000
    assert old.created_at == "1999-01-01T00:00:00.000Z"


def test_a_reply_sorts_after_what_it_answers(alice: Person) -> None:
    parent = alice.posts("hello")
    reply = posts(comes(), inReplyTo=parent["uri"], placed=False, published="2024-01-01T00:00:00Z")

    assert reply.id > parent["id"]


def test_what_is_older_than_a_week_is_on_no_timeline(alice: Person) -> None:
    said = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 8 * 86400))
    posts(comes(), published=said, cc=[HERE + "alice"], tag=[mention(HERE + "alice")])

    assert alice.get("/api/v1/timelines/public").json == []
    assert alice.get("/api/v1/notifications").json == []


def test_a_status_for_very_many_tells_nobody_and_is_on_no_public_timeline(alice: Person) -> None:
    many = [f"{FAR}/users/{number}" for number in range(201)]
    status = posts(comes(), cc=[HERE + "alice", *many], tag=[mention(HERE + "alice")])

    assert status.visibility == "unlisted"
    assert alice.get("/api/v1/notifications").json == []


def test_whom_nobody_knows_is_kept_for_the_addressing_of_a_reply(alice: Person) -> None:
    status = posts(comes(), cc=[f"{FAR}/users/gorse"], tag=[mention(f"{FAR}/users/heath")])

    assert status.content["to_uris"] == [f"{FAR}/users/gorse", f"{FAR}/users/heath"]
    assert alice.get(f"/api/v1/statuses/{status.id}").json["mentions"] == []


def test_a_deleted_status_does_not_come_back(alice: Person, admin: Person, drain: Callable[[], object]) -> None:
    fern = comes()
    status = posts(fern)
    admin.delete(f"/api/pleroma/admin/statuses/{status.id}")
    drain()

    with pytest.raises(arriving.Gone):
        posts(fern)


def test_foreign_statuses_are_found_by_words_only_if_that_is_wanted(alice: Person, setting: Callable[..., None],
                                                                     drain: Callable[[], object]) -> None:
    fern = comes()
    posts(fern, 1, content="bracken")
    setting(search_foreign=True)
    second = posts(fern, 2, content="bracken")
    drain()

    assert [each["id"] for each in alice.get("/api/v2/search", {"q": "bracken"}).json["statuses"]] == [second.id]


def test_of_two_processes_at_the_same_moment_one_stores_it() -> None:
    fern = comes()
    found = at_once(*[lambda: posts(fern, 7)] * 4)

    assert len({each.id for each in found}) == 1
