"""Config: the settings that administrators may change while the server runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from ... import entities
from ...domain.frontends import installing
from ...domain.frontends.installing import PRIMARY, ChosenFrontend
from ...domain.instance import config
from ...domain.instance.config import Change
from ...domain.staff.acting import acting
from ...domain.viewer import Viewer
from ...entities.instance.config import render_config, render_descriptions, render_whole_config
from ...web.auth import admin
from ...web.endpoint import endpoint
from ...web.kinds import ParameterFault
from ...web.params import Flag, InvalidParameters, StrictFlag


@dataclass
class ConfigChange:
    """One entry to change, as it is sent."""

    group: str
    key: str
    value: Annotated[Any, "A list of `{\"tuple\": [\":name\", value]}`."] = None
    delete: Annotated[StrictFlag, "Drop the entry, or what `subkeys` names of it."] = False
    subkeys: list[str] | None = None

    @property
    def change(self) -> Change:
        return Change(self.group, self.key, self.value, self.delete, self.subkeys)


@endpoint("GET", "/api/pleroma/admin/config", auth=admin("admin:read"))
def show(only_db: Annotated[Flag, "Only what administrators have set."] = False) -> entities.Config:
    """The settings that may be changed while the server runs, with their values. 400 if none may on this server."""
    if only_db:
        return render_config(config.list_overrides(), with_db=False)
    return render_whole_config(config.list_entries(), installing.get_primary())


@endpoint("POST", "/api/pleroma/admin/config", auth=admin("admin:write"))
def change(viewer: Viewer | None, configs: list[ConfigChange]) -> entities.Config:
    """Change settings, all of these or none. What is no setting of this kind is passed over.

    `:frontends` with a `:primary` of `name` and `ref` chooses the frontend that answers browsers.
    """
    changes = [each.change for each in configs]
    primary = config.primary_in(changes)
    if primary is not None:
        installing.demand(ChosenFrontend(*primary))
    try:
        changed = config.change(changes)
    except config.NotOfTheirTypes as wrong:
        raise InvalidParameters([ParameterFault(path, message) for path, message in wrong.faults]) from wrong
    if primary is not None:
        installing.choose(PRIMARY, *primary, acting(viewer))
    return render_config(changed)


@endpoint("GET", "/api/pleroma/admin/config/descriptions", auth=admin("admin:read"))
def describe() -> list[entities.DescribedConfig]:
    """What the settings that may be changed are called and mean, for a form."""
    return render_descriptions()
