"""Changes of emoji at the same moment, and changes during which the server dies: packs stay whole."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.store import files
from chalicelib.store.dynamo.connection import shared as connection
from chalicelib.store.emoji import changes
from chalicelib.store.emoji import rows as emoji
from tests.at_once import at_once
from tests.cast import Cast
from tests.emoji import BUCKET, BY_NAME, ROOT, is_whole, made, picture, rows, stored, zipped
from tests.endpoints.emoji.test_sharing import DATA, FILES, another, archive_of, download, page, shared
from tests.faults import Killed, before_write, die
from tests.lengths import FULL


@pytest.fixture
def later(monkeypatch):
    """Let time pass, until the maker of an unfinished change counts as dead."""
    def pass_by() -> None:
        now = changes._now
        monkeypatch.setattr(changes, "_now", lambda: now() + changes.LEASE + 1)

    return pass_by


def test_of_many_changes_of_one_pack_none_is_lost(admin, anonymous, aws):
    made("cats", 6)
    adding = [lambda n=n: BY_NAME.add(admin, "cats", f"new{n}.png", picture(n)) for n in range(8)]
    renaming = [lambda n=n: BY_NAME.change(admin, "cats", f"cats{n}", f"moved{n}", f"dir/{n}.png") for n in range(3)]
    removing = [lambda n=n: BY_NAME.remove(admin, "cats", f"cats{n}") for n in range(3, 6)]

    replies = at_once(*adding, *renaming, *removing, lambda: BY_NAME.describe(admin, "cats", {"license": "MIT"}))

    assert {reply.status for reply in replies} == {200}
    shown = BY_NAME.show(anonymous, "cats").json
    assert set(shown["files"]) == {*(f"new{n}" for n in range(8)), *(f"moved{n}" for n in range(3))}
    assert shown["pack"]["license"] == "MIT"
    is_whole(aws, anonymous)


def test_one_name_is_given_once_however_many_want_it(admin, anonymous, aws):
    made("cats")
    made("dogs")

    replies = at_once(*[lambda n=n: BY_NAME.add(admin, ("cats", "dogs")[n % 2], "a.png", picture(n)) for n in range(8)])

    assert sorted(reply.status for reply in replies) == [200] + [409] * 7
    is_whole(aws, anonymous)


def test_one_file_that_is_taken_away_and_brought_at_once(admin, anonymous, aws):
    """Otherwise the removal would delete the file that the other change has just brought."""
    for _ in range(3):
        made("cats", 1)
        at_once(lambda: BY_NAME.remove(admin, "cats", "cats0"),
                lambda: BY_NAME.add(admin, "cats", "x.png", picture(9), shortcode="x", filename="cats0.png"))
        assert BY_NAME.show(anonymous, "cats").json["files"] == {"x": "cats0.png"}
        is_whole(aws, anonymous)
        BY_NAME.delete(admin, "cats")


def test_a_pack_is_made_once(admin, anonymous, aws):
    replies = at_once(*[lambda: BY_NAME.create(admin, "cats") for _ in range(6)])

    assert sorted(reply.status for reply in replies) == [200] + [409] * 5
    is_whole(aws, anonymous)


def test_a_pack_that_is_deleted_while_it_is_changed(admin, anonymous, aws):
    made("cats", 2)

    replies = at_once(lambda: BY_NAME.delete(admin, "cats"),
                      *[lambda n=n: BY_NAME.add(admin, "cats", f"n{n}.png", picture(n)) for n in range(4)])

    assert replies[0].status == 200
    assert {reply.status for reply in replies[1:]} <= {200, 404}
    assert (rows(aws), stored(aws)) == ([], {})


def test_whoever_looks_while_a_pack_is_exchanged_sees_the_one_or_the_other(anonymous):
    ways = [{f"{letter}{number}": f"{letter}{number}.png" for number in range(40)} for letter in "ab"]
    seen: list[dict[str, str]] = []
    made("other", 2)
    exchange("cats", ways[0])
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.append(BY_NAME.show(anonymous, "cats", page_size=99).json["files"])
            seen.append(anonymous.get(f"{ROOT}/packs").json["packs"]["cats"]["files"])

    looking = threading.Thread(target=look)
    looking.start()
    for turn in range(6):
        exchange("cats", ways[(turn + 1) % 2])
    done.set()
    looking.join()

    assert len(seen) > 5
    assert all(each in ways for each in seen)


def exchange(name: str, paths: dict[str, str]) -> None:
    with changes.changing(name) as change:
        change.exchange({}, {shortcode: (path, 1) for shortcode, path in paths.items()},
                        dict.fromkeys(paths.values(), b"x"))


# Deaths.


def adds(admin: Any) -> Any:
    return BY_NAME.add(admin, "cats", "new.png", picture(7))


def adds_many(admin: Any) -> Any:
    archive = zipped({f"new{number}.png": picture(number) for number in range(3)})
    return BY_NAME.add(admin, "cats", "a.zip", archive, "application/zip")


def renames(admin: Any) -> Any:
    return BY_NAME.change(admin, "cats", "cats0", "moved", "dir/moved.png")


def replaces_by_force(admin: Any) -> Any:
    return BY_NAME.change(admin, "cats", "cats0", "cats1", "new.png", force=True)


def removes(admin: Any) -> Any:
    return BY_NAME.remove(admin, "cats", "cats0")


def describes(admin: Any) -> Any:
    return BY_NAME.describe(admin, "cats", {"license": "MIT"})


def deletes(admin: Any) -> Any:
    return BY_NAME.delete(admin, "cats")


def creates(admin: Any) -> Any:
    return BY_NAME.create(admin, "fresh")


def downloads(admin: Any, own_name: str = "cats") -> Any:
    archive = archive_of(FILES, DATA)
    with another({page("blobs", 1): shared(FILES, archive),
                  "/api/pleroma/emoji/packs/archive?name=blobs": archive}) as server:
        return download(admin, server.url, "blobs", **{"as": own_name})


def downloads_a_new_one(admin: Any) -> Any:
    return downloads(admin, "fresh")


def packs(asking: Any) -> Any:
    """The packs as everybody sees them, without revisions and checksums."""
    emoji.forget()
    shown = asking.get(f"{ROOT}/packs").json["packs"]
    listed = sorted((each["shortcode"], each["url"]) for each in asking.get("/api/v1/custom_emojis").json)
    return json.dumps([shown, listed], sort_keys=True)


def writes_of(work: Callable[[], Any]) -> int:
    """How many calls change something in tables or bucket."""
    with suppress(AssertionError), before_write(1_000_000, die) as seen:  # which asks for that many
        assert work().status == 200
    return len(seen)


@pytest.mark.size
@pytest.mark.parametrize("change", [adds, adds_many, renames, replaces_by_force, removes, describes, deletes, creates,
                                    downloads, downloads_a_new_one], ids=lambda each: each.__name__)
def test_whoever_dies_leaves_the_old_or_the_new_and_the_next_one_tidies_up(admin, anonymous, aws, later, change):
    made("cats", 2)
    before = packs(anonymous)
    writes = writes_of(lambda: change(admin))
    after = packs(anonymous)

    for number in range(1, writes + 1) if FULL else [writes // 2 + 1]:
        aws.wipe()
        _sign_in_again(admin)
        made("cats", 2)
        with before_write(number, die), pytest.raises(Killed):
            change(admin)
        assert packs(anonymous) in (before, after), number
        later()
        assert admin.post("/api/pleroma/admin/reload_emoji").status == 200
        is_whole(aws, anonymous)
        if packs(anonymous) == before:
            assert change(admin).status == 200
        assert packs(anonymous) == after


def _sign_in_again(admin: Any) -> None:
    emoji.forget()
    admin.__dict__.update(vars(Cast().person("admin", is_admin=True, scopes="read write follow push admin",
                                             password_hash="shared")))


@pytest.mark.size
def test_a_death_in_an_import_leaves_the_operators_files(admin, anonymous, aws, later):
    files = {f"zoo/{name}.png": picture(number) for number, name in enumerate("abc")}
    for path, data in files.items():
        aws.s3.put_object(Bucket=BUCKET, Key=f"emoji/{path}", Body=data)
    writes = writes_of(lambda: admin.get(f"{ROOT}/packs/import"))
    for number in range(1, writes + 1) if FULL else (6, writes - 1):
        aws.wipe()
        _sign_in_again(admin)
        for path, data in files.items():
            aws.s3.put_object(Bucket=BUCKET, Key=f"emoji/{path}", Body=data)
        with before_write(number, die), pytest.raises(Killed):
            admin.get(f"{ROOT}/packs/import")
        later()
        assert admin.get(f"{ROOT}/packs/import").json in (["zoo"], [])
        assert BY_NAME.show(anonymous, "zoo").json["files_count"] == 3
        is_whole(aws, anonymous)


def test_others_wait_for_a_change_and_give_up_in_the_end(admin, aws, monkeypatch):
    made("cats", 1)
    monkeypatch.setattr(changes, "PATIENCE", 0.05)
    with changes.changing("dogs"):
        reply = BY_NAME.remove(admin, "cats", "cats0")

    assert (reply.status, reply.json) == (500, {"error": "Unexpected error occurred while deleting emoji file."})
    assert BY_NAME.remove(admin, "cats", "cats0").status == 200


def test_whoever_was_taken_for_dead_changes_nothing_any_more(admin, anonymous, aws, later):
    made("cats", 1)
    with pytest.raises(changes.Lapsed), changes.changing("cats") as change:
        change.put({"late.png": picture(8)})
        later()
        assert BY_NAME.add(admin, "cats", "b.png", picture(2)).status == 200
        with change.commit() as write:
            write.delete(change.files["cats0"])

    assert set(BY_NAME.show(anonymous, "cats").json["files"]) == {"cats0", "b"}
    assert ("work", "w") not in rows(aws)


@pytest.mark.parametrize("operation", ["PutObject", "TransactWriteItems"])
def test_a_store_that_fails_changes_nothing(admin, anonymous, aws, operation):
    made("cats", 1)
    before = packs(anonymous)
    client, service = (files._client(), "s3") if operation == "PutObject" else (connection().client, "dynamodb")

    def refuse(**_: Any) -> None:
        client.meta.events.unregister(event, refuse)
        raise EndpointConnectionError(endpoint_url="x")

    event = f"before-call.{service}.{operation}"
    client.meta.events.register(event, refuse)
    reply = adds(admin)

    assert (reply.status, reply.json) == (500, {"error": "Unexpected error occurred while adding file to pack."})
    assert packs(anonymous) == before
    is_whole(aws, anonymous)
