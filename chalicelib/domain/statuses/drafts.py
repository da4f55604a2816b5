"""Drafts: what somebody typed, and the status that is made of it.

A *draft* is what the author asked for. Its *context* is what was found for it: the author, the parent, and the people
who may be addressed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...ids import new_flake
from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.statuses.addressing import Addressee, NamedPeople
from ...store.statuses.statuses import Status
from ...store.statuses.visibilities import DIRECT, LOCAL, PUBLIC, list_in
from .. import text
from ..emoji import custom
from ..media import uploads as media
from ..quotes import permissions, quoting
from ..refusals import Unacceptable
from ..viewer import Viewer
from ..visibility import is_direct, is_for_everybody, narrowed
from . import polls
from .polls import NewPoll


@dataclass(frozen=True)
class Draft:
    """What a client may say of a new status. The fields are spelt as the parameters in the document."""

    status: str = ""
    spoiler_text: str = ""
    content_type: str = "text/plain"
    visibility: str | None = None
    sensitive: bool | None = None
    """None: as its author's statuses are that say nothing of it."""
    in_reply_to_id: str | None = None
    in_reply_to_conversation_id: str | None = None
    to: Sequence[str] | None = None
    preview: bool = False
    poll: NewPoll | None = None
    expires_in: int | None = None
    media_ids: Sequence[str] = ()
    quoted_status_id: str | None = None
    quote_approval_policy: str | None = None
    language: str | None = None
    allowed_mentions: Sequence[str] | None = None
    """The ids of all whom the text may name. None: it may name anybody."""
    local_only: bool = False


@dataclass(frozen=True)
class DraftContext:
    """What was found for a draft. `named`: what it names. `people`: those of them who exist, without the author."""

    by: Viewer
    named: NamedPeople
    parent: Status | None
    people: Mapping[str, Addressee]
    quoted: Status | None = None

    def account(self, id: str) -> Account | None:
        """The author's account, or that of one of the people."""
        if id == self.by.id:
            return self.by.account
        return self.people[id].account if id in self.people else None


@dataclass(frozen=True)
class Written:
    """The text as HTML and so on, and the accounts that it links to, by the names in the text."""

    formatted: text.Formatted
    linked: Mapping[str, Account]


def visibility_of(draft: Draft, context: DraftContext) -> str:
    """The visibility asked for, else that of the parent. A status of a conversation is direct.

    What may be seen by everybody, and is not for other servers, is local.
    """
    asked = _visibility_asked_for(draft, context)
    return LOCAL if draft.local_only and is_for_everybody(asked) else asked


def _visibility_asked_for(draft: Draft, context: DraftContext) -> str:
    if context.named.participation is not None:
        return DIRECT
    parent, asked = context.parent, draft.visibility
    if asked is not None:
        if parent is not None and is_direct(parent.visibility) and not is_direct(asked):
            raise Unacceptable("The message visibility must be direct")
        return asked
    if parent is None:
        return PUBLIC if context.quoted is None else narrowed(PUBLIC, context.quoted)
    return parent.visibility if list_in(parent.visibility) is None else DIRECT


class UnexpectedMentions(Unacceptable):
    """The text names `accounts`, which it may not."""

    default = "Post would be sent to unexpected accounts"

    def __init__(self, accounts: Sequence[Account]) -> None:
        super().__init__()
        self.accounts = accounts


def demand_allowed(draft: Draft, linked: Mapping[str, Account], by: Viewer) -> None:
    """Raises UnexpectedMentions if the text names somebody whom its author did not expect."""
    if draft.allowed_mentions is not None:
        expected = {*draft.allowed_mentions, by.id}
        unexpected = {str(account.id): account for account in linked.values() if account.id not in expected}
        if unexpected:
            raise UnexpectedMentions(list(unexpected.values()))


