"""What an account that is being deleted has left with others: marks, conversations and chats.

Each is undone where it is, counters included. The account's own row is deleted last or in the same transaction.
"""

from __future__ import annotations

from typing import Any

from ...ids import notification_number, participation_number
from ..dynamo import partitions
from ..dynamo.keys import key
from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, Overloaded, Writes, fetch, remove, transaction, update, write_batch
from ..notifications.notifications import Notice, Notification
from ..statuses import reactions
from ..statuses.marks import Mark
from ..statuses.statuses import Status
from ..timelines.conversations import Participation, participants_hash, participation_key

PER_PAGE = 48
AT_A_TIME = 8
CONVERSATIONS_PER_PAGE = 25


def take_back_marks(account_id: str) -> int:
    """Undo a page of the account's marks on statuses, with counters, reaction sums and notifications.

    A vote stays counted in its poll, but nothing says any more whose it was. Answers how many marks there were.
    """
    marks = list(Mark.query(account_id, consistent_read=True, limit=PER_PAGE))
    found = fetch(strong=[key(Status, mark.status_id) for mark in marks])
    alive = {status.id: status for status in found.all(Status) if not status.deleted}
    write_batch(deletes=[Mark.stub(account_id, mark.status_id) for mark in marks if mark.status_id not in alive])
    counted = [mark for mark in marks if mark.status_id in alive]
    done: list[bool] = []
    for start in range(0, len(counted), AT_A_TIME):
        done += together(*[lambda mark=mark: _take_back(mark, alive[mark.status_id])
                           for mark in counted[start:start + AT_A_TIME]])
    if counted and len(counted) == len(marks) and not any(done):
        raise Overloaded("statuses did not come to rest")
    return len(marks)


def _take_back(mark: Mark, status: Status) -> bool:
    """Undo one mark. False when it or the status has changed since it was read."""
    try:
        with transaction() as write:
            write.delete(Mark.stub(mark.account_id, mark.status_id), unchanged(mark))
            actions, condition = _less(mark, status)
            if actions:
                write.update(Status.stub(status.id), actions, condition)
            _take_notifications(write, mark, status.account_id)
    except ConditionFailed:
        return False
    return True


def unchanged(mark: Mark) -> Any:
    condition = Mark.status_id.exists()
    for attribute, value in ((Mark.favourite, mark.favourite), (Mark.reblog, mark.reblog)):
        condition &= attribute == value if value else attribute.does_not_exist()
    reactions = dict(mark.reactions or {})
    return condition & (Mark.reactions == reactions if mark.reactions is not None
                        else Mark.reactions.does_not_exist())


def _less(mark: Mark, status: Status) -> tuple[list[Any], Any]:
    """The actions that take the mark off the status, and the condition that the status is as it was read."""
    condition = Status.id.exists() & Status.deleted.does_not_exist()
    actions: list[Any] = []
    if mark.favourite:
        actions.append(Status.favourites_count.add(-1))
    if mark.reblog:
        actions.append(Status.reblogs_count.add(-1))
    less, still = reactions_less(mark, status)
    return actions + less, condition & still if still is not None else condition


def reactions_less(mark: Mark, status: Status) -> tuple[list[Any], Any]:
    """The actions that take a mark's reactions out of the sum, and their condition. None: the sum has none of them."""
    summary: Any = status.reactions or {}
    actions: list[Any] = []
    condition: Any = None
    for emoji in filter(summary.__contains__, dict(mark.reactions or {})):
        count = Status.reactions[emoji]["n"]
        last = summary[emoji]["n"] <= 1
        still = count == summary[emoji]["n"]
        if last:
            actions.append(Status.reactions[emoji].remove())
        else:
            named, place = reactions.no_more(emoji, summary[emoji], mark.account_id)
            actions += [count.set(count - 1), *named]
            still = still & place if place is not None else still
        condition = still if condition is None else condition & still
    if actions and mark.account_id in (status.reactors or ()):
        actions.append(Status.reactors.delete({mark.account_id}))
    return actions, condition


def _take_notifications(write: Writes, mark: Mark, author_id: str) -> None:
    if author_id == mark.account_id:
        return
    causes = [mark.favourite, mark.reblog, *dict(mark.reactions or {}).values(),
              *dict(mark.hidden_reactions or {}).values()]
    numbers = {notification_number(author_id, cause) for cause in causes if cause}
    for number in sorted(numbers):
        write.delete(Notification.stub(author_id, number))


# Conversations.


def leave_conversations(account_id: str) -> int:
    """Take the account out of a page of conversations. Answers how many there were.

    What others wrote stays with them. An entry that was only about the account is deleted.
    """
    own = list(Participation.query(account_id, consistent_read=True, limit=CONVERSATIONS_PER_PAGE))
    keys = {
        participation_key(other, participation_number(other, entry.thread)): None
        for entry in own for other in sorted({*(entry.participants or ()), *(entry.recipients or ())} - {account_id})
    }
    entries = fetch(strong=keys).all(Participation)
    for start in range(0, len(entries), AT_A_TIME):
        together(*[lambda entry=entry: _leave(entry, account_id) for entry in entries[start:start + AT_A_TIME]])
    write_batch(deletes=[Participation.stub(account_id, entry.id) for entry in own])
    return len(own)


def _leave(entry: Participation, account_id: str) -> None:
    stub = Participation.stub(entry.account, entry.id)
    if entry.last is None:
        remove(stub, Participation.last.does_not_exist())
        return
    rest = set(entry.participants or ()) - {account_id}
    actions = [Participation.participants.delete({account_id}), Participation.recipients.delete({account_id}),
               Participation.participants_hash.set(participants_hash(rest))]
    update(stub, actions, Participation.last.exists())


# Chats.


def leave_chats(account_id: str) -> int:
    """Delete a page of the account's chats on both sides, with all messages and notifications. Answers how many."""
    own = partitions.read("chats", account_id, names=("partner", "partner_chat"), limit=CONVERSATIONS_PER_PAGE)
    for chat in own:
        partner, other = partitions.text(chat, "partner"), partitions.text(chat, "partner_chat")
        if partner and other:
            for page in partitions.pages("messages", other, names=("twin_id",)):
                ids = {partitions.text(message, name) for message in page for name in ("id", "twin_id")} - {""}
                write_batch(deletes=[
                    Notification.stub(partner, Notice(partner, "pleroma:chat_mention", id, account_id).id)
                    for id in sorted(ids)
                ])
                partitions.delete("messages", page)
            partitions.delete("chats", [{"owner": {"S": partner}, "chat": {"S": other}}])
        partitions.wipe_all("messages", partitions.text(chat, "chat"))
    partitions.delete("chats", own)
    return len(own)
