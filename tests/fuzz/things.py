"""What requests are about: people, and one thing of each kind, made anew when a request took it away."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from chalicelib.domain.instance import about
from chalicelib.ids import uuid_of
from chalicelib.store.accounts import accounts
from chalicelib.store.emoji import rows
from chalicelib.store.signing_in import tokens
from chalicelib.web.auth import Need
from chalicelib.web.endpoint import Endpoint
from tests.agreement import Disagreement
from tests.cast import PASSWORD, Cast, Person
from tests.emoji import made
from tests.pictures import picture
from tests.push_service import Browser
from tests.simulated_aws import LocalAws

LATER = "2031-02-03T04:05:06Z"
FILE = ("picture.png", picture(), "image/png")
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
PACK = "pack"


def emptied(aws: LocalAws) -> Cast:
    """Nobody, in an AWS that was emptied."""
    aws.wipe()
    rows.forget()
    about.forget()
    return Cast()


class Things:
    """Alice, who asks; Bob, whom it is about; Carol, who has nothing; an administrator and an app; what Alice has."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._numbers = count()
        self._bob = cast.person("bob")
        self.admin = cast.person("administrator", is_admin=True, scopes="admin")
        self.app = self._app()
        self._made: dict[str, str] = {}
        self._alice = self._new_alice()
        self._carol = cast.person("carol")

    def _app(self) -> Person:
        asked = {"grant_type": "client_credentials", "client_id": self.cast.app.client_id,
                 "client_secret": self.cast.app.secret}
        return Person(token=str(Person().post("/oauth/token", form=asked).json["access_token"]))

    def _new_alice(self) -> Person:
        alice = self.cast.person(f"alice{next(self._numbers)}")
        alice.follows(self.bob)
        return alice

    @property
    def bob(self) -> Person:
        """Somebody whom everybody names, signed in; another one if an administrator has closed the last one."""
        if not _is_signed_in(self._bob):
            self._bob = self.cast.person(f"bob{next(self._numbers)}")
            self.forget()
        return self._bob

    @property
    def alice(self) -> Person:
        """Alice, signed in; another Alice if the last one left for good."""
        if not _is_signed_in(self._alice):
            account = accounts.find(self._alice.id)
            stays = account is not None and account.status == "active"
            self._alice = self.cast.signs_in(account) if account is not None and stays else self._new_alice()
            self.forget()
        return self._alice

    @property
    def carol(self) -> Person:
        """Somebody else, signed in."""
        if not _is_signed_in(self._carol):
            self._carol = self.cast.person(f"carol{next(self._numbers)}")
        return self._carol

    def caller(self, declared: Endpoint) -> Person:
        """One who may make the request."""
        if declared.auth.need is Need.APP:
            return self.app
        return self.admin if declared.auth.need is Need.ADMIN else self.alice

    def forget(self) -> None:
        """Make everything anew: a request may have taken it away."""
        self._made.clear()

    # Values of paths.

    def step(self, path: str, name: str) -> str:
        """A good value for a parameter of a path."""
        fixed = {"emoji": "🎉", "version": "2.0", "method": "totp", "tag": "more", "nickname": self.bob.nickname,
                 "name": PACK, "token": "text", "user_id": self.bob.id, "account_id": self.bob.id}
        if name == "name" and PACK not in self._made:
            self._made[PACK] = PACK
            made(PACK, 2, shared=True)
        if name in fixed:
            return fixed[name]
        if name == "uuid" or path == "/notice/{id}":
            id = self._one_of("statuses")
            return uuid_of(id) if name == "uuid" else id
        kind = "messages" if name == "message_id" else path.partition("{" + name + "}")[0].split("/")[-2]
        return self._one_of(kind) if kind in self._makers() else self.bob.id

    def _one_of(self, kind: str) -> str:
        """The id of a thing of this kind. If Alice can make none any more, another Alice makes it."""
        alice = self.alice
        if kind not in self._made:
            try:
                self._made[kind] = self._makers()[kind](alice)
            except Disagreement:
                raise
            except (AssertionError, KeyError, IndexError, TypeError):
                self.forget()
                self._alice = self._new_alice()
                self._made[kind] = self._makers()[kind](self._alice)
        return self._made[kind]

    def _makers(self) -> dict[str, Callable[[Person], str]]:
        def posting(path: str, **sent: Any) -> Callable[[Person], str]:
            return lambda alice: str(alice.post(path, json=sent).json["id"])

        with_bob = f"/api/v1/pleroma/chats/by-account-id/{self.bob.id}"
        return {
            "statuses": self._status,
            "polls": self._poll,
            "lists": posting("/api/v1/lists", title="A list"),
            "list": posting("/api/v1/lists", title="A list"),
            "filters": posting("/api/v1/filters", phrase="text", context=["home"]),
            "keywords": posting("/api/v1/filters", phrase="text", context=["home"]),
            "scheduled_statuses": posting("/api/v1/statuses", status="later", scheduled_at=LATER),
            "media": lambda alice: str(alice.post("/api/v1/media", files={"file": FILE}).json["id"]),
            "chats": posting(with_bob),
            "messages": self._message,
            "conversations": self._conversation,
            "notifications": self._notification,
            "oauth_tokens": self._token,
            "follow_requests": self._follow_request,
        }

    def _status(self, alice: Person) -> str:
        status = str(alice.posts("hello @bob #more")["id"])
        alice.reacts(status, "🎉")
        return status

    def _poll(self, alice: Person) -> str:
        asked = {"options": ["a", "b"], "expires_in": 3_600, "multiple": True}
        return str(self.bob.posts("which?", poll=asked)["poll"]["id"])

    def _message(self, alice: Person) -> str:
        sent = alice.post(f"/api/v1/pleroma/chats/{self._one_of('chats')}/messages", json={"content": "hello"})
        return str(sent.json["id"])

    def _conversation(self, alice: Person) -> str:
        alice.posts("for you @bob", visibility="direct")
        return str(alice.get("/api/v1/conversations").json[0]["id"])

    def _notification(self, alice: Person) -> str:
        self.bob.posts(f"hello @{alice.nickname}")
        listed = alice.get("/api/v1/notifications").json
        return str(listed[0]["id"]) if listed else "1"

    def _follow_request(self, alice: Person) -> str:
        alice.patch("/api/v1/accounts/update_credentials", json={"locked": True})
        asking = self.cast.person(f"dave{next(self._numbers)}")
        asking.follows(alice)
        return asking.id

    def _token(self, alice: Person) -> str:
        token = tokens.find_access(self.cast.signs_in(alice.account).token)
        assert token is not None
        return str(token.number)

    # Values outside of paths.

    def value(self, declared: Endpoint, name: str) -> Any:
        """A good value for a parameter that names a thing. None: any text is as good."""
        fixed = {
            "account_id": self.bob.id, "account_ids": [self.bob.id], "recipients": [self.bob.id], "uri": "bob",
            "acct": "bob", "nickname": "bob", "password": PASSWORD, "client_id": self.cast.app.client_id,
            "client_secret": self.cast.app.secret, "redirect_uri": OUT_OF_BAND, "redirect_uris": OUT_OF_BAND,
            "grant_type": "client_credentials", "context": ["home"], "choices": [0], "resource": "acct:bob@kenoma.test",
            "subscription": Browser().subscription, "shortcode": f"{PACK}0",
            "username": f"newcomer{len(self._made)}", "email": "newcomer@example.org", "agreement": True,
        }
        if name in fixed:
            return fixed[name]
        if name == "name":
            return self.step(declared.path, "name") if "/emoji/" in declared.path else self.alice.nickname
        kind = {"ids": "statuses", "id": "statuses", "in_reply_to_id": "statuses", "status_ids": "statuses",
                "media_ids": "media", "media_id": "media", "last_read_id": "messages"}.get(name)
        if kind == "statuses" and "notifications" in declared.path:
            kind = "notifications"
        if kind is None:
            return None
        return [self._one_of(kind)] if name.endswith("ids") else self._one_of(kind)


def _is_signed_in(person: Person) -> bool:
    """Whether the token still works: a request may have ended it, or changed the password."""
    token, account = tokens.find_access(person.token), accounts.find(person.id)
    return token is not None and account is not None and account.status == "active" and (
        int(token.generation) == int(account.token_generation))
