"""Changes of emoji whose function died. If nobody changes emoji again, a job finishes them."""

from __future__ import annotations

import pytest

from chalicelib.ids import new_flake
from chalicelib.jobs.sweep import sweep
from chalicelib.queues.instance import TidyEmoji
from chalicelib.queues.messages import outbox
from chalicelib.store import jobs
from chalicelib.store.dynamo.table import update
from chalicelib.store.emoji import changes
from chalicelib.store.emoji.changes import EmojiWork
from tests.emoji import BY_NAME, is_whole, made, picture, rows
from tests.endpoints.emoji.test_changes import adds, deletes, writes_of
from tests.faults import Killed, before_write, die

WORK = ("work", "w")


@pytest.fixture
def later(monkeypatch, clock, drain):
    """Time passes, and the sweep sends what is overdue."""
    monkeypatch.setattr(changes, "_now", clock.now)

    def pass_by():
        clock.pass_by(121)
        sweep()
        drain()

    return pass_by


@pytest.mark.parametrize(("change", "undo"), [
    (adds, lambda admin: BY_NAME.remove(admin, "cats", "new")),
    (deletes, lambda admin: made("cats", 2)),
], ids=["adding", "deleting"])
def test_it_finishes_what_a_dead_one_left_wherever_that_died(admin, anonymous, aws, later, change, undo):
    made("cats", 2)
    writes = writes_of(lambda: change(admin))
    undo(admin)
    assert writes > 4

    for number in range(1, writes + 1):
        with before_write(number, die), pytest.raises(Killed):
            change(admin)
        later()
        assert WORK not in rows(aws), number
        assert jobs.count_waiting() == 0, number
        is_whole(aws, anonymous)
        if set(BY_NAME.show(anonymous, "cats").json.get("files", ())) != {"cats0", "cats1"}:
            undo(admin)


def test_a_change_leaves_no_job_behind_however_it_ends(admin, monkeypatch):
    made("cats", 1)

    assert adds(admin).status == 200
    assert adds(admin).status == 409
    assert jobs.count_waiting() == 0

    monkeypatch.setattr(changes, "PATIENCE", 0.05)
    with changes.changing("dogs"):
        assert BY_NAME.remove(admin, "cats", "cats0").status == 500
    assert jobs.count_waiting() == 0


def test_a_change_under_way_is_left_alone_and_looked_at_again(aws, later):
    made("cats", 1)

    with changes.changing("cats", job=outbox(TidyEmoji(new_flake()))) as change:
        change.put({"new.png": picture(1)})
        update(EmojiWork.stub("work", "w"), [EmojiWork.until.set(changes._now() + 125)])
        later()
        assert (WORK in rows(aws), jobs.count_waiting()) == (True, 1)

    later()
    assert (WORK in rows(aws), jobs.count_waiting()) == (False, 0)
