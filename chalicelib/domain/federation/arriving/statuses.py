"""New statuses of other servers.

`placed`: it was delivered to us, so readers get it on their timelines, and those whom it addresses are told. What was
only fetched is shown where somebody asks for it: by id, in its thread, on the profile of its author.

No row says that a status has to be placed yet: whoever has one stored that was delivered places it then
(`statuses/fan_out`), and the message that brought it comes back until that is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ....ids import flake_of_text, milliseconds, participation_number
from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.accounts.claims import Claim, uri_claim
from ....store.federation import naming
from ....store.federation.accounts import STATUS
from ....store.federation.naming import Around, NamedByUri
from ....store.notifications.notifications import Notice
from ....store.statuses import posting, statuses
from ....store.statuses.posting import Entry, KnownAlready, ParentGone, Publication, QuotedGone
from ....store.statuses.statuses import Status
from ... import documents, events
from ...event_types.event import Event
from ...event_types.statuses import StatusArrived
from ...notifications import making
from ...quotes import quoting
from ...relationships.domain_blocks import blocks_domain
from ...retrying import retried
from ...search import index
from ...statuses import keeping
from ...viewer import Viewer
from ...visibility import delisted, is_direct, may_see
from .. import addresses
from ..reading.status import ForeignStatus
from ..reading.values import Unreadable
from ..receiving import dating
from . import quotes
from .gone import Gone
from .told import MOST_RECIPIENTS, MOST_TOLD, addressed_here, document_of, find_uris, judged, look_up

FIRST_NUMBERED = 1_577_836_800
"""Seconds since 1970 of 2020: numbers of notifications count from there."""


def learn_status(foreign: ForeignStatus, author: Account, *, placed: bool, owner_id: str | None = None) -> Status:
    """The status of an object, stored if it is new. A second time changes nothing.

    `owner_id`: whose inbox it came to; they count as addressed. Raises Unreadable, and Gone if it was deleted.
    """
    if foreign.author != author.foreign_uri:
        raise Unreadable("written by another")
    return retried(lambda: _learn_status(foreign, author, placed, owner_id))


def _learn_status(foreign: ForeignStatus, author: Account, placed: bool, owner_id: str | None) -> Status:
    named = look_up(foreign)
    if named.known is not None:
        return _known(named.known)
    if owner_id is not None:
        named = replace(named, ids={**named.ids, "": owner_id}, own=named.own | {owner_id})
    around = naming.gather(named, author.id)
    try:
        return _publish(foreign, author, named, around, placed)
    except (ParentGone, QuotedGone):
        return _publish(foreign, author, named, replace(around, parent=None, quoted=None), placed)
    except KnownAlready:
        claim = find_uris([foreign.uri]).get(foreign.uri)
        if claim is None:
            raise
        return _known(claim)


def _known(claim: Claim) -> Status:
    status = statuses.find(claim.id) if claim.kind == STATUS else None
    if status is None:
        raise Gone("the status is gone")
    return status


def _publish(foreign: ForeignStatus, author: Account, named: NamedByUri, around: Around, placed: bool) -> Status:
    parent = _parent_for(author, around)
    foreign, visibility = judged(foreign, author, foreign.visibility(author.profile.get("followers")))
    addressed = addressed_here(foreign, named, around)
    if len(foreign.addressed) > MOST_RECIPIENTS:
        visibility = delisted(visibility)
    placed = placed and not dating.is_late(foreign.published)
    id = dating.flake(foreign.published, placed=placed, after=str(parent.id) if parent is not None else None)
    status = Status(
        id, account_id=author.id, host=author.host, foreign_uri=foreign.uri, visibility=visibility,
        thread=_thread(id, foreign, parent), to=addressed or None, sensitive=foreign.sensitive,
        fetched=None if placed else True, poll_counts=list(foreign.poll.counts) if foreign.poll else None,
        voters_count=foreign.poll.voters if foreign.poll else None,
        doc=document_of(foreign, named, around, parent, shows_all=is_direct(visibility)),
    )
    if documents.size(status.content) > documents.LARGEST_STATUS:
        raise Unreadable("too large")
    if parent is not None:
        _hang_on(status, parent, around)
    _take_in_quote(status, foreign, author, around)
    status.ttl = None if named.own else _end(status, parent, around.quoted)
    status.stems = index.stems_of(status)
    claim = Claim(uri_claim(foreign.uri).hash, id=id, kind=STATUS, by=author.id, ttl=status.ttl)
    quoted = around.quoted if status.quote_of else None
    happened: list[Event] = [] if status.ttl is not None else [*keeping.kept(parent), *keeping.kept(quoted)]
    if placed:
        happened += [StatusArrived(status.id, author.id), *quotes.met(status, foreign)]
    told = quoting.notice_of(status, _reader(author), around.addressees.get(status.quote_of_account_id or ""))
    publication = replace(_publication(foreign, status, author, named, around, claim), jobs=events.owed(*happened),
                          quote=None if status.fetched else told)
    posting.publish(publication)
    events.tell(*happened, *events.told(publication.notices_at_once if placed else ()))
    return status


def _parent_for(author: Account, around: Around) -> Status | None:
    """The parent, if the author may see it. Else the status is no reply, and nobody is told of one."""
    parent = around.parent
    if parent is None or parent.reblog_of:
        return None
    return parent if may_see(parent, _reader(author), around.to_parent, around.on_lists) else None


def _reader(author: Account) -> Viewer:
    """An account of another server as somebody who sees statuses here."""
    return Viewer(author, accounts.ViewerSet.blank(author.id, accounts.VIEWER_SET))


def _take_in_quote(status: Status, foreign: ForeignStatus, author: Account, around: Around) -> None:
    """What the status quotes, if that is here, and who may quote the status."""
    groups = quotes.groups_of(foreign.can_quote, author)
    if groups is not None:
        status.content["can_quote"], status.quote_policy = groups, quotes.policy_in(groups)
    quoted = around.quoted
    if quoted is not None:
        here = around.addressees.get(quoted.account_id)
        quotes.attach(status, quoted, here, has_stamp=foreign.quote_stamp is not None)


def _end(status: Status, parent: Status | None, quoted: Status | None) -> int | None:
    """When the status is forgotten: not before what it answers and what it quotes."""
    ends = [dating.end(each) for each in (parent, quoted if status.is_quote else None)]
    return None if None in ends else max(each for each in ends if each is not None)


def _thread(id: str, foreign: ForeignStatus, parent: Status | None) -> str:
    """The parent's thread, else the one that the context names, else one of its own.

    All statuses of a foreign context meet in one thread, without a read: its key follows from the context.
    """
    if parent is not None:
        return str(parent.thread)
    context = foreign.context
    if context is None:
        return id
    own = addresses.thread_in(context)
    if own is not None:
        return own if foreign.parent is not None else id
    may_name = foreign.parent is not None or addresses.are_of_one_host(context, foreign.uri)
    return flake_of_text(context) if may_name else id


def _hang_on(status: Status, parent: Status, around: Around) -> None:
    status.parent_id, status.parent_account_id, status.parent_visibility = (
        parent.id, parent.account_id, parent.visibility)
    status.parent_to = parent.addressed[:10] or None
    author = around.people.get(parent.account_id)
    if author is not None and author.id not in {each[0] for each in status.content.get("mentions", ())}:
        status.content["parent_acct"] = author.acct
    if parent.foreign_uri is not None:
        status.content["answers"] = parent.foreign_uri


def _publication(foreign: ForeignStatus, status: Status, author: Account, named: NamedByUri, around: Around,
                 claim: Claim) -> Publication:
    """The status with what its readers here get. What was fetched brings them nothing."""
    if status.fetched:
        return Publication(status, claim=claim)
    here = [id for id in status.addressed if id in around.addressees]
    everybody = frozenset({author.id, *status.addressed})
    entries = [_entry(id, status, author, everybody, around) for id in here] if is_direct(status.visibility) else []
    return Publication(status, here, _notices(foreign, status, author, named, around), entries, everybody, claim=claim)


def _notices(foreign: ForeignStatus, status: Status, author: Account, named: NamedByUri, around: Around,
             ) -> list[Notice]:
    """Those are told whom it both addresses and mentions. A direct status need not mention anybody."""
    if len(foreign.addressed) > MOST_RECIPIENTS or milliseconds(status.id) < FIRST_NUMBERED * 1000:
        return []
    mentioned = {named.ids.get(each.address) for each in foreign.mentions}
    wanted = [id for id in status.addressed if id in around.addressees
              and (id in mentioned or is_direct(status.visibility))]
    notices: Sequence[Notice | None] = [
        making.notice("mention", around.addressees[id], by=author, cause=status.id, status=status)
        for id in wanted[:MOST_TOLD]]
    return [each for each in notices if each is not None]


def _entry(id: str, status: Status, author: Account, everybody: frozenset[str], around: Around) -> Entry:
    """A participant's entry of the conversation. For those who block a participant, the mark stays as it was."""
    person = around.addressees[id]
    of_blocked_host = blocks_domain(Viewer(person.account, person.hides), author) and not person.relation.follows
    unread = None if person.hides.blocked & everybody or of_blocked_host else True
    return Entry(id, participation_number(id, status.thread), unread=unread)
