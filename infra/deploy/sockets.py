"""The gateway of the sockets: a WebSocket API as Chalice makes it, with what Chalice does not say.

It has no access log: an address may have a token in it.
"""

from __future__ import annotations

from typing import Any

Template = dict[str, Any]
STAGE = "api"
OPENING = "websocket_connect"
"""The function that decides whether a socket opens."""
HOST: Template = {"Fn::Sub": "${WebsocketAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}"}
ENDPOINT = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"
ADDRESS: Template = {"Fn::Sub": f"https://${{WebsocketAPI}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{STAGE}"}
PARAMETERS: Template = {
    "Streaming": {
        "Type": "String", "Default": "on", "AllowedValues": ["on", "off"],
        "Description": "Whether clients may listen by sockets to what happens.",
    },
    "SocketsPerSecond": {
        "Type": "Number", "Default": 200, "MinValue": 1,
        "Description": "How many sockets may open in a second, and how often all clients may say something in one.",
    },
}


def resources() -> Template:
    """What is merged into Chalice's resources."""
    return {
        "WebsocketAPI": {"Properties": {"Name": {"Fn::Sub": "kenoma-${Stage}-sockets"}}},
        "WebsocketAPIStage": {"Properties": {"DefaultRouteSettings": {
            "DetailedMetricsEnabled": False, "DataTraceEnabled": False,
            "ThrottlingRateLimit": {"Ref": "SocketsPerSecond"},
            "ThrottlingBurstLimit": {"Ref": "SocketsPerSecond"},
        }}},
    }


def finish(template: Template) -> None:
    """Take out what Chalice tells of the sockets: their address is that of the CDN."""
    for output in [name for name in template["Outputs"] if name.startswith("Websocket")]:
        del template["Outputs"][output]
