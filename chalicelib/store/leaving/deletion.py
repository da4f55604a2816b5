"""Deleting an account: profile, secrets, relationships, partitions of its own, and files.

Everything here finds what is left and may run twice. `deleted_statuses` deletes what the account has written, and
`with_others` what it has left with others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pynamodb.attributes import Attribute

from .. import files, jobs
from ..accounts import accounts, standings
from ..accounts.accounts import PROFILE, SECRET, Account, Part, Secret, ViewerSet
from ..accounts.claims import Claim, email_claim, nickname_claim, uri_claim
from ..accounts.standings import Move
from ..dynamo import partitions
from ..dynamo.failures import Overtaken
from ..dynamo.keys import key
from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, Overloaded, Writes, fetch, remove, transaction, write_batch
from ..federation.keys import KEYS
from ..instance import counters
from ..jobs import Job
from ..media import uploads as media
from ..media.uploads import Upload
from ..notifications.notifications import TYPES, Notification
from ..relationships import lists, relations
from ..relationships.lists import ListRow
from ..relationships.relations import Pair, Relation
from ..staff import log, suggesting
from ..staff.log import LoggedAct
from ..timelines.feeds import HomeRow

PAIRS_PER_PAGE = 24
UPLOADS_PER_PAGE = 100
AT_A_TIME = 8
FOLDERS = ("backups", "imports")
"""Folders of the bucket that hold a folder for each account: `backups/ACCOUNT/…`."""
PICTURES = ("avatar", "header", "background")
BIRTHDAY = ("birthday", "show_birthday")

# Partitions that belong to the account alone. Each is deleted as a whole.
OWN: tuple[tuple[str, str], ...] = (
    ("tokens", ""), ("lists", ""), ("notifications", ""), ("conversations", ""), ("chats", ""), ("marks", ""),
    ("scheduled", ""), ("backups", ""), ("home", "h#"), ("home", "d#"),
    ("feeds", "a#"), ("feeds", "r#"), ("feeds", "m#"), ("feeds", "s#"),
)


# The profile.


def ask(known: Sequence[Account], owed: Iterable[Job], entry: LoggedAct) -> None:
    """Deactivate accounts that are to be deleted, and write the jobs that do it. Raises Overtaken: one of them has
    changed since it was read, or somebody else has asked for it.
    """
    try:
        with transaction() as write:
            standings.move(write, *(Move(account, {"deactivated": True}, condition=Account.deleted.does_not_exist())
                                    for account in known))
            for job in owed:
                write.put(job, Job.id.does_not_exist())
            log.add(write, entry)
    except ConditionFailed as failed:
        raise Overtaken from failed


def close(account_id: str) -> Account | None:
    """Make the account invisible, end its tokens, and forget at once who it was. None when there is no account.

    One transaction deletes e-mail address and secrets, and corrects statistics and the list of staff. The profile
    still names the pictures until their files are gone, and the birthday until nobody is found by it. Raises Overtaken.
    """
    found = fetch(strong=[accounts.profile_key(account_id), key(Secret, account_id, SECRET)])
    account = accounts.in_found(found, account_id)
    if account is None or account.deleted:
        return account
    try:
        _close(account, found.get(Secret, account_id, SECRET))
    except ConditionFailed as failed:  # for example, the address changed at this moment
        raise Overtaken from failed
    return accounts.find(account_id)


def _close(account: Account, secret: Secret | None) -> None:
    needed = {name: account.profile[name] for name in (*PICTURES, *BIRTHDAY) if account.profile.get(name)}
    emptied: list[Attribute[Any]] = [
        Account.tags, Account.pins, Account.notification_settings, Account.has_push, Account.locked,
        Account.reset_pending, Account.suggested,
    ]
    closed = {"deactivated": True, "is_admin": None, "is_moderator": None, "actor_type": None}
    was_active = Account.deactivated.does_not_exist() | Account.deactivated.is_in(False)
    with transaction() as write:
        standings.move(write, Move(
            account, closed, [
                Account.deleted.set(True), Account.doc.set(needed), Account.token_generation.add(1),
                *(attribute.remove() for attribute in emptied),
            ],
            Account.deleted.does_not_exist() & (Account.deactivated.is_in(True) if account.deactivated else was_active),
        ))
        if account.suggested:
            suggesting.strike(write, account.id)
        if secret is not None:
            same = Secret.email == secret.email if secret.email else Secret.email.does_not_exist()
            write.delete(Secret.stub(account.id, SECRET), same)
        if secret is not None and secret.email:
            claim = email_claim(secret.email)
            write.delete(Claim.stub(claim.hash), Claim.key.does_not_exist() | (Claim.id == account.id))


def end(account_id: str, *, entirely: bool) -> None:
    """Leave only a note that there was an account of this name, and that it is gone. `entirely`: not even that.

    An account of another server may be met again, unless that server has said that it is gone.
    """
    account = accounts.find(account_id)
    if account is None:
        return
    counters.dismiss(account_id)
    if account.suggested:  # since just before the account was closed
        suggesting.dismiss(account_id)
    if account.foreign_uri is not None:
        remove(Claim.stub(uri_claim(account.foreign_uri).hash), (Claim.id == account_id) & Claim.gone.does_not_exist())
    husk = Account(
        account_id, PROFILE, nickname=account.nickname, nickname_lower=account.nickname_lower,
        nickname_find=account.nickname_find, host=account.host, deactivated=True, deleted=True,
        token_generation=account.token_generation,
    )
    gone = Account.deleted.is_in(True)
    try:
        with transaction() as write:
            if entirely:
                standings.leave(write, account, gone)
                claim = nickname_claim(account.nickname)
                write.delete(Claim.stub(claim.hash), Claim.key.does_not_exist() | (Claim.id == account_id))
            else:
                standings.replace(write, account, husk, gone)
    except ConditionFailed:
        pass  # it was deleted at the same moment


# How it stands to others.


def unwind(account_id: str, timers: Callable[[str, ViewerSet], Iterable[str]]) -> int:
    """Undo a page of pairs: both rows, what each had counted of the other, what it brought to home timelines.

    Every row by the account leaves the home timelines of followers: one query reads such a timeline, and finds all
    that was placed there and has not expired. `timers` names the jobs that wait for the ends of mutes and blocks of the
    account, from the viewer set of whoever made them. Answers how many pairs there were.
    """
    rows = list(Relation.query(account_id, consistent_read=True, limit=PAIRS_PER_PAGE))
    others = [row.other for row in rows]
    found = fetch(strong=[each for other in others for each in (
        relations.relation_key(other, account_id), accounts.profile_key(other), accounts.viewer_set_key(other),
    )])
    meetings = [
        (Pair(row, found.get(Relation, row.other, account_id) or relations.blank(row.other, account_id)),
         accounts.in_found(found, row.other), accounts.viewer_set_in(found, row.other))
        for row in rows
    ]
    jobs.cancel(job for _, _, hides in meetings for job in timers(str(hides.id), hides))
    done: list[bool] = []
    for start in range(0, len(meetings), AT_A_TIME):
        done += together(*[lambda each=each: _part(*each) for each in meetings[start:start + AT_A_TIME]])
    if rows and not any(done):
        raise Overloaded("pairs of accounts did not come to rest")
    return len(rows)


def _part(pair: Pair, other: Account | None, hides: ViewerSet) -> bool:
    """Undo one pair. False when it has changed since it was read."""
    mine, theirs = pair.mine, pair.theirs
    if theirs.follows or theirs.retracting:
        take_from_home(f"h#{mine.other}", mine.me)
    if theirs.subscribes:
        _take_notifications(mine.other, mine.me)
    try:
        with transaction() as write:
            write.delete(Relation.stub(mine.me, mine.other), relations.version_is(mine))
            write.delete(Relation.stub(mine.other, mine.me))
            if other is not None:
                _uncount(write, pair, other)
                _uncover(write, mine.me, hides)
            if mine.subscribes:
                write.delete(Part.stub(mine.other, f"W#{mine.me}"))
            if theirs.follow_notification:
                write.delete(Notification.stub(mine.other, theirs.follow_notification))
    except ConditionFailed:
        return False
    return True


def _uncount(write: Writes, pair: Pair, other: Account) -> None:
    """Take the pair out of the other's counters, and the account out of those whom the other recommends.

    A deactivated account is left out of the counters already.
    """
    actions: list[Any] = [Account.endorsed.delete({pair.mine.me})] if pair.mine.me in other.endorsed else []
    if pair.mine.follows and not pair.theirs.uncounted:
        actions.append(Account.followers_count.add(-1))
        if pair.theirs.other_inbox is not None:
            actions.append(Account.foreign_followers_count.add(-1))
    if pair.theirs.follows and not pair.theirs.uncounted:
        actions.append(Account.following_count.add(-1))
    if actions:
        write.update(Account.stub(pair.mine.other, PROFILE), actions, Account.id.exists())


def _uncover(write: Writes, account_id: str, hides: ViewerSet) -> None:
    """Take the account out of everything that the other does not want to see."""
    sets = [(ViewerSet.blocked, hides.blocked), (ViewerSet.muted, hides.muted), (ViewerSet.gone, hides.gone),
            (ViewerSet.notifications_muted, hides.notifications_muted),
            (ViewerSet.reblogs_hidden, hides.reblogs_hidden), (ViewerSet.limited, hides.limited)]
    actions: list[Any] = [attribute.delete({account_id}) for attribute, ids in sets if account_id in ids]
    for ends, known in ((ViewerSet.muted_until, hides.muted_until), (ViewerSet.blocked_until, hides.blocked_until)):
        if account_id in (known or {}):
            actions.append(ends[account_id].remove())
    if actions:
        write.update(ViewerSet.stub(hides.id, hides.part), actions)


def take_from_home(feed: str, account_id: str) -> None:
    """Delete what an account wrote, and reblogs of that, from one home timeline, whatever put it there."""
    by_it = (HomeRow.author_id == account_id) | (HomeRow.original_author_id == account_id)
    page: list[HomeRow] = []
    for row in HomeRow.query(feed, filter_condition=by_it, consistent_read=True, attributes_to_get=["feed", "id"]):
        page.append(row)
        if len(page) == 100:
            write_batch(deletes=page)
            page = []
    write_batch(deletes=page)


def _take_notifications(owner_id: str, by: str) -> None:
    """Delete the notifications by the account that a subscriber got. The statuses do not address the subscriber, so
    all the subscriber's notifications are searched."""
    rows = Notification.query(owner_id, filter_condition=Notification.by == by, consistent_read=True,
                              attributes_to_get=["acct", "nid"])
    write_batch(deletes=list(rows))


