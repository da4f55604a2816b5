"""What lies behind the CDN and calls the function of the API: an HTTP API with one route, or the function's own URL.

The parameter `Edge` chooses. Both hand over every path, in events of the same format. The HTTP API has limits and an
access log; the URL costs nothing by request, and only the CDN may use it (`chalicelib/web/door.py`).
"""

from __future__ import annotations

import json
from typing import Any

from . import versions
from .functions import API, NOTHING

Template = dict[str, Any]
LIVE: Template = {"Ref": f"APIHandlerAlias{versions.LIVE}"}  # SAM makes it, and it stands for the alias's address
FUNCTION_NAME: Template = {"Fn::Sub": f"kenoma-${{Stage}}-{API}"}
# No address and no path, because nobody should see in a log who read what. The function logs the route.
ACCESS_LOG = {
    "request_id": "$context.requestId", "method": "$context.httpMethod", "status": "$context.status",
    "bytes": "$context.responseLength", "ms": "$context.responseLatency", "function_ms": "$context.integrationLatency",
    "error": "$context.error.responseType",
}
PARAMETERS: Template = {
    "Edge": {
        "Type": "String", "Default": "http-api", "AllowedValues": ["http-api", "function-url"],
        "Description": "What the CDN leads to. `function-url` is cheaper and has no limit of requests a second.",
    },
    "RequestsPerSecond": {
        "Type": "Number", "Default": 200, "MinValue": 1,
        "Description": "Requests a second that the HTTP API lets through; what is above is answered with 429.",
    },
    "RequestsAtOnce": {"Type": "Number", "Default": 400, "MinValue": 1, "Description": "How many of them in a burst."},
    "AccessLog": {
        "Type": "String", "Default": "no", "AllowedValues": ["yes", "no"],
        "Description": "Whether the HTTP API logs each request, those too that the function never saw.",
    },
}
CONDITIONS: Template = {
    "ByGateway": {"Fn::Equals": [{"Ref": "Edge"}, "http-api"]},
    "ByUrl": {"Fn::Not": [{"Condition": "ByGateway"}]},
    "LogsAccess": {"Fn::And": [{"Condition": "ByGateway"}, {"Fn::Equals": [{"Ref": "AccessLog"}, "yes"]}]},
}


def resources() -> Template:
    """Both edges, each under its condition."""
    return {**_gateway(), **_url()}


def _gateway() -> Template:
    return {
        "Gateway": {
            "Type": "AWS::ApiGatewayV2::Api", "Condition": "ByGateway",
            # No CORS here: the gateway would answer OPTIONS by itself, in words of its own.
            "Properties": {"Name": {"Fn::Sub": "kenoma-${Stage}"}, "ProtocolType": "HTTP"},
        },
        "GatewayIntegration": {
            "Type": "AWS::ApiGatewayV2::Integration", "Condition": "ByGateway",
            "Properties": {
                "ApiId": {"Ref": "Gateway"}, "IntegrationType": "AWS_PROXY",
                "IntegrationUri": LIVE,
                "PayloadFormatVersion": "2.0", "TimeoutInMillis": 30_000,
            },
        },
        "GatewayRoute": {
            "Type": "AWS::ApiGatewayV2::Route", "Condition": "ByGateway",
            "Properties": {"ApiId": {"Ref": "Gateway"}, "RouteKey": "$default",
                           "Target": {"Fn::Sub": "integrations/${GatewayIntegration}"}},
        },
        "GatewayStage": {
            "Type": "AWS::ApiGatewayV2::Stage", "Condition": "ByGateway",
            "Properties": {
                "ApiId": {"Ref": "Gateway"}, "StageName": "$default", "AutoDeploy": True,
                "DefaultRouteSettings": {
                    "DetailedMetricsEnabled": False,
                    "ThrottlingRateLimit": {"Ref": "RequestsPerSecond"},
                    "ThrottlingBurstLimit": {"Ref": "RequestsAtOnce"},
                },
                "AccessLogSettings": {"Fn::If": ["LogsAccess", {
                    "DestinationArn": {"Fn::GetAtt": ["GatewayLogs", "Arn"]},
                    "Format": json.dumps(ACCESS_LOG, separators=(",", ":")),
                }, NOTHING]},
            },
        },
        "GatewayLogs": {
            "Type": "AWS::Logs::LogGroup", "Condition": "LogsAccess",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "LogGroupName": {"Fn::Sub": "/aws/vendedlogs/kenoma-${Stage}-gateway"},
                "RetentionInDays": {"Ref": "LogDays"},
            },
        },
        "GatewayPermission": {
            "Type": "AWS::Lambda::Permission", "Condition": "ByGateway",
            "Properties": {
                "Action": "lambda:InvokeFunction", "FunctionName": LIVE,
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": {
                    "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Gateway}/*"},
            },
        },
    }


def _url() -> Template:
    """The URL of the function, which needs two permissions since October 2025.

    It names the function without a reference, which would be a circle: the function knows its address, which is the
    CDN's, and the CDN leads to the URL. So it cannot wait for the function, and `make deploy` makes a new stack with
    the gateway first. The gateway itself needs no function: its integration does, and nothing waits for that.
    """
    anybody = {"FunctionName": LIVE, "Principal": "*"}
    return {
        "FunctionUrl": {
            "Type": "AWS::Lambda::Url", "Condition": "ByUrl",
            "Properties": {"AuthType": "NONE", "InvokeMode": "BUFFERED", "TargetFunctionArn": FUNCTION_NAME,
                           "Qualifier": versions.LIVE},
        },
        "FunctionUrlPermission": {
            "Type": "AWS::Lambda::Permission", "Condition": "ByUrl",
            "Properties": {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE", **anybody},
        },
        "FunctionUrlInvokes": {
            "Type": "AWS::Lambda::Permission", "Condition": "ByUrl",
            "Properties": {"Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True, **anybody},
        },
    }


def finish(template: Template) -> None:
    """Take out what `chalice package` makes for a REST API: its routes are served behind one route of ours."""
    resources = template["Resources"]
    for logical in ("RestAPI", "APIHandlerInvokePermission"):
        del resources[logical]
    for output in ("EndpointURL", "RestAPIId"):
        del template["Outputs"][output]
