"""Claims: rows whose key is a value that only one owner may have. They are put when the owner is made."""

from __future__ import annotations

from ..dynamo.attributes import UnicodeAttribute
from ..dynamo.keys import Key, bounded, key
from ..dynamo.table import Record, Table, named


class Claim(Record):
    """Who owns this nickname (`n#`), e-mail address (`e#`) or uri (`u#`)? A nickname is never freed."""

    class Meta(Table):
        table_name = named("claims")

    key = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute()
    spelling = UnicodeAttribute(attr_name="as", null=True)


def nickname_claim(nickname: str) -> Key:
    return key(Claim, bounded("n#", nickname.casefold()))


def email_claim(email: str) -> Key:
    return key(Claim, bounded("e#", email.casefold()))
