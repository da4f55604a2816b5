"""The package at work: unpacked as in Lambda, in a Python without other libraries, with AWS behind HTTP."""

from __future__ import annotations

import base64
import hmac
import io
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name

from app import app
from bench import cold_start
from chalicelib.queues import queue as queues
from chalicelib.queues.messages import KINDS
from chalicelib.settings import settings
from chalicelib.web.endpoint import DECLARED, Endpoint
from infra.deploy import artifact
from infra.local import pump
from tests.cast import PASSWORD, Cast, Person, Reply, _multipart
from tests.deployed.gateway import check_reply, event
from tests.deployed.package import Handler, environ
from tests.deployed.test_gateway import as_reply, good
from tests.hostile.world import ENDPOINTS, OUT_OF_BAND, World, every_endpoint, judge

MOST_MODULES = {"a cold start": 530, "and the module of any endpoint": 860, "or of any job": 860}
"""Imported by then, Python's own included. Each takes a third of a millisecond."""
BIG = {"argon2", "nh3", "markdown_it", "PIL", "pyotp", "regex", "cryptography", "captcha", "snowballstemmer",
       "py_vapid", "multipart", "jinja2", "markupsafe", "filetype", "charset_normalizer"}
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
    """Send one event to the package. Answers the reply as a client would get it."""

    def ask(event: dict[str, Any]) -> Reply:
        raw = handler(event)
        check_reply(raw)
        if event["requestContext"]["http"]["method"] != "GET":
            world.witness.writes += 1  # nobody watches another process: it may have changed anything
        return as_reply(raw)

    return ask


def declared_as(method: str, path: str) -> Endpoint:
    return next(each for each in ENDPOINTS if (each.method, each.path) == (method, path))


