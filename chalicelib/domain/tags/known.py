"""What is known of hashtags: how often each is used, and whether the viewer follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...store.dynamo.keys import Key
from ...store.tags import follows, uses
from ...store.tags.uses import Uses
from ..refusals import NotFound
from ..text.hashtags import SIGNS, fold, fold_tag, is_tag
from ..viewer import Viewer

FEATURED = "featured_tags"
"""What the document of a profile calls the featured tags: pairs of an id and a name."""


@dataclass(frozen=True)
class KnownTag:
    """A hashtag. `following`, `featuring`: whether the viewer follows or features it; None: nobody is signed in."""

    name: str
    uses: Uses | None = None
    following: bool | None = None
    featuring: bool | None = None


def ahead(viewer_id: str, *, name: str, **_: str) -> list[Key]:
    """What a request about one tag reads first."""
    tag = _folded(name)
    return [follows.follow_key(viewer_id, tag), uses.uses_key(uses.of_tag(tag))] if tag else []


def checked(name: str) -> str:
    """The one form of all spellings of a tag. Raises NotFound for what is none."""
    tag = _folded(name)
    if tag is None:
        raise NotFound
    return tag


def _folded(name: str) -> str | None:
    typed = fold(name.lstrip(SIGNS))
    tag = fold_tag(typed)
    return tag if tag == typed and is_tag(tag) else None


def get(name: str, viewer: Viewer | None) -> KnownTag:
    return load([checked(name)], viewer)[0]


def load(names: Sequence[str], viewer: Viewer | None) -> list[KnownTag]:
    """Tags with what is known of them, in one round. Nobody need have used them."""
    counted, followed = follows.load(viewer.id if viewer else None, names)
    if viewer is None:
        return [KnownTag(name, counted.get(uses.of_tag(name))) for name in names]
    featured = featured_names(viewer)
    return [KnownTag(name, counted.get(uses.of_tag(name)), name in followed, name in featured) for name in names]


def featured_names(viewer: Viewer) -> set[str]:
    """The tags that the viewer features. They are in the profile, so nothing is read."""
    return {name for _, name in viewer.account.profile.get(FEATURED) or ()}
