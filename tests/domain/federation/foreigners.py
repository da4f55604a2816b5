"""Accounts and statuses of another server, as its documents: what the tests change of them is said by name."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.federation.arriving import learn_account, learn_status
from chalicelib.domain.federation.reading.status import read_status
from chalicelib.domain.federation.receiving import activity
from chalicelib.domain.federation.receiving import follows as receiving
from chalicelib.domain.statuses import fan_out
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.statuses.statuses import Status

CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
FAR = "https://far.example"


def actor(name: str = "fern", *, at: str = FAR, **said: Any) -> dict[str, Any]:
    uri = f"{at}/users/{name}"
    return {
        "@context": [CONTEXT, "https://w3id.org/security/v1"], "id": uri, "type": "Person", "preferredUsername": name,
        "name": name.title(), "summary": "<p>From afar</p>", "url": f"{at}/@{name}", "inbox": f"{uri}/inbox",
        "outbox": f"{uri}/outbox", "followers": f"{uri}/followers", "following": f"{uri}/following",
        "endpoints": {"sharedInbox": f"{at}/inbox"}, "published": "2024-05-06T00:00:00Z",
        "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": "-----BEGIN PUBLIC KEY-----\nx"},
    } | said


def note(number: int | str = 1, *, by: str = "fern", at: str = FAR, **said: Any) -> dict[str, Any]:
    return {
        "@context": CONTEXT, "id": f"{at}/notes/{number}", "type": "Note", "attributedTo": f"{at}/users/{by}",
        "content": "<p>Hello from afar</p>", "to": [PUBLIC], "cc": [f"{at}/users/{by}/followers"],
    } | said


def mention(uri: str, name: str = "") -> dict[str, Any]:
    return {"type": "Mention", "href": uri, "name": name}


def comes(name: str = "fern", **said: Any) -> Account:
    return learn_account(actor(name, **said))


def follows(account: Account, whom: str, number: int = 1) -> None:
    """The account follows somebody here (`whom`: the uri), as its server says, and is answered."""
    uri = account.uri
    receiving.follow(activity.of({"type": "Follow", "id": f"{uri}#follows/{number}", "actor": uri, "object": whom}),
                     account)


def posts(author: Account, number: int | str = 1, *, placed: bool = True, **said: Any) -> Status:
    host = f"https://{author.host}"
    status = learn_status(read_status(note(number, by=author.username, at=host, **said)), author, placed=placed)
    if not status.fetched:
        fan_out.deliver_arrived(status)
    return status
