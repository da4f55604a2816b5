"""The template as it would be deployed: packaged by Chalice, linted, translated as AWS does it, and created in moto.

The code is packaged without its requirements here. `tests/deployed/test_artifact.py` tests those.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import json
import logging
import re
import warnings
from collections.abc import Iterator
from dataclasses import fields
from fnmatch import fnmatchcase
from typing import Any

import boto3
import pytest
import quickjs
from moto import mock_aws

import app as application
from app import app
from chalicelib import metrics
from chalicelib.entities.statuses import context
from chalicelib.settings import SECRETS, Settings, variable
from chalicelib.web.endpoint import DECLARED
from chalicelib.web.session import ALSO_READ
from infra import resources as shared
from infra.deploy import cdn_functions, edge, functions, package, policies, sockets
from infra.local.files import PREFIXES
from tests.simulated_aws import forget_region

CODE = "deployed-code"
REGION = "eu-central-1"  # where no other test has anything
GIVEN = {
    "BucketName": "deployed-files",
    "DomainName": "kenoma.test", "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    "InstanceEmail": "admin@kenoma.test", "NotifyEmail": "noreply@kenoma.test",
}
# What cfn-lint may say, and why that is right.
ACCEPTED = {"W1030": "CertificateArn may be empty: it is only looked at where there is a DomainName"}
# What moto's CloudFormation does not make.
UNKNOWN_TO_MOTO = ("AWS::ApiGatewayV2::", "AWS::Budgets::", "AWS::CloudFront::", "AWS::CodeDeploy::",
                   "AWS::Lambda::Alias", "AWS::Lambda::Url", "AWS::Route53::")
MADE_BY_SAM = {"APIHandlerAliasLive"}
PSEUDO = {"AWS::AccountId", "AWS::NoValue", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::URLSuffix"}
LAMBDA_TAKES = 6 * 1024 * 1024


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls the AWS of the other tests."""


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    project = tmp_path_factory.mktemp("project")
    package.copy_without_requirements(project)
    return package.build("prod", project / "dist", project)


@pytest.fixture(scope="module")
def translated(packaged: dict[str, Any]) -> dict[str, Any]:
    """The template as CloudFormation translates it."""
    from samtranslator.translator.transform import transform

    template = copy.deepcopy(packaged)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://{CODE}/code.zip"
    plain: dict[str, Any] = transform(template, {}, _NoManagedPolicies())
    return plain


class _NoManagedPolicies:
    def load(self) -> dict[str, str]:
        return {}


