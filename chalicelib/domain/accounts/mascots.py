"""Mascots: the picture that frontends show to an account beside its timelines."""

from __future__ import annotations

from typing import Any

from ...settings import settings
from ...store.accounts import mascots
from ...store.media.uploads import Upload
from ..media import uploads
from ..media.uploads import MediaChange
from ..refusals import Unsupported
from ..viewer import Viewer

DEFAULT = "/images/pleroma-fox-tan-smol.png"


def get(viewer: Viewer) -> dict[str, Any]:
    """What the last `put` stored, in the form of `media.attached`. An id alone stands for the instance's own mascot."""
    return mascots.find(viewer.id) or {"id": "default-mascot", "url": settings.base_url + DEFAULT, "mime": "image/png"}


def put(data: bytes, viewer: Viewer) -> Upload:
    """Store a picture as the viewer's mascot. Raises Unsupported if the bytes are no picture."""
    if not uploads.kind_of(data)[0].startswith("image/"):
        raise Unsupported("mascots can only be images")
    upload = uploads.add(data, MediaChange(), viewer)
    mascots.keep(viewer.id, uploads.attached([upload])[0])
    return upload
