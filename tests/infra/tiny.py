"""A small Chalice app for the tests of what runs apps: it answers, echoes, waits, works and fails."""

import json
import os
import time
from typing import Any

from chalice.app import Chalice, Rate, Request, Response

app = Chalice("tiny")
done: list[str] = []
ticks: list[str] = []


def asked() -> Request:
    request = app.current_request
    assert request is not None
    return request


@app.route("/ping")
def ping() -> Any:
    return {"ok": True}


@app.route("/slow")
def slow() -> Any:
    time.sleep(1)
    return {"ok": True}


@app.route("/hang")
def hang() -> Any:
    """Keep everybody else from moto."""
    from infra.local import tamed_moto

    with tamed_moto.lock:
        time.sleep(60)


@app.route("/boom")
def boom() -> Any:
    raise ValueError("secret detail")


@app.route("/things/{id}", methods=["GET", "HEAD"])
def thing(id: str) -> Any:
    return Response({"id": id, "query": asked().query_params}, headers={"Content-Type": "application/json"})


@app.route("/things/fixed")
def fixed() -> Any:
    return {"id": "none"}


@app.route("/echo", methods=["POST", "PUT", "DELETE"], content_types=["*/*"])
def echo() -> Any:
    request = asked()
    return {"length": len(request.raw_body), "authorization": request.headers.get("authorization")}


@app.route("/keep/{word}", methods=["POST"], content_types=["*/*"])
def keep(word: str) -> Any:
    """Write a row, an object and a job, as the real application would."""
    import boto3

    boto3.client("dynamodb").put_item(TableName="kenoma-claims", Item={"key": {"S": word}})
    boto3.client("s3").put_object(Bucket=os.environ.get("KENOMA_BUCKET", "kenoma-files"), Key=f"media/{word}.txt",
                                  Body=word.encode(), ContentType="text/plain")  # fmt: skip
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="kenoma-timelines")["QueueUrl"], MessageBody=json.dumps(word))
    return {"kept": word}


@app.route("/kept/{word}")
def kept(word: str) -> Any:
    import boto3

    found = boto3.client("dynamodb").get_item(TableName="kenoma-claims", Key={"key": {"S": word}}, ConsistentRead=True)
    return {"row": "Item" in found, "done": word in done, "ticks": len(ticks)}


@app.on_sqs_message(queue="kenoma-timelines", batch_size=10)
def on_timelines(event: Any) -> Any:
    failures = []
    for record in event:
        word = json.loads(record.body)
        if word == "poison":
            failures.append({"itemIdentifier": record.to_dict()["messageId"]})
        elif word == "crash":
            raise RuntimeError("the whole batch fails")
        else:
            done.append(word)
    return {"batchItemFailures": failures}


@app.on_ws_connect()
def opening(event: Any) -> Any:
    return {"statusCode": 200}


@app.on_ws_message()
def said(event: Any) -> Any:
    """Say it again, as the real application would."""
    from chalicelib.aws import clients

    gateway = clients.client("apigatewaymanagementapi")
    gateway.post_to_connection(ConnectionId=event.connection_id, Data=event.body.encode())


@app.on_ws_disconnect()
def closed(event: Any) -> Any:
    done.append("closed")


@app.schedule(Rate(1, Rate.MINUTES))
def sweep(event: Any) -> None:
    ticks.append(event.time)
