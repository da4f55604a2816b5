"""Backfills: what was lost is as it was, what an older release wrote is as it would be written now."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from pynamodb.expressions.operand import Path

from chalicelib.domain.instance import backfilling
from chalicelib.queues.instance import Backfill
from chalicelib.queues.queue import Again, RunElsewhere
from chalicelib.store import jobs
from chalicelib.store.accounts.accounts import PREFERENCES, Account, Preferences
from chalicelib.store.dynamo import walking
from chalicelib.store.dynamo.table import update, write_batch
from chalicelib.store.instance import counters
from chalicelib.store.search.index import AccountWord, StatusWord
from chalicelib.store.signing_in import mfa
from chalicelib.store.statuses.statuses import Status
from infra import backfill as door
from tests.cast import Person
from tests.endpoints.admin.staff_acts import assert_counted, everybody
from tests.faults import before_call
from tests.jobs.scenarios.backfills import lose
from tests.simulated_aws import LocalAws


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "PAGE", 3)


def rows(aws: LocalAws, table: str) -> list[str]:
    def in_order(value: dict[str, Any]) -> dict[str, Any]:
        return {kind: sorted(each) if kind == "SS" else each for kind, each in value.items()}

    return sorted(json.dumps({name: in_order(value) for name, value in item.items() if name != "ttl"}, sort_keys=True)
                  for item in aws.items(table))


def ends(aws: LocalAws) -> list[int]:
    return [int(item["ttl"]["N"]) for item in aws.items("home") if "ttl" in item]


def found(viewer: Person, word: str) -> list[str]:
    return [each["id"] for each in viewer.get("/api/v2/search", {"q": word}).json["statuses"]]


@pytest.fixture
def written(alice: Person, bob: Person, carol: Person, drain: Any) -> str:
    """What three people wrote for all kinds of readers. Answers the id of a status with accents."""
    for each in (alice, carol):
        each.follows(bob)
    friends = alice.post("/api/v1/lists", json={"title": "friends"}).json["id"]
    alice.post(f"/api/v1/lists/{friends}/accounts", json={"account_ids": [bob.id]})
    drain()
    id = str(bob.posts("a crème brûlée #tag")["id"])
    for text, visibility in (("for followers", "private"), ("@carol psst", "direct"), ("unlisted", "unlisted")):
        bob.posts(text, visibility=visibility)
    carol.posts("@bob no", in_reply_to_id=id)
    carol.post(f"/api/v1/statuses/{id}/reblog")
    alice.posts("for a list", visibility=f"list:{friends}")
    drain()
    return id


@pytest.mark.parametrize("what", ["search", "home"])
def test_a_table_that_was_lost_is_as_it_was(aws, written, drain, what):
    before = rows(aws, what)
    lose(aws, what)
    assert rows(aws, what) == []

    backfilling.start(what)
    drain()

    assert rows(aws, what) == before
    assert aws.items("jobs") == []


def test_rows_of_an_older_release_give_way_to_those_of_now(aws, alice, bob, written, drain):
    before, statuses = rows(aws, "search"), rows(aws, "statuses")
    old = ["crème", "brûlée"]
    lose(aws, "search")
    update(Status.stub(written), [Status.stems.set(old)])
    write_batch(puts=[StatusWord(f"s#{stem}", written, author_id=bob.id, visibility="public", stems=set(old))
                      for stem in old])
    assert found(alice, "creme") == []

    backfilling.start("search")
    drain()

    assert found(alice, "creme") == [written]
    assert (rows(aws, "search"), rows(aws, "statuses")) == (before, statuses)


def test_words_of_names_are_folded_and_the_old_ones_go(aws, alice, drain):
    alice.patch("/api/v1/accounts/update_credentials", {"display_name": "Zoë"})
    before = rows(aws, "search")
    lose(aws, "search")
    write_batch(puts=[AccountWord("a#z", f"zoë#{alice.id}")])

    backfilling.start("search")
    drain()

    assert rows(aws, "search") == before


def test_a_status_that_is_deleted_meanwhile_leaves_nothing(aws, bob, written, drain):
    lose(aws, "search")

    def delete() -> None:
        bob.delete(f"/api/v1/statuses/{written}")
        drain()

    backfilling.start("search")
    with before_call("BatchWriteItem", 1, delete, about=written):
        drain()

    assert not [row for row in rows(aws, "search") if written in row]


def test_home_keeps_what_is_young_enough_and_direct_statuses_for_ever(aws, written, drain, clock):
    before = ends(aws)
    direct = [row for row in rows(aws, "home") if '"d#' in row]
    lose(aws, "home")
    clock.pass_by(91 * 86400)

    backfilling.start("home")
    drain()

    assert before
    assert direct
    assert rows(aws, "home") == direct


def test_rows_expire_by_the_age_of_their_statuses(aws, written, drain):
    before = sorted(ends(aws))
    lose(aws, "home")

    backfilling.start("home")
    drain()

    assert sorted(ends(aws)) == before


def test_nobody_is_told_again(aws, written, drain):
    before = rows(aws, "notifications")

    backfilling.start("home")
    drain()

    assert rows(aws, "notifications") == before
    assert aws.letters.letters() == []


def test_health_tells_how_far_it_is_and_a_second_start_goes_on(aws, written, anonymous, drain, monkeypatch):
    monkeypatch.setattr(backfilling, "A_RUN", 0)

    def told() -> Any:
        return anonymous.get("/api/pleroma/healthcheck").json["job_queue_stats"].get("backfills")

    assert told() is None
    assert backfilling.start("home") is None
    assert told() == {"home": 0}
    backfilling.go_on(Backfill("home"))
    assert told() == {"home": 3}
    assert backfilling.start("home") == 3
    assert len(jobs.cursors(["backfill#home"])) == 1
    drain()
    assert told() is None


def test_a_run_ends_in_time_and_another_one_goes_on(aws, written, monkeypatch):
    monkeypatch.setattr(backfilling, "A_RUN", 0)
    backfilling.start("search")
    runs, more = 0, True
    while more:
        runs += 1
        more = isinstance(backfilling.go_on(Backfill("search")), Again)

    assert runs >= (aws.count("statuses") + 3) // 3


def test_two_runs_at_once_do_each_page_once_on(aws, written, drain):
    before = rows(aws, "search")
    lose(aws, "search")
    backfilling.start("search")
    wanted = Backfill("search")

    with before_call("UpdateItem", 1, lambda: backfilling.go_on(wanted), about="backfill#search"):
        ended = backfilling.go_on(wanted)

    assert isinstance(ended, RunElsewhere)
    assert rows(aws, "search") == before


def test_an_operator_is_told_what_happens():
    assert door.told("search", None) == "A backfill of search begins within two minutes"
    assert door.told("home", 7) == "A backfill of home is there already; it has looked at 7 items, and goes on"


def test_the_door_takes_what_there_is_only():
    done = subprocess.run([sys.executable, "-m", "infra.backfill", "everything"], capture_output=True, text=True)

    assert done.returncode == 2
    assert "search" in done.stderr


def test_filters_of_an_older_release_are_told(alice, bob, drain):
    status = bob.posts("the knights who say ni")["id"]
    older = [{"id": 1, "phrase": "knights", "context": ["home"], "irreversible": False, "whole_word": True}]
    update(Preferences.stub(alice.id, PREFERENCES), [Preferences.filters.set(older)])
    assert alice.get(f"/api/v1/statuses/{status}").json["filtered"] == []

    backfilling.start("filters")
    drain()
    backfilling.go_on(Backfill("filters"))

    (match,) = alice.get(f"/api/v1/statuses/{status}").json["filtered"]
    assert (match["filter"]["title"], match["keyword_matches"]) == ("knights", ["knights"])
    assert [each["phrase"] for each in alice.get("/api/v1/filters").json] == ["knights"]


def test_accounts_of_an_older_release_are_listed_and_counted(admin, alice, cast, drain):
    cast.person("off", deactivated=True)
    people = everybody()
    for account in people:
        update(Account.stub(account.id, "P"), [Account.standing.set("L")])
        update(counters.local_of(account.id), [Path([account.standing]).remove()])
    alice.patch("/api/v1/accounts/update_credentials", json={"actor_type": "Service"})
    assert admin.get("/api/pleroma/admin/users").json["count"] == 1
    assert sorted(mfa.local_account_ids()) == sorted(account.id for account in people)

    backfilling.start("standings")
    drain()
    backfilling.go_on(Backfill("standings"))

    assert_counted()
    assert [user["nickname"] for user in admin.get("/api/pleroma/admin/users").json["users"]] == [
        "admin", "alice", "off"]
