"""Taking in what other servers tell of: their accounts and statuses become rows like our own.

    account = learn_account(document)                   new, or brought up to date
    status = learn_status(read_status(note), account, placed=True)

`placed`: it was delivered to us, so readers get it on their timelines, and those whom it addresses are told. What was
only fetched is shown where somebody asks for it: by id, in its thread, on the profile of its author.

Nothing is fetched here. Whether a document may be believed has been seen to before.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...ids import flake_of_text, milliseconds, new_flake, participation_number
from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.accounts.claims import Claim, uri_claim
from ...store.federation import accounts as store
from ...store.federation import edits, naming
from ...store.federation.naming import Around, NamedByUri
from ...store.notifications.notifications import Notice
from ...store.statuses import posting, statuses
from ...store.statuses.addressing import Addressee
from ...store.statuses.posting import Entry, KnownAlready, ParentGone, Publication
from ...store.statuses.statuses import Status
from .. import documents, events, host_policies, policies
from ..event_types import Event, HostMet, StatusPosted
from ..notifications import making
from ..policies import Proposal
from ..relationships.domain_blocks import blocks_domain
from ..retrying import retried, retried_from
from ..search import index
from ..statuses import keeping
from ..viewer import Viewer
from ..visibility import delisted, is_direct, may_see
from . import addresses, nodeinfo
from .reading.account import ForeignAccount, read_account
from .reading.status import ForeignStatus
from .reading.values import Unreadable
from .receiving import dating

KEPT = ("published", "context", "parent_uri", "parent_acct", "card")
"""What an edit never changes."""
MOST_TOLD = 50
MOST_RECIPIENTS = 200
"""More recipients than this, and nobody is told of it."""
FIRST_NUMBERED = 1_577_836_800
"""Seconds since 1970 of 2020: numbers of notifications count from there."""
MOST_ADDRESSED = 1_000
LONGEST_DISPLAY_NAME = 200


class Gone(Unreadable):
    """It was deleted, here or where it belongs, and does not come back."""


# Accounts.


def learn_account(found: ForeignAccount | Mapping[str, Any]) -> Account:
    """The account of an actor: stored if it is new, else brought up to date.

    Raises Unreadable, Gone, and `NameTaken` if another account has the name (`release_name`).
    """
    foreign = found if isinstance(found, ForeignAccount) else read_account(found)
    if foreign.domain.casefold() in (settings.host.casefold(), settings.hostname.casefold()):
        raise Unreadable("a name of this server")
    return retried(lambda: _learn_account(foreign))


def _learn_account(foreign: ForeignAccount) -> Account:
    host = addresses.host_of(foreign.uri) or ""
    known = store.look_up(foreign.uri, foreign.nickname, host)
    if known.claim is not None:
        return _refreshed(known.account, foreign, known.claim)
    if known.name_owner is not None:
        raise store.NameTaken(known.name_owner)
    account = Account(new_flake(), accounts.PROFILE, host=host, foreign_uri=foreign.uri, nickname=foreign.nickname,
                      **_values_of(foreign, {}))
    _name(account, foreign.nickname)
    index.index_account(account)
    store.enter(account, _key(foreign), is_host_met=known.is_host_met)
    base = addresses.base_of(foreign.uri)
    if nodeinfo.is_wanted(base):
        events.tell(HostMet(base, account.shared_inbox or account.inbox or ""))
    return account


def _name(account: Account, nickname: str) -> None:
    account.nickname, account.nickname_lower = nickname, nickname.casefold()


def _refreshed(account: Account | None, foreign: ForeignAccount, claim: Claim) -> Account:
    """The account with what the document says now. Its name stays: it was proved when the account was new."""
    if account is None or account.deleted or claim.gone:
        raise Gone("the account is gone")
    values = _values_of(foreign, account.profile)
    if values["display_lower"] != account.display_lower:
        index.reindex_account(account, store.renamed(account, values["display_lower"]))
    return store.refresh(account, values, _key(foreign))


def _key(foreign: ForeignAccount) -> store.ForeignKey | None:
    return store.ForeignKey(foreign.key.id, foreign.key.pem) if foreign.key is not None else None


def _values_of(foreign: ForeignAccount, before: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of the profile, as the document gives them. `before`: the document of the profile until now."""
    host = addresses.host_of(foreign.uri)
    doc = {
        "display_name": foreign.display_name, "note_html": foreign.note_html,
        "avatar": None if host_policies.covers(host_policies.AVATAR_REMOVAL, host) else foreign.avatar,
        "header": None if host_policies.covers(host_policies.BANNER_REMOVAL, host) else foreign.header,
        "fields": [[name, html, html] for name, html in foreign.fields],
        "emojis": dict(foreign.emojis), "discoverable": foreign.discoverable,
        "also_known_as": list(foreign.also_known_as), "moved_to": foreign.moved_to, "published": foreign.published,
        "url": foreign.url, "followers": foreign.followers, "following": foreign.following, "outbox": foreign.outbox,
        "featured": foreign.featured, "remote": before.get("remote"), "moved": _moved(foreign, before),
        "moved_at": before.get("moved_at"),
    }
    kept = {name: value for name, value in doc.items() if value} | {
        "accepts_chat_messages": foreign.accepts_chat_messages}
    if foreign.published is not None and foreign.published > time.time():
        del kept["published"]
    if documents.size(kept) > documents.LARGEST_PROFILE:
        raise Unreadable("too large a profile")
    return {
        "actor_type": foreign.actor_type, "locked": foreign.locked, "inbox": foreign.inbox,
        "shared_inbox": foreign.shared_inbox, "seen": int(time.time()), "failures": None,
        "missing_since": None, "doc": kept,
        "display_lower": foreign.display_name.casefold()[:LONGEST_DISPLAY_NAME],
    }


