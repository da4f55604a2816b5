"""The template that `chalice package` merges into its own, and what is done to the result."""

from __future__ import annotations

import copy
import itertools
from typing import Any

from chalice.app import Chalice

from chalicelib.web.endpoint import DECLARED
from infra import resources as shared

from . import edge, functions, gateway, observation, sockets

Template = dict[str, Any]
SECRETS_PATH: Template = {
    "Type": "String", "AllowedPattern": "/[A-Za-z0-9_.\\-/]+/",
    "Description": "Where the keys are in the parameter store: a path that ends with a slash.",
}
PROTECTION: Template = {
    "Type": "String", "Default": "on", "AllowedValues": ["on", "off"],
    "Description": "Whether tables refuse to be deleted. `make deploy` makes a stack without, and then switches it on.",
}


def merged(app: Chalice, stage: str, reserved: dict[str, int]) -> Template:
    """`infra/resources.json` for a stage, with all that exists only when deployed.

    `reserved`: concurrency by function. It depends on a condition of the template.
    """
    template = copy.deepcopy(shared.load())
    template.pop("Description")  # it describes the file, not the stack
    _for_stage(template, stage)
    resources = template["Resources"]
    found = functions.of(app)
    missing = [each.name for each in found if each.queue and functions.queue_id(each.queue) not in resources]
    if missing:
        raise LookupError(f"infra/resources.json has no queue for {', '.join(missing)}")
    tables = of_type(resources, "AWS::DynamoDB::Table")
    _one_after_the_other(tables)
    _keep_what_people_made(resources)
    queues = [functions.queue_id(each.queue) for each in found if each.queue]
    for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values():
        alarm["Properties"]["AlarmActions"] = [observation.TOPIC]
    for part in (functions.resources(found, reserved), gateway.resources(), sockets.resources(),
                 edge.resources(app.routes, _kept_by_the_cdn()), observation.resources(found, queues, tables)):
        for logical, resource in part.items():
            resources[logical] = {**resources.get(logical, {}), **resource}
    template["Conditions"] = {
        **functions.CONDITIONS, **gateway.CONDITIONS, **edge.CONDITIONS, **observation.CONDITIONS,
        "Protects": {"Fn::Equals": [{"Ref": "Protection"}, "on"]},
        "NamesItsBucket": {"Fn::Not": [{"Fn::Equals": [{"Ref": "BucketName"}, ""]}]},
    }
    template["Rules"] = edge.RULES
    template["Description"] = f"Kenoma, stage {stage}"
    template["Outputs"] = _outputs()
    return template


def _kept_by_the_cdn() -> list[str]:
    return [path for each in DECLARED if each.shared for path in each.spellings]


def of_type(resources: Template, kind: str) -> Template:
    return {logical: resource for logical, resource in resources.items() if resource.get("Type") == kind}


def _for_stage(template: Template, stage: str) -> None:
    """Names that differ from stage to stage, so that one account can have several stages."""
    parameters = template["Parameters"]
    prefix = "kenoma-" if stage == "prod" else f"kenoma-{stage}-"
    parameters["Stage"]["Default"] = stage
    parameters["TablePrefix"]["Default"] = parameters["QueuePrefix"]["Default"] = prefix
    parameters["BucketName"]["Default"] = ""
    parameters |= {
        "SecretsPath": SECRETS_PATH | {"Default": f"/kenoma/{stage}/"}, "Protection": PROTECTION,
        **functions.PARAMETERS, **gateway.PARAMETERS, **sockets.PARAMETERS, **edge.PARAMETERS,
        **observation.PARAMETERS,
    }
    parameters["TablesInUse"] = parameters["TablesInUse"] | {"Default": prefix}
    template["Resources"]["MediaBucket"]["Properties"]["BucketName"] = {"Fn::If": [
        "NamesItsBucket", {"Ref": "BucketName"}, {"Fn::Sub": "kenoma-${Stage}-${AWS::AccountId}"},
    ]}


def _one_after_the_other(tables: Template) -> None:
    """Make tables one after the other: DynamoDB may refuse many with indexes at once (CloudFormation's manual)."""
    with_indexes = [logical for logical, table in tables.items()
                    if table["Properties"].keys() & {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"}]
    for before, after in itertools.pairwise(with_indexes):
        tables[after]["DependsOn"] = before


def _keep_what_people_made(resources: Template) -> None:
    """It stays when the stack goes, but not when the stack could not be made: then it holds nothing yet."""
    for resource in resources.values():
        if resource.get("DeletionPolicy") == "Retain":
            resource["DeletionPolicy"] = "RetainExceptOnCreate"  # `UpdateReplacePolicy` takes `Retain` only
        if resource.get("Properties", {}).get("DeletionProtectionEnabled"):
            resource["Properties"]["DeletionProtectionEnabled"] = {"Fn::If": ["Protects", True, False]}


def _outputs() -> Template:
    return {
        "Address": {"Description": "Where clients find the instance", "Value": edge.ADDRESS},
        "FrontName": {"Description": "The CDN's own name, for DNS", "Value": {"Fn::GetAtt": ["Front", "DomainName"]}},
        "Files": {"Description": "The bucket of emoji and media", "Value": {"Ref": "MediaBucket"}},
        "Alarms": {"Description": "The topic that alarms go to", "Value": observation.TOPIC},
    }


def finish(template: Template) -> None:
    """Do what merging cannot do."""
    gateway.finish(template)
    sockets.finish(template)
