"""The functions that the CDN runs itself: before the API, before sockets, and after files. They are written in
JavaScript.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.domain.refusals import TooLarge
from chalicelib.web.edge import ALLOW_METHODS, NOT_KEPT, ON_EVERY_REPLY, ON_PREFLIGHT
from chalicelib.web.errors import NOT_IMPLEMENTED, body_of, error_body
from chalicelib.web.replies import JSON

Template = dict[str, Any]
# A body arrives in base64, beside the rest of its event, and Lambda takes 6 MB in all.
MOST_BYTES = 4_600_000
BEFORE_THE_API = Path(__file__).with_name("before_the_api.js")
FUNCTION_LIMIT = 10_240

# `?name=` of an attachment becomes the name that it is saved under. The local stage does the same.
NAMING = """\
function handler(event) {
  var response = event.response;
  var asked = event.request.querystring.name;
  if (asked && asked.value) {
    var name = asked.value.replace(/\\+/g, ' ');
    try { name = decodeURIComponent(name); } catch (error) { return response; }
    name = name.replace(/[\\x00-\\x1f\\x7f]/g, '');
    var plain = name.replace(/[^\\x20-\\x7e]/g, '_').replace(/\\\\/g, '\\\\\\\\').replace(/"/g, '\\\\"');
    var value = 'filename="' + plain + '"';
    if (/[^\\x20-\\x7e]/.test(name)) {
      value += "; filename*=UTF-8''" + encodeURIComponent(name).replace(/['()*]/g, function (sign) {
        return '%' + sign.charCodeAt(0).toString(16).toUpperCase();
      });
    }
    response.headers['content-disposition'] = {value: value};
  }
  return response;
}
"""

# The gateway of the sockets knows no path but its stage. It is not asked for what cannot become a socket.
BEFORE_SOCKETS = """\
function handler(event) {
  var request = event.request;
  if (!request.headers['sec-websocket-key']) {
    var headers = <HEADERS>;
    headers['x-request-id'] = {value: event.context.requestId};
    return {statusCode: 404, statusDescription: 'Not Found', headers: headers,
            body: {encoding: 'text', data: <BODY>}};
  }
  Object.keys(request.headers).forEach(function (name) {
    if (name.toLowerCase().indexOf('x-kenoma-') === 0) {
      delete request.headers[name];
    }
  });
  request.headers['x-kenoma-client'] = {value: event.viewer.ip};
  request.uri = '/';
  return request;
}
"""


def resources() -> Template:
    return {
        "BeforeTheApi": _function("before-the-api", {"Fn::Sub": before_the_api()}, "What only the CDN sees"),
        "BeforeSockets": _function("before-sockets", before_sockets(), "Leads to the gateway of the sockets"),
        "Naming": _function("naming", NAMING, "The name of a saved attachment"),
    }


def before_the_api() -> str:
    """The function with our headers and texts in it. `${Edge}` is left for CloudFormation."""
    code = BEFORE_THE_API.read_text()
    preflight = ON_PREFLIGHT | {"Access-Control-Allow-Methods": ALLOW_METHODS}
    for name, value in {
        "MOST_BYTES": MOST_BYTES,
        "ON_EVERY_REPLY": _lower(ON_EVERY_REPLY | NOT_KEPT | {"Content-Type": JSON}),
        "ON_PREFLIGHT": _lower(preflight),
        "TOO_LARGE": json.dumps(body_of(TooLarge()), separators=(",", ":")),
    }.items():
        code = code.replace(f"<{name}>", json.dumps(value))
    return code


def before_sockets() -> str:
    """The function with our headers and the text of what is not served."""
    headers = _lower(ON_EVERY_REPLY | NOT_KEPT | {"Content-Type": JSON})
    code = BEFORE_SOCKETS.replace("<HEADERS>", json.dumps({name: {"value": each} for name, each in headers.items()}))
    return code.replace("<BODY>", json.dumps(json.dumps(error_body(NOT_IMPLEMENTED), separators=(",", ":"))))


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _function(name: str, code: Any, comment: str) -> Template:
    return {
        "Type": "AWS::CloudFront::Function",
        "Properties": {
            "Name": {"Fn::Sub": f"kenoma-${{Stage}}-{name}"}, "AutoPublish": True, "FunctionCode": code,
            "FunctionConfig": {"Comment": comment, "Runtime": "cloudfront-js-2.0"},
        },
    }
