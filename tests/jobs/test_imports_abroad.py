"""Imports that name people of other servers: found, told, and never followed twice, whoever is slow or dead."""

from __future__ import annotations

import json
import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from app import app
from chalicelib.domain.relationships.importing import abroad, brought, imports
from chalicelib.jobs.sweep import sweep
from chalicelib.queues import messages
from chalicelib.queues.federating import ImportAbroad
from chalicelib.store import jobs
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update
from chalicelib.store.jobs import Job
from chalicelib.store.relationships import relations
from infra.local import pump
from tests import lengths
from tests.at_once import at_once
from tests.faults import Killed, power_cut
from tests.jobs.worker import Clock
from tests.peers import crowds, scripted
from tests.peers.scripted import Peer, Reply

MINE = "/api/v1/pleroma/imports"
WAITS = [each + 61 for each in abroad.PAUSES]
"""After each of these a server that was silent is asked again. The sweep comes within a minute."""


@pytest.fixture
def far() -> Iterator[Peer]:
    with scripted.serving() as peer:
        yield peer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(time, "time", moved.now)
    return moved


def bring(person: Any, names: Any, what: str = "follow") -> None:
    reply = person.post(f"/api/pleroma/{what}_import", form={"list": "\n".join(names)})
    assert reply.json == "job started"


def chunks_done(person: Any, names: Any) -> ImportAbroad:
    """Bring a list whose chunks are done. What asks for the names that are left."""
    bring(person, names)
    for row in Job.scan(Job.kind == "import_follows"):
        chunk: Any = messages.of(row.kind, row.payload)
        imports.run(chunk)
        jobs.done([row.id])
    return next(ImportAbroad(**row.payload) for row in Job.scan(Job.kind == ImportAbroad.kind)
                if row.payload["account_id"] == person.id)


def outcome(person: Any) -> tuple[int, int, int, int]:
    """How many are done, unknown, refused, and not told of yet."""
    shown = person.get(MINE).json[0]
    return shown["done"], shown["unknown"], shown["refused"], shown["total"] - shown["done"] - shown["skipped"]


def asked(peer: Peer) -> list[str]:
    return [each.target for each in peer.asked if each.method == "GET" and "nodeinfo" not in each.target]


def test_people_of_other_servers_are_found_and_asked(alice, bob, far, drain, aws):
    for name in ("fern", "gil"):
        far.actor(name)

    bring(alice, [f"fern@{far.host}", "bob", f"{far.url}/users/gil", f"nobody@{far.host}"])

    assert drain().failed == 0
    assert outcome(alice) == (3, 1, 0, 0)
    assert {each.json["object"] for each in far.received} == {f"{far.url}/users/fern", f"{far.url}/users/gil"}
    assert aws.count("jobs") == 0
    assert [item for item in aws.items("accounts") if item["part"]["S"].startswith("J#")] == []


@pytest.mark.parametrize("what", ["blocks", "mutes"])
def test_they_are_blocked_and_muted_too(alice, far, drain, what):
    fern = far.actor("fern")
    (known,) = alice.get("/api/v2/search", {"q": fern["id"], "resolve": True}).json["accounts"]
    alice.post(f"/api/v1/accounts/{known['id']}/follow")
    drain()
    far.actor("gil")

    bring(alice, [f"@fern@{far.host}", f"gil@{far.host},false"], what)

    assert drain().failed == 0
    assert outcome(alice) == (2, 0, 0, 0)
    assert {each["acct"] for each in alice.get(f"/api/v1/{what}").json} == {f"fern@{far.host}", f"gil@{far.host}"}
    assert relations.find(alice.id, known["id"]).requested is (what == "mutes")
    told = Counter(each.json["type"] for each in far.received)
    assert told == ({"Follow": 1, "Undo": 1, "Block": 2} if what == "blocks" else {"Follow": 1})


def test_who_is_known_is_not_asked_for(alice, far, drain):
    fern = far.actor("fern")
    alice.get("/api/v2/search", {"q": fern["id"], "resolve": True})
    before = len(asked(far))

    for spelt in (f"FERN@{far.host.upper()}", fern["id"], f"{far.url}/@fern"):
        bring(alice, [spelt])
        drain()

    assert [each["done"] for each in alice.get(MINE).json] == [1, 1, 1]
    assert len(asked(far)) == before


