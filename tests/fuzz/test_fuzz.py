"""A few requests by chance to every operation. `make fuzz` sends many."""

from __future__ import annotations

from random import Random

from tests.fuzz.calls import made
from tests.fuzz.running import all_operations, run
from tests.fuzz.things import Things


def test_no_request_gets_a_failure_or_a_reply_that_the_document_does_not_list(cast):
    found = run(lambda: cast, seed=1, requests=2)

    assert found.is_clean, "\n".join(found.lines())
    assert found.requests == 2 * found.operations
    assert found.operations > 190


def test_a_reply_that_the_document_does_not_list_is_told_with_its_request(cast, setting):
    setting(instance_name=5)

    found = run(lambda: cast, seed=1, requests=4, only="GET /api/v1/instance")

    assert not found.is_clean
    assert any("/title 5 is not of type" in fault and request.startswith("GET /api/v1/instance")
               for fault, request in found.faults.items())


def test_the_same_seed_sends_the_same_requests(cast):
    things = Things(cast)
    posting = next(each for each in all_operations() if str(each) == "POST /api/v1/statuses")

    first, again, other = ([str(made(posting, things, random)) for _ in range(20)]
                           for random in (Random("1"), Random("1"), Random("2")))

    assert first == again
    assert first != other