def request(by: Person, method: str, path: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
    body = json.dumps(parameters or {}).encode()
    headers = {"Authorization": f"Bearer {by.token}", "Content-Type": "application/json"}
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
    """Each large library is loaded where it is first needed, so importing the package does not show that it works."""
    from PIL import Image

    token = ask(request(world.alice, "POST", "/oauth/token", {
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
        status = ask(request(world.alice, "POST", "/api/v1/statuses", {"status": text, "content_type": kind}))
        assert html in status.json["content"], kind
    assert ask(event(declared_as("GET", "/api/v2/search"), "/api/v2/search", query=[("q", "bold")], headers={
        "Authorization": f"Bearer {world.alice.token}"})).status == 200
    page = ask(event(declared_as("GET", "/oauth/authorize"), "/oauth/authorize", query=[
        ("client_id", Cast().app.client_id), ("redirect_uri", OUT_OF_BAND)], headers={}))  # not one that is deleted
    assert "<form" in page.body


def test_secrets_come_from_the_parameter_store(handler: Handler, package: Path, world: World):
    boto3.client("ssm").put_parameter(Name="/kenoma/deployed/secret_key", Value="of the store", Type="SecureString")
    own = {"KENOMA_SECRETS": "/kenoma/deployed/secret_key,/kenoma/deployed/admin_token", "KENOMA_SECRET_KEY": ""}
    other = Handler(package, handler.environ | own)
    verify = declared_as("GET", "/api/v1/accounts/verify_credentials")

    reply = as_reply(other(event(verify, verify.path, headers={"Authorization": f"Bearer {world.alice.token}"})))
    other.stop()

    assert reply.status == 200
    token, _, signature = reply.headers["set-cookie"].partition("=")[2].partition(";")[0].rpartition(".")
    digest = hmac.digest(b"of the store", b"session " + token.encode(), "sha256")
    assert signature == base64.urlsafe_b64encode(digest).decode().rstrip("=")


# The functions behind the queues and the clock.


def message(number: int, body: str, queue: str) -> dict[str, Any]:
    """A message as Lambda hands it over."""
    return {
        "messageId": f"059f36b4-87a3-44ab-83d2-66197569a7{number:02}", "receiptHandle": "AQEB", "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795219439000", "SenderId": "AROA",
                       "ApproximateFirstReceiveTimestamp": "1795219439001"},
        "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs", "awsRegion": "us-east-1",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:123456789012:kenoma-{queue}",
    }


@pytest.mark.parametrize("queue", queues.QUEUES)
def test_each_queue_has_a_function_that_brings_back_only_what_failed(handler: Handler, queue):
    reply = handler({"Records": [message(1, "{}", queue), message(2, "no JSON", queue)]}, f"on_{queue}")

    assert [each["itemIdentifier"][-2:] for each in reply["batchItemFailures"]] in ([], ["01", "02"])
    assert handler({"Records": []}, f"on_{queue}") == {"batchItemFailures": []}


def test_a_job_is_done(handler: Handler, ask, world: World):
    """A home timeline has what somebody posted as soon as the function of that queue has run."""
    author, reader = Cast().people(2, "reader")  # another app: an administrator may have deleted that of the world
    reader.follows(author)
    pump.drain(app)
    ask(request(author, "POST", "/api/v1/statuses", {"status": "for the package"}))
    bodies = [each["Body"] for each in world.aws.sqs.receive_message(
        QueueUrl=world.aws.sqs.get_queue_url(QueueName=settings.queue_prefix + "timelines")["QueueUrl"],
        MaxNumberOfMessages=10).get("Messages", [])]
    assert bodies

    reply = handler({"Records": [message(at, body, "timelines") for at, body in enumerate(bodies)]}, "on_timelines")

    assert reply == {"batchItemFailures": []}
    assert [each["content"] for each in reader.get("/api/v1/timelines/home").json] == ["for the package"]


def test_the_clock_sweeps(handler: Handler):
    reply = handler({"version": "0", "id": "53dc4d37", "detail-type": "Scheduled Event", "source": "aws.events",
                     "account": "123456789012", "time": "2026-11-21T00:00:00Z", "region": "us-east-1",
                     "resources": ["arn:aws:events:us-east-1:123456789012:rule/sweep"], "detail": {}}, "sweep")

    assert all(type(each) is int for each in reply.values())


# What is in it.


def test_the_package_holds_what_is_needed_and_nothing_else(package: Path):
    names = {each.name.partition(".")[0].partition("-")[0] for each in package.iterdir()}
    models = {each.parts[-3] for each in package.glob("botocore/data/*/*/service-2.json*")}

    assert names & set(TOOLS) == set()
    assert {"app", "chalicelib", "chalice", "botocore", "pynamodb", "PIL", "pillow"} <= names
    assert models == set(artifact.SERVICES)
    assert any((package / "pillow.libs").glob("libjpeg-*"))
    assert not any(package.rglob("tests/*.py*"))


def test_of_large_services_the_package_knows_what_the_code_calls(package: Path):
    code = {file: file.read_text("utf-8") for file in (artifact.CHECKOUT / "chalicelib").rglob("*.py")}

    for service, operations in artifact.OPERATIONS.items():
        asking = [text for text in code.values() if f'clients.client("{service}"' in text]
        called = {name for text in asking for name in re.findall(
            r'(?:_client\(\)|\bclient)\.(?:get_paginator\(")?([a-z_0-9]+)', text)} - {"get_paginator"}
        words = {xform_name(operation) for operation in operations}
        assert called
        assert called <= words, service
        assert words - called <= {"head_bucket"}, service


def test_every_module_has_bytecode_that_nobody_compares(package: Path):
    bytecode = list(package.rglob("*.pyc"))

    assert {file.relative_to(package).parts[0] for file in bytecode} >= {"app.pyc", "chalicelib", "chalice", "botocore"}
    assert not list(package.rglob("*.py"))
    assert {file.read_bytes()[4:8] for file in bytecode} == {b"\1\0\0\0"}  # by hash, and not checked


def test_it_starts_with_nothing_beside_it_and_loads_nothing_large(package: Path):
    figures = cold_start.probe(package)

    assert figures["status"] == 200
    assert figures["modules"] < MOST_MODULES["a cold start"]


FIRST = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
os.environ.update(json.loads(sys.argv[2]))
import app
from chalicelib import contents, endpoints, jobs
from chalicelib.queues import messages, queue

packed = contents.packed()
modules = {each for methods in packed.routes.values() for each in methods.values()}
asked = [(f"endpoints.{module}", lambda module=module: endpoints.load(module)) for module in sorted(modules)]
asked += [(kind, lambda kind=kind: queue.job_of(messages.KINDS[kind].__new__(messages.KINDS[kind])))
          for kind in sorted(packed.jobs)]
for name, load in asked:
    if not os.fork():
        load()
        print(json.dumps([name, len(sys.modules), sorted({each.partition(".")[0] for each in sys.modules})]),
              flush=True)
        os._exit(0)
    os.wait()
"""


def test_every_module_may_be_the_first_and_brings_little(package: Path):
    """Each in a process that has imported no other: nothing may count on what another endpoint or job has brought."""
    command = [sys.executable, "-I", "-S", "-B", "-c", FIRST, str(package), json.dumps(cold_start.ENVIRON)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]

    endpoints_first = {name: count for name, count, _ in found if name.startswith("endpoints.")}
    jobs_first = {name: count for name, count, _ in found if not name.startswith("endpoints.")}
    assert set(endpoints_first) == {each.function.__module__.removeprefix("chalicelib.") for each in DECLARED}
    assert set(jobs_first) == {kind for kind, of in KINDS.items() if of.__module__.startswith("chalicelib.")}
    assert {name: count for name, count in endpoints_first.items()
            if count > MOST_MODULES["and the module of any endpoint"]} == {}
    assert {name: count for name, count in jobs_first.items() if count > MOST_MODULES["or of any job"]} == {}
    assert {name: set(loaded) & BIG for name, _, loaded in found if set(loaded) & (BIG | set(TOOLS))} == {}


def test_templates_are_compiled_before_they_are_packed(package: Path):
    """Jinja would take 20 ms of a cold start for the sources of one page."""
    templates = {file.name for file in (package / "chalicelib" / "pages" / "templates").rglob("*.html")}
    compiled = list((package / "chalicelib" / "pages" / "compiled").glob("*.pyc"))

    assert len(compiled) >= len(templates)


def test_no_large_library_is_loaded_before_it_is_needed(package: Path, handler: Handler):
    loaded = {name.partition(".")[0] for name in handler.modules}

    assert loaded & (BIG | set(TOOLS)) == set()
    assert {path.name.partition(".")[0] for path in package.iterdir()} >= BIG
