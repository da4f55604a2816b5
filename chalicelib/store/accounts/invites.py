"""Invites: tokens with which somebody may sign up where registrations are closed."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime

from ..dynamo.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from ..dynamo.keys import Key, key
from ..dynamo.table import Record, Table, Writes, fetch, named, transaction, update
from ..instance.counters import next_number
from ..jobs import Job

BY_NUMBER, ITSELF = "invite", "invite"
LONGEST_TOKEN = 200
SPENT = "invite"


class Invite(Record):
    """The row `inv#`token is the invite; `invite`/16-digit number names its token.

    Asked: this invite (batch get, with the claims of a sign-up) · the latest (query, then a batch get).
    """

    class Meta(Table):
        table_name = named("instance")

    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    token = UnicodeAttribute()
    number = NumberAttribute(attr_name="n")
    uses = NumberAttribute(null=True)
    max_use = NumberAttribute(null=True)
    expires_at = UnicodeAttribute(null=True)
    revoked = BooleanAttribute(null=True)

    @property
    def invite_type(self) -> str:
        if self.expires_at is None:
            return "one_time" if self.max_use is None else "reusable"
        return "date_limited" if self.max_use is None else "reusable_date_limited"

    @property
    def most_uses(self) -> int | None:
        """How often it may be used. None: any number of times."""
        if self.max_use is not None:
            return int(self.max_use)
        return None if self.expires_at is not None else 1

    @property
    def used(self) -> bool:
        """Whether it was used as often as it may be, or was revoked."""
        return bool(self.revoked) or (self.most_uses is not None and self.uses >= self.most_uses)

    @property
    def expired(self) -> bool:
        """Whether its last day (UTC) has passed. It may be used until that day ends."""
        return self.expires_at is not None and self.expires_at < datetime.now(UTC).date().isoformat()


def invite_key(token: str) -> Key:
    return key(Invite, f"inv#{token}", ITSELF)


def may_be_token(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TOKEN


def make(max_use: int | None, expires_at: date | None) -> Invite:
    """A new invite with the next number. It is not stored yet."""
    token = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    number = next_number("invites")
    return Invite(invite_key(token).hash, ITSELF, token=token, number=number, uses=0, max_use=max_use,
                  expires_at=expires_at.isoformat() if expires_at is not None else None)


def add(invite: Invite, jobs: Iterable[Job] = ()) -> None:
    """Store a new invite, with the jobs that follow from it."""
    with transaction() as write:
        write.put(invite)
        write.put(Invite(BY_NUMBER, f"{invite.number:016d}", token=invite.token, number=invite.number))
        for job in jobs:
            write.put(job)


def find(token: str) -> Invite | None:
    wanted = invite_key(token)
    return fetch(strong=[wanted]).get(Invite, wanted.hash, ITSELF) if may_be_token(token) else None


def latest(most: int) -> list[Invite]:
    """The invites that were made last, oldest first."""
    rows = Invite.query(BY_NUMBER, consistent_read=True, scan_index_forward=False, limit=most)
    listed = [row.token for row in rows]
    found = fetch(strong=[invite_key(token) for token in listed])
    invites = [found.get(Invite, invite_key(token).hash, ITSELF) for token in reversed(listed)]
    return [invite for invite in invites if invite is not None]


def revoke(token: str) -> bool:
    """Allow no more uses. False when there is no such invite."""
    return may_be_token(token) and update(Invite.stub(invite_key(token).hash, ITSELF), [Invite.revoked.set(True)],
                                          Invite.token.exists())


def use_in(write: Writes, invite: Invite) -> None:
    """Count a use within a transaction, which fails with label SPENT if the invite is used up."""
    may_be_used = Invite.token.exists() & Invite.revoked.does_not_exist()
    if invite.most_uses is not None:
        may_be_used &= Invite.uses < invite.most_uses
    write.update(Invite.stub(invite.kind, ITSELF), [Invite.uses.add(1)], may_be_used, label=SPENT)
