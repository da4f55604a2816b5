"""The notification policy of an account: whose notifications it takes, holds back for it to decide, or drops.

Each rule is about a kind of sender, and says `accept`, `filter` or `drop`. The strictest rule that fits counts. By
default every rule accepts. Nothing is read for it: the rules are in the profile of the recipient.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from ...ids import milliseconds
from ...store.accounts.accounts import Account
from ...store.relationships.relations import Relation
from ...store.statuses.addressing import Addressee
from ...store.statuses.statuses import Status
from .. import policies
from ..refusals import Unacceptable
from ..visibility import is_direct

ACCEPT, FILTER, DROP = "accept", "filter", "drop"
VERDICTS = (ACCEPT, FILTER, DROP)
NOT_FOLLOWING, NOT_FOLLOWERS, NEW_ACCOUNTS = "for_not_following", "for_not_followers", "for_new_accounts"
PRIVATE_MENTIONS, LIMITED_ACCOUNTS, BOTS = "for_private_mentions", "for_limited_accounts", "for_bots"
RULES = (NOT_FOLLOWING, NOT_FOLLOWERS, NEW_ACCOUNTS, PRIVATE_MENTIONS, LIMITED_ACCOUNTS, BOTS)
STRANGERS = "block_from_strangers"
"""The older switch, which is the same as dropping what comes from accounts that one does not follow."""
NEW_FOR = 30 * 86400
"""Seconds for which an account is new."""
FOLLOWS_AFTER = 3 * 86400
"""Seconds after which a follower counts as one."""
SUBJECT_TO_POLICY = frozenset({
    "mention", "reblog", "favourite", "follow", "follow_request", "quote", "pleroma:emoji_reaction",
    "pleroma:chat_mention",
})
"""Types that the policy may hold back. The others were asked for, or come from the server itself."""
BOT = frozenset({"Service", "Application"})


def of(account: Account) -> dict[str, str]:
    """What each rule of an account says."""
    kept = account.notification_settings or {}
    rules = {rule: str(kept.get(rule, ACCEPT)) for rule in RULES}
    return {**rules, NOT_FOLLOWING: DROP} if kept.get(STRANGERS) else rules


def rules_in(wanted: Mapping[str, str | None]) -> dict[str, str]:
    """The rules that somebody sends. Raises Unacceptable for a word that no rule says."""
    rules = {rule: word for rule, word in wanted.items() if word is not None}
    for rule, word in rules.items():
        if word not in VERDICTS:
            raise Unacceptable(f"Validation failed: {rule.replace('_', ' ').capitalize()} is not included in the list")
    return rules


def older_rules_in(wanted: Mapping[str, bool | None]) -> dict[str, str]:
    """The rules of those switches that somebody sends."""
    return {name.replace("filter", "for", 1): FILTER if on else ACCEPT
            for name, on in wanted.items() if on is not None}


def as_kept(wanted: Mapping[str, str]) -> dict[str, object]:
    """What is kept of the rules that change."""
    if NOT_FOLLOWING not in wanted:
        return dict(wanted)
    drops = wanted[NOT_FOLLOWING] == DROP
    return {**wanted, NOT_FOLLOWING: ACCEPT if drops else wanted[NOT_FOLLOWING], STRANGERS: drops}


def verdict(type: str, to: Addressee, by: Account, status: Status | None) -> str:
    """What becomes of a notification. `status`: that of a mention or quote, by its author."""
    rules = {rule: word for rule, word in of(to.account).items() if word != ACCEPT}
    if not rules or type not in SUBJECT_TO_POLICY or to.relation.accepts_notifications or _is_by_staff(type, by):
        return ACCEPT
    words = {word for rule, word in rules.items() if _FITS[rule](type, to.relation, by, status)}
    return DROP if DROP in words else FILTER if FILTER in words else ACCEPT


def _is_by_staff(type: str, by: Account) -> bool:
    return type == "mention" and by.host is None and bool(by.is_admin or by.is_moderator)


def is_follower(relation: Relation) -> bool:
    """Whether the other follows, and not only since a few days."""
    since = relation.followed_id
    return relation.followed_by and (since is None or time.time() - milliseconds(since) / 1000 >= FOLLOWS_AFTER)


def is_new(account: Account) -> bool:
    """Whether an account was made a short time ago, as far as its server tells."""
    published = account.profile.get("published") if account.host else None
    made = milliseconds(account.id) / 1000 if published is None else float(published)
    return time.time() - made < NEW_FOR


def _is_unasked_for(type: str, relation: Relation, status: Status | None) -> bool:
    """Whether it is a private mention that answers nothing of the recipient's."""
    return (type == "mention" and status is not None and is_direct(status.visibility)
            and status.parent_account_id != relation.me)


_FITS: Mapping[str, Callable[[str, Relation, Account, Status | None], bool]] = {
    NOT_FOLLOWING: lambda type, relation, by, status: not relation.follows,
    NOT_FOLLOWERS: lambda type, relation, by, status: not is_follower(relation),
    NEW_ACCOUNTS: lambda type, relation, by, status: not relation.follows and is_new(by),
    PRIVATE_MENTIONS: lambda type, relation, by, status:
        not relation.follows and _is_unasked_for(type, relation, status),
    LIMITED_ACCOUNTS: lambda type, relation, by, status: not relation.follows and policies.is_limited(by),
    BOTS: lambda type, relation, by, status: not relation.follows and by.actor_type in BOT,
}
"""Whether a rule is about this sender. Who is followed is taken as known, except by the rule for those who do not
follow."""
