"""A small world for hostile requests, made from the declarations, and a witness of whatever they change in it.

An *attempt* is one hostile request to one declared endpoint. All are judged by the same rules: no crash, errors
in the API's own form, and no change if it was refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from app import app
from chalicelib.ids import uuid_of
from chalicelib.queues import queue
from chalicelib.settings import settings
from chalicelib.store.dynamo.connection import shared
from chalicelib.store.signing_in import tokens
from chalicelib.web.auth import Need
from chalicelib.web.endpoint import DECLARED, Endpoint, all_parameters
from chalicelib.web.params import Parameter
from infra.local import pump, tamed_moto
from tests.cast import Cast, Person, Reply
from tests.push_service import Browser
from tests.simulated_aws import WRITES, LocalAws

JSON = "application/json; charset=utf-8"
ERROR_KEYS = ({"error"}, {"error", "errors"}, {"error", "identifier"}, {"error", "error_description"},
              {"error", "details"})
OF_APPS = {"name", "redirect_uris"}
"""Further keys of an error: what is wrong with these parameters of an app."""
ECHOES = "/api/pleroma/admin/relay"
"""Answers 500 with the address of the relay, for none can be reached."""
OWN_500 = {
    **dict.fromkeys(("/api/pleroma/emoji/packs/remote", "/api/pleroma/emoji/packs/download"),
                    '{"error":"The requested instance does not support sharing emoji packs"}'),
    **dict.fromkeys(("/api/pleroma/emoji/packs/files", "/api/pleroma/emoji/packs/{name}/files"),
                    '{"error":"Unexpected error occurred while adding file to pack."}'),
}
"""Where the API itself answers 500, and the words: for another server that does not answer."""
OWN_400 = {"/api/pleroma/admin/reports/{id}/notes": '""', "/api/pleroma/admin/oauth_app/{id}": '""'}
"""Where it answers 400 with an empty text, for a note that is blank."""
FAULTS_BY_FIELD = ("/api/pleroma/admin/users/{nickname}/credentials",)
"""Where it answers 400 with what is wrong by field."""
NAMES_FAULTS = ("/api/pleroma/admin/reports",)
"""Where it answers 400 with a list of what could not be done."""
OWN_404 = {
    "/.well-known/webfinger": '"Couldn\'t find user"',
    "/api/account/confirm_email/{user_id}/{token}": '"Something went wrong"',
}
"""Where it answers 404 with other words than everywhere else."""
PAGES = ("/account", "/oauth/authorize", "/oauth/mfa", "/api/account/confirm_email", "/api/pleroma/password_reset",
         "/authorize_interaction", "/ostatus_subscribe", "/main/ostatus", "/akkoma/frontend")
"""Prefixes of the paths that may answer with a page for people."""
PAGING = ("limit", "max_id", "since_id", "min_id", "offset")
SENDS = ("SendMessage", "SendMessageBatch")
PASSING = re.compile(
    r'"key": ?\{"S": ?"[il]#|\A(?!.*TransactItems).*("kind": ?\{"S": ?"work"\}|"tidy_emoji#)', re.DOTALL)
"""Marks of writes that do not count: rows of rate limits and idempotency keys, the emoji's `work`, and its job."""
MAKES = {*(("POST", f"/api/v1/tags/{{name}}/{act}") for act in ("follow", "unfollow", "feature", "unfeature")),
         ("POST", "/api/pleroma/emoji/packs/{name}"), ("PATCH", "/api/v1/pleroma/settings/{app}"),
         ("PUT", "/api/v1/akkoma/frontend_settings/{frontend}/{profile}")}
"""Endpoints that make a thing with whatever name is in the path."""
UNKNOWN = "9zzzzzzzzzzzzzzzzz"
"""The id of nothing."""
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"

# If a function has two paths (packs of emoji), the one that has a parameter.
_KEPT = {each.function: each for each in sorted(DECLARED, key=lambda one: len(one.in_path))}
ENDPOINTS = tuple(each for each in DECLARED if _KEPT[each.function] is each)
every_endpoint = pytest.mark.parametrize("declared", ENDPOINTS, ids=lambda each: f"{each.method} {each.path}")


