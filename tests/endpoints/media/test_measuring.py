"""What is known of uploaded pictures: their size, what they look like from afar, and the point that is always shown."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from chalicelib.domain.media import blurhash, measuring, pictures
from chalicelib.store import files
from tests.endpoints.media.test_media import upload
from tests.pictures import encoded, moving, picture


def turned(width, height):
    """A photograph that is stored lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(Image.new("RGB", (width, height), "red"), "JPEG", exif=exif)


@pytest.mark.parametrize(("data", "size"), [
    (encoded(Image.new("RGB", (40, 30)), "PNG"), (40, 30)), (encoded(Image.new("RGBA", (1, 3)), "WEBP"), (1, 3)),
    (encoded(Image.new("CMYK", (9, 9)), "JPEG"), (9, 9)), (turned(40, 30), (30, 40)), (moving("GIF"), (20, 20)),
    (encoded(Image.new("P", (5, 2)), "PNG", transparency=0), (5, 2)),
])
def test_a_picture_says_how_large_it_is(alice, data, size):
    shown = upload(alice, data).json
    width, height = size

    found = {"width": width, "height": height, "size": f"{width}x{height}", "aspect": width / height}
    assert shown["meta"] == {"original": found, "small": found}
    assert len(shown["blurhash"]) == 28
    status = alice.posts("x", media_ids=[shown["id"]])
    assert status["media_attachments"][0] == alice.get(f"/api/v1/media/{shown['id']}").json == shown


@pytest.mark.parametrize("data", [
    b"GIF89a" + b"\xff" * 60, b"\x89PNG\r\n\x1a\n" + b"\0" * 90, picture()[:60], b"just words",
    b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 30, b"ID3" + b"\x03" * 300,
])
def test_what_cannot_be_measured_is_kept_without(alice, data):
    shown = upload(alice, data)

    assert (shown.status, shown.json["meta"], shown.json["blurhash"]) == (200, None, None)


def test_a_picture_that_is_too_large_to_be_decoded_is_not(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)

    assert measuring.measure(encoded(Image.new("RGB", (11, 10)), "PNG"), "image/png") == measuring.Measured()


def test_a_blurhash_tells_the_colour():
    """Characters 2 to 5 are the average, those after it the first wave across, in base 83."""
    def number(text):
        return sum(blurhash.DIGITS.index(each) * 83**place for place, each in enumerate(reversed(text)))

    red = blurhash.encode([200, 30, 30] * 16, 4, 4)
    dark, bright = [0] * 6, [255] * 6
    dark_left, bright_left = (blurhash.encode(row * 4, 4, 4) for row in (dark + bright, bright + dark))

    assert number(red[2:6]) == (200 << 16) + (30 << 8) + 30
    middle = 9 * (19 * 19 + 19 + 1)
    assert number(dark_left[6:8]) < middle < number(bright_left[6:8])
    assert [each[0] + str(len(each)) for each in (red, dark_left)] == ["L28", "L28"]


@pytest.mark.parametrize(("said", "point"), [
    ("0.5,-0.25", (0.5, -0.25)), (" 1 , 1 ", (1.0, 1.0)), ("7,-7.5", (1.0, -1.0)), ("0", None), ("a,b", None),
    ("nan,1", None), ("1,1,1", None), ("", None),
])
def test_a_picture_has_a_point_that_is_always_shown(alice, said, point):
    shown = upload(alice, picture(), focus=said).json
    later = upload(alice, picture()).json["id"]
    alice.put(f"/api/v1/media/{later}", form={"focus": said})

    found = {"x": point[0], "y": point[1]} if point is not None else None
    assert [each["meta"].get("focus") for each in (shown, alice.get(f"/api/v1/media/{later}").json)] == [found, found]


def test_a_point_that_is_changed_later_is_shown_with_the_status(alice):
    id = upload(alice, picture(), focus="1,1", description="kept").json["id"]
    status = alice.posts("x", media_ids=[id])["id"]

    alice.put(f"/api/v1/media/{id}", json={"focus": "0,0"})

    (shown,) = alice.get(f"/api/v1/statuses/{status}").json["media_attachments"]
    assert (shown["meta"]["focus"], shown["description"]) == ({"x": 0.0, "y": 0.0}, "kept")


