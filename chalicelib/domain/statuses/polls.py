"""Polls: what may be asked with a status, and voting, once for each account."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...ids import new_flake
from ...settings import settings
from ...store.statuses import polls
from ...store.statuses.marks import Mark
from ...store.statuses.statuses import Status, edition_in, edition_of
from ...store.statuses.surroundings import Surroundings
from .. import events, visibility
from ..event_types.statuses import PollVoted
from ..federation import staleness
from ..listeners.federating import POLL_TURN
from ..refusals import NotFound, Unacceptable
from ..retrying import expect, retried
from ..text import fits, is_blank, look
from ..viewer import Viewer
from . import keeping


@dataclass(frozen=True)
class NewPoll:
    """What an author asks. `expires_in` is in seconds."""

    options: Sequence[str]
    expires_in: int | None = None
    multiple: bool = False
    hide_totals: bool = False


def check(poll: NewPoll) -> None:
    """Check a poll: first its lifetime, then how many options, then what they are. Raises Unacceptable."""
    if poll.expires_in is None or not poll.options:
        raise Unacceptable("Invalid poll")
    if poll.expires_in > settings.poll_max_expiration:
        raise Unacceptable("Expiration date is too far in the future")
    if poll.expires_in < settings.poll_min_expiration:
        raise Unacceptable("Expiration date is too soon")
    if len(poll.options) > settings.poll_max_options:
        raise Unacceptable(f"Poll can't contain more than {settings.poll_max_options} options")
    if not all(fits(settings.poll_max_option_chars, option) for option in poll.options):
        longest = settings.poll_max_option_chars
        raise Unacceptable(f"Poll options cannot be longer than {longest} characters each")
    if any(map(is_blank, poll.options)):
        raise Unacceptable("Poll options cannot be blank")
    if len(set(map(look, poll.options))) < len(poll.options):
        raise Unacceptable("Poll options must differ from each other")


def document(poll: NewPoll) -> dict[str, Any]:
    """The part of a poll that votes do not change."""
    asked = {"options": list(poll.options), "ends": int(time.time()) + (poll.expires_in or 0),
             "multiple": poll.multiple}
    return asked | ({"hide_totals": True} if poll.hide_totals else {})


def hides_totals(poll: Mapping[str, Any]) -> bool:
    """Whether nobody sees yet how many votes each option has."""
    return bool(poll.get("hide_totals")) and not has_ended(poll)


def has_ended(poll: Mapping[str, Any]) -> bool:
    """Whether nobody can vote any more. A poll of another server may have no end."""
    ends = poll["ends"]
    return ends is not None and bool(ends <= time.time())


def edited(poll: dict[str, Any] | None, before: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """What of a document becomes of a poll by an edit, and whether the votes start anew. `before`: the document.

    Other options, or a choice of several where there was one, make another *edition*, for which nobody has voted yet.
    Without a poll, the document remembers the edition of the last one, so that a later poll has another.
    """
    was, edition = before.get("poll"), edition_in(before)
    if poll is None:
        past = edition if was is None else edition + 1
        return ({"past_edition": past} if past else {}), was is not None
    same = was is not None and (poll["options"], poll["multiple"]) == (was["options"], was["multiple"])
    anew = was is not None and not same
    edition += 1 if anew else 0
    return {"poll": {**poll, "edition": edition} if edition else poll}, not same


def is_over(status: Status) -> bool:
    """Whether nobody can vote any more in the poll of a status."""
    return has_ended(status.content["poll"])


def get(status_id: str, viewer: Viewer | None) -> tuple[Status, Surroundings]:
    """A status that has a poll. NotFound if it has none, or if the viewer may not see it."""
    status, around = visibility.readable(status_id, viewer)
    if "poll" not in status.content:
        raise NotFound
    staleness.poll_viewed(status)
    return status, around


def vote(status_id: str, choices: Sequence[int], by: Viewer) -> tuple[Status, Surroundings]:
    """Vote. Answers the poll with the vote. Repeated choices count once."""
    return retried(lambda: _vote(status_id, choices, by))


def _vote(status_id: str, choices: Sequence[int], by: Viewer) -> tuple[Status, Surroundings]:
    status, around = get(status_id, by)
    mark = around.marks.get(status.id)
    _demand_ballot(status, mark, by)
    poll = status.content["poll"]
    chosen = list(dict.fromkeys(choices))
    if any(not 0 <= choice < len(poll["options"]) for choice in chosen) or not chosen:
        raise Unacceptable("Invalid indices")
    if len(chosen) > 1 and not poll["multiple"]:
        raise Unacceptable("Too many choices")
    happened = [_voted(status, around, by, chosen), *keeping.kept(status, by)]
    expect(polls.vote(status, mark, by.id, chosen, events.owed(*happened)))
    events.tell(*happened)
    return _after(status, around, by, chosen)


def _demand_ballot(status: Status, mark: Mark | None, by: Viewer) -> None:
    _demand_open(status, by)
    if polls.ballot_of(status, mark) is not None:
        raise Unacceptable("Already voted")


def _demand_open(status: Status, by: Viewer) -> None:
    if status.account_id == by.id:
        raise Unacceptable("Poll's author can't vote")
    if is_over(status):
        raise Unacceptable("Poll has already ended")


def _voted(status: Status, around: Surroundings, by: Viewer, chosen: Sequence[int]) -> PollVoted:
    """What is told of a vote: to the server of the poll if it is another one, else to those who have the poll."""
    poll, author = status.content["poll"], around.accounts[status.account_id]
    if status.host is not None:
        votes = [(new_flake(), poll["options"][choice]) for choice in chosen]
        return PollVoted(status.id, by.id, status.account_id, ends=poll["ends"] or 0,
                         votes=votes if by.account.host is None else ())
    followed = by.account.host is not None and author.foreign_followers_count > 0
    leaves = bool(status.federated or followed)
    return PollVoted(status.id, by.id, status.account_id, leaves, int(time.time()) // POLL_TURN, poll["ends"])


def vote_from_afar(status_id: str, titles: Sequence[str], by: Viewer) -> None:
    """Count what an account elsewhere votes. Its server may send several choices one after the other."""
    retried(lambda: _vote_from_afar(status_id, titles, by))


def _vote_from_afar(status_id: str, titles: Sequence[str], by: Viewer) -> None:
    status, around = get(status_id, by)
    _demand_open(status, by)
    poll, mark = status.content["poll"], around.marks.get(status.id)
    before = polls.ballot_of(status, mark) or []
    chosen = [place for title in titles if (place := _place_of(title, poll["options"])) is not None]
    new = [choice for choice in dict.fromkeys(chosen) if choice not in before]
    if not chosen:
        raise Unacceptable("Invalid indices")
    if not new:
        return  # the same once more
    if before and not poll["multiple"]:
        raise Unacceptable("Already voted")
    new = new if poll["multiple"] else new[:1]
    event = _voted(status, around, by, new)
    expect(polls.vote(status, mark, by.id, new, events.owed(event)))
    events.tell(event)


def _place_of(title: str, options: Sequence[str]) -> int | None:
    """Which option is meant: the first one of this title, else the first that differs by the case of letters only."""
    folded = [option.casefold() for option in options]
    if title in options:
        return options.index(title)
    return folded.index(title.casefold()) if title.casefold() in folded else None


def _after(status: Status, around: Surroundings, by: Viewer, chosen: list[int]) -> tuple[Status, Surroundings]:
    counts = list(status.poll_counts or [])
    for choice in chosen:
        counts[choice] += 1
    status.poll_counts = counts
    status.voters_count += 1
    mark = around.marks.get(status.id) or Mark.blank(by.id, status.id)
    mark.ballot, mark.ballot_edition = chosen, edition_of(status)
    around.marks[status.id] = mark
    return status, around