# What belongs to the account alone.


def wipe_own(account_id: str) -> int:
    """Delete a page of what is in the account's own partitions. Answers how many items that were."""
    return sum(together(*[lambda table=table, prefix=prefix: partitions.wipe(table, prefix + account_id)
                          for table, prefix in OWN]))


def wipe_parts(account_id: str, *, keeps_keys: bool = False) -> int:
    """Delete a page of the account's own items, except the profile, and its keys if something is still to be signed."""
    kept = {PROFILE, KEYS} if keeps_keys else {PROFILE}
    found = [each for each in partitions.read("accounts", account_id) if partitions.text(each, "part") not in kept]
    partitions.delete("accounts", found)
    return len(found)


def wipe_lists(account_id: str) -> int:
    """Delete a page of the account's lists, each with its timeline and with the statuses written for its members.

    The rows of members are deleted with the partition. Answers how many lists there were.
    """
    found = lists.list_of(account_id)
    for each in found:
        partitions.wipe_all("home", f"l#{each.id}")
        members = lists.member_ids(account_id, each.id)
        for start in range(0, len(members), AT_A_TIME):
            together(*[lambda member=member: take_from_home(f"h#{member}", account_id)
                       for member in members[start:start + AT_A_TIME]])
    write_batch(deletes=found)
    return len(found)


