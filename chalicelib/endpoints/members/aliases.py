"""The page of aliases: other accounts of the same person, which may move to this one."""

from __future__ import annotations

from collections.abc import Sequence

from ...domain.accounts import moving
from ...domain.viewer import Viewer
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field, FormFault, FormReply, Telling, answered
from ...web.replies import Html
from . import account_html, account_page

PAGE = "/account/aliases"


@endpoint("GET", "/account/aliases", auth=session_of("write:accounts"))
def aliases_page(viewer: Viewer, done: Field) -> Html:
    """The viewer's aliases, and the form for another."""
    return account_page("aliases", viewer, done=done, aliases=moving.list_aliases(viewer.account), alias="")


@endpoint("POST", "/account/aliases", auth=session_of("write:accounts"))
def add_alias(viewer: Viewer, alias: Field) -> FormReply:
    """Name an account as the viewer's, so that it may move here."""
    return answered(lambda: moving.add_alias(viewer, alias or ""), lambda faults: _again(viewer, alias, faults),
                    f"{PAGE}?done=aliases", Telling(blames="alias"))


@endpoint("POST", "/account/aliases/remove", auth=session_of("write:accounts"))
def remove_alias(viewer: Viewer, alias: Field) -> FormReply:
    """Do not name an account as the viewer's any more."""
    return answered(lambda: moving.remove_alias(viewer, alias or ""), lambda faults: _again(viewer, "", faults),
                    f"{PAGE}?done=aliases")


def _again(viewer: Viewer, typed: str | None, faults: Sequence[FormFault]) -> str:
    return account_html("aliases", viewer, faults=faults, aliases=moving.list_aliases(viewer.account), alias=typed)
