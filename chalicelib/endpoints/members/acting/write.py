"""The page to write on: new statuses, replies and edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from .... import entities, pages
from ....domain.emoji import custom
from ....domain.media import uploads
from ....domain.media.uploads import MediaChange
from ....domain.refusals import NotFound
from ....domain.statuses.writing import compositions, publishing
from ....domain.statuses.writing.compositions import ComposedMedia, Composition
from ....domain.timelines import conversations
from ....domain.viewer import Viewer
from ....entities.emoji.emoji import render_entries
from ....entities.media.attachment import render_upload
from ....entities.statuses.status import render_status
from ....settings import settings
from ....web.auth import session_of
from ....web.body import SentFile
from ....web.endpoint import endpoint
from ....web.forms import Field, FormFault, Ticked
from ....web.pages import reading_page
from ....web.params import Flat, Loose
from ....web.replies import Html
from .. import by_field
from . import Back

PAGE = "/account/write"
SLOTS = tuple(str(number) for number in range(compositions.MOST_FILES))
MORE_OPTIONS = 2
MOST_EMOJI = 48
LONGEST_KEY = 100
LONGEST_END = 10
ENDS = [(3_600, "1 hour"), (6 * 3_600, "6 hours"), (86_400, "1 day"), (3 * 86_400, "3 days"), (7 * 86_400, "7 days")]


@dataclass(frozen=True)
class WritingForm:
    """What a browser sends. Files, uploads that are there already, and what is said of them, have numbers."""

    text: Field
    spoiler: Field
    visibility: Field
    content_type: Field
    language: Field
    sensitive: Ticked
    file: Loose[dict[str, SentFile]]
    media: Annotated[Loose[dict[str, str]], "Uploads that were sent with the form before."]
    description: Loose[dict[str, str]]
    remove: Annotated[Loose[dict[str, str]], "Numbers of uploads to leave out."]
    poll_option: Loose[list[str]]
    poll_multiple: Ticked
    poll_end: Field
    reply: Field
    edit: Field
    conversation: Field
    key: Annotated[Field, "The same whenever the same form is sent again: then it posts once."]
    preview: Ticked
    more: Annotated[Ticked, "Show fields for more options."]
    emoji: Annotated[Field, "The shortcode of a custom emoji to put at the end of the text."]
    emoji_query: Annotated[Field, "A part of the shortcodes of the custom emoji to choose from."]
    emoji_find: Annotated[Ticked, "Show those."]
    back: Back

    @property
    def composition(self) -> Composition:
        """All but files that are not uploaded yet."""
        end = self.poll_end or ""
        described, removed = self.description or {}, self.remove or {}
        media = [ComposedMedia(id, described.get(slot, "")) for slot, id in sorted((self.media or {}).items())
                 if slot not in removed]
        written = Composition(
            text=self.text or "", spoiler=self.spoiler or "", visibility=self.visibility or "public",
            content_type=self.content_type or "text/plain", language=(self.language or "").strip(),
            sensitive=bool(self.sensitive), media=media[:compositions.MOST_FILES],
            poll_options=(self.poll_option or [])[:settings.poll_max_options], poll_multiple=bool(self.poll_multiple),
            poll_end=int(end) if end.isascii() and end.isdigit() and len(end) < LONGEST_END else None,
            reply=self.reply or "", edit=self.edit or "", conversation=self.conversation or "")
        return replace(written, key=self.key) if self.key and len(self.key) <= LONGEST_KEY else written

    @property
    def new_files(self) -> Iterator[tuple[str, SentFile, str]]:
        """Number, file and description of each file, as far as there is room for them."""
        room = compositions.MOST_FILES - len(self.composition.media)
        for slot, file in sorted((self.file or {}).items())[:max(room, 0)]:
            yield slot, file, (self.description or {}).get(slot, "")


@dataclass(frozen=True)
class Beginning:
    """What the page is asked to begin with."""

    reply: Annotated[Field, "A status to reply to."]
    edit: Annotated[Field, "A status of one's own to edit."]
    conversation: Annotated[Field, "A conversation to go on with."]
    kept: Annotated[Field, "What was typed before signing in."]
    text: Annotated[Field, "A text to begin with, as other apps share it."]
    url: Annotated[Field, "An address after it."]


@endpoint("GET", "/account/write", auth=session_of("write"), refuses=(404,))
def write_page(viewer: Viewer, begin: Flat[Beginning]) -> Html:
    """The form to write with: empty, or for a reply, an edit, or the next status of a conversation."""
    if begin.kept:
        written = publishing.find_kept(begin.kept)
        if written is None:
            raise NotFound
        return writing_page(viewer, written)
    if begin.reply:
        written, parent, around = compositions.begin_reply(begin.reply, viewer)
        return writing_page(viewer, written, ShownWith(answered=render_status(parent, viewer, around)))
    if begin.edit:
        return writing_page(viewer, compositions.begin_edit(begin.edit, viewer))
    if begin.conversation:
        conversations.get(begin.conversation, viewer)
        return writing_page(viewer, compositions.begin_in_conversation(begin.conversation, viewer))
    return writing_page(viewer, compositions.begin(viewer, "\n".join(each for each in (begin.text, begin.url) if each)))


@dataclass(frozen=True)
class ShownWith:
    """What the page shows besides the form. `answered`: the status that is replied to. `looks`: the status as it will
    look. `more`: more options than are filled in. `emoji_query`: which custom emoji to choose from; None: the first,
    out of sight. `back`: where to go on after posting.
    """

    answered: entities.Status | None = None
    looks: entities.Status | None = None
    more: bool = False
    emoji_query: str | None = None
    back: str = ""
    faults: Sequence[FormFault] = ()


def writing_page(viewer: Viewer, written: Composition, around: ShownWith = ShownWith(), status: int = 200) -> Html:
    return writing_reply(writing_html(viewer, written, around), status)


def writing_reply(html: str, status: int = 200) -> Html:
    """The page loads a few lines of script, without which it works."""
    return reading_page(html, status, scripted=True)


def writing_html(viewer: Viewer, written: Composition, around: ShownWith) -> str:
    """The page with the form."""
    options = [*written.poll_options]
    wanted = max(len(options) + (MORE_OPTIONS if around.more else 0), compositions.FEWEST_OPTIONS)
    options += [""] * (min(wanted, settings.poll_max_options) - len(options))
    return pages.rendered("acting/write.html", visit=pages.visit_of(viewer, PAGE), written=written,
                          shown=_shown_media(viewer, written),
                          options=options, faults=by_field(around.faults), around=around, ends=ENDS, slots=SLOTS,
                          emoji=render_entries(custom.list_matching(around.emoji_query or "", MOST_EMOJI)))


def _shown_media(viewer: Viewer, written: Composition) -> list[dict[str, Any]]:
    """The uploads that are there already, each with its file as an entity."""
    known = {upload.id: upload for upload in uploads.own([each.id for each in written.media], viewer)}
    return [{"id": each.id, "description": each.description, "file": render_upload(known[each.id])}
            for each in written.media if each.id in known]


def upload(viewer: Viewer, file: SentFile, description: str) -> ComposedMedia:
    """Keep a file that came with the form. Raises what the domain refuses."""
    kept = uploads.add(file.data, MediaChange(description=description or None), viewer)
    return ComposedMedia(kept.id, description)
