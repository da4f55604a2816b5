"""Apps: OAuth clients, each with its own id, secret and scopes."""

from __future__ import annotations

from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from ..dynamo.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from ..dynamo.keys import Key, key
from ..dynamo.table import Record, Table, create, fetch, named
from ..instance.counters import next_number

LONGEST_ID = 200


class AppsByNumber(GlobalSecondaryIndex["App"]):
    """Every app in the order it was made."""

    class Meta:
        index_name = "by_num"
        projection = KeysOnlyProjection()

    every = UnicodeAttribute(hash_key=True, attr_name="const")
    number = NumberAttribute(range_key=True, attr_name="num")


class AppsById(GlobalSecondaryIndex["App"]):
    class Meta:
        index_name = "by_id"
        projection = KeysOnlyProjection()

    id = UnicodeAttribute(hash_key=True)


class App(Record):
    """One OAuth client. Asked: by client_id · by flake (tokens name it) · all, by number (administration).

    Tokens keep `client_id` as their app. `number` is the id that clients see.
    """

    class Meta(Table):
        table_name = named("apps")

    client_id = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute()
    every = UnicodeAttribute(attr_name="const", default="a")
    number = NumberAttribute(attr_name="num")
    secret = UnicodeAttribute()
    name = UnicodeAttribute()
    redirect_uris = UnicodeAttribute()
    scopes = UnicodeAttribute(null=True)
    website = UnicodeAttribute(null=True)
    trusted = BooleanAttribute(null=True)
    by_number = AppsByNumber()
    by_id = AppsById()

    @property
    def scope_list(self) -> tuple[str, ...]:
        return tuple((self.scopes or "").split())

    @property
    def redirect_list(self) -> list[str]:
        return self.redirect_uris.split()


def app_key(client_id: str) -> Key:
    return key(App, client_id)


def may_be_id(text: str) -> bool:
    """Whether a text can be the id of an app. A key takes no more than 2,048 bytes."""
    return 0 < len(text) <= LONGEST_ID


def find(client_id: str) -> App | None:
    return fetch(strong=[app_key(client_id)]).get(App, client_id) if may_be_id(client_id) else None


def find_many(client_ids: set[str]) -> dict[str, App]:
    return {app.client_id: app for app in fetch(eventual=[app_key(each) for each in client_ids]).all(App)}


def add(app: App) -> App:
    """Store a new app under the next number."""
    app.number = next_number("apps")
    create(app, App.client_id.does_not_exist())
    return app
