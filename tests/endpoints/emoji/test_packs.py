"""Packs of emoji, in both generations of paths: listed, shown, made, described, deleted, archived."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from urllib.parse import unquote

import pytest

from tests.emoji import BUCKET, BY_NAME, BY_PATH, ROOT, Way, is_whole, made, picture, rows, stored, unzipped, zipped
from tests.other_server import serving, wired

both_ways = pytest.mark.parametrize("way", [BY_NAME, BY_PATH], ids=["name in the query", "name in the path"])
EMPTY = {"files": {}, "files_count": 0, "pack": {"can-download": False}}
NOT_ALLOWED = [
    ("POST", "pack", {}), ("PATCH", "pack", {"metadata": {}}), ("DELETE", "pack", {}),
    ("POST", "files", {"file": "http://example.org/a.png"}), ("DELETE", "files", {"shortcode": "a"}),
    ("PATCH", "files", {"shortcode": "a", "new_shortcode": "b", "new_filename": "c"}),
]


@both_ways
def test_a_new_pack_is_empty(admin, anonymous, aws, way: Way):
    reply = way.create(admin, " cats ")

    assert (reply.status, reply.body) == (200, '"ok"')
    assert reply.headers["content-type"].startswith("application/json")
    assert way.show(anonymous, "cats").json == EMPTY
    assert json.loads(stored(aws)["emoji/cats/pack.json"]) == {"files": {}, "files_count": 0, "pack": {}}
    is_whole(aws, anonymous)


@both_ways
def test_a_name_is_given_once(admin, aws, way: Way):
    way.create(admin, "cats")
    aws.s3.put_object(Bucket=BUCKET, Key="emoji/copied here/a.png", Body=b"a")

    for name in ("cats", " cats ", "copied here"):
        reply = way.create(admin, name)
        assert (reply.status, reply.json) == (409, {"error": f'A pack named "{name.strip()}" already exists'})
    assert way.create(admin, "Cats").status == 200


def test_a_pack_may_be_called_almost_anything(admin, anonymous):
    names = ["blobs.gg", "🐈", "a b", "%2e%2e", "a?b#c&d=e", "x" * 255, "...", "'\";--"]
    for name in names:
        assert BY_PATH.create(admin, name).status == 200, name

    assert [BY_PATH.show(anonymous, name).json for name in names] == [EMPTY] * len(names)
    assert [BY_NAME.show(anonymous, name).json for name in names] == [EMPTY] * len(names)
    assert list(anonymous.get(f"{ROOT}/packs").json["packs"]) == sorted(names, key=str.encode)


@both_ways
def test_everything_can_be_done_with_an_odd_name(admin, anonymous, aws, way: Way):
    name = "ä?b#c&d=%2e 🐈"
    assert way.create(admin, name).status == 200
    assert way.add(admin, name, "a.png", picture()).json == {"a": "a.png"}

    assert way.show(anonymous, name).json["files"] == {"a": "a.png"}
    url = anonymous.get("/api/v1/custom_emojis").json[0]["url"]
    assert unquote(url.removeprefix("http://kenoma.test/")) == f"emoji/{name}/a.png"
    assert url.isascii()
    assert way.describe(admin, name, {"share-files": True}).status == 200
    assert way.archive(anonymous, name).status == 302
    assert way.delete(admin, name).status == 200
    assert (stored(aws), rows(aws)) == ({}, [])


UNSAFE = ["..", ".", "a/b", "a\\b", "a\nb", "a\x7fb", "/", "../../etc", "x" * 256, "é" * 128, "a\uffff"]


@both_ways
def test_what_no_pack_can_be_called(admin, anonymous, aws, way: Way):
    for name in UNSAFE:
        created, shown = way.create(admin, name), way.show(anonymous, name)
        assert (created.status, created.json) == (400, {"error": "invalid pack name"})
        assert (shown.status, shown.json) == (404, {"error": f"Pack {name} does not exist"})
        assert way.delete(admin, name).json == way.archive(anonymous, name).json == shown.json
        assert way.describe(admin, name, {}).status == 404
        assert way.add(admin, name, "a.png", b"a").json == {"error": f'pack "{name}" is not found'}
    assert (stored(aws), rows(aws)) == ({}, [])


@both_ways
def test_an_empty_name_is_refused(admin, anonymous, way: Way):
    for reply in (way.create(admin, " "), way.show(anonymous, " "), way.delete(admin, " "), way.archive(anonymous, " "),
                  way.describe(admin, " ", {})):
        assert (reply.status, reply.json) == (400, {"error": "pack name cannot be empty"})
    assert way.remove(admin, " ", "").json == {"error": 'pack "" is not found'}


def test_the_name_is_required_in_the_query(admin, anonymous):
    for reply in (admin.post(f"{ROOT}/pack"), anonymous.get(f"{ROOT}/pack"), anonymous.get(f"{ROOT}/packs/archive")):
        assert (reply.status, reply.json["error"]) == (400, "Missing field: name.")
        assert reply.json["errors"] == [{"title": "Invalid value", "source": {"pointer": "/name"},
                                         "message": "Missing field: name"}]


def test_fixed_words_are_packs_by_query_only(admin, anonymous):
    for word in ("import", "remote", "download", "archive", "files"):
        made(word)

        assert BY_NAME.show(anonymous, word).json == EMPTY
        assert BY_PATH.show(anonymous, word).status in (400, 403, 404)
        assert BY_PATH.delete(admin, word).status in (400, 404)
    assert BY_NAME.delete(admin, "files").status == 200


@both_ways
def test_only_administrators_change_packs(alice, anonymous, cast, admin, way: Way):
    narrow = cast.signs_in(admin.account, "read write admin:read")
    for method, what, fields in NOT_ALLOWED:
        good = way.request(anonymous, method, what, "cats", json=fields)
        other = way.request(alice, method, what, "cats", json=fields)
        lacking = way.request(narrow, method, what, "cats", json=fields)
        unread = way.request(narrow, method, what, "cats", json={"metadata": 1, "file": [], "shortcode": {}})

        assert (good.status, good.json) == (403, {"error": "Invalid credentials."})
        assert (other.status, other.json) == (403, {"error": "User is not an admin."})
        assert (lacking.status, lacking.json) == (403, {"error": "Insufficient permissions: admin:write."})
        assert unread.status == (400 if fields else 403)


def test_only_administrators_bring_packs(alice, anonymous, cast, admin):
    narrow = cast.signs_in(admin.account, "read write follow")
    for method, path in (("GET", f"{ROOT}/packs/import"), ("GET", f"{ROOT}/packs/remote?url=x"),
                         ("POST", f"{ROOT}/packs/download?url=x&name=y"), ("POST", "/api/pleroma/admin/reload_emoji")):
        assert anonymous.request(method, path).json == {"error": "Invalid credentials."}
        assert alice.request(method, path).json == {"error": "User is not an admin."}
        assert narrow.request(method, path).json == {"error": "Insufficient permissions: admin:write."}


def test_a_page_elsewhere_cannot_import(admin):
    """It is a GET that changes something, and a browser sends the cookie with it."""
    cookie = admin.get("/api/v1/accounts/verify_credentials").headers["set-cookie"].partition(";")[0]
    browser = {"Authorization": "", "Cookie": cookie}

    assert admin.get(f"{ROOT}/packs/import", headers={**browser, "Sec-Fetch-Site": "cross-site"}).status == 403
    assert admin.get(f"{ROOT}/packs/import", headers=browser).status == 200


# The list.


def test_packs_are_listed_bytewise_by_pages(admin, anonymous):
    for name in ("b", "Z", "a-b", "a", "ä"):
        made(name, 2)

    shown = anonymous.get(f"{ROOT}/packs").json

    assert list(shown["packs"]) == ["Z", "a", "a-b", "b", "ä"]
    assert shown["count"] == 5
    assert shown["packs"]["a-b"] == {"files": {"a-b0": "a-b0.png", "a-b1": "a-b1.png"}, "files_count": 2,
                                     "pack": {"can-download": False}}
    second = anonymous.get(f"{ROOT}/packs", {"page": 2, "page_size": 2}).json
    assert (list(second["packs"]), second["count"]) == (["a-b", "b"], 5)
    assert second["packs"]["a-b"] == shown["packs"]["a-b"]
    assert anonymous.get(f"{ROOT}/packs", {"page": 9}).json == {"packs": {}, "count": 5}
    assert anonymous.get(f"{ROOT}/packs", {"page": 2**62, "page_size": 2**62}).json == {"packs": {}, "count": 5}
    assert anonymous.get(f"{ROOT}/packs?page=&page_size=").json == shown
    assert anonymous.get(f"{ROOT}/packs", {"page_size": 99999}).json == shown
    assert anonymous.get(f"{ROOT}/packs", {"page": 2, "page_size": 99999}).json["packs"] == {}
    assert "link" not in anonymous.get(f"{ROOT}/packs", {"page_size": 1}).headers


def test_pleroma_fe_counts_packs_by_a_page_of_none_and_numbers_pages_from_0(anonymous):
    for name in "abcde":
        made(name, 1)

    def page(number, size):
        shown = anonymous.get(f"{ROOT}/packs", {"page": number, "page_size": size}).json
        return list(shown["packs"]), shown["count"]

    assert page(1, 0) == page(0, 0) == ([], 5)
    assert [page(number, 2) for number in range(3)] == [(["e"], 5), (["a", "b"], 5), (["c", "d"], 5)]
    assert page(0, 5) == page(0, 25) == (list("abcde"), 5)


def test_page_0_of_no_packs_has_none(anonymous):
    assert anonymous.get(f"{ROOT}/packs", {"page": 0}).json == {"packs": {}, "count": 0}


def test_pages_are_numbers_above_zero(anonymous):
    made("cats", 1)
    for path, refused in ((f"{ROOT}/packs?", ["-1"]), (f"{ROOT}/pack?name=cats&", ["0", "-1"]),
                          (f"{ROOT}/packs/cats?", ["0", "-1"])):
        for name in ("page", "page_size"):
            for number in refused:
                reply = anonymous.get(f"{path}{name}={number}")
                assert (reply.status, reply.json) == (400, {"error": f"{name} must be positive"})
            reply = anonymous.get(f"{path}{name}=x")
            assert (reply.status, reply.json["error"]) == (400, f"{name} - Invalid integer. Got: string.")


def test_a_list_costs_the_same_for_one_pack_and_for_many(admin, anonymous):
    made("a", 1, shared=True)
    anonymous.get(f"{ROOT}/packs")
    one = anonymous.get(f"{ROOT}/packs")
    for name in "bcd":
        made(name, 3, shared=True)
    anonymous.get(f"{ROOT}/packs")

    many = anonymous.get(f"{ROOT}/packs")

    assert all(pack["pack"]["can-download"] for pack in many.json["packs"].values())
    assert (one.calls, one.rounds) == (many.calls, many.rounds) == (2, 2)
    assert anonymous.get(f"{ROOT}/packs", {"page": 9}).calls == 1
    shown = BY_NAME.show(anonymous, "c")
    assert (shown.calls, shown.rounds) == (2, 1)


def test_everybody_sees_packs_on_a_private_instance_too(admin, anonymous, setting):
    made("cats", 1, shared=True)
    setting(public=False)

    replies = [anonymous.get(f"{ROOT}/packs"), BY_NAME.show(anonymous, "cats"), BY_PATH.show(anonymous, "cats"),
               anonymous.get("/api/pleroma/emoji")]

    assert [reply.status for reply in replies] == [200] * 4
    assert BY_NAME.archive(anonymous, "cats").status == BY_PATH.archive(anonymous, "cats").status == 302


# One pack.


def test_newer_clients_get_a_page_of_a_pack_and_older_ones_all_of_it(admin, anonymous):
    made("cats", 40)
    codes = sorted(f"cats{number}" for number in range(40))

    paged, whole = BY_NAME.show(anonymous, "cats").json, BY_PATH.show(anonymous, "cats").json

    assert (list(paged["files"]), paged["files_count"]) == (codes[:30], 40)
    assert (list(whole["files"]), whole["files_count"]) == (codes, 40)
    for way in (BY_NAME, BY_PATH):
        assert list(way.show(anonymous, "cats", page=2, page_size=15).json["files"]) == codes[15:30]
        assert list(way.show(anonymous, "cats", page=2).json["files"]) == codes[30:]
        assert list(way.show(anonymous, "cats", page_size=3).json["files"]) == codes[:3]
        assert way.show(anonymous, "cats", page=9).json == {**paged, "files": {}}


@both_ways
def test_an_unknown_pack_is_not_there(admin, anonymous, way: Way):
    gone = {"error": "Pack dogs does not exist"}

    for reply in (way.show(anonymous, "dogs"), way.delete(admin, "dogs"), way.archive(anonymous, "dogs"),
                  way.describe(admin, "dogs", {})):
        assert (reply.status, reply.json) == (404, gone)


# Metadata.


@both_ways
def test_metadata_are_replaced_and_kept_as_sent(admin, anonymous, aws, way: Way):
    made("cats", 1)
    first = {"license": "CC0", "homepage": "", "description": "Ä 🐈", "share-files": False, "own": [1, {"a": None}],
             "fallback-src-sha256": "abc"}

    assert way.describe(admin, "cats", first).json == first
    assert way.show(anonymous, "cats").json["pack"] == {**first, "can-download": False}
    assert way.describe(admin, "cats", {"license": "MIT"}).json == {"license": "MIT"}
    assert way.show(anonymous, "cats").json["pack"] == {"license": "MIT", "can-download": False}
    assert json.loads(stored(aws)["emoji/cats/pack.json"])["pack"] == {"license": "MIT"}
    told = {"can-download": True, "download-sha256": "made up", "license": None}
    assert way.describe(admin, "cats", told).json == {}
    assert way.show(anonymous, "cats").json["pack"] == {"can-download": False}


@both_ways
def test_metadata_in_a_form(admin, anonymous, way: Way):
    made("cats", 1)

    sent = {"metadata[share-files]": "true", "metadata[license]": "x"}
    reply = way.request(admin, "PATCH", "pack", "cats", form=sent)

    assert reply.json == {"share-files": True, "license": "x"}
    assert way.show(anonymous, "cats").json["pack"]["can-download"] is True


@both_ways
def test_metadata_that_are_none(admin, anonymous, way: Way):
    made("cats", 1)

    for metadata, error, pointer in NO_METADATA:
        reply = way.describe(admin, "cats", metadata)
        assert (reply.status, reply.json["error"]) == (400, error)
        assert pointer is None or reply.json["errors"][0]["source"]["pointer"] == pointer
    assert way.show(anonymous, "cats").json["pack"] == {"can-download": False}


NO_METADATA: list[tuple[object, str, str | None]] = [
    ("text", "metadata - Invalid object. Got: string.", "/metadata"),
    ([], "metadata - Invalid object. Got: array.", "/metadata"),
    (None, "metadata - null value where object expected.", "/metadata"),
    ({"share-files": "yes"}, "share-files - Invalid boolean. Got: string.", "/metadata/share-files"),
    ({"license": 1}, "license - Invalid string. Got: integer.", "/metadata/license"),
    ({"fallback-src": []}, "fallback-src - Invalid string. Got: array.", "/metadata/fallback-src"),
    ({"description": "x" * 100_001}, "metadata is too large", None),
]


def test_metadata_are_required(admin):
    made("cats")

    assert admin.patch(f"{ROOT}/packs/cats").json["error"] == "Missing field: metadata."


def test_a_fallback_is_fetched_by_https_only(admin, setting, monkeypatch):
    made("cats", 2)
    setting(stage="prod")
    with serving({"/cats.zip": (200, zipped({"0.png": picture(0), "1.png": picture(1)}))}) as plain:
        wired(monkeypatch, {80: plain.port})

        assert BY_NAME.describe(admin, "cats", {"fallback-src": "http://elsewhere.example/cats.zip"}).status == 400
        assert plain.asked == []


@both_ways
def test_a_fallback_is_fetched_and_summed_when_it_is_new(admin, anonymous, way: Way):
    made("cats", 2)
    archive = zipped({"cats0.png": b"0", "cats1.png": b"1", "more": b""})
    sha = hashlib.sha256(archive).hexdigest().upper()
    with serving({"/cats.zip": (200, archive)}) as server:
        source = {"fallback-src": f"{server.url}/cats.zip"}

        first = way.describe(admin, "cats", {**source, "fallback-src-sha256": "whatever"})
        second = way.describe(admin, "cats", {**source, "license": "MIT"})
        third = way.describe(admin, "cats", {**source, "fallback-src-sha256": "other"})

        assert first.json == {**source, "fallback-src-sha256": sha}
        assert second.json == {**source, "license": "MIT", "fallback-src-sha256": sha}
        assert third.json == {**source, "fallback-src-sha256": "other"}
        assert len(server.asked) == 1
    assert way.describe(admin, "cats", {"fallback-src": ""}).json == {"fallback-src": ""}


def test_a_fallback_that_is_no_good_changes_nothing(admin, anonymous):
    way = BY_NAME
    made("cats", 2)
    way.describe(admin, "cats", {"license": "MIT"})
    bad = {"/lacking.zip": (200, zipped({"cats0.png": b""})), "/text": (200, b"text"), "/gone": (404, zipped({})),
           "/case.zip": (200, zipped({"cats0.png": b"", "CATS1.png": b""}))}
    lacking = "The fallback archive does not have all files specified in pack.json"
    failed = "Unexpected error occurred while updating pack metadata."

    with serving(bad) as server:
        for path, error in (("/lacking.zip", lacking), ("/case.zip", lacking), ("/text", failed), ("/gone", failed)):
            reply = way.describe(admin, "cats", {"fallback-src": server.url + path})
            assert (reply.status, reply.json) == (400, {"error": error})
    assert way.describe(admin, "cats", {"fallback-src": "nonsense"}).json == {"error": failed}
    assert way.show(anonymous, "cats").json["pack"] == {"license": "MIT", "can-download": False}


def test_an_empty_pack_takes_any_zip_as_its_fallback(admin):
    made("cats")
    with serving({"/a": (200, zipped({}))}) as server:
        assert BY_NAME.describe(admin, "cats", {"fallback-src": f"{server.url}/a"}).status == 200


# Deletion.


@both_ways
def test_a_deleted_pack_leaves_nothing(admin, anonymous, aws, way: Way):
    made("cats", 3, shared=True)
    made("dogs", 1)
    way.archive(anonymous, "cats")

    reply = way.delete(admin, "cats")

    assert (reply.status, reply.json) == (200, "ok")
    assert way.show(anonymous, "cats").status == way.delete(admin, "cats").status == 404
    assert [entry["shortcode"] for entry in anonymous.get("/api/v1/custom_emojis").json] == ["dogs0"]
    assert set(stored(aws)) == {"emoji/dogs/pack.json", "emoji/dogs/dogs0.png"}
    is_whole(aws, anonymous)
    assert way.create(admin, "cats").status == 200
    assert way.show(anonymous, "cats").json == EMPTY


# Archives.


@both_ways
def test_an_archive_holds_pack_json_and_the_files_and_is_what_the_sum_says(admin, anonymous, aws, way: Way):
    made("cats", 2)
    way.add(admin, "cats", "a.png", picture(7), filename="dir/sub/a.png", shortcode="deep")
    way.describe(admin, "cats", {"share-files": True, "license": "CC0"})
    shown = way.show(anonymous, "cats").json

    reply = way.archive(anonymous, "cats")

    assert reply.status == 302
    key = unquote(reply.headers["location"].removeprefix("http://kenoma.test/"))
    kept = aws.s3.get_object(Bucket=BUCKET, Key=key)
    data = kept["Body"].read()
    assert (kept["ContentType"], kept["ContentDisposition"]) == ("application/zip", 'attachment; filename="cats.zip"')
    assert shown["pack"]["download-sha256"] == hashlib.sha256(data).hexdigest().upper()
    found = unzipped(data)
    assert list(found) == ["pack.json", "cats0.png", "cats1.png", "dir/sub/a.png"]
    assert found["dir/sub/a.png"] == picture(7)
    assert json.loads(found["pack.json"]) == {
        "files": {"cats0": "cats0.png", "cats1": "cats1.png", "deep": "dir/sub/a.png"}, "files_count": 3,
        "pack": {"share-files": True, "license": "CC0"}}


@both_ways
def test_only_shared_packs_have_an_archive(admin, anonymous, aws, way: Way):
    made("cats", 1)
    refused = {"error": "Pack cats cannot be downloaded from this instance, either pack sharing was disabled for this "
                        "pack or some files are missing"}
    assert (way.archive(anonymous, "cats").status, way.archive(anonymous, "cats").json) == (403, refused)

    way.describe(admin, "cats", {"share-files": True})
    assert way.archive(anonymous, "cats").status == 302
    way.describe(admin, "cats", {"share-files": False})

    assert way.archive(anonymous, "cats").json == refused
    assert stored(aws, "media/") == {}


def test_an_empty_shared_pack_can_be_downloaded(admin, anonymous):
    made("cats", shared=True)

    assert BY_NAME.show(anonymous, "cats").json["pack"]["can-download"] is True


def test_a_pack_that_lacks_a_file_is_not_shared(admin, anonymous, aws):
    made("cats", 2, shared=True)
    aws.s3.delete_object(Bucket=BUCKET, Key="emoji/cats/cats1.png")

    assert BY_NAME.show(anonymous, "cats").json["pack"] == {"share-files": True, "can-download": False}
    assert BY_NAME.archive(anonymous, "cats").status == 403
    assert BY_NAME.show(anonymous, "cats").calls == 2
    assert BY_NAME.remove(admin, "cats", "cats1").status == 200
    assert BY_NAME.show(anonymous, "cats").json["pack"]["can-download"] is True


def test_every_change_gives_another_sum_and_going_back_the_old_one(admin, anonymous, aws):
    made("cats", 1, shared=True)

    def checksum() -> str:
        return str(BY_NAME.show(anonymous, "cats").json["pack"]["download-sha256"])

    sums = [checksum()]
    BY_NAME.add(admin, "cats", "b.png", picture(9))
    sums.append(checksum())
    BY_NAME.change(admin, "cats", "b", "c", "b.png")
    sums.append(checksum())
    BY_NAME.describe(admin, "cats", {"share-files": True, "license": "MIT"})
    sums.append(checksum())
    BY_NAME.describe(admin, "cats", {"share-files": True})
    BY_NAME.remove(admin, "cats", "c")

    assert len(set(sums)) == 4
    assert checksum() == sums[0]
    assert list(stored(aws, "media/")) == [f"media/emoji_packs/cats/{sums[0]}.zip"]


def test_an_archive_that_expired_is_made_anew(admin, anonymous, aws):
    made("cats", 1, shared=True)
    before = BY_NAME.archive(anonymous, "cats").headers["location"]
    (key, data), = stored(aws, "media/").items()
    aws.s3.delete_object(Bucket=BUCKET, Key=key)

    assert BY_NAME.archive(anonymous, "cats").headers["location"] == before
    assert stored(aws, "media/") == {key: data}


def test_an_archive_is_the_same_wherever_it_is_made(anonymous, aws):
    made("cats", 2, shared=True)
    BY_NAME.archive(anonymous, "cats")
    (data,) = stored(aws, "media/").values()

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {(entry.date_time, entry.compress_type, entry.create_system) for entry in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 3)}


def test_the_name_in_the_reply_of_an_odd_pack(admin, anonymous, aws):
    made('q"ü', shared=True)
    BY_NAME.archive(anonymous, 'q"ü')
    (key,) = stored(aws, "media/")

    assert aws.s3.head_object(Bucket=BUCKET, Key=key)["ContentDisposition"] == (
        "attachment; filename=\"pack.zip\"; filename*=UTF-8''q%22%C3%BC.zip")


def test_nodeinfo_says_that_packs_are_shared(anonymous):
    last = anonymous.get("/.well-known/nodeinfo").json["links"][-1]["href"]

    assert "shareable_emoji_packs" in anonymous.get(
        last.removeprefix("http://kenoma.test")).json["metadata"]["features"]


def test_reloading_tells_every_process(admin, anonymous):
    anonymous.get("/api/v1/custom_emojis")

    assert admin.post("/api/pleroma/admin/reload_emoji").body == '"ok"'
    assert anonymous.get("/api/v1/custom_emojis").calls == 3
