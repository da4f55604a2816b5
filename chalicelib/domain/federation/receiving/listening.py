"""What accounts elsewhere listen to. It is kept for a while, and only of accounts that somebody here follows."""

from __future__ import annotations

from ....store.accounts.accounts import Account
from ....store.federation import received
from ...statuses import scrobbles
from ...statuses.scrobbles import Listening
from ...visibility import is_direct
from ..reading import values
from .activity import Activity, Dropped


def listen(activity: Activity, by: Account) -> None:
    """Note what the account listens to. A second time changes nothing."""
    audio = activity.object
    title = values.text(audio.get("title")) if audio is not None else ""
    if audio is None or values.kind(audio, ("Audio",)) is None or not title:
        raise Dropped("no music")
    if not by.followers_count:
        raise Dropped("concerns nobody here")
    heard = Listening(title, values.text(audio.get("artist")), values.text(audio.get("album")),
                      values.number(audio.get("length")), _visibility(activity, by),
                      values.text(audio.get("externalLink")))
    if is_direct(heard.visibility):
        raise Dropped("for nobody here")
    scrobbles.add_from_afar(received.id_for(activity.name), heard, by)


def _visibility(activity: Activity, by: Account) -> str:
    parts = (activity.document, activity.object or {})
    said = [{each for part in parts for each in values.ids_of(part.get(name))} for name in ("to", "cc")]
    for each, visibility in zip(said, ("public", "unlisted"), strict=True):
        if values.PUBLIC & each:
            return visibility
    return "private" if by.profile.get("followers") in said[0] | said[1] else "direct"
