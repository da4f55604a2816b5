"""The tests run under the written policies. Here are the paths of workers that no other test takes."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from chalicelib.ids import new_flake
from chalicelib.queues.accounts import BackupBuild, ImportFollows
from chalicelib.queues.messages import outbox
from chalicelib.queues.notifications import Mail
from chalicelib.queues.statuses import Deliver
from chalicelib.settings import settings
from chalicelib.store.dynamo.table import transaction
from infra.deploy.policies import Need
from infra.local import pump
from tests import pictures, policing
from tests.jobs.worker import Clock
from tests.policing import needs_of
from tests.push_service import PRIVATE_KEY, PUBLIC_KEY, Browser


@pytest.fixture
def clock(monkeypatch):
    """The time of day, which can be moved on."""
    moved = Clock()
    monkeypatch.setattr(time, "time", moved.now)
    return moved


def test_what_a_policy_lacks_is_refused(aws):
    with policing.inside("sweep"), pytest.raises(ClientError, match=r"sweep may not dynamodb:GetItem on accounts"):
        aws.dynamodb.get_item(TableName="kenoma-accounts", Key={"id": {"S": "1"}, "part": {"S": "P"}})


def test_so_is_a_secret_of_another_function():
    with policing.inside("api_handler"), pytest.raises(ClientError, match="ssm:GetParameters on vapid_private_key"):
        _ = settings.vapid_private_key


def test_what_tests_do_themselves_is_not_looked_at(aws):
    with policing.inside("sweep"), policing.outside():
        assert aws.count("accounts") == 0


@pytest.mark.parametrize(("service", "call", "params", "needs"), [
    ("dynamodb", "Query", {"TableName": "kenoma-marks", "IndexName": "by_status"}, {"dynamodb:Query marks/by_status"}),
    ("dynamodb", "BatchGetItem", {"RequestItems": {"kenoma-accounts": {}, "kenoma-tokens": {}}},
     {"dynamodb:BatchGetItem accounts", "dynamodb:BatchGetItem tokens"}),
    ("dynamodb", "TransactWriteItems", {"TransactItems": [
        {"Put": {"TableName": "kenoma-statuses"}}, {"ConditionCheck": {"TableName": "kenoma-accounts"}}]},
     {"dynamodb:PutItem statuses", "dynamodb:ConditionCheckItem accounts"}),
    ("sqs", "SendMessageBatch", {"QueueUrl": "https://queue.example.com/1/kenoma-imports"},
     {"sqs:SendMessage imports", "sqs:GetQueueUrl imports"}),
    ("s3", "UploadPart", {"Key": "media/backups/a.zip"}, {"s3:PutObject media/"}),
    ("s3", "HeadObject", {"Key": "media/a.png"}, {"s3:GetObject media/", "s3:ListBucket media/"}),
    ("s3", "DeleteObjects", {"Delete": {"Objects": [{"Key": "emoji/a/b.png"}]}}, {"s3:DeleteObject emoji/"}),
    ("sesv2", "SendEmail", {}, {"ses:SendEmail "}),
])
def test_a_call_is_translated_into_what_iam_asks_for(service, call, params, needs):
    assert {f"{need.action} {need.resource}" for need in needs_of(service, call, params)} == needs


def test_what_nobody_used_is_told(monkeypatch):
    monkeypatch.setattr(policing, "used", {})
    assert "sweep: dynamodb:Query on jobs/due" in policing.unused()

    policing.learn({"sweep": [["dynamodb:Query", "jobs/due"]]})

    assert "sweep: dynamodb:Query on jobs/due" not in policing.unused()
    assert policing.told() == {"sweep": [Need("dynamodb:Query", "jobs/due")]}


# Workers.


def test_the_sweep_sends_to_every_queue(aws):
    overdue = [Deliver(new_flake(), new_flake()), ImportFollows(new_flake(), new_flake(), 1, ["bob"]),
               BackupBuild(new_flake(), 1, "a.zip"), Mail(new_flake(), "welcome", new_flake())]
    with transaction() as write:
        for message in overdue:
            write.put(outbox(message, due_in=-1))
    from app import app

    pump.run_schedule(app, "sweep")

    assert {message.queue: len(aws.messages(message.queue)) for message in overdue} == dict.fromkeys(
        ("timelines", "outside", "imports", "archives"), 1)


def test_an_imported_follow_is_pushed(aws, alice, bob, setting):
    setting(vapid_public_key=PUBLIC_KEY, vapid_private_key=PRIVATE_KEY)
    Browser().subscribes(bob)
    alice.post("/api/pleroma/follow_import", form={"list": "bob"})
    from app import app

    next(queue for queue in _queues(app) if queue.name.endswith("imports")).run_batch(None)

    assert any('"notify_push"' in body for body in aws.messages("outside"))


@pytest.mark.parametrize("kind", ["block", "mute"])
def test_imported_blocks_and_mutes_end_what_they_end(alice, bob, drain, kind):
    alice.follows(bob)
    bob.follows(alice)
    bob.posts(f"@{alice.nickname} hello", visibility="direct")
    drain()

    alice.post(f"/api/pleroma/{kind}s_import", form={"list": "bob"})

    assert drain().failed == 0


def test_a_scheduled_status_may_hold_everything(alice, bob, drain, clock):
    bob.follows(alice)
    drain()
    before = bob.posts("a question")
    scheduled = [
        {"status": "@bob an **answer** #tide", "content_type": "text/markdown", "in_reply_to_id": before["id"]},
        {"status": "@bob between us", "visibility": "direct"},
        {"status": "which?", "poll[options][]": ["this", "that"], "poll[expires_in]": "600"},
        {"status": "a picture", "media_ids[]": [_upload(alice)]},
        {"status": "soon gone", "expires_in": "3600", "visibility": "private"},
    ]
    when = datetime.fromtimestamp(time.time() + 600, UTC).isoformat()
    for form in scheduled:
        reply = alice.post("/api/v1/statuses", form=[*_flat(form), ("scheduled_at", when)])
        assert reply.status == 200, reply.body

    clock.pass_by(700)
    from app import app

    pump.run_schedule(app, "sweep")

    assert drain().failed == 0
    assert alice.get("/api/v1/scheduled_statuses").json == []


def _flat(form):
    return [(name, each) for name, value in form.items() for each in (value if isinstance(value, list) else [value])]


def _upload(person):
    return person.post("/api/v1/media", files={"file": ("a.png", pictures.picture(), "image/png")}).json["id"]


def _queues(app):
    import boto3
    from chalice.app import SQSEventConfig

    sqs = boto3.client("sqs")
    return [pump.Queue(app, sqs, source) for source in app.event_sources if isinstance(source, SQSEventConfig)]
