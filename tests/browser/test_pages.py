"""How every page looks: on a phone and on a desk, by day and by night. The pictures are for people to look at."""

from __future__ import annotations

import pytest

from infra.local.seed import PASSWORD
from tests.browser.chromium import DESKTOP, PHONE, TAB
from tests.running.stage import OUT_OF_BAND

# What a reader meets on a page: everything with text of its own, and what one can use.
LOOK = """
const wrong = [], width = arguments[0];
const say = (what, element) => wrong.push(what + ': ' + element.outerHTML.slice(0, 120));
const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
const luminance = colour => {
  const part = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const [red, green, blue] = numbers(colour);
  return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
};
const behind = element => {
  for (; element; element = element.parentElement) {
    const colour = getComputedStyle(element).backgroundColor;
    if (numbers(colour)[3] !== 0) return colour;
  }
};
const contrast = (one, other) => {
  const [less, more] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (more + 0.05) / (less + 0.05);
};
if (Math.max(document.documentElement.scrollWidth, innerWidth) > width)
  say('wider than the window', document.documentElement);
for (const element of document.body.querySelectorAll('*')) {
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  if (!box.width || !box.height || element.closest('.unseen, .skip, thead')) continue;
  if (box.left < 0 || box.right > width) say('beyond the edge', element);
  if (element.scrollWidth > element.clientWidth + 1 && style.display !== 'inline' && element.tagName !== 'INPUT')
    say('wider than its place', element);
  const hit = element.matches('button, input:not([type=checkbox], [type=radio])'), uses = hit || element.matches('a');
  if (hit && box.height < 36) say('too low to be hit', element);
  if (element.matches('label:has(input)') && box.height < 24) say('too low to be hit', element);
  const text = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  if (!text && !uses) continue;
  if (parseFloat(style.fontSize) < 14) say('too small to read', element);
  if (contrast(style.color, behind(element)) < 4.5) say('too faint', element);
}
return wrong;
"""
FOCUS = """
const element = document.activeElement, style = getComputedStyle(element);
return [element.tagName, element === document.body || element.matches('.skip')];
"""
OUTLINED = """
const style = getComputedStyle(document.activeElement);
return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
"""
ELSEWHERE = """
return [...document.images, ...document.scripts].map(element => element.src)
  .filter(address => !address.startsWith(location.origin + '/') && !address.startsWith('data:image/'));
"""
LONG = "https://client.example/" + "a-long-way-back/" * 12


@pytest.fixture
def look(browser, pictures):
    """Check that nothing is wrong with the open page, in every size and colour scheme."""

    def look(name, heading):
        assert browser.text("h1") == heading
        for size in (PHONE, DESKTOP):
            for scheme in ("dark", "light"):
                browser.resize(size)
                browser.prefer(scheme)
                browser.picture(pictures / f"{name}-{size[0]}-{scheme}.png")
                assert browser.run(LOOK, size[0]) == [], (name, size, scheme)
        assert browser.run(ELSEWHERE) == []

    return look


def test_the_front_page_looks_right(visitor, browser, look):
    browser.open(visitor.stage.url + "/")

    look("front", "Kenoma")
    assert browser.title == "Welcome – Kenoma"
    assert "<script>document.title = 'injected'</script>" in browser.text()


def test_the_sign_in_page_looks_right(visitor, browser, look):
    browser.open(visitor.page())

    look("sign-in", "Sign in")


def test_signing_in_to_an_app_with_a_long_name_and_many_scopes(visitor, browser, look):
    visitor.app = visitor.register("Supercalifragilistic" * 12, "read write follow push admin:" + "x" * 200)

    browser.open(visitor.page(scope="", state="s" * 900))

    look("sign-in-long", "Sign in")


def test_signing_in_to_an_app_that_nobody_knows(visitor, browser, look):
    browser.open(visitor.page(client_id="nobody"))

    look("sign-in-unknown", "This app is not known here.")


def test_the_page_after_a_wrong_password_looks_right(visitor, browser, look):
    browser.open(visitor.page())
    visitor.signs_in("alice", "wrong")

    look("sign-in-wrong", "Sign in")


def test_an_address_that_the_app_never_named(visitor, browser, look):
    browser.open(visitor.page(redirect_uri=LONG))

    look("sign-in-unlisted", "This app is not set up for this address.")


def test_the_page_after_nothing_was_ticked_looks_right(visitor, browser, look):
    visitor.app = visitor.register("A client that reads", "read")
    browser.open(visitor.page(scope="read"))
    browser.tick("input[value=read]")
    visitor.signs_in("alice")

    look("sign-in-nothing-ticked", "Sign in")


def test_a_code_to_be_copied(visitor, browser, look):
    browser.open(visitor.page(redirect_uri=OUT_OF_BAND))
    visitor.signs_in("alice")

    look("code", "Successfully authorized")
    assert len(browser.text("output")) == 43


