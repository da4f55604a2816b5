"""What becomes of a composition: a draft like that of any client. It is posted, or looked at before.

If its author turns out to be signed out, it is kept until they have signed in again.
"""

from __future__ import annotations

from dataclasses import replace

from ....settings import settings
from ....store import ephemeral
from ....store.mail.letters import DoneBefore
from ....store.signing_in.tokens import random_token
from ....store.statuses.statuses import Status
from ....store.statuses.surroundings import Surroundings
from ...media import uploads
from ...media.uploads import MediaChange
from ...viewer import Viewer
from .. import polls, posting
from ..drafts import Draft
from ..edits import making
from ..edits.making import EditedDraft
from .compositions import Composition

KEPT, KEPT_SECONDS = "d", 3600
LONGEST_KEPT, LONGEST_KEPT_OPTION = 20_000, 1_000
"""What is longer could not be posted anyway."""


def check_poll(written: Composition) -> None:
    """Raises Unacceptable if its poll cannot be asked. An edit that leaves the end as it is, is checked by itself."""
    poll = written.poll
    if poll is not None and poll.expires_in is not None:
        polls.check(poll)


def preview(written: Composition, by: Viewer) -> tuple[Status, Surroundings]:
    """The status as it will look. Nothing is stored."""
    return posting.post(replace(_draft(written), preview=True), by)


def publish(written: Composition, by: Viewer) -> str | None:
    """Post it, or edit the status that it is about. Answers the status' id; None: it was posted before."""
    _describe(written, by)
    if written.edit:
        status, _ = making.edit(written.edit, _edited(written), by)
        return str(status.id)
    try:
        status, _ = posting.post(_draft(written), by, once=f"web#{by.id}#{written.key}")
    except DoneBefore:
        return None
    return str(status.id)


def _describe(written: Composition, by: Viewer) -> None:
    """Uploads that the form has shown before may be described otherwise now."""
    known = {upload.id: upload for upload in uploads.own([each.id for each in written.media], by)}
    for each in written.media:
        if each.id in known and (known[each.id].description or "") != each.description:
            uploads.describe(MediaChange(each.id, each.description), by)


def _draft(written: Composition) -> Draft:
    return Draft(
        status=written.text, spoiler_text=written.spoiler, content_type=written.content_type,
        visibility=written.visibility, sensitive=written.sensitive, media_ids=[each.id for each in written.media],
        poll=written.poll, in_reply_to_id=written.reply or None, language=written.language or None,
        in_reply_to_conversation_id=written.conversation or None)


def _edited(written: Composition) -> EditedDraft:
    return EditedDraft(
        status=written.text, spoiler_text=written.spoiler, sensitive=written.sensitive,
        language=written.language or None, content_type=written.content_type,
        media_ids=[each.id for each in written.media], poll=written.poll)


# What was typed by somebody who is signed out.


def keep(written: Composition) -> str:
    """Keep it for an hour, without its media: nobody knows whose they are. Answers the secret by which it is found."""
    secret = random_token()
    options = [each[:LONGEST_KEPT_OPTION] for each in written.poll_options[:settings.poll_max_options]]
    texts = {name: value[:LONGEST_KEPT] for name, value in vars(written).items() if isinstance(value, str)}
    ephemeral.keep(KEPT, secret, vars(written) | texts | {"media": [], "poll_options": options}, KEPT_SECONDS)
    return secret


def find_kept(secret: str) -> Composition | None:
    doc = ephemeral.look(KEPT, secret)
    return None if doc is None else Composition(**doc)
