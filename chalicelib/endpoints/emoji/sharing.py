"""Packs that come from elsewhere: from another server, or from folders of the bucket."""

from __future__ import annotations

from typing import Annotated, Any

from ...domain.emoji import folder_import, sharing
from ...web.auth import admin, refuse_forged
from ...web.endpoint import endpoint
from ...web.params import Named
from ...web.replies import Reply
from ...web.request import Request

Url = Annotated[str, "The address of the other server."]


@endpoint("GET", "/api/pleroma/emoji/packs/import", auth=admin("admin:write"))
def import_all(request: Request) -> list[str]:
    """Make packs of the folders of the bucket that are none yet; the names of those that were made."""
    refuse_forged(request)
    return folder_import.import_all()


@endpoint("GET", "/api/pleroma/emoji/packs/remote", auth=admin("admin:write"))
def remote(url: Url, page: int = 1, page_size: int = 50) -> Reply[Any]:
    """A page of another server's packs, as it tells them."""
    return Reply(sharing.remote(url, page, page_size), content_type="application/json")


@endpoint("POST", "/api/pleroma/emoji/packs/download", auth=admin("admin:write"))
def download(url: Url, name: Annotated[str, "The pack's name there."],
             local_name: Annotated[str | None, Named("as"), "Its name here, if another."] = None) -> str:
    """Bring a pack of another server here, in the place of any that has its name."""
    sharing.download(url, name, local_name)
    return "ok"
