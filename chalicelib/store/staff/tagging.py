"""Tags that the staff gives accounts, in the order in which they were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..accounts.accounts import PROFILE, Account
from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, transaction
from . import log
from .log import LoggedAct


def set_tags(accounts: Sequence[Account], tags: Mapping[str, Sequence[str]], entry: LoggedAct) -> None:
    """Write the tags of accounts, by id, with the entry of the moderation log. Raises Overtaken: the tags of one of
    them have changed since they were read, or it was deleted.
    """
    try:
        with transaction() as write:
            for account in accounts:
                unchanged = Account.tags == account.tags if account.tags else Account.tags.does_not_exist()
                wanted = list(tags[account.id])
                write.update(Account.stub(account.id, PROFILE),
                             [Account.tags.set(wanted) if wanted else Account.tags.remove()],
                             Account.id.exists() & Account.deleted.does_not_exist() & unchanged)
            log.add(write, entry)
    except ConditionFailed as failed:
        raise Overtaken from failed