def endpoints_where(condition: Any) -> Any:
    """A parametrization over some of the endpoints."""
    chosen = [each for each in ENDPOINTS if condition(each)]
    return pytest.mark.parametrize("declared", chosen, ids=lambda each: f"{each.method} {each.path}")


def by_turns(declared: Endpoint, values: Sequence[Any], most: int = 2) -> list[Any]:
    """Some of the values. What reads them is the same everywhere, so each endpoint gets a few, and all of them get all.
    """
    first = ENDPOINTS.index(declared) * most
    return [values[(first + place) % len(values)] for place in range(min(most, len(values)))]


changes_nothing = pytest.mark.usefixtures("unchanged")
"""For tests whose attempts must all be refused: compares everything before and after."""


def parameter_names(declared: Endpoint) -> list[str]:
    """Every parameter outside the path, those of paging included."""
    names = [parameter.name for parameter in all_parameters(declared)]
    return [*names, *(PAGING if declared.paged else ())]


def takes_parameters(declared: Endpoint) -> bool:
    return bool(parameter_names(declared))


def sample(schema: dict[str, Any]) -> Any:
    """A value that fits a JSON schema."""
    if "enum" in schema or "anyOf" in schema:
        return schema["enum"][0] if "enum" in schema else sample(schema["anyOf"][0])
    if schema.get("type") == "array":
        return [sample(schema["items"])]
    if schema.get("type") == "object":
        return {name: sample(schema["properties"][name]) for name in schema.get("required", ())}
    by_format = {"date-time": "2031-02-03T04:05:06Z"}
    by_type = {"integer": 1, "number": 1.5, "boolean": True}
    return by_format.get(schema.get("format", "")) or by_type.get(schema.get("type", ""), "text")


def described(declared: Endpoint, what: object) -> str:
    return f"{declared.method} {declared.path}: {str(what)[:300]}"


