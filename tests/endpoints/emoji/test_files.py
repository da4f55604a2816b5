"""The files of a pack of emoji, in both generations of paths: added, renamed, removed; and what people send instead."""

from __future__ import annotations

import stat
import struct
import zipfile
from typing import Any

import pytest

from tests import photographs, pictures
from tests.emoji import BUCKET, BY_NAME, BY_PATH, ROOT, Way, is_whole, keys, made, picture, rows, stored, zipped
from tests.other_server import secured, serving, wired

both_ways = pytest.mark.parametrize("way", [BY_NAME, BY_PATH], ids=["name in the query", "name in the path"])
ZIP = "application/zip"
NOT_ADDED = {"error": "Unexpected error occurred while adding file to pack."}
EMPTY = {"error": "pack name, shortcode or filename cannot be empty"}


@pytest.fixture
def cats():
    made("cats")


@pytest.fixture
def whole(aws, anonymous):
    """Check at the end of the test that rows and files fit together."""
    yield
    is_whole(aws, anonymous)


# Adding.


@both_ways
@pytest.mark.usefixtures("cats", "whole")
def test_a_file_is_called_as_it_came_or_as_one_says(admin, anonymous, aws, way: Way):
    assert way.add(admin, "cats", "a.b.png", picture(1)).json == {"a.b": "a.b.png"}
    assert way.add(admin, "cats", "x.png", picture(2), shortcode="bee").json == {"a.b": "a.b.png", "bee": "x.png"}
    assert way.add(admin, "cats", "x.png", picture(3), filename="dir/y.gif").json["y"] == "dir/y.gif"
    assert way.add(admin, "cats", "x.png", picture(4), filename="d/e/f/z", shortcode="🐈").json["🐈"] == "d/e/f/z"

    assert way.show(anonymous, "cats").json["files_count"] == 4
    assert stored(aws)["emoji/cats/dir/y.gif"] == picture(3)
    kept = aws.s3.head_object(Bucket=BUCKET, Key="emoji/cats/dir/y.gif")
    assert (kept["ContentType"], kept["CacheControl"]) == ("image/gif", "public, no-cache")
    assert anonymous.get("/api/pleroma/emoji").json["y"] == {
        "image_url": "/emoji/cats/dir/y.gif", "tags": ["pack:cats"]}


@pytest.mark.usefixtures("cats", "whole")
def test_a_link_is_fetched(admin, aws):
    way = BY_PATH
    with serving({"/dir/blob.png?size=2": (200, picture(1)), "/x.gif": (302, b"", {"Location": "/dir/blob.png?size=2"})}
                 ) as server:
        assert way.link(admin, "cats", f"{server.url}/dir/blob.png?size=2#x").json == {"blob": "blob.png"}
        assert way.link(admin, "cats", f"{server.url}/x.gif", shortcode="moved").json["moved"] == "x.gif"
    assert stored(aws)["emoji/cats/blob.png"] == stored(aws)["emoji/cats/x.gif"] == picture(1)


@pytest.mark.usefixtures("cats", "whole")
def test_a_link_that_leads_nowhere(admin):
    way = BY_PATH
    with serving({"/gone.png": (404, b"x"), "/broken.png": (500, b"x")}) as server:
        for url in (f"{server.url}/gone.png", f"{server.url}/broken.png", "nonsense", "", "file:///etc/passwd",
                    "http://127.0.0.1:1/a.png", "http://user:word@example.org/a.png"):
            reply = way.link(admin, "cats", url)
            assert (reply.status, reply.json) == (500, NOT_ADDED), url


@pytest.mark.usefixtures("cats", "whole")
def test_no_link_leads_into_our_own_network(admin, setting):
    setting(stage="prod")
    with serving({"/a.png": (200, picture())}) as server:
        for url in (f"{server.url}/a.png", "http://169.254.169.254/a.png", "http://[::1]/a.png", "http://10.0.0.1/a"):
            assert BY_NAME.link(admin, "cats", url).json == NOT_ADDED
        assert server.asked == []


