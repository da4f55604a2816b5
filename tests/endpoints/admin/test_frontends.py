"""Frontends, as administrators see, install, choose and remove them."""

import hashlib
import json
import zipfile

import pytest

from chalicelib.domain.frontends import bundles
from chalicelib.settings import settings
from tests.emoji import keys
from tests.endpoints.frontends.bundling import ADMIN as URL
from tests.endpoints.frontends.bundling import FILES, chooses, installs, zipped

MANGANE = {"name": "mangane", "ref": "v2", "git": "https://example.org/mangane", "build_url": "https://example.org/v2.zip"}
REFUSED = (400, {"error": "Could not install the frontend"})


def shown(name="tiny", ref="1", refs=("1",), *, primary=False, admin=False, **about):
    return {"name": name, "git": None, "build_url": None, "ref": ref, "installed": bool(refs),
            "installed_refs": list(refs), "primary": primary, "admin": admin, **about}


def link(name):
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    return entry


def messages(admin):
    return [each["message"] for each in admin.get("/api/pleroma/admin/moderation_log").json["items"]]


# What there is.


def test_none_is_named_at_first(admin):
    assert admin.get(URL).json == []


def test_those_that_the_settings_name_are_listed(admin, setting):
    setting(frontends_available=json.dumps([{"name": "pleroma-fe", "ref": "develop"}, MANGANE]))

    assert admin.get(URL).json == [
        shown("pleroma-fe", "develop", ()), shown(**MANGANE, refs=())]


@pytest.mark.parametrize("text", ["pleroma-fe", '{"name": "x", "ref": "y"}', '[{"name": "x"}]', "[1]", "7"])
def test_a_list_of_another_form_is_told_at_the_start(text):
    with pytest.raises(ValueError, match="KENOMA_FRONTENDS_AVAILABLE must be a JSON list"):
        type(settings)().load({"KENOMA_FRONTENDS_AVAILABLE": text})


# Installing.


def test_an_installed_one_is_listed_and_in_the_bucket(admin, aws):
    reply = installs(admin)

    assert (reply.status, reply.json) == (200, [shown()])
    assert set(keys(aws, "frontends/")) == {"frontends/tiny/1.json", *(f"frontends/tiny/1/{name}" for name in FILES)}
    assert messages(admin) == ["@admin installed frontend: tiny/1"]


def test_several_versions_are_beside_each_other_the_newest_first(admin):
    installs(admin)
    installs(admin, ref="2")

    assert admin.get(URL).json == [shown(ref="2", refs=("2", "1"))]


def test_without_a_version_it_is_named_by_its_bytes(admin):
    reply = installs(admin, ref=None)

    (ref,) = reply.json[0]["installed_refs"]
    assert ref == hashlib.sha256(zipped()).hexdigest()[:12]


def test_what_the_settings_say_of_it_is_told(admin, setting):
    setting(frontends_available=json.dumps([MANGANE]))

    about = {key: MANGANE[key] for key in ("git", "build_url")}
    assert installs(admin, "mangane").json == [shown("mangane", **about)]


@pytest.mark.parametrize("top", ["dist/", "static/"])
def test_the_one_folder_at_the_top_is_taken_off(admin, aws, top):
    installs(admin, data=zipped({"index.html": b"<p>", "js/app.js": b""}, top=top))

    assert keys(aws, "frontends/tiny/1/") == ["frontends/tiny/1/index.html", "frontends/tiny/1/js/app.js"]


def test_what_a_mac_adds_is_left_out(admin, aws):
    installs(admin, data=zipped({"dist/index.html": b"<p>", "__MACOSX/dist/._index.html": b"x"}))

    assert keys(aws, "frontends/tiny/1/") == ["frontends/tiny/1/index.html"]


def test_the_same_version_again_replaces_its_files(admin, aws):
    installs(admin)
    installs(admin, data=zipped({"index.html": b"new", "new.js": b""}))

    assert keys(aws, "frontends/tiny/1/") == ["frontends/tiny/1/index.html", "frontends/tiny/1/new.js"]
    assert admin.get(URL).json == [shown()]


@pytest.mark.parametrize("names", [
    ["app.js"], [], ["a/index.html", "b/app.js"], ["dist/js/index.html"], ["index.html", "../x"],
    ["index.html", "a/../../x"], ["index.html", "/etc/passwd"], ["index.html", "a\\b"], ["index.html", "C:/x"],
    ["index.html", "a/./b"], ["index.html", "a//b"], ["index.html", "a\x01b"], ["index.html", "a\nb"],
    ["index.html", "a" * 600], ["index.html", "A.js", "a.js"],
])
def test_names_that_lead_elsewhere_or_no_index_are_refused(admin, aws, names):
    reply = installs(admin, data=zipped([(zipfile.ZipInfo(name), b"x") for name in names]))

    assert (reply.status, reply.json) == REFUSED
    assert keys(aws, "frontends/") == []
    assert admin.get(URL).json == []


@pytest.mark.parametrize("data", [b"", b"no zip", zipped()[:100], zipped()[:-30],
                                  zipped().replace(b"PK\1\2", b"PK\1\3")],
                         ids=["empty", "no zip", "its beginning", "without its end", "without a list"])
def test_a_broken_zip_is_refused(admin, aws, data):
    reply = installs(admin, data=data)

    assert (reply.status, reply.json) == REFUSED
    assert keys(aws, "frontends/") == []


