"""What the account is asked before a deployment. S3 is moto's; Lambda, SES and ACM answer as they would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from infra.deploy import preflight
from infra.deploy.preflight import Clients, Plan, check
from tests.simulated_aws import forget_region

REGION: Literal["eu-west-3"] = "eu-west-3"  # where no other test has anything
BUCKET = "preflight-artifacts"
SERVICES: tuple[Any, ...] = ("lambda", "sesv2", "acm")
DOMAIN = "social.example.org"
ARN = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
GIVEN = {"DomainName": DOMAIN, "CertificateArn": ARN, "NotifyEmail": "noreply@example.org"}


class World:
    """An account that has everything, until a test takes something away."""

    def __init__(self) -> None:
        self.limit = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}
        self.ses = {"ProductionAccessEnabled": True, "SendingEnabled": True}
        self.identities: dict[str, bool] = {"example.org": True}
        self.certificate: dict[str, Any] = {
            "Status": "ISSUED", "DomainName": DOMAIN, "SubjectAlternativeNames": [DOMAIN]}
        self.url = "ResourceNotFoundException"
        self.s3 = boto3.client("s3", region_name=REGION)
        self.denied = ""

    def check(self, before: dict[str, str] | None = None, **given: str) -> list[str]:
        plan = Plan("prod", "123456789012", REGION, BUCKET, 68, GIVEN | given, before)
        made: dict[str, Any] = {name: boto3.client(name, region_name=REGION) for name in SERVICES}
        stubs = {name: Stubber(client) for name, client in made.items()}
        if self.denied:
            stubs["lambda"].add_client_error("get_account_settings", self.denied)
        else:
            stubs["lambda"].add_response("get_account_settings", {"AccountLimit": self.limit})
        if plan.value("Edge") == "function-url":
            stubs["lambda"].add_client_error("get_function_url_config", self.url)
        stubs["acm"].add_response("describe_certificate", {"Certificate": self.certificate})
        stubs["sesv2"].add_response("get_account", self.ses)
        for identity in ("noreply@example.org", "example.org"):
            if identity in self.identities:
                stubs["sesv2"].add_response("get_email_identity",
                                            {"VerifiedForSendingStatus": self.identities[identity]})
            else:
                stubs["sesv2"].add_client_error("get_email_identity", "NotFoundException")
        for stub in stubs.values():
            stub.activate()
        return check(plan, Clients(made["lambda"], made["sesv2"], self.s3, made["acm"]))


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    """An account of its own."""
    with mock_aws():
        boto3.client("s3", region_name=REGION).create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield
        forget_region(REGION)


@pytest.fixture
def world() -> World:
    return World()


def test_an_account_that_has_everything_is_told_nothing(world: World) -> None:
    assert world.check() == []
    assert world.check(Edge="function-url") == []


def told(lines: list[str], *words: str) -> None:
    """One line, and these words in it."""
    assert len(lines) == 1, lines
    assert "\n" not in lines[0]
    assert all(word in lines[0] for word in words), lines[0]


def test_a_new_account_is_told_to_ask_for_concurrency(world: World) -> None:
    world.limit = {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}

    told(world.check(), "stop:", "68 functions", "room for 0", "ReserveConcurrency=no")
    told(world.check(ReserveConcurrency="no"), "note:", "runs 10 functions", "ask for 1,000")


def test_what_a_stack_has_reserved_already_counts_as_room(world: World) -> None:
    world.limit = {"ConcurrentExecutions": 200, "UnreservedConcurrentExecutions": 132}

    assert world.check(before={"ReserveConcurrency": "yes"}) == []
    told(world.check(before={"ReserveConcurrency": "no"}, ReserveConcurrency="yes"), "stop:", "room for 32")


def test_a_hundred_stay_unreserved(world: World) -> None:
    world.limit = {"ConcurrentExecutions": 168, "UnreservedConcurrentExecutions": 168}
    assert world.check() == []

    world.limit = {"ConcurrentExecutions": 167, "UnreservedConcurrentExecutions": 167}
    told(world.check(), "stop:", "room for 67")


@pytest.mark.parametrize(("change", "words"), [
    ({"ProductionAccessEnabled": False}, ("note:", "sandbox")),
    ({"SendingEnabled": False}, ("stop:", "SES sends nothing")),
])
def test_ses_is_asked_whether_it_may_write_to_everybody(world: World, change: dict[str, bool],
                                                        words: tuple[str, ...]) -> None:
    world.ses |= change

    told(world.check(), *words)


@pytest.mark.parametrize("identities", [{}, {"example.org": False}, {"noreply@example.org": False}])
def test_a_sender_that_nobody_verified_is_refused(world: World, identities: dict[str, bool]) -> None:
    world.identities = identities

    told(world.check(), "stop:", "not verified noreply@example.org")


def test_without_a_sender_letters_are_only_noted(world: World) -> None:
    plan = Plan("prod", "1", REGION, BUCKET, 0, {}, {"ReserveConcurrency": "no"})
    client = boto3.client("lambda", region_name=REGION)
    with Stubber(client) as stub:
        stub.add_response("get_account_settings", {"AccountLimit": world.limit})
        told(check(plan, Clients(client, None, world.s3, None)), "note:", "NotifyEmail")


@pytest.mark.parametrize(("certificate", "words"), [
    ({"Status": "PENDING_VALIDATION"}, ("stop:", "PENDING_VALIDATION")),
    ({"SubjectAlternativeNames": ["example.org"]}, ("stop:", "not for social.example.org")),
    ({"SubjectAlternativeNames": ["*.social.example.org"]}, ("stop:", "not for social.example.org")),
])
def test_a_certificate_must_be_issued_for_the_domain(world: World, certificate: dict[str, Any],
                                                     words: tuple[str, ...]) -> None:
    world.certificate |= certificate

    told(world.check(), *words)


def test_a_certificate_for_all_names_of_the_domain_will_do(world: World) -> None:
    world.certificate["SubjectAlternativeNames"] = ["example.org", "*.example.org"]

    assert world.check() == []


def test_a_certificate_elsewhere_is_refused_without_asking(world: World) -> None:
    told(world.check(CertificateArn=ARN.replace("us-east-1", REGION)), "stop:", "us-east-1")


def test_a_bucket_that_somebody_has_is_refused_for_a_new_stack_only(world: World) -> None:
    world.s3.create_bucket(Bucket="taken", CreateBucketConfiguration={"LocationConstraint": REGION})

    told(world.check(BucketName="taken"), "stop:", "bucket taken", "BucketName")
    assert world.check(before={"BucketName": "taken", "ReserveConcurrency": "yes"}) == []


def test_the_bucket_for_code_must_be_there_and_in_the_region(world: World) -> None:
    world.s3.delete_bucket(Bucket=BUCKET)
    told(world.check(), "stop:", f"aws s3 mb s3://{BUCKET}")

    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=BUCKET)
    told(world.check(), "stop:", "is in us-east-1", REGION)
    boto3.client("s3", region_name="us-east-1").delete_bucket(Bucket=BUCKET)


@pytest.mark.parametrize("code", ["UnknownOperationException", "AccessDeniedException", "403"])
def test_a_region_without_function_urls_is_told_apart_from_a_missing_one(world: World, code: str) -> None:
    world.url = code

    told(world.check(Edge="function-url"), "stop:", "no function URLs", "Edge=http-api")
    assert world.check() == []


def test_what_may_not_be_asked_does_not_stop_anything(world: World) -> None:
    world.denied = "AccessDeniedException"

    told(world.check(), "note: concurrency could not be asked")


def test_the_command_ends_with_failure_when_something_must_be_done(monkeypatch: pytest.MonkeyPatch,
                                                                   capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setattr("sys.argv", ["preflight", "prod", "no-such-bucket", "ReserveConcurrency=no"])

    with pytest.raises(SystemExit) as ended:
        preflight.main()

    assert ended.value.code == 1
    assert "stop: there is no bucket no-such-bucket" in capsys.readouterr().out
