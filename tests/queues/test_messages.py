"""What travels: dataclass to JSON and back, and nothing else."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from chalicelib import request_ids
from chalicelib.queues import messages
from chalicelib.queues.accounts import ImportFollows
from chalicelib.queues.messages import Malformed
from chalicelib.queues.statuses import Deliver, DeliverChunk, HomeSync, StatusCascade

SAMPLES = [
    Deliver("status"),
    DeliverChunk("status", ["one", "two"]),
    StatusCascade("status", ["tag"]),
    HomeSync("owner", "other", "cause", 200),
    ImportFollows("account", "import", 3, ["ñandú", "nick@host"]),
]


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.kind)
def test_a_message_comes_back_as_it_went(message):
    assert messages.from_text(messages.to_text(message)) == message


@pytest.mark.parametrize("message", [each for each in SAMPLES if each.row], ids=lambda message: message.kind)
def test_a_job_row_gives_its_message_back(message):
    row = messages.outbox(message)

    assert messages.of(row.kind, row.payload) == message
    assert (row.id, row.queue) == (message.job, message.queue)


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.kind)
def test_a_message_takes_the_id_of_its_request_along(message):
    with request_ids.followed("the id of a request"):
        made = replace(message, request_id=request_ids.current())
        assert type(message)(**{each.name: getattr(message, each.name) for each in fields(message)
                                if each.name != "request_id"}).request_id == "the id of a request"

    assert messages.from_text(messages.to_text(made)).request_id == "the id of a request"
    assert made == message, "the id says nothing of the work"
    if message.row:
        row = messages.outbox(made)
        assert messages.of(row.kind, row.payload).request_id == "the id of a request"
        assert row.id == message.job


def test_a_message_of_an_older_version_has_no_id_of_a_request():
    with request_ids.followed("of the run that reads it"):
        read = messages.from_text('{"kind":"deliver","status_id":"a"}')

    assert read.request_id == ""
    assert "request_id" not in messages.to_text(read)


def test_a_message_is_plain_ascii_whatever_it_names():
    assert messages.to_text(ImportFollows("a", "b", 0, ["名前", "\ud800"])).isascii()


@pytest.mark.parametrize("text", [
    "", "no json", "[]", "null", '"text"', "{}", '{"kind":null}', '{"kind":["deliver"]}', '{"kind":"unheard_of"}',
    '{"kind":"deliver"}', '{"kind":"deliver","status_id":7}', '{"kind":"deliver","status_id":"a","more":1}',
    '{"kind":"deliver_chunk","status_id":"a","account_ids":"b"}',
    '{"kind":"deliver_chunk","status_id":"a","account_ids":[1]}',
    '{"kind":"home_sync","owner":"a","other":"b","cause":"c","depth":true}',
    "[" * 100_000,
])
def test_what_is_no_message_is_malformed(text):
    with pytest.raises(Malformed):
        messages.from_text(text)


def test_the_name_of_a_malformed_message_tells_nothing_of_its_content():
    with pytest.raises(Malformed) as caught:
        messages.from_text(json.dumps({"kind": "deliver", "secret": "hunter2"}))

    assert "hunter2" not in str(caught.value)


def test_two_kinds_of_one_name_are_refused():
    with pytest.raises(TypeError, match="deliver"):
        type("Again", (messages.Message,), {}, kind="deliver", queue="timelines")


def test_work_without_a_row_has_no_outbox():
    with pytest.raises(TypeError):
        messages.outbox(DeliverChunk("status", []))
