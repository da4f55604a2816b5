"""Push subscriptions: where a client wants to hear of notifications. Each access token has one at most.

A subscription lives as long as its token. Code that ends tokens need not know of it: every push reads the token too,
and deletes the subscription if that is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .. import chats
from ..accounts import accounts
from ..accounts.accounts import PROFILE, Account, ViewerSet
from ..chats import ChatMessage
from ..dynamo.attributes import BooleanAttribute, Document, NumberAttribute, UnicodeAttribute
from ..dynamo.keys import Key, key
from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, FoundRecords, Record, Table, fetch, named, remove, transaction, update
from ..relationships import relations
from ..relationships.relations import Relation, relation_key
from ..signing_in.tokens import Token
from ..statuses.statuses import Status, status_key
from . import reading
from .notifications import TYPES, Notification

PREFIX = "P#"
MOST_SERVED = 20


class Subscription(Record):
    """`token` is the sealed access token, which every push carries.

    Asked: that of a token (get) · all of an account (query).
    """

    class Meta(Table):
        table_name = named("tokens")

    ABSENT = {"policy": "all", "standard": False}
    owner = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    endpoint = UnicodeAttribute()
    p256dh = UnicodeAttribute()
    auth = UnicodeAttribute()
    alerts = Document()
    policy = UnicodeAttribute(null=True)
    standard = BooleanAttribute(attr_name="std", null=True)
    """Whether the client reads what RFC 8291 says. What came before is known to few."""
    token = UnicodeAttribute(attr_name="sealed")
    created = NumberAttribute()
    ttl = NumberAttribute(null=True)

    @property
    def number(self) -> int:
        """The id shown to clients: the first 31 bits of the token's hash, since some read no larger number."""
        return int(self.k[2:10], 16) >> 1


def key_of(token: Token) -> str:
    """The sort key of the token's subscription."""
    return PREFIX + token.k.removeprefix("A#")


def _token_key(subscription: Subscription) -> Key:
    return key(Token, subscription.owner, "A#" + subscription.k.removeprefix(PREFIX))


def find(token: Token) -> Subscription | None:
    k = key_of(token)
    return fetch(strong=[key(Subscription, token.owner, k)]).get(Subscription, token.owner, k)


def put(subscription: Subscription) -> bool:
    """Write it in place of the token's earlier one. False when the token has ended meanwhile."""
    token = _token_key(subscription)
    try:
        with transaction() as write:
            write.put(subscription)
            write.check(Token.stub(token.hash, token.range), Token.k.exists())
            write.update(Account.stub(subscription.owner, PROFILE), [Account.has_push.set(True)], Account.id.exists())
    except ConditionFailed:
        return False
    return True


def set_alerts(subscription: Subscription, alerts: Mapping[str, bool], policy: str) -> bool:
    """Replace the alerts and the policy of a subscription. False when it is gone."""
    actions = [Subscription.alerts.set(dict(alerts)), Subscription.policy.set(policy)]
    return update(subscription, actions, Subscription.k.exists())


def end(subscription: Subscription) -> None:
    """Delete a subscription, unless it has been replaced since it was read."""
    unchanged = (Subscription.endpoint == subscription.endpoint) & (Subscription.token == subscription.token)
    if remove(Subscription.stub(subscription.owner, subscription.k), unchanged):
        settle(subscription.owner)


def settle(account_id: str) -> None:
    """Note in the profile whether the account has subscriptions. One that is made at this moment is not overlooked."""
    if not of_account(account_id):
        profile = Account.stub(account_id, PROFILE)
        update(profile, [Account.has_push.remove()], Account.has_push.exists())
        if of_account(account_id):
            update(profile, [Account.has_push.set(True)], Account.id.exists() & Account.deleted.does_not_exist())


def of_account(account_id: str) -> list[Subscription]:
    """All of an account, the latest first."""
    rows = Subscription.query(account_id, Subscription.k.startswith(PREFIX), consistent_read=True)
    return sorted(rows, key=lambda row: int(row.created), reverse=True)


def reseal(subscription: Subscription, sealed: str) -> bool:
    """Store the token sealed with another key. False when the subscription has changed since it was read."""
    return update(Subscription.stub(subscription.owner, subscription.k), [Subscription.token.set(sealed)],
                  Subscription.token == subscription.token)


# What is to be pushed.


@dataclass(frozen=True)
class DuePush:
    """A notification with all that is needed to push it. `ended`: the subscriptions whose tokens are gone.

    `relation`: the recipient's to whoever caused it; a blank one unless it was asked for.
    """

    notification: Notification
    recipient: Account
    hides: ViewerSet
    by: Account
    status: Status | None
    message: ChatMessage | None
    subscriptions: list[Subscription]
    ended: list[Subscription]
    relation: Relation


def due(account_id: str, number: int, wants_relation: Callable[[str], bool]) -> DuePush | None:
    """A notification with its account's subscriptions, in two rounds. None when there is nothing to push any more.

    `wants_relation`: whether a policy asks how the recipient and the other stand to each other.
    """
    told = reading.notification_key(account_id, number)
    keys = [told, accounts.profile_key(account_id), accounts.viewer_set_key(account_id)]
    found, subscriptions = together(lambda: fetch(strong=keys), lambda: of_account(account_id))
    notification = found.get(Notification, account_id, number)
    recipient = accounts.in_found(found, account_id)
    if notification is None or recipient is None:
        return None
    relation = [relation_key(account_id, notification.by)] if any(
        wants_relation(each.policy) for each in subscriptions) else []
    around, messages = together(lambda: _around(notification, subscriptions, relation),
                                lambda: _messages(notification))
    by = accounts.in_found(around, notification.by)
    status = around.get(Status, notification.status) if notification.status else None
    message = messages.get(notification.cause)
    gone = (notification.status and (status is None or status.deleted)) or (_is_of_chat(notification) and not message)
    if by is None or gone:
        return None
    alive: list[Subscription] = []
    ended: list[Subscription] = []
    for each in subscriptions:
        token = around.get(Token, *_token_key(each)[1:])
        (alive if _is_alive(token, recipient) else ended).append(each)
    return DuePush(notification, recipient, accounts.viewer_set_in(found, account_id), by, status, message,
                   alive[:MOST_SERVED], ended,
                   around.get(Relation, account_id, notification.by) or relations.blank(account_id, notification.by))


def _around(notification: Notification, subscriptions: list[Subscription], also: list[Key]) -> FoundRecords:
    keys = [accounts.profile_key(notification.by), *map(_token_key, subscriptions), *also]
    return fetch(strong=[*keys, *([status_key(notification.status)] if notification.status else ())])


def _is_of_chat(notification: Notification) -> bool:
    return bool(notification.type == TYPES["pleroma:chat_mention"])


def _messages(notification: Notification) -> dict[str, ChatMessage]:
    wanted = [(notification.by, notification.cause)] if _is_of_chat(notification) else []
    return chats.find_messages(notification.account, wanted)


def _is_alive(token: Token | None, account: Account) -> bool:
    return token is not None and not token.expired and token.generation == account.token_generation
