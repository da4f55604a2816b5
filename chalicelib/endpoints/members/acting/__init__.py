"""What somebody does who is signed in: writing, and the buttons under statuses and beside accounts.

Each is a form over the domain, and has no rule of its own. A button leads back to where it was pressed, and the next
page says once what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from .... import pages
from ....domain.refusals import NotFound, Refusal, Throttled, Unavailable
from ....domain.signing_in import telling
from ....domain.viewer import Viewer
from ....web.forms import Field, FormFault, FormReply, Telling, Ticked, place_here, refused
from ....web.limits import Limit, enforce
from ....web.pages import reading_page
from ....web.params import Loose, Named
from ....web.replies import LEAVE, Html, Redirect
from ....web.request import Request
from .. import by_field

HOME = "/account/home"
GONE = "It is not there any more, or it is not for you."
Back = Annotated[Field, Named("return"), "A path of this server to go on to."]


@dataclass(frozen=True)
class Pressed:
    """What comes with a button. Each act takes what it needs."""

    choice: Annotated[Loose[list[int]], "Of a poll: numbers of options, from 0."] = None
    emoji: Field = None
    comment: Field = None
    status: Annotated[Field, "The status that a report is about."] = None
    sure: Annotated[Ticked, "The question has been answered: see `asks`."] = None
    back: Back = None


@dataclass(frozen=True)
class Act:
    """`do` answers the name of what was done. `asks`: a page asks first. `blames`: the field that refusals are about,
    if the form has one.
    """

    do: Callable[[str, Viewer, Pressed], str]
    limits: Sequence[Limit] = ()
    asks: bool = False
    blames: str = ""


@dataclass(frozen=True)
class Pressing:
    """A button that was pressed: by whom, and on which `subject`, a `status` or an `account`.

    `usual`: where to go on, unless the form says where it was pressed.
    """

    request: Request
    viewer: Viewer
    subject: str
    id: str
    act: str
    form: Pressed
    usual: str

    @property
    def back(self) -> str:
        return place_here(self.form.back, self.usual)

    @property
    def is_on_its_page(self) -> bool:
        """Whether it leads back to the page of its subject, which is not there without it."""
        return self.back.partition("#")[0] in (self.usual, f"/notice/{self.id}", f"/users/{self.id}")

    def page(self, faults: Sequence[FormFault] = ()) -> str:
        """The page that asks before the act, or says why it was not done."""
        return pages.rendered(f"acting/ask_{self.subject}.html", visit=pages.visit_of(self.viewer, ""), act=self.act,
                              id=self.id, form=self.form, back=self.back, faults=by_field(faults))


def answer(pressing: Pressing, acts: Mapping[str, Act]) -> FormReply | Html:
    """Do what a button says and lead back, or ask first. Where it was pressed is said why it was not done.

    A form with a field comes again, filled in.
    """
    act = acts.get(pressing.act)
    if act is None:
        raise NotFound
    if act.asks and not pressing.form.sure:
        return reading_page(pressing.page())
    viewer = pressing.viewer
    try:
        enforce(act.limits, viewer.id, pressing.request.ip, {"id": pressing.id})
        telling.tell(viewer, act.do(pressing.id, viewer, pressing.form))
    except NotFound:
        if pressing.is_on_its_page:
            raise
        telling.tell_refusal(viewer, GONE)
    except (Throttled, Unavailable) as refusal:
        return refused(refusal, pressing.page)
    except Refusal as refusal:
        if act.blames:
            return refused(refusal, pressing.page, Telling(blames=act.blames))
        telling.tell_refusal(viewer, refusal.message)
    return Redirect(pressing.back, 303, session=LEAVE)
