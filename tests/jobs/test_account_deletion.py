"""Deleting an account: only the husk is left, and what others have stays exact."""

from __future__ import annotations

import contextlib
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.accounts import deletion
from chalicelib.domain.statuses import fan_out, posting
from chalicelib.domain.statuses.drafts import Draft
from chalicelib.ids import new_flake
from chalicelib.jobs.sweep import sweep
from chalicelib.queues import messages, running
from chalicelib.queues.accounts import AccountDelete
from chalicelib.queues.statuses import DeliverChunk
from chalicelib.store import jobs
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import PROFILE, SECRET, Account, Part, Secret
from chalicelib.store.dynamo import partitions
from chalicelib.store.dynamo.keys import key
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.dynamo.table import fetch, transaction, update, write_batch
from chalicelib.store.instance import counters
from chalicelib.store.media import uploads
from chalicelib.store.relationships.relations import ACCEPTED, Relation
from chalicelib.store.statuses import statuses
from chalicelib.store.statuses.marks import Mark
from chalicelib.store.statuses.statuses import Status
from chalicelib.store.timelines.conversations import Participation
from chalicelib.store.timelines.feeds import FeedRow, HomeRow
from infra import resources
from tests import leftovers
from tests.domain.relationships.pairs import assert_exact, eyes, hides, home
from tests.faults import Killed, before_call, before_write, die
from tests.jobs import leaving
from tests.lengths import FOLLOWED_BY, SENT, WRITTEN, say

# Kept replies and windows of rate limits can be found only by their own keys, and expire within a day.
EXPIRING = frozenset({"ephemeral"})


@pytest.fixture(autouse=True)
def at_once(setting):
    """Make no pause after the account was closed, except in tests about the pause."""
    setting(deletion_pause=0)


_built: list[Any] = []


@pytest.fixture
def world(aws, cast, drain):
    """The world, made once and then restored for each test, which is ten times faster."""
    if not _built:
        _built.append(leaving.build(aws, cast, drain))
    leftovers.restore(aws, _built[0].before)
    return _built[0]


@pytest.fixture
def finish(drain, clock):
    """Run everything that is queued or waits for its time within the next day."""

    def run():
        drain()
        clock.pass_by(86_400)
        sweep()
        drain()

    return run


def left(aws, world):
    return leftovers.of(aws, world.alice.id, world.names, ours=EXPIRING)


def assert_others_are_exact(world):
    bob, carol = world.bob, world.carol
    assert_exact(bob, carol, world.locked, *world.followers)
    shown = {name: statuses.find(id) for name, id in world.bobs.items()}
    assert (shown["favourite"].favourites_count, shown["reblog"].reblogs_count) == (1, 1)
    assert {emoji: entry["n"] for emoji, entry in shown["reaction"].reactions.items()} == {"😀": 1}
    assert shown["reaction"].reactors == {carol.id}
    assert (shown["both"].favourites_count, dict(shown["both"].reactions), shown["both"].reactors) == (1, {}, None)
    assert shown["parent"].replies_count == 0
    assert (shown["reply"].parent_id, shown["reply"].parent_account_id) == (None, None)
    assert shown["direct"].to == [world.alice.id], "what others wrote is theirs"
    everybody = [bob, carol, world.locked, *world.followers]
    assert counters.statistics().users == len(everybody)
    assert counters.statistics().statuses == len(world.bobs) - 1, "a direct status is in no statistics"
    assert (bob.account.statuses_count, carol.account.statuses_count) == (len(world.bobs) - 1, 0)
    assert (set(home(carol)), set(home(world.followers[1]))) <= (set(world.bobs.values()) | reblogs_of(carol), set())
    assert not hides(carol).blocked | hides(carol).muted | hides(carol).reblogs_hidden | hides(carol).gone
    assert not hides(carol).limited
    assert not hides(carol).muted_until
    assert not hides(carol).blocked_until
    assert not carol.account.endorsed
    assert [leaving.told_by(each, world.alice) for each in everybody] == [[]] * len(everybody)


