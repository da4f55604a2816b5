"""The page for how new statuses are, unless they say otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...domain.accounts import profiles
from ...domain.accounts.profiles import ProfileChange
from ...domain.viewer import Viewer
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field, FormReply, Telling, Ticked
from ...web.params import Flat
from ...web.replies import Html
from . import account_page, settled


@dataclass(frozen=True)
class PostingForm:
    default_scope: Field
    default_sensitive: Ticked
    language: Field
    no_rich_text: Ticked


@endpoint("GET", "/account/posting", auth=session_of("write:accounts"))
def posting_page(viewer: Viewer, done: Field) -> Html:
    """The form for how new statuses are."""
    doc = viewer.account.profile
    typed = {"default_scope": doc.get("default_scope") or "public", "language": doc.get("language") or "",
             "default_sensitive": bool(doc.get("default_sensitive")), "no_rich_text": bool(doc.get("no_rich_text"))}
    return account_page("posting", viewer, done=done, typed=typed)


@endpoint("POST", "/account/posting", auth=session_of("write:accounts"))
def change_posting(viewer: Viewer, form: Flat[PostingForm]) -> FormReply:
    """Change visibility, language and the like of statuses that say nothing else."""
    sayings: dict[str, Any] = {"language": (form.language or "").strip()}
    wanted = ProfileChange(
        default_scope=form.default_scope, sayings=sayings,
        switches={"no_rich_text": bool(form.no_rich_text), "default_sensitive": bool(form.default_sensitive)})

    def change() -> None:
        profiles.update(viewer, wanted)

    return settled("posting", viewer, change, Telling(fields={"sayings": "language"}), typed=vars(form))
