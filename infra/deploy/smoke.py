"""Is an instance well? Asked from outside, by its address, as clients do.

    make smoke URL=http://127.0.0.1:8000     any instance that lets people sign up without a captcha
    make smoke STAGE=prod                    a deployed one: the account is made as `make admin` makes one

It makes an account and deletes it. `make deploy` ends with it, and lets the alias name the version before if anything
is wrong. Some lines show what only a deployed stack can: what its edges do to paths, bodies and headers.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import urllib3

from infra import admin

from . import versions
from .deliver import described

SCOPES = "read write follow"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
PATIENCE = 90.0
"""Seconds for a job: a cold start, and the sweep, which comes each minute."""
PICTURE = "/images/pleroma-fox-tan-smol.png"
UNKNOWN = {"error": "Not implemented"}


class Wrong(Exception):
    """What was seen instead."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Visit:
    """What is known so far. `make_account`: for an instance on which nobody can sign up just so."""

    url: str
    make_account: Callable[[str, str], None] | None = None
    nickname: str = field(default_factory=lambda: f"smoke{secrets.token_hex(5)}")
    password: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    app: dict[str, str] = field(default_factory=dict)
    token: str = ""
    account_id: str = ""

    def __post_init__(self) -> None:
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(35), retries=False)

    def ask(self, method: str, path: str, **how: Any) -> Reply:
        headers = dict(how.pop("headers", {}))
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if "form" in how:
            how |= {"fields": how.pop("form"), "encode_multipart": False}
        url = path if path.startswith("http") else self.url + path
        reply = self._pool.request(method, url, headers=headers, **how)
        return Reply(reply.status, reply.headers, reply.data)


def expect(true: object, seen: object) -> None:
    if not true:
        raise Wrong(str(seen)[:160])


def seen(reply: Reply, status: int = 200) -> Reply:
    expect(reply.status == status, f"{reply.status}, not {status}: {reply.body[:120]!r}")
    return reply


def nodeinfo(visit: Visit) -> str:
    links = seen(visit.ask("GET", "/.well-known/nodeinfo")).json["links"]
    about = seen(visit.ask("GET", links[-1]["href"])).json["software"]
    return f"{about['name']} {about['version']}"


def instance(visit: Visit) -> str:
    found = seen(visit.ask("GET", "/api/v1/instance")).json
    expect(found["uri"].rstrip("/").endswith(visit.url.partition("//")[2]), f"it calls itself {found['uri']}")
    return str(found["title"])


def health(visit: Visit) -> str:
    expect(seen(visit.ask("GET", "/api/pleroma/healthcheck")).json["healthy"], "not healthy")
    return ""


def an_app(visit: Visit) -> str:
    """By a form, which comes as base64 from both edges."""
    visit.app = seen(visit.ask("POST", "/api/v1/apps", form={
        "client_name": "smoke", "redirect_uris": OUT_OF_BAND, "scopes": SCOPES})).json
    return ""


def an_account(visit: Visit) -> str:
    if visit.make_account:
        visit.make_account(visit.nickname, visit.password)
        return "by the tables"
    token = seen(visit.ask("POST", "/oauth/token", form=_of_app(visit, grant_type="client_credentials"))).json
    seen(visit.ask("POST", "/api/v1/accounts", headers={"Authorization": f"Bearer {token['access_token']}"}, json={
        "username": visit.nickname, "email": f"{visit.nickname}@localhost.localdomain", "password": visit.password,
        "agreement": True, "locale": "en", "reason": "smoke"}))
    return "by signing up"


def a_token(visit: Visit) -> str:
    visit.token = seen(visit.ask("POST", "/oauth/token", form=_of_app(
        visit, grant_type="password", username=visit.nickname, password=visit.password))).json["access_token"]
    visit.account_id = seen(visit.ask("GET", "/api/v1/accounts/verify_credentials")).json["id"]
    return ""


def _of_app(visit: Visit, **form: str) -> dict[str, str]:
    return {"client_id": visit.app["client_id"], "client_secret": visit.app["client_secret"], "scope": SCOPES, **form}


def a_post(visit: Visit) -> str:
    text = "smoke λ & +"
    posted = seen(visit.ask("POST", "/api/v1/statuses", json={"status": text, "visibility": "direct"})).json
    found = seen(visit.ask("GET", f"/api/v1/statuses/{posted['id']}")).json
    expect("λ &amp; +" in found["content"], found["content"])
    return ""


def a_job(visit: Visit) -> str:
    """A backup: it waits in a queue until its function has made it."""
    seen(visit.ask("POST", "/api/v1/pleroma/backups"))
    return _when(lambda: visit.ask("GET", "/api/v1/pleroma/backups").json[0]["processed"])


def a_file(visit: Visit) -> str:
    emoji = seen(visit.ask("GET", "/api/v1/custom_emojis")).json
    url = emoji[0]["url"] if emoji else visit.url + PICTURE
    found = seen(visit.ask("GET", url))
    expect(found.headers.get("Content-Type", "").startswith("image/"), found.headers.get("Content-Type"))
    expect("public" in found.headers.get("Cache-Control", ""), f"Cache-Control {found.headers.get('Cache-Control')}")
    return f"{len(found.body)} bytes" + ("" if emoji else ", a picture: there is no emoji")


def deletion(visit: Visit) -> str:
    seen(visit.ask("POST", "/api/pleroma/delete_account", form={"password": visit.password}))
    visit.token = ""
    return _when(lambda: visit.ask("GET", f"/api/v1/accounts/{visit.account_id}").status == 404)


