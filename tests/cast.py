"""The people of the tests: accounts that do what clients do, in the words of the API.

Requests are made as on the local stage, and nearly as on a deployed server: an event of format 2.0 goes in by the door.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from chalicelib.domain.accounts import registration
from chalicelib.domain.signing_in import passwords
from chalicelib.ids import new_flake
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.table import transaction
from chalicelib.store.relationships import relations
from chalicelib.store.signing_in import apps, tokens
from chalicelib.store.signing_in.apps import App
from chalicelib.web import fronting
from tests import agreement, edges
from tests.known_people import KnownPeople

PASSWORD = "kenoma-local"
_IN_PATHS = "%/:@!$&'()*+,;=~"
SCOPES = "read write follow push"


@dataclass
class Reply:
    """A reply, with what the request cost at DynamoDB."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body

    @property
    def data(self) -> bytes:
        """The body of a file."""
        return self.body.encode(errors="surrogateescape")

    @property
    def calls(self) -> int:
        return self._figure("calls")

    @property
    def rounds(self) -> int:
        return self._figure("rounds")

    def _figure(self, name: str) -> int:
        figures = dict(part.split("=") for part in self.headers["x-kenoma-dynamodb"].split())
        return int(figures[name])

    def links(self) -> dict[str, dict[str, str]]:
        """The Link header, as the query parameters of the address by relation."""
        found = {}
        for part in filter(None, self.headers.get("link", "").split(", <")):
            address, _, relation = part.partition(">; rel=")
            found[relation.strip('"')] = dict(parse_qsl(address.partition("?")[2]))
        return found


@dataclass
class Person:
    """Somebody who makes requests. Without an id it is nobody."""

    id: str = ""
    nickname: str = ""
    token: str = ""
    app: App | None = None

    def request(self, method: str, path: str, params: Any = None, *, json: Any = None, form: Any = None,
                files: dict[str, tuple[str, bytes, str]] | None = None, headers: dict[str, str] | None = None,
                body: bytes | None = None) -> Reply:
        sent = {"Host": "kenoma.test", "X-Forwarded-For": "192.0.2.7", **(headers or {})}
        if self.token and not any(name.lower() == "authorization" for name in sent):
            sent["Authorization"] = f"Bearer {self.token}"
        data, content_type = _encoded(json, form, files) if body is None else (body, None)
        if content_type:
            sent.setdefault("Content-Type", content_type)
        return call(method, path, params, data, sent)

    def get(self, path: str, params: Any = None, **more: Any) -> Reply:
        return self.request("GET", path, params, **more)

    def post(self, path: str, params: Any = None, **more: Any) -> Reply:
        return self.request("POST", path, params, **more)

    def put(self, path: str, params: Any = None, **more: Any) -> Reply:
        return self.request("PUT", path, params, **more)

    def patch(self, path: str, params: Any = None, **more: Any) -> Reply:
        return self.request("PATCH", path, params, **more)

    def delete(self, path: str, params: Any = None, **more: Any) -> Reply:
        return self.request("DELETE", path, params, **more)

    @property
    def account(self) -> Account:
        """The account as it is now."""
        account = accounts.find(self.id)
        assert account is not None
        return account

    def posts(self, text: str, **params: Any) -> dict[str, Any]:
        """Post a status; the author's view of it."""
        reply = self.post("/api/v1/statuses", json={"status": text, **params})
        assert reply.status == 200, reply.body
        status: dict[str, Any] = reply.json
        return status

    def follows(self, other: Person) -> None:
        reply = self.post(f"/api/v1/accounts/{other.id}/follow")
        assert reply.status == 200, reply.body

    def reacts(self, status_id: str, emoji: str) -> Reply:
        return self.put(f"/api/v1/pleroma/statuses/{status_id}/reactions/{quote(emoji)}")

    def home(self, **params: Any) -> list[str]:
        """The ids on the home timeline, newest first."""
        return [status["id"] for status in self.get("/api/v1/timelines/home", params).json]

    def relationship(self, other: Person) -> dict[str, Any]:
        shown: dict[str, Any] = self.get("/api/v1/accounts/relationships", {"id": other.id}).json[0]
        return shown

    def relation_to(self, id: str) -> relations.Relation:
        return relations.find(self.id, id)

    def relation(self, other: Person) -> relations.Relation:
        return relations.find(self.id, other.id)


