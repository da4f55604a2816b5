"""What administrators do with accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ... import entities
from ...domain import lookup
from ...domain.signing_in import mfa, password_reset
from ...domain.staff import confirming, creating, directory, resetting, users
from ...domain.staff.acting import acting
from ...domain.staff.creating import NewUser, NotCreated
from ...domain.staff.directory import WantedAccounts
from ...domain.viewer import Viewer
from ...entities.staff.admin_account import render_admin_account
from ...entities.staff.admin_account_page import render_admin_accounts
from ...entities.staff.created_user import render_created_users, render_uncreated_users
from ...web.auth import admin, refuse_forged
from ...web.endpoint import endpoint
from ...web.kinds import ParameterFault
from ...web.params import Flat, InvalidParameters, Loose, MinItems, Named
from ...web.replies import As, NoContent, Reply, unkept
from ...web.request import Request

Names = Annotated[list[str], "Nicknames or ids.", MinItems(1)]


@dataclass(frozen=True)
class AccountSearch:
    query: Annotated[str, "The nickname contains it."] = ""
    name: Annotated[str, "The display name contains it."] = ""
    email: Annotated[str, "The whole e-mail address."] = ""
    filters: Annotated[list[str] | None,
                       f"All of these hold, separated by commas: {', '.join(directory.FILTERS)}."] = None
    tags: Annotated[list[str] | None, "The account has any of them."] = None
    actor_types: Annotated[list[str] | None, "The account is any of them."] = None

    @property
    def wanted(self) -> WantedAccounts:
        filters = [word.strip() for listed in self.filters or () for word in listed.split(",")]
        return WantedAccounts(self.query, self.name, self.email, filters, _without_blanks(self.tags),
                      _without_blanks(self.actor_types))


def _without_blanks(words: list[str] | None) -> list[str]:
    return [word for word in words or () if word]


@dataclass(frozen=True)
class Deleted:
    nicknames: Annotated[list[str] | None, "Nicknames or ids.", MinItems(1)] = None
    nickname: Annotated[str | None, "An older form, for a list of one."] = None

    def __post_init__(self) -> None:
        if self.nicknames is None and self.nickname is None:
            raise InvalidParameters([ParameterFault(("nicknames",), "Missing field: nicknames")])

    @property
    def all(self) -> list[str]:
        return [self.nickname or ""] if self.nicknames is None else self.nicknames


@endpoint("GET", "/api/pleroma/admin/users", auth=admin("admin:read:accounts"))
def list_all(search: Flat[AccountSearch], page: Loose[int] = None,
             page_size: Loose[int] = None) -> entities.AdminAccountPage:
    """All accounts that fit, by nickname."""
    found = directory.list_accounts(search.wanted, page, page_size)
    return {"users": render_admin_accounts(found.accounts), "count": found.count, "page_size": found.page_size}


@endpoint("GET", "/api/pleroma/admin/users/{nickname}", auth=admin("admin:read:accounts"), refuses=(404,))
def show(nickname: str) -> entities.AdminAccount:
    """One account, whatever its state."""
    return render_admin_account(*users.get(nickname))


@endpoint("POST", "/api/pleroma/admin/users", auth=admin("admin:write:accounts"))
def create(viewer: Viewer | None, wishes: Annotated[list[NewUser], Named("users"), MinItems(1)],
           ) -> Reply[list[entities.CreatedUser]] | Annotated[Reply[list[entities.UncreatedUser]], As(409)]:
    """Make accounts, all or none of them. Their addresses count as confirmed."""
    try:
        creating.create(wishes, acting(viewer))
    except NotCreated as refused:
        return Reply(render_uncreated_users(wishes, refused.faults), 409)
    return Reply(render_created_users(wishes))


@endpoint("DELETE", "/api/pleroma/admin/users", auth=admin("admin:write:accounts"), refuses=(404,))
def delete(viewer: Viewer | None, named: Flat[Deleted]) -> list[str]:
    """Delete accounts. They are deactivated at once; jobs do the rest. Answers the nicknames as given."""
    users.delete(named.all, acting(viewer))
    return named.all


@endpoint("PATCH", "/api/pleroma/admin/users/activate", auth=admin("admin:write:accounts"), refuses=(404,))
def activate(viewer: Viewer | None, nicknames: Names) -> entities.AdminAccounts:
    """Activate accounts. Tokens that they had work again."""
    return {"users": render_admin_accounts(users.activate(nicknames, acting(viewer)))}


@endpoint("PATCH", "/api/pleroma/admin/users/deactivate", auth=admin("admin:write:accounts"), refuses=(404,))
def deactivate(viewer: Viewer | None, nicknames: Names) -> entities.AdminAccounts:
    """Deactivate accounts. They are hidden, and their tokens are worth nothing."""
    return {"users": render_admin_accounts(users.deactivate(nicknames, acting(viewer)))}


@endpoint("PATCH", "/api/pleroma/admin/users/{nickname}/toggle_activation", auth=admin("admin:write:accounts"),
          refuses=(404,))
def toggle_activation(viewer: Viewer | None, nickname: str) -> entities.AdminAccount:
    """Deactivate an active account, activate another one. An older form of `activate` and `deactivate`."""
    return render_admin_account(*users.toggle(nickname, acting(viewer)))


@endpoint("PATCH", "/api/pleroma/admin/users/approve", auth=admin("admin:write:accounts"), refuses=(404,))
def approve(viewer: Viewer | None, nicknames: Names) -> entities.AdminAccounts:
    """Let accounts in that wait for it."""
    return {"users": render_admin_accounts(users.approve(nicknames, acting(viewer)))}


@endpoint("PATCH", "/api/pleroma/admin/users/suggest", auth=admin("admin:write:accounts"), refuses=(404,))
def suggest(viewer: Viewer | None, nicknames: Names) -> entities.AdminAccounts:
    """Suggest accounts to everybody who asks whom to follow, as long as they want to be found. At most 40 are."""
    return {"users": render_admin_accounts(users.suggest(nicknames, acting(viewer)))}


@endpoint("PATCH", "/api/pleroma/admin/users/unsuggest", auth=admin("admin:write:accounts"), refuses=(404,))
def unsuggest(viewer: Viewer | None, nicknames: Names) -> entities.AdminAccounts:
    """Suggest accounts to everybody no longer."""
    return {"users": render_admin_accounts(users.unsuggest(nicknames, acting(viewer)))}


@endpoint("PATCH", "/api/pleroma/admin/users/confirm_email", auth=admin("admin:write"), refuses=(404,))
def confirm_email(viewer: Viewer | None, nicknames: Names) -> list[str]:
    """Count the addresses of accounts as confirmed. Answers their nicknames."""
    return [account.nickname for account in confirming.confirm(nicknames, acting(viewer))]


@endpoint("PATCH", "/api/pleroma/admin/users/resend_confirmation_email", auth=admin("admin:write"), refuses=(404,))
def resend_confirmation_email(viewer: Viewer | None, nicknames: Names) -> list[str]:
    """Send accounts the letter of confirmation, pending or not. Answers their nicknames."""
    return [account.nickname for account in confirming.resend(nicknames, acting(viewer))]


@endpoint("PATCH", "/api/pleroma/admin/users/force_password_reset", auth=admin("admin:write:accounts"),
          refuses=(404,))
def force_password_reset(viewer: Viewer | None, nicknames: Names) -> NoContent:
    """Let a job refuse all that accounts hold, until each has a new password by a link."""
    resetting.force(nicknames, acting(viewer))
    return NoContent()


@endpoint("GET", "/api/pleroma/admin/users/{nickname}/password_reset", auth=admin("admin:write:accounts"),
          refuses=(404,))
def reset_password(request: Request, nickname: str) -> Reply[entities.PasswordReset]:
    """A link to a new password for an account of this server, to hand over. It works once; there may be several."""
    refuse_forged(request)
    token, link = password_reset.link_for(lookup.get_any(nickname))
    return unkept(Reply({"token": token, "link": link}))


@endpoint("PUT", "/api/pleroma/admin/users/disable_mfa", auth=admin("admin:write:accounts"), refuses=(404,))
def disable_mfa(nickname: str) -> str:
    """Switch off the second factor of an account. Answers the nickname. Harmless if it was off."""
    account = lookup.get_any(nickname)
    mfa.disable_for(account.id)
    return account.nickname
