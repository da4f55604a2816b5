"""The stack in moto, and the functions that it made: the code of its archive, under the environment of its template.

Nothing of the checkout runs but `make admin`, which is no part of the package.
"""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from chalice.app import ScheduledEventConfig
from moto.server import ThreadedMotoServer

from app import app
from infra.deploy import artifact, functions, secrets
from infra.local.pump import queues_of
from tests.cast import Reply, _encoded
from tests.cdn import FUNCTION_URL, HTTP_API, forwarded
from tests.deployed.package import Handler
from tests.edges import Sent, function_url, http_api, reply_of
from tests.infra.test_template import CODE, REGION, client, in_moto, packaged, translated
from tests.pictures import picture

__all__ = ["packaged", "translated"]
PASSWORD = "a password for the stack"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": REGION}
SERVICES = ("DYNAMODB", "S3", "SQS", "SESV2", "SSM", "LAMBDA")
EVENTS: dict[str, Callable[[Sent], dict[str, Any]]] = {HTTP_API: http_api, FUNCTION_URL: function_url}


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls the AWS of the other tests."""


class Instance:
    """The stack's functions, each in a process of its own, and what a client, an operator and SQS do with them."""

    def __init__(self, tree: Path, made: dict[str, str], endpoint: str) -> None:
        self.tree, self.made = tree, made
        self.endpoints = {f"AWS_ENDPOINT_URL_{service}": endpoint for service in SERVICES} | CREDENTIALS
        self.edge = HTTP_API
        self._running: dict[str, Handler] = {}

    def environ(self, name: str) -> dict[str, str]:
        logical = next(each.logical for each in functions.of(app) if each.name == name)
        found = client("lambda").get_function_configuration(FunctionName=self.made[logical])
        assert found["Handler"] == f"app.{name}"
        variables: dict[str, str] = found["Environment"]["Variables"]
        return variables

    def call(self, name: str, event: dict[str, Any]) -> dict[str, Any]:
        if name not in self._running:
            self._running[name] = Handler(self.tree, self.environ(name) | self.endpoints)
        return self._running[name](event, name)

    def ask(self, method: str, path: str, *, token: str = "", query: str = "", json: Any = None, form: Any = None,
            files: Any = None) -> Reply:
        body, content_type = _encoded(json, form, files)
        headers = [("Host", "kenoma.test"), ("Accept-Encoding", "gzip")]
        headers += [("Authorization", f"Bearer {token}")] if token else []
        headers += [("Content-Type", content_type)] if content_type else []
        sent = Sent(method, path, query, tuple(headers), body or None)
        key = self.environ("api_handler")["KENOMA_FRONT_KEY"]
        answer = self.call("api_handler", EVENTS[self.edge](forwarded(sent, self.edge, key)))
        status, answered, _, raw = reply_of(answer)
        return Reply(status, raw.decode(errors="surrogateescape"), answered)

    def appoint(self, name: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "infra.admin", "--stage", "prod", "--name", name, "--email", f"{name}@kenoma.test",
             "--ask"], input=PASSWORD + "\n", env={"PATH": os.environ["PATH"], **self.endpoints}, cwd=artifact.CHECKOUT,
            capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def sign_in(self, name: str) -> str:
        made = self.ask("POST", "/api/v1/apps", json={
            "client_name": "a client", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob",
            "scopes": "read write follow push"}).json
        token: str = self.ask("POST", "/oauth/token", form={
            "grant_type": "password", "username": name, "password": PASSWORD, "scope": "read write follow push",
            "client_id": made["client_id"], "client_secret": made["client_secret"]}).json["access_token"]
        return token

    def work(self) -> dict[str, int]:
        """Run all queues empty. How many messages each function did; none may fail."""
        done: dict[str, int] = {}
        handlers = {each.name: lambda event, _, name=each.name: self.call(name, event)
                    for each in functions.of(app) if each.queue}
        waiting = queues_of(SimpleNamespace(event_sources=app.event_sources, handler_map=handlers),  # type: ignore[arg-type]
                            client("sqs"))
        for _ in range(50):
            ran = [(queue, drained) for queue in waiting if (drained := queue.run_batch(None)) is not None]
            for queue, drained in ran:
                assert drained.failed == 0, queue.name
                done[queue.name] = done.get(queue.name, 0) + drained.handled
            if not ran:
                return done
        raise AssertionError("the queues do not become empty")

    def stop(self) -> None:
        for each in self._running.values():
            each.stop()


