"""Exports: what people take along to another server, as CSV. (`account/exports.py` is for browsers.)"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from ... import entities
from ...domain.backups import exports
from ...domain.backups.exports import Export, get
from ...domain.refusals import NotFound
from ...domain.signing_in.signing_in import Caller
from ...domain.viewer import Viewer
from ...entities.backups.export_stats import render_export_stats
from ...entities.backups.exports import render_export
from ...web.auth import check_scopes, signed_in
from ...web.endpoint import endpoint
from ...web.replies import As, Reply
from ...web.request import Request

CSV = "text/csv"
ENDING = ".csv"
Name = Annotated[str, "`following`, `followers`, `mutes`, `blocks`, `blocked_domains`, `lists` or `bookmarks`, with "
                      "`.csv`. `following_accounts`, `muted_accounts` and `blocked_accounts` are other names."]
MaxId = Annotated[str | None, "The rows after this one, as Link says. One reply has at most 20,000."]
CsvReply = Annotated[Reply[str], As(kinds=(CSV,))]


@endpoint("GET", "/api/v1/exports/{name}", refuses=(404,), auth=signed_in(
    "read:follows", "read:blocks", "read:mutes", "read:lists", "read:bookmarks"))
def show(viewer: Viewer, caller: Caller, request: Request, name: Name, max_id: MaxId = None) -> CsvReply:
    """An export, with the scope that its subject has: `read:follows` for who follows whom, and so on."""
    export = named(name)
    check_scopes(signed_in(f"read:{export.subject}"), caller)
    return csv_reply(export, viewer, request, name, max_id)


@endpoint("GET", "/api/v1/exports/stats", auth=signed_in("read:accounts"))
def stats(viewer: Viewer) -> entities.ExportStats:
    """How much there is to take along."""
    return render_export_stats(exports.count(viewer))


def named(name: str) -> Export:
    """The export of a file. Raises NotFound."""
    if not name.endswith(ENDING):
        raise NotFound
    return get(name.removesuffix(ENDING))


def csv_reply(export: Export, viewer: Viewer, request: Request, name: str, max_id: str | None) -> CsvReply:
    """A part of an export, and the way to the next."""
    table = export.read(viewer, exports.cursor(max_id))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if table.continues is not None:
        headers["Link"] = f'<{request.url}?max_id={quote(table.continues)}>; rel="next"'
    return Reply(render_export(table), 200, headers, content_type=f"{CSV}; charset=utf-8")
