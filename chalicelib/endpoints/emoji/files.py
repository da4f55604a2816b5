"""The files of a pack: added, renamed, removed. Each reply holds all emoji that the pack has then."""

from __future__ import annotations

from typing import Annotated

from ...domain.emoji import changing
from ...web.auth import admin
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ...web.params import StrictFlag

Name = Annotated[str, "The pack's name."]
Shortcode = Annotated[str, "An emoji of the pack."]
Paths = dict[str, str]


@endpoint("POST", "/api/pleroma/emoji/packs/{name}/files", auth=admin("admin:write"), refuses=(404, 500))
@endpoint("POST", "/api/pleroma/emoji/packs/files", auth=admin("admin:write"), refuses=(404, 500))
def add(name: Name, file: Annotated[str | SentFile, "A picture, a zip of pictures, or the address of either."],
        shortcode: Annotated[str | None, "If absent: the name of the file without its extension."] = None,
        filename: Annotated[str | None, "If absent: the name of the file as it was sent."] = None) -> Paths:
    """Add an emoji to a pack, or all that a zip holds."""
    pack = changing.check_pack(name)
    if isinstance(file, SentFile):
        data, kind, own_name = file.data, file.content_type, file.filename
    else:
        data, kind, own_name = changing.fetch_linked(file)
    return dict(changing.add(pack, data, kind, own_name if filename is None else filename, shortcode))


@endpoint("PATCH", "/api/pleroma/emoji/packs/{name}/files", auth=admin("admin:write"), refuses=(404, 500))
@endpoint("PATCH", "/api/pleroma/emoji/packs/files", auth=admin("admin:write"), refuses=(404, 500))
def change(name: Name, shortcode: Shortcode, new_shortcode: str, new_filename: str,
           force: Annotated[StrictFlag, "Take the shortcode from another emoji that has it."] = False) -> Paths:
    """Give an emoji another shortcode, and move its file."""
    pack = changing.check_pack(name)
    return dict(changing.rename_file(pack, shortcode, new_shortcode, new_filename, force=force))


@endpoint("DELETE", "/api/pleroma/emoji/packs/{name}/files", auth=admin("admin:write"), refuses=(404, 500))
@endpoint("DELETE", "/api/pleroma/emoji/packs/files", auth=admin("admin:write"), refuses=(404, 500))
def remove(name: Name, shortcode: Shortcode) -> Paths:
    """Take an emoji out of a pack."""
    return dict(changing.remove_file(changing.check_pack(name), shortcode))
