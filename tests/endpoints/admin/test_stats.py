"""Administration: how many statuses there are by visibility."""

from urllib.parse import quote

import pytest

from chalicelib.domain.federation.receiving import people
from chalicelib.domain.instance import backfilling
from chalicelib.domain.statuses import reading, reblogs
from chalicelib.domain.statuses.reblogs import FromAfar
from chalicelib.store.dynamo.table import transaction, update
from chalicelib.store.instance import counters
from chalicelib.store.instance.counters import Fact
from chalicelib.store.leaving import deleted_statuses
from chalicelib.store.statuses import counts, statuses
from chalicelib.store.statuses.statuses import Status
from tests.at_once import at_once
from tests.cast import PASSWORD
from tests.domain.federation.foreigners import comes, posts

STATS = "/api/pleroma/admin/stats"
NONE = {"public": 0, "unlisted": 0, "private": 0, "direct": 0}


def by_visibility(admin, **params):
    reply = admin.get(STATS, params)
    assert reply.status == 200, reply.body
    assert reply.json.keys() == {"status_visibility"}
    return reply.json["status_visibility"]


def changes(id, visibility):
    """Give a status another visibility, with all that counts it."""
    status = statuses.find(id)
    with transaction() as write:
        actions = counts.move(write, status, visibility)
        write.update(Status.stub(id), [Status.visibility.set(visibility), *actions], counts.as_read(status))


def forgets(*ids):
    """Make it so as if an older release had written these statuses."""
    for id in ids:
        update(Status.stub(id), [Status.in_statistics.remove()])
    for key in counters.local_keys():
        update(Fact.stub(key.hash, key.range), [Fact.public.remove(), Fact.unlisted.remove(), Fact.private.remove(),
                                                Fact.direct.remove()])


def test_an_empty_server_has_four_zeros(admin):
    assert by_visibility(admin) == NONE


def test_each_visibility_is_counted(admin, alice, bob, cast):
    friends = alice.post("/api/v1/lists", json={"title": "friends"}).json["id"]
    for visibility in ("public", "public", "unlisted", "private", "direct", "local", f"list:{friends}"):
        alice.posts("@bob hello", visibility=visibility)
    bob.posts("another author")

    assert by_visibility(admin) == {"public": 3, "unlisted": 1, "private": 2, "direct": 2}


def test_reblogs_are_not_counted_and_neither_are_votes_and_chat_messages(admin, alice, bob, drain):
    id = alice.posts("which?", poll={"options": ["a", "b"], "expires_in": 600})["id"]
    bob.post(f"/api/v1/statuses/{id}/reblog")
    poll = bob.get(f"/api/v1/statuses/{id}").json["poll"]["id"]
    bob.post(f"/api/v1/polls/{poll}/votes", json={"choices": [0]})
    chat = bob.post(f"/api/v1/pleroma/chats/by-account-id/{alice.id}").json["id"]
    bob.post(f"/api/v1/pleroma/chats/{chat}/messages", json={"content": "psst"})
    drain()

    assert by_visibility(admin) == NONE | {"public": 1}


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct"])
def test_a_deleted_status_is_not_counted_any_more(admin, alice, drain, visibility):
    id = alice.posts("hello", visibility=visibility)["id"]
    assert by_visibility(admin) == NONE | {visibility: 1}

    assert alice.delete(f"/api/v1/statuses/{id}").status == 200
    drain()

    assert by_visibility(admin) == NONE


def test_the_statuses_of_a_deleted_account_are_not_counted_any_more(admin, alice, bob, drain, setting):
    setting(deletion_pause=0)
    for visibility in ("public", "private", "direct"):
        alice.posts("hello", visibility=visibility)
        bob.posts("hello", visibility=visibility)

    reply = alice.post("/api/pleroma/delete_account", json={"password": PASSWORD})
    assert reply.json == {"status": "success"}
    drain()

    assert by_visibility(admin) == NONE | {"public": 1, "private": 1, "direct": 1}


def test_those_of_a_deactivated_account_still_exist(admin, alice, drain):
    alice.posts("hello")
    alice.post("/api/pleroma/disable_account", json={"password": PASSWORD})
    drain()

    assert by_visibility(admin) == NONE | {"public": 1}


@pytest.mark.parametrize(("host", "count"), [
    ("kenoma.test", 1), ("KENOMA.test", 1), ("", 1), ("elsewhere.example", 0), ("kenoma.test:8000", 0), ("kenoma", 0),
])
def test_the_statuses_of_one_host_can_be_asked_for(admin, alice, host, count):
    alice.posts("hello")

    assert by_visibility(admin, instance=host) == NONE | {"public": count}


def test_the_public_statuses_of_another_host_are_counted(admin, alice, drain):
    fern = comes("fern", at="https://far.xn--mnchen-3ya.example")
    for number in range(3):
        posts(fern, number)
    posts(fern, "few", to=[f"{fern.uri}/followers"])
    posts(fern, "fetched", placed=False)
    reblogs.add_from_afar(alice.posts("x")["id"], people.acting(fern), FromAfar(f"{fern.uri}#a/1", None), None)
    drain()

    for host in ("far.münchen.example", "FAR.xn--mnchen-3ya.example"):
        assert by_visibility(admin, instance=host) == NONE | {"public": 3}
        assert len(admin.get(f"/api/pleroma/admin/instances/{quote(host)}/statuses").json) == 3
    assert by_visibility(admin)["public"] == 1


