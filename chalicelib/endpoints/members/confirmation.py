"""The page to ask once more for the letter that confirms an address."""

from __future__ import annotations

from ... import pages
from ...domain.accounts import confirmation
from ...web.auth import public, refuse_from_elsewhere
from ...web.endpoint import endpoint
from ...web.forms import Field, FormReply, answered
from ...web.limits import ACCOUNT_CONFIRMATION_RESEND
from ...web.pages import private_page
from ...web.replies import Html
from ...web.request import Request

PAGE = "/account/confirmation"


@endpoint("GET", "/account/confirmation", auth=public())
def confirmation_page(done: Field) -> Html:
    """The form for the address or nickname."""
    return private_page(_html(is_done=bool(done)))


@endpoint("POST", "/account/confirmation", auth=public(), limits=(ACCOUNT_CONFIRMATION_RESEND,), refuses=(403,))
def resend(request: Request, email: Field) -> FormReply:
    """Send the letter again. The reply is the same whether or not anybody has this address or nickname."""
    refuse_from_elsewhere(request)
    return answered(lambda: confirmation.resend(email), lambda _: _html(is_done=False), f"{PAGE}?done=sent")


def _html(*, is_done: bool) -> str:
    return pages.rendered("account/confirmation.html", is_done=is_done)
