"""The account pages: what people set, take along and end by themselves, in a browser, without JavaScript.

Each page is a form over the domain, and has no rule of its own. A page with a form has a function that shows it (GET)
and one that does what is asked (POST). That leads back to the first with `done`, or shows the form again (`web/forms`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from ... import pages
from ...domain.relationships import hidden
from ...domain.viewer import Viewer
from ...entities import Account
from ...entities.accounts.account import render_blocked_accounts, render_muted_accounts
from ...web.forms import FormFault, FormReply, Telling, answered
from ...web.pages import private_page
from ...web.paging import Page
from ...web.replies import As, Html, Redirect, Session

DONE = {
    "aliases": "Your aliases are changed.",
    "backup": "A backup is being made. A letter tells you when it is ready.",
    "blocks": "The account is not blocked any more.",
    "email": "Your e-mail address is changed. Letters tell the old and the new one.",
    "ended": "The session has ended.",
    "followers": "The account does not follow you any more.",
    "import": "The import has begun. It goes on when you leave this page.",
    "mfa": "The second factor is on.",
    "mfa-off": "The second factor is off.",
    "move": "Your account moves. Your followers follow the other account from now on.",
    "mutes": "The account is not muted any more.",
    "others": "All other sessions have ended.",
    "password": "Your password is changed. You are signed out everywhere else.",
    "posting": "Your settings are changed.",
    "privacy": "Your settings are changed.",
    "profile": "Your profile is changed.",
    "sign-up": "Welcome! Your account is ready.",
}
"""What a page says after its form has done something, by the name in `?done=`. Nothing of the address is shown."""


Done = Annotated[Redirect, As(303)]


@dataclass(frozen=True)
class PeopleListed:
    """A part of a list of accounts. `continues`: as `Page.reply` has it. `cursor`: the parameter that goes on."""

    people: list[Account]
    continues: str | None
    cursor: str = "max_id"

    def onwards(self, page: Page) -> str:
        """The query for the next part. Empty: there is none."""
        last = self.continues or (self.people[-1]["id"] if len(self.people) >= page.limit > 0 else "")
        return f"?{self.cursor}={last}" if last else ""


def account_page(name: str, viewer: Viewer, *, done: str | None = None, faults: Sequence[FormFault] = (),
                 **values: Any) -> Html:
    """An account page."""
    return private_page(account_html(name, viewer, done=done, faults=faults, **values))


def account_html(name: str, viewer: Viewer, *, done: str | None = None, faults: Sequence[FormFault] = (),
                 **values: Any) -> str:
    return pages.rendered(f"account/{name}.html", visit=pages.visit_of(viewer, "/account"), viewer=viewer.account,
                          done=DONE.get(done or "", ""), faults=by_field(faults), **values)


def settled(name: str, viewer: Viewer, act: Callable[[], Session | None], telling: Telling | None = None,
            **values: Any) -> FormReply:
    """Do what the form of an account page asks for, and lead back to it; or show it again, with these values."""
    return answered(act, lambda faults: account_html(name, viewer, faults=faults, **values),
                    f"/account/{name}?done={name}", telling or Telling())


def by_field(faults: Sequence[FormFault]) -> dict[str, str]:
    """What is wrong, by the names of fields, as the parts of forms take it."""
    return {fault.field: fault.sentence for fault in reversed(faults)}


def hidden_page(viewer: Viewer, page: Page, *, muted: bool, done: str | None) -> Html:
    """Whom the viewer mutes, or blocks, in the order of the accounts' ids."""
    found = hidden.list_of(viewer, page, muted=muted)
    render = render_muted_accounts if muted else render_blocked_accounts
    shown = render(found.accounts, viewer, with_relationships=False)
    return people_page("mutes" if muted else "blocks", viewer, page,
                       PeopleListed(shown, found.continues, "since_id"), done=done)


def back_to(name: str) -> Done:
    """To the page of a list, which says that an account is off it."""
    return Redirect(f"/account/{name}?done={name}", 303)


def people_page(name: str, viewer: Viewer, page: Page, listed: PeopleListed, *, done: str | None) -> Html:
    """A table of accounts, with the way to the next part of it."""
    return account_page("people", viewer, done=done, which=name, people=listed.people, onwards=listed.onwards(page),
                        is_first=not page.has_cursor)
