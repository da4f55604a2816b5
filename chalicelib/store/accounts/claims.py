"""Claims: rows whose key is a value that only one owner may have. They are put when the owner is made."""

from __future__ import annotations

import time

from pynamodb.expressions.condition import Condition

from ..dynamo.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from ..dynamo.keys import Key, bounded, key
from ..dynamo.table import Record, Table, named


class Claim(Record):
    """Who owns this nickname (`n#`), e-mail address (`e#`) or uri (`u#`)? A nickname is never freed.

    A claim of a uri tells what another server calls so (`kind`): an account, with its key, or what an account did. Then
    `by` is the account, and `on` what it was done to.
    """

    class Meta(Table):
        table_name = named("claims")

    ENDS = True
    key = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute()
    spelling = UnicodeAttribute(attr_name="as", null=True)
    kind = UnicodeAttribute(attr_name="k", null=True)
    by = UnicodeAttribute(null=True)
    on = UnicodeAttribute(null=True)
    public_key = UnicodeAttribute(attr_name="pub", null=True)
    key_id = UnicodeAttribute(attr_name="kid", null=True)
    keyed = NumberAttribute(null=True)
    """When the key was fetched last."""
    gone = BooleanAttribute(null=True)
    """The account was deleted where it belongs. It does not come back."""
    ttl = NumberAttribute(null=True)


def is_free() -> Condition:
    """The condition under which a claim is put: there is none, or the time of what had it is over."""
    free: Condition = Claim.key.does_not_exist() | (Claim.ttl <= int(time.time()))
    return free


def nickname_claim(nickname: str) -> Key:
    return key(Claim, bounded("n#", nickname.casefold()))


def uri_claim(uri: str) -> Key:
    """Of the uri of something at another server, letter by letter. Own uris have no claims."""
    return key(Claim, bounded("u#", uri))


def email_claim(email: str) -> Key:
    return key(Claim, bounded("e#", email.casefold()))
