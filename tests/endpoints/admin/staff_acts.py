"""What the tests of administration ask again and again."""

from __future__ import annotations

from collections import Counter

from chalicelib.store.accounts import accounts, standings
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.instance import counters

ADMIN = "/api/pleroma/admin"
NOT_FOUND = (404, {"error": "Not found"})


def outcome(reply):
    return reply.status, reply.json


def logged(admin):
    """The messages of the moderation log, oldest first."""
    return [entry["message"] for entry in admin.get(f"{ADMIN}/moderation_log").json["items"]][::-1]


def everybody() -> list[Account]:
    found, after = [], None
    while True:
        page = accounts.walk(after)
        found += page.records
        after = page.after
        if after is None:
            return found


def assert_counted():
    """The standings and the staff are what the accounts say, and so are the statistics."""
    there = everybody()
    assert [account.nickname for account in there if not standings.is_right(account)] == []
    assert counters.standings() == Counter(account.standing for account in there if account.standing)
    assert counters.statistics(strong=True).users == sum(
        1 for account in there if not account.host and not account.deactivated)
    assert counters.staff_ids() == {account.id for account in there if account.is_admin or account.is_moderator}
