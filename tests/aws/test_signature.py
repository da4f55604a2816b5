"""Our signatures are the same as botocore's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import NoCredentialsError

from chalicelib.aws import signature
from chalicelib.aws.signature import Signer
from chalicelib.queues import queue
from chalicelib.queues.statuses import HomeSync
from chalicelib.store.accounts.accounts import find
from chalicelib.store.dynamo import connection

NOON = datetime(2026, 11, 21, 12, 0, 7, tzinfo=UTC)
EAST = "https://dynamodb.us-east-1.amazonaws.com"


@pytest.fixture
def clock(monkeypatch):
    """The time, for our signer and botocore's."""
    class Clock(datetime):
        at = NOON

        @classmethod
        def now(cls, tz=None):
            return cls.at

    monkeypatch.setattr(signature, "datetime", Clock)
    monkeypatch.setattr(auth, "get_current_datetime", lambda: Clock.at.replace(tzinfo=None))
    return Clock


def asked(url=EAST, data=b'{"TableName": "a"}', **headers):
    return AWSRequest("POST", f"{url}/", data=data, headers={
        "X-Amz-Target": "DynamoDB_20120810.GetItem", "Content-Type": "application/x-amz-json-1.0", **headers})


@pytest.mark.parametrize("token", [None, "a" * 800])
@pytest.mark.parametrize("url", [EAST, "http://127.0.0.1:4567", "https://localhost:443", "http://localhost:80"])
@pytest.mark.parametrize(("data", "headers"), [
    (b'{"TableName": "a"}', {}), ('{"name": "é😀"}', {}), (b"", {}),
    (b"{}", {"User-Agent": "Kenoma", "X-Amzn-Trace-Id": "Root=1", "Expect": "100-continue"}),
    (b"{}", {"X-Amz-Extra": "  two   words "}), (b"{}", {"X-Amz-Date": "old", "X-Amz-Security-Token": "old"}),
])
def test_it_is_the_signature_of_botocore(clock, token, url, data, headers):
    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    ours, theirs = asked(url, data, **headers), asked(url, data, **headers)
    if not token:
        del theirs.headers["X-Amz-Security-Token"]

    Signer(credentials, "us-east-1", url, "dynamodb")(request=ours, operation_name="GetItem")
    auth.SigV4Auth(credentials, "dynamodb", "us-east-1").add_auth(theirs)

    assert ours.headers["Authorization"] == theirs.headers["Authorization"]
    assert dict(ours.headers) == dict(theirs.headers)


def test_a_request_that_is_sent_again_is_signed_again_by_the_clock_and_the_keys_of_then(clock):
    credentials = Credentials("FIRST", "secret", "token")
    signer, request = Signer(credentials, "us-east-1", EAST, "dynamodb"), asked()
    for at, key in ((NOON, "FIRST"), (NOON.replace(hour=13), "FIRST"), (NOON.replace(day=22), "SECOND")):
        clock.at = at
        credentials.access_key, credentials.secret_key = key, f"secret of {key}"
        theirs = asked()

        signer(request=request)
        auth.SigV4Auth(credentials, "dynamodb", "us-east-1").add_auth(theirs)

        assert request.headers["Authorization"] == theirs.headers["Authorization"]
        assert request.headers.get_all("Authorization") == [theirs.headers["Authorization"]]


def test_without_credentials_nothing_is_sent():
    with pytest.raises(NoCredentialsError):
        Signer(None, "us-east-1", EAST, "dynamodb")(request=asked())


def ask_dynamodb():
    find("9zzzzzzzzzzzzzzzzz")
    return connection.shared().client


def ask_sqs():
    queue.send(HomeSync("me", "other", "follow", 1))
    return queue._client()


@pytest.mark.parametrize("ask", [ask_dynamodb, ask_sqs])
def test_every_call_to_what_is_called_most_is_signed_so_and_has_a_short_name(aws, ask):
    events, sent = ask().meta.events, []

    def note(request, **_):
        sent.append(request)

    events.register_first("before-send.*.*", note)
    try:
        client = ask()
    finally:
        events.unregister("before-send.*.*", note)
    (request,) = sent
    shown = request.headers["Authorization"]
    shown = shown.decode() if isinstance(shown, bytes) else shown

    assert "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" in shown
    assert f"/{client.meta.service_model.endpoint_prefix}/aws4_request" in shown
    assert request.headers["User-Agent"] in ("Kenoma", b"Kenoma")
    assert request.url == client.meta.endpoint_url.rstrip("/") + "/"
