"""Compositions: all that a form says of a new status, or of an edit of one; and how each kind of form begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ....store.signing_in.tokens import random_token
from ....store.statuses.statuses import Status
from ....store.statuses.surroundings import Surroundings
from ....store.statuses.visibilities import DIRECT, PUBLIC
from ... import visibility
from ...refusals import Forbidden
from ...viewer import Viewer
from ..edits import reading as versions
from ..polls import NewPoll

MOST_FILES, FEWEST_OPTIONS = 4, 2
DAY = 86_400


@dataclass(frozen=True)
class ComposedMedia:
    """An upload of the author's that the status shall show."""

    id: str
    description: str = ""


@dataclass(frozen=True)
class Composition:
    """`reply`, `edit`: ids of statuses. `conversation`: the author's entry. `key`: the same whenever the same form is
    sent again. `poll_end`: in seconds; None: the end of the poll that is edited stays.
    """

    text: str = ""
    spoiler: str = ""
    visibility: str = PUBLIC
    content_type: str = "text/plain"
    language: str = ""
    sensitive: bool = False
    media: Sequence[ComposedMedia] = ()
    poll_options: Sequence[str] = ()
    poll_multiple: bool = False
    poll_end: int | None = DAY
    reply: str = ""
    edit: str = ""
    conversation: str = ""
    key: str = field(default_factory=random_token)

    @property
    def poll(self) -> NewPoll | None:
        options = [each for each in self.poll_options if each.strip()]
        return NewPoll(options, self.poll_end, self.poll_multiple) if options else None



def with_emoji(written: Composition, shortcode: str) -> Composition:
    """With a custom emoji at the end of the text, apart from what stands before it."""
    gap = " " if written.text and not written.text[-1].isspace() else ""
    return replace(written, text=f"{written.text}{gap}:{shortcode}: ")


def without_the_lost(written: Composition) -> Composition:
    """What was written, about nothing in particular: what it was about is gone. Its readers do not grow by that."""
    was_in_conversation = written.conversation and not written.reply and not written.edit
    return replace(written, reply="", edit="", conversation="", poll_end=written.poll_end or DAY, key=random_token(),
                   visibility=DIRECT if was_in_conversation else written.visibility)


def begin(by: Viewer, text: str = "") -> Composition:
    """A new status, as its author has them usually."""
    usual = by.account.profile
    return Composition(text=text, visibility=usual.get("default_scope") or PUBLIC, language=usual.get("language") or "",
                       sensitive=bool(usual.get("default_sensitive")))


def begin_reply(status_id: str, by: Viewer) -> tuple[Composition, Status, Surroundings]:
    """A reply, and what it answers. It names whom that is of and whom it names, and is for nobody else than that is."""
    parent, around = visibility.readable(status_id, by)
    parent = around.statuses.get(parent.reblog_of or "", parent)
    author = around.accounts[parent.account_id]
    named = [(parent.account_id, author.acct), *((each[0], each[1]) for each in parent.content.get("mentions", ()))]
    people = dict.fromkeys(f"@{acct}" for id, acct in named if id != by.id)
    begun = begin(by, " ".join([*people, ""]))
    return replace(begun, reply=parent.id, spoiler=parent.content.get("spoiler", ""),
                   visibility=visibility.no_wider(begun.visibility, parent.visibility)), parent, around


def begin_in_conversation(conversation: str, by: Viewer) -> Composition:
    """The next status of a conversation."""
    return replace(begin(by), conversation=conversation, visibility=DIRECT)


def begin_edit(status_id: str, by: Viewer) -> Composition:
    """A status of one's own as it was typed."""
    status = versions.get_source(status_id, by)
    if status.account_id != by.id:
        raise Forbidden
    content = status.content
    poll = content.get("poll") or {}
    return Composition(
        text=status.source, spoiler=content.get("spoiler", ""), visibility=visibility.for_clients(status.visibility),
        content_type=status.content_type, language=content.get("language") or "", sensitive=bool(status.sensitive),
        media=[ComposedMedia(each["id"], each.get("description") or "") for each in content.get("attachments", ())],
        poll_options=list(poll.get("options", ())), poll_multiple=bool(poll.get("multiple")),
        poll_end=None if poll else DAY, edit=status.id)