class Cast:
    """Makes people directly through the domain, with tokens of one shared app."""

    def __init__(self) -> None:
        self._app: App | None = None
        self._known = KnownPeople()

    @property
    def app(self) -> App:
        if self._app is None:
            self._app = apps.add(App(
                tokens.random_token(), id=new_flake(), secret=tokens.random_token(), name="Kenoma tests",
                redirect_uris="urn:ietf:wg:oauth:2.0:oob", scopes=SCOPES + " admin",
            ))
        return self._app

    def person(self, nickname: str, *, scopes: str = SCOPES, password: str = PASSWORD, **profile: Any) -> Person:
        """A new account with a token. `profile`: is_admin, locked and everything else that `create_account` takes."""
        wanted = (nickname, scopes, password, sorted(profile.items()))
        if (found := self._known.find(wanted)) is not None:
            person, self._app = found
            return person
        return self._known.make(wanted, lambda: self._makes(nickname, scopes, password, **profile), lambda: self.app)

    def _makes(self, nickname: str, scopes: str, password: str, **profile: Any) -> Person:
        email = profile.pop("email", f"{nickname}@localhost.localdomain")
        password_hash = profile.pop("password_hash", None) or _hashed(password)
        account = registration.create_account(nickname, password, email, password_hash=password_hash, **profile)
        return self.signs_in(account, scopes)

    def signs_in(self, account: Account, scopes: str = SCOPES) -> Person:
        """A session, which the statistics do not count as a sign-in."""
        with transaction() as write:
            minted = tokens.issue_in(write, account.id, self.app.client_id, scopes.split(),
                                     int(account.token_generation))
        return Person(account.id, account.nickname, minted.access_token, self.app)

    def people(self, count: int, prefix: str = "person") -> list[Person]:
        """Many accounts."""
        return [self.person(f"{prefix}{number}") for number in range(count)]


@lru_cache
def _hashed(password: str) -> str:
    """Hashing takes 24 ms, more than making an account: in tests, equal passwords share a hash."""
    return passwords.hashed(password)


def call(method: str, path: str, params: Any, data: bytes, headers: dict[str, str]) -> Reply:
    """One request, as an edge hands it to the function."""
    from app import api_handler

    path, _, query = path.partition("?")
    more = urlencode(_pairs(params), errors="surrogatepass")
    sent = edges.Sent(method, quote(path, safe=_IN_PATHS), "&".join(filter(None, (query, more))),
                      tuple(headers.items()), data or None)
    status, answered, cookies, body = edges.reply_of(api_handler(edges.local_stage(sent), None))
    if cookies:
        answered["set-cookie"] = ", ".join(cookies)
    text = body.decode(errors="surrogateescape")
    template, _ = api_handler.routes.find(quote(path, safe=_IN_PATHS)) or ("", {})
    lower = {name.lower(): value for name, value in headers.items()}
    if fronting.find(method, path, lower) is not None:  # what an installed frontend answers is in no document
        return Reply(status, text, answered)
    if method in api_handler.app.routes.get(template, {}):
        agreement.check(method, template, status, answered.get("content-type", ""), body.decode(errors="replace"))
    return Reply(status, text, answered)


def _pairs(params: Any) -> list[tuple[str, str]]:
    """The pairs of a query or form. A list under NAME becomes NAME[], true and false become words."""
    pairs: list[tuple[str, str]] = []
    for name, value in params.items() if isinstance(params, dict) else params or []:
        if isinstance(value, list):
            pairs.extend((f"{name}[]", str(each)) for each in value)
        else:
            pairs.append((name, str(value).lower() if isinstance(value, bool) else str(value)))
    return pairs


def _encoded(json_value: Any, form: Any, files: Any) -> tuple[bytes, str | None]:
    if json_value is not None:
        return json.dumps(json_value).encode(), "application/json"
    if files:
        return _multipart(_pairs(form), files)
    if form is not None:
        return urlencode(_pairs(form)).encode(), "application/x-www-form-urlencoded"
    return b"", None


def _multipart(pairs: list[tuple[str, str]], files: dict[str, tuple[str, bytes, str]]) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in pairs]
    for name, (filename, data, content_type) in files.items():
        head = (f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
                f"Content-Type: {content_type}\r\n\r\n").encode()
        parts.append(head + data + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
