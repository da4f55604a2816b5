"""Domain blocks: the viewer does not hear of any account of a host, except of those whom the viewer follows.

Follows between the viewer and other servers that a block covers end with it, by a job, and these servers are told. Whom
the viewer follows afterwards is the exception.

`d.example` covers that host; `*.d.example` covers it and everything below. Neither covers `bad.example`, which only
ends in the same letters. A pattern with a port covers that port alone, one without a port all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...host_list import covers
from ...ids import new_flake
from ...settings import settings
from ...store.accounts import accounts as people
from ...store.accounts.accounts import Account
from ...store.dynamo.keys import Key
from ...store.dynamo.parallel import together
from ...store.relationships import domain_blocks, relations
from ...store.relationships.domain_blocks import DomainBlocks
from ...store.relationships.relations import Relation
from .. import events
from ..event_types.accounts import DomainsBlocked
from ..refusals import Unacceptable
from ..retrying import retried
from ..viewer import Viewer

MOST = 1000
LONGEST = 255
MOST_LOOKED_AT = 1_000
"""So many followers, and so many of those whom one follows, are looked at before a block: the newest accounts."""


def ahead(viewer_id: str, **_: str) -> list[Key]:
    """What every request about domain blocks reads first."""
    return domain_blocks.keys(viewer_id)


def list_of(viewer: Viewer) -> list[str]:
    """The viewer's blocked domains, newest first."""
    return domain_blocks.find(viewer.id).domains


@dataclass(frozen=True)
class Affected:
    """How many followers a domain has, and how many accounts there are followed."""

    followers: int
    following: int


def count_affected(domain: str, viewer: Viewer) -> Affected:
    """Of how many accounts there the viewer would hear otherwise, before they block the domain."""
    pattern = _checked(domain)

    def newest(*, followers: bool) -> list[str]:
        return relations.listed(viewer.id, followers=followers, above=None, below=None, ascending=False,
                                limit=MOST_LOOKED_AT)

    by_them, by_me = together(lambda: newest(followers=True), lambda: newest(followers=False))
    there = {id for id, account in people.find_many({*by_them, *by_me}).items()
             if covers_host(pattern, account.host or settings.host)}
    return Affected(len(there.intersection(by_them)), len(there.intersection(by_me)))


def add(domain: str, viewer: Viewer) -> None:
    """Block a domain. A second time changes nothing."""
    domain = _checked(domain)
    retried(lambda: _add(domain, viewer))


def _add(domain: str, viewer: Viewer) -> None:
    listed = domain_blocks.find(viewer.id)
    if domain in listed.domains:
        return
    if len(listed.domains) >= MOST:
        raise Unacceptable(f"You can only block {MOST} domains")
    _block(listed, [domain], viewer)


def add_all(domains: Sequence[str], viewer: Viewer) -> list[str]:
    """Block as many domains as may be, in one write. Answers the others."""
    return retried(lambda: _add_all(domains, viewer))


def _add_all(domains: Sequence[str], viewer: Viewer) -> list[str]:
    listed = domain_blocks.find(viewer.id)
    known = set(listed.domains)
    room = max(MOST - len(known), 0)
    new = [each for each in dict.fromkeys(map(_spelt, domains)) if each not in known and 0 < len(each) <= LONGEST]
    if new[:room]:
        _block(listed, new[:room], viewer)
    return [each for each in domains if _spelt(each) not in known.union(new[:room])]


def _block(listed: DomainBlocks, new: Sequence[str], viewer: Viewer) -> None:
    event = DomainsBlocked(viewer.id, [*new], new_flake())
    domain_blocks.save(listed, [*new, *listed.domains], added=new, jobs=events.owed(event))
    events.tell(event)


def remove(domain: str, viewer: Viewer) -> None:
    """Unblock a domain. Harmless if it was not blocked."""
    retried(lambda: _remove(_spelt(domain), viewer))


def _remove(domain: str, viewer: Viewer) -> None:
    listed = domain_blocks.find(viewer.id)
    if domain in listed.domains:
        domain_blocks.save(listed, [each for each in listed.domains if each != domain], removed=[domain])


def _checked(domain: str) -> str:
    """The domain as it is kept. Raises Unacceptable."""
    domain = _spelt(domain)
    if not domain:
        raise Unacceptable("can't be blank")
    if len(domain) > LONGEST:
        raise Unacceptable(f"should be at most {LONGEST} character(s)")
    return domain


def _spelt(domain: str) -> str:
    return domain.strip().casefold()


def find_unwanted(accounts: Iterable[Account], viewer: Viewer | None,
             known: Mapping[str, Relation] | None = None) -> set[str]:
    """The ids of accounts of blocked hosts whom the viewer does not follow. They count as blocked.

    `known`: how the viewer stands to the accounts. None: it is read here.
    """
    if viewer is None or not viewer.hides.blocked_domains:
        return set()
    covered = {each.id for each in accounts if each.id != viewer.id and blocks_domain(viewer, each)}
    rows = relations.find_many(viewer.id, covered) if known is None else known
    return {id for id in covered if id not in rows or not rows[id].follows}


def blocks_domain(viewer: Viewer, account: Account) -> bool:
    """Whether the account's host is one that the viewer blocks."""
    return blocks_host(viewer, account.host or settings.host)


def blocks_host(viewer: Viewer, host: str) -> bool:
    """Whether the viewer blocks a host, which may have a port."""
    return any(covers_host(pattern.casefold(), host) for pattern in viewer.hides.blocked_domains)


def covers_host(pattern: str, host: str) -> bool:
    """Whether a pattern of a person's list means a host, which may have a port."""
    whole = host.casefold()
    return covers(pattern, whole) or covers(pattern, whole.partition(":")[0])
