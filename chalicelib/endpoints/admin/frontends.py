"""Frontends, for administrators: which there are, installing one from a zip, choosing one, removing one."""

from __future__ import annotations

import io
from typing import Annotated

from ... import entities
from ...domain.frontends import installing
from ...domain.frontends.installing import ADMIN, COULD_NOT, PRIMARY
from ...domain.refusals import BadRequest
from ...domain.staff.acting import acting
from ...domain.viewer import Viewer
from ...entities.frontends.frontend import render_frontends
from ...web.auth import admin
from ...web.body import SentFile
from ...web.endpoint import endpoint

READ, WRITE = admin("admin:read:frontends"), admin("admin:write:frontends")
Ignored = Annotated[str | None, "Ignored."]
Ref = Annotated[str | None, "The version."]
Zip = Annotated[str | SentFile | None, "A zip with `index.html` at its top, or in the one folder at its top."]


@endpoint("GET", "/api/pleroma/admin/frontends", auth=READ)
def show_all() -> list[entities.Frontend]:
    """The frontends that are installed, and those that the settings name."""
    return render_frontends(installing.list_all())


@endpoint("POST", "/api/pleroma/admin/frontends/install", auth=WRITE)
def install(viewer: Viewer | None, name: str, ref: Ref = None, file: Zip = None, build_url: Ignored = None,
            build_dir: Ignored = None) -> list[entities.Frontend]:
    """Install a frontend from a zip. A file already on the server, or an address, is refused: nothing is fetched."""
    if not isinstance(file, SentFile):
        raise BadRequest(COULD_NOT)
    installing.install(name, ref, io.BytesIO(file.data), acting(viewer))
    return render_frontends(installing.list_all())


@endpoint("PUT", "/api/pleroma/admin/frontends/primary", auth=WRITE, refuses=(404,))
def choose_primary(viewer: Viewer | None, name: str | None = None, ref: Ref = None) -> list[entities.Frontend]:
    """Let a version answer browsers, within a minute everywhere. Without a name: this server's own pages again."""
    installing.choose(PRIMARY, name, ref, acting(viewer))
    return render_frontends(installing.list_all())


@endpoint("PUT", "/api/pleroma/admin/frontends/admin", auth=WRITE, refuses=(404,))
def choose_admin(viewer: Viewer | None, name: str | None = None, ref: Ref = None) -> list[entities.Frontend]:
    """Let a version answer below /pleroma/admin. Without a name: none."""
    installing.choose(ADMIN, name, ref, acting(viewer))
    return render_frontends(installing.list_all())


@endpoint("DELETE", "/api/pleroma/admin/frontends/{name}", auth=WRITE, refuses=(404,))
def remove(viewer: Viewer | None, name: str, ref: Ref = None) -> list[entities.Frontend]:
    """Remove a version, or all of them. One that is chosen stays."""
    installing.remove(name, ref, acting(viewer))
    return render_frontends(installing.list_all())