@pytest.mark.parametrize("when", ["at once", "later"])
def test_a_film_has_a_picture_that_stands_for_it(alice, when, aws):
    film = b"\x00\x00\x00\x18ftypisom" + b"0" * 300
    sent = {"thumbnail": ("t.png", picture(), "image/png")}
    if when == "at once":
        shown = alice.post("/api/v2/media", files={"file": ("f.mp4", film, "video/mp4"), **sent})
    else:
        id = alice.post("/api/v2/media", files={"file": ("f.mp4", film, "video/mp4")}).json["id"]
        shown = alice.put(f"/api/v1/media/{id}", files=sent)

    assert (shown.status, shown.json["type"], shown.json["url"] != shown.json["preview_url"]) == (200, "video", True)
    stored = files.get(shown.json["preview_url"].removeprefix("http://kenoma.test/"))
    assert Image.open(io.BytesIO(stored)).size == Image.open(io.BytesIO(picture())).size
    assert alice.posts("x", media_ids=[shown.json["id"]])["media_attachments"] == [shown.json]


def test_a_thumbnail_that_is_no_picture_is_refused(alice, aws):
    film = ("f.mp4", b"\x00\x00\x00\x18ftypisom", "video/mp4")

    reply = alice.post("/api/v1/media", files={"file": film, "thumbnail": ("t", b"words", "image/png")})

    assert (reply.status, reply.json) == (422, {"error": "thumbnail_not_understood"})
    assert aws.count("media") == 0


# Deleting.


def test_an_upload_that_nothing_shows_is_deleted_with_its_preview(alice, bob, aws):
    sent = {"file": ("a.png", picture(), "image/png"), "thumbnail": ("t.gif", moving("GIF"), "image/gif")}
    shown = alice.post("/api/v1/media", files=sent).json
    path = f"/api/v1/media/{shown['id']}"

    assert (bob.delete(path).status, alice.delete("/api/v1/media/" + "0" * 18).status) == (403, 404)
    reply = alice.delete(path)

    assert (reply.status, reply.json) == (200, {})
    assert alice.get(path).status == 404
    assert aws.count("media") == 0
    assert [files.get(shown[name].removeprefix("http://kenoma.test/")) for name in ("url", "preview_url")] == [
        None, None]


@pytest.mark.parametrize("shows", ["status", "chat", "scheduled"])
def test_an_upload_that_is_shown_stays(alice, bob, shows):
    id = upload(alice, picture()).json["id"]
    if shows == "status":
        alice.posts("x", media_ids=[id])
    elif shows == "chat":
        chat = alice.post(f"/api/v1/pleroma/chats/by-account-id/{bob.id}").json["id"]
        alice.post(f"/api/v1/pleroma/chats/{chat}/messages", json={"content": "x", "media_id": id})
    else:
        alice.posts("x", media_ids=[id], scheduled_at="2098-01-01T00:00:00Z")

    reply = alice.delete(f"/api/v1/media/{id}")

    assert (reply.status, reply.json) == (422, {"error": "Media attachment is currently used"})
    assert alice.get(f"/api/v1/media/{id}").status == 200


def test_an_upload_is_free_again_when_its_status_is_edited(alice):
    id = upload(alice, picture()).json["id"]
    status = alice.posts("x", media_ids=[id])["id"]
    alice.put(f"/api/v1/statuses/{status}", json={"status": "x"})

    assert alice.delete(f"/api/v1/media/{id}").status == 200


@pytest.mark.parametrize("with_media", [True, False])
def test_media_go_with_their_status_only_if_that_is_wanted(alice, with_media):
    one, shared = (upload(alice, picture(), description=each).json["id"] for each in ("one", "shared"))
    id = alice.posts("x", media_ids=[one, shared])["id"]
    alice.posts("y", media_ids=[shared])

    deleted = alice.delete(f"/api/v1/statuses/{id}", {"delete_media": with_media})

    assert [each["id"] for each in deleted.json["media_attachments"]] == [one, shared]
    left = [alice.get(f"/api/v1/media/{each}").status for each in (one, shared)]
    assert left == [404 if with_media else 200, 200]
