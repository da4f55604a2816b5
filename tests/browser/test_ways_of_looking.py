"""The pages as people look at them who change how: at 400 %, in colours of their own, without motion, on paper."""

from __future__ import annotations

import pytest

from tests.browser.chromium import PHONE
from tests.browser.test_pages import LOOK
from tests.browser.test_public_pages import LONG
from tests.running.stage import Someone

AT_400_PER_CENT = (320, 256)
"""What is left of a window of 1,280 × 1,024 pixels."""
WITHOUT_BORDER = """
const things = 'main button:not(.act), main input:not([type=hidden], [type=checkbox]), .button, nav [aria-current]';
return [...document.querySelectorAll(things)]
  .filter(each => each.checkVisibility()).filter(each => {
    const style = getComputedStyle(each);
    return !parseFloat(style.borderBottomWidth) || style.borderBottomStyle === 'none'; })
  .map(each => each.outerHTML);
"""
NOT_FOR_PAPER = """
return [...document.querySelectorAll('.top, .own, .foot, form, button, .tabs, .paging, .elsewhere')]
  .filter(each => each.checkVisibility()).map(each => each.outerHTML.slice(0, 80));
"""
CUT_OFF = "return [...document.querySelectorAll('.cut')].filter(each => each.scrollHeight > each.clientHeight).length"
SPACED = """
for (const each of document.querySelectorAll('body *')) {
  each.style.setProperty('line-height', '1.5', 'important');
  each.style.setProperty('letter-spacing', '.12em', 'important');
  each.style.setProperty('word-spacing', '.16em', 'important');
}
return parseFloat(getComputedStyle(document.querySelector('main h1')).letterSpacing);
"""


@pytest.fixture(scope="module")
def moth(stage):
    """Somebody who has written too much at once."""
    moth = Someone(stage.url).sign_up("moth")
    moth.posts("Many words. " * 400)
    moth.posts(LONG)
    return "moth"


@pytest.fixture
def signed_in(visitor, browser, moth):
    browser.open(visitor.stage.url + "/account/sign-in?next=/account/home")
    visitor.signs_in(moth)


def test_at_400_per_cent_the_content_is_in_sight_and_nothing_is_beside(visitor, browser, signed_in):
    browser.resize(AT_400_PER_CENT)

    for path in ("/account/home", "/account/write", "/account/sessions", "/users/moth", "/main/public"):
        browser.open(visitor.stage.url + path)
        assert browser.run("return document.querySelector('main').offsetTop") < AT_400_PER_CENT[1] / 2
        assert browser.run(LOOK, AT_400_PER_CENT[0]) == [], path


def test_text_with_more_space_between_letters_has_room(visitor, browser, signed_in):
    """WCAG 1.4.12."""
    browser.resize(AT_400_PER_CENT)

    for path in ("/account/home", "/account/write", "/account/profile", "/users/moth"):
        browser.open(visitor.stage.url + path)
        assert browser.run(SPACED) > 2
        assert browser.run(LOOK, AT_400_PER_CENT[0]) == [], path


def test_what_is_rarely_wanted_is_folded_where_there_is_no_room(visitor, browser, signed_in):
    seen = "return document.querySelector('.own a[href=\"/account/lists\"]').checkVisibility()"
    on_a_desk = browser.run(seen)
    browser.resize(PHONE)

    assert (on_a_desk, browser.run(seen)) == (True, False)


def test_the_end_of_a_very_long_post_is_left_to_its_own_page(visitor, browser, moth):
    browser.open(visitor.stage.url + "/users/moth")
    height = "return document.querySelector('.content').clientHeight"
    shown = browser.run("return [...document.querySelectorAll('.content.e-content')].map(each => each.clientHeight)")

    browser.press(".cut + p a")

    assert browser.run(height) > 2 * max(shown)


def test_things_have_borders_in_colours_of_ones_own(visitor, browser, signed_in):
    browser.look(("forced-colors", "active"))

    for path in ("/account/write", "/users/moth", "/main/public"):
        browser.open(visitor.stage.url + path)
        assert browser.run(WITHOUT_BORDER) == []


def test_paper_has_the_posts_alone_and_dark_ink(visitor, browser, signed_in):
    browser.look(("prefers-color-scheme", "dark"), medium="print")

    for path in ("/account/home", "/users/moth", "/account/notifications"):
        browser.open(visitor.stage.url + path)
        assert browser.run(NOT_FOR_PAPER) == []
        assert browser.run("return getComputedStyle(document.body).color") == "rgb(29, 30, 34)"
    browser.open(visitor.stage.url + "/users/moth")
    assert browser.run(CUT_OFF) == 0


def test_nothing_moves_for_who_wants_no_motion(visitor, browser):
    moving = "return getComputedStyle(document.documentElement).scrollBehavior"
    browser.look(("prefers-reduced-motion", "no-preference"))
    with_motion = browser.run(moving)
    browser.look(("prefers-reduced-motion", "reduce"))

    assert (with_motion, browser.run(moving)) == ("smooth", "auto")
    assert browser.run("return document.getAnimations().length") == 0
