"""The gateway: its own replies in the API's form, its logs, its limits, and preflights without a function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.web.edge import ALLOW_METHODS, ON_EVERY_REPLY, ON_PREFLIGHT
from chalicelib.web.errors import NOT_IMPLEMENTED, WENT_WRONG, error_body

from .functions import API

Template = dict[str, Any]
TOO_LARGE = "Request body is too large"
# We do not use the gateway for authorisation, so each of its 403s is for a path or method that does not exist: it takes
# a token in `Authorization` for a signature of AWS, and says so.
UNKNOWN = ("MISSING_AUTHENTICATION_TOKEN", "ACCESS_DENIED", "INVALID_SIGNATURE", "EXPIRED_TOKEN", "INVALID_API_KEY",
           "UNAUTHORIZED", "RESOURCE_NOT_FOUND")
REPLIES: Mapping[str, tuple[int | None, str]] = {
    **dict.fromkeys(UNKNOWN, (404, NOT_IMPLEMENTED)),
    "REQUEST_TOO_LARGE": (413, TOO_LARGE),
    "THROTTLED": (429, "Throttled"),
    "QUOTA_EXCEEDED": (429, "Throttled"),
    "WAF_FILTERED": (403, "Access denied"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "Bad request"),
    "BAD_REQUEST_BODY": (400, "Bad request"),
    "BAD_REQUEST_PARAMETERS": (400, "Bad request"),
    "DEFAULT_4XX": (404, NOT_IMPLEMENTED),  # the rest: a malformed `Authorization` on a path that does not exist
    "DEFAULT_5XX": (None, WENT_WRONG),
}
# No address and no path, because nobody should see in a log who read what. The route's template stands for the path.
ACCESS_LOG = {
    "request_id": "$context.requestId", "method": "$context.httpMethod", "route": "$context.resourcePath",
    "status": "$context.status", "bytes": "$context.responseLength", "ms": "$context.responseLatency",
    "function_ms": "$context.integrationLatency", "error": "$context.error.responseType",
}
PARAMETERS: Template = {
    "RequestsPerSecond": {
        "Type": "Number", "Default": 200, "MinValue": 1,
        "Description": "Requests a second that the gateway lets through; what is above is answered with 429.",
    },
    "RequestsAtOnce": {"Type": "Number", "Default": 400, "MinValue": 1, "Description": "How many of them in a burst."},
}


def resources() -> Template:
    """What is merged into Chalice's `RestAPI`, and what its logs need.

    The role that lets gateways write logs is one for the account and the region. It stays when this stack is deleted,
    because other gateways may use it by then.
    """
    return {
        "RestAPI": {
            "DependsOn": ["GatewayAccount"],
            "Properties": {
                "Name": {"Fn::Sub": "kenoma-${Stage}"},
                # Without it SAM makes a second stage, named Stage, without logs and limits.
                "OpenApiVersion": "2.0",
                "AccessLogSetting": {
                    "DestinationArn": {"Fn::GetAtt": ["GatewayLogs", "Arn"]},
                    "Format": json.dumps(ACCESS_LOG, separators=(",", ":")),
                },
                "MethodSettings": [{
                    "ResourcePath": "/*", "HttpMethod": "*", "MetricsEnabled": False,
                    "ThrottlingRateLimit": {"Ref": "RequestsPerSecond"},
                    "ThrottlingBurstLimit": {"Ref": "RequestsAtOnce"},
                }],
                "DefinitionBody": {"x-amazon-apigateway-gateway-responses": responses()},
            },
        },
        "GatewayLogs": {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "LogGroupName": {"Fn::Sub": "/kenoma/${Stage}/gateway"},
                "RetentionInDays": {"Ref": "LogDays"},
            },
        },
        "GatewayAccount": {
            "Type": "AWS::ApiGateway::Account",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {"CloudWatchRoleArn": {"Fn::GetAtt": ["GatewayAccountRole", "Arn"]}},
        },
        "GatewayAccountRole": {
            "Type": "AWS::IAM::Role",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole",
                }]},
                "ManagedPolicyArns": [{
                    "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/"
                               "AmazonAPIGatewayPushToCloudWatchLogs",
                }],
            },
        },
    }


def responses() -> Template:
    """Every reply that the gateway makes by itself, in the form of the API's errors."""
    return {kind: _response(status, error) for kind, (status, error) in REPLIES.items()}


def _response(status: int | None, error: str) -> Template:
    headers = {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in ON_EVERY_REPLY.items()
               if "'" not in value}
    response: Template = {
        "responseParameters": headers | {"gatewayresponse.header.X-Request-Id": "context.requestId"},
        "responseTemplates": {"application/json": json.dumps(error_body(error), separators=(",", ":"))},
    }
    return response if status is None else {"statusCode": status, **response}


def finish(api: Template) -> None:
    """What merging cannot do to Chalice's `RestAPI`: replace its preflights, and call its function by name."""
    for methods in api["Properties"]["DefinitionBody"]["paths"].values():
        for method, operation in methods.items():
            if method == "options":
                methods[method] = preflight()
            else:
                uri = operation["x-amazon-apigateway-integration"]["uri"]
                uri["Fn::Sub"] = uri["Fn::Sub"].replace("${APIHandler.Arn}", FUNCTION_ARN)


FUNCTION_ARN = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:kenoma-${Stage}-" + API


def preflight() -> Template:
    """OPTIONS of a path, answered without a function: 204 with the same headers as the local stage."""
    headers = ON_PREFLIGHT | {"Access-Control-Allow-Methods": ALLOW_METHODS}
    return {
        "consumes": ["application/json"],
        "responses": {"204": {"description": "", "headers": {name: {"type": "string"} for name in headers}}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode":204}'},
            "passthroughBehavior": "when_no_match",
            "contentHandling": "CONVERT_TO_TEXT",
            "responses": {"default": {"statusCode": "204", "responseParameters": {
                f"method.response.header.{name}": f"'{value}'" for name, value in headers.items()
            }}},
        },
    }
