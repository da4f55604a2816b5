"""What may be asked of a queue about an account: its beginning and end, its lists, its backups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .messages import Message


@dataclass(frozen=True)
class Arrival(Message, kind="arrival", queue="timelines", row=("account_id", "step")):
    """Do what follows from an account's sign-up, confirmation or approval. Each of them happens once."""

    account_id: str
    step: str


@dataclass(frozen=True)
class UnmuteAccount(Message, kind="unmute_account", queue="timelines", row=("account_id", "other", "until")):
    """End a mute of an account at the moment until which it was made (in seconds)."""

    account_id: str
    other: str
    until: int


@dataclass(frozen=True)
class UnblockAccount(Message, kind="unblock_account", queue="timelines", row=("account_id", "other", "until")):
    """As `UnmuteAccount`, of a block."""

    account_id: str
    other: str
    until: int


@dataclass(frozen=True)
class ForcePasswordReset(Message, kind="force_password_reset", queue="timelines", row=("account_id", "generation")):
    """Demand a new password of an account. `generation`: of its tokens. Once that is over, it has got one since."""

    account_id: str
    generation: int


@dataclass(frozen=True)
class AccountDelete(Message, kind="account_delete", queue="timelines", row=("account_id",), lasts=120):
    """Delete an account with everything of its own. The job row holds how far that is."""

    account_id: str


@dataclass(frozen=True)
class AccountDisable(Message, kind="account_disable", queue="timelines", row=("account_id",), lasts=120):
    """Deactivate an account, and take it out of the counters of others."""

    account_id: str


@dataclass(frozen=True)
class AccountEnable(Message, kind="account_enable", queue="timelines", row=("account_id",), lasts=120):
    """Put an account that is active again back into the counters of others."""

    account_id: str


@dataclass(frozen=True)
class EndApp(Message, kind="end_app", queue="timelines", row=("client_id",), lasts=60):
    """Delete the tokens of an app that was deleted. `last` 1: nothing is under way any more that makes tokens."""

    client_id: str
    last: int = 0


@dataclass(frozen=True)
class ImportFollows(Message, kind="import_follows", queue="imports", row=("import_id", "chunk"), lasts=600):
    """Follow these names on behalf of an account: one chunk of a list. `columns`: what it says of some of them."""

    account_id: str
    import_id: str
    chunk: int
    names: list[str]
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportHidden(Message, kind="import_hidden", queue="imports", row=("import_id", "chunk"), lasts=600):
    """Block or mute these names on behalf of an account: one chunk of a list. `what` is `block` or `mute`."""

    account_id: str
    import_id: str
    chunk: int
    what: str
    names: list[str]
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportKept(Message, kind="import_kept", queue="imports", row=("import_id", "chunk"), lasts=600):
    """Keep what these names mean for an account: one chunk of a list. `what`: the kind of the list: `lists` puts
    accounts on those of its lists that `columns` have the ids of; `bookmarks`, `blocked_domains`.
    """

    account_id: str
    import_id: str
    chunk: int
    what: str
    names: list[str]
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class BackupBuild(Message, kind="backup_build", queue="archives", row=("account_id", "backup_id"), lasts=600):
    """Build an account's backup. The job row holds how far that is. `name`: the name of the file, for cleaning up."""

    account_id: str
    backup_id: int
    name: str


@dataclass(frozen=True)
class BackupPurge(Message, kind="backup_purge", queue="archives", row=("account_id", "backup_id"), lasts=60):
    """Delete a backup whose time is over."""

    account_id: str
    backup_id: int
    name: str
