"""The page for who may reach the viewer, and what notifications tell."""

from __future__ import annotations

from dataclasses import dataclass

from ...domain.accounts import profiles, settings
from ...domain.accounts.profiles import ProfileChange
from ...domain.viewer import Viewer
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field, FormReply, Ticked
from ...web.params import Flat
from ...web.replies import Html
from . import account_page, settled

OF_PROFILE = ("accepts_chat_messages", "allow_following_move")
OF_NOTIFICATIONS = ("block_from_strangers", "hide_notification_contents")


@dataclass(frozen=True)
class PrivacyForm:
    accepts_chat_messages: Ticked
    block_from_strangers: Ticked
    hide_notification_contents: Ticked
    allow_following_move: Ticked


@endpoint("GET", "/account/privacy", auth=session_of("write:accounts"))
def privacy_page(viewer: Viewer, done: Field) -> Html:
    """The form for who may reach the viewer."""
    doc, told = viewer.account.profile, viewer.account.notification_settings or {}
    typed = {**{name: doc.get(name, True) for name in OF_PROFILE},
             **{name: bool(told.get(name)) for name in OF_NOTIFICATIONS}}
    return account_page("privacy", viewer, done=done, typed=typed)


@endpoint("POST", "/account/privacy", auth=session_of("write:accounts"))
def change_privacy(viewer: Viewer, form: Flat[PrivacyForm]) -> FormReply:
    """Change who may write to the viewer, and what notifications tell."""
    def change() -> None:
        profiles.update(viewer, ProfileChange(switches={name: bool(getattr(form, name)) for name in OF_PROFILE}))
        settings.update_notifications(viewer, {name: bool(getattr(form, name)) for name in OF_NOTIFICATIONS})

    return settled("privacy", viewer, change, typed=vars(form))
