"""Credentials: what administrators see and change of an account: its profile, settings, address and password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from ... import entities
from ...domain.accounts import profiles
from ...domain.accounts.profiles import SWITCHES, ProfileChange
from ...domain.staff import credentials
from ...domain.staff.acting import acting
from ...domain.staff.credentials import CredentialsChange
from ...domain.viewer import Viewer
from ...entities.staff.credentials import render_credentials
from ...entities.success import SUCCESS
from ...web.auth import admin
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ...web.params import Flat, StrictFlag, StrictList
from ...web.replies import As, Reply


@dataclass(frozen=True)
class NamedField:
    name: str
    value: str


Fields = StrictList[NamedField] | dict[str, NamedField]


@dataclass(frozen=True)
class StaffCredentialsForm:
    """What may be changed. What is left out stays as it is."""

    email: str | None = None
    password: Annotated[str | None, "Ends all tokens; then a job demands yet another password."] = None
    name: Annotated[str | None, "At most 100 characters, not empty."] = None
    bio: Annotated[str | None, "At most 5000 characters."] = None
    avatar: Annotated[str | SentFile | None, "An image of at most 2 MB; empty: the default."] = None
    banner: Annotated[str | SentFile | None, "An image of at most 4 MB; empty: the default."] = None
    background: Annotated[str | SentFile | None, "An image of at most 4 MB; empty: none."] = None
    locked: StrictFlag | None = None
    is_locked: Annotated[StrictFlag | None, "Another name of `locked`."] = None
    no_rich_text: StrictFlag | None = None
    default_scope: str | None = None
    hide_follows: StrictFlag | None = None
    hide_followers: StrictFlag | None = None
    hide_followers_count: StrictFlag | None = None
    hide_follows_count: StrictFlag | None = None
    hide_favorites: StrictFlag | None = None
    allow_following_move: StrictFlag | None = None
    show_role: StrictFlag | None = None
    skip_thread_containment: StrictFlag | None = None
    fields: Annotated[Fields | None, "At most 10; they replace all."] = None
    raw_fields: Annotated[Fields | None, "Another name of `fields`."] = None
    discoverable: StrictFlag | None = None
    is_discoverable: Annotated[StrictFlag | None, "Another name of `discoverable`."] = None
    actor_type: Annotated[str | None, "Person or Service."] = None
    accepts_chat_messages: StrictFlag | None = None
    pleroma_settings_store: Annotated[dict[str, Any] | None,
                                      "What frontends store, by name: each is replaced whole, others stay."] = None

    def change(self) -> CredentialsChange:
        """The change that this means. A picture that is a text is passed on as its bytes, which are no picture."""
        fields = self.raw_fields if self.fields is None else self.fields
        sent = None if fields is None else list(fields.values() if isinstance(fields, dict) else fields)
        switches = {name: getattr(self, name) for name in SWITCHES if getattr(self, name) is not None}
        if self.discoverable is None and self.is_discoverable is not None:
            switches["discoverable"] = self.is_discoverable
        profile = ProfileChange(
            display_name=self.name, note=self.bio, default_scope=self.default_scope, actor_type=self.actor_type,
            fields=None if sent is None else profiles.named_fields((each.name, each.value) for each in sent),
            locked=self.is_locked if self.locked is None else self.locked, switches=switches,
            settings_store=self.pleroma_settings_store,
            pictures={name: _bytes(sent) for name, sent in (
                ("avatar", self.avatar), ("header", self.banner), ("background", self.background),
            ) if sent is not None},
        )
        return CredentialsChange(profile, self.email, self.password)


@endpoint("GET", "/api/pleroma/admin/users/{nickname}/credentials", auth=admin("admin:read:accounts"), refuses=(404,))
def show(nickname: str) -> entities.StaffCredentials:
    """All that may be changed of an account, but for its password."""
    return render_credentials(credentials.get(nickname))


@endpoint("PATCH", "/api/pleroma/admin/users/{nickname}/credentials", auth=admin("admin:write:accounts"),
          refuses=(404,))
def change(viewer: Viewer | None, nickname: str, wanted: Flat[StaffCredentialsForm],
           ) -> entities.Success | Annotated[Reply[entities.FieldErrors], As(400)]:
    """Change an account: all that is asked for, or nothing. Errors are told by field."""
    faults = credentials.change(nickname, wanted.change(), acting(viewer))
    return Reply({"errors": dict(faults)}, 400) if faults else SUCCESS


def _bytes(sent: str | SentFile) -> bytes | None:
    if isinstance(sent, SentFile):
        return sent.data
    return sent.encode() if sent else None
