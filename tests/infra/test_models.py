"""Models and tables are described in two places. Here they are compared."""

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from pynamodb.indexes import Index, LocalSecondaryIndex

from chalicelib import store
from chalicelib.settings import settings
from chalicelib.store.dynamo.table import Record
from infra import resources

for module in pkgutil.walk_packages(store.__path__, f"{store.__name__}."):
    importlib.import_module(module.name)

# Tables for features that are still to come. They are deployed, but no model uses them yet.
WITHOUT_MODEL: set[str] = set()


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def models(of: type[Record] = Record) -> Iterator[type[Record]]:
    for model in of.__subclasses__():
        if model.__module__.startswith(f"{store.__name__}."):
            yield model
            yield from models(model)


def name_of(model: type[Record]) -> str:
    return model.Meta.table_name.removeprefix(settings.table_prefix)


MODELS = list(models())
BY_TABLE: dict[str, list[type[Record]]] = defaultdict(list)
for each in MODELS:
    BY_TABLE[name_of(each)].append(each)
TABLES: dict[str, dict[str, Any]] = {
    resource["Properties"]["TableName"]["Fn::Sub"].partition("}")[2]: resource["Properties"]
    for resource in resources.load()["Resources"].values()
    if resource["Type"] == "AWS::DynamoDB::Table"
}
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
every_table = pytest.mark.parametrize("table", sorted(BY_TABLE))


def test_every_model_has_its_table() -> None:
    assert BY_TABLE.keys() <= TABLES.keys()


def test_the_tables_without_a_model_are_known() -> None:
    assert TABLES.keys() - BY_TABLE.keys() == WITHOUT_MODEL


@every_model
def test_a_model_has_the_keys_of_its_table(model: type[Record]) -> None:
    assert keys_of_model(model) == keys_in(TABLES[name_of(model)]["KeySchema"])


@every_table
def test_the_indexes_of_a_tables_models_are_those_of_the_table(table: str) -> None:
    """No index that only the code knows, and none that nothing reads but every write pays for."""
    declared = {index.Meta.index_name: described(index) for model in BY_TABLE[table] for index in indexes_of(model)}

    assert declared == indexes_in(TABLES[table])


@every_table
def test_the_key_attributes_are_of_the_types_that_the_table_defines(table: str) -> None:
    defined = {each["AttributeName"]: each["AttributeType"] for each in TABLES[table]["AttributeDefinitions"]}

    for model in BY_TABLE[table]:
        of_model = {attribute.attr_name: attribute.attr_type for attribute in model.get_attributes().values()}
        of_index = {name: kind for index in indexes_of(model) for name, kind in attributes_of(index).items()}
        for attributes in (of_model, of_index):
            shared = attributes.keys() & defined.keys()
            assert {name: attributes[name] for name in shared} == {name: defined[name] for name in shared}


@every_table
def test_models_of_one_table_agree_on_what_an_attribute_is(table: str) -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for model in BY_TABLE[table]:
        for attribute in model.get_attributes().values():
            kinds[attribute.attr_name].add(attribute.attr_type)

    assert {name: types for name, types in kinds.items() if len(types) > 1} == {}


@every_table
def test_what_an_index_projects_is_an_attribute_of_a_model(table: str) -> None:
    known = {attribute.attr_name for model in BY_TABLE[table] for attribute in model.get_attributes().values()}
    projected = {name for kind, _, _, names in indexes_in(TABLES[table]).values() for name in names}

    assert projected <= known


@every_model
def test_a_model_expires_where_its_table_does(model: type[Record]) -> None:
    """An attribute called `ttl` means nothing in a table for which DynamoDB does not delete expired rows."""
    has_ttl = any(attribute.attr_name == "ttl" for attribute in model.get_attributes().values())

    assert not has_ttl or "TimeToLiveSpecification" in TABLES[name_of(model)]


# Both sides in the same form.


def keys_of_model(model: type[Record]) -> tuple[str, str | None]:
    keys = [(attribute.attr_name, attribute.is_hash_key) for attribute in model.get_attributes().values()
            if attribute.is_hash_key or attribute.is_range_key]
    return in_order(keys)


def in_order(keys: list[tuple[str, bool]]) -> tuple[str, str | None]:
    (hash_name,) = (name for name, is_hash in keys if is_hash)
    return hash_name, next((name for name, is_hash in keys if not is_hash), None)


def keys_in(schema: list[dict[str, str]]) -> tuple[str, str | None]:
    return in_order([(key["AttributeName"], key["KeyType"] == "HASH") for key in schema])


def indexes_of(model: type[Record]) -> list[Index[Any]]:
    return list(model._indexes.values())


def attributes_of(index: Index[Any]) -> dict[str, str]:
    keys = [value for value in vars(type(index)).values() if hasattr(value, "attr_type")]
    return {key.attr_name: key.attr_type for key in keys}


def described(index: Index[Any]) -> tuple[str, tuple[str, str | None], str, frozenset[str]]:
    """Local or global, its keys, what is projected, and which attributes when not all or none."""
    keys = [(value.attr_name, value.is_hash_key) for value in vars(type(index)).values() if hasattr(value, "attr_type")]
    projection = index.Meta.projection
    kind = "local" if isinstance(index, LocalSecondaryIndex) else "global"
    return kind, in_order(keys), projection.projection_type, frozenset(projection.non_key_attributes or ())


def indexes_in(table: dict[str, Any]) -> dict[str, tuple[str, tuple[str, str | None], str, frozenset[str]]]:
    found = {}
    for kind, part in (("local", "LocalSecondaryIndexes"), ("global", "GlobalSecondaryIndexes")):
        for index in table.get(part, ()):
            projection = index["Projection"]
            found[index["IndexName"]] = (
                kind, keys_in(index["KeySchema"]), projection["ProjectionType"],
                frozenset(projection.get("NonKeyAttributes", ())),
            )
    return found
