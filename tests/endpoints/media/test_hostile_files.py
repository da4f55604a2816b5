"""Prepared files and names at every endpoint that takes files: refused in the documented words, or kept harmlessly."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from chalicelib.settings import settings
from tests import leftovers, pictures

NO_MASCOT = (415, {"error": "mascots can only be images"})
NO_AVATAR = (400, {"error": "Invalid image"})
NO_PICTURE = (403, {"error": "Invalid request"})
KEPT_NAME = re.compile(r"media/[0-9a-f]{64}\.[a-z0-9]{2,4}")
RUNS_NOWHERE = re.compile(r"(image/(png|jpeg|gif|webp)|application/(zip|octet-stream)|text/plain)$")
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def zip_bomb():
    """Ten megabytes in ten kilobytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../zeros", bytes(10_000_000))
    return out.getvalue()


FILES = {
    "zip bomb": (zip_bomb(), None),
    "PNG of 50,000 by 50,000": (pictures.png(50_000, 50_000, rows=b"\0" * 1000), "image/png"),
    "GIF that is a page": (b"GIF89a/*" + pictures.SCRIPT + b"*/=1;" + pictures.picture("GIF"), "image/gif"),
    "SVG with a script": (SVG, None),
    "page": (pictures.SCRIPT, None),
    "truncated JPEG": (pictures.photograph()[:400], "image/jpeg"),
    "nothing": (b"", None),
}
"""Bytes, and the kind of picture that their first bytes say."""
NAMES = ["../../../etc/passwd", "..\\..\\boot.ini", "a" * 300 + ".png", "😀 żółć.png", "a.html", "a.svg", ".", "",
         'a"; filename="b.html', "a%2e%2e%2fb.png", "con\x7ftrol.png"]


def send(person, door, data, name="picture.png", kind="image/png"):
    sent = {"files": {"avatar" if door == "credentials" else "img" if door == "avatar" else "file": (name, data, kind)}}
    if door == "media":
        return person.post("/api/v1/media", **sent)
    if door == "mascot":
        return person.put("/api/v1/pleroma/mascot", **sent)
    if door == "avatar":
        return person.patch("/api/v1/pleroma/accounts/update_avatar", **sent)
    return person.patch("/api/v1/accounts/update_credentials", **sent)


def kept_harmlessly(aws):
    """Check that every file in the bucket has a name made from its bytes, and a type that no browser runs."""
    kept = leftovers.files(aws)
    assert kept.keys() == {path for path in kept if KEPT_NAME.fullmatch(path)}
    for path in kept:
        kind = aws.s3.head_object(Bucket=settings.bucket, Key=path)["ContentType"]
        assert RUNS_NOWHERE.match(kind), kind
    return kept


@pytest.mark.parametrize("what", FILES)
def test_a_prepared_file_is_refused_or_kept_harmlessly(alice, aws, what):
    data, picture = FILES[what]

    replies = {door: send(alice, door, data) for door in ("media", "mascot", "avatar", "credentials")}

    media, mascot = replies["media"], replies["mascot"]
    assert media.status == 200
    assert media.json["pleroma"]["mime_type"] == (picture or media.json["pleroma"]["mime_type"])
    assert (mascot.status == 200) if picture else (mascot.status, mascot.json) == NO_MASCOT
    assert (replies["avatar"].status, replies["avatar"].json) == NO_AVATAR
    assert (replies["credentials"].status, replies["credentials"].json) == NO_PICTURE
    assert [len(each) for each in kept_harmlessly(aws).values()] == [len(data)], "once, whoever sent it"


@pytest.mark.parametrize("name", NAMES)
def test_no_name_becomes_a_path(alice, aws, name):
    for door in ("media", "mascot", "avatar", "credentials"):
        assert send(alice, door, pictures.picture(), name, "text/html").status == 200, door

    assert kept_harmlessly(aws)


NOTE = (b'{"@context":"https://www.w3.org/ns/activitystreams","id":"http://kenoma.test/objects/1","type":"Note",'
        b'"attributedTo":"http://kenoma.test/users/alice","content":"never written"}')


@pytest.mark.parametrize("kind", ["application/activity+json", "application/ld+json", "application/json", "image/png",
                                  'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'])
@pytest.mark.parametrize("name", ["note.json", "note.jsonld", "note.activity", "note.png", "note"])
def test_no_file_passes_for_a_document_of_this_server(alice, aws, name, kind):
    """Else somebody could let other servers fetch from here what nobody has written."""
    assert send(alice, "media", NOTE, name, kind).status == 200

    assert kept_harmlessly(aws)
