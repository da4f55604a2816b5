"""Exports: what people take along to another server, as CSV. An app gets it by its token, a browser by the session."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from ...domain.backups import exports
from ...domain.backups.exports import Export, get
from ...domain.refusals import NotFound
from ...domain.signing_in.signing_in import Caller
from ...domain.viewer import Viewer
from ...entities.backups.exports import render_export
from ...web.auth import check_scopes, optional, sent_session, signed_in
from ...web.endpoint import endpoint
from ...web.replies import As, Redirect, Reply
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
    export = _named(name)
    check_scopes(signed_in(f"read:{export.subject}"), caller)
    return _csv(export, viewer, request, name, max_id)


@endpoint("GET", "/account/export/{name}", refuses=(404,), auth=optional(open=True))
def download(viewer: Viewer | None, request: Request, name: Name, max_id: MaxId = None) -> CsvReply | Redirect:
    """The same for a browser, by its session and by nothing else. Without one it is led to where people sign in."""
    export = _named(name)
    if viewer is None or sent_session(request) != request.token:
        return Redirect("/account/sign-in?" + urlencode({"next": f"/account/export/{name}"}))
    return _csv(export, viewer, request, name, max_id)


def _named(name: str) -> Export:
    if not name.endswith(ENDING):
        raise NotFound
    return get(name.removesuffix(ENDING))


def _csv(export: Export, viewer: Viewer, request: Request, name: str, max_id: str | None) -> CsvReply:
    table = export.read(viewer, exports.cursor(max_id))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if table.continues is not None:
        headers["Link"] = f'<{request.url}?max_id={quote(table.continues)}>; rel="next"'
    return Reply(render_export(table), 200, headers, content_type=f"{CSV}; charset=utf-8")
