"""The files of a pack: added, renamed, removed. Each answers with all that the pack has then."""

from __future__ import annotations

from typing import Annotated

from ...domain.emoji import files
from ...web.auth import admin
from ...web.body import Upload
from ...web.endpoint import endpoint
from ...web.params import StrictFlag

Name = Annotated[str, "The pack's name."]
Shortcode = Annotated[str, "An emoji of the pack."]
Paths = dict[str, str]


@endpoint("POST", "/api/pleroma/emoji/packs/{name}/files", auth=admin("admin:write"))
@endpoint("POST", "/api/pleroma/emoji/packs/files", auth=admin("admin:write"))
def add(name: Name, file: Annotated[str | Upload, "A picture, a zip of pictures, or the address of either."],
        shortcode: Annotated[str | None, "The name of the file without its extension, if absent."] = None,
        filename: Annotated[str | None, "As the file is called, if absent."] = None) -> Paths:
    """Add an emoji to a pack, or all that a zip holds."""
    pack = files.check_pack(name)
    if isinstance(file, Upload):
        data, kind, own_name = file.data, file.content_type, file.filename
    else:
        data, kind, own_name = files.linked(file)
    if kind == files.ZIP:
        return dict(files.add_zip(pack, data))
    return dict(files.add(pack, data, own_name if filename is None else filename, shortcode))


@endpoint("PATCH", "/api/pleroma/emoji/packs/{name}/files", auth=admin("admin:write"))
@endpoint("PATCH", "/api/pleroma/emoji/packs/files", auth=admin("admin:write"))
def change(name: Name, shortcode: Shortcode, new_shortcode: str, new_filename: str,
           force: Annotated[StrictFlag, "Take the name of an emoji that has it already."] = False) -> Paths:
    """Call an emoji otherwise, and move its file."""
    pack = files.check_pack(name)
    return dict(files.rename(pack, shortcode, new_shortcode, new_filename, force=force))


@endpoint("DELETE", "/api/pleroma/emoji/packs/{name}/files", auth=admin("admin:write"))
@endpoint("DELETE", "/api/pleroma/emoji/packs/files", auth=admin("admin:write"))
def remove(name: Name, shortcode: Shortcode) -> Paths:
    """Take an emoji out of a pack."""
    return dict(files.remove(files.check_pack(name), shortcode))
