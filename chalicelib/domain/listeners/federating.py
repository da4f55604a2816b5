"""What other servers hear. It is owed only if there may be one that has to: without any, nothing is written or sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from ...queues.deliveries import EVERY_SERVER, Federate
from ...settings import settings
from ...store.quotes import quotes
from ..event_types.accounts import (
    AccountBlocked,
    AccountFollowed,
    AccountMoved,
    AccountReported,
    AccountUnblocked,
    AccountUnfollowed,
    FollowRejected,
    FollowRequested,
    ProfileChanged,
)
from ..event_types.chats import ChatMessageDeleted, ChatMessageSent
from ..event_types.quotes import QuoteAnswered, QuotePolicyChanged, QuoteRequested, QuoteRevoked, QuoteSettled
from ..event_types.servers import KeyReplaced
from ..event_types.statuses import (
    FavouriteRemoved,
    PollVoted,
    ReactionAdded,
    ReactionRemoved,
    ReblogRemoved,
    Scrobbled,
    StatusEdited,
    StatusFavourited,
    StatusMarked,
    StatusPinned,
    StatusPosted,
    StatusReblogged,
    StatusUnpinned,
)
from ..federation import server_actor
from .registering import Due, owes

POLL_TURN = 180
"""Seconds. Votes that are cast in one turn are told together."""
POLL_END = "end"
"""Stands for the last turn."""
PROFILE_TURN = 30
"""Seconds. Changes of a profile that are made together are told together."""


def _told(activity: str, by: str, about: str, cause: str, **more: Any) -> Iterator[Due]:
    if settings.federating:
        yield Due(Federate(activity, by, about, cause, **more))


def _told_later(activity: str, by: str, about: str, cause: str, *, at: float) -> Iterator[Due]:
    """Work for a moment later on. Asking for the same again changes nothing."""
    for due in _told(activity, by, about, cause):
        yield Due(due.message, max(at - time.time() + 1, 1))


@owes(StatusPosted)
def send_status(event: StatusPosted) -> Iterator[Due]:
    if event.leaves:
        yield from _told("Create", event.account_id, event.status_id, event.status_id)
        if event.poll_ends is not None:
            yield from _told_later("Update Question", event.account_id, event.status_id, POLL_END, at=event.poll_ends)


@owes(StatusMarked)
def send_status_again(event: StatusMarked) -> Iterator[Due]:
    if event.leaves:
        yield from _told("Update", event.account_id, event.status_id, event.change_id)


@owes(StatusEdited)
def send_edit(event: StatusEdited) -> Iterator[Due]:
    if event.leaves:
        yield from _told("Update", event.account_id, event.status_id, event.edit_id)
        if event.poll_ends is not None:
            yield from _told_later("Update Question", event.account_id, event.status_id, POLL_END, at=event.poll_ends)


@owes(StatusPinned)
def send_pin(event: StatusPinned) -> Iterator[Due]:
    if event.leaves:
        yield from _told("Add", event.account_id, event.status_id, event.change_id)


@owes(Scrobbled)
def send_scrobble(event: Scrobbled) -> Iterator[Due]:
    if event.leaves:
        yield from _told("Listen", event.account_id, event.scrobble_id, event.scrobble_id, said=event.visibility)


@owes(StatusUnpinned)
def take_pin_back(event: StatusUnpinned) -> Iterator[Due]:
    if event.leaves:
        yield from _told("Remove", event.account_id, event.status_id, event.change_id)


@owes(StatusReblogged)
def send_reblog(event: StatusReblogged) -> Iterator[Due]:
    if event.leaves:
        yield from _told("Announce", event.account_id, event.status_id, event.status_id)


@owes(ReblogRemoved)
def take_reblog_back(event: ReblogRemoved) -> Iterator[Due]:
    if event.leaves:
        yield from _told("Undo Announce", event.account_id, event.status_id, event.status_id,
                         other_id=event.author_id, said=event.uri)


@owes(StatusFavourited)
def send_favourite(event: StatusFavourited) -> Iterator[Due]:
    if event.author_id is not None:
        yield from _told("Like", event.account_id, event.status_id, event.favourite_id, other_id=event.author_id)


@owes(FavouriteRemoved)
def take_favourite_back(event: FavouriteRemoved) -> Iterator[Due]:
    if event.author_id is not None:
        yield from _told("Undo Like", event.account_id, event.status_id, event.favourite_id,
                         other_id=event.author_id, said=event.uri)


@owes(ChatMessageSent)
def send_message(event: ChatMessageSent) -> Iterator[Due]:
    if event.other_id is not None:
        yield from _told("Create ChatMessage", event.account_id, event.message_id, event.message_id,
                         other_id=event.other_id)


@owes(ChatMessageDeleted)
def delete_message(event: ChatMessageDeleted) -> Iterator[Due]:
    if event.other_id is not None:
        yield from _told("Delete ChatMessage", event.account_id, event.message_id, event.message_id,
                         other_id=event.other_id)


@owes(PollVoted)
def send_votes(event: PollVoted) -> Iterator[Due]:
    for id, title in event.votes:
        yield from _told("Create Vote", event.account_id, event.status_id, id, other_id=event.author_id, said=title)


@owes(PollVoted)
def send_counts(event: PollVoted) -> Iterator[Due]:
    """The counts after each turn with votes, and those after the end. The posting asks for these, if it is sent."""
    if event.leaves:
        yield from _told_later("Update Question", event.author_id, event.status_id, str(event.turn),
                               at=(event.turn + 1) * POLL_TURN)
        yield from _told_later("Update Question", event.author_id, event.status_id, POLL_END, at=event.ends)


@owes(QuoteRequested)
def ask_to_quote(event: QuoteRequested) -> Iterator[Due]:
    yield from _told("QuoteRequest", event.account_id, event.status_id, quotes.cause_of(event.status_id),
                     other_id=event.author_id)


@owes(QuoteAnswered)
def answer_quote(event: QuoteAnswered) -> Iterator[Due]:
    activity = "Accept QuoteRequest" if event.allowed else "Reject QuoteRequest"
    yield from _told(activity, event.account_id, event.quoted_id, event.stamp, other_id=event.other_id,
                     said="\n".join((event.request, event.quoted_uri, event.uri)))


@owes(QuotePolicyChanged, QuoteSettled)
def send_quote_again(event: QuotePolicyChanged | QuoteSettled) -> Iterator[Due]:
    if event.leaves:
        yield from _told("Update Quote", event.account_id, event.status_id, event.change_id)


@owes(QuoteRevoked)
def take_quote_back(event: QuoteRevoked) -> Iterator[Due]:
    """A quote of another server loses its stamp. One from here is sent again, without what it quoted."""
    if event.host is not None:
        yield from _told("Delete QuoteAuthorization", event.account_id, event.quoted_id, event.stamp,
                         other_id=event.author_id, said=event.stamp_uri)
    elif event.leaves:
        yield from _told("Update Quote", event.author_id, event.status_id, event.stamp)


@owes(ReactionAdded)
def send_reaction(event: ReactionAdded) -> Iterator[Due]:
    if event.author_id is not None:
        yield from _told("EmojiReact", event.account_id, event.status_id, event.reaction_id, other_id=event.author_id)


@owes(ReactionRemoved)
def take_reaction_back(event: ReactionRemoved) -> Iterator[Due]:
    if event.author_id is not None:
        said = "\n".join((event.uri, event.emoji, event.picture or ""))
        yield from _told("Undo EmojiReact", event.account_id, event.status_id, event.reaction_id,
                         other_id=event.author_id, said=said)


@owes(FollowRequested)
def send_follow(event: FollowRequested) -> Iterator[Due]:
    if event.other_host is not None and event.host is None:
        yield from _told("Follow", event.account_id, event.other_id, event.change_id, other_id=event.other_id)


@owes(AccountFollowed)
def accept_follow(event: AccountFollowed) -> Iterator[Due]:
    if event.host is not None and event.other_host is None and not event.is_answered:
        yield from _told("Accept", event.other_id, event.account_id, event.change_id, other_id=event.account_id)


@owes(FollowRejected)
def reject_follow(event: FollowRejected) -> Iterator[Due]:
    if event.host is not None and event.uri is not None:
        yield from _told("Reject", event.account_id, event.other_id, event.change_id, other_id=event.other_id,
                         said=event.uri)


@owes(AccountUnfollowed)
def take_follow_back(event: AccountUnfollowed) -> Iterator[Due]:
    if event.other_host is not None and event.host is None and event.follow_id is not None:
        yield from _told("Undo Follow", event.account_id, event.other_id, event.change_id, other_id=event.other_id,
                         said=event.follow_id)


@owes(AccountBlocked)
def send_block(event: AccountBlocked) -> Iterator[Due]:
    yield from _told("Block", event.account_id, event.other_id, event.block_id, other_id=event.other_id)


@owes(AccountUnblocked)
def take_block_back(event: AccountUnblocked) -> Iterator[Due]:
    yield from _told("Undo Block", event.account_id, event.other_id, event.block_id, other_id=event.other_id)


@owes(AccountMoved)
def send_move(event: AccountMoved) -> Iterator[Due]:
    if event.leaves:
        yield from _told("Move", event.account_id, event.account_id, event.change_id, said=event.uri)


@owes(AccountReported)
def send_report(event: AccountReported) -> Iterator[Due]:
    yield from _told("Flag", server_actor.ID, event.report_id, event.change_id, other_id=event.other_id)


@owes(ProfileChanged)
def send_profile(event: ProfileChanged) -> Iterator[Due]:
    for due in _told("Update", event.account_id, event.account_id, str(event.turn)):
        yield Due(due.message, max((event.turn + 2) * PROFILE_TURN - time.time(), 1))


@owes(KeyReplaced)
def send_key(event: KeyReplaced) -> Iterator[Due]:
    yield from _told("Update", event.account_id, event.account_id, event.change_id, said=EVERY_SERVER)
