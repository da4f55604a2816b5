"""Status as administration lists it: as nobody in particular sees it, with all that the staff knows of its author."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...store.accounts.accounts import Secret
from ...store.statuses.statuses import Status as Record
from ...store.statuses.surroundings import Surroundings
from ..accounts.merged_account import MergedAccount, render_merged_account
from ..statuses.status import WithoutAuthor, render_statuses


class AdminStatus(WithoutAuthor):
    """An author who no longer exists is an empty object."""

    account: MergedAccount | dict[str, Any]


def render_admin_statuses(shown: Sequence[Record], around: Surroundings,
                          secrets: Mapping[str, Secret]) -> list[AdminStatus]:
    """Reads nothing. The status within a reblog has an ordinary account."""
    rendered = render_statuses(shown, None, around)
    return [{**each, "account": _author(status, around, secrets)}
            for status, each in zip(shown, rendered, strict=True)]


def _author(status: Record, around: Surroundings, secrets: Mapping[str, Secret]) -> MergedAccount | dict[str, Any]:
    account = around.accounts.get(status.account_id)
    return render_merged_account(account, secrets.get(status.account_id)) if account is not None else {}
