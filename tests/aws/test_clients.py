"""Short calls are the calls of botocore: what leaves is the same, and what is left out was not needed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.regions import EndpointRulesetResolver
from botocore.session import Session

from chalicelib.aws.clients import shorten

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "dynamodb": ("get_item", {"TableName": "t", "Key": {"id": {"S": "é😀"}}, "ConsistentRead": True}),
    "sqs": ("send_message", {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/q", "MessageBody": "é😀"}),
}
OF_ITS_OWN = {"Authorization", "X-Amz-Date", "amz-sdk-invocation-id", "Content-Length"}
"""Headers that differ from call to call, or with the blanks in the JSON."""
LEFT_OUT = {"x-amzn-query-mode"}
"""What botocore adds for SQS: error codes of old. Nothing here looks at them."""
called = pytest.mark.parametrize("service", CALLS)


class Nothing:
    """The body of an answer."""

    def stream(self):
        return [b"{}"]


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


@pytest.fixture
def calling(monkeypatch):
    """A client, shortened or as botocore makes it, that keeps what it sends; whatever it sends is answered by {}."""
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")

    def made(service, *, short):
        session = Session()
        session.set_credentials("AKIDEXAMPLE", "secret", "token")
        client = session.create_client(service, region_name="us-east-1", config=Config(user_agent="x"))
        if short:
            shorten(client, session.get_credentials())
        sent = []

        def answer(request, **_):
            sent.append(request)
            return AWSResponse(request.url, 200, HTTPHeaders(), Nothing())

        client.meta.events.register_first("before-send", answer)
        name, asked = CALLS[service]

        def call():
            getattr(client, name)(**asked)
            return sent[-1]

        return call

    return made


def shown(headers):
    return {name: value.decode() if isinstance(value, bytes) else value for name, value in headers.items()
            if name not in OF_ITS_OWN | LEFT_OUT}


@called
def test_what_leaves_is_what_botocore_sends(calling, service):
    ours, theirs = calling(service, short=True)(), calling(service, short=False)()

    assert (ours.method, ours.url) == (theirs.method, theirs.url)
    assert json.loads(ours.body) == json.loads(theirs.body)
    assert shown(ours.headers) == shown(theirs.headers)
    assert set(ours.headers) >= OF_ITS_OWN
    assert set(theirs.headers) >= OF_ITS_OWN


@called
@pytest.mark.parametrize("left_out", [(EndpointRulesetResolver, "construct_endpoint"), (SigV4Auth, "add_auth")],
                         ids=["address", "signature"])
def test_what_is_left_out_is_what_botocore_does_for_each_call(calling, service, left_out, monkeypatch):
    calls = {short: calling(service, short=short) for short in (True, False)}
    owner, name = left_out
    done, whole = [], getattr(owner, name)

    def noting(self, *args, **kwargs):
        done.append(name)
        return whole(self, *args, **kwargs)

    monkeypatch.setattr(owner, name, noting)
    calls[True]()
    assert done == []

    calls[False]()
    assert done == [name]
