"""The link by which an e-mail address is confirmed."""

from __future__ import annotations

from ...domain.accounts import confirmation
from ...domain.refusals import Failed
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.params import FlakeId
from ...web.replies import Redirect, Reply


@endpoint("GET", "/api/account/confirm_email/{user_id}/{token}", auth=public())
def confirm_email(user_id: FlakeId, token: str) -> Redirect | Reply[str]:
    """Confirm the address of an account. The reference answers a wrong link with 500 and a bare text; so do we."""
    try:
        confirmation.confirm(user_id, token)
    except Failed as failed:
        return Reply(failed.message, 500)
    return Redirect("/")
