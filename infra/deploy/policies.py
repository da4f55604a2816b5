"""What each function may do: its policy as written here, and the statements of IAM made from it.

A policy names tables, indexes (`table/index`), queues and folders of the bucket, and the calls it may make to each. It
is exact, because tests run under these policies (`tests/policing.py`): a call that is missing here fails its test, and
a run of all tests tells which are not needed. A write within a transaction needs the permission of the call that it
stands for, such as PutItem.

Nobody may delete a table, purge a queue, or read a secret of another function. Only `on_timelines` may scan, and only
the two tables that a backfill walks: no index has all of their items, and a page of it is as bounded as a query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from infra import resources

Names = Mapping[str, str]


class Need(NamedTuple):
    """One call to one thing, as IAM names it. Resources have their short names; folders end with a slash."""

    action: str
    resource: str


@dataclass(frozen=True)
class Policy:
    """`connections`: it may send to sockets, and close them. `purges`: it may let the CDN forget copies. `secrets`:
    settings that are read from the parameter store.
    """

    tables: Names = field(default_factory=dict)
    queues: Names = field(default_factory=dict)
    files: Names = field(default_factory=dict)
    connections: bool = False
    mails: bool = False
    purges: bool = False
    secrets: tuple[str, ...] = ()


SENDS = "GetQueueUrl SendMessage"
LOOKS = "GetQueueAttributes GetQueueUrl"
SENDS_AND_LOOKS = "GetQueueAttributes GetQueueUrl SendMessage"
# What Lambda itself needs in the role of a function that reads a queue.
POLLS = "DeleteMessage GetQueueAttributes ReceiveMessage"

WRITTEN: Mapping[str, Policy] = {
    # Answers people: reads and writes all except what only jobs need, and hands work to the queues.
    "api_handler": Policy(
        tables={
            "accounts": "BatchGetItem BatchWriteItem ConditionCheckItem DeleteItem PutItem Query UpdateItem",
            "accounts/directory": "Query",
            "accounts/listed": "Query",
            "apps": "BatchGetItem DeleteItem PutItem UpdateItem",
            "apps/by_name": "Query",
            "apps/by_num": "Query",
            "backups": "PutItem Query",
            "chats": "BatchGetItem UpdateItem",
            "chats/by_id": "Query",
            "chats/recent": "Query",
            "claims": "BatchGetItem DeleteItem PutItem UpdateItem",
            "conversations": "BatchGetItem DeleteItem UpdateItem",
            "conversations/recent": "Query",
            "conversations/unread": "Query",
            "emoji": "BatchGetItem BatchWriteItem DeleteItem PutItem Query UpdateItem",
            "ephemeral": "BatchGetItem DeleteItem PutItem Query UpdateItem",
            "feeds": "DeleteItem PutItem Query",
            "home": "BatchWriteItem DeleteItem PutItem Query",
            "instance": "BatchGetItem BatchWriteItem DeleteItem PutItem Query UpdateItem",
            "jobs": "BatchGetItem BatchWriteItem DeleteItem PutItem",
            "lists": "BatchGetItem BatchWriteItem DeleteItem PutItem Query UpdateItem",
            "lists/by_member": "Query",
            "marks": "BatchGetItem Query UpdateItem",
            "marks/bookmarks": "Query",
            "marks/by_status": "Query",
            "marks/favourites": "Query",
            "media": "BatchGetItem BatchWriteItem DeleteItem PutItem UpdateItem",
            "media/by_object": "Query",
            "messages": "BatchGetItem DeleteItem PutItem Query UpdateItem",
            "notifications": "BatchGetItem BatchWriteItem ConditionCheckItem DeleteItem PutItem Query UpdateItem",
            "notifications/by_type": "Query",
            "notifications/unread": "Query",
            "relations": "BatchGetItem UpdateItem",
            "relations/asked": "Query",
            "relations/blocks": "Query",
            "relations/followers": "Query",
            "relations/following": "Query",
            "relations/mutes": "Query",
            "relations/requests": "Query",
            "reports": "BatchGetItem DeleteItem PutItem Query UpdateItem",
            "reports/by_state": "Query",
            "scheduled": "BatchGetItem DeleteItem PutItem Query UpdateItem",
            "search": "BatchWriteItem Query",
            "statuses": "BatchGetItem DeleteItem PutItem UpdateItem",
            "streams/by_due": "Query",
            "tokens": "BatchGetItem BatchWriteItem ConditionCheckItem DeleteItem PutItem Query UpdateItem",
            "tokens/by_app": "Query",
        },
        queues={
            "archives": SENDS_AND_LOOKS,
            "dead": LOOKS,
            "imports": SENDS_AND_LOOKS,
            "inbox": SENDS_AND_LOOKS,
            "outside": SENDS_AND_LOOKS,
            "streams": SENDS_AND_LOOKS,
            "timelines": SENDS_AND_LOOKS,
        },
        files={
            "emoji/": "DeleteObject GetObject ListBucket PutObject",
            "frontends/": "DeleteObject GetObject ListBucket PutObject",
            "jobs/": "PutObject",
            "media/": "DeleteObject GetObject ListBucket PutObject",
        },
        secrets=("admin_token", "encryption_key", "fetching_key", "secret_key"),
    ),
    # All work of our own: fan-out, what is due, and what is removed with something deleted.
    "on_timelines": Policy(
        tables={
            "accounts": "BatchGetItem BatchWriteItem ConditionCheckItem DeleteItem PutItem Query Scan UpdateItem",
            "apps": "BatchGetItem UpdateItem",
            "apps/by_num": "Query",
            "backups": "BatchWriteItem DeleteItem Query",
            "chats": "BatchGetItem BatchWriteItem Query UpdateItem",
            "claims": "BatchGetItem BatchWriteItem DeleteItem PutItem UpdateItem",
            "conversations": "BatchGetItem BatchWriteItem DeleteItem Query UpdateItem",
            "emoji": "BatchGetItem BatchWriteItem DeleteItem PutItem Query UpdateItem",
            "ephemeral": "BatchGetItem PutItem UpdateItem",
            "feeds": "BatchWriteItem DeleteItem PutItem Query UpdateItem",
            "home": "BatchGetItem BatchWriteItem DeleteItem PutItem Query",
            "instance": "BatchGetItem Query UpdateItem",
            "jobs": "BatchGetItem BatchWriteItem ConditionCheckItem PutItem UpdateItem",
            "lists": "BatchWriteItem Query",
            "lists/by_member": "Query",
            "marks": "BatchGetItem BatchWriteItem DeleteItem Query UpdateItem",
            "marks/bookmarks": "Query",
            "marks/by_status": "Query",
            "media": "BatchGetItem BatchWriteItem UpdateItem",
            "media/by_object": "Query",
            "media/by_owner": "Query",
            "messages": "BatchGetItem BatchWriteItem PutItem Query",
            "notifications": "BatchGetItem BatchWriteItem DeleteItem PutItem Query UpdateItem",
            "notifications/by_type": "Query",
            "relations": "BatchGetItem DeleteItem Query UpdateItem",
            "relations/asked": "Query",
            "relations/followers": "Query",
            "relations/following": "Query",
            "relations/requests": "Query",
            "reports": "BatchGetItem BatchWriteItem Query",
            "scheduled": "BatchGetItem DeleteItem Query",
            "search": "BatchWriteItem",
            "statuses": "BatchGetItem BatchWriteItem PutItem Scan UpdateItem",
            "streams/by_due": "Query",
            "tokens": "BatchWriteItem Query",
            "tokens/by_app": "Query",
        },
        queues={
            "outside": SENDS,
            "streams": SENDS,
            "timelines": SENDS,
        },
        files={
            "backups/": "DeleteObject ListBucket",
            "emoji/": "DeleteObject ListBucket PutObject",
            "imports/": "DeleteObject ListBucket",
            "media/": "DeleteObject ListBucket",
        },
    ),
    # What waits for other servers: previews of links, push, letters.
    "on_outside": Policy(
        tables={
            "accounts": "BatchGetItem DeleteItem PutItem Query UpdateItem",
            "backups": "BatchGetItem",
            "chats": "BatchGetItem",
            "claims": "BatchGetItem PutItem UpdateItem",
            "ephemeral": "BatchGetItem DeleteItem PutItem UpdateItem",
            "feeds": "BatchGetItem PutItem",
            "instance": "BatchGetItem PutItem UpdateItem",
            "jobs": "BatchGetItem BatchWriteItem PutItem UpdateItem",
            "marks": "BatchGetItem",
            "messages": "BatchGetItem UpdateItem",
            "notifications": "BatchGetItem",
            "relations": "BatchGetItem",
            "reports": "BatchGetItem",
            "search": "BatchWriteItem",
            "statuses": "BatchGetItem PutItem UpdateItem",
            "streams/by_due": "Query",
            "tokens": "BatchGetItem DeleteItem Query",
        },
        queues={
            "imports": SENDS,
            "inbox": SENDS,
            "outside": SENDS,
            "streams": SENDS,
            "timelines": SENDS,
        },
        mails=True,
        purges=True,
        secrets=("encryption_key", "fetching_key", "vapid_private_key"),
    ),
    # What other servers send: all that people may do with statuses and follows, in the name of accounts elsewhere, and
    # placing what comes.
    "on_inbox": Policy(
        tables={
            "accounts": "BatchGetItem DeleteItem PutItem Query UpdateItem",
            "chats": "BatchGetItem UpdateItem",
            "claims": "BatchGetItem DeleteItem PutItem UpdateItem",
            "conversations": "UpdateItem",
            "ephemeral": "BatchGetItem PutItem UpdateItem",
            "feeds": "BatchWriteItem DeleteItem PutItem Query",
            "home": "BatchWriteItem DeleteItem PutItem",
            "instance": "BatchGetItem PutItem UpdateItem",
            "jobs": "BatchWriteItem PutItem",
            "lists": "BatchGetItem",
            "lists/by_member": "Query",
            "marks": "BatchGetItem UpdateItem",
            "messages": "BatchGetItem DeleteItem PutItem Query",
            "notifications": "ConditionCheckItem DeleteItem PutItem UpdateItem",
            "relations": "BatchGetItem UpdateItem",
            "relations/followers": "Query",
            "reports": "PutItem",
            "search": "BatchWriteItem",
            "statuses": "BatchGetItem DeleteItem PutItem UpdateItem",
            "streams/by_due": "Query",
        },
        queues={
            "inbox": SENDS,
            "outside": SENDS,
            "streams": SENDS,
            "timelines": SENDS,
        },
        files={
            "jobs/": "GetObject ListBucket",
        },
        secrets=("fetching_key",),
    ),
    # Does what lists ask for, as people do it one by one: follows, blocks, mutes, lists, bookmarks, blocked servers.
    "on_imports": Policy(
        tables={
            "accounts": "BatchGetItem DeleteItem PutItem UpdateItem",
            "claims": "BatchGetItem PutItem",
            "conversations": "BatchGetItem UpdateItem",
            "conversations/unread": "Query",
            "feeds": "Query",
            "home": "BatchWriteItem",
            "instance": "BatchGetItem UpdateItem",
            "jobs": "BatchGetItem BatchWriteItem PutItem UpdateItem",
            "lists": "BatchGetItem BatchWriteItem",
            "marks": "BatchGetItem UpdateItem",
            "notifications": "PutItem UpdateItem",
            "relations": "BatchGetItem UpdateItem",
            "statuses": "BatchGetItem",
            "streams/by_due": "Query",
        },
        queues={
            "imports": SENDS,
            "outside": SENDS,
            "streams": SENDS,
            "timelines": SENDS,
        },
    ),
    # Reads everything of one account, and writes its archive.
    "on_archives": Policy(
        tables={
            "accounts": "BatchGetItem ConditionCheckItem",
            "backups": "BatchGetItem DeleteItem Query UpdateItem",
            "feeds": "Query",
            "instance": "BatchGetItem",
            "jobs": "BatchGetItem BatchWriteItem PutItem UpdateItem",
            "marks/bookmarks": "Query",
            "marks/favourites": "Query",
            "statuses": "BatchGetItem",
        },
        queues={
            "archives": SENDS,
            "outside": SENDS,
        },
        files={
            "backups/": "DeleteObject GetObject ListBucket PutObject",
            "media/": "AbortMultipartUpload DeleteObject PutObject",
        },
    ),
    # Sends to sockets what those listen to that have them.
    "on_streams": Policy(
        tables={
            "accounts": "BatchGetItem",
            "chats": "BatchGetItem",
            "conversations": "BatchGetItem",
            "feeds": "Query",
            "instance": "BatchGetItem",
            "lists": "BatchGetItem Query",
            "lists/by_member": "Query",
            "marks": "BatchGetItem",
            "messages": "BatchGetItem",
            "notifications": "BatchGetItem",
            "relations": "BatchGetItem",
            "relations/followers": "Query",
            "reports": "BatchGetItem",
            "statuses": "BatchGetItem",
            "streams": "BatchGetItem DeleteItem Query UpdateItem",
            "streams/by_account": "Query",
            "tokens": "BatchGetItem",
        },
        connections=True,
    ),
    # Decides whether a socket opens. Somebody waits for it, so it may do nothing else.
    "websocket_connect": Policy(
        tables={
            "accounts": "BatchGetItem",
            "ephemeral": "UpdateItem",
            "instance": "BatchGetItem",
            "lists": "BatchGetItem",
            "streams": "PutItem",
            "streams/by_account": "Query",
            "tokens": "BatchGetItem",
        },
        queues={
            "streams": SENDS,
        },
    ),
    # Changes what a socket listens to, and answers by the gateway.
    "websocket_message": Policy(
        tables={
            "accounts": "BatchGetItem",
            "instance": "BatchGetItem",
            "lists": "BatchGetItem",
            "streams": "BatchGetItem DeleteItem UpdateItem",
            "streams/by_account": "Query",
            "tokens": "BatchGetItem",
        },
        queues={
            "streams": SENDS,
        },
        connections=True,
    ),
    # Forgets a socket.
    "websocket_disconnect": Policy(
        tables={
            "streams": "DeleteItem",
        },
    ),
    # Finds job rows that are overdue, and sends them again.
    "sweep": Policy(
        tables={
            "home": "BatchWriteItem Query",
            "jobs": "BatchGetItem BatchWriteItem UpdateItem",
            "jobs/due": "Query",
            "streams/by_due": "Query",
        },
        queues={
            "archives": SENDS,
            "imports": SENDS,
            "outside": SENDS,
            "streams": SENDS,
            "timelines": SENDS,
        },
    ),
}

# Who may be the sender of letters: any address at the domain of NotifyEmail, since administrators may change what
# stands before the @ while the server runs.
SENDERS = {"Fn::If": [
    "Mails",
    {"Fn::Join": ["@", ["*", {"Fn::Select": [1, {"Fn::Split": ["@", {"Ref": "NotifyEmail"}]}]}]]},
    {"Ref": "NotifyEmail"},
]}
# Allowed though no test gets there: by function. Give the reason.
RARELY: Mapping[str, frozenset[Need]] = {
    "on_outside": frozenset({
        # An account elsewhere turns out to be gone when it is asked for again: its deletion begins.
        Need("sqs:GetQueueUrl", "timelines"), Need("sqs:SendMessage", "timelines"),
        # A status elsewhere turns out to be edited when its poll is asked for again: those hear it who listen.
        Need("dynamodb:Query", "streams/by_due"),
        Need("sqs:GetQueueUrl", "streams"), Need("sqs:SendMessage", "streams"),
    }),
}


def of(function: str) -> Policy:
    """The policy of a function. LookupError: there is none, so the function cannot be deployed."""
    if function not in WRITTEN:
        raise LookupError(f"No policy is written for {function}: infra/deploy/policies.py")
    return WRITTEN[function]


def allows(function: str, need: Need) -> bool:
    return need in _ALLOWED.get(function, frozenset())


def needs(policy: Policy) -> set[Need]:
    """Everything that the policy allows."""
    parts = (("dynamodb", policy.tables), ("sqs", policy.queues), ("s3", policy.files))
    found = {Need(f"{service}:{call}", name)
             for service, names in parts for name, calls in names.items() for call in calls.split()}
    if policy.connections:
        found.add(Need("execute-api:ManageConnections", ""))
    if policy.mails:
        found.add(Need("ses:SendEmail", ""))
    if policy.purges:
        found.add(Need("cloudfront:CreateInvalidation", ""))
    return found | {Need("ssm:GetParameters", name) for name in policy.secrets}


_ALLOWED = {name: frozenset(needs(policy)) for name, policy in WRITTEN.items()}


# The statements.


def document(policy: Policy, log_group: str, reads: str | None = None) -> dict[str, Any]:
    """The policy in the form of IAM. `log_group`: where it writes. `reads`: the queue that Lambda reads for it."""
    queues = dict(policy.queues)
    if reads:
        queues[reads] = " ".join(sorted({*queues.get(reads, "").split(), *POLLS.split()}))
    statements = [
        *_statements("dynamodb", policy.tables, _table),
        *_statements("sqs", queues, _queue),
        *_statements("s3", {name: _without(calls, "ListBucket") for name, calls in policy.files.items()}, _folder),
        *_listing([name for name, calls in policy.files.items() if "ListBucket" in calls.split()]),
        {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
         "Resource": [{"Fn::GetAtt": [log_group, "Arn"]}]},
    ]
    if policy.mails:
        statements.append({
            "Effect": "Allow", "Action": ["ses:SendEmail"],
            "Resource": [_arn("ses", "identity/*"), _arn("ses", "configuration-set/*")],
            "Condition": {"StringLike": {"ses:FromAddress": SENDERS}},
        })
    if policy.purges:
        cdn = {"Fn::Sub": ["arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Cdn}",
                           {"Cdn": {"Ref": "Front"}}]}
        statements.append({"Effect": "Allow", "Action": ["cloudfront:CreateInvalidation"], "Resource": [cdn]})
    if policy.connections:
        statements.append({"Effect": "Allow", "Action": ["execute-api:ManageConnections"],
                           "Resource": [_arn("execute-api", "${WebsocketAPI}/*")]})
    if policy.secrets:
        # SecureString parameters under the key that AWS manages for the account need no permission of KMS.
        statements.append({"Effect": "Allow", "Action": ["ssm:GetParameters"],
                           "Resource": [_arn("ssm", f"parameter${{SecretsPath}}{name}") for name in policy.secrets]})
    return {"Version": "2012-10-17", "Statement": statements}


def _statements(service: str, names: Names, resource: Any) -> Iterator[dict[str, Any]]:
    """One statement for all names with the same calls, because a role has room for 10,240 characters only."""
    alike: dict[str, list[str]] = {}
    for name, calls in names.items():
        if calls:
            alike.setdefault(" ".join(sorted(calls.split())), []).append(name)
    for calls, named in alike.items():
        yield {"Effect": "Allow", "Action": [f"{service}:{call}" for call in calls.split()],
               "Resource": [resource(name) for name in named]}


def _listing(folders: list[str]) -> Iterator[dict[str, Any]]:
    """List these folders only. S3 also checks it, without a prefix, to answer 404 and not 403 for a missing file."""
    if folders:
        yield {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [{"Fn::GetAtt": ["MediaBucket", "Arn"]}],
               "Condition": {"StringLikeIfExists": {"s3:prefix": [f"{folder}*" for folder in folders]}}}


def _without(calls: str, call: str) -> str:
    return " ".join(each for each in calls.split() if each != call)


def _table(name: str) -> dict[str, Any]:
    """By name, because restored tables may be in use."""
    table, _, index = name.partition("/")
    _logical("AWS::DynamoDB::Table", "TableName", "TablePrefix", table)
    return _arn("dynamodb", f"table/${{TablesInUse}}{table}" + (index and f"/index/{index}"))


def _queue(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [_logical("AWS::SQS::Queue", "QueueName", "QueuePrefix", name), "Arn"]}


def _folder(name: str) -> dict[str, Any]:
    return {"Fn::Sub": f"${{MediaBucket.Arn}}/{name}*"}


def _logical(kind: str, attribute: str, prefix: str, name: str) -> str:
    """The id in `infra/resources.json`. LookupError: a policy names what is not there."""
    wanted = {"Fn::Sub": f"${{{prefix}}}{name}"}
    for logical, resource in resources.load()["Resources"].items():
        if resource["Type"] == kind and resource["Properties"].get(attribute) == wanted:
            return str(logical)
    raise LookupError(f"A policy names {name}, which infra/resources.json does not have")


def _arn(service: str, resource: str) -> dict[str, str]:
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"}
