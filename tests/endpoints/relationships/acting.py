"""How one account acts on another, and what comes of it."""

from __future__ import annotations

from typing import Any

from tests.cast import Person

BLANK = {
    "following": False, "followed_by": False, "blocking": False, "blocked_by": False, "muting": False,
    "muting_notifications": False, "subscribing": False, "notifying": False, "requested": False,
    "domain_blocking": False,
    "showing_reblogs": True, "languages": None, "endorsed": False, "note": "", "requested_by": False,
    "muting_expires_at": None, "mute_expires_at": None, "block_expires_at": None,
}


def act(viewer, person, verb, **params):
    return viewer.post(f"/api/v1/accounts/{person.id}/{verb}", form=params or None)


def ids(reply):
    return [each["id"] for each in reply.json]


def unread(person):
    return person.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"]


def counts(person):
    account = person.account
    return int(account.followers_count), int(account.following_count)


def followed(person: Person, other: Person, **params: object) -> dict[str, Any]:
    reply = person.post(f"/api/v1/accounts/{other.id}/follow", form=params or None)
    assert reply.status == 200, reply.body
    return reply.json
