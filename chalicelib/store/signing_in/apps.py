"""Apps: OAuth clients, each with its own id, secret and scopes.

Administrators list them by number, all or only the trusted or the others, all names or one. Each of these is one
partition of an index, or two: `every` says which of two lists an app is in, and `name_id` the same within its name.
Counters say how long the two lists are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from ..dynamo import walking
from ..dynamo.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from ..dynamo.counting import count
from ..dynamo.failures import Overtaken
from ..dynamo.keys import Item, Key, key
from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, Record, Table, Writes, fetch, named, transaction
from ..dynamo.walking import Walked
from ..instance import counters
from ..instance.counters import next_number
from ..jobs import Job

LONGEST_ID = 200
LOOKS = 3
OTHERS, TRUSTED = "a", "t"


class AppsByNumber(GlobalSecondaryIndex["App"]):
    """The apps of one list in the order in which they were made."""

    class Meta:
        index_name = "by_num"
        projection = KeysOnlyProjection()

    every = UnicodeAttribute(hash_key=True, attr_name="const")
    number = NumberAttribute(range_key=True, attr_name="num")


class AppsByName(GlobalSecondaryIndex["App"]):
    """The apps of one list that have the same name, in the order in which they were made."""

    class Meta:
        index_name = "by_name"
        projection = KeysOnlyProjection()

    name_id = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True, attr_name="num")


class AppsById(GlobalSecondaryIndex["App"]):
    class Meta:
        index_name = "by_id"
        projection = KeysOnlyProjection()

    id = UnicodeAttribute(hash_key=True)


class App(Record):
    """One OAuth client. Asked: by client_id · by flake (tokens name it) · a list by number, and how long that is.

    Tokens keep `client_id` as their app. `number` is the id that clients see.
    """

    class Meta(Table):
        table_name = named("apps")

    client_id = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute()
    every = UnicodeAttribute(attr_name="const", default=OTHERS)
    name_id = UnicodeAttribute(null=True)
    """Absent on apps that are older than the counters: they do not count these."""
    number = NumberAttribute(attr_name="num")
    secret = UnicodeAttribute()
    name = UnicodeAttribute()
    redirect_uris = UnicodeAttribute()
    scopes = UnicodeAttribute(null=True)
    website = UnicodeAttribute(null=True)
    trusted = BooleanAttribute(null=True)
    by_number = AppsByNumber()
    by_name = AppsByName()
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


def find_by_number(number: int) -> App | None:
    """The app that clients know by this number. One that was made just now may not be found: the index lags.

    Whoever looks while an app changes from one list to the other may see it in neither, so they look again.
    """
    for _ in range(LOOKS):
        found = together(*[lambda which=which: [*App.by_number.query(which, App.number == number, limit=1)]
                           for which in (OTHERS, TRUSTED)])
        for rows in found:
            for row in rows:
                return find(row.client_id)
    return None


# Lists.


def list_apps(name: str | None, trusted: bool | None, skip: int, size: int) -> list[App]:
    """A page of the apps with a name (None: any) and trust (None: either), by number."""
    lists = _lists(trusted)
    found = together(*[lambda which=which: [*_rows(which, name, skip + size)] for which in lists])
    ids = [row.client_id for row in sorted((row for rows in found for row in rows), key=lambda row: row.number)]
    apps = fetch(strong=[app_key(id) for id in ids[skip:skip + size]]).all(App)
    return sorted((app for app in apps if app.every in lists and name in (None, app.name)), key=lambda app: app.number)


def count_apps(name: str | None, trusted: bool | None) -> int:
    """How many such apps there are: exact, but for more than some forty thousand of the same name."""
    if name is None:
        return counters.count_of_apps(_lists(trusted))
    return sum(together(*[lambda which=which: count(App.by_name, _name_id(which, name), strong=False)
                          for which in _lists(trusted)]))


def _lists(trusted: bool | None) -> Sequence[str]:
    return (OTHERS, TRUSTED) if trusted is None else (TRUSTED,) if trusted else (OTHERS,)


def _rows(which: str, name: str | None, most: int) -> Any:
    if name is None:
        return App.by_number.query(which, limit=most)
    return App.by_name.query(_name_id(which, name), limit=most)


def _name_id(which: str, name: str) -> str:
    """A name may be longer than a key."""
    return hashlib.sha256(f"{which}{name}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


# Writing.


def add(app: App) -> App:
    """Store a new app under the next number."""
    app.number = next_number("apps")
    app.every = TRUSTED if app.trusted else OTHERS
    app.name_id = _name_id(app.every, app.name)
    with transaction() as write:
        write.put(app, App.client_id.does_not_exist())
        counters.count_app(write, app.client_id, app.every, 1)
    return app


def change(app: App, wanted: Mapping[str, Any]) -> None:
    """Change attributes of an app; an attribute that becomes None or False is removed. Raises Overtaken."""
    values = {"name": app.name, "trusted": app.trusted, **wanted}
    which = TRUSTED if values["trusted"] else OTHERS
    values |= {"every": which, "name_id": _name_id(which, values["name"])}
    attributes = App.get_attributes()
    actions: Sequence[Action] = [attributes[name].set(value) if value else attributes[name].remove()
                                 for name, value in values.items()]
    try:
        with transaction() as write:
            write.update(App.stub(app.client_id), actions, _as_read(app))
            _count_elsewhere(write, app, which)
    except ConditionFailed as failed:
        raise Overtaken from failed


def _count_elsewhere(write: Writes, app: App, which: str) -> None:
    """Move the counters of an app that is in this list from now on."""
    if app.name_id is None:
        counters.count_app(write, app.client_id, which, 1)
    elif app.every != which:
        counters.count_app(write, app.client_id, app.every, -1)
        counters.count_app(write, app.client_id, which, 1)


def delete(app: App, job: Job) -> None:
    """Delete an app, with the job that ends its tokens. Raises Overtaken."""
    try:
        with transaction() as write:
            write.delete(App.stub(app.client_id), _as_read(app))
            if app.name_id is not None:
                counters.count_app(write, app.client_id, app.every, -1)
            write.put(job)
    except ConditionFailed as failed:
        raise Overtaken from failed


def _as_read(app: App) -> Condition:
    """The condition that the app exists, and has the name and the list that were read."""
    name_id = App.name_id.does_not_exist() if app.name_id is None else App.name_id == app.name_id
    condition: Condition = (App.name == app.name) & (App.every == app.every) & name_id
    return condition


# Apps that are older than the counters.


def walk(after: Item | None) -> Walked[App]:
    """A page of the apps, for `backfill`: the older ones are all in one list. `after`: where the page before ended."""
    beyond = App.number > int(after["num"]["N"]) if after is not None else None
    rows = list(App.by_number.query(OTHERS, beyond, limit=walking.PAGE))
    found = fetch(strong=[app_key(row.client_id) for row in rows]).all(App)
    return Walked(found, {"num": {"N": str(int(rows[-1].number))}} if len(rows) == walking.PAGE else None)


def find_again(apps: Sequence[App]) -> list[App]:
    """The same apps as they are now, without those that are gone."""
    return fetch(strong=[app_key(app.client_id) for app in apps]).all(App)


def count_late(apps: Sequence[App]) -> None:
    """Count older apps, and let them be found by their names. Doing it twice changes nothing. Raises Overtaken."""
    for app in apps:
        if app.name_id is None:
            change(app, {})
