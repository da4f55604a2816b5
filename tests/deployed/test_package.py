"""The package at work: unpacked as Lambda has it, in a Python without anything else, with AWS behind HTTP."""

from __future__ import annotations

import base64
import io
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench import cold_start
from chalicelib.settings import settings
from chalicelib.web.endpoint import Endpoint
from infra.deploy import artifact
from tests.cast import PASSWORD, Reply, _multipart
from tests.deployed.gateway import check_reply, event
from tests.deployed.package import Handler, environ
from tests.deployed.test_gateway import as_reply, good
from tests.hostile.world import ENDPOINTS, OUT_OF_BAND, World, every_endpoint, judge

MOST_MODULES = 760
"""Imported by a cold start, Python's own included. Each takes half a millisecond."""
BIG = {"argon2", "nh3", "markdown_it", "PIL", "pyotp", "regex", "cryptography", "captcha", "snowballstemmer",
       "py_vapid", "multipart", "filetype"}
TOOLS = ("moto", "pytest", "boto3", "mypy", "ruff", "infra", "tests", "bench", "pip", "setuptools")


@pytest.fixture(scope="module")
def handler(package: Path, world: World) -> Iterator[Handler]:
    """The package's handler. It asks the AWS of these tests through moto's server, in a thread of this process."""
    from moto.server import ThreadedMotoServer

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    keys = {"KENOMA_VAPID_PUBLIC_KEY": settings.vapid_public_key, "KENOMA_CAPTCHA": "native",
            "KENOMA_VAPID_PRIVATE_KEY": settings.vapid_private_key}
    made = Handler(package, environ(f"http://127.0.0.1:{port}") | keys)
    yield made
    made.stop()
    server.stop()


@pytest.fixture
def ask(handler: Handler, world: World):
    """One event to the package, and the reply as a client would have it."""

    def ask(event: dict[str, Any]) -> Reply:
        raw = handler(event)
        check_reply(raw)
        if event["httpMethod"] != "GET":
            world.witness.writes += 1  # nobody watches another process: it may have changed anything
        return as_reply(raw)

    return ask


def declared_as(method: str, path: str) -> Endpoint:
    return next(each for each in ENDPOINTS if (each.method, each.path) == (method, path))


def request(world: World, method: str, path: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
    body = json.dumps(parameters or {}).encode()
    headers = {"Authorization": f"Bearer {world.alice.token}", "Content-Type": "application/json"}
    return event(declared_as(method, path), path, headers=headers, body=body)


@every_endpoint
def test_every_route_works(ask, world: World, declared):
    judge(declared, ask(good(world, declared)), "the package")


@pytest.mark.parametrize(("name", "data", "mime"), [
    ("bytes", bytes(range(256)) * 400, "application/octet-stream"), ("text", "Grüße\r\n".encode(), "text/plain"),
])
def test_an_upload_arrives_byte_for_byte(ask, world: World, name, data, mime):
    body, content_type = _multipart([("description", "ü")], {"file": (name, data, mime)})
    upload = event(declared_as("POST", "/api/v1/media"), "/api/v1/media", body=body, headers={
        "Authorization": f"Bearer {world.alice.token}", "Content-Type": content_type})
    assert upload["isBase64Encoded"]

    shown = ask(upload).json

    assert shown["description"] == "ü"
    stored = world.aws.s3.get_object(Bucket=settings.bucket, Key=shown["url"].removeprefix("http://kenoma.test/"))
    assert stored["Body"].read() == data
    assert stored["ContentType"] == mime


def test_what_needs_a_large_library_works(ask, world: World):
    """Each of them is loaded where it is first needed, so that importing the package shows nothing."""
    from PIL import Image

    token = ask(request(world, "POST", "/oauth/token", {
        "grant_type": "password", "username": world.alice.nickname, "password": PASSWORD,
        "client_id": world.cast.app.client_id, "client_secret": world.cast.app.secret}))
    assert token.status in (200, 400)  # her password is a stand-in; argon2 has looked at it
    captcha = ask(event(declared_as("GET", "/api/pleroma/captcha"), "/api/pleroma/captcha", headers={}))
    assert base64.b64decode(captcha.json["url"].partition(",")[2]).startswith(b"\x89PNG")
    for format in ("PNG", "JPEG", "GIF", "WEBP"):
        picture = io.BytesIO()
        Image.new("RGB", (40, 30), (200, 30, 0)).save(picture, format)
        body, content_type = _multipart([], {"avatar": ("me", picture.getvalue(), "image/any")})
        profile = event(declared_as("PATCH", "/api/v1/accounts/update_credentials"),
                        "/api/v1/accounts/update_credentials", body=body, headers={
                            "Authorization": f"Bearer {world.alice.token}", "Content-Type": content_type})
        assert ask(profile).status == 200, format
    for kind, text, html in (("text/markdown", "**bold** https://kenoma.example", "<strong>bold</strong>"),
                             ("text/html", "<b onclick=x>bold</b>", "<b>bold</b>"), ("text/bbcode", "[b]x[/b]", "x")):
        status = ask(request(world, "POST", "/api/v1/statuses", {"status": text, "content_type": kind}))
        assert html in status.json["content"], kind
    assert ask(event(declared_as("GET", "/api/v2/search"), "/api/v2/search", query=[("q", "bold")], headers={
        "Authorization": f"Bearer {world.alice.token}"})).status == 200
    page = ask(event(declared_as("GET", "/oauth/authorize"), "/oauth/authorize", query=[
        ("client_id", world.cast.app.client_id), ("redirect_uri", OUT_OF_BAND)], headers={}))
    assert "<form" in page.body


# What is in it.


def test_the_package_holds_what_is_needed_and_nothing_else(package: Path):
    names = {each.name.partition(".")[0].partition("-")[0] for each in package.iterdir()}
    models = {each.parts[-3] for each in package.glob("botocore/data/*/*/service-2.json*")}

    assert names & set(TOOLS) == set()
    assert {"app", "chalicelib", "chalice", "botocore", "pynamodb", "PIL", "pillow"} <= names
    assert models == set(artifact.SERVICES)
    assert any((package / "pillow.libs").glob("libjpeg-*"))
    assert not any(package.rglob("tests/*.py*"))


def test_every_module_has_bytecode_that_nobody_compares(package: Path):
    ours = list(package.rglob("*.py"))
    bytecode = list(package.rglob("*.pyc"))

    assert {file.relative_to(package).parts[0] for file in ours} == {"app.py", "chalicelib"}
    assert len(bytecode) > len(ours)
    assert {file.read_bytes()[4:8] for file in bytecode} == {b"\1\0\0\0"}  # by hash, and not checked


def test_it_starts_with_nothing_beside_it_and_loads_nothing_large(package: Path):
    figures = cold_start.probe(package)

    assert figures["status"] == 200
    assert figures["modules"] < MOST_MODULES


def test_no_large_library_is_loaded_before_it_is_needed(package: Path, handler: Handler):
    loaded = {name.partition(".")[0] for name in handler.modules}

    assert loaded & (BIG | set(TOOLS)) == set()
    assert {path.name.partition(".")[0] for path in package.iterdir()} >= BIG
