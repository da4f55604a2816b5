"""What administrators see and change of statuses, whoever wrote them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from ... import entities
from ...domain.paging import Numbered
from ...domain.staff import purging, statuses
from ...domain.staff.acting import acting
from ...domain.staff.statuses import StatusPage, StatusWishes
from ...domain.viewer import Viewer
from ...entities.staff.admin_status import render_admin_statuses
from ...entities.statuses.status import render_status
from ...web.auth import admin
from ...web.endpoint import endpoint
from ...web.kinds import PageNumber
from ...web.params import AnyId, Flag, Flat, StrictFlag

USUAL, MOST = 20, 40
SIZE = "How many statuses a page has, at most forty."
GODMODE = "Statuses of every visibility, not only public and unlisted ones."


@dataclass(frozen=True)
class WantedStatuses:
    local_only: Annotated[StrictFlag, "Only statuses of this server."] = False
    godmode: Annotated[StrictFlag, GODMODE] = False
    with_reblogs: StrictFlag = False
    page: Annotated[int, PageNumber()] = 1
    page_size: Annotated[int, SIZE, PageNumber()] = USUAL


@dataclass(frozen=True)
class WantedStatusesLoosely:
    """The same where the document has no schema: what is no number from 1 is the default."""

    godmode: Annotated[Flag, GODMODE] = False
    with_reblogs: Flag = False
    page: Annotated[int, PageNumber(1)] = 1
    page_size: Annotated[int, SIZE, PageNumber(USUAL)] = USUAL


def _numbered(wanted: WantedStatuses | WantedStatusesLoosely) -> Numbered:
    return Numbered(wanted.page, min(wanted.page_size, MOST))


def _wishes(wanted: WantedStatuses | WantedStatusesLoosely) -> StatusWishes:
    return StatusWishes(godmode=wanted.godmode, with_reblogs=wanted.with_reblogs)


def _shown(page: StatusPage) -> list[entities.AdminStatus]:
    return render_admin_statuses(page.statuses, page.around, page.secrets)


@endpoint("GET", "/api/pleroma/admin/statuses", auth=admin("admin:read:statuses"))
def list_all(wanted: Flat[WantedStatuses]) -> list[entities.AdminStatus]:
    """Statuses of all authors, newest first."""
    wishes = replace(_wishes(wanted), local_only=wanted.local_only)
    return _shown(statuses.list_all(_numbered(wanted), wishes))


@endpoint("GET", "/api/pleroma/admin/instances/{instance}/statuses", auth=admin("admin:read:statuses"))
def list_of_instance(instance: str, wanted: Flat[WantedStatusesLoosely]) -> list[entities.AdminStatus]:
    """Statuses of the authors of one server, newest first. Of an unknown one there are none."""
    return _shown(statuses.list_of_instance(instance, _numbered(wanted), _wishes(wanted)))


@endpoint("DELETE", "/api/pleroma/admin/instances/{instance}",
          auth=admin("admin:write:accounts"), refuses=(404,))
def purge(viewer: Viewer | None, instance: str) -> str:
    """Let everything be deleted that is stored here of another server's accounts. A job does it."""
    purging.purge(instance, acting(viewer))
    return instance


@endpoint("GET", "/api/pleroma/admin/users/{nickname}/statuses", auth=admin("admin:read:statuses"), refuses=(404,))
def list_by(nickname: str, wanted: Flat[WantedStatusesLoosely]) -> list[entities.AdminStatus]:
    """Statuses of one account, newest first."""
    return _shown(statuses.list_by(nickname, _numbered(wanted), _wishes(wanted)))


@endpoint("GET", "/api/pleroma/admin/statuses/{id}", auth=admin("admin:read:statuses"))
def show(id: AnyId) -> entities.AdminStatus:
    """One status, whoever may see it."""
    return _shown(statuses.get(id))[0]


@endpoint("PUT", "/api/pleroma/admin/statuses/{id}", auth=admin("admin:write:statuses"))
def change(viewer: Viewer | None, id: AnyId, sensitive: StrictFlag | None = None,
           visibility: Annotated[Literal["public", "unlisted", "private", "direct", "local", "list"] | None,
                                 "`direct`, `local` and `list` only where the status has it already."] = None,
           ) -> entities.Status:
    """Change whether a status is sensitive, and whom it is for."""
    status, around = statuses.update(id, viewer, sensitive=sensitive, wanted=visibility)
    return render_status(status, None, around)


@endpoint("DELETE", "/api/pleroma/admin/statuses/{id}", auth=admin("admin:write:statuses"))
def delete(viewer: Viewer | None, id: AnyId) -> entities.Nothing:
    """Delete a status, with all that follows from it."""
    statuses.delete(id, viewer)
    return {}