class World:
    """Alice, who posted and is followed by Bob, with tokens of hers, and the ids of everything."""

    def __init__(self, cast: Cast, aws: LocalAws) -> None:
        self.aws, self.cast = aws, cast
        self.alice, self.bob = cast.people(2)
        self.narrow = cast.signs_in(self.alice.account, "unused")
        self.app = Person(token=self._app_token())
        self.admin = cast.person("administrator", is_admin=True, scopes="admin")
        self._status_id = self.alice.posts("hello @person1", visibility="public")["id"]
        self.bob.follows(self.alice)
        self.bob.reacts(self._status_id, "😀")
        self.alice.posts("for Bob only @person1", visibility="direct")
        self.report_id = self.bob.post("/api/v1/reports", {"account_id": self.alice.id}).json["id"]
        pump.drain(app)
        self.tables = [name for name in aws.dynamodb.list_tables()["TableNames"] if not name.endswith("-ephemeral")]
        self.witness = Witness()
        self._settled = 0
        self._snapshot: tuple[int, dict[str, Any]] | None = None

    def _app_token(self) -> str:
        reply = Person().post("/oauth/token", form={
            "grant_type": "client_credentials", "client_id": self.cast.app.client_id,
            "client_secret": self.cast.app.secret,
        })
        return str(reply.json["access_token"])

    @property
    def status_id(self) -> str:
        """A status of Alice's that is there."""
        self.settle()
        return self._status_id

    def settle(self) -> None:
        """Bring back what attempts were allowed to remove: a token and a status of Alice's."""
        if self._settled == self.witness.writes:
            return
        if tokens.find_access(self.alice.token) is None:
            self.alice = self.cast.signs_in(self.alice.account)
        if self.alice.get(f"/api/v1/statuses/{self._status_id}").status != 200:
            self._status_id = self.alice.posts("hello again")["id"]
        self._settled = self.witness.writes

    # What a good request looks like.

    def caller(self, declared: Endpoint) -> Person:
        """One who may make the request."""
        if declared.auth.need is Need.APP:
            return self.app
        if declared.auth.need is Need.ADMIN:
            return self.admin
        self.settle()
        return self.alice

    def path(self, declared: Endpoint, **values: str) -> str:
        """The endpoint's path, to things that are there unless `values` (percent-encoded) says otherwise."""
        path = declared.path
        for parameter in declared.in_path:
            value = values.get(parameter.argument) or quote(self._existing(declared, parameter))
            path = path.replace("{" + parameter.argument + "}", value)
        return path

    def _existing(self, declared: Endpoint, parameter: Parameter) -> str:
        if parameter.argument == "version":
            return "2.0"
        if parameter.argument == "emoji":
            return "🎉"
        if parameter.argument == "method":
            return "totp"
        if "/oauth_tokens/" in declared.path or "/oauth_app/" in declared.path:
            return "1"
        if parameter.argument == "nickname":
            return self.bob.nickname
        if "/reports/{id}" in declared.path:
            return self.report_id
        if parameter.argument == "uuid":
            return uuid_of(self.status_id)
        is_status = "/statuses/{id}" in declared.path or declared.path == "/notice/{id}"
        return self.status_id if is_status else self.bob.id

    def parameters(self, declared: Endpoint) -> dict[str, Any]:
        """The parameters of a good request: everything required, and enough to be served."""
        known: dict[str, dict[str, Any]] = {
            "POST /api/v1/statuses": {"status": "hello"},
            "GET /api/v1/statuses": {"ids": [self._status_id]},
            "POST /api/v1/follows": {"uri": self.bob.nickname},
            "POST /api/v1/apps": {"client_name": "An app", "redirect_uris": OUT_OF_BAND},
            "POST /api/pleroma/follow_import": {"list": self.bob.nickname},
            "GET /api/v1/accounts/lookup": {"acct": self.bob.nickname},
            "POST /api/v1/accounts": {"username": "newcomer", "password": "a good password",
                                      "email": "newcomer@example.org", "agreement": True},
            "POST /oauth/token": {"grant_type": "client_credentials", "client_id": self.cast.app.client_id,
                                  "client_secret": self.cast.app.secret},
            "GET /oauth/authorize": {"client_id": self.cast.app.client_id, "redirect_uri": OUT_OF_BAND},
            "POST /oauth/authorize": {"client_id": self.cast.app.client_id, "redirect_uri": OUT_OF_BAND},
            "POST /oauth/revoke": {"token": UNKNOWN},
            "POST /api/v1/filters": {"phrase": "text", "context": ["home"]},
            "PUT /api/v1/filters/{id}": {"phrase": "text", "context": ["home"]},
            "POST /api/v2/filters": {"title": "text", "context": ["home"],
                                     "keywords_attributes": [{"keyword": "text"}]},
            "POST /api/v1/push/subscription": {"subscription": Browser().subscription},
            "POST /api/v1/reports": {"account_id": self.bob.id},
            "POST /api/pleroma/admin/users/email_invite": {"email": "newcomer@example.org"},
            "PATCH /api/pleroma/admin/reports": {"reports": [{"id": self.report_id, "state": "closed"}]},
        }
        good = known.get(f"{declared.method} {declared.path}", {})
        required = {each.name: sample(each.kind.schema()) for each in all_parameters(declared) if each.required}
        return required | ({"limit": 2} if declared.paged else {}) | good

    # Attempts.

    def attempt(self, declared: Endpoint, what: object, *, by: Person | None = None, path: str | None = None,
                **request: Any) -> Reply:
        """Send a request and judge the reply. `what` names it when it fails."""
        by = by or self.caller(declared)
        path = path or self.path(declared)
        self.witness.watch()
        reply = by.request(declared.method, path, **request)
        judge(declared, reply, what)
        if reply.status >= 400:
            assert not self.witness.written, described(declared, (what, reply.status, self.witness.written))
        return reply

    def as_it_is(self) -> dict[str, Any]:
        """A snapshot; the last one, if nothing was written since."""
        if self._snapshot is None or self._snapshot[0] != self.witness.writes:
            self._snapshot = self.witness.writes, self.snapshot()
        return self._snapshot[1]

    def snapshot(self) -> dict[str, Any]:
        """Everything there is, except what expires by itself: rate-limit windows, kept replies, and which other servers
        did not answer.
        """
        found: dict[str, Any] = {table: _rows(self.aws, table) for table in self.tables}
        found["ephemeral"] = [row for row in _rows(self.aws, settings.table_prefix + "ephemeral")
                              if not any(f'"key": {{"S": "{kind}#' in row for kind in "ilgh")]
        found["queues"] = {name: self.aws.messages(name) for name in queue.QUEUES}
        found["files"] = sorted(each["Key"] for each in
                                self.aws.s3.list_objects_v2(Bucket=settings.bucket).get("Contents", []))
        return found


