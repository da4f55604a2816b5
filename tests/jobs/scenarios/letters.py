"""Letters, what happens when an account arrives, and new passwords that are demanded."""

from __future__ import annotations

from chalicelib.domain.accounts import arrivals
from chalicelib.domain.staff import media_proxy
from chalicelib.queues.accounts import Arrival, ForcePasswordReset
from chalicelib.queues.instance import PurgeCdn
from chalicelib.queues.notifications import Mail, MailNamed
from chalicelib.settings import settings
from chalicelib.store.accounts import accounts
from tests.cast import PASSWORD, Person
from tests.cdn_of_moto import distribution, forgotten
from tests.endpoints.chats.talking import heard
from tests.jobs.scenarios.registry import leaves
from tests.jobs.scenarios.relationships import standings
from tests.jobs.scenarios.statuses import counted, homes, told
from tests.jobs.world import Shows, World

NOT_NOTED = {"letters": "SES has taken the letter, and the worker dies before it can note that"}


def signs_up(world: World) -> Person:
    """Dora, whose account may have to be confirmed or approved."""
    app = world.cast.app
    machine = Person(token=Person().post("/oauth/token", form={
        "grant_type": "client_credentials", "client_id": app.client_id, "client_secret": app.secret,
    }).json["access_token"])
    reply = machine.post("/api/v1/accounts", json={
        "username": "dora", "password": PASSWORD, "agreement": True, "email": "dora@example.org", "reason": "why not"})
    assert reply.status == 200, reply.body
    account = accounts.find_by_nickname("dora")
    assert account is not None
    return world.cast.signs_in(account)


@leaves(Mail, settings={"account_activation_required": True}, resent=NOT_NOTED)
def mail(world: World) -> Shows:
    """The letter that has an address confirmed."""
    signs_up(world)
    return dict


@leaves(MailNamed, resent={**NOT_NOTED, "table ephemeral": "the link of a letter that was not sent ends by itself"})
def mail_named(world: World) -> Shows:
    """The letter to whoever has forgotten a password."""
    world.people("alice")
    Person().post("/auth/password", {"nickname": "alice"})
    return dict


@leaves(ForcePasswordReset)
def force_password_reset(world: World) -> Shows:
    """An administrator demands a new password, and the account holds a token."""
    (alice,) = world.people("alice")
    admin = world.cast.person("root", is_admin=True, scopes="admin")
    reply = admin.patch("/api/pleroma/admin/users/force_password_reset", json={"nicknames": ["alice"]})
    assert reply.status == 204, reply.body
    return lambda: {"alice": alice.get("/api/v1/accounts/verify_credentials").status,
                    "waits": bool(alice.account.reset_pending)}


@leaves(Arrival, settings={"account_activation_required": True})
def arrival_to_confirm(world: World) -> Shows:
    signs_up(world)
    return dict


@leaves(Arrival, settings={"account_approval_required": True})
def arrival_to_review(world: World) -> Shows:
    """The account waits for approval: it is told so, and the staff is."""
    world.cast.person("root", is_admin=True)
    world.cast.person("moderator", is_moderator=True)
    signs_up(world)
    return dict


@leaves(Arrival, settings={
    "autofollowed_nicknames": "host,guide", "autofollowing_nicknames": "host", "welcome_email": True,
    "welcome_direct_message": "Ask me.", "welcome_direct_sender": "host",
    "welcome_chat_message": "Or me.", "welcome_chat_sender": "guide"})
def arrival(world: World) -> Shows:
    """Everything that an account may be welcomed by."""
    host, guide = world.people("host", "guide")
    for each in (host, guide):
        each.posts(f"of {each.nickname}")
    world.run_all()
    dora = signs_up(world)
    return lambda: {
        **homes(dora), **told(dora, host, guide), **counted(dora, host, guide), **standings(dora, host, guide),
        "heard": heard(dora, guide), "conversations": dora.get("/api/v1/conversations").json,
        "arrived": arrivals.message_for(dora.account) is not None,
    }


@leaves(PurgeCdn)
def purge_cdn(world: World) -> Shows:
    """Copies that the CDN is to forget."""
    world.patch.setattr(settings, "cdn", distribution())
    media_proxy.purge([f"{settings.base_url}/media/ab.png"], ban=True)
    return lambda: {"forgotten": sorted({path for paths in forgotten() for path in paths})}
