"""Packs of emoji: listed, shown, downloaded, created, described, deleted, and brought from elsewhere."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from ... import entities
from ...domain.emoji import changing, folder_import, packs, sharing
from ...domain.refusals import BadRequest
from ...entities.emoji.pack import render_pack, render_packs
from ...settings import settings
from ...web.auth import admin, public, refuse_forged
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ...web.kinds import StrictBoolean, Text
from ...web.params import Named
from ...web.replies import Redirect, Reply
from ...web.request import Request
from ...web.shapes import Open
from ..media.media import bytes_of

Name = Annotated[str, "The pack's name."]
Url = Annotated[str, "The address of the other server."]
FILES = 30
TEXTS = ("license", "homepage", "description", "fallback-src", "fallback-src-sha256")
METADATA = Open({**{name: Text() for name in TEXTS}, "share-files": StrictBoolean()})


@endpoint("GET", "/api/pleroma/emoji/packs", auth=public())
def listed(page: int = 1, page_size: int = 50) -> entities.EmojiPacks:
    """A page of packs by name, each with all its files."""
    return render_packs(*packs.list_page(page, page_size))


@endpoint("GET", "/api/pleroma/emoji/pack", auth=public(), refuses=(404,))
def show(name: Name, page: int = 1, page_size: int = FILES) -> entities.EmojiPack:
    """A pack with a page of its files by shortcode."""
    return render_pack(packs.show(name, page, page_size))


@endpoint("GET", "/api/pleroma/emoji/packs/{name}", auth=public(), refuses=(404,))
def show_whole(name: Name, page: int | None = None, page_size: int | None = None) -> entities.EmojiPack:
    """A pack with all its files, or with a page of them if one is asked for."""
    if page_size is not None and page is None:
        page = 1
    return render_pack(packs.show(name, page, FILES if page_size is None else page_size))


@endpoint("POST", "/api/pleroma/emoji/packs/{name}", auth=admin("admin:write"), refuses=(500,))
@endpoint("POST", "/api/pleroma/emoji/pack", auth=admin("admin:write"), refuses=(500,))
def create(name: Name) -> str:
    """Make an empty pack."""
    changing.create_pack(name)
    return "ok"


@endpoint("PATCH", "/api/pleroma/emoji/packs/{name}", auth=admin("admin:write"), refuses=(404, 500))
@endpoint("PATCH", "/api/pleroma/emoji/pack", auth=admin("admin:write"), refuses=(404, 500))
def describe(name: Name, metadata: Annotated[dict[str, Any], METADATA, "All that is known of the pack from now on."],
             ) -> dict[str, Any]:
    """Replace what is known of a pack. A new `fallback-src` is fetched; it must be a zip with every file."""
    return changing.describe_pack(name, metadata)


@endpoint("DELETE", "/api/pleroma/emoji/packs/{name}", auth=admin("admin:write"), refuses=(404, 500))
@endpoint("DELETE", "/api/pleroma/emoji/pack", auth=admin("admin:write"), refuses=(404, 500))
def delete(name: Name) -> str:
    """Delete a pack with everything in it."""
    changing.delete_pack(name)
    return "ok"


@endpoint("GET", "/api/pleroma/emoji/packs/{name}/archive", auth=public(), refuses=(403, 404))
@endpoint("GET", "/api/pleroma/emoji/packs/archive", auth=public(), refuses=(403, 404))
def archive(name: Name) -> Redirect:
    """The zip of a shared pack: a redirect to where it is stored."""
    return Redirect(f"{settings.base_url}/{quote(packs.get_archive(name))}")


@endpoint("GET", "/api/pleroma/emoji/packs/import", auth=admin("admin:write"), refuses=(500,))
def import_all(request: Request) -> list[str]:
    """Make packs of those folders in the bucket that are no packs yet. The reply names the new packs."""
    refuse_forged(request)
    return folder_import.import_all()


@endpoint("GET", "/api/pleroma/emoji/packs/remote", auth=admin("admin:write"), refuses=(500,))
def remote(url: Url, page: int = 1, page_size: int = 50) -> Reply[Any]:
    """A page of another server's packs, as it lists them."""
    return Reply(sharing.remote(url, page, page_size), content_type="application/json")


@endpoint("POST", "/api/pleroma/emoji/packs/download", auth=admin("admin:write"), refuses=(500,))
def download(url: Url, name: Annotated[str, "The pack's name there."],
             local_name: Annotated[str | None, Named("as"), "Its name here, if that is another one."] = None) -> str:
    """Bring a pack of another server here. It replaces a pack of ours that has the same name."""
    sharing.download(url, name, local_name)
    return "ok"


@endpoint("POST", "/api/pleroma/emoji/packs/download_zip", auth=admin("admin:write"), refuses=(500,))
def download_zip(name: Annotated[str, "What the pack will be called."],
                 file: Annotated[str | SentFile | None, "The zip."] = None,
                 url: Annotated[str | None, "Where the zip is, if none is sent."] = None) -> str:
    """Make a pack of a zip: as its `pack.json` says, or else of every picture in it."""
    if file is None and not url:
        raise BadRequest("Neither file nor url was present in the request")
    sharing.unpack(name, None if file is None else bytes_of(file), url)
    return "ok"
