"""The mascot: the instance's own, or a picture of one's choice."""

import pytest

from tests.endpoints.media.test_media import picture, upload

PATH = "/api/v1/pleroma/mascot"


def put(person, data, name="a.png"):
    return person.put(PATH, files={"file": (name, data, "image/png")})


def test_without_one_it_is_the_instances(alice):
    url = "http://kenoma.test/images/pleroma-fox-tan-smol.png"

    assert alice.get(PATH).json == {
        "id": "default-mascot", "type": "image", "url": url, "preview_url": url, "pleroma": {"mime_type": "image/png"},
    }


def test_a_picture_is_remembered(alice, bob):
    reply = put(alice, picture())

    assert reply.status == 200
    assert alice.get(PATH).json == reply.json
    assert reply.json["url"] == upload(bob, picture()).json["url"]
    assert bob.get(PATH).json["id"] == "default-mascot"


@pytest.mark.parametrize("data", [b"words", b"<svg></svg>", b"%PDF-1.4 aaaa", b"ID3" + b"\x03" * 300])
def test_only_pictures_can_be_mascots(alice, data, aws):
    put(alice, picture())
    before = aws.count("media")

    reply = put(alice, data)

    assert (reply.status, reply.json) == (415, {"error": "mascots can only be images"})
    assert alice.get(PATH).json["type"] == "image"
    assert aws.count("media") == before


def test_a_file_is_needed_and_not_too_large(alice, setting):
    assert alice.put(PATH).json["error"] == "Missing field: file."
    assert alice.put(PATH, form={"file": "x"}).status == 400
    setting(upload_limit=10)
    assert put(alice, picture()).json == {"error": "file_too_large"}


def test_it_needs_a_user_and_the_scope(cast, anonymous):
    writer = cast.person("writer", scopes="write:media")

    assert writer.get(PATH).json == {"error": "Insufficient permissions: read:accounts."}
    assert put(writer, picture()).json == {"error": "Insufficient permissions: write:accounts."}
    assert anonymous.get(PATH).json == {"error": "Invalid credentials."}