def reblogs_of(person):
    return {row.id for row in FeedRow.query(f"r#{person.id}")}


def husk(world):
    """What the account's partition holds."""
    return [part.part for part in Part.query(world.alice.id, consistent_read=True)]


def run(account_id):
    """The message arrives."""
    body = messages.to_text(AccountDelete(account_id))
    return running.run_batch("timelines", {"Records": [{"messageId": "1", "body": body, "attributes": {}}]})


# What it leaves.


def test_before_anything_happens_the_search_for_leftovers_finds_it_everywhere(aws, world):
    tables = {place.partition(":")[0] for place in left(aws, world)}

    assert tables >= set(partitions.KEYS) | {"file", "statuses", "relations", "media", "claims", "jobs"} - {"claims"}


def test_nothing_is_left_but_the_husk_and_others_are_exact(aws, world, finish):
    deletion.begin(world.alice.id)

    finish()

    assert left(aws, world) == []
    assert husk(world) == [PROFILE]
    assert aws.count("jobs") == 0
    assert_others_are_exact(world)


def test_the_husk_tells_nothing_but_a_taken_name(world, finish):
    deletion.begin(world.alice.id)
    finish()

    values = {name: value for name, value in world.alice.account.attribute_values.items() if value}

    assert values.pop("token_generation") == 1
    assert values == {"id": world.alice.id, "part": PROFILE, "nickname": "alice", "nickname_lower": "alice",
                      "nickname_find": "alice", "standing": "Ld/Person", "deactivated": True, "deleted": True,
                      "actor_type": "Person"}


def test_a_file_that_somebody_else_has_sent_too_stays(aws, world, finish):
    deletion.begin(world.alice.id)
    finish()

    assert list(leftovers.files(aws)) == ["media/" + leaving.a_file(b"everybody's").name]
    assert [upload.owner for upload in uploads.list_of(world.bob.id)] == [world.bob.id]


def test_a_conversation_stays_with_who_wrote_in_it(world, finish):
    deletion.begin(world.alice.id)
    finish()

    kept = list(Participation.query(world.bob.id, consistent_read=True))

    assert [(entry.last, entry.last_by, entry.participants, entry.recipients) for entry in kept] == [
        (world.bobs["direct"], world.bob.id, {world.bob.id}, {world.bob.id})]
    assert list(Participation.query(world.carol.id, consistent_read=True)) == []


def test_an_administrator_who_leaves_is_no_staff(cast, finish):
    boss = cast.person("boss", is_admin=True)
    other = cast.person("other", is_moderator=True)

    deletion.begin(boss.id)
    finish()

    assert counters.staff_ids() == {other.id}


@pytest.mark.parametrize("pending", ["approval_pending", "confirmation_pending"])
def test_an_account_that_was_never_let_in_leaves_not_even_its_name(aws, cast, finish, setting, pending):
    setting(account_activation_required=True)
    person = cast.person("newcomer", **{pending: True})

    deletion.begin(person.id)
    finish()

    assert leftovers.of(aws, person.id, ours=EXPIRING) == []
    assert accounts.find(person.id) is None
    assert counters.statistics().users == 0
    assert cast.person("newcomer").id != person.id


def test_an_unconfirmed_account_that_need_not_confirm_leaves_its_husk(cast, finish):
    person = cast.person("newcomer", confirmation_pending=True)

    deletion.begin(person.id)
    finish()

    assert accounts.find(person.id).deleted


def test_a_deactivated_account_is_not_counted_off_twice(aws, world, drain, finish):
    from chalicelib.domain.accounts import deactivation

    deactivation.disable(world.alice.id)
    drain()
    deletion.begin(world.alice.id)
    finish()

    assert left(aws, world) == []
    assert_others_are_exact(world)


# Workers that die.


