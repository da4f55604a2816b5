"""/api/v1/akkoma/metrics"""

import re

from botocore.exceptions import EndpointConnectionError

from chalicelib.domain.instance import about
from chalicelib.store.instance import counters

PATH = "/api/v1/akkoma/metrics"
SAMPLE = re.compile(r'kenoma_[a-z_]+(\{[a-z]+="[a-z_]+"(,[a-z]+="[a-z_]+")*\})? -?[0-9.e+]+')


def figures(reply):
    """The samples by name and labels, of a text of which every line is right."""
    assert (reply.status, reply.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    lines = [line for line in reply.text.splitlines() if not line.startswith("# ")]
    assert all(SAMPLE.fullmatch(line) for line in lines), reply.text
    assert reply.text.endswith("\n")
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_an_administrator_sees_what_is_on_the_server_and_what_waits(admin, alice, aws):
    alice.posts("hello")
    aws.sqs.send_message(QueueUrl=aws.sqs.get_queue_url(QueueName="kenoma-imports")["QueueUrl"], MessageBody="{}")
    about.forget()

    found = figures(admin.get(PATH))

    assert (found["kenoma_healthy"], found["kenoma_users"], found["kenoma_statuses"]) == (1, 2, 1)
    assert (found["kenoma_servers"], found["kenoma_memory_megabytes"] > 1) == (0, True)
    assert found['kenoma_jobs{queue="imports",state="waiting"}'] == 1
    assert found['kenoma_jobs{queue="dead",state="running"}'] == 0
    assert found['kenoma_imported{as="imports"}'] == 0


def test_a_name_is_explained_once(admin):
    text = admin.get(PATH).text

    names = re.findall(r"^# TYPE (\S+) gauge$", text, re.MULTILINE)
    assert len(names) == len(set(names))
    assert re.findall(r"^# HELP (\S+) .+$", text, re.MULTILINE) == names


def test_a_scope_of_its_own_is_enough_for_who_collects_them(cast, admin, alice):
    assert cast.signs_in(admin.account, "admin:metrics").get(PATH).status == 200
    assert cast.signs_in(admin.account, "admin:write").get(PATH).json == {
        "error": "Insufficient permissions: admin:read | admin:metrics."}
    assert alice.get(PATH).json == {"error": "User is not an admin."}


def test_without_its_tables_the_server_is_not_healthy_and_tells_the_rest(admin, monkeypatch):
    def unreachable():
        raise EndpointConnectionError(endpoint_url="http://nowhere")

    figures(admin.get(PATH))  # the statistics are remembered for a minute
    monkeypatch.setattr(counters, "statistics", unreachable)

    found = figures(admin.get(PATH))

    assert found["kenoma_healthy"] == 0
    assert found["kenoma_users"] == 1
    assert not any(name.startswith("kenoma_jobs") for name in found)
