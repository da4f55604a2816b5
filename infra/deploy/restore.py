"""`python -m infra.deploy.restore kenoma- restored- 2026-11-21T12:00:00Z`: every table as it was at that second.

It can be any second of the last 35 days. DynamoDB restores only into new tables. Tables that hold facts are restored
beside the present ones, with another prefix, and get what a restored table lacks (expiry, recovery, protection). Tables
that hold what can be made again are created empty. Then the parameter `TablesInUse` makes the functions read them.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra import resources


def restore(dynamodb: Any, source: str, target: str, at: datetime) -> list[str]:
    """Restore the tables of prefix `source` as those of `target`. Answers the names of the new ones."""
    tables = {logical: each for logical, each in resources.load()["Resources"].items()
              if each["Type"] == "AWS::DynamoDB::Table"}
    kept = {logical: each["Properties"] for logical, each in tables.items() if each["DeletionPolicy"] == "Retain"}
    names = {logical: _name(properties) for logical, properties in kept.items()}
    for name in names.values():  # all are restored at the same time
        dynamodb.restore_table_to_point_in_time(
            SourceTableName=source + name, TargetTableName=target + name, RestoreDateTime=at,
            BillingModeOverride="PAY_PER_REQUEST",
        )
    resources.create({"TablePrefix": target, "BucketName": ""}, dynamodb=dynamodb, only=tables.keys() - kept.keys())
    waiter = dynamodb.get_waiter("table_exists")
    for logical, properties in kept.items():
        name = target + names[logical]
        waiter.wait(TableName=name, WaiterConfig={"Delay": 20, "MaxAttempts": 1000})
        _complete(dynamodb, name, properties)
        print(f"{name} is there")
    return sorted(target + _name(each["Properties"]) for each in tables.values())


def _name(properties: Mapping[str, Any]) -> str:
    return str(properties["TableName"]["Fn::Sub"].partition("}")[2])


def _complete(dynamodb: Any, name: str, properties: Mapping[str, Any]) -> None:
    """Set what a restored table does not have."""
    if "TimeToLiveSpecification" in properties:
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=properties["TimeToLiveSpecification"])
    dynamodb.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification=properties["PointInTimeRecoverySpecification"])
    dynamodb.update_table(TableName=name, DeletionProtectionEnabled=properties["DeletionProtectionEnabled"])


def main() -> None:
    import boto3

    parser = argparse.ArgumentParser(prog="python -m infra.deploy.restore")
    parser.add_argument("source", help="prefix of the tables as they are: kenoma-")
    parser.add_argument("target", help="prefix of the restored ones: restored-")
    parser.add_argument("at", type=datetime.fromisoformat, help="the moment, with its zone: 2026-11-21T12:00:00Z")
    options = parser.parse_args()
    if options.at.tzinfo is None:
        parser.error("a moment needs its zone: 2026-11-21T12:00:00Z")
    restore(boto3.client("dynamodb"), options.source, options.target, options.at)
    print(f'Now: make deploy ... PARAMETERS="TablesInUse={options.target}"')


if __name__ == "__main__":
    main()
