"""Who listens to what: for each event the work that follows from it.

    @owes(StatusPosted)     work that must not be lost: its job row is written in the transaction of the change
    @asks(NotificationMade) work that may be lost without harm: only a message

Listeners make messages from the ids in an event. They read nothing, so they do not make a request slower.
"""

from . import accounts, bookmarks, federating, fetching, statuses, streaming, tags  # noqa: F401  (registered)
