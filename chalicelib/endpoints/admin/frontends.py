"""Frontends, for administrators: which there are. None can be installed here, since they are deployed by themselves."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.frontends import configurations as frontends
from ...entities.frontends.frontend import render_frontend
from ...web.auth import admin
from ...web.endpoint import endpoint

Ignored = Annotated[str | None, "Ignored."]


@endpoint("GET", "/api/pleroma/admin/frontends", auth=admin("admin:read"))
def show_all() -> list[entities.Frontend]:
    """The frontends that the settings name."""
    return [render_frontend(each) for each in frontends.list_available()]


@endpoint("POST", "/api/pleroma/admin/frontends/install", auth=admin("admin:write"))
def install(name: str, ref: Ignored = None, file: Ignored = None, build_url: Ignored = None,
            build_dir: Ignored = None) -> list[entities.Frontend]:
    """Install a frontend: always 400, since frontends are deployed apart from the API. Nothing is opened or fetched."""
    frontends.install()