@pytest.mark.usefixtures("cats", "whole")
def test_links_are_followed_by_https_only(admin, setting, monkeypatch, tmp_path):
    setting(stage="prod")
    answers: dict[str, Any] = {"/a.png": (200, picture()),
                               "/b.png": (302, b"", {"Location": "http://elsewhere.example/a.png"})}
    with serving(answers, tls=secured(monkeypatch, tmp_path)) as safe, serving(answers) as plain:
        wired(monkeypatch, {443: safe.port, 80: plain.port})

        for url in ("http://elsewhere.example/a.png", "https://elsewhere.example/b.png"):
            reply = BY_NAME.link(admin, "cats", url)
            assert (reply.status, reply.json) == (500, NOT_ADDED)
        assert plain.asked == []
        assert BY_NAME.link(admin, "cats", "https://elsewhere.example/a.png").json == {"a": "a.png"}


@both_ways
@pytest.mark.usefixtures("cats", "whole")
def test_the_order_of_refusals(admin, way: Way):
    missing = way.request(admin, "POST", "files", "cats", form={"shortcode": ""})
    assert (missing.status, missing.json["error"]) == (400, "Missing field: file.")
    unknown = way.link(admin, "dogs", "http://127.0.0.1:1/", shortcode="")
    assert (unknown.status, unknown.json) == (404, {"error": 'pack "dogs" is not found'})
    for fields in ({"shortcode": ""}, {"filename": ""}, {"shortcode": "", "filename": "../x"}):
        reply = way.add(admin, "cats", "a.png", picture(), **fields)
        assert (reply.status, reply.json) == (422, EMPTY)
    assert way.add(admin, "cats", "", picture()).json == EMPTY


BAD_PATHS = ["../a.png", "a/../b.png", "/a.png", "a//b.png", "a/", "./a.png", "a\\b.png", "a\x00.png", "a\n.png",
             "pack.json", "a/b/c/d/e.png", "x" * 256, "é" * 128 + ".png", "/".join(each * 250 for each in "abcd"),
             "..", ".", "a\u0085.png"]


@pytest.mark.usefixtures("cats", "whole")
def test_where_no_file_may_lie(admin):
    way = BY_PATH
    for path in BAD_PATHS:
        reply = way.add(admin, "cats", "a.png", picture(), filename=path, shortcode="a")
        refused = (400, {"error": "Bad request"}) if "\0" in path else (422, {"error": "invalid filename"})
        assert (reply.status, reply.json) == refused, path


@pytest.mark.usefixtures("cats", "whole")
def test_what_no_emoji_can_be_called(admin):
    for shortcode in ("a\nb", "x" * 256, "é" * 128, "\x7f"):
        reply = BY_NAME.add(admin, "cats", "a.png", picture(), shortcode=shortcode)
        assert (reply.status, reply.json) == (422, {"error": "invalid shortcode"}), shortcode


@pytest.mark.usefixtures("whole")
def test_the_longest_names_fit_together(admin, anonymous, aws):
    pack, shortcode = "p" * 255, "s" * 255
    made(pack)
    fits = "/".join(["d" * 200, "e" * 200, "f" * 200, "g" * (1024 - len("emoji/") - 256 - 603)])

    assert BY_NAME.add(admin, pack, "a.png", picture(), filename=fits, shortcode=shortcode).json == {shortcode: fits}
    assert BY_NAME.add(admin, pack, "a.png", picture(), filename=fits + "g").json == {"error": "invalid filename"}
    assert BY_NAME.change(admin, pack, shortcode, "t" * 255, "a").json == {"t" * 255: "a"}


@both_ways
@pytest.mark.usefixtures("cats", "whole")
def test_a_name_is_one_emojis_on_the_whole_server(admin, way: Way):
    made("dogs", 1)

    reply = way.add(admin, "cats", "dogs0.png", picture())

    assert (reply.status, reply.json) == (409, {"error": 'An emoji with the "dogs0" shortcode already exists'})
    assert BY_NAME.remove(admin, "dogs", "dogs0").status == 200
    assert way.add(admin, "cats", "dogs0.png", picture()).status == 200


@pytest.mark.usefixtures("cats", "whole")
def test_two_emoji_of_one_file(admin, anonymous, aws):
    way = BY_PATH
    way.describe(admin, "cats", {"share-files": True})
    way.add(admin, "cats", "a.png", picture(1))
    way.add(admin, "cats", "a.png", picture(2) + b"more", shortcode="b")

    assert way.show(anonymous, "cats").json["files"] == {"a": "a.png", "b": "a.png"}
    assert stored(aws)["emoji/cats/a.png"] == picture(2) + b"more"
    assert way.remove(admin, "cats", "a").json == {"b": "a.png"}
    assert stored(aws)["emoji/cats/a.png"] == picture(2) + b"more"
    assert way.remove(admin, "cats", "b").json == {}
    assert "emoji/cats/a.png" not in stored(aws)


