"""The tries of a delivery: what an answer means, and when the next one is due.

| answer | means |
|---|---|
| 2xx | it has arrived |
| 401 | not yet: the server may have failed to fetch our key |
| 408, 425, 429, 5xx but 501, none at all | not yet, and the server has failed |
| anything else | never: it is in the log |

A server that is left alone at the moment (`hosts`) is not asked. Then the next try is due, as if it had failed.
"""

from __future__ import annotations

import contextvars
import hashlib
import logging
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from .... import metrics, outside
from ....metrics import Value
from ....outside import Fetched
from ....queues import queue
from ....queues.deliveries import SendActivity, SendAgain
from ....queues.messages import Message, outbox
from ....settings import settings
from ....store import jobs
from ... import host_policies, hosts, vault
from .. import addresses, sending
from . import activities, gathering
from .activities import Dispatch
from .rendering import Envelope, render

MINUTE, HOUR = 60.0, 3_600.0
STEPS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 8 * HOUR, 24 * HOUR, 48 * HOUR)
"""Seconds between two tries. After the last one it is given up: that is three and a half days later."""
SPREAD = 0.2
MOST_WAITS = 20
"""How often a delivery waits for its turn at a server that is new or came back, without that being a try."""
TOLD = 200
"""Characters of a refusal that are logged."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Try:
    """`is_over`: it has arrived, or never will. Else it is tried again, at least `least` seconds from now.

    `turn`: it was not a try, but waits for a server that another delivery asks at this moment.
    """

    inbox: str
    arrived: bool = False
    is_over: bool = True
    least: float = 0
    turn: bool = False
    gone: bool = False


def send(message: SendActivity | SendAgain) -> dict[str, int]:
    """Send an activity to the inboxes of a message, all at once. What did not arrive is asked for again, later."""
    about = Dispatch(message.activity, message.account_id, message.subject, message.cause, message.other_id,
                     message.said)
    try:
        letter = render(about)
    except vault.NoKey:
        letter = None
    if letter is None:
        return {"dropped": len(message.inboxes)}
    inboxes = [each for each in message.inboxes
               if host_policies.may_hear(addresses.host_of(each), everybody=letter.for_everybody)]
    outcomes = _post_all(inboxes, letter)
    later = [each for each in outcomes if not each.is_over]
    lost = len(outcomes) - len(later) - sum(each.arrived for each in outcomes)
    lost += _ask_again(message, later)
    _reach_personally(about, [each.inbox for each in outcomes if each.gone])
    if lost:
        metrics.note(Value("DeliveriesFailed", lost))
    return {"arrived": sum(each.arrived for each in outcomes), "later": len(later), "lost": lost}


def _post_all(inboxes: Sequence[str], letter: Envelope) -> list[Try]:
    if len(inboxes) == 1:
        return [_post(inboxes[0], letter)]
    with ThreadPoolExecutor(max(len(inboxes), 1)) as pool:
        runs = [pool.submit(contextvars.copy_context().run, _post, inbox, letter) for inbox in inboxes]
        return [run.result() for run in runs]


def _post(inbox: str, letter: Envelope) -> Try:
    try:
        return judge(inbox, sending.post(inbox, letter.body, letter.signer))
    except hosts.NotNow as refused:
        if refused.seconds <= hosts.TURN_SECONDS:
            return Try(inbox, is_over=False, least=refused.seconds, turn=True)
        return Try(inbox, is_over=False)
    except outside.Silent:
        return Try(inbox, is_over=False)
    except outside.Unreachable as fault:
        log.warning("delivery impossible", extra={"host": hosts.host_in(inbox), "reason": str(fault)})
        return Try(inbox)


def judge(inbox: str, reply: Fetched) -> Try:
    """What an answer means."""
    if 200 <= reply.status < 300:
        return Try(inbox, arrived=True)
    if reply.status == 401:
        return Try(inbox, is_over=False)
    if sending.has_no_time(reply.status):
        return Try(inbox, is_over=False, least=sending.retry_after(reply))
    log.warning("delivery refused", extra={
        "host": hosts.host_in(inbox), "status": reply.status, "reply": reply.body[:TOLD].decode(errors="replace")})
    return Try(inbox, gone=reply.status in (404, 410))


# The next try.


def _ask_again(message: SendActivity | SendAgain, later: Sequence[Try]) -> int:
    """Ask for the next try of each. Answers how many were given up."""
    given_up = 0
    timed = []
    for outcome in later:
        following = _following(message, outcome)
        if following is None:
            given_up += 1
            continue
        again, delay = following
        if delay <= queue.MOST_DELAY:
            queue.send(again, delay)
        else:
            timed.append(outbox(_kept(again), due_in=delay))
    if timed:
        jobs.add(timed)
    return given_up


def _following(message: SendActivity | SendAgain, outcome: Try) -> tuple[SendActivity, float] | None:
    """The next try, and in how many seconds. None: there is none any more."""
    turn = outcome.turn and message.waits < MOST_WAITS
    if not turn and message.attempt >= len(STEPS):
        return None
    again = SendActivity(message.activity, message.account_id, message.subject, message.cause, [outcome.inbox],
                         message.other_id, message.said, message.attempt + (0 if turn else 1),
                         message.waits + (1 if turn else 0))
    if turn:
        return again, outcome.least
    return again, max(pause(message.attempt), outcome.least)


def pause(attempt: int) -> float:
    """Seconds after this try, counted from 0, until the next one. They vary, so that not all come at once."""
    step = STEPS[min(attempt, len(STEPS) - 1)] * settings.delivery_pace
    return step * random.uniform(1 - SPREAD, 1 + SPREAD) if attempt > 2 else step


def _kept(again: SendActivity) -> Message:
    """The same as one that has a job row. Of changes of a profile only the newest is tried again."""
    is_profile = again.activity == activities.UPDATE and again.subject == again.account_id
    about = [again.activity, again.account_id, again.subject, "" if is_profile else again.cause, *again.inboxes]
    id = hashlib.sha256("\n".join(about).encode()).hexdigest()[:32]
    return SendAgain(id=id, **asdict(again))


def _reach_personally(about: Dispatch, gone: Sequence[str]) -> None:
    """Where a shared inbox is gone, try those of the people who are addressed."""
    if gone:
        gathering.ask(about, gathering.instead_of(about, gone))
