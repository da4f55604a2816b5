"""PATCH /api/v1/pleroma/accounts/update_avatar, update_banner, update_background: one picture at a time."""

import base64

import pytest

from chalicelib.settings import settings
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.table import update
from tests.faults import before_call
from tests.pictures import PLACE, SCRIPT, decoded, moving, photograph, picture, png

BASE = "/api/v1/pleroma/accounts/update_"
NAMES = {"avatar": "img", "banner": "banner", "background": "img"}
LIMITS = {"avatar": 2_000_000, "banner": 4_000_000, "background": 4_000_000}
INVALID = (400, {"error": "Invalid image"})
every_picture = pytest.mark.parametrize("name", NAMES)


def shown(person, name):
    account = person.get("/api/v1/accounts/verify_credentials").json
    match name:
        case "avatar":
            assert account["avatar"] == account["avatar_static"]
            return account["avatar"]
        case "banner":
            assert account["header"] == account["header_static"]
            return account["header"]
    return account["pleroma"]["background_image"]


def sends(person, name, value, how="json"):
    if isinstance(value, bytes):
        return person.patch(BASE + name, files={NAMES[name]: ("a.png", value, "image/png")})
    if how == "query":
        return person.patch(BASE + name, {NAMES[name]: value})
    return person.patch(BASE + name, **{how: {NAMES[name]: value}})


def data_uri(data, kind="png"):
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def stored(aws):
    return [each["Key"] for each in aws.s3.list_objects_v2(Bucket=settings.bucket).get("Contents", [])]


@every_picture
@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_file_becomes_the_picture(alice, aws, name, format):
    reply = sends(alice, name, picture(format))

    (object,) = stored(aws)
    assert (reply.status, reply.json) == (200, {"url": f"http://kenoma.test/{object}"})
    assert shown(alice, name) == reply.json["url"]
    assert decoded(aws.s3.get_object(Bucket=settings.bucket, Key=object)["Body"].read()).format == format


@every_picture
@pytest.mark.parametrize("how", ["json", "form", "multipart"])
def test_a_data_uri_becomes_the_picture(alice, name, how):
    text = data_uri(picture("GIF"), "gif")
    if how == "multipart":
        body = f'--x\r\nContent-Disposition: form-data; name="{NAMES[name]}"\r\n\r\n{text}\r\n--x--\r\n'.encode()
        reply = alice.patch(BASE + name, body=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    else:
        reply = sends(alice, name, text, how)

    assert reply.status == 200
    assert reply.json["url"].endswith(".gif")
    assert shown(alice, name) == reply.json["url"]


def test_a_data_uri_is_judged_by_its_bytes(alice):
    assert sends(alice, "avatar", data_uri(picture("JPEG"), "png")).json["url"].endswith(".jpg")
    assert sends(alice, "avatar", data_uri(SCRIPT, "png")).status == 400


def test_a_picture_alone_changes_nothing_else(alice):
    alice.patch("/api/v1/accounts/update_credentials", json={"note": "x", "display_name": "y", "locked": True})
    before = alice.get("/api/v1/accounts/verify_credentials").json

    url = sends(alice, "avatar", picture()).json["url"]

    after = alice.get("/api/v1/accounts/verify_credentials").json
    assert after == before | {"avatar": url, "avatar_static": url}


@every_picture
@pytest.mark.parametrize("how", ["json", "form", "query"])
def test_nothing_brings_back_the_default(alice, name, how):
    sends(alice, name, picture())

    reply = sends(alice, name, "", how)

    assert (reply.status, reply.json) == (200, {"url": None})
    default = {"avatar": "/images/avi.png", "banner": "/images/banner.png"}.get(name)
    assert shown(alice, name) == (f"http://kenoma.test{default}" if default else None)
    assert sends(alice, name, "").json == {"url": None}


@every_picture
def test_a_picture_that_moves_goes_on_moving(alice, name):
    assert sends(alice, name, moving("GIF")).json["url"].endswith(".gif")


@every_picture
@pytest.mark.parametrize("value", [
    "x", "http://one.example/a.png", "data:image/png;base64,", "data:image/png;base64,AAAA",
    "data:image/png;base64,%%%",
    "data:image/svg+xml;base64,PHN2Zz4=", "data:text/html,x", None, {}, [], 1, True, ["x"], {"a": "b"}, "a\0b",
    b"", SCRIPT, picture("BMP"), picture()[:50], png(50_000, 50_000), b"<svg/>",
])
def test_anything_else_is_no_image_and_the_old_one_stays(alice, aws, name, value):
    url = sends(alice, name, picture()).json["url"]

    reply = sends(alice, name, value)

    assert (reply.status, reply.json) == INVALID
    assert shown(alice, name) == url
    assert len(stored(aws)) == aws.count("media") == 1


@every_picture
def test_without_the_parameter_it_is_no_image_either(alice, name):
    other = "banner" if NAMES[name] == "img" else "img"

    missing, misnamed = alice.patch(BASE + name), alice.patch(BASE + name, json={other: ""})

    assert (missing.status, missing.json) == (misnamed.status, misnamed.json) == INVALID


@every_picture
def test_a_picture_has_a_size(alice, name):
    fits = picture() + b"x" * (LIMITS[name] - len(picture()))
    url = sends(alice, name, fits).json["url"]

    by_file, by_text = sends(alice, name, fits + b"x"), sends(alice, name, data_uri(fits + b"x"))

    assert (by_file.status, by_file.json) == (by_text.status, by_text.json) == (413, {"error": "File is too large"})
    assert sends(alice, name, data_uri(fits)).status == 200
    assert shown(alice, name) == url


@every_picture
def test_it_needs_a_user_and_the_scope(anonymous, cast, name):
    reader = cast.person("reader", scopes="read")

    nobody, lacking = sends(anonymous, name, ""), sends(reader, name, "")

    assert (nobody.status, nobody.json) == (403, {"error": "Invalid credentials."})
    assert (lacking.status, lacking.json) == (403, {"error": "Insufficient permissions: write:accounts."})


def test_where_a_photograph_was_taken_is_not_kept(alice, aws):
    sends(alice, "banner", photograph(8))

    (object,) = stored(aws)
    assert PLACE not in aws.s3.get_object(Bucket=settings.bucket, Key=object)["Body"].read()


def test_what_a_picture_costs(alice):
    reply = sends(alice, "avatar", picture())

    assert (reply.calls, reply.rounds) == (3, 3)


def test_the_same_picture_again_shares_its_file(alice, aws):
    first, second = sends(alice, "avatar", picture()), sends(alice, "avatar", picture())

    assert first.json == second.json
    assert len(stored(aws)) == 1
    assert aws.count("media") == 2


def test_an_account_deleted_meanwhile_gets_no_picture(alice, aws):
    with before_call("UpdateItem", 1, lambda: update(Account.stub(alice.id, "P"), [Account.deleted.set(True)])):
        reply = sends(alice, "avatar", picture())

    assert (reply.status, reply.json) == (403, {"error": "Invalid credentials."})
    assert stored(aws) == []