def test_the_host_has_its_port(admin, alice, setting):
    setting(base_url="http://kenoma.test:8000")
    alice.posts("hello")

    assert by_visibility(admin, instance="kenoma.test:8000")["public"] == 1
    assert by_visibility(admin, instance="kenoma.test")["public"] == 0


def test_it_takes_one_call_however_many_statuses_there_are(admin, alice):
    alice.posts("one")
    before = admin.get(STATS).calls
    for text in "two", "three", "four":
        alice.posts(text)

    assert admin.get(STATS).calls == before == 2


def test_a_status_costs_no_call_more_for_being_counted(alice):
    calls = {alice.post("/api/v1/statuses", json={"status": "hello", "visibility": visibility}).calls
             for visibility in ("public", "unlisted", "private")}

    assert calls == {2}


# What changes a visibility.


def test_a_change_of_visibility_moves_every_counter(admin, alice, bob):
    parent = bob.posts("@alice hello")["id"]
    id = alice.posts("@bob hello", in_reply_to_id=parent)["id"]

    def counted():
        replies = bob.get(f"/api/v1/statuses/{parent}").json["replies_count"]
        account = bob.get(f"/api/v1/accounts/{alice.id}").json["statuses_count"]
        return by_visibility(admin), replies, account, counters.statistics().statuses

    assert counted() == (NONE | {"public": 2}, 1, 1, 2)
    changes(id, "unlisted")
    assert counted() == (NONE | {"public": 1, "unlisted": 1}, 1, 1, 2)
    changes(id, "private")
    assert counted() == (NONE | {"public": 1, "private": 1}, 0, 0, 1)
    changes(id, "private")
    assert counted() == (NONE | {"public": 1, "private": 1}, 0, 0, 1)
    changes(id, "local")
    assert counted() == (NONE | {"public": 1, "private": 1}, 1, 1, 2)
    changes(id, "public")
    assert counted() == (NONE | {"public": 2}, 1, 1, 2)

    assert alice.delete(f"/api/v1/statuses/{id}").status == 200
    assert counted() == (NONE | {"public": 1}, 0, 0, 1)


def test_a_status_whose_visibility_changes_while_it_is_deleted_is_deleted(admin, alice):
    id = alice.posts("hello")["id"]
    read_before = statuses.find(id)
    changes(id, "private")

    assert reading.bury(read_before) is True

    assert alice.get(f"/api/v1/statuses/{id}").status == 404
    assert by_visibility(admin) == NONE
    assert alice.get("/api/v1/accounts/verify_credentials").json["statuses_count"] == 0
    assert reading.bury(read_before) is False


# Statuses that were there before.


def test_statuses_from_before_are_counted_by_a_backfill_once(admin, alice, bob, drain):
    ids = [each.posts("hello", visibility=visibility)["id"]
           for each in (alice, bob) for visibility in ("public", "private")]
    bob.post(f"/api/v1/statuses/{ids[0]}/reblog")
    drain()
    forgets(*ids)
    bob.posts("now", visibility="unlisted")
    assert by_visibility(admin) == NONE | {"unlisted": 1}

    for _ in range(2):
        backfilling.start("statistics")
        drain()

    assert by_visibility(admin) == {"public": 2, "unlisted": 1, "private": 2, "direct": 0}
    assert counters.statistics().statuses == 3


@pytest.mark.parametrize("visibility", ["public", "private"])
def test_a_status_from_before_that_is_deleted_counts_nothing(admin, alice, drain, visibility):
    id = alice.posts("hello", visibility=visibility)["id"]
    forgets(id)

    alice.delete(f"/api/v1/statuses/{id}")
    backfilling.start("statistics")
    drain()

    assert by_visibility(admin) == NONE
    assert counters.statistics().statuses == 0


def test_a_status_from_before_that_changes_is_counted_from_then_on(admin, alice, drain):
    id = alice.posts("hello")["id"]
    forgets(id)

    changes(id, "unlisted")
    backfilling.start("statistics")
    drain()

    assert by_visibility(admin) == NONE | {"unlisted": 1}


def test_a_page_that_changes_while_it_is_counted_is_counted_without_what_changed(admin, alice):
    kept, gone, changed = (alice.posts("hello")["id"] for _ in range(3))
    forgets(kept, gone, changed)
    page = [statuses.find(id) for id in (kept, gone, changed)]
    alice.delete(f"/api/v1/statuses/{gone}")
    changes(changed, "private")

    counts.count_late(page)

    assert by_visibility(admin) == NONE | {"public": 1, "private": 1}


def test_two_backfills_at_once_count_a_status_once(admin, alice):
    ids = [alice.posts("hello")["id"] for _ in range(5)]
    forgets(*ids)
    page = [statuses.find(id) for id in ids]

    at_once(*[lambda: counts.count_late(page)] * 3)

    assert by_visibility(admin) == NONE | {"public": 5}


def test_what_an_account_deletion_has_taken_off_is_not_counted_late(admin, alice, aws):
    id = alice.posts("hello")["id"]
    deleted_statuses._uncount([id], alice.id)

    counts.count_late([statuses.find(id)])

    assert by_visibility(admin) == NONE
