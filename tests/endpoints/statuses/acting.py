"""What people do with a status, and what they see then."""

from __future__ import annotations


def act(person, id, verb, **params):
    return person.post(f"/api/v1/statuses/{id}/{verb}", form=params or None)


def show(person, id):
    return person.get(f"/api/v1/statuses/{id}").json


def unread(person):
    return person.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"]


def ids(reply):
    return [each["id"] for each in reply.json]
