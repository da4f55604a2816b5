"""Packs of other servers: listed, downloaded, and refused as a whole when anything about them is wrong.

Two real servers do this in `tests/running/test_sharing.py`. Here the other server answers whatever a test wants.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib import outside
from chalicelib.domain.emoji import sharing, zips
from tests.emoji import BY_NAME, BY_PATH, ROOT, is_whole, made, picture, rows, stored, zipped
from tests.other_server import Answer, Other, secured, serving, wired

NOT_SHARING = {"error": "The requested instance does not support sharing emoji packs"}
NO_SOURCE = {"error": "The pack was not set as shared and there is no fallback src to download from"}
WRONG_SUM = {"error": "SHA256 for the pack doesn't match the one sent by the server"}
NODEINFO = {"metadata": {"features": ["polls", "shareable_emoji_packs"]}}
FILES = {"one": "one.png", "two": "dir/two.gif"}
DATA = {"one.png": picture(1), "dir/two.gif": picture(2)}


def page(name: str, number: int) -> str:
    return f"/api/pleroma/emoji/pack?name={name}&page={number}&page_size=500"


def archive_of(files: dict[str, str], data: dict[str, bytes], metadata: dict[str, Any] | None = None) -> bytes:
    manifest = {"files": files, "pack": {"share-files": True, "license": "CC0"} if metadata is None else metadata}
    return zipped({"pack.json": json.dumps(manifest).encode(), **data})


def checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def shared(files: dict[str, str], archive: bytes, **about: Any) -> dict[str, Any]:
    pack = {"share-files": True, "can-download": True, "download-sha256": checksum(archive).upper(), **about}
    return {"files": files, "files_count": len(files), "pack": pack}


@contextmanager
def another(answers: dict[str, Any], nodeinfo: Any = NODEINFO) -> Iterator[Other]:
    """A server that shares packs. Answers that are not bytes are sent as JSON."""
    found: dict[str, Answer] = {path: (200, each if isinstance(each, bytes) else json.dumps(each).encode())
                                if not isinstance(each, tuple) else each for path, each in answers.items()}
    with serving(found) as server:
        found["/nodeinfo/2.1.json"] = (200, json.dumps(nodeinfo).encode())
        found["/nodeinfo/2.0.json"] = (200, b'{"metadata": {"features": []}}')
        found["/.well-known/nodeinfo"] = (200, json.dumps({"links": [
            {"rel": "2.0", "href": f"{server.url}/nodeinfo/2.0.json"},
            {"rel": "2.1", "href": f"{server.url}/nodeinfo/2.1.json"}]}).encode())
        yield server


def download(admin: Any, url: str, name: str = "cats", **more: Any) -> Any:
    return admin.post(f"{ROOT}/packs/download", json={"url": url, "name": name, **more})


@pytest.fixture
def nothing_new(aws, anonymous):
    """Check that the test leaves what was there before: a pack of two, and no other row or file."""
    made("cats", 2)
    before = stored(aws), rows(aws)
    yield
    assert (stored(aws), rows(aws)) == before
    is_whole(aws, anonymous)


# Another server's list.


def test_a_list_is_passed_on_to_the_letter(admin):
    text = b'{"packs": {"b":1, "a": [null, 1.50]},   "count": 2, "\xc3\xa4": "\\u00e4"}'
    with another({"/api/pleroma/emoji/packs?page=1&page_size=50": text,
                  "/api/pleroma/emoji/packs?page=3&page_size=7": b"[]"}) as server:
        reply = admin.get(f"{ROOT}/packs/remote", {"url": f" {server.url}/some/where?x=y "})

        assert (reply.status, reply.body.encode()) == (200, text)
        assert reply.headers["content-type"] == "application/json"
        assert admin.get(f"{ROOT}/packs/remote", {"url": server.url, "page": 3, "page_size": 7}).body == "[]"


def test_a_server_that_does_not_share(admin):
    nodeinfo: Any
    for nodeinfo in ({}, [], None, {"metadata": {"features": ["polls"]}}, {"metadata": {"features": None}},
                     {"metadata": {"features": "shareable_emoji_packs"}}):
        with another({"/api/pleroma/emoji/packs?page=1&page_size=50": {"packs": {}}}, nodeinfo) as server:
            for reply in (admin.get(f"{ROOT}/packs/remote", {"url": server.url}), download(admin, server.url)):
                assert (reply.status, reply.json) == (500, NOT_SHARING), nodeinfo
            assert not any("emoji" in path for path, _ in server.asked)


def test_a_list_that_is_none(admin):
    answer: Any
    for answer in ((404, b"{}"), (200, b"text"), (200, b"[NaN]"), (200, b"\xff"), (200, b'"\\ud800"'), (200, b"1e999"),
                   (200, b"[" * 100_000), (200, b" " * 5_000_001), (200, "[]".encode("utf-16"))):
        with another({"/api/pleroma/emoji/packs?page=1&page_size=50": answer}) as server:
            reply = admin.get(f"{ROOT}/packs/remote", {"url": server.url})
            assert (reply.status, reply.json) == (500, NOT_SHARING), answer[1][:20]


def test_an_address_where_nobody_is(admin):
    for url in ("nonsense", "", "http://", "http://127.0.0.1:1", "ftp://example.org", "http://[", "//x",
                "file:///etc/passwd", "http://user@127.0.0.1:1/", "x" * 100_000, "http://a\nb/"):
        for reply in (admin.get(f"{ROOT}/packs/remote", {"url": url}), download(admin, url)):
            assert (reply.status, reply.json) == (500, NOT_SHARING), url


def test_a_nodeinfo_that_leads_nowhere(admin):
    links: Any
    for links in ({}, [], {"links": []}, {"links": [{}]}, {"links": [{"href": 1}]}, {"links": "x"}, {"links": [None]},
                  {"links": [{"href": "http://127.0.0.1:1/"}]}):
        with serving({"/.well-known/nodeinfo": (200, json.dumps(links).encode())}) as server:
            assert download(admin, server.url).json == NOT_SHARING, links


def test_other_servers_are_asked_by_https_only(admin, setting, monkeypatch, tmp_path):
    setting(stage="prod")
    with another({}) as plain:
        wired(monkeypatch, {80: plain.port})
        assert admin.get(f"{ROOT}/packs/remote", {"url": "http://elsewhere.example"}).json == NOT_SHARING
        assert download(admin, "http://elsewhere.example").json == NOT_SHARING
        links = {"links": [{"href": "http://elsewhere.example/nodeinfo/2.1.json"}]}
        answers: dict[str, Answer] = {"/.well-known/nodeinfo": (200, json.dumps(links).encode())}
        with serving(answers, tls=secured(monkeypatch, tmp_path)) as safe:
            wired(monkeypatch, {80: plain.port, 443: safe.port})
            assert download(admin, "https://elsewhere.example").json == NOT_SHARING
            assert len(safe.asked) == 1
        assert plain.asked == []


def test_our_own_network_is_not_asked(admin, setting):
    setting(stage="prod")
    with another({}) as server:
        assert admin.get(f"{ROOT}/packs/remote", {"url": server.url}).json == NOT_SHARING
        assert download(admin, server.url).json == NOT_SHARING
        assert server.asked == []


def test_address_and_name_are_required(admin):
    assert admin.get(f"{ROOT}/packs/remote").json["error"] == "Missing field: url."
    reply = admin.post(f"{ROOT}/packs/download", json={})
    assert (reply.status, reply.json["error"]) == (400, "Missing field: url. Missing field: name.")
    for name in ("..", "a/b", "x" * 256):
        assert download(admin, "http://x", name).json == {"error": "invalid pack name"}
        assert download(admin, "http://x", "cats", **{"as": name}).json == {"error": "invalid pack name"}
    assert download(admin, "http://x", " ").json == {"error": "pack name cannot be empty"}
    assert admin.get(f"{ROOT}/packs/remote", {"url": "x", "page": -1}).json == {"error": "page must be positive"}


# Bringing a pack here.


def test_a_shared_pack_becomes_ours(admin, anonymous, aws):
    archive = archive_of(FILES, {**DATA, "not named.png": b"x", "../evil.png": b"x"})
    about = shared(FILES, archive)
    about["pack"]["download-sha256"] = about["pack"]["download-sha256"].lower()
    with another({page("blobs.gg", 1): about, "/api/pleroma/emoji/packs/archive?name=blobs.gg": archive}) as server:
        reply = download(admin, server.url, "blobs.gg")

    assert (reply.status, reply.body) == (200, '"ok"')
    shown = BY_PATH.show(anonymous, "blobs.gg").json
    assert shown["files"] == FILES
    assert shown["pack"].items() >= {"share-files": True, "license": "CC0", "can-download": True}.items()
    assert {key: data for key, data in stored(aws, "emoji/").items() if not key.endswith("json")} == {
        f"emoji/blobs.gg/{path}": data for path, data in DATA.items()}
    is_whole(aws, anonymous)
    assert set(anonymous.get("/api/pleroma/emoji").json) == {"one", "two"}


def test_under_another_name_and_in_the_place_of_another_pack(admin, anonymous, aws):
    made("ours", 3, shared=True)
    BY_NAME.add(admin, "ours", "one.png", picture(7), shortcode="else")
    BY_NAME.archive(anonymous, "ours")
    archive = archive_of(FILES, DATA)
    answers = {page("%C3%A4%20b%26", 1): shared(FILES, archive),
               "/api/pleroma/emoji/packs/archive?name=%C3%A4%20b%26": (302, b"", {"Location": "/stored.zip"}),
               "/stored.zip": archive}
    with another(answers) as server:
        assert download(admin, server.url, " ä b& ", **{"as": " ours "}).status == 200

    assert BY_NAME.show(anonymous, "ours").json["files"] == FILES
    assert BY_NAME.show(anonymous, "ä b&").status == 404
    assert stored(aws, "emoji/ours/").keys() == {"emoji/ours/one.png", "emoji/ours/dir/two.gif", "emoji/ours/pack.json"}
    assert stored(aws)["emoji/ours/one.png"] == picture(1)
    is_whole(aws, anonymous)
    assert BY_NAME.add(admin, "ours", "else.png", picture()).status == 200


def test_what_others_call_the_same_may_come_twice(admin, anonymous, aws):
    made("one", 1)
    BY_NAME.change(admin, "one", "one0", "one", "one.png")
    archive = archive_of(FILES, DATA)
    with another({page("cats", 1): shared(FILES, archive),
                  "/api/pleroma/emoji/packs/archive?name=cats": archive}) as server:
        assert download(admin, server.url).status == 200

    assert [entry["tags"] for entry in anonymous.get("/api/v1/custom_emojis").json] == [["pack:one"], ["pack:cats"]]


def test_what_is_no_picture_does_not_come_along(admin, anonymous, aws):
    files = {**FILES, "README": "README.md", "page": "page.png", "meta": "meta.json", "back": "dir\\back.png"}
    archive = archive_of(files, {**DATA, "README.md": b"# Cats", "page.png": b"<html>", "meta.json": b"{}",
                                 "dir\\back.png": picture(3)})
    with another({page("cats", 1): shared(files, archive),
                  "/api/pleroma/emoji/packs/archive?name=cats": archive}) as server:
        assert download(admin, server.url).status == 200

    assert BY_NAME.show(anonymous, "cats").json["files"] == {**FILES, "back": "dir/back.png"}
    assert stored(aws)["emoji/cats/dir/back.png"] == picture(3)
    is_whole(aws, anonymous)


@pytest.mark.usefixtures("nothing_new")
@pytest.mark.parametrize("shortcode", ["a b", "a:b", "a/b", " a", "a\u00a0b"])
def test_shortcodes_that_break_a_text_are_refused(admin, shortcode):
    archive = archive_of({shortcode: "a.png"}, {"a.png": picture()})
    with another({page("cats", 1): shared({shortcode: "a.png"}, archive),
                  "/api/pleroma/emoji/packs/archive?name=cats": archive}) as server:
        assert download(admin, server.url).json == {"error": "invalid shortcode"}


@pytest.mark.usefixtures("nothing_new")
def test_a_tampered_archive_is_refused(admin):
    archive = archive_of(FILES, DATA)
    with another({page("cats", 1): shared(FILES, archive),
                  "/api/pleroma/emoji/packs/archive?name=cats": archive + b"\0"}) as server:
        reply = download(admin, server.url)

    assert (reply.status, reply.json) == (500, WRONG_SUM)


def bad_archives() -> dict[str, bytes]:
    return {
        "no zip": b"text", "no manifest": zipped(DATA), "a manifest of nothing": zipped({"pack.json": b""}),
        "a manifest that is a list": zipped({"pack.json": b"[]"}), "files that are a list": archive_of([], {}),  # type: ignore[arg-type]
        "a file that is a number": archive_of({"a": 1}, {}), "a file that is not there": archive_of(FILES, {}),  # type: ignore[dict-item]
        "a path out of the pack": archive_of({"a": "../a.png"}, {"../a.png": b"x"}),
        "an absolute path": archive_of({"a": "/a.png"}, {"/a.png": b"x"}),
        "its own manifest": archive_of({"a": "pack.json"}, {}),
        "an odd shortcode": archive_of({"a\n": "a"}, {"a": b""}),
        "a bomb": archive_of({"a": "a"}, {"a": bytes(64_000_001)}),
        "large metadata": archive_of(FILES, DATA, {"license": "x" * 100_001}),
    }


@pytest.mark.usefixtures("nothing_new")
def test_an_archive_that_is_no_pack_is_refused(admin):
    texts = {}
    for what, archive in bad_archives().items():
        with another({page("cats", 1): shared(FILES, archive),
                      "/api/pleroma/emoji/packs/archive?name=cats": archive}) as server:
            reply = download(admin, server.url)
            assert reply.status == 500, what
            texts[what] = reply.json["error"]

    for what in ("a path out of the pack", "an absolute path", "its own manifest"):
        assert texts[what] == "invalid filename"
    assert texts["an odd shortcode"] == "invalid shortcode"
    assert texts["a file that is not there"] == "The archive does not have all files of the pack"
    assert texts["no zip"] == texts["a bomb"] == "Could not download the pack"


@pytest.mark.usefixtures("nothing_new")
def test_a_pack_that_is_not_shared_and_has_no_fallback(admin):
    archive = archive_of(FILES, DATA)
    for about in ({"share-files": False}, {"can-download": False}, {"download-sha256": None}, {"share-files": "true"}):
        with another({page("cats", 1): shared(FILES, archive, **about)}) as server:
            assert download(admin, server.url).json == NO_SOURCE
    answer: Any
    for answer in ((404, b"{}"), (200, b"text"), [], {"files": []}):
        with another({page("cats", 1): answer}) as server:
            assert download(admin, server.url).json == NO_SOURCE


@pytest.mark.usefixtures("nothing_new")
def test_an_archive_that_does_not_come(admin, monkeypatch):
    monkeypatch.setattr(sharing, "SECONDS_EACH", 0.5)
    archive = archive_of(FILES, DATA)
    answers = {"/api/pleroma/emoji/packs/archive?name=cats": (503, archive), page("cats", 1): shared(FILES, archive)}
    with another(answers) as server:
        assert download(admin, server.url).json == {"error": "Could not download the pack"}
    monkeypatch.setattr(zips, "MOST_FETCHED", 100)
    answers["/api/pleroma/emoji/packs/archive?name=cats"] = (200, archive)
    with another(answers) as server:
        assert download(admin, server.url).json == {"error": "Could not download the pack"}


@pytest.mark.usefixtures("nothing_new")
def test_a_server_that_keeps_us_waiting(admin, monkeypatch):
    """No single answer may take long, nor may all together."""
    given: list[float] = []
    monkeypatch.setattr(sharing, "SECONDS", -1.0)

    def note(url: str, *, seconds: float, **_: Any) -> Any:
        given.append(seconds)
        raise outside.Unreachable

    monkeypatch.setattr(outside, "fetch", note)
    assert download(admin, "http://example.org").json == NOT_SHARING
    assert given == [0.001]


def test_a_fallback_is_used_with_the_files_that_all_pages_name(admin, anonymous, aws):
    files = {f"e{number}": f"e{number}.png" for number in range(5)}
    data = {path: picture(number) for number, path in enumerate(files.values())}
    archive, some = zipped({**data, "pack.json": b"ignored"}), list(files.items())
    with another({"/fallback.zip": archive}) as elsewhere:
        about = {"share-files": True, "can-download": False, "fallback-src": f"{elsewhere.url}/fallback.zip",
                 "fallback-src-sha256": checksum(archive), "license": "CC0"}
        answers = {page("cats", number): {"files": dict(some[start:end]), "files_count": 5, "pack": about}
                   for number, start, end in ((1, 0, 2), (2, 2, 4), (3, 4, 5))}
        with another(answers) as server:
            assert download(admin, server.url).status == 200

    assert BY_NAME.show(anonymous, "cats").json == {"files": files, "files_count": 5, "pack": {"can-download": False}}
    is_whole(aws, anonymous)


@pytest.mark.usefixtures("nothing_new")
def test_a_fallback_that_is_no_good(admin):
    archive = zipped({"one.png": b"1"})
    about = {"fallback-src-sha256": checksum(archive)}
    with another({"/fallback.zip": archive}) as elsewhere:
        about["fallback-src"] = f"{elsewhere.url}/fallback.zip"
        with another({page("cats", 1): {"files": FILES, "pack": about}}) as server:
            assert download(admin, server.url).json["error"] == "The archive does not have all files of the pack"
        with another({page("cats", 1): {"files": {"a": "../x"}, "pack": about}}) as server:
            assert download(admin, server.url).json["error"] == "invalid filename"
        with another({page("cats", 1): {"files": FILES, "pack": {**about, "fallback-src-sha256": "0"}}}) as server:
            assert download(admin, server.url).json == WRONG_SUM


def test_servers_of_old_have_other_paths(admin, anonymous):
    archive = archive_of(FILES, DATA)
    about = shared(FILES, archive)
    del about["files_count"]
    with another({"/api/pleroma/emoji/packs/cats": about,
                  "/api/pleroma/emoji/packs/cats/archive": archive}) as server:
        assert download(admin, server.url).status == 200

    assert BY_NAME.show(anonymous, "cats").json["files"] == FILES
