"""The captcha that people solve to sign up."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from ...domain.accounts.captcha import Riddle as Made
from ...settings import settings


class Captcha(TypedDict):
    """`type` is `none` if nothing has to be solved. Then there are no other keys."""

    type: str
    token: NotRequired[str]
    url: NotRequired[str]
    answer_data: NotRequired[str]
    seconds_valid: NotRequired[int]


def render_captcha(made: Made | None) -> Captcha:
    if made is None:
        return {"type": "none"}
    return {
        "type": made.kind, "token": made.token, "url": made.url, "answer_data": made.answer_data,
        "seconds_valid": settings.captcha_seconds_valid,
    }