def test_a_worker_may_die_before_every_single_write(aws, world, finish):
    """Each run dies one write later than the one before, or at the end of a step; then the next step begins."""
    message = AccountDelete(world.alice.id)
    jobs.add([messages.outbox(message)])
    died_in: dict[str, int] = {}
    step, number = "", 1
    while (row := jobs.find(message.job)) is not None:
        now = (row.cursor or {"step": "tell"})["step"]
        step, number = now, number + 1 if now == step else 1
        try:
            with before_write(number, die, or_after="kenoma-jobs"):
                assert run(world.alice.id) == {"batchItemFailures": []}
        except Killed:
            died_in[now] = number

    finish()

    assert set(died_in) == set(deletion.STEPS)
    assert sum(died_in.values()) > 50
    assert left(aws, world) == []
    assert_others_are_exact(world)


def test_two_workers_at_once_count_everything_off_once(aws, world, finish):
    jobs.add([messages.outbox(AccountDelete(world.alice.id))])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, [world.alice.id] * 2))
    jobs.add([messages.outbox(AccountDelete(world.alice.id))])
    finish()

    assert left(aws, world) == []
    assert_others_are_exact(world)


def test_a_run_ends_after_so_many_items_and_another_goes_on(aws, world, finish, monkeypatch):
    monkeypatch.setattr(deletion, "ITEMS_PER_RUN", 5)
    jobs.add([messages.outbox(AccountDelete(world.alice.id))])

    run(world.alice.id)
    asked = aws.messages("timelines")
    finish()

    assert asked == [messages.to_text(AccountDelete(world.alice.id))]
    assert left(aws, world) == []


def test_a_run_ends_after_so_much_time_and_another_goes_on(aws, world, finish, monkeypatch):
    monkeypatch.setattr(deletion, "SECONDS_PER_RUN", -1.0)
    jobs.add([messages.outbox(AccountDelete(world.alice.id))])

    run(world.alice.id)
    asked = aws.messages("timelines")
    finish()

    assert len(asked) == 1
    assert left(aws, world) == []


def test_a_step_that_a_later_version_does_not_know_begins_anew(aws, world, finish):
    jobs.add([messages.outbox(AccountDelete(world.alice.id))])
    jobs.save_cursor(AccountDelete(world.alice.id).job, {"step": "of another version"})

    run(world.alice.id)
    finish()

    assert left(aws, world) == []


# What is under way when the account closes.


def test_what_is_written_while_the_account_closes_goes_too(aws, alice, bob, setting, finish, drain, clock):
    setting(deletion_pause=90)
    alice_at_work = eyes(alice)
    deletion.begin(alice.id)

    drain()
    closed = alice.account.deleted
    late, _ = posting.post(Draft(f"@{bob.nickname} too late"), alice_at_work)
    drain()
    there = statuses.find(late.id)
    clock.pass_by(91)
    finish()

    assert closed
    assert there is not None
    assert leftovers.of(aws, alice.id, [late.id], ours=EXPIRING) == []
    assert counters.statistics().statuses == 0


def test_the_pause_is_kept_by_whoever_comes_too_early(aws, alice, setting, drain, clock):
    setting(deletion_pause=90)
    deletion.begin(alice.id)
    drain()

    result = deletion.go_on(alice.id)
    clock.pass_by(91)

    assert isinstance(result, deletion.Unfinished)
    assert 80 < result.delay <= 90
    assert not isinstance(deletion.go_on(alice.id), deletion.Unfinished)
    assert leftovers.of(aws, alice.id, ours=EXPIRING | {"jobs"}) == []


def test_a_fan_out_that_comes_after_the_deletion_takes_its_rows_back(alice, bob, carol):
    bob.follows(alice)
    id = alice.posts("hello")["id"]

    def leave():
        update(Account.stub(alice.id, PROFILE), [Account.deactivated.set(True), Account.deleted.set(True)])

    with before_call("BatchWriteItem", 1, leave):
        fan_out.deliver_chunk([DeliverChunk(id, [bob.id], alice.id)])

    assert home(bob) == []


def test_a_status_of_an_account_that_is_gone_reaches_nobody(alice, bob, drain):
    bob.follows(alice)
    drain()
    alice.posts("hello")
    update(Account.stub(alice.id, PROFILE), [Account.deactivated.set(True), Account.deleted.set(True)])

    drain()

    assert home(bob) == []


