"""Activities: which are sent, and what is known of one before it is rendered."""

from __future__ import annotations

from dataclasses import dataclass

from ....queues.deliveries import EVERY_SERVER

CREATE, UPDATE, DELETE, ANNOUNCE, LIKE = "Create", "Update", "Delete", "Announce", "Like"
ADD, REMOVE, BLOCK, UNDO_BLOCK = "Add", "Remove", "Block", "Undo Block"
MOVE, LISTEN = "Move", "Listen"
FLAG = "Flag"
"""By the server itself, so that nobody learns who reports. It goes to the server of the reported account."""
FOLLOW, ACCEPT, REJECT = "Follow", "Accept", "Reject"
MESSAGE, DELETE_MESSAGE = "Create ChatMessage", "Delete ChatMessage"
EMOJI_REACT, VOTE, TALLY = "EmojiReact", "Create Vote", "Update Question"
UNDO_ANNOUNCE, UNDO_LIKE, UNDO_FOLLOW = "Undo Announce", "Undo Like", "Undo Follow"
UNDO_EMOJI_REACT = "Undo EmojiReact"
ASK_TO_QUOTE, ALLOW_QUOTE, REFUSE_QUOTE = "QuoteRequest", "Accept QuoteRequest", "Reject QuoteRequest"
TAKE_STAMP_BACK = "Delete QuoteAuthorization"
QUIET_UPDATE = "Update Quote"
"""A status as it is now, though its author has not edited it."""

OF_STATUSES = frozenset({CREATE, UPDATE, QUIET_UPDATE, TALLY, ANNOUNCE})
"""What is about a status that has to be there still."""
MARKS = frozenset({LIKE, EMOJI_REACT})
"""What is on the sender's mark, as long as it was not taken back."""
FOR_FOLLOWERS = frozenset({ADD, REMOVE, LISTEN})
"""What the followers hear and nobody else. `said`: its visibility, if it may be for them alone."""
FOR_ONE = frozenset({*MARKS, VOTE, MESSAGE, DELETE_MESSAGE, UNDO_LIKE, UNDO_EMOJI_REACT, FOLLOW, UNDO_FOLLOW,
                     ACCEPT, REJECT, BLOCK, UNDO_BLOCK, ASK_TO_QUOTE, ALLOW_QUOTE, REFUSE_QUOTE, TAKE_STAMP_BACK})
"""What one account gets alone."""


@dataclass(frozen=True)
class Dispatch:
    """One activity, as messages name it (`queues/deliveries.py`)."""

    activity: str
    account_id: str
    subject: str
    cause: str
    other_id: str = ""
    said: str = ""

    @property
    def is_about_sender(self) -> bool:
        return self.subject == self.account_id

    @property
    def is_for_every_server(self) -> bool:
        """Whether all servers hear of it that may know the sender. Else those do whom the sender has to do with."""
        return self.is_about_sender and (self.activity == DELETE or self.said == EVERY_SERVER)

    @property
    def status_id(self) -> str:
        """The status that has to be there still. Empty: none has to."""
        is_status = self.activity in OF_STATUSES | MARKS | {VOTE, ASK_TO_QUOTE}
        return self.subject if is_status and not self.is_about_sender else ""
