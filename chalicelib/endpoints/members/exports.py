"""The page of exports, and the files that it leads to."""

from __future__ import annotations

from ...domain.viewer import Viewer
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.replies import Html
from ...web.request import Request
from ..backups.exports import CsvReply, MaxId, Name, csv_reply, named
from . import account_page


@endpoint("GET", "/account/export", auth=session_of("read"))
def export_page(viewer: Viewer) -> Html:
    """Where the viewer's lists are, as files to take along."""
    account, hides = viewer.account, viewer.hides
    return account_page("export", viewer, files=[
        ("following_accounts", "Whom you follow", int(account.following_count)),
        ("followers", "Who follows you", int(account.followers_count)),
        ("muted_accounts", "Whom you mute", len(hides.muted)),
        ("blocked_accounts", "Whom you block", len(hides.blocked)),
        ("blocked_domains", "Servers that you block", None),
        ("lists", "Your lists", None),
        ("bookmarks", "Your bookmarks", None),
    ])


@endpoint("GET", "/account/export/{name}", auth=session_of("read"), refuses=(404,))
def download(viewer: Viewer, request: Request, name: Name, max_id: MaxId = None) -> CsvReply:
    """An export, for a browser."""
    return csv_reply(named(name), viewer, request, name, max_id)