@pytest.fixture(scope="module")
def created(translated: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The stack, created in an account of its own. Physical ids by logical id."""
    with in_moto(translated, b"code") as made:
        yield made


@contextlib.contextmanager
def in_moto(translated: dict[str, Any], code: bytes) -> Iterator[dict[str, str]]:
    """Create the stack without what moto does not make."""
    template = copy.deepcopy(translated)
    built = template["Resources"]
    left_out = {name for name, resource in built.items() if resource["Type"].startswith(UNKNOWN_TO_MOTO)}
    left_out |= {name for name, resource in built.items() if names_of(resource) & left_out
                 and resource["Type"].endswith(("::Permission", "::BucketPolicy"))}
    for name in left_out:
        del built[name]
    template["Resources"] = named_plainly(built, left_out)
    template["Outputs"] = {name: output for name, output in template["Outputs"].items()
                           if not names_of(output) & left_out}
    logging.getLogger("moto").setLevel(logging.ERROR)  # it warns of each alarm that it does not make
    with mock_aws(), pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(action="ignore"):
        patch.delenv("AWS_ENDPOINT_URL_DYNAMODB", raising=False)  # it may lead to DynamoDB Local
        s3, cloudformation = client("s3"), client("cloudformation")
        s3.create_bucket(Bucket=CODE, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=CODE, Key="code.zip", Body=code)
        s3.put_object(Bucket=CODE, Key="template.json", Body=json.dumps(template))
        cloudformation.create_stack(
            StackName="kenoma-prod", TemplateURL=f"https://{CODE}.s3.amazonaws.com/template.json",
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in GIVEN.items()],
        )
        assert cloudformation.describe_stacks(StackName="kenoma-prod")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName="kenoma-prod")
        try:
            yield {each["LogicalResourceId"]: each["PhysicalResourceId"] for page in pages
                   for each in page["StackResourceSummaries"]}
        finally:
            forget_region(REGION)


def client(service: Any) -> Any:
    return boto3.client(service, region_name=REGION)


def of_type(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: each["Properties"] for name, each in template["Resources"].items() if each["Type"] == kind}


def names_of(value: Any) -> set[str]:
    """Everything that a part of a template refers to."""
    if isinstance(value, list):
        return set().union(*map(names_of, value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*map(names_of, value.values()))
    if "Ref" in value:
        found.add(value["Ref"])
    if "Fn::GetAtt" in value:
        found.add(value["Fn::GetAtt"][0])
    if "Fn::Sub" in value:
        text, own = value["Fn::Sub"] if isinstance(value["Fn::Sub"], list) else (value["Fn::Sub"], {})
        found |= {name.partition(".")[0] for name in re.findall(r"\$\{([^}!]+)\}", text)} - set(own)
    return found


def named_plainly(value: Any, missing: set[str]) -> Any:
    """The same, with a name in place of each reference to something that is not made."""
    if isinstance(value, list):
        return [named_plainly(each, missing) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("Ref") in missing:
        return value["Ref"]
    if isinstance(value.get("Fn::Sub"), str):
        text = re.sub(r"\$\{(\w+)\}", lambda found: found[1] if found[1] in missing else found[0], value["Fn::Sub"])
        return {"Fn::Sub": text}
    return {key: named_plainly(each, missing) for key, each in value.items()}


# The whole.


def test_cloudformation_would_take_it(packaged: dict[str, Any]) -> None:
    from cfnlint import api  # type: ignore[import-untyped]

    matches = api.lint(json.dumps(packaged), config=api.ManualArgs(regions=["us-east-1"]))

    assert [str(match) for match in matches if match.rule.id not in ACCEPTED] == []
    assert {match.rule.id for match in matches} == set(ACCEPTED)


def test_nothing_is_left_of_chalices_rest_api(packaged: dict[str, Any], translated: dict[str, Any]) -> None:
    for template in (packaged, translated):
        assert not {each["Type"] for each in template["Resources"].values()
                    if re.search(r"::ApiGateway::|Serverless::Api", each["Type"])}
    assert not re.search("RestAPI|RestApi", json.dumps(packaged))


def test_whatever_is_referred_to_is_there(packaged: dict[str, Any]) -> None:
    there = packaged["Resources"].keys() | packaged["Parameters"].keys() | PSEUDO | MADE_BY_SAM

    assert names_of(packaged["Resources"]) | names_of(packaged["Outputs"]) <= there


def test_there_is_room_for_what_is_to_come(packaged: dict[str, Any], translated: dict[str, Any]) -> None:
    """CloudFormation takes a megabyte and 500 resources, the CDN 75 behaviours."""
    assert max(len(json.dumps(each, separators=(",", ":"))) for each in (packaged, translated)) < 200_000
    assert len(translated["Resources"]) < 200
    assert len(behaviours(packaged)) <= 50


def test_the_largest_request_and_reply_fit_through_lambda() -> None:
    """An upload arrives in base64, beside the rest of its event; a reply is text."""
    settings = Settings()
    event = 200_000  # what the gateway adds to a body

    assert settings.upload_limit < cdn_functions.MOST_BYTES - 20_000, "a form is more than its file"
    assert cdn_functions.MOST_BYTES * 4 / 3 + event / 2 < LAMBDA_TAKES
    assert context.MOST_BYTES * 1.2 < LAMBDA_TAKES, "the longest reply that is not a page"


# Functions.


def test_every_handler_is_a_function_with_a_policy_and_logs(packaged: dict[str, Any]) -> None:
    found = of_type(packaged, "AWS::Serverless::Function")

    assert {function["Handler"] for function in found.values()} == {
        f"app.{each.name}" for each in functions.of(app)}
    assert all(callable(getattr(application, each.name)) for each in functions.of(app))
    for each in functions.of(app):
        function = found[each.logical]
        assert function["Role"] == {"Fn::GetAtt": [each.role, "Arn"]}
        assert function["LoggingConfig"] == {
            "LogGroup": {"Ref": each.log_group}, "LogFormat": "JSON", "SystemLogLevel": {"Ref": "SystemLogs"},
            "ApplicationLogLevel": "TRACE"}
        assert function["Tracing"] == {"Fn::If": ["Traces", "Active", "PassThrough"]}
        assert packaged["Resources"][each.log_group]["Properties"]["RetentionInDays"] == {"Ref": "LogDays"}
    assert "DefaultRole" not in packaged["Resources"], "Chalice's own role may read every queue"


def test_the_environment_is_made_of_settings_and_holds_no_secret(packaged: dict[str, Any]) -> None:
    known = {variable(each.name) for each in fields(Settings)} | {sockets.ENDPOINT}

    for function in of_type(packaged, "AWS::Serverless::Function").values():
        variables = function["Environment"]["Variables"].keys()
        assert variables <= known
        assert not variables & {variable(name) for name in SECRETS}


def test_a_function_reads_the_secrets_that_its_policy_names(created: dict[str, str]) -> None:
    for each in functions.of(app):
        variables = environment(created[each.logical])
        named = [name for name in variables.get("KENOMA_SECRETS", "").split(",") if name]
        assert named == [f"/kenoma/prod/{name}" for name in policies.of(each.name).secrets]


def test_functions_find_what_the_stack_made(created: dict[str, str]) -> None:
    variables = environment(created["APIHandler"])

    assert variables["KENOMA_BASE_URL"] == "https://kenoma.test"
    assert variables["KENOMA_BUCKET"] == created["MediaBucket"] == "deployed-files"
    assert variables["KENOMA_TABLE_PREFIX"] + "accounts" == created["AccountsTable"]
    assert created["TimelinesQueue"].endswith(variables["KENOMA_QUEUE_PREFIX"] + "timelines")
    assert (variables["KENOMA_MAIL"], variables["KENOMA_NOTIFY_EMAIL"]) == ("on", "noreply@kenoma.test")
    assert len(json.dumps(variables)) < 3000, "Lambda takes 4 KB"


def environment(function: str) -> dict[str, str]:
    found: dict[str, str] = client("lambda").get_function_configuration(FunctionName=function)["Environment"][
        "Variables"]
    return found


def test_queues_hand_over_batches_of_which_a_part_may_fail(created: dict[str, str]) -> None:
    sources = client("lambda").list_event_source_mappings()["EventSourceMappings"]
    found = {each["EventSourceArn"].rpartition("-")[2]: each for each in sources}

    assert set(found) == {each.queue for each in functions.of(app) if each.queue}
    assert all(each["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for each in found.values())
    assert not any(each.get("ScalingConfig") for each in found.values()), "reserved concurrency is enough"


def test_reserved_concurrency_covers_what_a_queue_may_use_and_can_be_left_out(packaged: dict[str, Any]) -> None:
    for function in of_type(packaged, "AWS::Serverless::Function").values():
        condition, reserved, otherwise = function["ReservedConcurrentExecutions"]["Fn::If"]
        assert (condition, otherwise) == ("Reserves", functions.NOTHING)
        for source in function.get("Events", {}).values():
            assert reserved >= source["Properties"].get("ScalingConfig", {}).get("MaximumConcurrency", 1)


def test_the_sweep_runs_each_minute(created: dict[str, str]) -> None:
    rules = client("events").list_rules()["Rules"]

    assert [rule["ScheduleExpression"] for rule in rules] == ["rate(1 minute)"]


def test_a_handler_without_a_written_policy_is_not_packaged() -> None:
    with pytest.raises(LookupError, match="No policy is written for on_something"):
        functions.resources([functions.Function("on_something")], {})


# Data.


def test_what_people_made_outlives_the_stack(packaged: dict[str, Any]) -> None:
    tables = {name: table for name, table in packaged["Resources"].items() if table["Type"] == "AWS::DynamoDB::Table"}
    kept = {name: table for name, table in tables.items() if table["DeletionPolicy"] != "Delete"}

    assert tables.keys() - kept.keys() == {
        "EphemeralTable", "HomeTable", "SearchTable", "JobsTable", "StreamsTable"}
    for table in kept.values():
        assert table["UpdateReplacePolicy"] == "Retain"
        assert table["DeletionPolicy"] == "RetainExceptOnCreate"
        assert table["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["Protects", True, False]}
        assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert packaged["Resources"]["MediaBucket"]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert packaged["Resources"]["MediaBucket"]["UpdateReplacePolicy"] == "Retain"
    assert packaged["Parameters"]["Protection"]["Default"] == "on"


def test_tables_queues_and_the_bucket_are_made(created: dict[str, str]) -> None:
    built = shared.load()["Resources"]
    made = {name for name, resource in built.items() if resource["Type"] in shared.MADE_HERE}

    assert made <= created.keys()
    described = client("dynamodb").describe_table(TableName=created["AccountsTable"])["Table"]
    assert described["GlobalSecondaryIndexes"][0]["IndexName"] == "directory"
    attributes = client("sqs").get_queue_attributes(QueueUrl=created["ImportsQueue"], AttributeNames=["All"])
    assert json.loads(attributes["Attributes"]["RedrivePolicy"])["maxReceiveCount"] == 5


def test_a_stage_that_there_is_not_is_refused() -> None:
    with pytest.raises(SystemExit, match="no stage production"):
        package.reserved("production", package.CHECKOUT)


def test_another_stage_has_names_of_its_own() -> None:
    from infra.deploy import template

    parameters = template.merged(app, "dev", {})["Parameters"]

    assert parameters["TablePrefix"]["Default"] == parameters["QueuePrefix"]["Default"] == "kenoma-dev-"
    assert parameters["SecretsPath"]["Default"] == "/kenoma/dev/"


# Policies.


@pytest.mark.parametrize("name", policies.WRITTEN)
def test_a_policy_names_calls_and_things_one_by_one(name: str) -> None:
    document = policies.document(policies.of(name), "Logs", "timelines")

    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow"
        assert all(re.fullmatch(r"[a-z0-9-]+:[A-Z]\w+", action) for action in statement["Action"])
        assert "*" not in statement["Resource"]


@pytest.mark.parametrize("name", policies.WRITTEN)
def test_nobody_may_purge_or_remove_what_holds_data(name: str) -> None:
    actions = {need.action for need in policies.needs(policies.of(name))}

    assert not {action for action in actions
                if re.search(r":(Purge|DeleteTable|DeleteBucket|CreateTable|UpdateTable|Put\w*Policy)", action)}
    assert "sqs:ReceiveMessage" not in actions, "Lambda reads the queue, and only that of the function"


def test_only_a_backfill_scans_and_only_what_no_index_lists() -> None:
    """It goes by pages, in a job, so that a scan is as bounded as a query. No request may wait for one."""
    scans = {(name, need.resource) for name in policies.WRITTEN for need in policies.needs(policies.of(name))
             if need.action == "dynamodb:Scan"}

    assert scans == {("on_timelines", "accounts"), ("on_timelines", "statuses")}


def test_each_function_reads_its_own_secrets_only() -> None:
    read = {name: set(policy.secrets) for name, policy in policies.WRITTEN.items() if policy.secrets}

    assert read == {
        "api_handler": {"admin_token", "encryption_key", "fetching_key", "secret_key"},
        "on_outside": {"encryption_key", "fetching_key", "vapid_private_key"},
        "on_inbox": {"fetching_key"},
    }
    assert set().union(*read.values()) == SECRETS


def test_a_policy_fits_into_its_role(created: dict[str, str]) -> None:
    """IAM counts 10,240 characters after everything is filled in."""
    for each in functions.of(app):
        text = json.dumps(policy_of(created[each.role], each.name), separators=(",", ":"))
        assert len(text) < 9_000
        assert "Fn::" not in text


def policy_of(role: str, name: str) -> dict[str, Any]:
    document = client("iam").get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    found: dict[str, Any] = ast.literal_eval(document)  # moto keeps what CloudFormation gives it as Python writes it
    return found


def test_only_letters_from_the_domain_of_the_instance_may_be_sent(created: dict[str, str]) -> None:
    policy = policy_of(created["OnOutsideRole"], "on_outside")
    (statement,) = [each for each in policy["Statement"] if "ses:SendEmail" in each["Action"]]

    assert statement["Condition"] == {"StringLike": {"ses:FromAddress": "*@kenoma.test"}}


# The edge of the API.


def test_one_route_leads_everything_to_the_function(packaged: dict[str, Any]) -> None:
    made = packaged["Resources"]

    assert made["Gateway"]["Properties"]["ProtocolType"] == "HTTP"
    assert "CorsConfiguration" not in made["Gateway"]["Properties"], "it would answer OPTIONS by itself"
    assert made["GatewayRoute"]["Properties"]["RouteKey"] == "$default"
    assert made["GatewayIntegration"]["Properties"]["PayloadFormatVersion"] == "2.0"
    assert made["GatewayStage"]["Properties"]["StageName"] == "$default"
    assert made["GatewayStage"]["Properties"]["AutoDeploy"] is True
    limits = made["GatewayStage"]["Properties"]["DefaultRouteSettings"]
    assert limits["ThrottlingRateLimit"] == {"Ref": "RequestsPerSecond"}
    assert limits["ThrottlingBurstLimit"] == {"Ref": "RequestsAtOnce"}


def test_each_edge_has_its_resources_and_its_permissions(translated: dict[str, Any]) -> None:
    """SAM leaves them as they are."""
    made = translated["Resources"]
    kinds = {condition: sorted(each["Type"].removeprefix("AWS::") for each in made.values()
                               if each.get("Condition") == condition) for condition in ("ByGateway", "ByUrl")}

    assert kinds == {
        "ByGateway": ["ApiGatewayV2::Api", "ApiGatewayV2::Integration", "ApiGatewayV2::Route", "ApiGatewayV2::Stage",
                      "Lambda::Permission"],
        "ByUrl": ["Lambda::Permission", "Lambda::Permission", "Lambda::Url"],
    }
    by_url = [each["Properties"] for each in made.values() if each.get("Condition") == "ByUrl"]
    assert {each.get("Action") for each in by_url} == {None, "lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
    for each in by_url:
        if each.get("Action") == "lambda:InvokeFunction":
            assert each["InvokedViaFunctionUrl"] is True
        else:
            assert "NONE" in (each.get("AuthType"), each.get("FunctionUrlAuthType"))


def test_the_function_knows_the_key_of_the_cdn(packaged: dict[str, Any]) -> None:
    (origin,) = [each for each in front(packaged)["Origins"] if each["Id"] == "api"]
    key = {each["HeaderName"]: each["HeaderValue"] for each in origin["OriginCustomHeaders"]}["X-Kenoma-Front"]
    functions = of_type(packaged, "AWS::Serverless::Function")

    assert functions["APIHandler"]["Environment"]["Variables"]["KENOMA_FRONT_KEY"] == key
    assert [name for name, each in functions.items() if "KENOMA_FRONT_KEY" in each["Environment"]["Variables"]] == [
        "APIHandler", "WebsocketConnect"]


def test_the_gateway_logs_no_address_and_no_path_and_only_if_asked(packaged: dict[str, Any]) -> None:
    condition, log, otherwise = packaged["Resources"]["GatewayStage"]["Properties"]["AccessLogSettings"]["Fn::If"]

    assert (condition, otherwise) == ("LogsAccess", functions.NOTHING)
    assert packaged["Parameters"]["AccessLog"]["Default"] == "no"
    assert not re.search(r"sourceIp|userAgent|context\.path|authorizer|requestTime|resourcePath", log["Format"])
    assert packaged["Resources"]["GatewayLogs"]["Properties"]["LogGroupName"]["Fn::Sub"].startswith("/aws/vendedlogs/")


# The CDN.


def front(template: dict[str, Any]) -> dict[str, Any]:
    config: dict[str, Any] = template["Resources"]["Front"]["Properties"]["DistributionConfig"]
    return config


def behaviours(template: dict[str, Any]) -> list[dict[str, Any]]:
    return [*front(template)["CacheBehaviors"], front(template)["DefaultCacheBehavior"]]


def test_the_cdn_forwards_everything_but_files_to_the_api(packaged: dict[str, Any]) -> None:
    (origin,) = [each for each in front(packaged)["Origins"] if each["Id"] == "api"]
    by_default = front(packaged)["DefaultCacheBehavior"]

    assert "OriginPath" not in origin
    assert origin["DomainName"]["Fn::If"][0] == "ByGateway"
    assert (by_default["TargetOriginId"], by_default["CachePolicyId"]) == ("api", edge.CACHE_NOTHING)
    assert any(each.get("PathPattern") == "/api/v1/streaming*" for each in behaviours(packaged))


def test_the_function_runs_before_every_request_to_the_api_and_files_are_asked_for_without_headers(
        packaged: dict[str, Any]) -> None:
    """The key is sent with every request to the API. So nobody may send our headers where the function does not run."""
    for each in behaviours(packaged):
        events = {one["EventType"]: one["FunctionARN"]["Fn::GetAtt"][0] for one in each.get("FunctionAssociations", ())}
        if each["TargetOriginId"] == "api":
            assert events == {"viewer-request": "BeforeTheApi"}
            assert each["OriginRequestPolicyId"] == edge.ALL_BUT_HOST
        elif each["TargetOriginId"] == "sockets":
            assert events == {"viewer-request": "BeforeSockets"}
            assert each["OriginRequestPolicyId"] == edge.ALL_BUT_HOST
        else:
            assert "OriginRequestPolicyId" not in each
            assert each["CachePolicyId"] in (edge.CACHE_AS_TOLD, edge.CACHE_NOTHING)


def test_sockets_are_led_to_their_gateway_and_what_is_below_them_to_the_api(packaged: dict[str, Any]) -> None:
    patterns = [each.get("PathPattern") for each in behaviours(packaged)]
    by_pattern = {each.get("PathPattern"): each["TargetOriginId"] for each in behaviours(packaged)}
    (origin,) = [each for each in front(packaged)["Origins"] if each["Id"] == "sockets"]

    assert patterns.index("/api/v1/streaming/?*") < patterns.index("/api/v1/streaming*")
    assert by_pattern["/api/v1/streaming/?*"] == "api"
    assert by_pattern["/api/v1/streaming*"] == "sockets"
    assert origin["OriginPath"] == "/" + packaged["Resources"]["WebsocketAPIStage"]["Properties"]["StageName"]
    assert "X-Kenoma-Front" in {each["HeaderName"] for each in origin["OriginCustomHeaders"]}


def test_the_gateway_of_sockets_has_a_function_for_each_event_limits_and_no_log(packaged: dict[str, Any]) -> None:
    built = packaged["Resources"]
    routes = {each["RouteKey"] for each in of_type(packaged, "AWS::ApiGatewayV2::Route").values()
              if each["ApiId"] == {"Ref": "WebsocketAPI"}}
    stage = built["WebsocketAPIStage"]["Properties"]

    assert routes == {"$connect", "$default", "$disconnect"}
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == {"Ref": "SocketsPerSecond"}
    assert not stage["DefaultRouteSettings"]["DataTraceEnabled"]
    assert "AccessLogSettings" not in stage, "a token may be in an address"
    assert not [name for name in packaged["Outputs"] if name.startswith("Websocket")]


def test_only_those_that_send_to_sockets_may_and_know_where(packaged: dict[str, Any]) -> None:
    found = of_type(packaged, "AWS::Serverless::Function")
    knowing = {name for name, each in found.items() if sockets.ENDPOINT in each["Environment"]["Variables"]}
    allowed = {name for name, policy in policies.WRITTEN.items() if policy.connections}

    assert allowed == {"on_streams", "websocket_message"}
    assert knowing == {"OnStreams", "WebsocketMessage"}
    assert found["APIHandler"]["Environment"]["Variables"]["KENOMA_STREAMING"] == {"Ref": "Streaming"}


def test_no_error_is_kept_or_replaced_by_a_page(packaged: dict[str, Any]) -> None:
    """The CDN takes these codes and no others, and would keep errors for ten seconds by itself."""
    codes = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)

    assert front(packaged)["CustomErrorResponses"] == [
        {"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in codes]


def test_shared_replies_are_kept_by_everything_that_they_depend_on(packaged: dict[str, Any]) -> None:
    policy = packaged["Resources"]["SharedReplies"]["Properties"]["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    patterns = {each["PathPattern"] for each in behaviours(packaged)
                if each["CachePolicyId"] == {"Ref": "SharedReplies"}}

    assert (policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]) == (0, 0, 60)
    assert key["HeadersConfig"]["Headers"] == ["Authorization", "x-kenoma-path", "x-kenoma-wants"]
    assert key["CookiesConfig"] == {"CookieBehavior": "whitelist", "Cookies": list(ALSO_READ)}
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    assert key["EnableAcceptEncodingGzip"] is True
    assert {"/api/v?/instance", "/api/v1/custom_emojis", "/api/*pleroma/emoji", "/nodeinfo/*",
            "/api/v1/timelines/public"} <= patterns
    shared = [path for each in DECLARED if each.shared for path in each.paths]
    assert [path for path in shared if not any(fnmatchcase(path, pattern) for pattern in patterns)] == []
    assert {"/users/*", "/objects/*"} <= patterns
    assert len(patterns) < len(shared), "a pattern with a star at its end is enough for all below it"
    assert all(each.shared <= policy["MaxTTL"] for each in DECLARED)


def test_the_cdn_logs_only_if_it_is_told_where(packaged: dict[str, Any]) -> None:
    condition, log, otherwise = front(packaged)["Logging"]["Fn::If"]

    assert (condition, otherwise) == ("CdnLogs", functions.NOTHING)
    assert log["IncludeCookies"] is False
    assert packaged["Parameters"]["CdnLogBucket"]["Default"] == ""


def test_the_cdn_serves_files_with_the_headers_of_the_local_stage(packaged: dict[str, Any]) -> None:
    served = {each["PathPattern"]: each for each in behaviours(packaged) if each["TargetOriginId"] == "files"}

    assert set(served) == {f"{prefix}*" for prefix in PREFIXES}
    for prefix, caching in PREFIXES.items():
        headers = packaged["Resources"][served[f"{prefix}*"]["ResponseHeadersPolicyId"]["Ref"]]["Properties"]
        security = headers["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        if "Content-Security-Policy" in caching:
            assert security["ContentSecurityPolicy"]["ContentSecurityPolicy"] == caching["Content-Security-Policy"]
        assert "ContentTypeOptions" in security
        stored = "no-store" not in caching["Cache-Control"]
        assert served[f"{prefix}*"]["CachePolicyId"] == (edge.CACHE_AS_TOLD if stored else edge.CACHE_NOTHING)


def test_the_longer_of_two_patterns_is_tried_first(packaged: dict[str, Any]) -> None:
    patterns = [each["PathPattern"] for each in behaviours(packaged)[:-1]]

    for number, pattern in enumerate(patterns):
        covered = [each for each in patterns[number + 1:] if "*" in pattern and each.startswith(pattern.rstrip("*"))]
        assert covered == [], f"{pattern} hides them"


def test_the_bucket_is_read_by_this_cdn_only_and_below_public_folders_only(packaged: dict[str, Any]) -> None:
    statement, denied = packaged["Resources"]["MediaBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert statement["Action"] == "s3:GetObject"
    below = {each["Fn::Sub"].partition("}")[2] for each in statement["Resource"]}
    assert below == {f"{prefix}*" for prefix in PREFIXES}
    assert "${Front}" in statement["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Sub"]
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


@pytest.mark.parametrize(("asked", "disposition"), [
    (None, None),
    ("photo.jpg", 'filename="photo.jpg"'),
    ("a%20%22b%22%5C.jpg", r'filename="a \"b\"\\.jpg"'),
    ("caf%C3%A9.jpg", "filename=\"caf_.jpg\"; filename*=UTF-8''caf%C3%A9.jpg"),
    ("%C3%A9(1)%27.jpg", "filename=\"_(1)'.jpg\"; filename*=UTF-8''%C3%A9%281%29%27.jpg"),
    ("a%0D%0ASet-Cookie:b", 'filename="aSet-Cookie:b"'),
    ("%E0%A4%A", None),
])
def test_a_file_is_saved_under_the_name_that_was_asked_for(asked: str | None, disposition: str | None) -> None:
    event = {"request": {"querystring": {"name": {"value": asked}} if asked else {}}, "response": {"headers": {}}}

    sent = quickjs.Function("handler", cdn_functions.NAMING)(event)["headers"]

    assert sent == ({"content-disposition": {"value": disposition}} if disposition else {})


# Alarms.


def test_every_alarm_goes_to_the_topic_that_was_chosen(packaged: dict[str, Any]) -> None:
    alarms = of_type(packaged, "AWS::CloudWatch::Alarm")

    assert {json.dumps(alarm["AlarmActions"]) for alarm in alarms.values()} == {json.dumps([{"Fn::If": [
        "OwnTopic", {"Ref": "AlarmTopic"}, {"Ref": "AlarmTopicArn"}]}])}
    assert set(alarms) == {
        "GatewayErrorsAlarm", "ErrorsAlarm", "ThrottlesAlarm", "BusyAlarm", "TimelinesAgeAlarm", "OutsideAgeAlarm",
        "InboxAgeAlarm", "DeadAlarm", "JobsGivenUpAlarm"}, "ten are free, and sending brings one more"


def test_errors_and_throttles_are_counted_for_the_account(packaged: dict[str, Any]) -> None:
    alarms = of_type(packaged, "AWS::CloudWatch::Alarm")

    for name in ("ErrorsAlarm", "ThrottlesAlarm"):
        assert alarms[name]["Namespace"] == "AWS/Lambda"
        assert "Dimensions" not in alarms[name]


def test_an_alarm_of_our_own_metrics_names_one_that_is_written(packaged: dict[str, Any]) -> None:
    ours = [alarm for alarm in of_type(packaged, "AWS::CloudWatch::Alarm").values()
            if alarm["Namespace"] == metrics.NAMESPACE]

    assert [alarm["MetricName"] for alarm in ours] == ["Busy", "JobsGivenUp"]
    for alarm in ours:
        assert alarm["Dimensions"] == [{"Name": "Stage", "Value": {"Ref": "Stage"}}]
        assert not metrics.METRICS[alarm["MetricName"]].is_extra
        assert not metrics.METRICS[alarm["MetricName"]].by


def test_a_sweep_that_does_not_run_for_ten_minutes_raises_an_alarm(packaged: dict[str, Any]) -> None:
    alarm = packaged["Resources"]["JobsGivenUpAlarm"]["Properties"]

    assert (alarm["Period"] * alarm["EvaluationPeriods"], alarm["TreatMissingData"]) == (600, "breaching")
    others = of_type(packaged, "AWS::CloudWatch::Alarm")
    del others["JobsGivenUpAlarm"]
    assert {each["TreatMissingData"] for each in others.values()} == {"notBreaching"}


def test_there_is_a_budget_for_whoever_wants_to_hear_of_it(packaged: dict[str, Any]) -> None:
    budget = packaged["Resources"]["Budget"]

    assert budget["Condition"] == "HasBudget"
    assert budget["Properties"]["Budget"]["BudgetLimit"] == {"Amount": {"Ref": "BudgetDollars"}, "Unit": "USD"}
    assert [each["Notification"]["NotificationType"] for each in budget["Properties"]["NotificationsWithSubscribers"]
            ] == ["ACTUAL", "FORECASTED"]


def test_a_function_may_write_traces_where_it_is_traced(packaged: dict[str, Any]) -> None:
    tracing = packaged["Resources"]["Tracing"]

    assert tracing["Condition"] == "Traces"
    assert tracing["Properties"]["Roles"] == [{"Ref": each.role} for each in functions.of(app)]


def test_failures_of_requests_are_counted_by_the_names_of_each_edge(packaged: dict[str, Any]) -> None:
    alarm = packaged["Resources"]["GatewayErrorsAlarm"]["Properties"]

    assert alarm["MetricName"] == {"Fn::If": ["ByGateway", "5xx", "Url5xxCount"]}
    assert alarm["Namespace"] == {"Fn::If": ["ByGateway", "AWS/ApiGateway", "AWS/Lambda"]}
    _, gateway, url = alarm["Dimensions"]["Fn::If"]
    assert [each["Name"] for each in gateway] == ["ApiId", "Stage"]
    assert [each["Name"] for each in url] == ["FunctionName"]


def test_the_dashboard_shows_every_function_queue_and_table(created: dict[str, str], packaged: dict[str, Any]) -> None:
    body = packaged["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"][0]

    assert json.loads(body)["widgets"]
    for each in functions.of(app):
        assert f"kenoma-${{Stage}}-{each.name}" in body
    for logical in (*of_type(packaged, "AWS::DynamoDB::Table"), *of_type(packaged, "AWS::SQS::Queue")):
        assert f"${{{logical}" in body
    for name, metric in metrics.METRICS.items():
        assert metric.is_extra or f'"{metrics.NAMESPACE}","{name}"' in body
