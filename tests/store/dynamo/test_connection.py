"""One client for all models; what it answers is what botocore and PynamoDB make of the same."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from typing import Any

import pytest
from botocore.parsers import create_parser
from botocore.session import Session
from pynamodb.attributes import JSONAttribute, MapAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.connection.base import MetaTable
from pynamodb.models import Model

from chalicelib import store
from chalicelib.aws import quick_json
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.accounts.claims import Claim
from chalicelib.store.dynamo import connection
from chalicelib.store.dynamo.keys import key
from chalicelib.store.dynamo.table import Record, create, fetch

for module in pkgutil.walk_packages(store.__path__, f"{store.__name__}."):
    importlib.import_module(module.name)
MODELS = [model for model in Record.__subclasses__() if model.__module__.startswith(f"{store.__name__}.")]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
VALUES = {"S": "text", "N": "7", "BOOL": True, "SS": ["a", "b"],
          "L": [{"S": "a"}, {"N": "1"}, {"N": "1.5"}, {"L": [{"BOOL": False}]}, {"NULL": True}],
          "M": {"é": {"N": "2"}, "x": {"S": "y"}, "in": {"M": {"n": {"N": "-3E2"}, "of": {"SS": ["a"]}}}}}


def test_all_models_share_one_client(monkeypatch):
    made, create_client = [], Session.create_client

    def noting(self, service, *args, **kwargs):
        made.append(service)
        return create_client(self, service, *args, **kwargs)

    monkeypatch.setattr(Session, "create_client", noting)
    connection.forget()
    fetch(strong=[key(Account, "me", PROFILE)])
    create(Claim("n#me", id="me"))
    assert list(Account.query("me")) == []
    Claim.get("n#me")

    assert made == ["dynamodb"]


# Answers.


def answered(status, body, operation="GetItem"):
    """What our parser and botocore's make of the same bytes."""
    response = {"status_code": status, "headers": {"x-amzn-requestid": "r1"}, "body": body, "context": {}}
    shape = connection.shared().client.meta.service_model.operation_model(operation).output_shape
    ours = connection.shared().session.get_component("response_parser_factory").create_parser("json")
    return ours.parse(response, shape), create_parser("json").parse(response, shape)


@pytest.mark.parametrize("body", [
    {"Item": {name: {name: value} for name, value in VALUES.items()}, "ConsumedCapacity": {"CapacityUnits": 0.5}}, {},
])
def test_an_answer_reads_as_botocore_reads_it(body):
    ours, theirs = answered(200, json.dumps(body).encode())

    assert ours == theirs


@pytest.mark.parametrize(("status", "body"), [
    (400, b'{"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "no"}'),
    (500, b"<html>down</html>"), (503, b""), (200, b""), (200, b"<html>"), (200, b"[]x"),
])
def test_an_error_and_what_no_service_wrote_is_left_to_botocore(status, body):
    ours, theirs = answered(status, body)

    assert ours == theirs


def test_answers_are_really_read_so(monkeypatch):
    read, decode = [], quick_json.decode

    def noting(data):
        read.append(data)
        return decode(data)

    monkeypatch.setattr(quick_json, "decode", noting)
    fetch(strong=[key(Account, "me", PROFILE)])

    assert len(read) == 1


# Records.


def item_of(model):
    """An item with every attribute that the model knows, and one that it does not."""
    item = {"unknown": {"S": "x"}}
    for attribute in model.get_attributes().values():
        value: Any = '{"a": ["b"]}' if isinstance(attribute, JSONAttribute) else VALUES[attribute.attr_type]
        item[attribute.attr_name] = {attribute.attr_type: value}
    return item


def values_of(record):
    return {name: value.as_dict() if isinstance(value, MapAttribute) else value
            for name, value in record.attribute_values.items()
            if value is not None and name in record.get_attributes()}