def test_adding_costs_the_same_in_a_large_pack(admin):
    made("small", 1)
    made("large", 60)

    small, large = BY_NAME.add(admin, "small", "a.png", picture()), BY_NAME.add(admin, "large", "b.png", picture())

    assert (small.calls, small.rounds) == (large.calls, large.rounds) == (12, 10)


# Zips.


@both_ways
@pytest.mark.usefixtures("cats", "whole")
def test_a_zip_brings_all_its_files_under_their_own_paths(admin, aws, way: Way):
    made("dogs", 1)
    way.add(admin, "cats", "old.png", picture(9))
    archive = zipped({"one.png": picture(1), "dir/two.gif": picture(2), "dogs0.png": picture(3), "old.gif": picture(4)})

    reply = way.add(admin, "cats", "a.zip", archive, "application/zip", shortcode="ignored", filename="ignored")

    assert (reply.status, reply.json) == (200, {"old": "old.png", "one": "one.png", "two": "dir/two.gif"})
    assert stored(aws, "emoji/cats/dir") == {"emoji/cats/dir/two.gif": picture(2)}
    assert way.add(admin, "cats", "a.zip", archive, "application/zip").json == reply.json


@pytest.mark.usefixtures("cats", "whole")
def test_a_zip_may_come_by_its_address(admin):
    with serving({"/emoji": (200, zipped({"one.png": picture(1)}), {"Content-Type": "application/zip; x=y"}),
                  "/plain.zip": (200, zipped({"two.png": picture(2)}), {"Content-Type": "application/octet-stream"})}
                 ) as server:
        assert BY_NAME.link(admin, "cats", f"{server.url}/emoji").json == {"one": "one.png"}
        assert BY_NAME.link(admin, "cats", f"{server.url}/plain.zip").json == {"one": "one.png", "two": "two.png"}


@pytest.mark.usefixtures("cats", "whole")
@pytest.mark.parametrize(("name", "type"), [
    ("a.zip", "application/x-zip-compressed"), ("a.zip", "application/octet-stream"), ("a.zip", "image/png"),
    ("a.png", "image/png"), ("a", "text/plain"), ("a.zip", "multipart/x-zip"),
    ("a.cbz", "application/vnd.comicbook+zip"),
])
def test_a_zip_is_known_by_its_bytes(admin, name, type):
    archive = zipped({"one.png": picture(1), "two.gif": picture(2)})

    assert BY_NAME.add(admin, "cats", name, archive, type).json == {"one": "one.png", "two": "two.gif"}


@pytest.mark.usefixtures("cats", "whole")
def test_a_zip_behind_something_else_and_a_picture_that_is_called_a_zip(admin):
    assert BY_NAME.add(admin, "cats", "a.exe", b"MZ" + bytes(99) + zipped({"one.png": picture(1)})).json == {
        "one": "one.png"}
    assert BY_NAME.add(admin, "cats", "b.png", picture(2) + zipped({"c.png": picture(3)}), ZIP).json["b"] == "b.png"
    broken = BY_NAME.add(admin, "cats", "a.bin", zipped({"a.png": picture(1)})[:-9], "application/octet-stream")
    assert (broken.status, broken.json) == (500, NOT_ADDED)


JUNK = {
    "._x.png": b"\0\5\x16\7\0\2\0\0Mac OS X", "__MACOSX/._one.png": b"\0\5\x16\7", ".DS_Store": b"\0\0\0\1Bud1",
    "README.md": b"# Cats", "LICENSE": b"CC0", "Thumbs.db": b"\xd0\xcf\x11\xe0", "meta.json": b'{"emojis": []}',
    "desktop.ini": b"[.ShellClassInfo]", "__MACOSX/seen.png": picture(9), ".hidden.png": picture(9),
    "dir/.x/y.png": picture(9),
    "page.png": b"<html>", "words.gif": b"GIF, as one says", "empty.png": b"", "film.webm": b"\x1aE\xdf\xa3",
    "inner.zip": zipped({}),
    "two words.png": picture(9), "a:b.png": picture(9), "wide\u3000blank.png": picture(9),
}