def _moved(foreign: ForeignAccount, before: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Where the account is known to have gone, unless it does not say so any more. Some servers never say so."""
    moved: Mapping[str, Any] | None = before.get("moved")
    if moved is None or (foreign.moved_to is None and not before.get("moved_to")):
        return moved
    return moved if foreign.moved_to == moved["uri"] else None


def release_name(owner_id: str) -> None:
    """Let go of the name of an account that is gone at its server, so that another one there can have it."""
    owner = accounts.find(owner_id)
    if owner is not None and owner.host is not None:
        store.give_up_name(owner, f"{owner.id}.{owner.nickname}")


def find_uris(uris: Iterable[str]) -> dict[str, Claim]:
    """What is known under these uris of other servers, in one round. The claim's `kind` and `id` tell what it is."""
    return naming.find_claims(each for each in uris if addresses.is_foreign(each, fragment=True))


# Statuses.


def learn_status(foreign: ForeignStatus, author: Account, *, placed: bool, owner_id: str | None = None) -> Status:
    """The status of an object, stored if it is new. A second time changes nothing.

    `owner_id`: whose inbox it came to; they count as addressed. Raises Unreadable, and Gone if it was deleted.
    """
    if foreign.author != author.foreign_uri:
        raise Unreadable("written by another")
    return retried(lambda: _learn_status(foreign, author, placed, owner_id))


def _learn_status(foreign: ForeignStatus, author: Account, placed: bool, owner_id: str | None) -> Status:
    named = _look_up(foreign)
    if named.known is not None:
        return _known(named.known)
    if owner_id is not None:
        named = replace(named, ids={**named.ids, "": owner_id}, own=named.own | {owner_id})
    around = naming.gather(named, author.id)
    try:
        return _publish(foreign, author, named, around, placed)
    except ParentGone:
        return _publish(foreign, author, named, replace(around, parent=None), placed)
    except KnownAlready:
        claim = find_uris([foreign.uri]).get(foreign.uri)
        if claim is None:
            raise
        return _known(claim)


def _known(claim: Claim) -> Status:
    status = statuses.find(claim.id) if claim.kind == store.STATUS else None
    if status is None:
        raise Gone("the status is gone")
    return status


def _look_up(foreign: ForeignStatus) -> NamedByUri:
    people = list(dict.fromkeys([*(each.address for each in foreign.mentions), *foreign.addressed]))
    own = {each: name for each in people if (name := addresses.account_in(each)) is not None}
    parent = foreign.parent
    own_parent = addresses.object_in(parent) if parent is not None else None
    strangers = [each for each in people if addresses.is_foreign(each)]
    return naming.look_up(
        foreign.uri, people=strangers, own_people=own, own_parent=own_parent,
        parent=parent if parent is not None and addresses.is_foreign(parent) else None)


def _publish(foreign: ForeignStatus, author: Account, named: NamedByUri, around: Around, placed: bool) -> Status:
    parent = _parent_for(author, around)
    foreign, visibility = _judged(foreign, author, foreign.visibility(author.profile.get("followers")))
    addressed = _addressed(foreign, named, around)
    if len(foreign.addressed) > MOST_RECIPIENTS:
        visibility = delisted(visibility)
    placed = placed and not dating.is_late(foreign.published)
    id = dating.flake(foreign.published, placed=placed, after=str(parent.id) if parent is not None else None)
    status = Status(
        id, account_id=author.id, host=author.host, foreign_uri=foreign.uri, visibility=visibility,
        thread=_thread(id, foreign, parent), to=addressed or None, sensitive=foreign.sensitive,
        fetched=None if placed else True, poll_counts=list(foreign.poll.counts) if foreign.poll else None,
        voters_count=foreign.poll.voters if foreign.poll else None, ttl=None if named.own else dating.end(parent),
        doc=_document(foreign, named, around, parent, shows_all=is_direct(visibility)),
    )
    if documents.size(status.content) > documents.LARGEST_STATUS:
        raise Unreadable("too large")
    if parent is not None:
        _hang_on(status, parent, around)
    status.stems = index.stems_of(status)
    claim = Claim(uri_claim(foreign.uri).hash, id=id, kind=store.STATUS, by=author.id, ttl=status.ttl)
    happened: list[Event] = [] if status.ttl is not None else [*keeping.kept(parent)]
    if placed:
        happened.append(StatusPosted(status.id, author.id, None))
    publication = replace(_publication(foreign, status, author, named, around, claim), jobs=events.owed(*happened))
    posting.publish(publication)
    events.tell(*happened, *events.told(publication.notices_at_once if placed else ()))
    return status


def _judged(foreign: ForeignStatus, author: Account, visibility: str) -> tuple[ForeignStatus, str]:
    """What the policies leave of a status, and whom it is for then."""
    allowed = policies.judged(author, Proposal(visibility, bool(foreign.attachments), foreign.sensitive))
    return replace(
        foreign, sensitive=allowed.sensitive, attachments=foreign.attachments if allowed.has_media else (),
        tags=list(dict.fromkeys([*foreign.tags, *allowed.tags]))), allowed.visibility


def relearn_status(foreign: ForeignStatus, status: Status, author: Account) -> bool:
    """Let a status be as its server says now. Visibility, date and what it answers never change.

    False if what is here is newer.
    """
    known: Status | None = status
    return retried_from(known, lambda found: found is not None and _relearn_status(foreign, found, author),
                        lambda: statuses.find(status.id))


def _relearn_status(foreign: ForeignStatus, status: Status, author: Account) -> bool:
    edited_at = status.content.get("edited_at")
    if edited_at is not None and foreign.updated is not None and foreign.updated < edited_at:
        return False
    foreign, _ = _judged(foreign, author, status.visibility)
    named = _look_up(foreign)
    around = naming.gather(named, author.id)
    before = status.content
    told = _document(foreign, named, around, None, shows_all=is_direct(status.visibility))
    doc = {name: value for name, value in told.items() if name not in KEPT}
    doc |= {name: before[name] for name in KEPT if name in before}
    if "poll" in doc and "poll" in before:
        doc["poll"] = _next_edition(doc["poll"], before["poll"])
    if documents.size(doc) > documents.LARGEST_STATUS:
        raise Unreadable("too large")
    to = list(dict.fromkeys([*status.addressed, *_addressed(foreign, named, around)]))[:MOST_ADDRESSED]
    mentioned = {each[0] for each in doc.get("mentions", ())} - {each[0] for each in before.get("mentions", ())}
    new = [around.addressees[id] for id in to if id in mentioned and id in around.addressees]
    notices = _notices_of_edit(status, author, new) if len(foreign.addressed) <= MOST_RECIPIENTS else []
    written = edits.edit(status, edits.Edit(
        doc, sensitive=foreign.sensitive, poll_counts=list(foreign.poll.counts) if foreign.poll else None,
        voters_count=foreign.poll.voters if foreign.poll else None, to=to, notices=notices))
    if written:
        events.tell(*events.told(notices))
    if named.own:  # a run that dies here is followed by another one, which finds nothing to edit
        events.tell(*keeping.kept_first(status))
    return written


def _notices_of_edit(status: Status, author: Account, new: Sequence[Addressee]) -> list[Notice]:
    """For those whom an edited status mentions, and did not mention before. They are of the moment of the edit."""
    cause = new_flake()
    notices = [making.notice("mention", each, by=author, cause=cause, status=status) for each in new[:MOST_TOLD]]
    return [each for each in notices if each is not None]


def _next_edition(poll: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The poll with the number of its edition. Other options void the votes that people here have cast."""
    same = (poll["options"], poll["multiple"]) == (before["options"], before["multiple"])
    edition = int(before.get("edition", 0)) + (0 if same else 1)
    return {**poll, "edition": edition} if edition else poll


def _parent_for(author: Account, around: Around) -> Status | None:
    """The parent, if the author may see it. Else the status is no reply, and nobody is told of one."""
    parent = around.parent
    if parent is None or parent.reblog_of:
        return None
    eyes = Viewer(author, accounts.ViewerSet.blank(author.id, accounts.VIEWER_SET))
    return parent if may_see(parent, eyes, around.to_parent, around.on_lists) else None


def _addressed(foreign: ForeignStatus, named: NamedByUri, around: Around) -> list[str]:
    """The ids of the accounts that it is for, as far as they are known here."""
    wanted = [named.ids[uri] for uri in [*foreign.addressed, ""] if uri in named.ids]
    return [id for id in dict.fromkeys(wanted) if id in around.people][:MOST_ADDRESSED]


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


def _document(foreign: ForeignStatus, named: NamedByUri, around: Around, parent: Status | None, *, shows_all: bool,
              ) -> dict[str, Any]:
    """What the status keeps to be shown, and to be answered: the uris that are not known here.

    `shows_all`: everybody whom it addresses is shown as mentioned, as in direct statuses of our own.
    """
    people = {uri: around.people[id] for uri, id in named.ids.items() if id in around.people}
    shown = [*(each.address for each in foreign.mentions), *(foreign.addressed if shows_all else ())]
    mentioned = {uri: people[uri] for uri in shown if uri in people}
    unknown = [uri for uri in dict.fromkeys([*foreign.addressed, *(each.address for each in foreign.mentions)])
               if uri not in people and addresses.is_foreign(uri)]
    plain = foreign.plain
    doc = {
        "text": foreign.source if foreign.source and foreign.source != plain else None, "html": foreign.html,
        "plain": plain, "spoiler": foreign.spoiler, "tags": list(foreign.tags), "emojis": dict(foreign.emojis),
        "mentions": [[each.id, each.acct, each.url] for each in mentioned.values()],
        "attachments": [dict(each) for each in foreign.attachments],
        "poll": foreign.poll.document if foreign.poll else None, "published": foreign.published,
        "edited_at": foreign.edited, "url": foreign.url if foreign.url != foreign.uri else None,
        "context": foreign.context, "to_uris": unknown[:MOST_ADDRESSED], "quote_uri": foreign.quote,
        "parent_uri": foreign.parent if parent is None else None, "language": foreign.language,
        "card_link": foreign.card_link, "kind": foreign.kind if foreign.kind != "Note" else None,
    }
    return {name: value for name, value in doc.items() if value}


def _hang_on(status: Status, parent: Status, around: Around) -> None:
    status.parent_id, status.parent_account_id, status.parent_visibility = (
        parent.id, parent.account_id, parent.visibility)
    status.parent_to = parent.addressed[:10] or None
    author = around.people.get(parent.account_id)
    if author is not None and author.id not in {each[0] for each in status.content.get("mentions", ())}:
        status.content["parent_acct"] = author.acct


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


