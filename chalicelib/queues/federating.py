"""Messages of federation. They are like those of `messages`."""

from __future__ import annotations

from dataclasses import dataclass, field

from .messages import Message


@dataclass(frozen=True)
class RefreshAccount(Message, kind="account_refresh", queue="outside", lasts=50):
    """Fetch an account of another server anew, with what it counts. It may be lost: the next view asks again."""

    account_id: str


@dataclass(frozen=True)
class FetchPins(Message, kind="pins", queue="inbox", lasts=40):
    """Fetch what an account of another server has pinned. It may be lost: the next time it is fetched asks again."""

    account_id: str


@dataclass(frozen=True)
class ResolveQuote(Message, kind="resolve_quote", queue="inbox", lasts=40):
    """Fetch what a status of another server quotes, and look at the stamp of the quote.

    It may be lost: the next view of the status asks again for what it quotes.
    """

    status_id: str
    stamp: str = ""


@dataclass(frozen=True)
class RefreshPoll(Message, kind="poll_refresh", queue="outside", lasts=20):
    """Fetch the counts of a poll of another server. It may be lost: the next view asks again."""

    status_id: str


@dataclass(frozen=True)
class PurgeHost(Message, kind="host_purge", queue="timelines", row=("host",), lasts=60):
    """Let all accounts of another server be deleted. The job row holds how far that is."""

    host: str


@dataclass(frozen=True)
class ImportAbroad(Message, kind="import_abroad", queue="outside", row=("import_id",), lasts=50):
    """Ask other servers for the names of an import that are left. It goes on until none is; rows say which are due.

    `turn`: how often it has gone on. Of two messages with one turn only one does anything.
    """

    account_id: str
    import_id: str
    turn: int = 0


@dataclass(frozen=True)
class MoveFollows(Message, kind="move_follows", queue="timelines", row=("account_id", "cause"), lasts=60):
    """Let the followers of an account that has moved follow its new one. The job row holds how far that is."""

    account_id: str
    target_id: str
    cause: str


@dataclass(frozen=True)
class EndFollows(Message, kind="end_follows", queue="timelines", row=("account_id", "cause"), lasts=60):
    """End the follows between an account and hosts that it has blocked. The job row holds how far that is.

    `cause`: the flake of the block. Whom the account follows since then, it goes on to follow.
    """

    account_id: str
    domains: list[str]
    cause: str


@dataclass(frozen=True)
class KeepThread(Message, kind="keep_thread", queue="timelines", row=("status_id",), lasts=60):
    """Let a status of another server, and the thread that it is in, stay here for good."""

    status_id: str


@dataclass(frozen=True)
class Inbound(Message, kind="inbound", queue="inbox", lasts=30):
    """Process what another server has sent to an inbox. Its server sends it again if the queue does not take it.

    `body` is compressed; a large one is at `path` in the bucket. `verified`: the actor whose signature it has, if that
    is known; else `signature`, `key_id` and `texts` say what has to be verified. `owner_id`: whose inbox it came to,
    none for the shared one. `waits`: how often it was put off, and `renewed` 1: because somebody fetched the key.
    """

    body: str
    arrived: int
    path: str = ""
    verified: str = ""
    owner_id: str = ""
    key_id: str = ""
    signature: str = ""
    texts: list[str] = field(default_factory=list)
    waits: int = 0
    renewed: int = 0


@dataclass(frozen=True)
class DescribeHost(Message, kind="describe_host", queue="outside"):
    """Ask another server what software it runs. `base`: its scheme and host. It may be lost.

    `inbox`: where an account of it, or all of them, are reached.
    """

    base: str
    inbox: str = ""
