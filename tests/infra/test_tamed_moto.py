"""moto as the tests and the local stage use it: patched functions must answer as before, only faster."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.core.models import botocore_stubber

from tests.simulated_aws import LocalAws

NESTED = {
    "key": {"S": "n"},
    "text": {"S": "ä 😀"}, "empty": {"S": ""}, "number": {"N": "-12.5"},
    "yes": {"BOOL": True}, "nothing": {"NULL": True},
    "strings": {"SS": ["a", "b"]}, "numbers": {"NS": ["1", "2"]}, "bytes": {"B": b"\x00\xff"}, "many": {"BS": [b"x"]},
    "map": {"M": {"inner": {"M": {"list": {"L": [{"N": "1"}, {"M": {}}, {"L": []}]}}}, "raw": {"B": b"\x01"}}},
}  # fmt: skip


def test_nested_values_come_back_as_they_were_put(aws: LocalAws) -> None:
    aws.dynamodb.put_item(TableName="kenoma-claims", Item=NESTED)

    item = aws.dynamodb.get_item(TableName="kenoma-claims", Key={"key": {"S": "n"}})["Item"]

    item["strings"]["SS"].sort()
    item["numbers"]["NS"].sort()
    assert item == NESTED


def test_400_parallel_increments_all_count(aws: LocalAws) -> None:
    client = boto3.client("dynamodb")

    def increment(_: int) -> None:
        client.update_item(TableName="kenoma-claims", Key={"key": {"S": "c"}}, UpdateExpression="ADD n :one",
                           ExpressionAttributeValues={":one": {"N": "1"}})  # fmt: skip

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(increment, range(400)))

    assert aws.dynamodb.get_item(TableName="kenoma-claims", Key={"key": {"S": "c"}})["Item"]["n"] == {"N": "400"}


def test_a_failed_transaction_leaves_every_item_as_it_was(aws: LocalAws) -> None:
    aws.dynamodb.put_item(TableName="kenoma-claims", Item={"key": {"S": "changed"}, "n": {"N": "1"}})
    aws.dynamodb.put_item(TableName="kenoma-feeds", Item={"feed": {"S": "f"}, "id": {"S": "deleted"}})
    feed = {"feed": {"S": "f"}}

    with pytest.raises(ClientError) as failure:
        aws.dynamodb.transact_write_items(TransactItems=[
            {"Put": {"TableName": "kenoma-claims", "Item": {"key": {"S": "new"}}}},
            {"Put": {"TableName": "kenoma-feeds", "Item": feed | {"id": {"S": "new"}}}},
            {"Delete": {"TableName": "kenoma-feeds", "Key": feed | {"id": {"S": "deleted"}}}},
            {"Update": {"TableName": "kenoma-claims", "Key": {"key": {"S": "changed"}}, "UpdateExpression": "ADD n :o",
                        "ExpressionAttributeValues": {":o": {"N": "1"}}}},
            {"ConditionCheck": {"TableName": "kenoma-claims", "Key": {"key": {"S": "absent"}},
                                "ConditionExpression": "attribute_exists(#k)",
                                "ExpressionAttributeNames": {"#k": "key"}}},
        ])  # fmt: skip

    reasons = [reason["Code"] for reason in failure.value.response["CancellationReasons"]]
    assert reasons == ["None"] * 4 + ["ConditionalCheckFailed"]
    claims = aws.dynamodb.scan(TableName="kenoma-claims")["Items"]
    assert claims == [{"key": {"S": "changed"}, "n": {"N": "1"}}]
    assert aws.dynamodb.scan(TableName="kenoma-feeds")["Items"] == [feed | {"id": {"S": "deleted"}}]


def test_one_item_twice_in_a_transaction_is_refused_and_undone(aws: LocalAws) -> None:
    put = {"Put": {"TableName": "kenoma-claims", "Item": {"key": {"S": "twice"}}}}

    with pytest.raises(ClientError):
        aws.dynamodb.transact_write_items(TransactItems=[put, put])

    assert aws.count("claims") == 0


def test_a_query_pages_through_one_partition_in_order(aws: LocalAws) -> None:
    ids = [f"{number:04}" for number in range(50)]
    for id in random.Random(1).sample(ids, 50):
        for feed in ("mine", "theirs"):
            aws.dynamodb.put_item(TableName="kenoma-feeds", Item={"feed": {"S": feed}, "id": {"S": id}})

    for forward in (True, False):
        pages = aws.dynamodb.get_paginator("query").paginate(
            TableName="kenoma-feeds", KeyConditionExpression="feed = :f", ScanIndexForward=forward,
            ExpressionAttributeValues={":f": {"S": "mine"}}, PaginationConfig={"PageSize": 7},
        )  # fmt: skip
        found = [item["id"]["S"] for page in pages for item in page["Items"]]
        assert found == (ids if forward else ids[::-1])
        assert all(item["feed"]["S"] == "mine" for page in pages for item in page["Items"])


def test_local_and_global_indexes_answer_sparsely_and_in_order(aws: LocalAws) -> None:
    for number in random.Random(2).sample(range(20), 20):
        row = {"acct": {"S": f"a{number % 2}"}, "status": {"S": f"s{number:02}"}}
        if number % 4 == 0:
            row["bm"] = {"N": str(100 - number)}
        aws.dynamodb.put_item(TableName="kenoma-marks", Item=row)

    bookmarks = aws.dynamodb.query(
        TableName="kenoma-marks", IndexName="bookmarks", KeyConditionExpression="acct = :a AND bm > :low",
        ExpressionAttributeValues={":a": {"S": "a0"}, ":low": {"N": "84"}},
    )["Items"]  # fmt: skip
    marks = aws.dynamodb.query(
        TableName="kenoma-marks", IndexName="by_status", KeyConditionExpression="#s = :s",
        ExpressionAttributeNames={"#s": "status"}, ExpressionAttributeValues={":s": {"S": "s03"}},
    )["Items"]  # fmt: skip

    assert [item["bm"]["N"] for item in bookmarks] == ["88", "92", "96", "100"]
    assert marks == [{"acct": {"S": "a1"}, "status": {"S": "s03"}}]


def test_a_table_without_sort_key_can_be_queried(aws: LocalAws) -> None:
    aws.dynamodb.put_item(TableName="kenoma-claims", Item={"key": {"S": "one"}})

    def asked(key: str) -> Any:
        return aws.dynamodb.query(
            TableName="kenoma-claims", KeyConditionExpression="#k = :k",
            ExpressionAttributeNames={"#k": "key"}, ExpressionAttributeValues={":k": {"S": key}},
        )["Items"]  # fmt: skip

    assert asked("one") == [{"key": {"S": "one"}}]
    assert asked("other") == []


def test_a_message_is_sent_without_counting_those_before_it(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.sqs.models import Message

    looked_at: list[str] = []
    visible = vars(Message)["visible"].fget

    def looking(self: Message) -> Any:
        looked_at.append(self.id)
        return visible(self)

    monkeypatch.setattr(Message, "visible", property(looking))
    client = boto3.client("sqs")
    url = client.get_queue_url(QueueName="kenoma-timelines")["QueueUrl"]

    for _ in range(20):
        client.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "text"}])
    client.send_message(QueueUrl=url, MessageBody="text", DelaySeconds=60)

    assert looked_at == []
    numbers = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert numbers["ApproximateNumberOfMessages"] == "20"
    assert numbers["ApproximateNumberOfMessagesDelayed"] == "1"


@pytest.mark.parametrize("given", [1, 40])
def test_an_item_may_be_as_large_as_ever_and_no_larger(aws: LocalAws, given: int) -> None:
    def put(size: int) -> None:
        values = {f"a{number}": {"S": "ä" * (size // 2 // given)} for number in range(given)}
        aws.dynamodb.put_item(TableName="kenoma-claims", Item={"key": {"S": "large"}, **values})

    put(400_000)
    with pytest.raises(ClientError, match="Item size"):
        put(410_000)


def test_an_item_may_not_grow_beyond_its_limit(aws: LocalAws) -> None:
    aws.dynamodb.put_item(TableName="kenoma-claims", Item={"key": {"S": "k"}})

    def grow(name: str, size: int) -> None:
        aws.dynamodb.update_item(
            TableName="kenoma-claims", Key={"key": {"S": "k"}}, UpdateExpression="SET #n = :v",
            ExpressionAttributeNames={"#n": name}, ExpressionAttributeValues={":v": {"S": "x" * size}})

    grow("a", 200_000)
    grow("a", 190_000)
    with pytest.raises(ClientError, match="Item size"):
        grow("b", 220_000)
    grow("b", 1_000)


def test_one_expression_does_its_work_each_time_with_other_values(aws: LocalAws) -> None:
    def update(key: str, change: str, by: str) -> Any:
        return aws.dynamodb.update_item(
            TableName="kenoma-claims", Key={"key": {"S": key}}, ReturnValues="ALL_NEW",
            UpdateExpression="SET #a = if_not_exists(#a, :zero) + :by, #b = :b REMOVE #c ADD #n :by DELETE #s :s",
            ExpressionAttributeNames={"#a": "a", "#b": "b", "#c": "c", "#n": "n", "#s": "s"},
            ExpressionAttributeValues={":zero": {"N": "0"}, ":by": {"N": by}, ":b": {"S": change},
                                       ":s": {"SS": [change]}})["Attributes"]

    for key in ("one", "two"):
        aws.dynamodb.put_item(TableName="kenoma-claims", Item={
            "key": {"S": key}, "c": {"S": "gone"}, "s": {"SS": ["first", "second", "third"]}})
    update("one", "first", "3")

    again, other = update("one", "second", "4"), update("two", "third", "5")

    assert again == {"key": {"S": "one"}, "a": {"N": "7"}, "b": {"S": "second"}, "n": {"N": "7"},
                     "s": {"SS": ["third"]}}
    other["s"]["SS"].sort()
    assert other == {"key": {"S": "two"}, "a": {"N": "5"}, "b": {"S": "third"}, "n": {"N": "5"},
                     "s": {"SS": ["first", "second"]}}


@pytest.mark.parametrize(("expression", "message"), [
    ("SET #a = :a SET #b = :a", "SET"), ("SET #a = :a, #a = :a", "overlap"), ("SET #a = #a + :a", "attribute"),
    ("SET a = :a, b = :nothing", "not defined"), ("SET key = :a", "part of the key"), ("SET = :a", "Syntax error"),
])
def test_a_faulty_expression_is_refused_each_time(aws: LocalAws, expression: str, message: str) -> None:
    if aws.engine != "moto":
        message = "ValidationException"
    names = {name: name[1:] for name in ("#a", "#b") if name in expression}
    for _ in range(2):
        with pytest.raises(ClientError, match=message):
            aws.dynamodb.update_item(
                TableName="kenoma-claims", Key={"key": {"S": "k"}}, UpdateExpression=expression,
                ExpressionAttributeValues={":a": {"N": "1"}},
                **({"ExpressionAttributeNames": names} if names else {}))


@pytest.mark.parametrize(("id", "part"), [("n" * 2_049, "P"), ("ä" * 1_025, "P"), ("me", "n" * 1_025)])
def test_keys_that_are_too_long_are_refused_when_looked_for(aws: LocalAws, id: str, part: str) -> None:
    if aws.engine != "moto":
        pytest.skip("DynamoDB Local refuses them in fewer places")
    item_key = {"id": {"S": id}, "part": {"S": part}}
    asking: list[Any] = [
        lambda: aws.dynamodb.get_item(TableName="kenoma-accounts", Key=item_key),
        lambda: aws.dynamodb.batch_get_item(RequestItems={"kenoma-accounts": {"Keys": [item_key]}}),
        lambda: aws.dynamodb.delete_item(TableName="kenoma-accounts", Key=item_key),
        lambda: aws.dynamodb.query(
            TableName="kenoma-accounts", KeyConditionExpression="id = :i AND part = :p",
            ExpressionAttributeValues={":i": item_key["id"], ":p": item_key["part"]}),
    ]
    for ask in asking:
        with pytest.raises(ClientError, match="ValidationException"):
            ask()


def test_no_test_reaches_aws_itself(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore_stubber, "enabled", False)

    with pytest.raises(AssertionError, match=r"a test asks AWS itself: https://"):
        boto3.client("s3").list_buckets()
