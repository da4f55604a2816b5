"""The captcha for signing up."""

from __future__ import annotations

from ... import entities
from ...domain.accounts import captcha
from ...entities.accounts.captcha import render_captcha
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import Reply


@endpoint("GET", "/api/pleroma/captcha", auth=public(), refuses=(500,))
def new_captcha() -> Reply[entities.Captcha]:
    """A captcha that has to be solved to sign up. Its type is `none` if there is nothing to solve."""
    return Reply(render_captcha(captcha.make()), headers={"Cache-Control": "no-store"})
