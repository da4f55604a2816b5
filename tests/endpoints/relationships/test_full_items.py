"""Changes that would make an item larger than DynamoDB takes are refused, and change nothing."""

import pytest

from chalicelib.ids import encode
from chalicelib.store.accounts.accounts import VIEWER_SET, ViewerSet
from chalicelib.store.dynamo.table import Full, update

FITTING = {"moto": 22_490, "dynamodb-local": 22_750}
"""How many ids a viewer set holds with little room for more: moto draws the line a little lower."""


@pytest.fixture
def full(alice, aws):
    """Alice blocks so many accounts that the viewer set is full."""
    ViewerSet(alice.id, VIEWER_SET, blocked={encode(number) for number in range(FITTING[aws.engine])}).save()
    return alice


def test_one_more_entry_is_refused(full):
    reply = full.post("/api/v1/filters", json={"phrase": "x" * 200, "context": ["home"], "irreversible": True})

    assert (reply.status, reply.json) == (422, {"error": "Too many entries"})
    assert full.get("/api/v1/filters").json == []


def test_a_single_write_is_refused_as_well(full):
    with pytest.raises(Full):
        update(ViewerSet.stub(full.id, VIEWER_SET), [ViewerSet.irreversible.set(["x" * 200])])
