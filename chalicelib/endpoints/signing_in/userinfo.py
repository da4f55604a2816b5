"""Who an app acts for, in the words of OpenID."""

from __future__ import annotations

from ... import entities
from ...domain.signing_in.signing_in import Caller
from ...domain.signing_in.userinfo import demand_viewer
from ...entities.signing_in.userinfo import render_userinfo
from ...web.auth import optional
from ...web.endpoint import endpoint


@endpoint("GET", "/oauth/userinfo", auth=optional(open=True), refuses=(401, 403))
def userinfo(caller: Caller) -> entities.Userinfo:
    """The account of a token with the scope `profile` or `read:accounts`."""
    return render_userinfo(demand_viewer(caller).account)


@endpoint("POST", "/oauth/userinfo", auth=optional(open=True), refuses=(401, 403))
def userinfo_of_a_form(caller: Caller) -> entities.Userinfo:
    """The same, for clients that send a form."""
    return render_userinfo(demand_viewer(caller).account)
