"""Policies: what administrators have laid down for what others create. This is the one place where that acts.

A *policy* is a pure function. It gets an account and what is about to be created, and answers what may be created
instead, or refuses. Whatever creates a status, a reblog or a follow asks here first. What follows from it (whom it
addresses, where it is shown, what it counts for) only ever sees what the policies have left.

The policies here are the *tags* that an administrator gives to an account, and those for the host of an account of
another server (`host_policies.py`). They act on what is created later, and leave alone what is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..store.accounts.accounts import Account
from ..store.statuses.visibilities import PRIVATE, UNLISTED
from . import host_policies
from .refusals import Forbidden
from .visibility import is_open, is_public

FORCE_UNLISTED, SANDBOX = "mrf_tag:force-unlisted", "mrf_tag:sandbox"
MEDIA_FORCE_NSFW, MEDIA_STRIP = "mrf_tag:media-force-nsfw", "mrf_tag:media-strip"
DISABLE_ANY, DISABLE_REMOTE = "mrf_tag:disable-any-subscription", "mrf_tag:disable-remote-subscription"
NSFW = "nsfw"


@dataclass(frozen=True)
class Proposal:
    """A status or reblog that is about to be created, as far as a policy may change it.

    `tags`: the hashtags that it gets besides those of its text.
    """

    visibility: str
    has_media: bool = False
    sensitive: bool = False
    tags: tuple[str, ...] = ()


StatusPolicy = Callable[[Account, Proposal], Proposal]
"""From the author and what they propose to what is left of it. It may raise Forbidden."""
FollowPolicy = Callable[[Account, Account], None]
"""Raises Forbidden if the first account must not be followed by the second one."""


def judged(author: Account, proposal: Proposal) -> Proposal:
    """What the policies leave of a status or reblog. Raises Forbidden."""
    for policy in ON_STATUSES:
        proposal = policy(author, proposal)
    return proposal


def demand_follow(followed: Account, by: Account) -> None:
    """Raises Forbidden if a policy forbids the follow, or the request for one."""
    for policy in ON_FOLLOWS:
        policy(followed, by)


# Tags of the author, and the author's host.


def strip_media(author: Account, proposal: Proposal) -> Proposal:
    stripped = _has(author, MEDIA_STRIP) or host_policies.covers(host_policies.MEDIA_REMOVAL, author.host)
    return replace(proposal, has_media=False) if stripped else proposal


def mark_media(author: Account, proposal: Proposal) -> Proposal:
    marked = _has(author, MEDIA_FORCE_NSFW) or host_policies.covers(host_policies.MEDIA_NSFW, author.host)
    if not (proposal.has_media and marked):
        return proposal
    return replace(proposal, sensitive=True, tags=(*proposal.tags, NSFW))


def unlist(author: Account, proposal: Proposal) -> Proposal:
    if not is_public(proposal.visibility):
        return proposal
    unlisted = _has(author, FORCE_UNLISTED) or host_policies.covers(
        host_policies.FEDERATED_TIMELINE_REMOVAL, author.host)
    return replace(proposal, visibility=UNLISTED) if unlisted else proposal


def sandbox(author: Account, proposal: Proposal) -> Proposal:
    """Local statuses too: otherwise everybody here would still see what the author posts."""
    if not is_open(proposal.visibility):
        return proposal
    narrowed = _has(author, SANDBOX) or host_policies.covers(host_policies.FOLLOWERS_ONLY, author.host)
    return replace(proposal, visibility=PRIVATE) if narrowed else proposal


def is_limited(account: Account) -> bool:
    """Whether less is made of all that the account posts."""
    if _has(account, FORCE_UNLISTED) or _has(account, SANDBOX):
        return True
    limiting = (host_policies.FEDERATED_TIMELINE_REMOVAL, host_policies.FOLLOWERS_ONLY)
    return any(host_policies.covers(name, account.host) for name in limiting)


# Tags of whom somebody wants to follow.


def refuse_followers(followed: Account, by: Account) -> None:
    if _has(followed, DISABLE_ANY):
        raise Forbidden("rejected")


def refuse_remote_followers(followed: Account, by: Account) -> None:
    if by.host and _has(followed, DISABLE_REMOTE):
        raise Forbidden("rejected")


def _has(account: Account, tag: str) -> bool:
    return tag in (account.tags or ())


ON_STATUSES: Sequence[StatusPolicy] = (strip_media, mark_media, unlist, sandbox)
"""In the order in which they act: media that are gone need no mark."""
ON_FOLLOWS: Sequence[FollowPolicy] = (refuse_followers, refuse_remote_followers)
