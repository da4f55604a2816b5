"""Media: uploading files, describing them, and showing them with statuses."""

import hashlib
import io

import pytest
from PIL import Image

from chalicelib.settings import Settings
from chalicelib.store import files


def picture(format="PNG", **more):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 30, 30)).save(out, format, **more)
    return out.getvalue()


def placed(format="JPEG"):
    """A picture that tells where it was taken, and which way is up."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0)}
    return picture(format, exif=exif)


def upload(person, data, name="a.png", kind="image/png", path="/api/v1/media", **form):
    return person.post(path, form=form, files={"file": (name, data, kind)})


@pytest.mark.parametrize(("path", "status"), [
    ("/api/v1/media", 200), ("/api/v2/media", 200), ("/api/v1/upload", 200),
])
def test_an_upload_answers_its_attachment(alice, path, status):
    data = picture()

    reply = upload(alice, data, path=path, description="red")

    url = f"http://kenoma.test/media/{hashlib.sha256(data).hexdigest()}.png"
    size = {"width": 8, "height": 8, "size": "8x8", "aspect": 1.0}
    assert (reply.status, reply.json) == (status, {
        "id": reply.json["id"], "type": "image", "url": url, "remote_url": url, "preview_url": url, "text_url": url,
        "description": "red", "pleroma": {"mime_type": "image/png"}, "blurhash": reply.json["blurhash"],
        "preview_remote_url": None, "meta": {"original": size, "small": size},
    })
    assert files.get(url.removeprefix("http://kenoma.test/")) == data


@pytest.mark.parametrize(("data", "type", "mime", "extension"), [
    (picture("GIF"), "image", "image/gif", "gif"), (picture("JPEG"), "image", "image/jpeg", "jpg"),
    (picture("WEBP"), "image", "image/webp", "webp"),
    (b"\x00\x00\x00\x18ftypisom" + b"0" * 300, "video", "video/mp4", "mp4"),
    (b"ID3" + b"\x03" * 300, "audio", "audio/mpeg", "mp3"), (b"fLaC" + b"0" * 99, "audio", "audio/flac", "flac"),
    (b"just words", "unknown", "text/plain", "txt"),
    (b"<html><script>alert(1)</script>", "unknown", "text/plain", "txt"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "unknown", "text/plain", "txt"),
    (b"\x00\x01\x02\x03", "unknown", "application/octet-stream", "bin"), (b"", "unknown", "text/plain", "txt"),
    ("żółć".encode() * 3000, "unknown", "text/plain", "txt"),
])
def test_what_a_file_is_its_bytes_tell(alice, data, type, mime, extension):
    shown = upload(alice, data, "picture.exe", "application/x-evil").json

    assert (shown["type"], shown["pleroma"]["mime_type"]) == (type, mime)
    assert shown["url"].endswith("." + extension)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 300, "ż 😀.png", "", "a\"b;c.png", ".."])
def test_the_files_name_never_becomes_a_path(alice, name):
    shown = upload(alice, picture(), name).json

    assert shown["url"] == f"http://kenoma.test/media/{hashlib.sha256(picture()).hexdigest()}.png"


def test_equal_files_share_an_address_and_have_ids_of_their_own(alice, bob):
    one, other = upload(alice, picture()).json, upload(bob, picture()).json

    assert one["url"] == other["url"]
    assert one["id"] != other["id"]


def test_a_photograph_does_not_say_where_it_was_taken(alice):
    sent = placed()

    url = upload(alice, sent).json["url"]

    kept = files.get(url.removeprefix("http://kenoma.test/"))
    exif = Image.open(io.BytesIO(kept)).getexif()
    assert kept != sent
    assert 0x8825 not in exif
    assert exif[0x0112] == 6


def test_a_truncated_photograph_is_kept_as_it_is(alice):
    sent = placed()[:-40] + b"\xff\xd8"

    assert upload(alice, sent).status == 200


@pytest.mark.parametrize(("form", "files", "error"), [
    ({}, None, "Missing field: file."), ({"file": "text"}, None, "file - Invalid file. Got: string."),
])
@pytest.mark.parametrize("path", ["/api/v1/media", "/api/v2/media"])
def test_a_file_is_needed(alice, path, form, files, error):
    reply = alice.post(path, form=form, files=files)

    assert (reply.status, reply.json["error"]) == (400, error)


def test_a_file_has_a_largest_size(alice, setting, aws):
    setting(upload_limit=100, description_limit=5)

    assert upload(alice, b"x" * 100).status == 200
    assert upload(alice, b"x" * 101).json == {"error": "file_too_large"}
    assert upload(alice, b"x", description="123456").json == {"error": "description_too_long"}
    assert aws.count("media") == 1


def test_what_a_deployed_server_advertises_fits_through_the_gateway():
    """A request reaches the function as base64 within JSON, which may have six megabytes."""
    sent = Settings.upload_limit + 20_000

    assert sent / 3 * 4 < 6 * 1024 * 1024


def test_an_upload_is_its_owners(alice, bob):
    id = upload(alice, picture()).json["id"]
    path = f"/api/v1/media/{id}"

    assert alice.get(path).json["id"] == id
    assert alice.get(path).json["description"] == ""
    for method in ("get", "put"):
        assert getattr(bob, method)(path).json == {"error": "Access denied"}
        for unknown in ("0", "0" * 18):
            assert getattr(alice, method)(f"/api/v1/media/{unknown}").json == {"error": "Record not found"}


def test_a_description_is_changed(alice, setting):
    path = f"/api/v1/media/{upload(alice, picture(), description='one').json['id']}"

    assert alice.put(path, form={"description": "two", "focus": "0,0"}).json["description"] == "two"
    assert alice.put(path).json["description"] == "two"
    other = {"file": ("b.gif", picture("GIF"), "image/gif")}
    assert alice.put(path, form={"description": "3"}, files=other).json["pleroma"]["mime_type"] == "image/png"
    setting(description_limit=3)
    assert alice.put(path, json={"description": "four"}).json == {"error": "description_too_long"}


def test_uploading_needs_a_user_and_the_scope(cast, anonymous):
    reader = cast.person("reader", scopes="read")
    lacks = {"error": "Insufficient permissions: write:media."}

    assert upload(reader, picture()).json == lacks
    assert upload(anonymous, picture()).json == {"error": "Invalid credentials."}
    assert upload(anonymous, picture(), path="/api/v2/media").json == lacks
    assert upload(reader, picture(), path="/api/v2/media").json == lacks


def test_a_status_shows_its_media_in_the_order_asked(alice, bob):
    one, two = upload(alice, picture(), description="one").json, upload(alice, b"two").json
    foreign = upload(bob, picture()).json

    status = alice.posts("", media_ids=[two["id"], "unknown", foreign["id"], one["id"], two["id"]])

    assert status["media_attachments"] == [two, one]
    assert bob.get(f"/api/v1/statuses/{status['id']}").json["media_attachments"] == [two, one]
    shown = bob.get(f"/api/v1/accounts/{alice.id}/statuses", {"only_media": True}).json
    assert [each["id"] for each in shown] == [status["id"]]
    assert len(bob.get("/api/v1/timelines/public", {"only_media": True}).json) == 1


def test_without_text_and_media_there_is_no_status(alice, bob):
    foreign = upload(bob, picture()).json["id"]

    reply = alice.post("/api/v1/statuses", json={"media_ids": [foreign]})

    assert (reply.status, reply.json) == (422, {"error": "Cannot post an empty status without attachments"})


def test_a_scheduled_status_shows_its_media(alice):
    one = upload(alice, picture()).json

    entry = alice.post("/api/v1/statuses", json={
        "media_ids": [one["id"]], "scheduled_at": "2099-01-01T00:00:00Z"}).json

    assert entry["params"]["media_ids"] == [one["id"]]
    assert entry["media_attachments"] == [one]
