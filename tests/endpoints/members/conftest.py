"""Browsers, before which somebody is signed in or nobody."""

from __future__ import annotations

import pytest

from tests.cast import PASSWORD, Person
from tests.endpoints.members.browser import Browser


@pytest.fixture
def browser() -> Browser:
    """A browser that has never been here."""
    return Browser()


@pytest.fixture
def home(browser: Browser, alice: Person) -> Browser:
    """Alice's browser, signed in by the page."""
    return signed_in(browser, "alice")


@pytest.fixture
def bobs(bob: Person) -> Browser:
    """Bob's browser, signed in by the page."""
    return signed_in(Browser(), "bob")


def signed_in(browser: Browser, name: str) -> Browser:
    browser.open("/account/sign-in")
    browser.send("/account/sign-in", name=name, password=PASSWORD)
    assert browser.page.title == "Your account"
    return browser