def test_approving_and_having_approved(visitor, browser, callback, look):
    browser.open(visitor.page())
    visitor.signs_in("alice")
    browser.open(visitor.stage.url + "/")
    visitor.keeps_session_of(visitor.exchange(callback.called[0]["code"]))

    browser.open(visitor.page(redirect_uri=OUT_OF_BAND))
    look("authorization-exists", "Authorization exists")
    visitor.app = visitor.register("Another client")
    browser.open(visitor.page())
    look("approve", "Authorize")


def test_the_page_of_the_second_factor_looks_right(visitor, browser, look):
    visitor.guards(visitor.becomes("olga"))
    browser.open(visitor.page(state="s" * 900))
    visitor.signs_in("olga")
    look("second-factor", "Two-factor authentication")

    browser.type("#code", "000000")
    browser.press("button")
    look("second-factor-wrong", "Two-factor authentication")

    browser.press("p a")
    look("recovery", "Two-factor recovery")

    browser.type("#code", "0123456789abcdef")
    browser.press("button")
    look("recovery-wrong", "Two-factor recovery")


def test_the_pages_for_a_new_password_look_right(visitor, browser, look):
    name = "p" * 60
    visitor.becomes(name)
    browser.open(visitor.forgot_password(name))
    look("new-password", f"Password Reset for {name}")

    browser.type("#password", "one")
    browser.type("#password_confirmation", "another")
    browser.press("button")
    look("new-password-failed", "Password reset failed")

    browser.press("p a")
    browser.type("#password", "the same")
    browser.type("#password_confirmation", "the same")
    browser.press("button")
    look("new-password-set", "Password changed!")

    browser.open(visitor.stage.url + "/api/pleroma/password_reset/nothing")
    look("new-password-invalid", "Invalid Token")


def test_the_pages_between_servers_look_right(visitor, browser, look):
    browser.open(visitor.stage.url + "/main/ostatus?nickname=alice")
    look("remote-follow", "Follow from your server")

    browser.type("#profile", "no name")
    browser.press("button")
    look("remote-follow-wrong", "Follow from your server")

    browser.open(visitor.stage.url + "/authorize_interaction?uri=acct:bob@" + "far-away." * 20 + "example")
    look("interaction-unknown", "Sign in")

    browser.open(visitor.stage.url + "/authorize_interaction?uri=bob")
    look("interaction", "Follow bob")
    visitor.signs_in("alice")
    look("interaction-done", "Followed")


def test_where_the_focus_is_can_be_seen(visitor, browser):
    browser.open(visitor.page())

    met: list[str] = []
    for _ in range(30):
        browser.keys(TAB)
        tag, is_at_an_end = browser.run(FOCUS)
        if is_at_an_end and len(met) > 1:  # the focus is on nothing, or at the top again
            break
        if tag != "BODY":  # a busy browser may not have the focus yet
            assert browser.comes_to(OUTLINED), tag
            met.append(tag)

    within = [tag for tag in met if tag in ("INPUT", "BUTTON")]
    assert within == ["INPUT"] * 6 + ["BUTTON"]


ACCOUNT_PAGES = {
    "": "Your account", "/profile": "Profile", "/posting": "Posting", "/privacy": "Privacy", "/email": "E-mail address",
    "/password": "Password", "/mfa": "Second factor", "/sessions": "Sessions", "/import": "Import", "/export": "Export",
    "/backups": "Backups", "/aliases": "Aliases", "/move": "Move", "/blocks": "Blocked accounts",
    "/mutes": "Muted accounts", "/followers": "Followers", "/disable": "Disable the account",
    "/delete": "Delete the account",
}


def test_the_account_pages_look_right(visitor, browser, look):
    name = "q" * 30
    visitor.becomes(name)
    browser.open(visitor.stage.url + "/account/sign-in")
    look("account-sign-in", "Sign in")
    browser.type("#name", name)
    browser.type("#password", "wrong")
    browser.press("button")
    look("account-sign-in-wrong", "Sign in")
    browser.type("#password", PASSWORD)
    browser.press("button")

    for path, heading in ACCOUNT_PAGES.items():
        browser.open(visitor.stage.url + "/account" + path)
        look("account" + path.replace("/", "-"), heading)
    browser.open(visitor.stage.url + "/account/posting")
    browser.type("#language", "no language at all")
    browser.press("main form button")
    look("account-posting-wrong", "Posting")
    browser.open(visitor.stage.url + "/account/import")
    browser.type("#list", "bob alice " + "nobody@far-away.example " * 3)
    browser.press("main form button")
    look("account-import-done", "Import")
    browser.open(visitor.stage.url + "/account/mfa")
    browser.type("#password", PASSWORD)
    browser.press("main form button")
    look("account-mfa-setup", "Set up the second factor")


def test_the_pages_for_signing_up_look_right(visitor, browser, look):
    browser.open(visitor.stage.url + "/account/sign-up")
    look("sign-up", "Sign up")
    browser.open(visitor.stage.url + "/account/sign-up?done=confirmation")
    look("signed-up", "Nearly done")
    browser.open(visitor.stage.url + "/account/confirmation")
    look("confirmation", "Confirm your address")
    browser.open(visitor.stage.url + "/auth/password")
    look("forgotten", "Forgot password?")
