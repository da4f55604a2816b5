"""The import of a Mastodon follows list of five hundred lines, on a running server and on one killed half-way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running.stage import ENGINES, Someone, Stage, beside, until

PEOPLE = {"moto": 400, "dynamodb-local": 150}
ALREADY = 5
UNKNOWN = [f"nobody{number}" for number in range(30)]
MALFORMED = ["", ",", "@", "@@", "a@b@c", '"', "\t", "x" * 600, "person1\0", "über straße", "../person1", "@:8000",
             "\u202eperson", "http://", "https://[", "😀", "person1@", "#hashtag", "-", "=1+1"]
ELSEWHERE = [f"person{number}@elsewhere.example" for number in range(20)]


def the_list(host: str, count: int) -> bytes:
    """Five hundred lines, as Mastodon exports them and as people edit them, and how many of them name people."""
    spelt = (f"person{{}}@{host}", "person{}", "@person{}", "PERSON{}", f"http://{host}/users/person{{}}")
    people = [spelt[number % len(spelt)].format(number) for number in range(count)]
    again = [f"person{number}@{host}" for number in range(0, count, 20)]
    names = [*people, *UNKNOWN, *MALFORMED, *ELSEWHERE, f"alice@{host}", "alice", *again]
    names += ["bob", *(f"nobody{number}" for number in range(498 - len(names)))]
    lines = ["Account address,Show boosts,Notify on new posts,Languages"]
    lines += [f"{name},true,false," for name in names]
    return "\r\n".join(lines).encode()


def followed(someone: Someone) -> int:
    return int(someone.account()["following_count"])


@pytest.fixture
def people(data: Path, engine: str) -> list[str]:
    return beside(data, engine, "people", str(PEOPLE[engine]))


def check(data: Path, engine: str, alice: Someone, people: list[str], bob: Someone) -> None:
    """Check that everybody who can be followed is followed once, and was told."""
    found = beside(data, engine, "recount")
    assert found["faults"] == []
    assert set(found["follows"]) == {f"{alice.id} {id}" for id in [*people, bob.id]}
    assert {found["told"].get(f"o {id}") for id in [*people, bob.id]} == {1}
    assert not any(key.startswith("q ") for key in found["told"])


@pytest.mark.parametrize("engine", ["moto"], indirect=True)
def test_all_who_can_be_followed_are_and_the_rest_is_skipped(start: Callable[[], Stage], data: Path, engine: str,
                                                            people: list[str]):
    stage = start()
    alice, bob = stage.signs_in("alice"), stage.signs_in("bob")
    for id in people[:ALREADY]:
        alice.post(f"/api/v1/accounts/{id}/follow")
    exported = the_list(stage.url.removeprefix("http://"), len(people))
    assert exported.count(b"\n") == 499

    assert alice.upload("/api/pleroma/follow_import", list=("following_accounts.csv", exported)) == "job started"

    until(lambda: followed(alice) == len(people) + 1, 60)
    stage.settles()
    assert alice.upload("/api/pleroma/follow_import", list=("following_accounts.csv", exported)) == "job started"
    stage.settles()
    assert followed(alice) == len(people) + 1
    assert alice.get(f"/api/v1/accounts/{people[-1]}")["followers_count"] == 1
    stage.stop()
    check(data, engine, alice, people, bob)


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_killed_half_way_it_is_finished_after_the_start_and_nothing_is_done_twice(
        start: Callable[[], Stage], data: Path, engine: str, people: list[str]):
    stage = start()
    alice, bob = stage.signs_in("alice"), stage.signs_in("bob")
    exported = the_list(stage.url.removeprefix("http://"), len(people))
    alice.upload("/api/pleroma/follow_import", list=("following_accounts.csv", exported))
    until(lambda: followed(alice) > 20)

    stage.kill()

    assert beside(data, engine, "hurry") > 0, "the import was over before it could be killed"
    again = start()
    alice = alice.again()
    until(lambda: followed(alice) > len(people), 60)
    again.settles()
    again.stop()
    check(data, engine, alice, people, bob)
