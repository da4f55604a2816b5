"""The template, and the reader that makes its resources elsewhere."""

import json
from typing import Any

import boto3
import pytest

from infra import resources
from tests.simulated_aws import LocalAws

FACTS_THAT_MAY_BE_LOST = {"ephemeral", "home", "search", "jobs", "streams"}
WITH_TTL = {"tokens", "ephemeral", "notifications", "home", "jobs", "claims", "statuses", "feeds",
            "streams"}
TIMEOUTS = {"timelines": 300, "inbox": 60, "outside": 60, "streams": 30, "imports": 900, "archives": 900}
"""Seconds that the function of a queue has."""


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {k: r for k, r in resources.load()["Resources"].items() if r["Type"] == kind}


TABLES = {
    table["Properties"]["TableName"]["Fn::Sub"].partition("}")[2]: table
    for table in of_type("AWS::DynamoDB::Table").values()
}


def test_cloudformation_would_take_the_template() -> None:
    from cfnlint import api  # type: ignore[import-untyped]

    matches = api.lint(resources.TEMPLATE.read_text(), config=api.ManualArgs(regions=["us-east-1"]))

    assert [str(match) for match in matches] == []


def test_there_are_24_tables_with_16_global_and_12_local_indexes() -> None:
    properties = [table["Properties"] for table in TABLES.values()]

    assert len(TABLES) == 24
    assert sum(len(p.get("GlobalSecondaryIndexes", ())) for p in properties) == 16
    assert sum(len(p.get("LocalSecondaryIndexes", ())) for p in properties) == 12


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_paid_by_use_encrypted_and_kept_if_it_holds_facts(name: str) -> None:
    table = TABLES[name]
    properties = table["Properties"]
    keep = name not in FACTS_THAT_MAY_BE_LOST

    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": keep}
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == ("Retain" if keep else "Delete")
    assert properties.get("TimeToLiveSpecification") == (
        {"AttributeName": "ttl", "Enabled": True} if name in WITH_TTL else None
    )


def test_the_bucket_is_private_and_forgets_what_was_left_behind() -> None:
    bucket = of_type("AWS::S3::Bucket")["MediaBucket"]
    rules = {rule["Prefix"]: rule for rule in bucket["Properties"]["LifecycleConfiguration"]["Rules"]}

    assert all(bucket["Properties"]["PublicAccessBlockConfiguration"].values())
    assert "BucketEncryption" in bucket["Properties"]
    assert rules[""]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert {"imports/", "jobs/"} <= {prefix for prefix, rule in rules.items() if "ExpirationInDays" in rule}
    assert bucket["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize("name", TIMEOUTS)
def test_a_queue_sets_aside_what_fails_five_times_and_raises_alarms(name: str) -> None:
    queues, alarms = of_type("AWS::SQS::Queue"), of_type("AWS::CloudWatch::Alarm")
    queue, dead = queues[f"{name.capitalize()}Queue"]["Properties"], queues["DeadQueue"]["Properties"]

    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["DeadQueue", "Arn"]}
    assert queue["VisibilityTimeout"] == 6 * TIMEOUTS[name]
    assert queue["ReceiveMessageWaitTimeSeconds"] == 20
    assert dead["QueueName"] == {"Fn::Sub": "${QueuePrefix}dead"}
    assert dead["MessageRetentionPeriod"] == 14 * 86400
    assert "DeadAlarm" in alarms


@pytest.mark.parametrize("name", ["timelines", "inbox", "outside"])
def test_an_alarm_for_what_waits_is_later_than_one_failure(name: str) -> None:
    """A message that failed once is hidden until its visibility timeout ends."""
    alarm = of_type("AWS::CloudWatch::Alarm")[f"{name.capitalize()}AgeAlarm"]["Properties"]

    assert alarm["Threshold"] > 6 * TIMEOUTS[name]


def test_functions_time_out_at_a_sixth_of_their_queues_visibility() -> None:
    stages = json.loads((resources.TEMPLATE.parents[1] / ".chalice" / "config.json").read_text())["stages"]
    functions = stages["prod"]["lambda_functions"]

    for name in TIMEOUTS:
        queue = of_type("AWS::SQS::Queue")[f"{name.capitalize()}Queue"]["Properties"]
        assert functions[f"on_{name}"]["lambda_timeout"] * 6 == queue["VisibilityTimeout"]


