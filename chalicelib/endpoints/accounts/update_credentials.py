"""What an account changes in its profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from ... import entities
from ...domain import lookup
from ...domain.accounts import profiles, saying
from ...domain.accounts.profiles import INVALID, NEWER_SWITCHES, SWITCHES, ProfileChange
from ...domain.refusals import Forbidden
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_own_account
from ...web.auth import signed_in
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ...web.params import Flag, Flat, StrictList


@dataclass(frozen=True)
class Field:
    name: str
    value: str


@dataclass(frozen=True)
class SourceForm:
    """Part of the account as its owner gets it. Clients send it back whole. Only these can be changed here."""

    privacy: str | None = None
    language: Annotated[str | None, "Of statuses that say no other; empty: none."] = None
    quote_policy: Annotated[str | None, "Of statuses that say no other: public, followers or nobody."] = None
    sensitive: Annotated[Flag | None, "Whether statuses are that say nothing of it."] = None


@dataclass(frozen=True)
class CredentialsForm:
    """What may be changed. What is left out stays as it is."""

    display_name: Annotated[str | None, "At most 100 characters; empty: the nickname is shown."] = None
    note: Annotated[str | None, "Bio: at most 5000 characters; links, mentions and hashtags are recognised."] = None
    locked: Annotated[Flag | None, "Whether followers must be approved one by one."] = None
    bot: Annotated[Flag | None, "Whether it is of type Service."] = None
    actor_type: Annotated[Literal["Application", "Group", "Organization", "Person", "Service"] | None,
                          "Only Person and Service are accepted; counts more than `bot`."] = None
    avatar: Annotated[str | SentFile | None, "An image of at most 2 MB; empty: the default."] = None
    header: Annotated[str | SentFile | None, "An image of at most 4 MB; empty: the default."] = None
    pleroma_background_image: Annotated[str | SentFile | None, "An image of at most 4 MB; empty: none."] = None
    fields_attributes: Annotated[StrictList[Field] | dict[str, Field] | None,
                                 "At most 10, in order: they replace all. Those without a name are left out."] = None
    default_scope: Annotated[Literal["public", "unlisted", "local", "private", "direct", "list"] | None,
                             "Visibility of statuses that do not say another."] = None
    source: Annotated[SourceForm | None, "Its `privacy` counts more than `default_scope`."] = None
    also_known_as: Annotated[StrictList[str] | None, "Addresses of other profiles of the same person."] = None
    pleroma_settings_store: Annotated[dict[str, Any] | None,
                                      "What frontends store, by name: each is replaced whole, others stay."] = None
    discoverable: Flag | None = None
    no_rich_text: Annotated[Flag | None, "Whether the viewer gets no HTML but links."] = None
    show_role: Annotated[Flag | None, "Whether others see if the account is administrator or moderator."] = None
    hide_followers: Flag | None = None
    hide_follows: Flag | None = None
    hide_followers_count: Flag | None = None
    hide_follows_count: Flag | None = None
    hide_favorites: Flag | None = None
    skip_thread_containment: Flag | None = None
    allow_following_move: Flag | None = None
    accepts_chat_messages: Flag | None = None
    indexable: Annotated[Flag | None, "Whether searches of other servers may find public statuses."] = None
    hide_collections: Annotated[Flag | None, "Both `hide_followers` and `hide_follows`."] = None
    attribution_domains: Annotated[list[str] | None, "Sites that may name the account as author."] = None
    avatar_description: Annotated[str | None, "What the avatar shows."] = None
    header_description: Annotated[str | None, "What the header shows."] = None
    birthday: Annotated[str | None, "A day as in 2000-12-31; empty: none."] = None
    show_birthday: Annotated[Flag | None, "Whether others see the birthday."] = None
    language: Annotated[str | None, "As that of `source`, which counts more."] = None
    status_ttl_days: Annotated[int | None, "After so many days statuses end that say nothing else; 0: never."] = None
    permit_followback: Annotated[Flag | None, "Whether it asks nothing of those whom it follows, though locked."] = None
    show_media: Flag | None = None
    show_media_replies: Flag | None = None
    show_featured: Flag | None = None

    def change(self) -> ProfileChange:
        """The change of the profile that this means. Raises Forbidden for text in place of a picture."""
        fields = self.fields_attributes
        sent = None if fields is None else list(fields.values() if isinstance(fields, dict) else fields)
        return ProfileChange(
            display_name=self.display_name, note=self.note, locked=self.locked,
            fields=None if sent is None else profiles.named_fields((each.name, each.value) for each in sent),
            also_known_as=self.also_known_as, settings_store=self.pleroma_settings_store,
            default_scope=(self.source and self.source.privacy) or self.default_scope,
            actor_type=self.actor_type or (None if self.bot is None else "Service" if self.bot else "Person"),
            switches=self._switches(), sayings=self._sayings(),
            pictures={name: _bytes(sent) for name, sent in (
                ("avatar", self.avatar), ("header", self.header), ("background", self.pleroma_background_image),
            ) if sent is not None},
        )

    def _switches(self) -> dict[str, bool]:
        named = {name: getattr(self, name) for name in (SWITCHES | NEWER_SWITCHES) - {"default_sensitive"}}
        named["default_sensitive"] = self.source and self.source.sensitive
        both = self.hide_collections
        hides = {} if both is None else {"hide_followers": both, "hide_follows": both}
        return hides | {name: value for name, value in named.items() if value is not None}

    def _sayings(self) -> dict[str, Any]:
        source, domains, days = self.source or SourceForm(), self.attribution_domains, self.status_ttl_days
        said = {
            "avatar_description": self.avatar_description, "header_description": self.header_description,
            "birthday": self.birthday, "quote_policy": source.quote_policy,
            "language": self.language if source.language is None else source.language,
            "status_ttl_days": "" if days is not None and days <= 0 else days,
            "attribution_domains": None if domains is None else
            [spelt for each in domains if (spelt := saying.spelt_domain(each))],
        }
        return {name: value for name, value in said.items() if value is not None}


@endpoint("PATCH", "/api/v1/accounts/update_credentials", auth=signed_in("write:accounts"),
          ahead=lookup.ahead_of_own)
def update_credentials(viewer: Viewer, wanted: Flat[CredentialsForm]) -> entities.Account:
    """Change the viewer's own account: all that is asked for, or nothing."""
    return render_own_account(profiles.update(viewer, wanted.change()), with_settings_store=True)


def _bytes(sent: str | SentFile) -> bytes | None:
    if isinstance(sent, SentFile):
        return sent.data
    if sent:
        raise Forbidden(INVALID)
    return None
