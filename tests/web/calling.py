"""Small applications made of a test's own endpoints, called with the events of API Gateway."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from chalice.app import Chalice

from chalicelib.web.edge import surround
from chalicelib.web.mounting import mount


@dataclass
class Answer:
    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        return str(self.json["error"])


class Site:
    """The endpoints declared so far, mounted on an application of their own at the first call."""

    def __init__(self) -> None:
        self._app: Chalice | None = None

    @property
    def app(self) -> Chalice:
        if self._app is None:
            self._app = Chalice("tested", configure_logs=False)
            surround(self._app)
            mount(self._app)
        return self._app

    def call(self, method: str, path: str, *, json: Any = None, form: str | None = None, body: bytes | None = None,
             type: str | None = None, headers: dict[str, str] | None = None, token: str = "",
             query: dict[str, list[str]] | None = None, ip: str = "192.0.2.9") -> Answer:
        path, _, text = path.partition("?")
        template, values = self._found(path)
        sent = {"host": "kenoma.test", **{name.lower(): value for name, value in (headers or {}).items()}}
        if json is not None:
            body, type = _dumped(json), type or "application/json"
        if form is not None:
            body, type = form.encode(), "application/x-www-form-urlencoded"
        if type is not None:
            sent["content-type"] = type
        if token:
            sent["authorization"] = f"Bearer {token}"
        return self._answered({
            "path": path, "headers": sent, "pathParameters": values or None, "stageVariables": None,
            "multiValueQueryStringParameters": query or _grouped(text),
            "requestContext": {"resourcePath": template, "httpMethod": method, "identity": {"sourceIp": ip}},
            "body": None if body is None else base64.b64encode(body).decode(), "isBase64Encoded": body is not None,
        })

    def get(self, path: str, **more: Any) -> Answer:
        return self.call("GET", path, **more)

    def post(self, path: str, **more: Any) -> Answer:
        return self.call("POST", path, **more)

    def event(self, event: dict[str, Any]) -> Answer:
        return self._answered(event)

    def _answered(self, event: dict[str, Any]) -> Answer:
        reply = self.app(event, None)
        headers = {name.lower(): str(value) for name, value in reply["headers"].items()}
        return Answer(reply["statusCode"], reply["body"], headers)

    def _found(self, path: str) -> tuple[str, dict[str, str]]:
        for template in sorted(self.app.routes):
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
            fits = re.fullmatch(pattern, path)
            if fits:
                return template, fits.groupdict()
        return path, {}


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def _grouped(text: str) -> dict[str, list[str]] | None:
    grouped: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        grouped.setdefault(name, []).append(value)
    return grouped or None


def multipart(*parts: tuple[str, bytes] | tuple[str, bytes, str, str]) -> tuple[bytes, str]:
    """A multipart body and its content type. A part is (name, value) or (name, data, filename, type)."""
    lines: list[bytes] = []
    for name, data, *file in parts:
        head = f'Content-Disposition: form-data; name="{name}"'
        if file:
            head += f'; filename="{file[0]}"\r\nContent-Type: {file[1]}'
        lines.append(f"--edge\r\n{head}\r\n\r\n".encode() + data + b"\r\n")
    return b"".join(lines) + b"--edge--\r\n", "multipart/form-data; boundary=edge"
