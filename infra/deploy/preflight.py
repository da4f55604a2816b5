"""What the account must have before a deployment: asked beforehand, because a stack that fails takes its minutes.

    make preflight STAGE=prod BUCKET=artifacts [PARAMETERS="Name=value ..."]

Each line says what to do. A line that begins with *stop* ends `make deploy`; *note* is for letters and the like, which
can follow later.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from .deliver import described, parameters_of, read_pairs
from .package import CHECKOUT, reserved

NEVER_RESERVED = 100
"""What Lambda keeps for functions that reserve nothing."""
ASK = "ask for 1,000 (Service Quotas, Lambda, concurrent executions)"
CDN_REGION = "us-east-1"
DEFAULTS = {"ReserveConcurrency": "yes", "Edge": "http-api"}
NOT_THERE = ("404", "NoSuchBucket", "NotFound", "NotFoundException", "ResourceNotFoundException")


class Clients(NamedTuple):
    """`acm`: that of the CDN's region."""

    lambda_: Any
    sesv2: Any
    s3: Any
    acm: Any


@dataclass(frozen=True)
class Plan:
    """What shall be deployed. `before`: the parameters of the stack as it is; None: it is new."""

    stage: str
    account: str
    region: str
    artifacts: str
    reserved: int
    given: Mapping[str, str]
    before: Mapping[str, str] | None = None

    def value(self, name: str) -> str:
        return self.given.get(name) or (self.before or {}).get(name) or DEFAULTS.get(name, "")

    @property
    def files(self) -> str:
        return self.value("BucketName") or f"kenoma-{self.stage}-{self.account}"

    @property
    def api(self) -> str:
        return f"kenoma-{self.stage}-api_handler"


def check(plan: Plan, clients: Clients) -> list[str]:
    """What is to be done, a line each. Empty: nothing."""
    found: list[str] = []
    for question in (_artifacts, _concurrency, _certificate, _files, _url, _letters):
        try:
            found += question(plan, clients)
        except (BotoCoreError, ClientError) as error:
            found.append(f"note: {question.__name__.strip('_')} could not be asked ({error})")
    return found


def _artifacts(plan: Plan, clients: Clients) -> Iterator[str]:
    code = _refused(clients.s3.head_bucket, Bucket=plan.artifacts)
    if code in NOT_THERE:
        yield f"stop: there is no bucket {plan.artifacts} for the code: `aws s3 mb s3://{plan.artifacts}` makes it"
    elif code:
        yield f"stop: bucket {plan.artifacts} for the code cannot be used ({code}): choose another BUCKET"
    else:
        place = clients.s3.get_bucket_location(Bucket=plan.artifacts)["LocationConstraint"] or "us-east-1"
        if place != plan.region:
            yield f"stop: bucket {plan.artifacts} is in {place}: Lambda takes code from a bucket in {plan.region} only"


def _concurrency(plan: Plan, clients: Clients) -> Iterator[str]:
    limit = clients.lambda_.get_account_settings()["AccountLimit"]
    if plan.value("ReserveConcurrency") != "yes":
        if limit["ConcurrentExecutions"] < 1000:
            yield (f"note: Lambda runs {limit['ConcurrentExecutions']} functions at a time here: {ASK}, then deploy "
                   "with ReserveConcurrency=yes")
        return
    own = plan.reserved if (plan.before or {}).get("ReserveConcurrency") == "yes" else 0
    room = limit["UnreservedConcurrentExecutions"] + own - NEVER_RESERVED
    if room < plan.reserved:
        yield (f"stop: {plan.reserved} functions at a time shall be reserved, and there is room for {max(room, 0)}: "
               f"{ASK}, and deploy with ReserveConcurrency=no till then")


def _certificate(plan: Plan, clients: Clients) -> Iterator[str]:
    domain, arn = plan.value("DomainName"), plan.value("CertificateArn")
    if not domain:
        return
    if not arn:
        yield f"stop: DomainName needs CertificateArn: make a certificate for {domain} in ACM of {CDN_REGION}"
    elif arn.split(":")[3:4] != [CDN_REGION]:
        yield f"stop: the certificate is not in {CDN_REGION}, where the CDN looks: make one for {domain} there"
    else:
        certificate = clients.acm.describe_certificate(CertificateArn=arn)["Certificate"]
        if certificate["Status"] != "ISSUED":
            yield f"stop: the certificate is {certificate['Status']}: write the records that ACM shows, and wait"
        names = certificate.get("SubjectAlternativeNames", [certificate["DomainName"]])
        if not {domain, "*." + domain.partition(".")[2]} & set(names):
            yield f"stop: the certificate is for {', '.join(names)}, not for {domain}: make one that is"


def _files(plan: Plan, clients: Clients) -> Iterator[str]:
    if plan.before is None and _refused(clients.s3.head_bucket, Bucket=plan.files) not in NOT_THERE:
        yield f"stop: there is a bucket {plan.files} already: choose another name by BucketName, or delete it"


def _url(plan: Plan, clients: Clients) -> Iterator[str]:
    """Where there are no function URLs, the answer is something else than that this one is missing."""
    if plan.value("Edge") == "function-url":
        code = _refused(clients.lambda_.get_function_url_config, FunctionName=plan.api)
        if code not in ("", *NOT_THERE):
            yield f"stop: Lambda of {plan.region} seems to have no function URLs ({code}): deploy with Edge=http-api"


def _letters(plan: Plan, clients: Clients) -> Iterator[str]:
    sender = plan.value("NotifyEmail")
    if not sender:
        yield "note: no letters are sent without NotifyEmail (docs/deploy.md, 4)"
        return
    account = clients.sesv2.get_account()
    if not account["ProductionAccessEnabled"]:
        yield "note: SES is in the sandbox and writes to verified addresses only: ask for production access"
    if not account["SendingEnabled"]:
        yield "stop: SES sends nothing for this account: read its message in the console, and answer it"
    if not any(_verified(clients.sesv2, identity) for identity in (sender, sender.partition("@")[2])):
        yield (f"stop: SES of {plan.region} has not verified {sender} nor its domain: verify one of them "
               "(docs/deploy.md, 4)")


def _verified(sesv2: Any, identity: str) -> bool:
    try:
        return bool(sesv2.get_email_identity(EmailIdentity=identity)["VerifiedForSendingStatus"])
    except ClientError as error:
        if error.response["Error"]["Code"] in NOT_THERE:
            return False
        raise


def _refused(call: Callable[..., Any], **asked: str) -> str:
    """The code of the refusal. Empty: there was none."""
    try:
        call(**asked)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def main() -> None:
    import boto3

    stage, artifacts, *pairs = sys.argv[1:] if len(sys.argv) > 2 else sys.exit("make preflight STAGE=prod BUCKET=…")
    session = boto3.Session()
    before = described(session.client("cloudformation"), f"kenoma-{stage}")
    plan = Plan(stage, session.client("sts").get_caller_identity()["Account"], session.region_name or "", artifacts,
                sum(reserved(stage, Path(CHECKOUT)).values()), read_pairs(pairs),
                parameters_of(before) if before else None)
    clients = Clients(session.client("lambda"), session.client("sesv2"), session.client("s3"),
                      session.client("acm", region_name=CDN_REGION))
    lines = check(plan, clients)
    print("\n".join(lines or ["Nothing is missing"]))
    if any(line.startswith("stop") for line in lines):
        sys.exit(1)


if __name__ == "__main__":
    main()