def leave_lists(account_id: str) -> None:
    """Take the account out of the lists of others, and its statuses off their timelines."""
    for row in list(ListRow.by_member.query(account_id)):
        take_from_home(f"l#{row.id}", account_id)
        write_batch(deletes=[ListRow.stub(row.owner, row.k)])


def take_reports(account_id: str) -> None:
    """Delete the notifications that told the staff of the account's reports. The reports themselves stay."""
    reported = TYPES["pleroma:report"]
    for member in sorted(counters.staff_ids()):
        rows = Notification.by_type.query(member, Notification.type_and_id.startswith(reported),
                                          Notification.by == account_id, consistent_read=True)
        write_batch(deletes=[Notification.stub(member, row.id) for row in rows])


# Files.


def wipe_media(account_id: str) -> int:
    """Delete a page of the account's uploads, and the files that no other upload names. Answers how many there were.

    The file is deleted first: while the row exists, the next run finds an upload that was left half deleted.
    """
    ids: list[str] = []
    for row in Upload.by_owner.query(account_id, page_size=UPLOADS_PER_PAGE):
        ids.append(row.id)
        if len(ids) == UPLOADS_PER_PAGE:
            count = _wipe_uploads(ids, account_id)
            if count:
                return count
            ids = []  # the index still lists some that are gone
    return _wipe_uploads(ids, account_id)


def _wipe_uploads(ids: list[str], account_id: str) -> int:
    uploads = fetch(strong=[key(Upload, id) for id in ids]).all(Upload)
    objects = sorted({upload.object for upload in uploads})
    for start in range(0, len(objects), AT_A_TIME):
        together(*[lambda name=name: _remove_unless_shared(name, account_id)
                   for name in objects[start:start + AT_A_TIME]])
    write_batch(deletes=uploads)
    return len(uploads)


def _remove_unless_shared(name: str, account_id: str) -> None:
    """Remove a file, unless another account's upload names it. The index lags, so those uploads are read themselves."""
    twins = fetch(strong=[key(Upload, row.id) for row in Upload.by_object.query(name)]).all(Upload)
    if all(upload.owner == account_id for upload in twins):
        files.remove(media.PREFIX + name)


def wipe_pictures(account: Account) -> None:
    """Delete the files of avatar, header and background, unless somebody's upload is the same file."""
    for path in account.profile.values():
        if isinstance(path, str) and path.startswith("/" + media.PREFIX):
            _remove_unless_shared(path.removeprefix("/" + media.PREFIX), account.id)


def wipe_folders(account_id: str) -> None:
    for folder in FOLDERS:
        files.remove_folder(f"{folder}/{account_id}/")