def write(draft: Draft, linked: Mapping[str, Account], tags: Sequence[str] = ()) -> Written:
    """The text as clients show it, with links to these accounts. `tags`: hashtags that it gets besides its own."""
    cards = {name: text.Mentioned(each.id, each.acct, each.username, each.url) for name, each in linked.items()}
    formatted = text.format_status(draft.status, draft.content_type, people=cards, base_url=settings.base_url)
    return Written(replace(formatted, tags=list(dict.fromkeys([*formatted.tags, *tags]))), linked)


def status_of(draft: Draft, context: DraftContext, visibility: str, written: Written,
              addressed: Sequence[str]) -> Status:
    """The status, not stored yet. `addressed`: the ids of those whom it is for."""
    parent = context.parent
    id = new_flake(after=max((each.id for each in (parent, context.quoted) if each is not None), default=None))
    shown = _shown_mentions(context, {} if draft.to is not None else written.linked, addressed)
    doc = document_of(draft, context.named, written, [mention_of(each) for each in shown.values()])
    doc["to_uris"] = context.named.uris if is_direct(visibility) else None
    doc["context"] = parent.content.get("context") if parent is not None else None
    status = Status(
        id, account_id=context.by.id, visibility=visibility, thread=_thread(id, context), to=list(addressed) or None,
        sensitive=bool(draft.sensitive) or "nsfw" in written.formatted.tags,
        doc={name: value for name, value in doc.items() if value},
        poll_counts=[0] * len(draft.poll.options) if draft.poll else None,
        expires=int(time.time()) + draft.expires_in if draft.expires_in is not None else None,
    )
    status.quote_policy = permissions.policy_for(visibility, draft.quote_approval_policy, context.by.account)
    if context.quoted is not None:
        quoting.attach(status, context.quoted)
    if parent is not None:
        _hang_on(status, parent, None if parent.account_id in shown else context.account(parent.account_id))
    return status


def _thread(id: str, context: DraftContext) -> str:
    if context.named.participation is not None:
        return str(context.named.participation.thread)
    return str(context.parent.thread) if context.parent is not None else id


def _shown_mentions(context: DraftContext, linked: Mapping[str, Account], addressed: Sequence[str],
                    ) -> dict[str, Account]:
    """Whom clients show as mentioned, by id: first whom the text links to, then the others whom it is for.

    A client that says whom the status is for (`to`) means nobody else, whomever the text names.
    """
    shown = {str(account.id): account for account in linked.values()}
    return shown | {id: context.people[id].account for id in addressed}


def mention_of(account: Account) -> list[str]:
    """What a status keeps of somebody whom it mentions. Of people elsewhere it keeps the page too."""
    return [account.id, account.acct, *([account.url] if account.host is not None else [])]


def document_of(draft: Draft, named: NamedPeople, written: Written, mentions: list[list[str]]) -> dict[str, Any]:
    """What follows from a draft, in a status' document."""
    plain = written.formatted.plain
    return {
        "text": draft.status if draft.status != plain else None,
        "content_type": draft.content_type if draft.content_type in text.RICH else None,
        "html": written.formatted.html, "plain": plain,
        "spoiler": draft.spoiler_text, "mentions": mentions, "tags": written.formatted.tags,
        "emojis": custom.find_in(draft.status, draft.spoiler_text, *(draft.poll.options if draft.poll else ())),
        "poll": polls.document(draft.poll) if draft.poll else None, "attachments": media.attached(named.uploads),
        "language": draft.language, "chosen": draft.to is not None or None,
    }


def _hang_on(status: Status, parent: Status, author: Account | None) -> None:
    """Store what a reply must show of its parent. `author`: the parent's, unless the mentions tell who that is."""
    status.parent_id, status.parent_account_id, status.parent_visibility = (
        parent.id, parent.account_id, parent.visibility)
    status.parent_to = parent.addressed[:10] or None
    if author is not None:
        status.content["parent_acct"] = author.acct
    if parent.foreign_uri is not None:
        status.content["answers"] = parent.foreign_uri
