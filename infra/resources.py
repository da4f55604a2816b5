"""Make the tables, the bucket and the queues of `resources.json` through boto3.

When Kenoma is deployed, CloudFormation reads that file. The local stage and the tests read it here, so there is one
definition. Only what an application can use is made: alarms, encryption and recovery mean nothing on one machine.
"""

import json
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).with_name("resources.json")
MADE_HERE = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue")
COMPARED = ("IndexName", "KeySchema", "Projection", "ProjectionType", "NonKeyAttributes", "AttributeName", "KeyType")
DEPLOYED_ONLY = (
    "SSESpecification", "PointInTimeRecoverySpecification", "TimeToLiveSpecification", "DeletionProtectionEnabled",
)  # fmt: skip
PATIENCE = 600
"""Seconds until an index is there. With many rows it takes a while to fill."""


class Mismatch(Exception):
    """A table exists with other keys or local indexes than in the file. These can never be changed."""


def load() -> dict[str, Any]:
    """The template as it is in the file."""
    template: dict[str, Any] = json.loads(TEMPLATE.read_text())
    return template


def create(
    parameters: Mapping[str, str],
    *,
    dynamodb: Any = None,
    s3: Any = None,
    sqs: Any = None,
    only: Collection[str] | None = None,
) -> dict[str, str]:
    """Make what is missing, with the given clients. Answers every name by logical id, and each queue's `ID.Arn`.

    `parameters` are the template's. `only` names logical ids, for tests that need few of them.
    """
    template = load()
    values = {name: p["Default"] for name, p in template["Parameters"].items() if "Default" in p} | dict(parameters)
    makers: dict[str, Callable[[str, dict[str, Any], dict[str, str]], None]] = {}
    if dynamodb is not None:
        makers["AWS::DynamoDB::Table"] = _Tables(dynamodb).make
    if s3 is not None:
        makers["AWS::S3::Bucket"] = _Buckets(s3).make
    if sqs is not None:
        makers["AWS::SQS::Queue"] = _Queues(sqs).make
    waiting = {
        logical: resource
        for logical, resource in template["Resources"].items()
        if resource["Type"] in makers and (only is None or logical in only)
    }
    while waiting:
        made = []
        for logical, resource in waiting.items():
            try:
                properties = _resolve(resource["Properties"], values)
            except KeyError:  # it names a resource that is not made yet
                continue
            makers[resource["Type"]](logical, properties, values)
            made.append(logical)
        if not made:
            raise LookupError(f"Nothing makes what these refer to: {', '.join(waiting)}")
        for logical in made:
            del waiting[logical]
    return values


def table_names(prefix: str) -> list[str]:
    """The full names of all tables."""
    tables = (r for r in load()["Resources"].values() if r["Type"] == "AWS::DynamoDB::Table")
    return [_resolve(table["Properties"]["TableName"], {"TablePrefix": prefix}) for table in tables]


def _resolve(value: Any, values: Mapping[str, str]) -> Any:
    """The value with `Ref`, `Fn::Sub` and `Fn::GetAtt` replaced. KeyError: one of them is not known yet."""
    if isinstance(value, list):
        return [_resolve(item, values) for item in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return values[value["Ref"]]
    if "Fn::GetAtt" in value:
        return values[".".join(value["Fn::GetAtt"])]
    if "Fn::Sub" in value:
        pieces = value["Fn::Sub"].split("${")
        return pieces[0] + "".join(values[name] + rest for name, _, rest in (p.partition("}") for p in pieces[1:]))
    return {key: _resolve(item, values) for key, item in value.items()}


class _Tables:
    def __init__(self, client: Any) -> None:
        self.client = client
        self.existing = {name for page in client.get_paginator("list_tables").paginate() for name in page["TableNames"]}

    def make(self, logical: str, properties: dict[str, Any], values: dict[str, str]) -> None:
        name = values[logical] = properties["TableName"]
        if name in self.existing:
            self._bring_up_to_date(properties)
            return
        self.client.create_table(**{k: v for k, v in properties.items() if k not in DEPLOYED_ONLY})
        if "TimeToLiveSpecification" in properties:
            self.client.update_time_to_live(
                TableName=name, TimeToLiveSpecification=properties["TimeToLiveSpecification"]
            )

    def _bring_up_to_date(self, properties: dict[str, Any]) -> None:
        """Add global indexes that are new. Keys and local indexes must be those of the file."""
        there = self.client.describe_table(TableName=properties["TableName"])["Table"]
        for part in ("KeySchema", "LocalSecondaryIndexes"):
            if _shape(there.get(part) or []) != _shape(properties.get(part) or []):
                raise Mismatch(f"Table {properties['TableName']}: {part} is not what infra/resources.json says")
        present = {index["IndexName"] for index in there.get("GlobalSecondaryIndexes", ())}
        for index in properties.get("GlobalSecondaryIndexes", ()):
            if index["IndexName"] not in present:
                self.client.update_table(
                    TableName=properties["TableName"],
                    AttributeDefinitions=properties["AttributeDefinitions"],
                    GlobalSecondaryIndexUpdates=[{"Create": index}],
                )
                self._wait_for_indexes(properties["TableName"])

    def _wait_for_indexes(self, table: str) -> None:
        """DynamoDB makes one index of a table at a time."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            there = self.client.describe_table(TableName=table)["Table"]
            if all(each.get("IndexStatus", "ACTIVE") == "ACTIVE" for each in there["GlobalSecondaryIndexes"]):
                return
            time.sleep(0.05)
        raise TimeoutError(f"Table {table}: an index is not there after {PATIENCE} seconds")


class _Buckets:
    def __init__(self, client: Any) -> None:
        self.client = client
        self.existing = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}

    def make(self, logical: str, properties: dict[str, Any], values: dict[str, str]) -> None:
        name = values[logical] = properties["BucketName"]
        if name in self.existing:
            return
        region = self.client.meta.region_name
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self.client.create_bucket(Bucket=name, **where)


class _Queues:
    """CreateQueue answers an existing queue with the same attributes, so nothing has to be asked first."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def make(self, logical: str, properties: dict[str, Any], values: dict[str, str]) -> None:
        name = properties["QueueName"]
        attributes = {key: _text(value) for key, value in properties.items() if key != "QueueName"}
        url = self.client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        account = url.rsplit("/", 2)[-2]
        values[logical] = url
        values[f"{logical}.Arn"] = f"arn:aws:sqs:{self.client.meta.region_name}:{account}:{name}"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _shape(part: Any) -> Any:
    """Keys and indexes in a form that can be compared, without what DescribeTable adds."""
    if isinstance(part, list):
        return sorted((_shape(item) for item in part), key=repr)
    if isinstance(part, dict):
        return {key: _shape(value) for key, value in part.items() if key in COMPARED}
    return part
