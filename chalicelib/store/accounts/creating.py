"""Making accounts: the profile and the secrets, with the claims of nickname and e-mail address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..dynamo.keys import Key
from ..dynamo.table import ConditionFailed, FoundRecords, Writes, fetch, transaction
from ..jobs import Job
from ..signing_in import tokens
from ..signing_in.tokens import Minted
from ..staff import log
from ..staff.log import LoggedAct
from . import invites, standings
from .accounts import Account, Secret
from .claims import Claim, email_claim, nickname_claim
from .invites import Invite

NICKNAME, EMAIL, INVITE = "nickname", "email", invites.SPENT


class Taken(Exception):
    """The nickname or the e-mail address has an owner already, or the invite was used up.

    `spelling`: the nickname as its owner writes it.
    """

    def __init__(self, what: str, spelling: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.spelling = spelling


class SomeTaken(Exception):
    """What has an owner already, of several accounts to be made: `NICKNAME` or `EMAIL`, by the account's place."""

    def __init__(self, what: Mapping[int, str]) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class New:
    """An account to be made. `job`: what follows."""

    account: Account
    secret: Secret
    job: Job | None = None


def create(account: Account, secret: Secret, *, app: str | None = None, scopes: Sequence[str] = (),
           invite: Invite | None = None, job: Job | None = None) -> Minted | None:
    """Write a new account with all that belongs to it, all or nothing: claims, statistics, the use of an invite, the
    job that follows and, for an app, the first token.

    Raises Taken. Of several reasons it names the invite first, then the nickname, then the e-mail address.
    """
    try:
        with transaction() as write:
            _put(write, [New(account, secret, job)])
            if invite is not None:
                invites.use_in(write, invite)
            return tokens.issue_in(write, account.id, app, scopes, 0) if app else None
    except ConditionFailed as failed:
        if invites.SPENT in failed.labels:
            raise Taken(INVITE) from failed
        if _label(NICKNAME, 0) in failed.labels:
            spelling = failed.old.get(_label(NICKNAME, 0), {}).get("as", {}).get("S", "")
            raise Taken(NICKNAME, spelling) from failed
        raise Taken(EMAIL) from failed


def create_all(wanted: Sequence[New], entry: LoggedAct) -> None:
    """Write new accounts and the entry of the moderation log, all or nothing. Raises SomeTaken."""
    try:
        with transaction() as write:
            _put(write, wanted)
            log.add(write, entry)
    except ConditionFailed as failed:
        raise SomeTaken({
            place: what for place in range(len(wanted)) for what in (EMAIL, NICKNAME)
            if _label(what, place) in failed.labels
        }) from failed


def _put(write: Writes, wanted: Sequence[New]) -> None:
    for place, each in enumerate(wanted):
        _claim(write, each.account, each.secret, place)
        write.put(each.secret)
        if each.job is not None:
            write.put(each.job)
    standings.enter(write, *(each.account for each in wanted))


def _claim(write: Writes, account: Account, secret: Secret, place: int) -> None:
    nickname = Claim(nickname_claim(account.nickname).hash, id=account.id, spelling=account.nickname)
    write.put(nickname, Claim.key.does_not_exist(), label=_label(NICKNAME, place), old=True)
    if secret.email:
        email = Claim(email_claim(secret.email).hash, id=account.id, spelling=secret.email)
        write.put(email, Claim.key.does_not_exist(), label=_label(EMAIL, place))


def _label(what: str, place: int) -> str:
    return f"{what} {place}"


def find_taken(nickname: str, email: str | None, *, also: Iterable[Key] = ()) -> tuple[Taken | None, FoundRecords]:
    """Which of the two has an owner now, asked before any work is put into an account. The same round reads `also`."""
    wanted = [nickname_claim(nickname)] + ([email_claim(email)] if email else [])
    found = fetch(strong=[*wanted, *also])
    owned = found.get(Claim, wanted[0].hash)
    if owned is not None:
        return Taken(NICKNAME, owned.spelling or ""), found
    return Taken(EMAIL) if email and found.get(Claim, wanted[1].hash) else None, found


def find_all_taken(wanted: Sequence[tuple[str, str]]) -> dict[int, str]:
    """What has an owner now, of several nicknames and addresses: `NICKNAME` or `EMAIL`, by place. One round."""
    claims = [(nickname_claim(nickname), email_claim(email) if email else None) for nickname, email in wanted]
    found = fetch(strong=[claim for pair in claims for claim in pair if claim is not None])
    owned: dict[int, str] = {}
    for place, (nickname, email) in enumerate(claims):
        if found.get(Claim, nickname.hash) is not None:
            owned[place] = NICKNAME
        elif email is not None and found.get(Claim, email.hash) is not None:
            owned[place] = EMAIL
    return owned


def find_owner(email: str) -> str | None:
    """The id of the account with this address."""
    wanted = email_claim(email)
    claim = fetch(strong=[wanted]).get(Claim, wanted.hash)
    return claim.id if claim is not None else None
