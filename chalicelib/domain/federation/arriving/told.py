"""What an object of another server tells, with the ids of those here whom it names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ....store.accounts.accounts import Account
from ....store.accounts.claims import Claim
from ....store.federation import naming
from ....store.federation.naming import Around, NamedByUri, NamedStatuses
from ....store.statuses.statuses import Status
from ... import policies
from ...policies import Proposal
from .. import addresses
from ..reading.status import ForeignStatus

MOST_TOLD = 50
MOST_RECIPIENTS = 200
"""More recipients than this, and nobody is told of it."""
MOST_ADDRESSED = 1_000


def find_uris(uris: Iterable[str]) -> dict[str, Claim]:
    """What is known under these uris of other servers, in one round. The claim's `kind` and `id` tell what it is."""
    return naming.find_claims(each for each in uris if addresses.is_foreign(each, fragment=True))


def look_up(foreign: ForeignStatus) -> NamedByUri:
    people = list(dict.fromkeys([*(each.address for each in foreign.mentions), *foreign.addressed]))
    own = {each: name for each in people if (name := addresses.account_in(each)) is not None}
    own_parent, own_quoted = (addresses.object_in(uri or "") for uri in (foreign.parent, foreign.quote))
    parent, quoted = (uri if uri and addresses.is_foreign(uri) else None for uri in (foreign.parent, foreign.quote))
    strangers = [each for each in people
                 if addresses.is_foreign(each) and not addresses.is_followers_of(each, foreign.author)]
    return naming.look_up(
        foreign.uri, people=strangers, own_people=own,
        named=NamedStatuses(parent, own_parent, quoted, own_quoted))


def judged(foreign: ForeignStatus, author: Account, visibility: str) -> tuple[ForeignStatus, str]:
    """What the policies leave of a status, and whom it is for then."""
    allowed = policies.judged(author, Proposal(visibility, bool(foreign.attachments), foreign.sensitive))
    return replace(
        foreign, sensitive=allowed.sensitive, attachments=foreign.attachments if allowed.has_media else (),
        tags=list(dict.fromkeys([*foreign.tags, *allowed.tags]))), allowed.visibility


def addressed_here(foreign: ForeignStatus, named: NamedByUri, around: Around) -> list[str]:
    """The ids of the accounts that it is for, as far as they are known here."""
    wanted = [named.ids[uri] for uri in [*foreign.addressed, ""] if uri in named.ids]
    return [id for id in dict.fromkeys(wanted) if id in around.people][:MOST_ADDRESSED]


def document_of(foreign: ForeignStatus, named: NamedByUri, around: Around, parent: Status | None, *, shows_all: bool,
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