def test_an_address_changed_at_this_moment_is_freed(alice, monkeypatch, cast, finish):
    from chalicelib.store.accounts import users

    deletion.begin(alice.id)
    secret = fetch(strong=[key(Secret, alice.id, SECRET)]).get(Secret, alice.id, SECRET)
    changed: list[Any] = []

    def change_once():
        if not changed:
            changed.append(True)
            users.change_email(secret, "new@localhost.localdomain")

    with before_write(1, change_once):
        deletion.go_on(alice.id)
    finish()

    assert cast.person("another", email="new@localhost.localdomain")
    assert cast.person("third", email="alice@localhost.localdomain")


# Reblogs of what is gone, and long threads.


def test_a_reblog_of_its_status_leaves_the_homes_it_was_brought_to(aws, alice, bob, carol, drain, finish):
    carol.follows(bob)
    id = alice.posts("pass me on")["id"]
    wrapper = bob.post(f"/api/v1/statuses/{id}/reblog").json["id"]
    drain()
    brought = home(carol)

    deletion.begin(alice.id)
    finish()

    assert brought == [wrapper]
    assert home(carol) == []
    assert leftovers.of(aws, alice.id, [id, wrapper], ours=EXPIRING) == []


def test_a_reply_deep_in_a_long_thread_loses_its_parent(alice, bob, finish, monkeypatch):
    from chalicelib.store.leaving import deleted_statuses

    monkeypatch.setattr(deleted_statuses, "THREAD_PAGE", 3)
    root = alice.posts("root")["id"]
    replies = [bob.posts("well", in_reply_to_id=root)["id"] for _ in range(8)]

    deletion.begin(alice.id)
    finish()

    assert {statuses.find(id).parent_id for id in replies} == {None}


def test_a_parent_that_vanishes_meanwhile_is_not_missed(alice, bob, finish):
    parents = [bob.posts("ask")["id"] for _ in range(2)]
    for parent in parents:
        alice.posts("answer", in_reply_to_id=parent)
    bob.delete(f"/api/v1/statuses/{parents[0]}")

    deletion.begin(alice.id)
    finish()

    assert statuses.find(parents[1]).replies_count == 0
    assert statuses.find(parents[0]) is None
    assert Status.count(parents[0]) == 0


def test_a_vote_stays_counted(alice, bob, finish):
    poll = bob.posts("which?", poll={"options": ["a", "b"], "expires_in": 3600})
    alice.post(f"/api/v1/polls/{poll['poll']['id']}/votes", json={"choices": [1]})

    deletion.begin(alice.id)
    finish()

    shown = bob.get(f"/api/v1/statuses/{poll['id']}").json["poll"]
    assert [option["votes_count"] for option in shown["options"]] == [0, 1]
    assert Mark.count(alice.id) == 0


def test_jobs_that_wait_for_the_end_of_a_mute_go_with_either_side(aws, alice, bob, carol, finish, drain):
    alice.post(f"/api/v1/accounts/{bob.id}/mute", {"expires_in": 864_000})
    carol.post(f"/api/v1/accounts/{alice.id}/mute", {"expires_in": 864_000})
    waiting = aws.count("jobs")

    deletion.begin(alice.id)
    drain()

    assert waiting == 2
    assert aws.count("jobs") == 0
    assert leftovers.of(aws, alice.id, ours=EXPIRING) == []


def test_the_staff_is_told_no_more_of_what_it_reported(aws, alice, bob, admin, drain, finish):
    alice.post("/api/v1/reports", json={"account_id": bob.id, "comment": "look"})
    drain()
    told = leaving.told_by(admin, alice)

    deletion.begin(alice.id)
    finish()

    assert len(told) == 1
    assert leaving.told_by(admin, alice) == []
    assert leftovers.of(aws, alice.id, ours=EXPIRING | {"reports"}) == []
    assert aws.count("reports") == 1, "the report itself stays with the staff"