def test_the_reader_makes_every_table_with_its_indexes_and_ttl(aws: LocalAws) -> None:
    for name, table in TABLES.items():
        made = aws.dynamodb.describe_table(TableName=f"kenoma-{name}")["Table"]
        ttl = aws.dynamodb.describe_time_to_live(TableName=f"kenoma-{name}")["TimeToLiveDescription"]

        for part in ("KeySchema", "LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
            wanted = table["Properties"].get(part)
            assert resources._shape(made.get(part) or []) == resources._shape(wanted or [])
        assert (ttl["TimeToLiveStatus"] == "ENABLED") == (name in WITH_TTL)


def test_the_reader_wires_queues_to_their_dead_letters(aws: LocalAws) -> None:
    attributes = aws.sqs.get_queue_attributes(QueueUrl=aws.names["ImportsQueue"], AttributeNames=["All"])["Attributes"]

    redrive = json.loads(attributes["RedrivePolicy"])
    assert redrive == {"deadLetterTargetArn": aws.names["DeadQueue.Arn"], "maxReceiveCount": 5}
    assert attributes["VisibilityTimeout"] == "5400"


def test_the_reader_leaves_alone_what_exists(aws: LocalAws) -> None:
    aws.dynamodb.put_item(TableName="kenoma-claims", Item={"key": {"S": "kept"}})

    again = resources.create({"BucketName": "kenoma-files"}, dynamodb=aws.dynamodb, s3=aws.s3, sqs=aws.sqs)

    assert again["JobsTable"] == "kenoma-jobs"
    assert again["TimelinesQueue"] == aws.names["TimelinesQueue"]
    assert aws.count("claims") == 1


def test_the_reader_makes_only_what_it_is_asked_for(aws: LocalAws) -> None:
    parameters = {"BucketName": "unused", "TablePrefix": "few-"}

    resources.create(parameters, dynamodb=aws.dynamodb, only={"AccountsTable", "ClaimsTable"})

    present = {name for name in aws.dynamodb.list_tables()["TableNames"] if name.startswith("few-")}
    assert present == {"few-accounts", "few-claims"}


def test_a_global_index_that_came_later_is_added(aws: LocalAws) -> None:
    aws.dynamodb.create_table(
        TableName="old-apps",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "client_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "client_id", "AttributeType": "S"}],
    )

    resources.create({"BucketName": "b", "TablePrefix": "old-"}, dynamodb=aws.dynamodb, only={"AppsTable"})

    indexes = aws.dynamodb.describe_table(TableName="old-apps")["Table"]["GlobalSecondaryIndexes"]
    assert {index["IndexName"] for index in indexes} == {"by_num", "by_name", "by_id"}


def test_a_table_with_other_keys_is_refused(aws: LocalAws) -> None:
    aws.dynamodb.create_table(
        TableName="odd-claims",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "other", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "other", "AttributeType": "S"}],
    )

    with pytest.raises(resources.Mismatch, match="odd-claims: KeySchema"):
        resources.create({"BucketName": "b", "TablePrefix": "odd-"}, dynamodb=aws.dynamodb, only={"ClaimsTable"})


def test_wiping_leaves_nothing_of_the_last_test(aws: LocalAws) -> None:
    aws.dynamodb.put_item(TableName="kenoma-feeds", Item={"feed": {"S": "pl"}, "id": {"S": "1"}})
    aws.s3.put_object(Bucket="kenoma-files", Key="media/a", Body=b"a")
    aws.sqs.send_message(QueueUrl=aws.names["TimelinesQueue"], MessageBody="a job")
    boto3.client("sesv2").send_email(
        FromEmailAddress="noreply@localhost.localdomain",
        Destination={"ToAddresses": ["alice@localhost.localdomain"]},
        Content={"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "text"}}}},
    )
    assert (aws.count("feeds"), aws.messages("timelines"), len(aws.letters.letters())) == (1, ["a job"], 1)

    aws.wipe()

    assert (aws.count("feeds"), aws.messages("timelines"), aws.letters.letters()) == (0, [], [])
    assert aws.s3.list_objects_v2(Bucket="kenoma-files")["KeyCount"] == 0
