"""The page for lists that are brought from elsewhere, how far they are, and what could not be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from ...domain.refusals import TooLarge
from ...domain.relationships.importing import imports
from ...domain.relationships.importing.brought import Kind
from ...domain.viewer import Viewer
from ...entities.backups.exports import render_export
from ...entities.relationships.imports import render_imports
from ...web.auth import session_of
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ...web.forms import Field, FormFault, FormReply, Telling, Unfilled, answered
from ...web.params import Flat, Loose
from ...web.replies import Html, Reply
from ..backups.exports import CSV, CsvReply
from . import account_html, account_page

FAILED = "failed_names"

LARGEST = 4_000_000
"""Bytes of a list."""
TOO_LARGE = "The list is larger than 4 MB. Cut it into several."
NOTHING = "Choose a file, or write names into the field."
NO_KIND = "Say what the list is of."
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class ImportForm:
    kind: Field
    file: Loose[SentFile]
    list: Field

    @property
    def brought(self) -> str | bytes:
        """The list. Raises Unfilled if there is none, TooLarge."""
        sent = self.file.data if self.file is not None else self.list or ""
        if not sent.strip():
            raise Unfilled("list", NOTHING)
        if len(sent) > LARGEST:
            raise TooLarge(TOO_LARGE)
        return sent


@endpoint("GET", "/account/import", auth=session_of("follow", "write"))
def import_page(viewer: Viewer, done: Field) -> Html:
    """The form for a list, and the viewer's latest imports."""
    return account_page("import", viewer, done=done, imports=_shown(viewer), kind="following", list="")


@endpoint("POST", "/account/import", auth=session_of("follow", "write"))
def begin_import(viewer: Viewer, form: Flat[ImportForm]) -> FormReply:
    """Do for every name of a list what its kind says. Jobs do it."""
    def begin() -> None:
        kind = next((kind for kind in KINDS if kind == form.kind), None)
        if kind is None:
            raise Unfilled("kind", NO_KIND)
        imports.start(form.brought, kind, by=viewer)

    def again(faults: Sequence[FormFault]) -> str:
        return account_html("import", viewer, faults=faults, imports=_shown(viewer), kind=form.kind, list=form.list)

    return answered(begin, again, "/account/import?done=import", Telling(blames="list"))


@endpoint("GET", "/account/import/{id}/failed", auth=session_of("follow", "write"), refuses=(404,))
def failed_names(viewer: Viewer, id: str) -> CsvReply:
    """The names of an import of which nothing became, with the reasons: as a file that may be brought again."""
    headers = {"Content-Disposition": f'attachment; filename="{FAILED}.csv"'}
    return Reply(render_export(imports.failed_as_table(id, viewer)), 200, headers,
                 content_type=f"{CSV}; charset=utf-8")


def _shown(viewer: Viewer) -> list[dict[str, Any]]:
    """The viewer's latest imports, each with its state. One that `runs` is not done."""
    return [{**each, **_state(each["done"] + each["skipped"], each["total"])}
            for each in render_imports(*imports.list_of(viewer))]


def _state(done: int, total: int) -> dict[str, Any]:
    return {"runs": done < total, "state": "done" if done >= total else "running" if done else "waiting"}
