"""Restoring: all tables beside those that are there, and complete."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.domain.instance import about, backfilling
from chalicelib.settings import settings
from chalicelib.store.dynamo import keys
from chalicelib.store.dynamo.table import Record
from chalicelib.store.emoji import rows
from infra import audit, resources
from infra.deploy import restore
from infra.local import seed
from tests.pictures import picture

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def recovering(aws):
    """Tables of which every second can be restored. Those that a test restores are deleted afterwards."""
    if aws.engine != "moto":
        pytest.skip("DynamoDB Local restores nothing")
    for name in resources.table_names("kenoma-"):
        recovers = {"PointInTimeRecoveryEnabled": True}
        aws.dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovers)
    yield
    there = aws.dynamodb.list_tables()["TableNames"]
    for name in set(resources.table_names("restored-")) & set(there):
        aws.dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        aws.dynamodb.delete_table(TableName=name)


@pytest.fixture
def restored(aws, recovering):
    aws.dynamodb.put_item(TableName="kenoma-claims", Item={"key": {"S": "n#alice"}})
    aws.dynamodb.put_item(TableName="kenoma-jobs", Item={"id": {"S": "job"}})
    return restore.restore(aws.dynamodb, "kenoma-", "restored-", AT)


def test_every_table_comes_back_and_what_can_be_made_again_is_empty(aws, restored):
    assert restored == sorted(resources.table_names("restored-"))
    scanned = {name: aws.dynamodb.scan(TableName=f"restored-{name}")["Items"] for name in ("claims", "jobs")}
    assert scanned == {"claims": [{"key": {"S": "n#alice"}}], "jobs": []}


def test_a_restored_table_expires_recovers_and_is_protected_as_the_first_was(aws, restored):
    table = aws.dynamodb.describe_table(TableName="restored-tokens")["Table"]
    expiry = aws.dynamodb.describe_time_to_live(TableName="restored-tokens")["TimeToLiveDescription"]
    backups = aws.dynamodb.describe_continuous_backups(TableName="restored-tokens")["ContinuousBackupsDescription"]

    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["by_app"]
    assert table["DeletionProtectionEnabled"] is True
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


# The whole of it, as docs/deploy.md has it.


@pytest.fixture
def switch(monkeypatch):
    """Let the application use the tables of a prefix, as functions do whose `TablesInUse` names it."""
    def models(kind=Record):
        for model in kind.__subclasses__():
            yield model
            yield from models(model)

    def use(prefix):
        before = settings.table_prefix
        monkeypatch.setattr(keys, "_SPELLINGS", {})
        for model in models():
            if "Meta" in vars(model):
                name = model.Meta.table_name.removeprefix(before)
                monkeypatch.setattr(model.Meta, "table_name", prefix + name)
            monkeypatch.setattr(model, "_connection", None)
        monkeypatch.setattr(settings, "table_prefix", prefix)
        rows.forget()
        about.forget()

    return use


def shown(person, status_id):
    """What somebody sees who comes back after a restore."""
    found = person.get("/api/v2/search", {"q": "alpaca"}).json
    return {
        "home": person.get("/api/v1/timelines/home").json, "direct": person.get("/api/v1/timelines/direct").json,
        "statuses found": [each["id"] for each in found["statuses"]],
        "accounts found": [each["id"] for each in person.get("/api/v2/search", {"q": "weaver"}).json["accounts"]],
        "notifications": [each["id"] for each in person.get("/api/v1/notifications").json],
        "public": person.get("/api/v1/timelines/public").json,
        "status": person.get(f"/api/v1/statuses/{status_id}").json,
    }


def test_a_restored_instance_is_audited_filled_again_and_goes_on(aws, alice, bob, recovering, switch, drain):
    seed.upload_files(aws.s3, settings.bucket)
    alice.follows(bob)
    bob.patch("/api/v1/accounts/update_credentials", {"display_name": "A Weaver"})
    file = bob.post("/api/v1/media", files={"file": ("a.png", picture(), "image/png")}).json["id"]
    id = bob.posts("alpacas graze @alice", media_ids=[file])["id"]
    bob.posts("@alice psst", visibility="direct")
    alice.reacts(id, "😀")
    drain()
    before = shown(alice, id)
    assert (len(before["home"]), before["statuses found"], before["accounts found"]) == (2, [id], [bob.id])

    restore.restore(aws.dynamodb, "kenoma-", "restored-", AT)
    assert bob.delete(f"/api/v1/statuses/{id}").status == 200  # what the restore is there to undo
    switch("restored-")

    report = audit.audit(aws.dynamodb, aws.s3, table_prefix="restored-", bucket=settings.bucket, expiring=(), grace=-1)
    assert report.lost == []
    lost = shown(alice, id)
    assert (lost["home"], lost["direct"], lost["statuses found"], lost["accounts found"]) == ([], [], [], [])

    for what in ("home", "search"):
        backfilling.start(what)
    drain()
    assert shown(alice, id) == before

    newer = bob.posts("more alpacas")["id"]
    drain()
    assert alice.home() == [newer, *(each["id"] for each in before["home"])]
    assert bob.delete(f"/api/v1/statuses/{id}").status == 200
    drain()
    assert shown(alice, newer)["statuses found"] == [newer]
