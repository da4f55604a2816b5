"""When the function of the API gets a new version, who reaches it, and which old ones stay."""

from __future__ import annotations

import copy
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infra.deploy import versions
from tests.infra.test_template import packaged, translated

__all__ = ["packaged", "translated"]
NAME = "kenoma-prod-api_handler"
GIVEN = {"InstanceName": "Here", "DomainName": "", "LogDays": "30", "AlarmEmail": "", "NotifyEmail": ""}


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls the AWS of the other tests."""


def marked(template: dict[str, Any], code: str = "code", **values: str) -> str:
    made = copy.deepcopy(template)
    versions.mark(made, code, GIVEN | values)
    about = made["Resources"]["APIHandler"]["Properties"]
    mark: str = about["AutoPublishCodeSha256"]
    assert mark in about["Description"], "Lambda publishes nothing that is as it was"
    assert len(about["Description"]) <= 256
    return mark


def test_the_same_again_is_no_new_version(packaged: dict[str, Any]) -> None:
    made = copy.deepcopy(packaged)
    versions.mark(made, "code", GIVEN)
    again = copy.deepcopy(made)
    again["Resources"]["APIHandler"]["Properties"]["CodeUri"] = "s3://elsewhere/code.zip"

    assert marked(again) == marked(packaged) == marked(packaged)


@pytest.mark.parametrize("values", [
    {"InstanceName": "There"}, {"NotifyEmail": "noreply@example.org"}, {"TablesInUse": "restored-"},
    {"SecretsPath": "/elsewhere/"}, {"DomainName": "social.example.org"}, {"ReserveConcurrency": "no"},
])
def test_another_value_that_the_function_names_is_a_new_version(packaged: dict[str, Any],
                                                                values: dict[str, str]) -> None:
    assert marked(packaged, **values) != marked(packaged)


@pytest.mark.parametrize("values", [{"LogDays": "7"}, {"AlarmEmail": "me@example.org"}, {"Protection": "off"}])
def test_a_value_that_it_does_not_name_is_none(packaged: dict[str, Any], values: dict[str, str]) -> None:
    assert marked(packaged, **values) == marked(packaged)


def test_other_code_and_other_properties_are_new_versions(packaged: dict[str, Any]) -> None:
    larger = copy.deepcopy(packaged)
    larger["Resources"]["APIHandler"]["Properties"]["MemorySize"] = 2048

    assert len({marked(packaged), marked(packaged, code="other"), marked(larger)}) == 3


def test_a_value_that_is_not_given_counts_as_its_default(packaged: dict[str, Any]) -> None:
    default = packaged["Parameters"]["TablesInUse"]["Default"]

    assert marked(packaged, TablesInUse=default) == marked(packaged)


def test_sam_names_the_version_by_the_hash_and_tries_it_by_a_canary(packaged: dict[str, Any]) -> None:
    from samtranslator.translator.transform import transform

    from tests.infra.test_template import _NoManagedPolicies

    made = copy.deepcopy(packaged)
    versions.mark(made, "code", GIVEN)
    for resource in made["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://code/code.zip"
    built = transform(made, {}, _NoManagedPolicies())["Resources"]

    (version,) = [name for name, each in built.items() if each["Type"] == "AWS::Lambda::Version"]
    assert version == f"APIHandlerVersion{marked(packaged)[:10]}"
    assert built[version]["DeletionPolicy"] == "Retain"
    (group,) = [each["Properties"] for each in built.values() if each["Type"] == "AWS::CodeDeploy::DeploymentGroup"]
    assert group["DeploymentConfigName"] == {"Fn::Sub": [
        "CodeDeployDefault.Lambda${ConfigName}", {"ConfigName": "Canary10Percent5Minutes"}]}
    assert group["AlarmConfiguration"]["Alarms"] == [{"Name": {"Ref": "GatewayErrorsAlarm"}}]


def test_gateway_url_and_permissions_name_the_alias(translated: dict[str, Any]) -> None:
    built = {name: each["Properties"] for name, each in translated["Resources"].items() if "Properties" in each}
    live = {"Ref": "APIHandlerAliasLive"}

    assert translated["Resources"]["APIHandlerAliasLive"]["Type"] == "AWS::Lambda::Alias"
    assert built["APIHandlerAliasLive"]["Name"] == "Live"
    assert built["GatewayIntegration"]["IntegrationUri"] == live
    assert built["FunctionUrl"]["Qualifier"] == "Live"
    assert [built[name]["FunctionName"] for name in (
        "GatewayPermission", "FunctionUrlPermission", "FunctionUrlInvokes")] == [live] * 3
    others = [name for name, each in translated["Resources"].items() if each["Type"] == "AWS::Lambda::Alias"]
    assert others == ["APIHandlerAliasLive"], "only requests are tried by a canary"


def lambda_(numbers: list[int], live: int, weights: dict[str, float] | None = None) -> tuple[Any, Stubber]:
    client = boto3.client("lambda", region_name="eu-west-1")
    stub = Stubber(client)
    listed = [{"Version": each} for each in ["$LATEST", *map(str, numbers)]]
    stub.add_response("list_versions_by_function", {"Versions": listed}, {"FunctionName": NAME})
    alias: dict[str, Any] = {"FunctionVersion": str(live)}
    if weights:
        alias["RoutingConfig"] = {"AdditionalVersionWeights": weights}
    stub.add_response("get_alias", alias, {"FunctionName": NAME, "Name": "Live"})
    return client, stub


@pytest.mark.parametrize(("numbers", "live", "weights", "gone"), [
    ([1, 2, 3], 3, None, []), ([7, 8, 9, 10], 10, None, ["7"]), ([9, 10, 2, 11, 1], 11, None, ["1", "2"]),
    ([1, 2, 3, 4, 5], 1, None, ["2"]), ([1, 2, 3, 4, 5], 5, {"2": 0.1}, ["1"]),
])
def test_three_versions_stay_and_whatever_the_alias_names(numbers: list[int], live: int,
                                                          weights: dict[str, float] | None, gone: list[str]) -> None:
    client, stub = lambda_(numbers, live, weights)
    for number in gone:
        stub.add_response("delete_function", {}, {"FunctionName": NAME, "Qualifier": number})

    with stub:
        assert versions.keep_newest(client, NAME) == gone
    stub.assert_no_pending_responses()


def test_going_back_lets_the_alias_name_the_version_before() -> None:
    client, stub = lambda_([8, 10, 9], 10)
    stub.add_response("update_alias", {}, {"FunctionName": NAME, "Name": "Live", "FunctionVersion": "9"})

    with stub:
        assert versions.go_back(client, NAME) == "9"
    stub.assert_no_pending_responses()


def test_the_first_version_has_none_before() -> None:
    client, stub = lambda_([1], 1)

    with stub:
        assert versions.go_back(client, NAME) is None
