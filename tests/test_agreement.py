"""The check of every reply against the OpenAPI document finds what it is there for."""

from __future__ import annotations

import json

import pytest

from tests.agreement import OFF, Disagreement, check

pytestmark = pytest.mark.skipif(OFF, reason="KENOMA_TEST_DOCUMENT=off")
JSON = "application/json; charset=utf-8"
FILTER = {"id": "1", "phrase": "x", "context": ["home"], "expires_at": None, "irreversible": False, "whole_word": True}
PATH = "/api/v1/filters/{id}"


def test_a_reply_as_the_document_says_passes():
    check("GET", PATH, 200, JSON, json.dumps(FILTER))
    check("GET", PATH, 404, JSON, '{"error":"Record not found"}')
    check("HEAD", "/", 200, "text/html; charset=utf-8", "")
    check("DELETE", "/api/oauth_tokens/{id}", 201, JSON, "")


@pytest.mark.parametrize(("reply", "fault"), [
    (("PURGE", PATH, 200, JSON, "{}"), "does not know the operation"),
    (("GET", "/api/v1/elsewhere", 200, JSON, "{}"), "does not know the operation"),
    (("GET", PATH, 418, JSON, "{}"), "lists [200, 400,"),
    (("GET", PATH, 500, JSON, '{"error":"Something went wrong"}'), "lists [200, 400,"),
    (("GET", PATH, 200, "text/html", "<p>"), "lists ['application/json']"),
    (("DELETE", "/api/oauth_tokens/{id}", 201, JSON, "{}"), "lists no body"),
    (("GET", PATH, 200, JSON, json.dumps(FILTER | {"id": 1})), "/id 1 is not of type"),
    (("GET", PATH, 200, JSON, json.dumps(FILTER | {"more": 1})), "'more' was unexpected"),
    (("GET", PATH, 200, JSON, '{"id":"1"}'), "is a required property"),
    (("GET", PATH, 404, JSON, '{"message":"no"}'), "is a required property"),
    (("GET", "/api/v1/filters", 200, JSON, json.dumps([FILTER, FILTER | {"context": None}])), "/1/context"),
])
def test_a_reply_that_is_otherwise_is_told(reply, fault):
    with pytest.raises(Disagreement) as caught:
        check(*reply)

    assert fault in str(caught.value)


def test_a_test_that_gets_such_a_reply_fails(anonymous, setting):
    setting(instance_name=5)

    with pytest.raises(Disagreement, match="/title 5 is not of type"):
        anonymous.get("/api/v1/instance")