@pytest.mark.usefixtures("cats", "whole")
def test_only_pictures_of_a_zip_become_emoji(admin, aws):
    kinds = {"jpg": pictures.picture("JPEG"), "webp": pictures.picture("WEBP"), "gif": pictures.picture("GIF"),
             "avif": pictures.picture("AVIF"), "svg": b'<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="x"/>'}
    seen = {f"seen_{kind}.{kind}": data for kind, data in kinds.items()}

    reply = BY_NAME.add(admin, "cats", "a.zip", zipped({**JUNK, "one.png": picture(1), **seen}), ZIP)

    assert set(reply.json.values()) == {"one.png", *seen}
    assert len(stored(aws, "emoji/cats/")) == 2 + len(seen)


@pytest.mark.usefixtures("cats", "whole")
def test_backslashes_of_a_zip_are_strokes(admin, aws):
    archive = zipped({"dir\\one.png": picture(1), "dir\\deep\\two.png": picture(2), "dir\\": b"",
                      "..\\up.png": picture(3),
                      "\\root.png": picture(4)})

    reply = BY_NAME.add(admin, "cats", "a.zip", archive, ZIP)

    assert reply.json == {"one": "dir/one.png", "two": "dir/deep/two.png"}
    assert stored(aws)["emoji/cats/dir/deep/two.png"] == picture(2)


@both_ways
@pytest.mark.usefixtures("cats", "whole")
@pytest.mark.parametrize("shortcode", ["two words", "a:b", ":a:", "a/b", " a", "a\t", "a\u00a0b", "a\u3000"])
def test_a_shortcode_that_breaks_a_text_is_refused(admin, way: Way, shortcode):
    reply = way.add(admin, "cats", "a.png", picture(1), shortcode=shortcode)
    assert (reply.status, reply.json) == (422, {"error": "invalid shortcode"})

    way.add(admin, "cats", "a.png", picture(1))
    reply = way.change(admin, "cats", "a", shortcode, "b.png")
    assert (reply.status, reply.json) == (422, {"error": "invalid shortcode"})


@pytest.mark.usefixtures("cats", "whole")
def test_an_emoji_does_not_tell_where_it_was_taken(admin, aws):
    BY_NAME.add(admin, "cats", "a.jpg", photographs.jpeg(photographs.EXIF_SEGMENT))
    BY_NAME.add(admin, "cats", "a.zip", zipped({"b.webp": photographs.webp((b"XMP ", photographs.xmp()))}), ZIP)

    kept = stored(aws, "emoji/cats/")
    assert set(kept) == {"emoji/cats/a.jpg", "emoji/cats/b.webp", "emoji/cats/pack.json"}
    assert not [each for each in photographs.TOLD for data in kept.values() if each in data]


@pytest.mark.usefixtures("cats", "whole")
def test_a_zip_of_nothing_new_changes_nothing(admin, anonymous):
    way = BY_PATH
    before = way.show(anonymous, "cats").json

    unsafe = zipped({"../evil.png": b"x", "/etc/passwd": b"x", "pack.json": b"{}", "..\\b.png": picture()})
    assert way.add(admin, "cats", "a.zip", zipped({}), ZIP).json == {}
    assert way.add(admin, "cats", "a.zip", unsafe, ZIP).json == {}
    assert way.show(anonymous, "cats").json == before


@pytest.mark.usefixtures("cats", "whole")
def test_only_regular_files_of_a_zip_count_and_of_one_name_one(admin):
    link, folder = zipfile.ZipInfo("link.png"), zipfile.ZipInfo("folder.png/")
    link.external_attr, folder.external_attr = (stat.S_IFLNK | 0o777) << 16, 0x10
    archive = zipped([(link, b"/etc/passwd"), (folder, b""), ("a/x.png", picture(1)), ("b/x.gif", picture(2)),
                      ("C:/y.png", picture(3)), ("x" * 300, b"x")])

    reply = BY_NAME.add(admin, "cats", "a.zip", archive, "application/zip")

    assert reply.json == {"x": "a/x.png", "y": "C:/y.png"}


def claiming(archive: bytes, size: int) -> bytes:
    """The same zip, but it gives another size for the first entry."""
    changed = bytearray(archive)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = changed.index(mark) + place
        changed[start:start + 4] = struct.pack("<I", size)
    return bytes(changed)


