"""Taking in what other servers tell of: their accounts and statuses become rows like our own.

    account = learn_account(document)                   new, or brought up to date
    status = learn_status(read_status(note), account, placed=True)

Nothing is fetched here. Whether a document may be believed has been seen to before.
"""

from .accounts import learn_account, release_name
from .edits import relearn_status
from .gone import Gone
from .statuses import learn_status
from .told import find_uris

__all__ = ["Gone", "find_uris", "learn_account", "learn_status", "relearn_status", "release_name"]