def test_two_names_of_one_person_are_one_follow(alice, far, drain):
    fern = far.actor("fern")
    far.answers["/@fern"] = scripted.redirecting(fern["id"])

    bring(alice, [f"fern@{far.host}", fern["id"], f"{far.url}/@fern"])
    drain()

    assert outcome(alice) == (3, 0, 0, 0)
    assert [each.json["type"] for each in far.received] == ["Follow"]


@pytest.mark.parametrize("closed", [{"federating": False}, {"mrf_simple_reject": "127.0.0.1"}])
def test_servers_with_which_nothing_is_exchanged_are_not_asked(alice, far, drain, setting, closed):
    far.actor("fern")
    setting(**{name: far.host if value == "127.0.0.1" else value for name, value in closed.items()})

    bring(alice, [f"fern@{far.host}"])
    drain()

    assert outcome(alice) == (0, 1, 0, 0)
    assert far.asked == []


def test_what_is_no_account_is_unknown_and_no_status_is_stored(alice, far, drain, aws):
    bob = far.actor("bob")
    note = far.note(bob, "a status")

    bring(alice, [note["id"], f"nobody@{far.host}", f"http://user@{far.host}/users/bob", "https://[", "ftp://x/@bob"])
    drain()

    assert outcome(alice) == (0, 5, 0, 0)
    assert aws.count("statuses") == 0


# Servers that do not answer.


def test_a_dead_server_is_tried_for_an_hour_and_holds_up_nobody(alice, far, drain, clock, aws):
    (dead,) = crowds.dead_hosts(1)
    far.actor("fern")
    bring(alice, [*(f"ghost{number}@{dead}" for number in range(5)), f"fern@{far.host}"])
    drain()
    assert outcome(alice) == (1, 0, 0, 5)

    for wait in WAITS:
        assert outcome(alice) == (1, 0, 0, 5)
        clock.pass_by(wait)
        sweep()
        drain()

    assert outcome(alice) == (1, 5, 0, 0)
    assert aws.count("jobs") == 0


def test_who_comes_back_within_the_hour_is_found(alice, far, drain, clock):
    far.actor("fern")
    far.answers["/users/fern"], there = Reply(503), far.answers["/users/fern"]
    bring(alice, [f"fern@{far.host}"])
    drain()
    before = len(asked(far))
    far.answers["/users/fern"] = there

    clock.pass_by(30)
    sweep()
    drain()
    assert len(asked(far)) == before
    clock.pass_by(WAITS[0])
    sweep()
    drain()

    assert outcome(alice) == (1, 0, 0, 0)


@pytest.mark.parametrize("reply", [Reply(429), Reply(503, headers={"Retry-After": "100"})])
def test_a_server_that_is_asked_too_much_is_left_alone(alice, far, drain, reply):
    far.answers["/.well-known/webfinger"] = reply

    bring(alice, [f"name{number}@{far.host}" for number in range(3)])
    drain()
    bring(alice, [f"other{number}@{far.host}" for number in range(3)])
    drain()

    assert len(asked(far)) == 1
    assert outcome(alice) == (0, 0, 0, 3)


def test_one_account_that_cannot_be_had_holds_up_no_other_of_its_server(alice, far, drain, clock):
    for name in ("fern", "gil"):
        far.actor(name)
    far.answers["/users/bad"] = Reply(500)
    far.named[f"acct:bad@{far.host}"] = f"{far.url}/users/bad"

    bring(alice, [f"{name}@{far.host}" for name in ("bad", "fern", "gil")])
    drain()
    for wait in (WAITS[0], *WAITS):
        clock.pass_by(wait)
        sweep()
        drain()

    assert outcome(alice) == (2, 1, 0, 0)


def test_after_a_day_nobody_is_asked_any_more(alice, far, drain, clock):
    far.actor("fern")
    bring(alice, [f"fern@{far.host}"])
    clock.pass_by(abroad.DEADLINE + 1)

    drain()

    assert (outcome(alice), far.asked) == ((0, 1, 0, 0), [])


def test_for_somebody_who_is_gone_nobody_is_asked(alice, far):
    asking = chunks_done(alice, [f"fern@{far.host}"])
    update(Account.stub(alice.id, PROFILE), [Account.deactivated.set(True)])

    assert abroad.run(asking).figures == {"refused": 1}
    assert abroad.run(asking).next is None
    assert far.asked == []


