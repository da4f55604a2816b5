"""Packs that come as a zip: sent, or fetched from an address."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.emoji import BY_NAME, ROOT, is_whole, made, picture, rows, stored, zipped
from tests.other_server import serving

PATH = f"{ROOT}/packs/download_zip"
NOT_PROCESSED = {"error": "Could not process the pack"}
PICTURES = {"one.png": picture(1), "more/two.gif": picture(2), "readme.txt": b"hello", "__MACOSX/one.png": picture(3),
            ".hidden.png": picture(4)}


@pytest.fixture
def whole(aws, anonymous):
    """Check at the end of the test that rows and files fit together."""
    yield
    is_whole(aws, anonymous)


def sends(admin, data, name="cats", **form):
    return admin.post(PATH, {"name": name, **form}, files={"file": ("cats.zip", data, "application/zip")})


@pytest.mark.usefixtures("whole")
def test_every_picture_of_a_zip_becomes_an_emoji(admin, anonymous, aws):
    reply = sends(admin, zipped(PICTURES))

    assert (reply.status, reply.json) == (200, "ok")
    shown = BY_NAME.show(anonymous, "cats").json
    assert shown["files"] == {"one": "one.png", "two": "more/two.gif"}
    assert shown["pack"] == {"can-download": False}
    assert stored(aws)["emoji/cats/more/two.gif"] == picture(2)
    assert set(anonymous.get("/api/pleroma/emoji").json) == {"one", "two"}


@pytest.mark.usefixtures("whole")
def test_a_zip_with_a_description_is_as_that_says(admin, anonymous):
    described = {"files": {"uno": "one.png"}, "pack": {"license": "CC0", "share-files": True}}

    sends(admin, zipped({"pack.json": json.dumps(described).encode(), **PICTURES}))

    shown = BY_NAME.show(anonymous, "cats").json
    assert (shown["files"], shown["pack"]["license"]) == ({"uno": "one.png"}, "CC0")
    assert shown["pack"]["can-download"] is True


@pytest.mark.usefixtures("whole")
def test_a_zip_is_fetched_from_its_address_which_others_may_use(admin, anonymous):
    data = zipped(PICTURES)
    with serving({"/cats.zip": (200, data)}) as server:
        url = f"{server.url}/cats.zip"
        reply = admin.post(PATH, json={"name": "cats", "url": url})

    assert (reply.status, reply.json) == (200, "ok")
    shown = BY_NAME.show(anonymous, "cats").json
    assert len(shown["files"]) == 2
    assert (shown["pack"]["fallback-src"], shown["pack"]["fallback-src-sha256"]) == (
        url, hashlib.sha256(data).hexdigest().upper())


@pytest.mark.usefixtures("whole")
def test_a_pack_that_exists_is_not_replaced(admin, anonymous):
    made("cats", 1)
    before = BY_NAME.show(anonymous, "cats").json

    reply = sends(admin, zipped(PICTURES))

    assert (reply.status, reply.json) == (409, {"error": 'A pack named "cats" already exists'})
    assert BY_NAME.show(anonymous, "cats").json == before


@pytest.mark.parametrize("data", [
    b"", b"no zip", zipped(PICTURES)[:-30], zipped({"pack.json": b"[]"}), zipped({"pack.json": b'{"files": {"a": 1}}'}),
    zipped({"pack.json": b'{"files": {"a": "lacking.png"}}'}), zipped({"pack.json": b'{"files": {"a": "../a.png"}}'}),
], ids=["empty", "none", "broken", "list", "number", "lacking", "outside"])
def test_what_is_no_pack_makes_none(admin, aws, data):
    before = stored(aws), rows(aws)

    reply = sends(admin, data)

    assert (reply.status, reply.json) == (400, NOT_PROCESSED)
    assert (stored(aws), rows(aws)) == before


def test_addresses_that_lead_nowhere_make_none(admin):
    with serving({"/gone.zip": (404, b"x")}) as server:
        for url in (f"{server.url}/gone.zip", "nonsense", "file:///etc/passwd", "http://127.0.0.1:1/a.zip"):
            reply = admin.post(PATH, json={"name": "cats", "url": url})
            assert (reply.status, reply.json) == (400, NOT_PROCESSED), url


@pytest.mark.parametrize(("form", "error"), [
    ({"name": "cats"}, "Neither file nor url was present in the request"),
    ({"name": "cats", "url": ""}, "Neither file nor url was present in the request"),
    ({"name": " ", "url": "https://a.example/a.zip"}, "pack name cannot be empty"),
    ({"name": "a/b", "url": "https://a.example/a.zip"}, "invalid pack name"),
    ({"url": "https://a.example/a.zip"}, "Missing field: name."),
    ({"name": "cats", "file": "text"}, "file - Invalid file. Got: string."),
])
def test_a_name_and_a_zip_are_needed(admin, form, error):
    reply = admin.post(PATH, json=form)

    assert (reply.status, reply.json["error"]) == (400, error)


def test_only_administrators_make_packs(alice, anonymous):
    for person in (alice, anonymous):
        assert person.post(PATH, json={"name": "cats", "url": "https://a.example/a.zip"}).status == 403
