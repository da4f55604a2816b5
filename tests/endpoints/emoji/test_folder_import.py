"""Folders that an operator copied into the bucket become packs."""

from __future__ import annotations

import json

import pytest

from tests.emoji import BUCKET, BY_NAME, ROOT, is_whole, made, picture, rows, stored


@pytest.fixture
def copied(aws):
    """`copied({"PACK/PATH": bytes})` puts files into the bucket, as a tool of the operator would."""
    def copy(files: dict[str, bytes]) -> None:
        for path, data in files.items():
            aws.s3.put_object(Bucket=BUCKET, Key=f"emoji/{path}", Body=data, ContentType="text/html")

    return copy


def imported(admin) -> list[str]:
    reply = admin.get(f"{ROOT}/packs/import")
    assert reply.status == 200
    return reply.json


def test_bare_pictures_are_called_as_their_files(admin, anonymous, aws, copied):
    copied({"zoo/a.png": picture(1), "zoo/dir/b.GIF": picture(2), "zoo/c.webp": picture(3), "zoo/LICENSE": b"CC0",
            "loose.png": picture(4), "aquarium/fish.png": picture(5)})

    assert imported(admin) == ["aquarium", "zoo"]

    assert BY_NAME.show(anonymous, "zoo").json == {
        "files": {"a": "a.png", "b": "dir/b.GIF"}, "files_count": 2, "pack": {"can-download": False}}
    assert json.loads(stored(aws)["emoji/zoo/pack.json"])["files"] == {"a": "a.png", "b": "dir/b.GIF"}
    assert aws.s3.head_object(Bucket=BUCKET, Key="emoji/zoo/a.png")["ContentType"] == "image/png"
    assert {"emoji/zoo/LICENSE", "emoji/zoo/c.webp", "emoji/loose.png"} <= stored(aws).keys()
    assert set(anonymous.get("/api/pleroma/emoji").json) == {"a", "b", "fish"}
    assert imported(admin) == []


def test_only_pictures_become_emoji(admin, anonymous, aws, copied):
    copied({"zoo/a.png": picture(1), "zoo/page.png": b"<html>", "zoo/._a.png": b"\0\5\x16\7", "zoo/.b.png": picture(2),
            "zoo/__MACOSX/c.png": picture(3), "zoo/two words.png": picture(4), "zoo/d:e.gif": picture(5),
            "zoo/nothing.gif": b""})

    assert imported(admin) == ["zoo"]

    assert BY_NAME.show(anonymous, "zoo").json["files"] == {"a": "a.png"}
    assert stored(aws)["emoji/zoo/page.png"] == b"<html>", "what lies there stays"


@pytest.mark.parametrize("listed", ["manifest", "text"])
def test_of_a_list_only_pictures_become_emoji(admin, anonymous, copied, listed):
    pairs = {"fox": "dir\\fox.png", "page": "page.png", "README": "README.md", "missing": "missing.png", "a b": "a.png"}
    text = "\n".join(f"{code}, {path}" for code, path in pairs.items())
    copied({"zoo/dir/fox.png": picture(1), "zoo/page.png": b"<html>", "zoo/README.md": b"# Zoo",
            "zoo/a.png": picture(2),
            **({"zoo/emoji.txt": text.encode()} if listed == "text" else
               {"zoo/pack.json": json.dumps({"files": pairs}).encode()})})

    assert imported(admin) == ["zoo"]
    assert BY_NAME.show(anonymous, "zoo").json["files"] == {"fox": "dir/fox.png", "missing": "missing.png"}


def test_other_extensions_if_one_wants(admin, anonymous, copied, setting):
    setting(emoji_pack_extensions=".webp")
    copied({"zoo/a.png": picture(1), "zoo/c.webp": picture(3)})

    assert imported(admin) == ["zoo"]
    assert BY_NAME.show(anonymous, "zoo").json["files"] == {"c": "c.webp"}


def test_a_list_says_what_is_what(admin, anonymous, copied):
    text = ("# no emoji\nblank, /emoji/zoo/blank.png\r\n fox,  dir/fox.png , Tag,Other\n\nfox2,missing.png\n"
            "fox,dir/fox3.png\nabsolute, /emoji/other/x.png\nup, ../x.png\n,x.png\nown, pack.json")
    copied({"zoo/emoji.txt": text.encode(), "zoo/blank.png": picture(1), "zoo/dir/fox3.png": picture(2),
            "zoo/unlisted.png": picture(3)})

    assert imported(admin) == ["zoo"]

    assert BY_NAME.show(anonymous, "zoo").json["files"] == {
        "blank": "blank.png", "fox": "dir/fox3.png", "fox2": "missing.png"}
    BY_NAME.describe(admin, "zoo", {"share-files": True})
    assert BY_NAME.show(anonymous, "zoo").json["pack"]["can-download"] is False
    BY_NAME.remove(admin, "zoo", "fox2")
    assert BY_NAME.show(anonymous, "zoo").json["pack"]["can-download"] is True


def test_a_manifest_without_rows_is_believed(admin, anonymous, aws, copied):
    manifest = {"files": {"fox": "dir/fox.png", "evil": "../../x", "odd\n": "a.png", "number": 1},
                "pack": {"share-files": True, "license": "MIT", "can-download": False}}
    copied({"zoo/pack.json": json.dumps(manifest).encode(), "zoo/dir/fox.png": picture(1), "zoo/other.png": picture(2)})

    assert imported(admin) == ["zoo"]

    shown = BY_NAME.show(anonymous, "zoo").json
    assert (shown["files"], shown["files_count"]) == ({"fox": "dir/fox.png"}, 1)
    assert shown["pack"].items() >= {"share-files": True, "license": "MIT", "can-download": True}.items()


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{}", b'{"files": []}', b'{"files": {}, "pack": "x"}', b"\xff",
                                      b'{"files": {"a": "a"}, "pack": {"x": NaN}}', b'{"files": {"\\ud800": "a"}}',
                                      b"[" * 100_000])
def test_a_manifest_that_is_none_is_left_alone(admin, aws, copied, manifest):
    copied({"zoo/pack.json": manifest})

    assert imported(admin) == []
    assert (rows(aws), stored(aws)) == ([], {"emoji/zoo/pack.json": manifest})


def test_folders_that_no_pack_can_be_called(admin, aws, copied):
    copied({"a\\b/a.png": b"x", "../a.png": b"x", "./a.png": b"x", " blanks /a.png": b"x", f"{'x' * 300}/a.png": b"x",
            "\U0001f98a/a.png": picture()})

    assert imported(admin) == ["\U0001f98a"]


def test_packs_that_are_there_stay_as_they_are(admin, anonymous, aws, copied):
    made("zoo", 1)
    copied({"zoo/new.png": picture(2)})

    assert imported(admin) == []
    assert BY_NAME.show(anonymous, "zoo").json["files_count"] == 1
    aws.s3.delete_object(Bucket=BUCKET, Key="emoji/zoo/new.png")
    is_whole(aws, anonymous)


def test_an_imported_pack_is_deleted_with_all_that_was_in_its_folder(admin, aws, copied):
    copied({"zoo/a.png": picture(1), "zoo/LICENSE": b"CC0"})
    imported(admin)

    assert BY_NAME.delete(admin, "zoo").status == 200
    assert (rows(aws), stored(aws)) == ([], {})
