"""DynamoDB counts rows in one call or a few, however many there are."""

import pytest

from chalicelib.store.chats import ChatMessage
from chalicelib.store.dynamo import counting
from chalicelib.store.dynamo.counting import count
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.dynamo.table import write_batch
from chalicelib.store.relationships.relations import Relation


@pytest.fixture
def twelve():
    write_batch(puts=[Relation("me", f"other{number:02d}", requester_id=f"other{number:02d}") for number in range(12)])
    return "me"


def test_rows_of_a_table_and_of_an_index_are_counted(twelve):
    assert count(Relation, twelve) == count(Relation.by_request, twelve) == 12
    assert count(Relation.by_follower, twelve) == 0
    assert count(Relation, twelve, Relation.other >= "other10") == 2
    assert count(Relation, twelve, None, Relation.requester_id == "other03") == 1


def test_a_number_ends_it_within_one_call(twelve):
    with counted() as ledger:
        assert count(Relation.by_request, twelve, most=5) == 5

    assert ledger.calls == 1


def test_without_a_number_four_megabytes_end_it(monkeypatch):
    monkeypatch.setattr(counting, "PAGES", 2)
    for start in range(0, 50, 10):
        write_batch(puts=[ChatMessage("chat", f"{number:018d}", author_id="me", doc={"html": "x" * 100_000})
                          for number in range(start, start + 10)])

    with counted() as ledger:
        assert 10 < count(ChatMessage, "chat") < 30

    assert ledger.calls == 2
