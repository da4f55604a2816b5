"""An account's pictures, each changed by itself: for older clients."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.accounts import profiles
from ...domain.media.pictures import NotAnImage, from_data_uri
from ...domain.refusals import BadRequest
from ...domain.viewer import Viewer
from ...entities.accounts.picture import render_picture
from ...web.auth import signed_in
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ...web.params import Loose

Image = Annotated[Loose[str | SentFile], "A file, or data:image/(jpeg|png|gif);base64,…; empty: the default."]


@endpoint("PATCH", "/api/v1/pleroma/accounts/update_avatar", auth=signed_in("write:accounts"))
def update_avatar(viewer: Viewer, img: Image = None) -> entities.Picture:
    """Change the avatar, or go back to the default."""
    return render_picture(profiles.set_picture(viewer, "avatar", _bytes(img)).account, "avatar")


@endpoint("PATCH", "/api/v1/pleroma/accounts/update_banner", auth=signed_in("write:accounts"))
def update_banner(viewer: Viewer, banner: Image = None) -> entities.Picture:
    """Change the banner above the profile, or go back to the default."""
    return render_picture(profiles.set_picture(viewer, "header", _bytes(banner)).account, "header")


@endpoint("PATCH", "/api/v1/pleroma/accounts/update_background", auth=signed_in("write:accounts"))
def update_background(viewer: Viewer, img: Image = None) -> entities.Picture:
    """Change or remove the background. Frontends show it only to the account itself."""
    return render_picture(profiles.set_picture(viewer, "background", _bytes(img)).account, "background")


def _bytes(sent: str | SentFile | None) -> bytes | None:
    """The picture, or None for the default. Raises BadRequest if it is no picture, or was not sent."""
    if isinstance(sent, SentFile):
        return sent.data
    if sent == "":
        return None
    try:
        return from_data_uri(sent or "")
    except NotAnImage:
        raise BadRequest(profiles.INVALID_IMAGE) from None