def broken_zips() -> dict[str, bytes]:
    good, bomb = zipped({"a.png": picture() * 50}), zipped({"a.png": bytes(65_000_000)})
    locked = bytearray(good)
    locked[good.index(b"PK\x01\x02") + 8] |= 1
    return {
        "text": b"not a zip", "nothing": b"", "half of one": good[:len(good) // 2], "a wrong sum": good.replace(
            struct.pack("<I", zipfile.crc32(picture() * 50)), b"\1\2\3\4"),  # type: ignore[attr-defined]
        "a password": bytes(locked), "LZMA": zipped({"a.png": b"x" * 99}, packed=zipfile.ZIP_LZMA),
        "only an end": b"PK\x05\x06" + b"\1" * 18, "too many entries": b"PK\x01\x02" * 10_001 + zipped({}),
        "a bomb": bomb, "a bomb that lies": claiming(bomb, 10),
        "many bombs": zipped({f"{number}.png": bytes(7_000_000) for number in range(10)}),
        "a claim of 4 GB": claiming(good, 0xFFFFFFF0),
    }


@pytest.mark.usefixtures("cats", "whole")
def test_what_is_no_good_zip_adds_nothing(admin):
    for what, data in broken_zips().items():
        reply = BY_NAME.add(admin, "cats", "a.zip", data, "application/zip")
        assert (reply.status, reply.json) == (500, NOT_ADDED), what


# What is not a picture.


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
ODD = {
    "a.html": pictures.SCRIPT, "b.svg": SVG, "c.js": b"alert(1)", "d.gif": b"GIF89a/*" + b"\0" * 8 + b"*/=1;alert(1)",
    "e.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 50_000, 50_000) + b"\x08\x02\0\0\0", "f.xhtml": SVG,
    "g.jpg": pictures.picture("JPEG")[:200], "h": pictures.SCRIPT, "i.html.png": pictures.SCRIPT, "j.PNG": b"",
    "k.xml": SVG, "l.": b"x", ".m": b"x", "n.svgz": SVG, "o.swf": b"FWS",
}
SEEN = {"b.svg": "image/svg+xml", "d.gif": "image/gif", "e.png": "image/png", "f.xhtml": "application/octet-stream",
        "g.jpg": "image/jpeg", "k.xml": "application/octet-stream", "n.svgz": "application/octet-stream"}


@pytest.mark.usefixtures("cats", "whole")
def test_whatever_begins_as_a_picture_is_kept_as_it_is_and_called_a_picture_at_most(admin, aws):
    reply = BY_NAME.add(admin, "cats", "a.zip", zipped({f"dir/{name}": data for name, data in ODD.items()}), ZIP)

    assert set(reply.json.values()) == {f"dir/{name}" for name in SEEN}
    assert stored(aws, "emoji/cats/dir/") == {f"emoji/cats/dir/{name}": ODD[name] for name in SEEN}
    types = {name: aws.s3.head_object(Bucket=BUCKET, Key=f"emoji/cats/dir/{name}")["ContentType"] for name in SEEN}
    assert types == SEEN


@pytest.mark.usefixtures("cats", "whole")
def test_what_is_no_picture_is_refused(admin, aws):
    for name in ODD.keys() - SEEN.keys():
        reply = BY_NAME.add(admin, "cats", name, ODD[name], "image/png", shortcode="x")
        assert (reply.status, reply.json) == (422, {"error": "file is not a picture"}), name
    assert keys(aws, "emoji/cats/") == ["emoji/cats/pack.json"]


# Renaming.


@both_ways
@pytest.mark.usefixtures("cats", "whole")
def test_an_emoji_gets_another_name_and_its_file_another_place(admin, anonymous, aws, way: Way):
    way.add(admin, "cats", "a.png", picture(1))

    reply = way.change(admin, "cats", "a", "b", "dir/b.gif")

    assert (reply.status, reply.json) == (200, {"b": "dir/b.gif"})
    assert stored(aws, "emoji/cats/dir") == {"emoji/cats/dir/b.gif": picture(1)}
    assert "emoji/cats/a.png" not in stored(aws)
    assert aws.s3.head_object(Bucket=BUCKET, Key="emoji/cats/dir/b.gif")["ContentType"] == "image/gif"
    assert way.change(admin, "cats", "b", "c", "dir/b.gif").json == {"c": "dir/b.gif"}
    assert way.add(admin, "cats", "a.png", picture(2)).status == 200