def test_a_name_with_a_nul_is_refused(admin):
    data = zipped([("index.html", b"x"), ("aXb", b"x")]).replace(b"aXb", b"a\0b")

    assert (installs(admin, data=data).status, installs(admin, data=data).json) == REFUSED


def test_a_link_is_refused(admin, aws):
    reply = installs(admin, data=zipped([("index.html", b"x"), (link("passwd"), b"/etc/passwd")]))

    assert (reply.status, reply.json) == REFUSED
    assert keys(aws, "frontends/") == []


def test_what_is_encrypted_is_refused(admin):
    data = bytearray(zipped({"index.html": b"x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert installs(admin, data=bytes(data)).json == REFUSED[1]


@pytest.mark.parametrize(("limit", "most"), [("MOST_BYTES", 100), ("MOST_BYTES_OF_A_FILE", 50), ("MOST_FILES", 5)])
def test_what_is_too_large_is_refused_by_counting_and_leaves_nothing(admin, aws, monkeypatch, limit, most):
    monkeypatch.setattr(bundles, limit, most)

    assert installs(admin).json == REFUSED[1]
    assert keys(aws, "frontends/") == []


@pytest.mark.parametrize(("name", "ref"), [
    ("Tiny", "1"), ("-tiny", "1"), ("ti/ny", "1"), ("..", "1"), ("t" * 41, "1"), ("tiny", ".."), ("tiny", "a/b"),
    ("tiny", "-1"), ("tiny", "r" * 61), ("tiny", "a b"),
])
def test_a_name_that_cannot_be_a_folder_is_refused(admin, name, ref):
    assert installs(admin, name, ref).json == REFUSED[1]


@pytest.mark.parametrize("sent", [
    {"name": "pleroma-fe"}, {"name": "mangane", "ref": "v2"}, {"name": "x", "file": "/etc/passwd"},
    {"name": "x", "build_url": "http://127.0.0.1:1/x.zip", "build_dir": "dist"},
])
def test_nothing_is_fetched_and_no_file_is_opened(admin, setting, sent):
    setting(frontends_available=json.dumps([MANGANE]))

    reply = admin.post(f"{URL}/install", json=sent)

    assert (reply.status, reply.json) == REFUSED
    assert reply.calls == 1
    assert [each["installed"] for each in admin.get(URL).json] == [False]


def test_a_frontend_has_a_name(admin):
    reply = admin.post(f"{URL}/install", json={"ref": "v2"})

    assert (reply.status, reply.json["error"]) == (400, "Missing field: name.")


def test_installing_many_files_takes_no_more_calls_than_few(admin):
    few = installs(admin, ref="1").calls
    many = installs(admin, ref="2", data=zipped({"index.html": b"x", **{f"{n}.js": b"" for n in range(200)}})).calls

    assert (few, many) == (8, 8)


# Choosing and removing.


@pytest.mark.parametrize("part", ["primary", "admin"])
def test_a_version_is_chosen_and_let_go(admin, part):
    installs(admin)
    installs(admin, ref="2")

    assert chooses(admin, ref="1", part=part).json == [shown(refs=("2", "1"), **{part: True})]
    assert chooses(admin, part=part).json == [shown(ref="2", refs=("2", "1"), **{part: True})]
    assert chooses(admin, None, part=part).json == [shown(ref="2", refs=("2", "1"))]
    assert messages(admin)[:3] == [f"@admin chose {part} frontend: none", f"@admin chose {part} frontend: tiny/newest",
                                   f"@admin chose {part} frontend: tiny/1"]


@pytest.mark.parametrize(("name", "ref"), [("other", None), ("other", "1"), ("tiny", "2")])
def test_what_is_not_installed_cannot_be_chosen(admin, name, ref):
    installs(admin)

    assert chooses(admin, name, ref).status == 404


def test_a_version_is_removed(admin, aws):
    installs(admin)
    installs(admin, ref="2")

    reply = admin.delete(f"{URL}/tiny?ref=1")

    assert (reply.status, reply.json) == (200, [shown(ref="2", refs=("2",))])
    assert not [key for key in keys(aws, "frontends/") if key.startswith("frontends/tiny/1")]
    assert messages(admin)[0] == "@admin removed frontend: tiny/1"


def test_all_versions_are_removed(admin, aws):
    installs(admin)
    installs(admin, ref="2")

    assert admin.delete(f"{URL}/tiny").json == []
    assert keys(aws, "frontends/") == []


@pytest.mark.parametrize("part", ["primary", "admin"])
def test_a_chosen_one_is_not_removed(admin, aws, part):
    installs(admin)
    chooses(admin, part=part)

    for path in (f"{URL}/tiny", f"{URL}/tiny?ref=1"):
        reply = admin.delete(path)
        assert (reply.status, reply.json) == (400, {"error": "Frontend is in use"})
    assert len(keys(aws, "frontends/")) == len(FILES) + 1


@pytest.mark.parametrize("path", ["other", "tiny?ref=2"])
def test_what_is_not_there_cannot_be_removed(admin, path):
    installs(admin)

    assert admin.delete(f"{URL}/{path}").status == 404


def test_each_needs_its_scope(cast):
    reader = cast.person("reader", is_admin=True, scopes="read write admin:read")
    writer = cast.person("writer", is_admin=True, scopes="read write admin:write")

    assert writer.get(URL).json == {"error": "Insufficient permissions: admin:read:frontends."}
    assert installs(reader).json == {"error": "Insufficient permissions: admin:write:frontends."}
    assert (reader.get(URL).status, installs(writer).status) == (200, 200)