@pytest.fixture(scope="module")
def instance(package: Path, translated: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    folder = tmp_path_factory.mktemp("delivered")
    artifact.write(package, folder / artifact.CODE, {})
    with in_moto(translated, (folder / artifact.CODE).read_bytes()) as made:
        secrets.ensure(client("ssm"), "/kenoma/prod/")
        client("sesv2").create_email_identity(EmailIdentity="noreply@kenoma.test")
        code = client("s3").get_object(Bucket=CODE, Key="code.zip")["Body"].read()
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            archive.extractall(folder / "task")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
        server.start()
        instance = Instance(folder / "task", made, f"http://127.0.0.1:{port}")
        for name in ("root", "bob"):
            instance.appoint(name)
        yield instance
        instance.stop()
        server.stop()


@pytest.mark.parametrize("edge", EVENTS)
def test_from_signing_in_to_a_backup(instance: Instance, edge: str) -> None:
    """Who signs in posts a picture, brings a list of follows and takes everything away, by either edge."""
    instance.edge = edge
    root, bob = instance.sign_in("root"), instance.sign_in("bob")
    text = f"By {edge}"

    uploaded = instance.ask("POST", "/api/v1/media", token=root, form={"description": "a λ"},
                            files={"file": ("λ.png", picture(), "image/png")}).json
    posted = instance.ask("POST", "/api/v1/statuses", token=root, json={
        "status": text, "media_ids": [uploaded["id"]]}).json
    imported = instance.ask("POST", "/api/pleroma/follow_import", token=bob, form={"list": "root@kenoma.test\n"})
    before = instance.work()
    asked = instance.ask("POST", "/api/v1/pleroma/backups", token=root)
    after = instance.work()
    home = instance.ask("GET", "/api/v1/timelines/home", token=bob, query="limit=5").json

    assert posted["media_attachments"][0]["description"] == "a λ"
    assert imported.json == "job started"
    assert before["kenoma-imports"] >= 1
    assert [each["content"] for each in home][:1] == [text]
    assert asked.status == (200 if edge == HTTP_API else 400), "another one may be had after a week"
    if edge == HTTP_API:
        assert after["kenoma-archives"] >= 1
        (backup,) = instance.ask("GET", "/api/v1/pleroma/backups", token=root).json
        assert backup["processed"] is True
        key = backup["url"].removeprefix("https://kenoma.test/")
        found = client("s3").get_object(Bucket=instance.made["MediaBucket"], Key=key)["Body"].read()
        with zipfile.ZipFile(io.BytesIO(found)) as archive:
            assert text in archive.read("outbox.json").decode()


def test_what_is_deleted_is_cleared_away(instance: Instance) -> None:
    root = instance.sign_in("root")
    posted = instance.ask("POST", "/api/v1/statuses", token=root, json={"status": "for a moment"}).json
    instance.work()

    instance.ask("DELETE", f"/api/v1/statuses/{posted['id']}", token=root)
    done = instance.work()

    assert sum(done.values()) >= 1
    assert instance.ask("GET", f"/api/v1/statuses/{posted['id']}", token=root).status == 404


@pytest.mark.parametrize("name", [each.name for each in functions.of(app) if each.queue])
def test_every_function_of_a_queue_starts_and_brings_back_what_it_cannot_read(instance: Instance, name: str) -> None:
    record = {"messageId": "m1", "receiptHandle": "r", "body": "no JSON", "messageAttributes": {}, "md5OfBody": "",
              "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795219439000"},
              "eventSource": "aws:sqs", "awsRegion": REGION, "eventSourceARN": f"arn:aws:sqs:{REGION}:1:kenoma-x"}

    assert instance.call(name, {"Records": [record]}) == {"batchItemFailures": [{"itemIdentifier": "m1"}]}


@pytest.mark.parametrize(("kind", "status"), [("connect", 200), ("message", 200), ("disconnect", 200)])
def test_every_function_of_sockets_starts(instance: Instance, kind: str, status: int) -> None:
    event = {"requestContext": {"eventType": kind.upper(), "connectionId": "L0SM9cOFvHcCIhw=", "apiId": "a",
                                "stage": "api", "domainName": "kenoma.test", "identity": {"sourceIp": "192.0.2.1"}},
             "headers": {"Host": "kenoma.test"}, "body": "", "isBase64Encoded": False}

    assert instance.call(f"websocket_{kind}", event) == {"statusCode": status}


@pytest.mark.parametrize("name", [each.name for each in app.event_sources if isinstance(each, ScheduledEventConfig)])
def test_every_schedule_runs(instance: Instance, name: str) -> None:
    found = instance.call(name, {
        "version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "account": "123456789012",
        "time": "2026-11-29T00:00:00Z", "region": REGION, "resources": [], "detail": {}})

    assert all(type(each) is int for each in found.values())


def test_a_page_is_compressed_and_an_unknown_path_refused(instance: Instance) -> None:
    page = instance.ask("GET", "/api/v1/instance")
    unknown = instance.ask("GET", "/api/v1/nothing%2Fhere")

    assert page.headers["content-encoding"] == "gzip"
    assert page.json["uri"] == "https://kenoma.test"
    assert page.headers["cache-control"] == "public, max-age=0, s-maxage=60"
    assert (unknown.status, json.loads(unknown.body)) == (404, {"error": "Not implemented"})
