"""The functions as the application declares them, with what Chalice cannot say about them.

Names are fixed, so that the URL of a function can name it without depending on it. Otherwise there would be a circle:
the function knows its public address, which is the CDN's, and the CDN leads to the URL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalice.app import Chalice, ScheduledEventConfig, SQSEventConfig

from chalicelib.settings import settings

from . import policies, sockets, versions
from .edge import ADDRESS, FRONT_KEY
from .runtime import LAMBDA

API = "api_handler"
Template = dict[str, Any]
# The environment of every function, beside what a stage of `.chalice/config.json` sets.
ENVIRONMENT: Template = {
    "KENOMA_STAGE": {"Ref": "Stage"},
    "KENOMA_BASE_URL": ADDRESS,
    "KENOMA_TABLE_PREFIX": {"Ref": "TablesInUse"},
    "KENOMA_QUEUE_PREFIX": {"Ref": "QueuePrefix"},
    "KENOMA_BUCKET": {"Ref": "MediaBucket"},
    "KENOMA_CDN": {"Ref": "Front"},
    "KENOMA_INSTANCE_NAME": {"Ref": "InstanceName"},
    "KENOMA_INSTANCE_EMAIL": {"Ref": "InstanceEmail"},
    "KENOMA_NOTIFY_EMAIL": {"Ref": "NotifyEmail"},
    "KENOMA_MAIL": {"Fn::If": ["Mails", "on", "off"]},
    "KENOMA_VAPID_PUBLIC_KEY": {"Ref": "VapidPublicKey"},
    "KENOMA_METRICS": {"Ref": "Metrics"},
    "KENOMA_STREAMING": {"Ref": "Streaming"},
}
PARAMETERS: Template = {
    "TablesInUse": {
        "Type": "String",
        "Description": "Prefix of the tables that functions read: TablePrefix, or that of restored ones.",
    },
    "InstanceName": {"Type": "String", "Default": "Kenoma", "Description": "Title of the instance."},
    "InstanceEmail": {
        "Type": "String", "AllowedPattern": "[^@ ]+@[^@ ]+",
        "Description": "Contact address: shown to everybody, and to the push services that browsers use.",
    },
    "NotifyEmail": {
        "Type": "String", "Default": "",
        "Description": "Sender of letters, an address that SES has verified. Without one no letters are sent.",
    },
    "VapidPublicKey": {
        "Type": "String", "Default": "",
        "Description": "The public half of the keys for push; `make deploy` fills it in.",
    },
    "LogDays": {
        "Type": "Number", "Default": 30, "AllowedValues": [1, 3, 5, 7, 14, 30, 60, 90, 180, 365],
        "Description": "Days that logs are kept.",
    },
    "SystemLogs": {
        "Type": "String", "Default": "WARN", "AllowedValues": ["WARN", "INFO"],
        "Description": "`INFO`: Lambda writes its own lines of each run too (START, END, REPORT).",
    },
    "Metrics": {
        "Type": "String", "Default": "default", "AllowedValues": ["default", "all"],
        "Description": "Metrics of our own: ten, which are free, or `all` seventeen, for $2.10 a month.",
    },
    "XRay": {
        "Type": "String", "Default": "no", "AllowedValues": ["yes", "no"],
        "Description": "Whether X-Ray traces runs: $5 for a million of them.",
    },
    "ReserveConcurrency": {
        "Type": "String", "Default": "yes", "AllowedValues": ["yes", "no"],
        "Description": "`no` in an account that may run fewer than 200 functions at a time, as new ones do.",
    },
}
CONDITIONS: Template = {
    "Mails": {"Fn::Not": [{"Fn::Equals": [{"Ref": "NotifyEmail"}, ""]}]},
    "Traces": {"Fn::Equals": [{"Ref": "XRay"}, "yes"]},
    "Reserves": {"Fn::Equals": [{"Ref": "ReserveConcurrency"}, "yes"]},
}
NOTHING = {"Ref": "AWS::NoValue"}


@dataclass(frozen=True)
class Function:
    """`queue`: the name, without its prefix, of the queue that the function reads."""

    name: str
    queue: str | None = None

    @property
    def logical(self) -> str:
        """Chalice's id for it in the template."""
        return "APIHandler" if self.name == API else _camel(self.name)

    @property
    def role(self) -> str:
        return f"{_camel(self.name)}Role"

    @property
    def log_group(self) -> str:
        return f"{_camel(self.name)}Logs"

    @property
    def full_name(self) -> Template:
        return {"Fn::Sub": f"kenoma-${{Stage}}-{self.name}"}


