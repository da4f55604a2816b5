"""The page for what an account says of itself, with its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...domain import lookup
from ...domain.accounts import profiles
from ...domain.accounts.profiles import ProfileChange
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_own_account
from ...settings import settings
from ...web.auth import session_of
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ...web.forms import Field, FormFault, FormReply, Telling, Ticked, answered
from ...web.params import Flat, Loose
from ...web.replies import Html
from . import account_html, account_page

SWITCHES = ("discoverable", "hide_follows", "hide_followers", "hide_follows_count", "hide_followers_count",
            "hide_favorites")
TELLING = Telling(fields={"fields": "fields_attributes"})


@dataclass(frozen=True)
class ProfileRow:
    name: str = ""
    value: str = ""


@dataclass(frozen=True)
class ProfileForm:
    """What a browser sends. A box that is not sent is not ticked."""

    display_name: Field
    note: Field
    fields_attributes: Loose[dict[str, ProfileRow]]
    avatar: Loose[SentFile]
    header: Loose[SentFile]
    remove_avatar: Ticked
    remove_header: Ticked
    locked: Ticked
    bot: Ticked
    discoverable: Ticked
    hide_follows: Ticked
    hide_followers: Ticked
    hide_follows_count: Ticked
    hide_followers_count: Ticked
    hide_favorites: Ticked
    show_role: Ticked

    @property
    def rows(self) -> list[ProfileRow] | None:
        sent = self.fields_attributes
        return None if sent is None else [sent[key] for key in sorted(sent, key=lambda key: (len(key), key))]

    def change(self, viewer: Viewer) -> ProfileChange:
        """The change of the viewer's profile that this means."""
        switches = {name: bool(getattr(self, name)) for name in SWITCHES}
        if viewer.is_staff:
            switches["show_role"] = bool(self.show_role)
        rows = self.rows
        return ProfileChange(
            display_name=self.display_name, note=self.note, locked=bool(self.locked),
            fields=None if rows is None else profiles.named_fields((row.name, row.value) for row in rows),
            actor_type=self._kind_of_account(viewer), switches=switches, pictures=self._pictures(),
        )

    def _kind_of_account(self, viewer: Viewer) -> str | None:
        """None: it stays. It may be of a type that has no box."""
        is_bot = viewer.account.actor_type == "Service"
        return None if bool(self.bot) == is_bot else "Service" if self.bot else "Person"

    def _pictures(self) -> dict[str, bytes | None]:
        sent = {"avatar": (self.avatar, self.remove_avatar), "header": (self.header, self.remove_header)}
        return {name: file.data if file is not None else None for name, (file, removed) in sent.items()
                if file is not None or removed}


@endpoint("GET", "/account/profile", auth=session_of("write:accounts"), ahead=lookup.ahead_of_own)
def profile_page(viewer: Viewer, done: Field) -> Html:
    """The form for what the account says of itself."""
    return account_page("profile", viewer, done=done, **_shown(viewer))


@endpoint("POST", "/account/profile", auth=session_of("write:accounts"), ahead=lookup.ahead_of_own)
def change_profile(viewer: Viewer, form: Flat[ProfileForm]) -> FormReply:
    """Change what the account says of itself, and its pictures: all of it or nothing."""
    def change() -> None:
        profiles.update(viewer, form.change(viewer))

    def again(faults: Sequence[FormFault]) -> str:
        return account_html("profile", viewer, faults=faults, **_shown(viewer, form))

    return answered(change, again, "/account/profile?done=profile", TELLING)


def _shown(viewer: Viewer, form: ProfileForm | None = None) -> dict[str, Any]:
    """What the page shows: the profile as it is, with what was typed."""
    doc = viewer.account.profile
    typed: dict[str, Any] = {
        "display_name": doc.get("display_name") or "", "note": doc.get("note") or "",
        "locked": bool(viewer.account.locked), "bot": viewer.account.actor_type == "Service",
        "show_role": doc.get("show_role", True), **{name: bool(doc.get(name)) for name in SWITCHES},
    }
    rows = [(name, value) for name, value, _ in doc.get("fields") or ()]
    if form is not None:
        typed = {name: getattr(form, name) for name in typed}
        rows = [(row.name, row.value) for row in form.rows or ()]
    rows = rows[:settings.max_account_fields]
    return {"typed": typed, "rows": rows + [("", "")] * (settings.max_account_fields - len(rows)),
            "account": render_own_account(viewer), "is_staff": viewer.is_staff, "shown_rows": len(rows) + 1,
            "longest_name": settings.user_name_length, "longest_note": settings.user_bio_length}