def test_what_a_record_holds_is_read_without_asking_the_attribute():
    """Reading takes a call of Python where the class has a data descriptor, as PynamoDB's attributes are."""
    descriptors = {name: inspect.getattr_static(Account, name) for name in Account.get_attributes()}
    account = Account("one", PROFILE)
    account.nickname = "alice"

    assert [name for name, each in descriptors.items() if hasattr(type(each), "__set__")] == []
    assert (account.nickname, vars(account)["nickname"], account.locked) == ("alice", "alice", False)
    assert account.attribute_values is vars(account)
    assert isinstance(Account.nickname, UnicodeAttribute)
    assert Account.blank("two", PROFILE).nickname is None


@every_model
def test_an_item_is_decoded_as_pynamodb_decodes_it(model):
    item = item_of(model)

    for some in (item, {}, {name: value for number, (name, value) in enumerate(item.items()) if number % 2}):
        theirs = values_of(Model.__dict__["from_raw_data"].__func__(model, dict(some)))
        there = {name for name, attribute in model.get_attributes().items() if attribute.attr_name in some}
        expected = {name: value for name, value in theirs.items() if name in there}
        assert values_of(model.from_raw_data(some)) == {**model.ABSENT, **expected}


@every_model
def test_an_attribute_is_read_as_pynamodb_reads_it(model):
    record = model.from_raw_data(item_of(model))

    for name, attribute in model.get_attributes().items():
        assert getattr(model, name) is attribute
        assert getattr(record, name) == record.attribute_values[name]


# Queries.


def asked_for(query, **options):
    """The call that a query makes, with names and values in the places of their placeholders."""
    made = []

    class Noting(connection._Connection):
        def _make_api_call(self, operation, parameters, *_):
            made.append((operation, dict(parameters)))
            return {"Items": []}

    noting = Noting(region="us-east-1")
    noting._tables = connection.shared()._tables
    query(noting, Account.Meta.table_name, "me", **options)
    [(operation, parameters)] = made
    names, values = parameters.pop("ExpressionAttributeNames"), parameters.pop("ExpressionAttributeValues")
    for part in ("KeyConditionExpression", "FilterExpression", "ProjectionExpression"):
        if part in parameters:
            text = re.sub(r"#\d+", lambda found: names[found[0]], parameters[part])
            text = re.sub(r":\d+", lambda found: json.dumps(values[found[0]]), text)
            parameters[part] = re.sub(r"[()]", "", text)
    return operation, parameters


@pytest.mark.parametrize("options", [
    {}, {"limit": 20, "scan_index_forward": False, "consistent_read": True},
    {"range_key_condition": Account.part.startswith("W#")}, {"range_key_condition": Account.part.between("a", "b")},
    {"range_key_condition": Account.part > "a", "filter_condition": ~Account.nickname.is_in("x", "y")},
    {"attributes_to_get": ["id", "part"]}, {"select": "COUNT"},
    {"exclusive_start_key": {"id": {"S": "me"}, "k": {"S": "P"}}},
])
def test_a_query_asks_what_pynamodbs_asks(options):
    assert list(Account.query("nobody")) == []  # from here on the table is known

    ours, theirs = (asked_for(query, **options) for query in (connection._Connection.query, Connection.query))

    assert ours == theirs


def test_a_table_that_several_models_share_has_the_indexes_of_each():
    """Whichever of them is asked first: the model of an index may come after one that has none."""
    plain = {"TableName": "t", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
             "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}
    index = {"IndexName": "by_name", "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}]}
    more = {**plain, "GlobalSecondaryIndexes": [index],
            "AttributeDefinitions": [*plain["AttributeDefinitions"], {"AttributeName": "name", "AttributeType": "S"}]}
    knowing = Connection(region="us-east-1")

    for table in (plain, more, plain):
        connection.learn(knowing, MetaTable(table))

    known = knowing.get_meta_table("t")
    assert known.get_index_hash_keyname("by_name") == "name"
    assert known.get_attribute_type("name") == "S"
    assert len(known.data["AttributeDefinitions"]) == 2