def of(app: Chalice) -> list[Function]:
    """The function of the API, and one for each handler of a queue, a schedule, or what happens to sockets."""
    found = [Function(API)]
    for source in app.event_sources:
        if isinstance(source, SQSEventConfig):
            found.append(Function(source.name, str(source.queue).removeprefix(settings.queue_prefix)))
        elif isinstance(source, ScheduledEventConfig):
            found.append(Function(source.name))
        else:
            raise TypeError(f"{source.name}: no such event source is deployed so far")
    return found + [Function(handler.name) for handler in app.websocket_handlers.values()]


def resources(functions: list[Function], reserved: Mapping[str, int]) -> Template:
    """What is merged into Chalice's functions and roles. `reserved`: concurrency by function, from the stage."""
    merged: Template = {"Tracing": _tracing(functions)}
    for function in functions:
        policy = policies.of(function.name)
        document = policies.document(policy, function.log_group, function.queue)
        merged[function.logical] = {"Properties": _properties(function, policy, reserved.get(function.name))}
        merged[function.role] = {
            "Properties": {"Policies": [{"PolicyName": function.name, "PolicyDocument": document}]},
        }
        merged[function.log_group] = {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "LogGroupName": {"Fn::Sub": f"/aws/lambda/kenoma-${{Stage}}-{function.name}"},
                "RetentionInDays": {"Ref": "LogDays"},
            },
        }
    return merged


def _tracing(functions: list[Function]) -> Template:
    """What X-Ray needs in every role. It knows no resources."""
    actions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
    return {
        "Type": "AWS::IAM::Policy", "Condition": "Traces",
        "Properties": {
            "PolicyName": {"Fn::Sub": "kenoma-${Stage}-tracing"},
            "Roles": [{"Ref": function.role} for function in functions],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": actions, "Resource": "*"}]},
        },
    }


def _properties(function: Function, policy: policies.Policy, reserved: int | None) -> Template:
    properties: Template = {
        "FunctionName": function.full_name,
        "Runtime": LAMBDA.runtime,  # Chalice writes the version of the Python that runs it
        "Architectures": [LAMBDA.architecture],
        "Environment": {"Variables": dict(ENVIRONMENT)},
        "LoggingConfig": {
            "LogGroup": {"Ref": function.log_group}, "LogFormat": "JSON",
            "SystemLogLevel": {"Ref": "SystemLogs"}, "ApplicationLogLevel": "TRACE",  # we choose what we log
        },
        "Tracing": {"Fn::If": ["Traces", "Active", "PassThrough"]},
    }
    variables = properties["Environment"]["Variables"]
    if policy.secrets:
        names = [f"${{SecretsPath}}{name}" for name in policy.secrets]
        variables["KENOMA_SECRETS"] = {"Fn::Sub": ",".join(names)}
    if policy.connections:
        variables[sockets.ENDPOINT] = sockets.ADDRESS
    if function.name == sockets.OPENING:
        variables["KENOMA_FRONT_KEY"] = FRONT_KEY
    if function.name == API:
        variables["KENOMA_FRONT_KEY"] = FRONT_KEY
        properties |= versions.properties("GatewayErrorsAlarm")
        properties["Handler"] = f"app.{API}"  # the door around Chalice's own (chalicelib/web/door.py)
    if reserved is not None:
        properties["ReservedConcurrentExecutions"] = {"Fn::If": ["Reserves", reserved, NOTHING]}
    if function.queue:
        properties["Events"] = {f"{function.logical}SqsEventSource": {"Properties": {
            # The same intrinsic as Chalice writes. Another one would be added to it instead of replacing it.
            "Queue": {"Fn::Sub": f"${{{queue_id(function.queue)}.Arn}}"},
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            # Without reserved concurrency, jobs must leave room for people. With it, this would only cost polls.
            "ScalingConfig": {"Fn::If": ["Reserves", NOTHING, {"MaximumConcurrency": 2}]},
        }}}
    return properties


def queue_id(queue: str) -> str:
    """The logical id of a queue in `infra/resources.json`."""
    return f"{queue.capitalize()}Queue"


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
