"""Letters, and what happens when an account arrives."""

from __future__ import annotations

from ..domain.accounts import arrivals
from ..domain.mail import mailing
from ..queues.accounts import Arrival
from ..queues.notifications import Mail, MailNamed
from ..queues.queue import Counts, job


@job(queue="outside")
def mail(message: Mail) -> Counts:
    """Send a letter. Its id is remembered for a day: twice sends one."""
    return {"outcome": mailing.send(message.id, message.template, message.account_id, message.args)}


@job(queue="outside")
def mail_named(message: MailNamed) -> Counts:
    """Send a letter to whoever has a nickname or address. Its id is remembered for a day: twice sends one."""
    return {"outcome": mailing.send_named(message.id, message.template, message.name)}


@job(queue="timelines")
def arrival(message: Arrival) -> Counts:
    """Send letters, follow and greet. Each of these knows whether it has been done: twice is harmless."""
    return arrivals.follow_up(message.account_id, message.step)
