"""What is still there after a restart, and after a kill."""

import pickle
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import tamed_moto
from infra.local.mailbox import Mailbox
from infra.local.persistence import KeptTables, StoredObjects
from tests.simulated_aws import LocalAws

BUCKET = "kenoma-files"


@pytest.fixture
def on_moto(aws: LocalAws) -> LocalAws:
    if aws.engine != "moto":
        pytest.skip("DynamoDB Local keeps its own data")
    return aws


@pytest.fixture
def tables(on_moto: LocalAws, tmp_path: Path) -> Iterator[KeptTables]:
    running = KeptTables(tmp_path, "us-east-1")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def objects(aws: LocalAws, tmp_path: Path) -> Iterator[StoredObjects]:
    running = StoredObjects(tmp_path / "objects")
    running.start()
    yield running
    running.stop()


def put(aws: LocalAws, key: str) -> None:
    aws.dynamodb.put_item(TableName="kenoma-claims", Item={"key": {"S": key}})


def restarted(file: Path, aws: LocalAws) -> list[str]:
    """The claims that a fresh start finds in the snapshot."""
    aws.wipe()
    KeptTables(file.parent, "us-east-1").load()
    return sorted(item["key"]["S"] for item in aws.dynamodb.scan(TableName="kenoma-claims")["Items"])


def test_a_write_is_saved_soon_after_without_being_asked(on_moto: LocalAws, tables: KeptTables) -> None:
    put(on_moto, "soon")

    give_up = time.monotonic() + 5
    while not tables.file.exists() and time.monotonic() < give_up:
        time.sleep(0.05)
    time.sleep(0.05)

    assert restarted(tables.file, on_moto) == ["soon"]


def test_the_last_write_before_the_end_is_saved(on_moto: LocalAws, tmp_path: Path) -> None:
    tables = KeptTables(tmp_path, "us-east-1")
    tables.start()
    put(on_moto, "last")

    tables.stop()

    assert restarted(tables.file, on_moto) == ["last"]


def test_a_write_is_there_before_any_snapshot_is(on_moto: LocalAws, tables: KeptTables) -> None:
    put(on_moto, "at once")

    assert restarted(tables.file, on_moto) == ["at once"]


def test_what_changed_since_the_snapshot_is_made_again_once(on_moto: LocalAws, tables: KeptTables) -> None:
    counted = {"TableName": "kenoma-claims", "Key": {"key": {"S": "counter"}}, "UpdateExpression": "ADD n :one",
               "ExpressionAttributeValues": {":one": {"N": "1"}}}  # fmt: skip
    for turn in range(4):
        on_moto.dynamodb.update_item(**counted)
        if turn == 1:
            tables.save()
    with pytest.raises(on_moto.dynamodb.exceptions.ConditionalCheckFailedException):
        on_moto.dynamodb.update_item(**counted, ConditionExpression="n > :one AND n < :one")
    on_moto.dynamodb.transact_write_items(TransactItems=[{"Update": counted}])

    restarted(tables.file, on_moto)

    item = on_moto.dynamodb.get_item(TableName="kenoma-claims", Key={"key": {"S": "counter"}})["Item"]
    assert item["n"] == {"N": "5"}


def test_a_table_made_after_the_snapshot_is_there(on_moto: LocalAws, tables: KeptTables) -> None:
    tables.save()
    on_moto.dynamodb.create_table(TableName="made-late", BillingMode="PAY_PER_REQUEST",
                                  KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
                                  AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}])  # fmt: skip
    on_moto.dynamodb.put_item(TableName="made-late", Item={"key": {"S": "row"}})

    restarted(tables.file, on_moto)

    assert on_moto.dynamodb.scan(TableName="made-late")["Count"] == 1
    on_moto.dynamodb.delete_table(TableName="made-late")


def test_a_kill_in_the_middle_of_an_entry_leaves_those_before(on_moto: LocalAws, tables: KeptTables) -> None:
    put(on_moto, "whole")
    put(on_moto, "half")
    (journal,) = journals(tables)

    journal.write_bytes(journal.read_bytes()[:-5])

    assert restarted(tables.file, on_moto) == ["whole"]


def test_a_kill_between_snapshot_and_tidying_up_repeats_nothing(on_moto: LocalAws, tables: KeptTables) -> None:
    put(on_moto, "before")
    (journal,) = journals(tables)
    entries = journal.read_bytes()
    on_moto.dynamodb.delete_item(TableName="kenoma-claims", Key={"key": {"S": "before"}})
    tables.save()

    journal.write_bytes(entries)

    assert restarted(tables.file, on_moto) == []


def test_a_journal_goes_when_a_snapshot_has_what_is_in_it(on_moto: LocalAws, tables: KeptTables) -> None:
    put(on_moto, "kept")

    tables.save()

    assert journals(tables) == []
    assert restarted(tables.file, on_moto) == ["kept"]


def test_an_entry_that_does_not_fit_on_the_disk_refuses_the_write_and_spoils_nothing(
        on_moto: LocalAws, tables: KeptTables) -> None:
    tables._stopping.set()
    put(on_moto, "before")
    (journal,) = journals(tables)
    free = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.stat().st_size + 20, free[1]))
    try:
        with pytest.raises(OSError, match="does not take any more"):
            put(on_moto, "refused")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, free)
    put(on_moto, "after")

    assert restarted(tables.file, on_moto) == ["after", "before"]