@both_ways
@pytest.mark.usefixtures("cats", "whole")
def test_a_name_that_is_used_is_taken_by_force_only(admin, anonymous, aws, way: Way):
    made("dogs", 1)
    for number, name in enumerate("ab"):
        way.add(admin, "cats", f"{name}.png", picture(number))
    used = "New shortcode \"{}\" is already used. If you want to override emoji use 'force' option"

    for name in ("b", "a", "dogs0"):
        for force in ({}, {"force": False}, {"force": "false"}):
            reply = way.change(admin, "cats", "a", name, "new.png", **force)
            assert (reply.status, reply.json) == (409, {"error": used.format(name)})
    assert way.change(admin, "cats", "a", "a", "new.png", force=True).json == {"a": "new.png", "b": "b.png"}
    assert way.change(admin, "cats", "a", "b", "new.png", force="true").json == {"b": "new.png"}
    assert stored(aws, "emoji/cats").keys() == {"emoji/cats/new.png", "emoji/cats/pack.json"}
    assert way.change(admin, "cats", "b", "dogs0", "x.png", force=True).json == {"dogs0": "x.png"}
    assert len(anonymous.get("/api/v1/custom_emojis").json) == 1
    assert way.change(admin, "cats", "dogs0", "b", "x", force="perhaps").status == 400


@both_ways
@pytest.mark.usefixtures("cats", "whole")
def test_refusals_of_a_change(admin, aws, way: Way):
    way.add(admin, "cats", "a.png", picture(1))
    for name in ("shortcode", "new_shortcode", "new_filename"):
        fields = {"shortcode": "a", "new_shortcode": "b", "new_filename": "c"}
        del fields[name]
        assert way.request(admin, "PATCH", "files", "cats", json=fields).json["error"] == f"Missing field: {name}."

    empty = {"error": "new_shortcode or new_filename cannot be empty"}
    assert way.change(admin, "dogs", "", "", "").json == {"error": 'pack "dogs" is not found'}
    for words in (("", "b", "c"), ("a", "", "c"), ("a", "b", "")):
        reply = way.change(admin, "cats", *words)
        assert (reply.status, reply.json) == (422, empty)
    assert way.change(admin, "cats", "z", "b", "../c").json == {"error": "invalid filename"}
    assert way.change(admin, "cats", "z", "b\n", "c").json == {"error": "invalid shortcode"}
    unknown = way.change(admin, "cats", "z", "a", "c")
    assert (unknown.status, unknown.json) == (400, {"error": 'Emoji "z" does not exist'})


def test_an_emoji_whose_file_is_gone_cannot_move(admin, aws):
    made("cats", 1)
    aws.s3.delete_object(Bucket=BUCKET, Key="emoji/cats/cats0.png")

    reply = BY_NAME.change(admin, "cats", "cats0", "a", "b.png")

    assert (reply.status, reply.json) == (500, {"error": "Unexpected error occurred while updating."})
    assert ("work", "w") not in rows(aws)


# Removing.


@both_ways
@pytest.mark.usefixtures("cats", "whole")
def test_a_removed_emoji_is_gone_at_once(admin, anonymous, aws, way: Way):
    way.add(admin, "cats", "a.png", picture(1))
    way.add(admin, "cats", "b.png", picture(1), filename="dir/b.png")
    assert "a" in anonymous.get("/api/pleroma/emoji").json

    assert way.remove(admin, "cats", "a").json == {"b": "dir/b.png"}

    assert set(anonymous.get("/api/pleroma/emoji").json) == {"b"}
    assert "emoji/cats/a.png" not in stored(aws)


@both_ways
@pytest.mark.usefixtures("cats", "whole")
def test_refusals_of_a_removal(admin, way: Way):
    assert way.request(admin, "DELETE", "files", "cats").json["error"] == "Missing field: shortcode."
    assert way.remove(admin, "dogs", "").json == {"error": 'pack "dogs" is not found'}
    empty, unknown = way.remove(admin, "cats", ""), way.remove(admin, "cats", "a")
    assert (empty.status, empty.json) == (422, {"error": "pack name or shortcode cannot be empty"})
    assert (unknown.status, unknown.json) == (400, {"error": 'Emoji "a" does not exist'})


def test_a_body_that_is_too_large(admin):
    made("cats")

    reply = admin.post(f"{ROOT}/packs/cats/files", files={"file": ("a.png", bytes(17_100_000), "image/png")})

    assert reply.status == 413
