"""What is asked of other servers, since it may have changed there."""

from __future__ import annotations

from collections.abc import Iterator

from ...queues.federating import DescribeHost, FetchPins, RefreshAccount, RefreshPoll, ResolveQuote
from ...queues.messages import Message
from ..event_types.quotes import QuoteMet
from ..event_types.servers import ForeignAccountFetched, ForeignAccountViewed, ForeignPollViewed, HostMet
from .registering import asks


@asks(HostMet)
def describe_host(event: HostMet) -> Iterator[Message]:
    yield DescribeHost(event.base, event.inbox)


@asks(ForeignAccountViewed)
def refresh_account(event: ForeignAccountViewed) -> Iterator[Message]:
    yield RefreshAccount(event.account_id)


@asks(ForeignAccountFetched)
def fetch_pins(event: ForeignAccountFetched) -> Iterator[Message]:
    yield FetchPins(event.account_id)


@asks(ForeignPollViewed)
def refresh_poll(event: ForeignPollViewed) -> Iterator[Message]:
    yield RefreshPoll(event.status_id)


@asks(QuoteMet)
def resolve_quote(event: QuoteMet) -> Iterator[Message]:
    yield ResolveQuote(event.status_id, event.stamp)
