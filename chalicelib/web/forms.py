"""Forms of pages: one mechanism for all of them.

    return answered(lambda: settings.change_email(viewer, form.password, form.email), again=page_with,
                    done="/account/email?done=email", telling=Telling(blames="email"))

The fields of a form are parameters of its endpoint, none of which is ever refused with a 400 (`Field`, `Ticked`). What
the domain refuses shows the form again, with what was typed and 422. What it does sends the browser on, with 303, so
that a reload sends nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import quote

from ..domain.refusals import Refusal, Throttled, Unacceptable, Unavailable
from .errors import status_of
from .pages import private_page
from .params import Flag, Loose
from .replies import As, Html, Redirect, Session
from .request import Request

SIGN_IN, HOME = "/account/sign-in", "/account"
TOO_MANY = "Too many attempts. Wait for a while."
WRONG_PASSWORD = "Invalid password."
LONGEST_PLACE = 2_000

Field = Loose[str]
Ticked = Loose[Flag]
"""A box. One that is not ticked is not sent."""
FormReply = Html | Annotated[Html, As(422, 429)] | Annotated[Redirect, As(303)]


@dataclass(frozen=True)
class FormFault:
    """What is wrong with a form. `field`: the name of its field; empty: of none in particular."""

    field: str
    text: str

    @property
    def sentence(self) -> str:
        """The text alone. The domain says of a field what it is: `should be at most 100 character(s)`."""
        if not self.text[:1].islower():
            return self.text
        return f"{self.field.replace('_', ' ').capitalize()} {self.text}{'' if self.text.endswith('.') else '.'}"


class Unfilled(Unacceptable):
    """A field that is not as its form needs it. What the domain refuses is not repeated here."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.faults = {field: text}


Again = Callable[[Sequence[FormFault]], str]
"""Makes the page with the form as it was filled in, and with these faults."""


@dataclass(frozen=True)
class Telling:
    """How refusals of the domain are told beside a form.

    `blames`: the field that a refusal is about which names none. `fields`: what the form calls a field, by the domain's
    name. `words`: for people, in place of words that the domain has for programs.
    """

    blames: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def faults_of(self, refusal: Refusal) -> list[FormFault]:
        by_field: Mapping[str, str | Sequence[str]] | None = getattr(refusal, "faults", None)
        if by_field:
            return [FormFault(self.fields.get(name, name), text if isinstance(text, str) else text[0])
                    for name, text in by_field.items()]
        if isinstance(refusal, Throttled):
            return [FormFault("", TOO_MANY)]
        blamed = "password" if refusal.message == WRONG_PASSWORD else self.blames
        return [FormFault(blamed, self.words.get(refusal.message, refusal.message))]


def answered(act: Callable[[], Session | None], again: Again, done: str, telling: Telling = Telling()) -> FormReply:
    """Do what a form asks for, and send the browser to `done`; or show the form again.

    `act` may answer a session, as `Reply` has it.
    """
    try:
        session = act()
    except Refusal as refusal:
        return refused(refusal, again, telling)
    return Redirect(done, 303, session=session)


def refused(refusal: Refusal, again: Again, telling: Telling = Telling(),
            shown_by: Callable[[str, int], Html] = private_page) -> FormReply:
    """The form again, with what the domain refused. `shown_by`: the kind of page."""
    status = status_of(refusal) if isinstance(refusal, (Throttled, Unavailable)) else 422
    return shown_by(again(telling.faults_of(refusal)), status)


def place_here(sent: str | None, otherwise: str = HOME) -> str:
    """The place that a form wants to lead to, if it is a path of this server, else the account's own page."""
    place = sent or ""
    leads_away = not place.startswith("/") or place[1:2] in ("/", "\\") or len(place) > LONGEST_PLACE
    return otherwise if leads_away or not place.isprintable() else place


def sign_in_address(request: Request) -> str:
    """The address of the sign-in page that leads back to what was asked for."""
    place = request.path if "access_token" in request.query else request.target
    return f"{SIGN_IN}?next={quote(place, safe='/')}"
