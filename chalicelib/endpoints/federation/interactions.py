"""Interactions between servers: the page for people of this server whom another one sent home, and for clients the way
home of visitors (`ostatus.py` has the page of that). Every fault of a page is a page with words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from ... import entities
from ...domain.refusals import Forbidden, NotFound, Refusal, Throttled
from ...domain.relationships import interactions
from ...domain.relationships.interactions import Sought
from ...domain.signing_in import for_one_act
from ...domain.signing_in.oauth import MfaRequired
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_account
from ...entities.statuses.status import render_status
from ...pages import interactions as pages
from ...web import limits
from ...web.auth import is_forged, optional, public
from ...web.endpoint import endpoint
from ...web.errors import status_of
from ...web.limits import AP_ROUTES, AUTHENTICATION, RELATIONS_ACTIONS
from ...web.pages import private_page
from ...web.params import Flat, Loose
from ...web.replies import As, Html
from ...web.request import Request

TOO_MANY = "Too many attempts. Wait for a while."
NOT_HERE = "This leads to nobody and to nothing that can be shown to you."
REFUSED = "This account cannot be followed by you."
THEMSELVES, FOLLOWED, ASKED = "This is you.", "You follow this account.", "You have asked to follow this account."
INTERACTION = AP_ROUTES.per("interaction")
SIGNED_IN = optional("follow", "write:follows", open=True)
Page = Annotated[Html, As(400, 401, 403, 404, 422, 429)]


@dataclass(frozen=True)
class InteractionForm:
    """What the page is asked with. `uri` and `acct` are the same; the rest is what its form sends."""

    uri: Annotated[Loose[str], "Address, `acct:` or name of an account or a status."]
    acct: Loose[str]
    authorization: Annotated[Loose[dict[str, Any]], "name, password"]
    mfa: Annotated[Loose[dict[str, Any]], "mfa_token, code"]

    @property
    def meant(self) -> str:
        return (self.uri or self.acct or "").strip()

    def text(self, form: str, field: str) -> str:
        value = (getattr(self, form) or {}).get(field)
        return value if isinstance(value, str) else ""


@endpoint("GET", "/authorize_interaction", auth=SIGNED_IN)
def authorize_interaction(viewer: Viewer | None, asked: Flat[InteractionForm]) -> Html | Page:
    """The page for somebody whom another server sent home: the account or the status, and what can be done with it."""
    try:
        return _shown(asked.meant, viewer)
    except Refusal as refusal:
        return _fault(refusal)


@endpoint("POST", "/authorize_interaction", auth=SIGNED_IN)
def follow(request: Request, viewer: Viewer | None, asked: Flat[InteractionForm]) -> Html | Page:
    """Follow the account, signed in already, or with name and password for this once."""
    if asked.text("authorization", "name") or is_forged(request):
        viewer = None
    meant = asked.meant
    try:
        by = viewer or _signed_in(request, asked)
    except MfaRequired as required:
        return private_page(pages.second_factor(meant, required.token))
    except Refusal as refusal:
        return _again(asked, refusal)
    try:
        limits.enforce((RELATIONS_ACTIONS,), by.id, request.ip, {})
        standing = interactions.follow(meant, by)
    except Refusal as refusal:
        return _fault(refusal)
    return private_page(pages.done(render_account(standing.account, by), asked=not standing.relation.follows))


def _signed_in(request: Request, asked: InteractionForm) -> Viewer:
    mfa_token = asked.text("mfa", "mfa_token")
    with limits.counting_failures(AUTHENTICATION, request.ip):
        if mfa_token:
            return for_one_act.by_code(mfa_token, asked.text("mfa", "code"))
        return for_one_act.by_password(asked.text("authorization", "name"), asked.text("authorization", "password"))


def _again(asked: InteractionForm, refusal: Refusal) -> Html:
    """The form that did not lead on, with the reason."""
    fault, status = words_of(refusal), 401 if status_of(refusal) == 400 else status_of(refusal)
    mfa_token = asked.text("mfa", "mfa_token")
    if mfa_token:
        return private_page(pages.second_factor(asked.meant, mfa_token, fault=fault), status)
    try:
        shown = _shown(asked.meant, None, fault=fault)
    except Refusal as meant_nothing:
        return _fault(meant_nothing)
    shown.status = status
    return shown


def _shown(meant: str, viewer: Viewer | None, *, fault: str = "") -> Html:
    """The page of what is meant. Raises NotFound, and Throttled."""
    found = interactions.find(meant, viewer)
    if found is None:
        if viewer is not None or not meant:
            raise NotFound(NOT_HERE)
        return private_page(pages.unknown(meant, fault=fault))
    if found.status is not None and found.around is not None:
        return private_page(pages.status(render_status(found.status, viewer, found.around)))
    return private_page(_account(found, meant, viewer, fault))


def _account(found: Sought, meant: str, viewer: Viewer | None, fault: str) -> str:
    shown: entities.Account = render_account(found.account, viewer)
    if viewer is None:
        return pages.account(shown, meant, signed_in_as=None, fault=fault)
    if viewer.id == found.account.id:
        return pages.account_as_it_is(shown, THEMSELVES)
    stands = interactions.how_stands(found.account, viewer)
    if stands.follows or stands.requested:
        return pages.account_as_it_is(shown, FOLLOWED if stands.follows else ASKED)
    return pages.account(shown, meant, signed_in_as=viewer.account.nickname)


# Visitors, by their client.


@endpoint("POST", "/api/v1/pleroma/remote_interaction", auth=public(), limits=(INTERACTION,))
def remote_interaction(ap_id: Annotated[str, "Address of an account or a status."],
                       profile: Annotated[str, "The visitor's own name and server."]) -> entities.RemoteInteraction:
    """Where a visitor's own server lets them act on something. If that cannot be told, the reply says so with 200."""
    try:
        return {"url": interactions.address_at_home(profile, ap_id)}
    except Refusal:
        return {"error": "Couldn't find user"}


# Faults.


def words_of(refusal: Refusal) -> str:
    if isinstance(refusal, Throttled):
        return TOO_MANY
    if isinstance(refusal, Forbidden) and refusal.message == "rejected":
        return REFUSED
    return refusal.message


def _fault(refusal: Refusal) -> Html:
    return private_page(pages.refused(words_of(refusal)), status_of(refusal))