def _when(true: Callable[[], bool]) -> str:
    began = time.monotonic()
    while not true():
        expect(time.monotonic() - began < PATIENCE, f"not within {PATIENCE:.0f} s")
        time.sleep(0.5)
    return f"after {time.monotonic() - began:.1f} s"


# What only a deployed stack can show (docs/decisions/0019-one-route.md).


def escaped_paths(visit: Visit) -> str:
    """An escaped slash, question mark or per cent sign is part of one word, as it was sent."""
    for word in ("a%2Fb", "a%3Fb", "50%25done", "%CE%BB%20b", "a+b"):
        reply = seen(visit.ask("GET", f"/api/v1/accounts/{word}"), 404)
        expect(reply.json != UNKNOWN, f"{word} did not arrive as one word")
    expect(seen(visit.ask("GET", "/api/v1/nothing%2Fhere"), 404).json == UNKNOWN, "an unknown path")
    return ""


def errors_are_not_kept(visit: Visit) -> str:
    for _ in range(2):
        reply = seen(visit.ask("GET", f"/api/v1/{visit.nickname}"), 404)
        expect("no-store" in reply.headers.get("Cache-Control", ""), "no no-store")
        expect("Age" not in reply.headers, f"Age {reply.headers.get('Age')}")
    return ""


def headers_arrive(visit: Visit) -> str:
    reply = seen(visit.ask("GET", "/api/v1/instance", headers={"Accept-Encoding": "gzip"}))
    renamed = [name for name in reply.headers if name.lower().startswith("x-amzn-remapped-")]
    expect(not renamed, f"renamed: {', '.join(renamed)}")
    expect(reply.headers.get("Content-Encoding") == "gzip", "not compressed")
    expect(reply.headers.get("Access-Control-Allow-Origin") == "*", "no Access-Control-Allow-Origin")
    return ""


def head_and_options(visit: Visit) -> str:
    expect(visit.ask("HEAD", "/api/v1/instance").body == b"", "HEAD has a body")
    seen(visit.ask("OPTIONS", "/api/v1/statuses", headers={
        "Origin": "https://client.example", "Access-Control-Request-Method": "POST"}), 204)
    return ""


def text_that_is_none(visit: Visit) -> str:
    reply = visit.ask("POST", "/api/v1/apps", body=b"\xff\xfe", headers={"Content-Type": "text/plain"})
    expect(400 <= reply.status < 500, f"{reply.status}")
    return f"answered with {reply.status}"


CHECKS: tuple[tuple[str, Callable[[Visit], str]], ...] = (
    ("nodeinfo", nodeinfo), ("instance", instance), ("health", health), ("an app, by a form", an_app),
    ("an account", an_account), ("a token", a_token), ("a post", a_post), ("a queued job: a backup", a_job),
    ("a file through the CDN", a_file), ("escaped paths arrive as sent", escaped_paths),
    ("errors are not kept", errors_are_not_kept), ("headers arrive, replies are compressed", headers_arrive),
    ("HEAD and OPTIONS", head_and_options), ("text that is no UTF-8", text_that_is_none),
    ("the account is deleted", deletion),
)


@dataclass(frozen=True)
class Line:
    name: str
    well: bool
    detail: str
    seconds: float

    def __str__(self) -> str:
        return f"| {self.name} | {'ok' if self.well else 'WRONG'} | {self.seconds:.1f} s | {self.detail} |"


def run(visit: Visit) -> Iterator[Line]:
    """A line for each check, also for those after one that went wrong: the account is deleted in any case."""
    for name, check in CHECKS:
        began = time.monotonic()
        try:
            well, detail = True, check(visit)
        except (Wrong, urllib3.exceptions.HTTPError, ValueError, LookupError, TypeError) as error:
            well, detail = False, f"{type(error).__name__}: {error}" if not isinstance(error, Wrong) else str(error)
        yield Line(name, well, detail, time.monotonic() - began)


def _by_the_tables(stage: str) -> Callable[[str, str], None]:
    def make(nickname: str, password: str) -> None:
        with admin.environment_of(stage):
            from chalicelib.domain.accounts import registration
            from chalicelib.settings import settings

            settings.load(os.environ)
            registration.ensure_account(nickname, password, f"{nickname}@localhost.localdomain")

    return make


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy.smoke", description="Is an instance well?")
    parser.add_argument("--url", default="")
    parser.add_argument("--stage", default="")
    parser.add_argument("--go-back", action="store_true", help="to the version before, if anything is wrong")
    options = parser.parse_args()
    visit = Visit(options.url.rstrip("/")) if options.url else _deployed(options.stage)
    print(f"{visit.url}\n\n| check | | took | |\n|---|---|--:|---|")
    wrong = 0
    for line in run(visit):
        wrong += not line.well
        print(line, flush=True)
    if wrong and options.go_back:
        import boto3

        before = versions.go_back(boto3.client("lambda"), f"kenoma-{options.stage}-api_handler")
        print(f"Requests reach version {before} again" if before else "There is no version before this one")
    sys.exit(1 if wrong else 0)


def _deployed(stage: str) -> Visit:
    import boto3

    stack = described(boto3.client("cloudformation"), f"kenoma-{stage}")
    outputs = {each["OutputKey"]: each["OutputValue"] for each in (stack or {}).get("Outputs", ())}
    if "Address" not in outputs:
        raise SystemExit("make smoke URL=https://..., or STAGE=... of a stack that is deployed")
    return Visit(outputs["Address"], _by_the_tables(stage))


if __name__ == "__main__":
    main()
