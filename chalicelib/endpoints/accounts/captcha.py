"""The captcha for signing up."""

from __future__ import annotations

from ... import entities
from ...domain.accounts import captcha
from ...entities.accounts.captcha import render_captcha
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import Reply


@endpoint("GET", "/api/pleroma/captcha", auth=public())
def new_captcha() -> Reply[entities.Captcha]:
    """A captcha to be solved by who signs up; its type is `none` where none is needed."""
    return Reply(render_captcha(captcha.make()), headers={"Cache-Control": "no-store"})