def journals(tables: KeptTables) -> list[Path]:
    return list(tables.file.parent.glob("*.journal-*"))


def test_a_kill_while_saving_leaves_the_snapshot_before(on_moto: LocalAws, tables: KeptTables) -> None:
    put(on_moto, "before")
    tables.save()
    half = tables.file.with_suffix(".1-1")

    half.write_bytes(tables.file.read_bytes()[:100])

    assert restarted(tables.file, on_moto) == ["before"]


def test_an_unreadable_snapshot_is_set_aside(
        on_moto: LocalAws, tables: KeptTables, capfd: pytest.CaptureFixture[str]) -> None:
    put(on_moto, "what the journal adds to")
    tables.file.write_bytes(b"\x80garbage")

    assert restarted(tables.file, on_moto) == []

    assert not tables.file.exists()
    assert journals(tables) == []
    assert "Starting empty" in capfd.readouterr().err


def test_a_snapshot_belongs_to_its_version_of_moto(tmp_path: Path) -> None:
    from importlib.metadata import version

    assert KeptTables(tmp_path, "us-east-1").file.name == f"dynamodb-moto-{version('moto')}.pickle"


def test_a_snapshot_never_shows_half_a_transaction(on_moto: LocalAws, tables: KeptTables) -> None:
    pair = [
        {"Update": {"TableName": "kenoma-claims", "Key": {"key": {"S": key}}, "UpdateExpression": "ADD n :one",
                    "ExpressionAttributeValues": {":one": {"N": "1"}}}}
        for key in ("left", "right")
    ]  # fmt: skip
    for _ in range(10):
        on_moto.dynamodb.transact_write_items(TransactItems=pair)
        tables.save()
        with tamed_moto.lock:
            kept = pickle.loads(tables.file.read_bytes())
        counts = {item.attrs["n"].value for item in kept["kenoma-claims"].all_items()}
        assert len(counts) == 1


def test_an_object_comes_back_with_its_type_and_metadata(aws: LocalAws, objects: StoredObjects) -> None:
    aws.s3.put_object(Bucket=BUCKET, Key="emoji/a b/ü.png", Body=b"x\ny", ContentType="image/png",
                      CacheControl="no-cache", ContentDisposition="inline", Metadata={"owner": "alice"})  # fmt: skip
    before = aws.s3.head_object(Bucket=BUCKET, Key="emoji/a b/ü.png")
    aws.wipe()

    count = StoredObjects(objects.folder).load(aws.s3)

    after = aws.s3.get_object(Bucket=BUCKET, Key="emoji/a b/ü.png")
    assert (count, after["Body"].read()) == (1, b"x\ny")
    for header in ("ContentType", "CacheControl", "ContentDisposition", "Metadata", "ETag", "LastModified"):
        assert after[header] == before[header]


def test_a_multipart_upload_and_a_copy_come_back(aws: LocalAws, objects: StoredObjects) -> None:
    upload = {"Bucket": BUCKET, "Key": "backups/a.zip"}
    upload["UploadId"] = aws.s3.create_multipart_upload(**upload, ContentType="application/zip")["UploadId"]
    part = aws.s3.upload_part(**upload, PartNumber=1, Body=b"parts")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    assert list(objects.folder.glob("*/*")) == []  # an unfinished upload is nothing yet

    aws.s3.complete_multipart_upload(**upload, MultipartUpload=parts)
    aws.s3.copy_object(Bucket=BUCKET, Key="backups/b.zip", CopySource=f"{BUCKET}/backups/a.zip")
    aws.wipe()
    StoredObjects(objects.folder).load(aws.s3)

    for key in ("backups/a.zip", "backups/b.zip"):
        found = aws.s3.get_object(Bucket=BUCKET, Key=key)
        assert (found["Body"].read(), found["ContentType"]) == (b"parts", "application/zip")


def test_a_deleted_object_stays_deleted(aws: LocalAws, objects: StoredObjects) -> None:
    for key in ("one", "two", "three"):
        aws.s3.put_object(Bucket=BUCKET, Key=key, Body=b"")
    aws.s3.delete_object(Bucket=BUCKET, Key="one")
    aws.s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "two"}]})
    aws.wipe()

    assert StoredObjects(objects.folder).load(aws.s3) == 1


def test_a_kill_while_writing_an_object_leaves_no_half_object(aws: LocalAws, objects: StoredObjects) -> None:
    aws.s3.put_object(Bucket=BUCKET, Key="whole", Body=b"whole")
    (whole,) = objects.folder.glob("*/*")
    whole.with_suffix(".1-1").write_bytes(b'{"bucket": "kenoma-')

    assert StoredObjects(objects.folder).load(aws.s3) == 1
    assert list(objects.folder.glob("*/*")) == [whole]


def test_letters_outlast_a_restart_newest_first(tmp_path: Path) -> None:
    file = tmp_path / "mailbox.jsonl"
    first = Mailbox(file)
    for subject in ("old", "new"):
        first.keep({"to": "a", "from": "b", "subject": subject, "text": "", "html": ""})
    with file.open("a") as half:
        half.write('{"to": "killed in the mid')

    assert [letter["subject"] for letter in Mailbox(file).letters()] == ["new", "old"]
