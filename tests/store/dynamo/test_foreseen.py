"""What a job reads ahead is at hand until something is written."""

from __future__ import annotations

from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo import foreseen
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.dynamo.table import foresee, update
from chalicelib.store.statuses import statuses
from tests.cast import Person


def test_what_was_foreseen_is_read_once_whether_it_is_there_or_not(alice: Person, bob: Person) -> None:
    with foreseen.one_message(), counted() as ledger:
        foresee([accounts.profile_key(alice.id), statuses.status_key(alice.id)])
        found = [accounts.find(alice.id), accounts.find(alice.id)]
        assert statuses.find(alice.id) is None
        assert ledger.calls == 1
        assert set(accounts.find_many([alice.id, bob.id])) == {alice.id, bob.id}

    assert ledger.calls == 2
    assert [each is not None and each.nickname for each in found] == ["alice", "alice"]


def test_after_a_write_everything_is_read_anew(alice: Person) -> None:
    with foreseen.one_message():
        foresee([accounts.profile_key(alice.id)])
        update(Account.stub(alice.id, PROFILE), [Account.locked.set(True)])

        account = accounts.find(alice.id)

    assert account is not None
    assert account.locked


def test_another_message_foresees_nothing_of_the_one_before(alice: Person) -> None:
    with foreseen.one_message():
        foresee([accounts.profile_key(alice.id)])

    with counted() as ledger:
        accounts.find(alice.id)

    assert ledger.calls == 1
