"""What is forgotten of other servers after a while, and what stays because somebody here has to do with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.federation.arriving import relearn_status
from chalicelib.domain.federation.reading.status import read_status
from chalicelib.domain.statuses import favourites, reblogs
from chalicelib.domain.statuses.reblogs import FromAfar
from chalicelib.domain.viewer import Viewer
from chalicelib.store.accounts.accounts import VIEWER_SET, Account, ViewerSet
from chalicelib.store.accounts.claims import Claim, uri_claim
from chalicelib.store.statuses.statuses import Status, find
from chalicelib.store.timelines.feeds import FeedRow
from tests import faults
from tests.cast import Person
from tests.domain.federation.foreigners import FAR, comes, mention, note, posts

Drain = Callable[[], object]
HERE = "http://kenoma.test"
DAYS = 86_400
FILE = {"type": "Document", "mediaType": "image/png", "url": f"{FAR}/cat.png"}
TAG = {"type": "Hashtag", "name": "#kenoma"}
POLL: dict[str, Any] = {"type": "Question", "oneOf": [{"type": "Note", "name": "yes"}, {"type": "Note", "name": "no"}]}


@pytest.fixture
def days_later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """So many days pass. DynamoDB is late: it has deleted nothing yet."""
    now = time.time
    return lambda days: monkeypatch.setattr(time, "time", lambda: now() + days * DAYS)


def eyes_of(account: Account) -> Viewer:
    return Viewer(account, ViewerSet.blank(account.id, VIEWER_SET))


def ends(status: Status) -> set[bool]:
    """Whether the status, the claim of its uri and its rows end."""
    item = next(Status.query(status.id))
    claim = next(Claim.query(uri_claim(status.uri).hash))
    feeds = [f"r#{item.account_id}"] if item.reblog_of else [f"a#{item.account_id}", f"t#{item.thread}"]
    rows = [row for feed in feeds for row in FeedRow.query(feed) if row.id == status.id]
    assert len(rows) == len(feeds)
    return {item.ttl is not None, claim.ttl is not None, *(row.ttl is not None for row in rows)}


def shown(person: Person, path: str, **params: object) -> list[str]:
    return [each["id"] for each in person.get(f"/api/v1/{path}", params).json]


def test_what_nobody_here_has_to_do_with_is_forgotten(alice: Person, days_later: Callable[[float], None]) -> None:
    fern = comes()
    status = posts(fern, tag=TAG, attachment=FILE)
    assert shown(alice, f"accounts/{fern.id}/statuses") == [status.id]

    days_later(91)

    assert alice.get(f"/api/v1/statuses/{status.id}").status == 404
    assert shown(alice, f"accounts/{fern.id}/statuses") == []
    assert shown(alice, f"accounts/{fern.id}/statuses", only_media=True) == []
    assert alice.post(f"/api/v1/statuses/{status.id}/favourite").status == 404


def test_federated_timelines_forget_earlier(alice: Person, days_later: Callable[[float], None]) -> None:
    status = posts(comes(), tag=TAG)
    assert shown(alice, "timelines/tag/kenoma") == shown(alice, "timelines/public", remote=True) == [status.id]

    days_later(31)

    assert shown(alice, "timelines/tag/kenoma") == shown(alice, "timelines/public", remote=True) == []
    assert alice.get(f"/api/v1/statuses/{status.id}").status == 200


def test_what_was_forgotten_may_come_again(alice: Person, days_later: Callable[[float], None]) -> None:
    fern = comes()
    first = posts(fern)
    days_later(91)

    second = posts(fern)

    assert second.id != first.id
    assert alice.get(f"/api/v1/statuses/{second.id}").status == 200
    assert posts(fern).id == second.id


def test_nothing_is_forgotten_where_that_is_wanted(alice: Person, setting: Callable[..., None]) -> None:
    setting(remote_post_retention_days=0)
    assert ends(posts(comes())) == {False}


TOUCHES: dict[str, Callable[[Person, str], Any]] = {
    "favourite": lambda who, id: who.post(f"/api/v1/statuses/{id}/favourite"),
    "bookmark": lambda who, id: who.post(f"/api/v1/statuses/{id}/bookmark"),
    "reblog": lambda who, id: who.post(f"/api/v1/statuses/{id}/reblog"),
    "reaction": lambda who, id: who.put(f"/api/v1/pleroma/statuses/{id}/reactions/🔥"),
    "vote": lambda who, id: who.post(f"/api/v1/polls/{id}/votes", {"choices[]": "1"}),
    "reply": lambda who, id: who.posts("yes", in_reply_to_id=id),
    "report": lambda who, id: who.post("/api/v1/reports", json={
        "account_id": who.get(f"/api/v1/statuses/{id}").json["account"]["id"], "status_ids": [id]}),
}


def test_what_it_said_before_ends_with_it_or_stays_with_it(alice: Person, drain: Drain) -> None:
    fern = comes()
    status = posts(fern)
    relearn_status(read_status(note(content="<p>two</p>")), status, fern)
    drain()
    (before,) = FeedRow.query(f"e#{status.id}")
    assert before.ttl == status.ttl is not None

    alice.post(f"/api/v1/statuses/{status.id}/bookmark")
    drain()

    (after,) = FeedRow.query(f"e#{status.id}")
    assert after.ttl is None
    assert [each["content"] for each in alice.get(f"/api/v1/statuses/{status.id}/history").json] == [
        "<p>Hello from afar</p>", "<p>two</p>"]


@pytest.mark.parametrize("touch", TOUCHES)
def test_what_somebody_here_touches_stays(touch: str, alice: Person, drain: Drain,
                                          days_later: Callable[[float], None]) -> None:
    status = posts(comes(), **POLL)
    assert ends(status) == {True}

    TOUCHES[touch](alice, status.id)
    drain()

    assert ends(status) == {False}
    days_later(100)
    assert alice.get(f"/api/v1/statuses/{status.id}").status == 200


def test_what_others_elsewhere_do_keeps_nothing(drain: Drain) -> None:
    status, gorse = posts(comes()), comes("gorse")
    favourites.add(status.id, eyes_of(gorse))
    reblogs.add_from_afar(status.id, eyes_of(gorse), FromAfar(f"{FAR}/announces/1", None), None)
    drain()

    assert ends(status) == {True}


@pytest.mark.parametrize("said", [
    {"tag": mention(f"{HERE}/users/alice")}, {"to": [f"{HERE}/users/alice"], "cc": []}], ids=["mention", "direct"])
def test_what_names_somebody_here_stays_from_the_start(said: dict[str, Any], alice: Person, drain: Drain) -> None:
    fern = comes()
    parent = posts(fern, 1)
    status = posts(fern, 2, inReplyTo=parent.uri, **said)
    assert ends(status) == {False}

    drain()

    assert ends(parent) == {False}


def test_what_answers_or_passes_on_ours_stays(alice: Person) -> None:
    own = alice.posts("hello")
    fern = comes()
    answer = posts(fern, inReplyTo=own["uri"])
    reblogs.add_from_afar(own["id"], eyes_of(fern), FromAfar(f"{FAR}/announces/1", None), None)

    reblog = find(next(FeedRow.query(f"r#{fern.id}")).id)

    assert ends(answer) == {False}
    assert reblog is not None
    assert ends(reblog) == {False}


def test_the_whole_thread_stays_and_its_counts_are_right(alice: Person, drain: Drain,
                                                         days_later: Callable[[float], None]) -> None:
    fern, gorse = comes(), comes("gorse")
    first = posts(fern, 1)
    middle = posts(gorse, 2, inReplyTo=first.uri)
    others = [posts(gorse, 3, inReplyTo=first.uri), posts(fern, 4, inReplyTo=middle.uri)]
    reblogs.add_from_afar(first.id, eyes_of(gorse), FromAfar(f"{FAR}/announces/1", None), None)
    alone = posts(fern, 5)

    TOUCHES["bookmark"](alice, middle.id)
    drain()
    later = posts(fern, 6, inReplyTo=others[1].uri)

    assert [ends(each) for each in (first, middle, *others, later)] == [{False}] * 5
    assert ends(alone) == {True}
    days_later(100)
    seen = alice.get(f"/api/v1/statuses/{first.id}").json
    assert (seen["replies_count"], seen["reblogs_count"]) == (2, 1)
    context = alice.get(f"/api/v1/statuses/{first.id}/context").json
    assert [each["id"] for each in context["descendants"]] == [middle.id, *(each.id for each in others), later.id]


def test_nothing_ends_before_what_it_answers(setting: Callable[..., None]) -> None:
    fern = comes()
    parent = posts(fern, 1)
    setting(remote_post_retention_days=10)

    assert posts(fern, 2, inReplyTo=parent.uri).ttl == parent.ttl
    assert posts(fern, 3).ttl < parent.ttl


def test_a_status_that_is_kept_while_it_is_answered_keeps_the_answer(alice: Person, drain: Drain) -> None:
    fern = comes()
    parent = posts(fern, 1)

    def is_kept() -> None:
        TOUCHES["favourite"](alice, parent.id)
        drain()

    with faults.before_call("TransactWriteItems", 1, is_kept):
        answer = posts(fern, 2, inReplyTo=parent.uri)

    assert ends(answer) == {False}
    assert alice.get(f"/api/v1/statuses/{parent.id}").json["replies_count"] == 1


def test_what_stays_already_costs_no_job(alice: Person, bob: Person, drain: Drain) -> None:
    status = posts(comes())
    first = TOUCHES["bookmark"](alice, status.id)
    drain()

    assert TOUCHES["bookmark"](bob, status.id).calls == first.calls - 1


def test_an_edit_that_names_somebody_here_keeps_it(alice: Person, drain: Drain) -> None:
    from chalicelib.domain.federation.reading.status import read_status
    from tests.domain.federation.foreigners import note

    fern = comes()
    status = posts(fern)
    relearn_status(read_status(note(tag=[mention(f"{HERE}/users/alice")])), status, fern)
    drain()

    assert ends(status) == {False}


@pytest.mark.parametrize("touched", ["quoted", "quoting"])
def test_a_quote_and_what_it_quotes_stay_together_with_their_threads(alice: Person, drain: Drain, touched: str) -> None:
    fern, gorse = comes(), comes("gorse")
    quoted = posts(fern, 1)
    quoting = posts(gorse, 2, quoteUrl=quoted.uri)
    answer = posts(fern, 3, inReplyTo=quoting.uri)
    apart = posts(fern, 4)
    together = (quoted, quoting, answer)
    assert [ends(each) for each in (*together, apart)] == [{True}] * 4

    alice.post(f"/api/v1/statuses/{quoted.id if touched == 'quoted' else quoting.id}/favourite")
    drain()

    assert [ends(each) for each in together] == [{False}] * 3
    assert ends(apart) == {True}
    assert {row.ttl for row in FeedRow.query(f"q#{quoted.id}")} == {None}
    assert posts(gorse, 5, quoteUrl=quoted.uri).ttl is None


def test_a_quote_does_not_end_before_what_it_quotes(alice: Person, days_later: Callable[[float], None]) -> None:
    fern = comes()
    quoted = posts(fern, 1)
    quoting = posts(fern, 2, quoteUrl=quoted.uri)
    assert (quoting.ttl or 0) >= (quoted.ttl or 0) > 0

    days_later(91)

    assert alice.get(f"/api/v1/statuses/{quoting.id}").status == 404