def test_a_fault_of_ours_with_one_name_stops_no_other(alice, far, drain, monkeypatch, clock):
    for name in ("fern", "gil"):
        far.actor(name)
    far.answers["/users/fern"] = lambda _: scripted.Reply(200, b"{" * 40, {"Content-Type": scripted.TYPE})

    bring(alice, [f"fern@{far.host}", f"gil@{far.host}"])

    assert drain().failed == 0
    assert outcome(alice) == (1, 1, 0, 0)


def test_a_server_is_asked_by_one_at_a_time_and_many_servers_at_once(alice):
    gate = threading.Barrier(3, timeout=20)  # opens only if all three are asked at the same moment
    with crowds.serving([0] * 3) as servers:
        for each in servers:
            each.waits_first = gate
        asking = chunks_done(alice, [name for each in servers for name in each.people(2)])

        assert abroad.run(asking).figures["found"] == 6

    assert {each.most for each in servers} == {1}


def test_two_lists_ask_a_server_one_after_the_other(alice, bob, drain, clock):
    with crowds.serving([0.05]) as (server,):
        names = server.people(4)
        one, other = chunks_done(alice, names[:2]), chunks_done(bob, names[2:])
        steps = at_once(lambda: abroad.run(one), lambda: abroad.run(other))
        clock.pass_by(200)
        sweep()
        drain()

    assert sorted((each.figures["found"], each.figures["left"]) for each in steps) == [(0, 2), (2, 0)]
    assert [outcome(each)[0] for each in (alice, bob)] == [2, 2]
    assert server.most == 1


def test_a_server_that_has_had_its_share_waits_for_the_next_run(alice, monkeypatch):
    monkeypatch.setattr(abroad, "SHARE", 0)
    with crowds.serving([0, 0]) as servers:
        asking = chunks_done(alice, [name for each in servers for name in each.people(2)])

        first = abroad.run(asking)
        second = abroad.run(first.next)

    assert [(each.figures["found"], each.figures["left"]) for each in (first, second)] == [(2, 2), (2, 0)]


def test_of_two_messages_at_once_only_one_asks(alice):
    with crowds.serving([0.1]) as (server,):
        asking = chunks_done(alice, server.people(2))
        steps = at_once(*[lambda: abroad.run(asking)] * 3)
        again = abroad.run(asking)

    assert sorted(each.figures.get("found", 0) for each in steps) == [0, 0, 2]
    assert server.most == 1
    assert again.figures == {}


# What it costs.


@pytest.mark.parametrize(("kind", "acts"), [("follow", {"import_follows": 1, "federate": 3, "send_activity": 1}),
                                            ("mutes", {"import_hidden": 1})])
def test_a_name_more_costs_what_is_done_for_it(alice, drain, kind, acts, caplog):
    """Two readings and a transaction to learn an account, which its server is asked for in two requests."""
    caplog.set_level(logging.INFO, logger="kenoma.jobs")
    with crowds.serving([0]) as (server,):
        names, calls, requests = server.people(16), [], []
        for some in (names[:2], names[2:4], names[4:16]):
            caplog.clear()
            server.peer.asked.clear()
            bring(alice, some, kind)
            drain()
            calls.append(Counter[str]())
            requests.append(len(asked(server.peer)))
            for each in caplog.records:
                if each.message == "job done":
                    calls[-1][each.kind] += each.calls

    assert {each: (calls[2][each] - calls[1][each]) / 10 for each in calls[2]} == {"import_abroad": 3, **acts}
    assert calls[0]["import_abroad"] - calls[1]["import_abroad"] <= 5  # the server was new, and so was the key
    assert requests == [4, 4, 24]


@pytest.mark.parametrize(("count", "hosts"), [(5_000, 500), (100_000, 10_000)])
def test_however_long_a_list_is_its_messages_and_rows_are_small(alice, aws, count, hosts):
    bring(alice, [f"someone{number}@host{number % hosts}.example" for number in range(count)])

    bodies = aws.messages("imports")
    assert len(bodies) == min(count, brought.MOST_NAMES) / 100
    assert max(map(len, bodies)) < 20_000
    assert alice.get(MINE).json[0]["refused"] == max(count - brought.MOST_NAMES, 0)
    (first, *_) = [json.loads(body) for body in bodies if '"chunk":0,' in body]
    assert len({name.partition("@")[2] for name in first["names"]}) == 100


