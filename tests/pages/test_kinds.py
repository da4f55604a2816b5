"""The headers of each kind of page."""

from __future__ import annotations

import pytest

from chalicelib.web import pages


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def test_public_pages_may_send_forms_to_any_server_and_show_pictures_of_all():
    assert pages.policy(pages.PUBLIC) == (
        "default-src 'none'; base-uri 'none'; form-action 'self' https:; frame-ancestors 'none'; "
        "img-src 'self' data: https:; media-src 'self' https:; style-src 'self'; manifest-src 'self'")


def test_account_pages_keep_to_this_server():
    policy = pages.private_page("").headers["Content-Security-Policy"]

    assert "form-action 'self';" in policy
    assert "img-src 'self' data:;" in policy
    assert pages.private_page("").headers["Cache-Control"] == "private, no-store"


def test_signing_in_leads_back_to_apps_anywhere():
    assert "form-action" not in pages.sign_in_page("").headers["Content-Security-Policy"]


def test_only_one_kind_has_scripts_and_none_has_styles_or_scripts_of_its_own():
    kinds = {"sign in": pages.SIGNING_IN, "private": pages.PRIVATE, "public": pages.PUBLIC, "embedded": pages.EMBEDDED,
             "scripted": pages.SCRIPTED}

    assert [name for name, rules in kinds.items() if "script-src" in rules] == ["scripted"]
    assert not any("unsafe-inline" in pages.policy(rules) for rules in kinds.values())


def test_others_may_frame_what_is_embedded_only():
    page = pages.embedded_page("")

    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == ""
    assert "frame-ancestors 'none'" in pages.outward_page("").headers["Content-Security-Policy"]
