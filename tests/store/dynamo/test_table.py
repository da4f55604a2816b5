"""The door to DynamoDB: batch gets over tables, transactions that retry, counting of rounds."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.ids import new_flake
from chalicelib.store.accounts.accounts import PROFILE, Account, ViewerSet, profile_key
from chalicelib.store.accounts.claims import Claim
from chalicelib.store.dynamo import table
from chalicelib.store.dynamo.keys import key
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.dynamo.parallel import together
from chalicelib.store.dynamo.table import ConditionFailed, fetch, transaction
from chalicelib.store.relationships.relations import Relation
from chalicelib.store.statuses.statuses import Status


def profile(id: str, **values: object) -> Account:
    return Account(id, PROFILE, nickname=id.lower(), nickname_lower=id.lower(), **values)


def test_a_fetch_reads_several_tables_in_one_call():
    ids = [new_flake() for _ in range(3)]
    for id in ids:
        profile(id).save()
        Claim(f"n#{id}", id=id).save()

    with counted() as ledger:
        found = fetch(strong=[profile_key(ids[0]), key(Claim, f"n#{ids[1]}"), profile_key("missing")])

    assert found.get(Account, ids[0], PROFILE).id == ids[0]
    assert found.get(Claim, f"n#{ids[1]}").id == ids[1]
    assert found.get(Account, "missing", PROFILE) is None
    assert (ledger.calls, ledger.rounds) == (1, 1)


def test_more_than_a_hundred_keys_are_more_calls_in_the_same_round():
    ids = [new_flake() for _ in range(120)]
    table.write_batch(puts=[profile(id) for id in ids])

    with counted() as ledger:
        found = fetch(eventual=[profile_key(id) for id in ids])

    assert len(found) == 120
    assert (ledger.calls, ledger.rounds) == (2, 1)


def test_a_key_asked_twice_is_read_once():
    id = new_flake()
    profile(id).save()

    assert len(fetch(strong=[profile_key(id), profile_key(id)], eventual=[profile_key(id)])) == 1


def test_a_key_that_is_too_long_names_nothing_and_is_not_asked_for():
    """DynamoDB refuses such keys, and clients choose some."""
    long, short = "ä" * 1_024, "n" * 1_024

    with counted() as ledger:
        found = fetch(strong=[key(Claim, long + "n"), key(Relation, "me", short + "n")])
        assert (len(found), list(Relation.query(long + "n"))) == (0, [])
    assert ledger.calls == 0
    assert len(fetch(strong=[key(Claim, long), key(Relation, "me", short)])) == 0
    assert list(Relation.query(long)) == []


def test_calls_at_the_same_time_are_one_round():
    with counted() as ledger:
        together(lambda: fetch(strong=[profile_key("a")]), lambda: fetch(strong=[profile_key("b")]))
        fetch(strong=[profile_key("c")])

    assert (ledger.calls, ledger.rounds) == (3, 2)


def test_the_first_error_of_calls_at_the_same_time_is_raised():
    def fails() -> None:
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        together(lambda: 1, fails, lambda: 2)


def test_calls_within_calls_within_calls_do_not_stand_still():
    def nested(depth: int) -> int:
        return 1 if depth == 0 else sum(together(*[lambda: nested(depth - 1)] * 3))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: nested(4), range(8))) == [81] * 8


def test_a_failed_condition_names_its_write_and_writes_nothing():
    Claim("n#taken", id="first", spelling="Taken").save()

    with pytest.raises(ConditionFailed) as failed, transaction() as write:
        write.put(profile("second"))
        write.put(Claim("n#taken", id="second"), Claim.key.does_not_exist(), label="nickname", old=True)

    assert failed.value.labels == {"nickname"}
    assert failed.value.old["nickname"]["as"] == {"S": "Taken"}
    assert fetch(strong=[profile_key("second")]).get(Account, "second", PROFILE) is None


def test_a_condition_is_reported_by_its_own_label_among_all_kinds_of_writes():
    Claim("n#there", id="x").save()

    with pytest.raises(ConditionFailed) as failed, transaction() as write:
        write.update(Claim.stub("n#other"), [Claim.spelling.set("a")], label="update")
        write.put(Claim("n#new", id="y"), label="put")
        write.delete(Claim.stub("n#absent"), Claim.key.exists(), label="delete")
        write.check(Claim.stub("n#there"), Claim.key.exists(), label="check")

    assert failed.value.labels == {"delete"}


def test_twenty_transactions_on_one_counter_all_count():
    id = new_flake()
    profile(id).save()

    def add(number: int) -> None:
        with transaction() as write:
            write.put(Claim(f"n#{number}", id=id))
            write.update(Account.stub(id, PROFILE), [Account.followers_count.add(1)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(20)))

    assert fetch(strong=[profile_key(id)]).get(Account, id, PROFILE).followers_count == 20


def test_an_update_says_whether_its_condition_held():
    Claim("n#here", id="x").save()

    assert table.update(Claim.stub("n#here"), [Claim.spelling.set("a")], Claim.key.exists())
    assert not table.update(Claim.stub("n#gone"), [Claim.spelling.set("a")], Claim.key.exists())
    assert fetch(strong=[key(Claim, "n#gone")]).get(Claim, "n#gone") is None


def test_what_is_absent_reads_as_its_default():
    id = new_flake()
    profile(id).save()
    ViewerSet(id, "X#0").save()

    found = fetch(strong=[profile_key(id), key(ViewerSet, id, "X#0")])

    assert found.get(Account, id, PROFILE).followers_count == 0
    assert found.get(Account, id, PROFILE).deactivated is False
    assert found.get(ViewerSet, id, "X#0").blocked == frozenset()
    assert Relation("a", "b").follows_reblogs is True


def test_what_reads_the_same_when_absent_is_not_stored():
    empty = {"sensitive": False, "favourites_count": 0}

    stored = Status("id", account_id="a", visibility="public", thread="t", **empty).serialize()

    assert set(stored) == {"id", "author", "v", "thread"}


def test_five_hundred_rows_are_written_and_deleted_in_batches():
    rows = [Claim(f"n#{number}", id="x") for number in range(60)]

    table.write_batch(puts=rows)
    assert len(fetch(strong=[key(Claim, row.key) for row in rows])) == 60

    table.write_batch(deletes=rows)
    assert len(fetch(strong=[key(Claim, row.key) for row in rows])) == 0