# Files of other servers, as people bring them.

ONE, TWO = "fern@{host}", "gil@{host}"
FILES = {
    "Mastodon, follows": ("follow", "Account address,Show boosts,Notify on new posts,Languages\n"
                          f"{ONE},false,true,\"en, de\"\n{TWO},true,false,\n"),
    "Mastodon, blocks": ("blocks", f"{ONE}\n{TWO}\n"),
    "Mastodon, mutes": ("mutes", f"Account address,Hide notifications\n{ONE},false\n{TWO},true\n"),
    "Pleroma, follows": ("follow", "Account address,Show boosts,Notify on new posts,Languages\n"
                         f"{ONE},false,true,\n{TWO},true,false,\n"),
    "Pleroma's frontend, blocks": ("blocks", f"{ONE}\n{TWO}"),
    "Misskey, follows": ("follow", f"{ONE},withReplies=false\n{TWO},withReplies=true\n"),
    "Misskey of old, mutes": ("mutes", f"{ONE}\n{TWO}\n"),
    "Friendica, follows": ("follow", f"Account address, Show boosts\n{ONE}, true\nhttp://{{host}}/users/gil, true\n"),
    "Pixelfed, follows": ("follow", '["http://{host}/users/fern","http://{host}/users/gil"]'),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_server_is_brought(name, alice, far, drain):
    kind, written = FILES[name]
    for each in ("fern", "gil"):
        far.actor(each)

    alice.post(f"/api/pleroma/{kind}_import", files={
        "list": ("list.csv", written.replace("{host}", far.host).encode(), "text/csv")})
    drain()

    assert outcome(alice) == (2, 0, 0, 0)
    fern = alice.get("/api/v1/accounts/lookup", {"acct": f"fern@{far.host}"}).json
    how = alice.get("/api/v1/accounts/relationships", {"id": fern["id"]}).json[0]
    assert how[{"follow": "requested", "blocks": "blocking", "mutes": "muting"}[kind]]
    assert how["showing_reblogs"] is ("false,true" not in written)
    assert how["muting_notifications"] is (kind == "mutes" and "Hide" not in written)


# At size.


@pytest.mark.size
def test_a_list_of_many_servers_is_brought_while_workers_die(alice, aws, clock, caplog):
    """Of fifty servers ten are slow, five dead, and three talk nonsense. Nobody is followed twice."""
    caplog.set_level(logging.INFO, logger="kenoma.jobs")
    each, share = lengths.NAMES // lengths.SERVERS, lengths.SERVERS / 50
    slow, dead, nonsense = round(10 * share), round(5 * share), round(3 * share)
    times = [0.0] * (lengths.SERVERS - slow - dead)
    fate = random.Random(17)
    run_all = partial(pump.drain, app, most=100_000, has_messages=aws.has_messages)
    with crowds.serving([0.3 if lengths.FULL else 0.05] * slow + times, nonsense) as servers:
        names = [name for server in servers for name in server.people(each)]
        names += [f"ghost{number}@{host}" for host in crowds.dead_hosts(dead) for number in range(each)]
        fate.shuffle(names)
        bring(alice, names)
        for _ in range(5):
            with pytest.raises(Killed), power_cut(fate.randint(5, 3 * lengths.NAMES // 5)):
                run_all()
            for queue in ("imports", "outside", "timelines"):
                aws.time_out(queue)
            clock.pass_by(400)
            sweep()
        for wait in (0, *WAITS, *WAITS):
            clock.pass_by(wait)
            sweep()
            run_all()

    good = [server for server in servers if not server.talks_nonsense]
    assert outcome(alice) == (len(good) * each, (dead + nonsense) * each, 0, 0)
    assert alice.account.following_count == 0  # they have been asked, and nobody has accepted
    assert all(sorted(set(server.followed)) == sorted(f"/users/someone{n}" for n in range(each)) for server in good)
    assert {server.most for server in servers} == {1}
    calls = sum(each.calls for each in caplog.records if each.message == "job done" and each.kind.startswith("import"))
    lengths.say(f"{len(names)} names: {calls} calls of the imports' jobs")
    assert calls < 6 * len(names) + 500
