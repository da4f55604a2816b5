"""Restoring: all tables beside those that are there, and complete."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from infra import resources
from infra.deploy import restore

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def restored(aws):
    if aws.engine != "moto":
        pytest.skip("DynamoDB Local restores nothing")
    for name in resources.table_names("kenoma-"):
        recovers = {"PointInTimeRecoveryEnabled": True}
        aws.dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovers)
    aws.dynamodb.put_item(TableName="kenoma-claims", Item={"key": {"S": "n#alice"}})
    aws.dynamodb.put_item(TableName="kenoma-jobs", Item={"id": {"S": "job"}})
    yield restore.restore(aws.dynamodb, "kenoma-", "restored-", AT)
    for name in resources.table_names("restored-"):
        aws.dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        aws.dynamodb.delete_table(TableName=name)


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