def test_a_status_for_a_list_leaves_the_homes_of_its_members(aws, alice, bob, drain, finish):
    friends = alice.post("/api/v1/lists", json={"title": "friends"}).json["id"]
    alice.post(f"/api/v1/lists/{friends}/accounts", json={"account_ids": [bob.id]})
    id = alice.posts("for friends", visibility=f"list:{friends}")["id"]
    drain()
    brought = home(bob)

    deletion.begin(alice.id)
    finish()

    assert brought == [id]
    assert leftovers.of(aws, alice.id, [id], ours=EXPIRING) == []


# The tables that are read without models.


def test_the_keys_of_tables_read_without_models_are_theirs():
    known = {
        each["Properties"]["TableName"]["Fn::Sub"].partition("}")[2]: tuple(
            part["AttributeName"] for part in each["Properties"]["KeySchema"])
        for each in resources.load()["Resources"].values() if each["Type"] == "AWS::DynamoDB::Table"
    }

    assert {table: known[table] for table in partitions.KEYS} == partitions.KEYS


@pytest.mark.size
def test_a_large_account_is_gone_however_often_workers_die(aws, alice, bob, finish):
    """They die at the first write of every step, and then again and again. Each goes on where the job row says."""
    followers = crowd_around(alice, FOLLOWED_BY)
    ids = wrote_all(alice, WRITTEN, followers[:20])
    for number in range(SENT):
        uploads.keep(alice.id, [leaving.a_file(b"%d" % number)])
    a_bit_of_everything(alice, bob, ids[:20])
    fate, died_in = random.Random(3), Counter[str]()
    message = AccountDelete(alice.id)
    jobs.add([messages.outbox(message)])

    started = time.monotonic()
    while (row := jobs.find(message.job)) is not None:
        step = (row.cursor or {"step": "tell"})["step"]
        with contextlib.suppress(Killed), dying(fate.randint(1, 400) if died_in[step] else 1, died_in, message.job):
            assert run(alice.id) == {"batchItemFailures": []}
    seconds = time.monotonic() - started
    finish()

    say(f"{WRITTEN:,} statuses, {FOLLOWED_BY:,} followers, {SENT} files: {sum(died_in.values())} dead workers, "
        f"{seconds:.0f} s")
    assert set(died_in) == set(deletion.STEPS)
    assert leftovers.of(aws, alice.id, ids[::97], ours=EXPIRING) == []
    assert leftovers.files(aws) == {}
    assert sum(account.following_count for account in accounts.find_many(followers).values()) == 0
    assert counters.statistics().statuses == 1
    assert statuses.find_many(bobs := home(bob))[bobs[0]].favourites_count == Mark.count(bob.id) == 0


def a_bit_of_everything(alice, bob, ids):
    """Make something for the steps that the large numbers do not reach. One status of the other's must stay."""
    for id in ids:
        bob.post(f"/api/v1/statuses/{id}/favourite")
    asked = bob.posts("what do you say?")["id"]
    alice.post(f"/api/v1/statuses/{asked}/favourite")
    alice.post(f"/api/v1/statuses/{ids[0]}/reblog")
    alice.posts("@bob to you alone", visibility="direct")
    chat = alice.post(f"/api/v1/pleroma/chats/by-account-id/{bob.id}").json["id"]
    alice.post(f"/api/v1/pleroma/chats/{chat}/messages", json={"content": "hello"})
    for owner, member in ((alice, bob), (bob, alice)):
        owner.follows(member)
        friends = owner.post("/api/v1/lists", json={"title": "friends"}).json["id"]
        owner.post(f"/api/v1/lists/{friends}/accounts", json={"account_ids": [member.id]})
    alice.post("/api/v1/statuses", json={"status": "one day", "scheduled_at": "2099-01-01T00:00:00.000Z"})
    alice.post(f"/api/v1/accounts/{bob.id}/mute", {"expires_in": 864_000})


