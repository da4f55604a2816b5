"""The audit: after a lot of work a table names every file, and the audit finds those that no table names."""

from __future__ import annotations

import pytest

from chalicelib.jobs.sweep import sweep
from chalicelib.settings import settings
from chalicelib.store import files
from chalicelib.store.accounts import accounts
from chalicelib.store.dynamo.table import create, update
from chalicelib.store.emoji import rows
from chalicelib.store.emoji.changes import EmojiWork
from chalicelib.store.federation.host_rows import HostRow
from infra import audit
from infra.local import seed
from tests.agreement import breaking
from tests.domain.federation.foreigners import comes
from tests.endpoints.frontends.bundling import ADMIN, installs
from tests.jobs.conftest import clock  # noqa: F401
from tests.pictures import picture


@pytest.fixture
def audited(aws):
    """The report on what is there now."""

    def look(**more):
        prefixes = audit.expiring_prefixes(aws.s3, settings.bucket, is_local=True)
        return audit.audit(aws.dynamodb, aws.s3, table_prefix=settings.table_prefix, bucket=settings.bucket,
                           expiring=prefixes, **{"grace": -1, **more})

    return look


def busy(person):
    """Make a file of each kind."""
    used, _ = (person.post("/api/v1/media", files={"file": ("a.png", picture(comment=name), "image/png")}).json["id"]
               for name in ("used", "unused"))
    person.posts("look", media_ids=[used])
    for name in ("avatar", "header", "avatar"):
        person.patch("/api/v1/accounts/update_credentials", files={name: ("a.png", picture(), "image/png")})
    person.put("/api/v1/pleroma/mascot", files={"file": ("a.gif", picture("GIF"), "image/gif")})
    person.post("/api/pleroma/follow_import", form={"list": "bob\ncarol"})
    assert person.post("/api/v1/pleroma/backups").status == 200


def test_after_a_busy_session_every_file_is_named(aws, alice, bob, audited, drain, setting, clock):  # noqa: F811
    setting(deletion_pause=0)
    seed.upload_files(aws.s3, settings.bucket)
    seed.seed()
    for person in (alice, bob):
        busy(person)
    drain()
    bob.post("/api/pleroma/delete_account", form={"password": "kenoma-local"})
    files.put("imports/list", b"bob", "text/csv")
    drain()
    clock.pass_by(200)
    sweep()
    drain()

    report = audited()

    assert report.lost == []
    assert (report.expiring, report.young) == (1, 0)
    assert report.files == report.named + 1 > 15


def test_in_the_middle_of_everything_nothing_is_lost_either(alice, audited):
    busy(alice)

    assert audited().lost == []


def test_the_files_of_a_frontend_are_named_until_it_is_removed(admin, audited):
    installs(admin)
    installs(admin, ref="2")
    there = audited()
    admin.delete(f"{ADMIN}/tiny?ref=1")
    files.put("frontends/tiny/1/left.js", b"", "text/javascript")

    assert (there.lost, there.files) == ([], there.named)
    assert audited().lost == ["frontends/tiny/1/left.js"]


def test_what_an_installation_that_died_left_is_named_too(admin, audited, monkeypatch):
    monkeypatch.setattr(files, "put", _dies_after(3, files.put))

    with breaking():
        assert installs(admin).status == 500
    assert (audited().lost, audited().files) == ([], 3)
    assert admin.get(ADMIN).json == []


def _dies_after(times, put):
    done: list[int] = []

    def dying(*about):
        if len(done) == times:
            raise OSError
        done.append(1)
        put(*about)

    return dying


@pytest.mark.parametrize("path", [
    "media/0123.png", "media/0123/backups.zip", "emoji/pack/a.png", "emoji/gone/pack.json", "images/strange",
    "somewhere/else", "top",
])
def test_a_file_that_nothing_leads_to_is_found(alice, audited, capsys, path):
    busy(alice)
    files.put(path, b"x", "text/plain")

    report = audited()

    assert report.lost == [path]
    assert audit.tell(report) == 1
    assert f"nothing leads to {path}\n" in capsys.readouterr().out


def test_a_file_that_is_too_new_is_not_judged(audited, capsys):
    files.put("media/0123.png", b"x", "image/png")

    report = audited(grace=60)

    assert (report.lost, report.young) == ([], 1)
    assert audit.tell(report) == 0


def test_each_emoji_and_each_pack_is_named(audited):
    rows.add_file("pack", "blob", "dir/blob ż.png", "image/png", 1, metadata={})
    for name in ("dir/blob ż.png", "pack.json"):
        files.put(f"emoji/pack/{name}", b"x", "image/png")

    assert (audited().named, audited().lost) == (2, [])


def test_files_of_a_pack_that_is_being_changed_are_accounted_for(audited):
    files.put("emoji/pack/half.png", b"x", "image/png")
    assert audited().lost == ["emoji/pack/half.png"]

    create(EmojiWork("work", "w", token="t", until=1, pack="pack", task="change", paths=["half.png"]))

    assert (audited().named, audited().lost) == (1, [])


def test_only_what_the_bucket_itself_deletes_is_taken_to_expire(aws):
    rules = [
        {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "imports/"}, "Expiration": {"Days": 1}},
        {"ID": "b", "Status": "Disabled", "Filter": {"Prefix": "jobs/"}, "Expiration": {"Days": 1}},
        {"ID": "c", "Status": "Enabled", "Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload":
            {"DaysAfterInitiation": 1}},
    ]
    assert set(audit.expiring_prefixes(aws.s3, settings.bucket, is_local=True)) >= {"imports/", "jobs/", "backups/"}
    assert audit.expiring_prefixes(aws.s3, settings.bucket, is_local=False) == []

    aws.s3.put_bucket_lifecycle_configuration(Bucket=settings.bucket, LifecycleConfiguration={"Rules": rules})
    try:
        assert audit.expiring_prefixes(aws.s3, settings.bucket, is_local=False) == ["imports/"]
    finally:
        aws.s3.delete_bucket_lifecycle(Bucket=settings.bucket)


def test_a_wrong_count_of_other_servers_is_told(aws):
    comes("fern")
    assert audit.miscounted() == []

    update(HostRow.stub("host", "far.example"), [HostRow.met.remove()])

    assert audit.miscounted() == ["1 other servers are counted, and there are 0"]


def test_wrong_standings_and_counts_are_told(alice, bob):
    assert audit.miscounted() == []

    update(accounts.Account.stub(alice.id, "P"), [accounts.Account.deactivated.set(True)])
    update(accounts.Account.stub(bob.id, "P"), [accounts.Account.standing.set("La/Person"),
                                                accounts.Account.is_admin.set(True)])

    wrong = audit.miscounted()
    assert wrong == [
        "the standing of alice is L/Person, not Ld/Person",
        "2 accounts are counted as L/Person, and there are 1", "0 accounts are counted as La/Person, and there are 1",
    ]
    assert (audit.tell_miscounted(wrong), audit.tell_miscounted([])) == (1, 0)


def test_a_status_of_another_server_that_does_not_end_together_with_its_rows_is_found(alice):
    from chalicelib.store.accounts.claims import Claim, uri_claim
    from tests.domain.federation.foreigners import comes, posts

    fern = comes()
    status = posts(fern, 1)
    posts(fern, 2)
    alice.posts("hello")
    assert audit.ending_apart() == []

    Claim.stub(uri_claim(status.uri).hash).update([Claim.ttl.remove()])

    assert audit.ending_apart() == [f"{status.uri} and its rows do not end together"]