def judge(declared: Endpoint, reply: Reply, what: object) -> None:
    """Check that nothing crashed, and that the reply has the form that every reply must have."""
    told = f"{described(declared, what)} -> {reply.status} {reply.body[:300]}"
    own = {500: OWN_500, 404: OWN_404, 400: OWN_400}.get(reply.status, {}).get(declared.path)
    if declared.path == ECHOES and reply.status == 500:
        own = reply.body if isinstance(reply.json, str) else None
    assert reply.status < 500 or reply.status == 501 or reply.body == own, told  # 501 is said on purpose
    is_page = declared.path.startswith(PAGES) and reply.headers["content-type"].startswith("text/html")
    if declared.path in NAMES_FAULTS and isinstance(reply.json if reply.body else None, list):
        assert all(each.keys() == {"id", "error"} for each in reply.json), told
    elif declared.path in FAULTS_BY_FIELD and reply.status == 400 and reply.json.keys() == {"errors"}:
        assert all(isinstance(text, str) and text for text in reply.json["errors"].values()), told
    elif reply.body != own and not is_page:
        has_good_form(reply, told)


def has_good_form(reply: Reply, told: str = "") -> None:
    assert reply.headers["access-control-allow-origin"] == "*", told
    assert "Link" in reply.headers["access-control-expose-headers"], told
    assert reply.headers["x-request-id"], told
    assert not any(word in reply.body for word in ("Traceback", "botocore", "chalicelib", '"Code"')), told
    kind = reply.headers["content-type"]
    if reply.status >= 400:
        assert kind == JSON, told
        assert set(reply.json) - OF_APPS in ERROR_KEYS, told
        assert isinstance(reply.json["error"], str), told
        assert reply.json["error"], told
    elif reply.body and kind.startswith("application/json"):
        json.dumps(reply.json, ensure_ascii=False).encode()


def _rows(aws: LocalAws, table: str) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True, default=_plain) for row in _items(aws, table))


def _plain(value: Any) -> Any:
    return value.to_json() if isinstance(value, DynamoType) else sorted(value)


def _items(aws: LocalAws, table: str) -> Iterator[dict[str, Any]]:
    """Every item of a table; moto's from its memory, which is five times faster than asking it."""
    if aws.engine == "moto":
        with tamed_moto.lock:
            items = list(dynamodb_backends[DEFAULT_ACCOUNT_ID][settings.region].tables[table].all_items())
        yield from (item.attrs for item in items)  # outside: a generator left half-read would keep the lock
        return
    for page in aws.dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def difference(before: dict[str, Any], after: dict[str, Any]) -> str:
    return str([
        (name, [row for row in after[name] if row not in before[name]][:3],
         [row for row in before[name] if row not in after[name]][:3])
        for name in after if before[name] != after[name]
    ])[:2000]


class Witness:
    """Notes what AWS writes for the application. A write whose condition failed does not count.

    Left out are rate-limit windows and kept replies, which refused requests have as well.
    """

    def __init__(self) -> None:
        self.written: list[tuple[str, str]] = []
        self.writes = 0
        self._events = [
            *((shared().client, f"dynamodb.{operation}") for operation in WRITES),
            *((queue._client(), f"sqs.{operation}") for operation in SENDS),
        ]
        for client, event in self._events:
            client.meta.events.register(f"before-call.{event}", self._asked)
            client.meta.events.register(f"after-call.{event}", self._done)

    def watch(self) -> None:
        """Forget what was written so far."""
        self.written.clear()

    def leave(self) -> None:
        for client, event in self._events:
            client.meta.events.unregister(f"before-call.{event}", self._asked)
            client.meta.events.unregister(f"after-call.{event}", self._done)

    def _asked(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        body = params["body"]
        context["written"] = body.decode() if isinstance(body, bytes) else str(body)

    def _done(self, model: Any, http_response: Any, context: dict[str, Any], **_: Any) -> None:
        if http_response.status_code < 300 and not PASSING.search(context["written"]):
            self.written.append((model.name, context["written"][:500]))
            self.writes += 1
