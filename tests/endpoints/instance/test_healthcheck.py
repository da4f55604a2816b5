"""/api/pleroma/healthcheck"""

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.queues import queue
from chalicelib.store.instance import counters

KEYS = {"pool_size", "active", "idle", "memory_used", "healthy", "job_queue_stats"}


def test_a_healthy_server_says_so_with_its_queues(anonymous):
    reply = anonymous.get("/api/pleroma/healthcheck")

    assert reply.status == 200
    assert reply.json.keys() == KEYS
    assert reply.json["healthy"] is True
    assert reply.json["memory_used"] > 1
    assert set(reply.json["job_queue_stats"]) >= {"timelines", "inbox", "outside", "imports", "archives", "dead"}
    assert reply.json["job_queue_stats"]["timelines"] == {"waiting": 0, "delayed": 0, "running": 0}


def test_the_figures_are_real(anonymous, aws):
    aws.sqs.send_message(QueueUrl=aws.sqs.get_queue_url(QueueName="kenoma-imports")["QueueUrl"], MessageBody="{}")

    assert anonymous.get("/api/pleroma/healthcheck").json["job_queue_stats"]["imports"]["waiting"] == 1


@pytest.mark.parametrize(("module", "name"), [(counters, "statistics"), (queue, "figures")])
def test_a_server_whose_aws_does_not_answer_is_not_healthy(anonymous, monkeypatch, module, name):
    def unreachable():
        raise EndpointConnectionError(endpoint_url="http://nowhere")

    monkeypatch.setattr(module, name, unreachable)

    reply = anonymous.get("/api/pleroma/healthcheck")

    assert reply.status == 503
    assert reply.json.keys() == KEYS
    assert reply.json["healthy"] is False


def test_the_check_may_be_switched_off(anonymous, setting):
    setting(healthcheck=False)

    reply = anonymous.get("/api/pleroma/healthcheck")

    assert (reply.status, reply.json) == (503, {})


def test_the_check_is_open_on_a_private_instance(anonymous, setting):
    setting(public=False)

    assert anonymous.get("/api/pleroma/healthcheck").status == 200
