"""Handing the package to CloudFormation, tried with a small stack, since moto knows no SAM templates."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.cloudformation.models import cloudformation_backends
from moto.core.models import DEFAULT_ACCOUNT_ID

from infra.deploy import deliver
from infra.deploy.deliver import Clients

BUCKET = "deploys"
REGION: Literal["eu-west-1"] = "eu-west-1"  # where no other test has anything
STACK = "kenoma-test"
TEMPLATE: dict[str, Any] = {
    "Parameters": {"VapidPublicKey": {"Type": "String", "Default": ""}, "Name": {"Type": "String", "Default": "first"}},
    "Resources": {
        "Files": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "delivered-files"}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "delivered-${Name}"}}},
    },
    "Outputs": {"Files": {"Value": {"Ref": "Files"}}},
}


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    """A region of its own, where no other test has anything."""
    with mock_aws():
        s3 = boto3.client("s3", region_name=REGION)
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield
        for bucket in ("delivered-files", BUCKET):
            for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
                s3.delete_object(Bucket=bucket, Key=each["Key"])
        boto3.client("cloudformation", region_name=REGION).delete_stack(StackName=STACK)
        s3.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def clients() -> Clients:
    """Clients of moto, which does not know one of the calls, and forgets the outputs of a change set."""
    made = Clients(*(boto3.client(service, region_name=REGION) for service in ("cloudformation", "s3", "ssm")))
    made.cloudformation.protected = []

    def protect(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        made.cloudformation.protected.append(params["body"]["StackName"])
        return SimpleNamespace(status_code=200), {}

    def work_out_outputs(**_: Any) -> None:
        stack = cloudformation_backends[DEFAULT_ACCOUNT_ID][REGION].get_stack(STACK)
        stack._parse_template()
        stack.output_map = stack._create_output_map()

    events = made.cloudformation.meta.events
    events.register("before-call.cloudformation.UpdateTerminationProtection", protect)
    events.register("after-call.cloudformation.ExecuteChangeSet", work_out_outputs)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "")
    (tmp_path / "deployment.zip").write_bytes(code.getvalue())
    (tmp_path / "sam.json").write_text(json.dumps(TEMPLATE))
    return tmp_path


def parameters(clients: Clients) -> dict[str, str]:
    stack = clients.cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    return {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}


def test_the_first_time_the_stack_is_made_and_the_pictures_are_there(folder: Path, clients: Clients) -> None:
    outputs = deliver.deliver("test", BUCKET, folder, {}, clients)

    assert outputs == {"Files": "delivered-files"}
    fox = clients.s3.head_object(Bucket="delivered-files", Key="images/pleroma-fox-tan-smol.png")
    assert (fox["ContentType"], fox["CacheControl"]) == ("image/png", "public, max-age=86400")
    assert len(parameters(clients)["VapidPublicKey"]) == 87


def test_a_new_stack_gets_the_functions_url_once_the_function_is_there(folder: Path, clients: Clients) -> None:
    edge = {"Edge": {"Type": "String", "Default": "http-api"}}
    template = TEMPLATE | {"Parameters": TEMPLATE["Parameters"] | edge}
    template["Resources"] = TEMPLATE["Resources"] | {
        "Other": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "delivered-${Edge}"}}}}
    (folder / "sam.json").write_text(json.dumps(template))
    asked: list[tuple[str, str]] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        given = {each["ParameterKey"]: each["ParameterValue"] for each in params["Parameters"]}
        asked.append((params["ChangeSetType"], given["Edge"]))

    clients.cloudformation.meta.events.register("provide-client-params.cloudformation.CreateChangeSet", note)
    deliver.deliver("test", BUCKET, folder, {"Edge": "function-url"}, clients)
    deliver.deliver("test", BUCKET, folder, {"Name": "second"}, clients)

    assert asked == [("CREATE", "http-api"), ("UPDATE", "function-url"), ("UPDATE", "function-url")]


def test_tables_refuse_to_be_deleted_once_the_stack_is_there(folder: Path, clients: Clients) -> None:
    protection = {"Protection": {"Type": "String", "Default": "on"}}
    protects = {"Protects": {"Fn::Equals": [{"Ref": "Protection"}, "on"]}}
    table = {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "RetainExceptOnCreate", "Properties": {
        "TableName": "delivered", "BillingMode": "PAY_PER_REQUEST",
        "DeletionProtectionEnabled": {"Fn::If": ["Protects", True, False]},
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}}
    template = {**TEMPLATE, "Conditions": protects, "Parameters": TEMPLATE["Parameters"] | protection,
                "Resources": TEMPLATE["Resources"] | {"Table": table}}
    (folder / "sam.json").write_text(json.dumps(template))
    asked: list[tuple[str, str]] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        given = {each["ParameterKey"]: each["ParameterValue"] for each in params["Parameters"]}
        asked.append((params["ChangeSetType"], given["Protection"]))

    clients.cloudformation.meta.events.register("provide-client-params.cloudformation.CreateChangeSet", note)
    deliver.deliver("test", BUCKET, folder, {}, clients)
    deliver.deliver("test", BUCKET, folder, {"Name": "second"}, clients)
    deliver.deliver("test", BUCKET, folder, {"Protection": "off"}, clients)
    deliver.deliver("test", BUCKET, folder, {"Name": "third"}, clients)
    deliver.deliver("test", BUCKET, folder, {"Protection": "off"}, clients)

    assert asked == [("CREATE", "off"), ("UPDATE", "on"), ("UPDATE", "on"), ("UPDATE", "off"), ("UPDATE", "on"),
                     ("UPDATE", "off")]


def test_what_holds_data_is_guarded_from_then_on(folder: Path, clients: Clients) -> None:
    deliver.deliver("test", BUCKET, folder, {}, clients)

    policy = json.loads(clients.cloudformation.get_stack_policy(StackName=STACK)["StackPolicyBody"])
    denied = next(each for each in policy["Statement"] if each["Effect"] == "Deny")
    assert set(denied["Action"]) == {"Update:Replace", "Update:Delete"}
    assert clients.cloudformation.protected == [STACK]


def test_a_parameter_that_is_not_given_stays_as_it_was(folder: Path, clients: Clients) -> None:
    deliver.deliver("test", BUCKET, folder, {"Name": "second"}, clients)
    before = parameters(clients)

    deliver.deliver("test", BUCKET, folder, {}, clients)

    assert parameters(clients) == before
    assert before["Name"] == "second"


def test_a_parameter_that_there_is_not_is_refused_before_anything_happens(folder: Path, clients: Clients) -> None:
    with pytest.raises(SystemExit, match="no parameter Nmae; it has Name, VapidPublicKey"):
        deliver.deliver("test", BUCKET, folder, {"Nmae": "typo"}, clients)

    with pytest.raises(ClientError, match="does not exist"):
        clients.cloudformation.describe_stacks(StackName=STACK)
    deliver.deliver("test", BUCKET, folder, {}, clients)


def test_code_is_stored_under_what_is_in_it(folder: Path, clients: Clients) -> None:
    deliver.deliver("test", BUCKET, folder, {}, clients)
    deliver.deliver("test", BUCKET, folder, {}, clients)

    keys = [each["Key"] for each in clients.s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert [key.rpartition(".")[2] for key in sorted(keys, key=len)] == ["zip", "json"]


def test_functions_get_the_code_that_was_stored(folder: Path, clients: Clients) -> None:
    template: dict[str, Any] = {"Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {}}}}

    deliver._upload("test", BUCKET, folder, template, clients.s3)

    assert template["Resources"]["F"]["Properties"]["CodeUri"].startswith(f"s3://{BUCKET}/kenoma/test/")
    deliver.deliver("test", BUCKET, folder, {}, clients)
