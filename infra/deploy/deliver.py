"""`make deploy STAGE=prod BUCKET=…`: hand what `make package` made to CloudFormation, and wait.

`BUCKET` is for the artifact and the template; it is not the bucket of the instance. Parameters of the template are
given as `PARAMETERS="DomainName=social.example.org CertificateArn=arn:…"`. Those not given stay as they were.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from botocore.exceptions import ClientError, WaiterError

from infra.local.files import PREFIXES
from infra.local.seed import STATIC

from . import secrets, versions
from .package import CHECKOUT, CODE, TEMPLATE

# What holds people's data is never replaced or deleted by an update, whatever a template says.
STACK_POLICY = {"Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"},
    {"Effect": "Deny", "Principal": "*", "Action": ["Update:Replace", "Update:Delete"], "Resource": "*",
     "Condition": {"StringEquals": {"ResourceType": ["AWS::DynamoDB::Table", "AWS::S3::Bucket"]}}},
]}
# What a stack is made with, before it becomes what is wanted. Tables that refuse to be deleted would be left behind by
# a stack that could not be made. The URL cannot wait for its function (`gateway.py`).
AT_FIRST = {"Protection": "off", "Edge": "http-api"}
NOTHING_NEW = ("didn't contain changes", "No updates are to be performed")


class Clients(NamedTuple):
    cloudformation: Any
    s3: Any
    ssm: Any


def deliver(stage: str, bucket: str, folder: Path, given: Mapping[str, str], clients: Clients) -> dict[str, str]:
    """Make the stack of a stage what is in `folder`. Answers the stack's outputs."""
    stack = f"kenoma-{stage}"
    before = described(clients.cloudformation, stack)
    if before and before["StackStatus"] == "ROLLBACK_COMPLETE":
        raise SystemExit(f"{stack} was never finished: delete the stack first (docs/deploy.md, 2)")
    template = json.loads((folder / TEMPLATE).read_text())
    values = _values(template["Parameters"], before, given)
    values["VapidPublicKey"] = secrets.ensure(clients.ssm, values.get("SecretsPath", f"/kenoma/{stage}/"))
    versions.mark(template, hashlib.sha256((folder / CODE).read_bytes()).hexdigest(), values)
    address = _upload(stage, bucket, folder, template, clients.s3)
    is_new = before is None
    first = {**values, **{name: value for name, value in AT_FIRST.items() if name in template["Parameters"]}}
    if is_new and first != values:
        _change(clients.cloudformation, stack, address, first, new=True)
        is_new = False
    _change(clients.cloudformation, stack, address, values, new=is_new)
    clients.cloudformation.set_stack_policy(StackName=stack, StackPolicyBody=json.dumps(STACK_POLICY))
    clients.cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=True)
    after = described(clients.cloudformation, stack) or {}
    outputs = {each["OutputKey"]: each["OutputValue"] for each in after.get("Outputs", ())}
    if "Files" in outputs:
        put_pictures(clients.s3, outputs["Files"])
    return outputs


def described(cloudformation: Any, stack: str) -> dict[str, Any] | None:
    """The stack as it is. None: there is none, or only the rest of one that was never finished."""
    try:
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise
    return None if found["StackStatus"] == "REVIEW_IN_PROGRESS" else found


def _values(declared: Mapping[str, Any], before: Mapping[str, Any] | None, given: Mapping[str, str]) -> dict[str, str]:
    unknown = sorted(set(given) - set(declared))
    if unknown:
        raise SystemExit(f"The template has no parameter {', '.join(unknown)}; it has {', '.join(sorted(declared))}")
    if "TablePrefix" in given:
        given = {"TablesInUse": given["TablePrefix"], **given}
    kept = parameters_of(before or {})
    always = {"Protection": "on"}  # also when the deployment before ended in between
    return {name: value for name, value in {**kept, **always, **given}.items() if name in declared}


def parameters_of(stack: Mapping[str, Any]) -> dict[str, str]:
    return {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", ())}


def read_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """What was given as Name=value."""
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise SystemExit(f"Parameters are given as Name=value, not as {', '.join(wrong)}")
    return dict(pair.split("=", 1) for pair in pairs)


def _upload(stage: str, bucket: str, folder: Path, template: dict[str, Any], s3: Any) -> str:
    """Upload artifact and template, named by the hash of their content. Answers the template's address."""
    code = (folder / CODE).read_bytes()
    key = f"kenoma/{stage}/{hashlib.sha256(code).hexdigest()}.zip"
    s3.put_object(Bucket=bucket, Key=key, Body=code)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://{bucket}/{key}"
    text = json.dumps(template, separators=(",", ":")).encode()
    name = f"kenoma/{stage}/{hashlib.sha256(text).hexdigest()}.json"
    s3.put_object(Bucket=bucket, Key=name, Body=text)
    return f"https://{bucket}.s3.{s3.meta.region_name}.amazonaws.com/{name}"


def _change(cloudformation: Any, stack: str, address: str, values: Mapping[str, str], *, new: bool) -> None:
    name = f"deploy-{int(time.time())}"
    cloudformation.create_change_set(
        StackName=stack, ChangeSetName=name, ChangeSetType="CREATE" if new else "UPDATE", TemplateURL=address,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
    )
    try:
        cloudformation.get_waiter("change_set_create_complete").wait(StackName=stack, ChangeSetName=name)
    except WaiterError as error:
        reason = error.last_response.get("StatusReason", "")
        cloudformation.delete_change_set(StackName=stack, ChangeSetName=name)
        if any(text in reason for text in NOTHING_NEW):
            print("Nothing to change")
            return
        raise SystemExit(f"CloudFormation refuses the change: {reason}") from None
    changes = cloudformation.describe_change_set(StackName=stack, ChangeSetName=name).get("Changes", ())
    print(f"{len(changes)} changes")
    cloudformation.execute_change_set(StackName=stack, ChangeSetName=name)
    try:
        waiter = cloudformation.get_waiter("stack_create_complete" if new else "stack_update_complete")
        waiter.wait(StackName=stack)
    except WaiterError:
        reasons = "\n".join(_failures(cloudformation, stack))
        raise SystemExit(f"The stack went back to what it was:\n{reasons}") from None


def _failures(cloudformation: Any, stack: str) -> list[str]:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    return [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in events
            if event["ResourceStatus"].endswith("_FAILED")]


def put_pictures(s3: Any, bucket: str) -> None:
    """Upload the instance's own pictures, with headers for the CDN."""
    for file in sorted(STATIC.glob("*/*")):
        key = str(file.relative_to(STATIC))
        caching = next(about["Cache-Control"] for prefix, about in PREFIXES.items() if f"/{key}".startswith(prefix))
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        s3.put_object(Bucket=bucket, Key=key, Body=file.read_bytes(), ContentType=kind, CacheControl=caching)


def main() -> None:
    import boto3

    stage, bucket, *pairs = sys.argv[1:] if len(sys.argv) > 2 else sys.exit("make deploy STAGE=prod BUCKET=…")
    clients = Clients(*(boto3.client(service) for service in ("cloudformation", "s3", "ssm")))
    for name, value in deliver(stage, bucket, CHECKOUT / "dist" / stage, read_pairs(pairs), clients).items():
        print(f"{name}: {value}")
    old = versions.keep_newest(boto3.client("lambda"), f"kenoma-{stage}-api_handler")
    if old:
        print(f"Deleted old versions: {', '.join(old)}")


if __name__ == "__main__":
    main()