@contextlib.contextmanager
def dying(number, died_in, job):
    """Let the worker die before the `number`th write, or where a step ends. Notes in which step that was."""
    with before_write(number, die, or_after="kenoma-jobs"):
        try:
            yield
        except Killed:
            row = jobs.find(job)
            died_in[(row.cursor or {"step": "tell"})["step"]] += 1
            raise


# How much it costs.


@pytest.mark.size
def test_a_large_account_leaves_nothing_within_five_calls_for_each_status(aws, alice, finish):
    """Rows and files are made directly."""
    followers = crowd_around(alice, FOLLOWED_BY)
    ids = wrote_all(alice, WRITTEN, followers[:20])
    for number in range(SENT):
        uploads.keep(alice.id, [leaving.a_file(b"%d" % number)])

    deletion.begin(alice.id)
    with counted() as ledger:
        while isinstance(result := deletion.go_on(alice.id), deletion.Unfinished):
            assert result.items < 600
    finish()

    assert leftovers.of(aws, alice.id, ids[::97], ours=EXPIRING) == []
    assert leftovers.files(aws) == {}
    assert aws.count("statuses") + aws.count("feeds") + aws.count("home") + aws.count("media") == 0
    assert sum(account.following_count for account in accounts.find_many(followers).values()) == 0
    assert counters.statistics().statuses == 0
    assert ledger.calls / len(ids) < 5


def crowd_around(author, count):
    """Accounts that follow the author, made row by row."""
    ids = [new_flake() for _ in range(count)]
    write_batch(puts=[Account(id, PROFILE, nickname=id, nickname_lower=id, following_count=1) for id in ids])
    write_batch(puts=[Relation(author.id, id, followed=ACCEPTED, follower_id=id, version=1) for id in ids])
    write_batch(puts=[Relation(id, author.id, follow=ACCEPTED, following_id=author.id, version=1) for id in ids])
    update(Account.stub(author.id, PROFILE), [Account.followers_count.set(count)])
    return ids


def wrote_all(author, count, followers):
    """Statuses of the author with their rows, on the home timelines of some followers too."""
    ids = [new_flake() for _ in range(count)]
    write_batch(puts=[Status(id, account_id=author.id, visibility="public", thread=id, counted=True, doc={"text": id})
                      for id in ids])
    for feed in (f"a#{author.id}", "pl", "all"):
        write_batch(puts=[FeedRow(feed, id, author_id=author.id, visibility="public", thread=id) for id in ids])
    write_batch(puts=[FeedRow(f"t#{id}", id, author_id=author.id, visibility="public", thread=id) for id in ids])
    write_batch(puts=[HomeRow(f"h#{each}", id, author_id=author.id, visibility="public", thread=id, why="f")
                      for each in followers for id in ids[:50]])
    update(Account.stub(author.id, PROFILE), [Account.statuses_count.set(count)])
    with transaction() as write:
        counters.count_statuses(write, author.id, count)
    return ids


def test_what_a_deletion_costs(aws, world):
    """Calls in all for 32 statuses, 14 pairs, 13 files and a bit of everything."""
    jobs.add([messages.outbox(AccountDelete(world.alice.id))])

    with counted() as ledger:
        deletion.go_on(world.alice.id)

    assert ledger.calls < 400




def test_quotes_are_counted_off_and_say_that_their_originals_are_deleted(aws, alice, bob, finish):
    of_bob, own = bob.posts("by bob"), alice.posts("by alice")
    quote = bob.posts("look", quote_id=own["id"])
    alice.posts("look", quote_id=of_bob["id"], in_reply_to_id=of_bob["id"])
    alice.posts("look at mine", quote_id=own["id"])

    deletion.begin(alice.id)
    finish()

    left = bob.get(f"/api/v1/statuses/{of_bob['id']}").json
    assert (left["quotes_count"], left["replies_count"]) == (0, 0)
    assert bob.get(f"/api/v1/statuses/{quote['id']}").json["quote"] == {"state": "deleted", "quoted_status": None}
    assert bob.get("/api/v1/notifications").json == []
    assert leftovers.of(aws, alice.id, [own["id"]], ours=EXPIRING) == []
